"""The words by which claims are told: what rises and falls, what is higher and lower, what is always and never."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of a text that has nothing but words and spaces."""
    return frozenset(text.split())


RISES = words_of(
    "rise rises rose risen rising increase increases increased increasing grew grow grown growing growth climbed "
    "climbing up"
)
FALLS = words_of(
    "fall falls fell fallen falling decrease decreases decreased decreasing drop drops dropped dropping decline "
    "declined declining reduce reduced reducing reduction down"
)
#: By what a number is multiplied when it is said to have done so.
FACTORS = {
    "doubled": 2,
    "doubling": 2,
    "trebled": 3,
    "tripled": 3,
    "quadrupled": 4,
    "halved": 0.5,
    "halving": 0.5,
}

HIGHER = words_of("higher more greater larger above exceeding exceeded exceeds over")
LOWER = words_of("lower less fewer smaller below under")
#: One of these stands where a number is compared with another, and not hedged by 'more than'.
REFERENCES = words_of(
    "average mean median standard target expectation expected threshold rate figure level year previous nationally "
    "national forces england benchmark requirement limit inspection inspected before"
)

ALWAYS = words_of("always all every each everyone")
NEVER = words_of("never none no nobody")
REMAINING = words_of("remaining rest other others remainder")

NOT = words_of(
    "not didn’t hadn’t wasn’t weren’t haven’t hasn’t don’t doesn’t couldn’t isn’t aren’t won’t wouldn’t can’t "
    "didn't hadn't wasn't weren't haven't hasn't don't doesn't couldn't isn't aren't won't wouldn't can't"
)
