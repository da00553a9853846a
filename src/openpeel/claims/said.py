"""Numbers as sentences say them: of what unit and period, in which words, and whether of the force at all.

What they are set beside is the business of `held.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openpeel.claims.document import Document
from openpeel.claims.measure_words import MeasureWords, stems, stems_of
from openpeel.claims.numbers import Kind, Number, Role
from openpeel.claims.periods import Mention, mentions
from openpeel.claims.tokens import Tokens, tokens_of
from openpeel.reference.periods import Month, Period

_OF_OTHERS = re.compile(
    r"\b(?:average|mean of|England and Wales|other forces|all forces|national(?:ly)?|standards?|expect\w*|guidance|"
    r"target\w*|limit|lower than|higher than|aim\w*|should|would be|estimates?)\b"
    r"|\bcompared (?:to|with)\b(?! the (?:previous|prior|year))",
    re.IGNORECASE,
)
#: What ought to be, wherever it stands in the clause.
_WISHED = re.compile(r"\b(?:should|must|ought|expect\w*|target\w*|aims?)\b", re.IGNORECASE)
_OF_AUDIT = re.compile(r"\b(?:audit\w*|sampled?|(?:we|inspectors) (?:reviewed|examined))\b", re.IGNORECASE)
_PER = re.compile(r"\bper (1,000|100,000)\b|\bfor every (1,000|100,000)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]|, (?=(?:which|while|but|and|compared|when|whereas)\b)|\bcompared (?:to|with)\b")
_CAPITAL = re.compile(r"(?<=[\w,;’'] )[A-Z][a-z]+")
#: Names that say nothing of which people or places are counted.
_PLAIN_NAMES = frozenset(
    re.findall(
        r"\w+",
        "January February March April May June July August September October November December Constabulary Police "
        "Force England Wales Peel Census Commissioner",
    )
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage: the offsets at which it begins and ends, and its words.

    `near` are its own words and `farther` those of the whole passage; `names` are names of places and people in it,
    and `breaks` the offsets at which a clause ends.
    """

    passage: int
    tokens: Tokens
    start: int
    end: int
    near: frozenset[str]
    farther: frozenset[str]
    names: frozenset[str]
    breaks: tuple[int, ...]


@dataclass(frozen=True)
class Said:
    """An amount, the token `at` of its passage, and what its sentence says of it.

    `unit` is that of a figure that it may be: 'percent', 'per 1,000', 'GBP', 'ratio', 'count', …. `periods` are those
    of which it may be, and `last` the last month of a period that is known to no more than that; `named` says whether
    the passage names the period. `of_others` where it is a mean, a standard, or of other forces; `of_audit` where
    cases were sampled. `pair` is the number that it is a part of ('86 of 529'), and `clause` the first of the tokens
    close to it and the one after their last.
    """

    sentence: Sentence
    at: int
    number: Number
    unit: str
    periods: tuple[Period, ...]
    last: Month | None
    named: bool
    of_others: bool
    of_audit: bool
    pair: Number | None
    clause: tuple[int, int]

    def clause_words(self, words: MeasureWords) -> set[str]:
        """What its clause says."""
        return words.in_full(_words(self.sentence.tokens, *self.clause))


@lru_cache(maxsize=2)
def numbers_said(document: Document, default: Period, words: MeasureWords) -> tuple[Said, ...]:
    """The amounts of a document that a figure may be, each with what is said of it.

    Asked for twice: for what is to be counted, and when it is.
    """
    return tuple(_all_said(document, default, words))


def _all_said(document: Document, default: Period, words: MeasureWords) -> Iterator[Said]:
    last_named: Period | None = None
    for index, passage in enumerate(document.passages):
        named = mentions(passage.text, last_named)
        tokens = tokens_of(passage.text)
        unsaid = tuple(dict.fromkeys([default, *([last_named] if last_named else [])]))
        for sentence, first, last in _sentences(index, tokens, words):
            for at in range(first, last):
                if tokens.amount(at) is not None:
                    yield _said(sentence, at, first, last, named, unsaid)
        for mention in named:
            last_named = mention.period or last_named


def _sentences(index: int, tokens: Tokens, words: MeasureWords) -> Iterator[tuple[Sentence, int, int]]:
    """The sentences of a passage that have an amount in them, each with its first token and the one after its last."""
    amounts = [at for at in range(len(tokens)) if tokens.amount(at) is not None]
    farther = frozenset(words.in_full(_words(tokens, 0, len(tokens)))) if amounts else frozenset()
    done = 0
    for at in amounts:
        if at < done:
            continue
        first, last = tokens.sentence(at)
        start, end = tokens.starts[first], tokens.ends[last - 1]
        text = tokens.text[start:end]
        yield (
            Sentence(
                passage=index,
                tokens=tokens,
                start=start,
                end=end,
                near=frozenset(words.in_full(_words(tokens, first, last))),
                farther=farther,
                names=frozenset(_CAPITAL.findall(text)) - _PLAIN_NAMES,
                breaks=(start, *(start + match.start() for match in _CLAUSE.finditer(text)), end),
            ),
            first,
            last,
        )
        done = last


def _said(
    sentence: Sentence,
    at: int,
    first: int,
    last: int,
    named: Sequence[Mention],
    unsaid: tuple[Period, ...],
) -> Said:
    tokens = sentence.tokens
    number = tokens.numbers[at]
    assert number is not None
    mention = _mention_for(number, named, sentence.start, sentence.end)
    clause = bisect_right(sentence.breaks, number.start)
    begins, ends = sentence.breaks[clause - 1], sentence.breaks[min(clause, len(sentence.breaks) - 1)]
    from_, to = bisect_left(tokens.starts, begins, first, last), bisect_left(tokens.starts, ends, first, last)
    if mention is None or (mention.period is None and mention.last is None):
        periods = unsaid
    else:
        periods = (mention.period,) if mention.period else ()
    return Said(
        sentence=sentence,
        at=at,
        number=number,
        unit=_unit_said(tokens, at, last),
        periods=periods,
        last=mention.last if mention else None,
        named=mention is not None and mention.period is not None,
        of_others=_OF_OTHERS.search(tokens.text, sentence.start, number.start) is not None
        or _WISHED.search(tokens.text, begins, ends) is not None,
        of_audit=_OF_AUDIT.search(tokens.text, sentence.start, sentence.end) is not None,
        pair=_pair(tokens, at),
        clause=(from_, to),
    )


def _words(tokens: Tokens, first: int, last: int) -> list[str]:
    """The words between two tokens, with numbers that are names or times in digits: 'within ten seconds'."""
    said: list[str] = []
    for i in range(first, last):
        number = tokens.numbers[i]
        if number is None:
            said += stems_of(tokens.text[tokens.starts[i] : tokens.ends[i]])
        elif number.role in (Role.name, Role.duration, Role.fixed):
            said += stems(f"{int(number.value)} {number.text}")
    return said


def _unit_said(tokens: Tokens, at: int, last: int) -> str:
    """The unit of the number at a token, by its own form and by what follows up to the next number."""
    number = tokens.numbers[at]
    assert number is not None
    until = next((i for i in range(at + 1, last) if tokens.amount(i)), last)
    after = tokens.text[number.end : tokens.ends[until - 1] if until < last else tokens.ends[last - 1]]
    per = _PER.search(after)
    if number.kind is Kind.percent:
        return "percent"
    money = "GBP" if number.kind is Kind.money else ""
    if per is not None:
        return f"{money} per {per[1] or per[2]}".strip()
    if money:
        return money
    return "ratio" if after.lstrip().startswith("times") else "count"


def _pair(tokens: Tokens, at: int) -> Number | None:
    """The number of which this one is a part: '86 of 529', '95 out of 413'."""
    rest = tokens.text[tokens.ends[at] : tokens.ends[at] + 12].lower().split()
    ahead = 2 if rest[:1] == ["of"] else 3 if rest[:2] == ["out", "of"] else 0
    return tokens.amount(at + ahead) if ahead else None


def _mention_for(number: Number, named: Sequence[Mention], start: int, end: int) -> Mention | None:
    """The period that a number is of: the one named last before it in the sentence, else after it, else before.

    A month that is named beside a longer period tells when something happened, and not what was counted.
    """
    inside = [m for m in named if start <= m.start < end]
    longer = [m for m in inside if m.period is None or len(m.period.months()) > 1]
    for group in (longer, inside):
        before = [m for m in group if m.start < number.start]
        if before or group:
            return before[-1] if before else group[0]
    earlier = [m for m in named if m.start < start]
    return earlier[-1] if earlier else None
