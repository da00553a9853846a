"""A passage as words, marks and numbers: what the grammar reads. No meaning is given to them here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpeel.claims.numbers import Number, Role, numbers_in

#: What stands in `Tokens.words` for a number that is an amount. Other numbers stand as themselves, like words.
AMOUNT = "#"
#: The end of a sentence.
STOP = "."

_WORD = re.compile(r"(?P<word>[^\W\d_](?:[^\W_]|[-’'‑&](?=[^\W_]))*)|(?P<mark>\+/?[-–−]|±|[^\w\s])|[\w]+")
_ENDS = frozenset(".!?")
_ABBREVIATIONS = frozenset(["e.g", "i.e", "mr", "mrs", "ms", "dr", "no", "vs", "approx", "st", "etc", "fig"])


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`, each in lower case (`words`), where it begins and ends, and the number that it is."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    numbers: list[Number | None]

    def __len__(self) -> int:
        return len(self.words)

    def amount(self, at: int) -> Number | None:
        """The amount at this token, None for anything else."""
        number = self.numbers[at] if at < len(self.words) else None
        return number if number is not None and number.role is Role.amount else None

    def sentence(self, at: int) -> tuple[int, int]:
        """The first token of the sentence that this one is in, and the one after its last."""
        first, last = at, at
        while first > 0 and self.words[first - 1] != STOP:
            first -= 1
        while last < len(self.words) and self.words[last] != STOP:
            last += 1
        return first, last


def tokens_of(text: str) -> Tokens:
    """The tokens of a passage.

    >>> tokens_of("Checked in 90 of 93 cases. Good.").words
    ['checked', 'in', '#', 'of', '#', 'cases', '.', 'good', '.']
    """
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[Number | None] = []
    done = 0

    def between(until: int) -> None:
        for match in _WORD.finditer(text, done, until):
            word = match[0].lower()
            if word in _ENDS and not _ends_sentence(text, match.start(), words):
                continue
            words.append(STOP if word in _ENDS else word)
            starts.append(match.start())
            ends.append(match.end())
            numbers.append(None)

    for number in numbers_in(text):
        between(number.start)
        words.append(AMOUNT if number.role is Role.amount else number.text.lower())
        starts.append(number.start)
        ends.append(number.end)
        numbers.append(number)
        done = number.end
    between(len(text))
    return Tokens(text, words, starts, ends, numbers)


def _ends_sentence(text: str, at: int, before: list[str]) -> bool:
    """Whether the point at `at` ends a sentence: 'Dr.' does not, and neither does one with no space after it."""
    after = text[at + 1 : at + 4].lstrip("”’\"')")
    if after and not after[0].isspace():
        return False
    rest = after.lstrip()
    if rest and rest[0].islower():
        return False
    return not before or before[-1] not in _ABBREVIATIONS
