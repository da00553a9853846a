"""Words before a number that make it less than exact: 'nearly', 'more than', 'at least', 'around'."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from openpeel.claims.tokens import Tokens


class Hedge(StrEnum):
    """What the words before a number make of it."""

    none = ""
    around = "around"
    nearly = "nearly"
    over = "over"
    just_over = "just over"
    under = "under"
    at_least = "at least"
    at_most = "at most"


_PHRASES = {
    Hedge.around: "around|about|approximately|approx|roughly|some|circa|c|~|close to|in the region of|an estimated",
    Hedge.nearly: "nearly|almost|just under|just below|slightly under|not quite|approaching|a little under",
    Hedge.just_over: "just over|slightly over|just above|slightly more than|a little over|just more than",
    Hedge.over: "more than|over|above|greater than|higher than|upwards of|in excess of|well over|exceeding",
    Hedge.under: "less than|fewer than|under|below|lower than|well under",
    Hedge.at_least: "at least|no fewer than|no less than|a minimum of",
    Hedge.at_most: "at most|up to|no more than|not more than|a maximum of|as many as",
}
_HEDGES = sorted(
    ((tuple(p.split()), hedge) for hedge, phrases in _PHRASES.items() for p in phrases.split("|")),
    key=lambda item: -len(item[0]),
)
_LAST = frozenset(phrase[-1] for phrase, _ in _HEDGES)
#: Every word that may stand before a number in such a phrase.
WORDS = tuple(sorted({w for phrase, _ in _HEDGES for w in phrase} - {"to", "of"}))


def hedge_before(tokens: Tokens, at: int) -> Hedge:
    """The hedge of the number at this token.

    >>> from openpeel.claims.tokens import tokens_of
    >>> hedge_before(tokens_of("just over 40"), 2)
    <Hedge.just_over: 'just over'>
    """
    if at and tokens.keys[at - 1] in ("a", "an", "the"):
        at -= 1
    if at == 0 or tokens.keys[at - 1] not in _LAST:
        return Hedge.none
    number = tokens.numbers[at] if at < len(tokens) else None
    if tokens.keys[at - 1] == "some" and number is not None and number.decimals:
        return Hedge.none  # 'some 62.5 percent' is as exact as can be
    for phrase, hedge in _HEDGES:
        if tuple(tokens.keys[max(0, at - len(phrase)) : at]) == phrase:
            return hedge
    return Hedge.none


def allows(hedge: Hedge, said: Fraction, value: Fraction, loose: Fraction) -> bool:
    """Whether 'nearly `said`' and so on can be said of `value`; `loose` is how far 'around' and 'nearly' reach."""
    match hedge:
        case Hedge.around:
            return abs(value - said) <= loose
        case Hedge.nearly:
            return said - loose <= value <= said
        case Hedge.just_over:
            return said <= value <= said + loose
        case Hedge.over:
            return value > said
        case Hedge.under:
            return value < said
        case Hedge.at_least:
            return value >= said
        case Hedge.at_most:
            return value <= said
        case _:
            return value == said
