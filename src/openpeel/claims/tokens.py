"""A passage as words, marks and numbers: what the grammar reads. No meaning is given to them here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from openpeel.claims.numbers import Number, Role, numbers_in

#: What the key of an amount begins with; its kind comes after: '#percent'. No other token's key begins so.
AMOUNT = "#"
#: The key of the number that a rate is per.
BASE = "<base>"
#: Stands for 'one in five' among the keys of a passage that a rule may need.
IN_SO_MANY = "<in so many>"
#: The key of the end of a sentence.
STOP = "."

#: What has more tokens than this before or after a claim, and no end, is no sentence: the cells of a table, or data.
LONGEST = 150

_WORD = re.compile(r"(?P<word>[^\W\d_](?:[^\W_]|[-’'‑&](?=[^\W_]))*)|(?P<mark>\+/?[-–−]|±|[^\w\s])|[\w]+")
_ENDS = frozenset(".!?")
_ABBREVIATIONS = frozenset(["e.g", "i.e", "mr", "mrs", "ms", "dr", "no", "vs", "approx", "st", "etc", "fig"])


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`: where each begins and ends, and the number that it is.

    `keys` say what each is to the grammar: a word in lower case, a mark, '#' and its kind for an amount. Other numbers,
    such as dates, are as words. `stops` are the tokens that end a sentence.
    """

    text: str
    keys: list[str]
    starts: list[int]
    ends: list[int]
    numbers: list[Number | None]
    stops: list[int]

    def __len__(self) -> int:
        return len(self.keys)

    def amount(self, at: int) -> Number | None:
        """The amount at this token, None for anything else."""
        return self.numbers[at] if at < len(self.keys) and self.keys[at][0] == AMOUNT else None

    def sentence(self, at: int) -> tuple[int, int]:
        """The first token of the sentence that this one is in, and the one after its last; a long one is cut off."""
        after = bisect_left(self.stops, at)
        first = self.stops[after - 1] + 1 if after else 0
        last = self.stops[after] if after < len(self.stops) else len(self.keys)
        return max(first, at - LONGEST), min(last, at + LONGEST)


def tokens_of(text: str, numbers: Sequence[Number] | None = None) -> Tokens:
    """The tokens of a passage; its numbers are found if they are not given.

    >>> tokens_of("Checked in 90 of 93 cases. Good.").keys
    ['checked', 'in', '#plain', 'of', '#plain', 'cases', '.', 'good', '.']
    """
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    held: list[Number | None] = []
    done = 0
    for number in numbers_in(text) if numbers is None else numbers:
        _add_words(text, done, number.start, keys, starts, ends)
        held += [None] * (len(keys) - len(held))
        keys.append(_key(number))
        starts.append(number.start)
        ends.append(number.end)
        held.append(number)
        done = number.end
    _add_words(text, done, len(text), keys, starts, ends)
    held += [None] * (len(keys) - len(held))
    stops = [at for at, key in enumerate(keys) if key == STOP]
    return Tokens(text, keys, starts, ends, held, stops)


def _key(number: Number) -> str:
    if number.role is Role.amount:
        return AMOUNT + number.kind
    return BASE if number.role is Role.base else number.text.lower()


def _add_words(text: str, done: int, until: int, keys: list[str], starts: list[int], ends: list[int]) -> None:
    for match in _WORD.finditer(text, done, until):
        word = match[0].lower()
        if word in _ENDS:
            if not _ends_sentence(text, match.start(), keys):
                continue
            word = STOP
        elif word[0] == AMOUNT:
            word = "no."  # '#3': as a word it must not pass for an amount
        keys.append(word)
        starts.append(match.start())
        ends.append(match.end())


def _ends_sentence(text: str, at: int, before: list[str]) -> bool:
    """Whether the point at `at` ends a sentence: 'Dr.' does not, and neither does one with no space after it."""
    after = text[at + 1 : at + 4].lstrip("”’\"')")
    if after and not after[0].isspace():
        return False
    rest = after.lstrip()
    if rest and rest[0].islower():
        return False
    return not before or before[-1] not in _ABBREVIATIONS
