"""The words by which claims are told: what rises and falls, what is higher and lower, what is always and never."""

from __future__ import annotations

_RISES = (
    "rise rises rose risen rising increase increases increased increasing grew grow grown growing growth climbed "
    "climbing up higher"
)
_FALLS = (
    "fall falls fell fallen falling decrease decreases decreased decreasing drop drops dropped dropping decline "
    "declined declining reduce reduced reducing reduction down lower"
)
RISES = frozenset(_RISES.split()) - {"higher"}
FALLS = frozenset(_FALLS.split()) - {"lower"}
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

HIGHER = frozenset(
    ["higher", "more", "greater", "larger", "above", "exceeding", "exceeded", "exceeds", "over"]
)
LOWER = frozenset(["lower", "less", "fewer", "smaller", "below", "under"])
#: One of these stands where a number is compared with another, and not hedged by 'more than'.
REFERENCES = frozenset(
    "average mean median standard target expectation expected threshold rate figure level year previous nationally "
    "national forces england benchmark requirement limit inspection inspected before".split()
)

ALWAYS = frozenset(["always", "all", "every", "each", "everyone"])
NEVER = frozenset(["never", "none", "no", "nobody"])
REMAINING = frozenset(["remaining", "rest", "other", "others", "remainder"])
