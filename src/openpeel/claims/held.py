"""Claims set beside figures that are held: which figure a number is about, and whether it is the one held.

Cautious: a number is only said to be wrong where the sentence has the words of one measure and no others that would
narrow it, names the period, and has one number of its unit. Everything else is left alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby

from openpeel.claims.claim import Checked, Claim, Verdict
from openpeel.claims.document import Document
from openpeel.claims.hedges import Hedge, hedge_before
from openpeel.claims.measure_words import Entry, Likeness, MeasureWords, measure_words, stem, stems
from openpeel.claims.numbers import Kind, Number
from openpeel.claims.rounding import rule_behind
from openpeel.claims.said import Said, numbers_said
from openpeel.figures.figure import WITHHELD, Figure
from openpeel.measures import Measure
from openpeel.reference.periods import Month, Period

#: The kind of a claim that only a figure held can say anything of.
KIND = "figure held"
_WRONG = (Verdict.rounds_wrong, Verdict.contradicts)

#: How much of a measure's words has to be there: to say that the number is the one held, and that it is not.
_ENOUGH = 0.55
_SURE = 0.8
#: Two numbers that are both those of the figure say more than words.
_ENOUGH_FOR_A_PAIR = 0.3
_MOST_CANDIDATES = 12
#: Digits that a rounded number keeps at least: £209,000 may stand for £209,033.
_KEPT_DIGITS = 3
#: Words that narrow nothing, whatever measure they are in the title of.
_NARROWS_NOTHING = frozenset(
    stems(
        "year ending ended month day last previous period during between number total constabulary police force area "
        "carried recorded received told also people population across which there"
    )
)


_Figures = dict[tuple[str, str | None, date, date], Figure]


@dataclass(frozen=True)
class _Match:
    """A number and the figure that it is set beside."""

    said: Said
    like: Likeness
    figure: Figure
    agrees: bool


def wanted(document: Document, default: Period) -> dict[Period, tuple[Measure, ...]]:
    """The measures that the numbers of a document may be about, by the periods of which they may be."""
    words = measure_words()
    found: dict[Period, dict[Measure, None]] = defaultdict(dict)
    for said in numbers_said(document, default, words):
        for like in _candidates(said, words):
            for period in _periods(said, like.entry.measure):
                found[period][like.entry.measure] = None
    return {period: tuple(measures) for period, measures in found.items()}


def against_held(
    document: Document,
    checked: Sequence[Checked],
    held: Iterable[Figure],
    *,
    default: Period,
    default_said: bool = False,
) -> tuple[Checked, ...]:
    """The claims of a document with what the figures of one force say of them; some may be added.

    `default` is the period of a number where the prose names none. Such a number can only be found to be right,
    unless the period was asked for (`default_said`). What a withheld figure would say is never told.
    """
    words = measure_words()
    figures = {(f.measure, f.group, f.period_start, f.period_end): f for f in held}
    matches = _matches(document, figures, words, default, default_said=default_said)
    return _joined(document, checked, matches)


def _joined(document: Document, checked: Sequence[Checked], matches: Sequence[_Match]) -> tuple[Checked, ...]:
    """The claims checked, each with what its figure says, in the order of the document.

    A number in no claim that could take the figure makes a claim of its own where the figure says that it is wrong.
    """
    found = list(checked)
    in_passage: dict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(checked):
        in_passage[one.claim.passage].append(i)
    for match in sorted(matches, key=lambda m: (m.agrees, m.said.unit == "count")):
        number, beside = match.said.number, _beside(document, match)
        around = [
            i
            for i in in_passage[match.said.sentence.passage]
            if found[i].claim.start <= number.start
            and number.end <= found[i].claim.start + found[i].claim.length
        ]
        taking = _taking(match, found, [i for i in around if not found[i].figure])
        if taking is None:
            if not around or beside.verdict in _WRONG:
                found.append(beside)
            continue
        before = found[taking]
        if before.verdict is Verdict.cannot_be_checked:
            found[taking] = replace(beside, claim=before.claim)
        else:
            wrong_too = f"; {beside.because}" if beside.verdict in _WRONG else ""
            found[taking] = replace(
                before,
                because=before.because + wrong_too,
                right=before.right or beside.right,
                figure=beside.figure,
            )
    return tuple(sorted(found, key=lambda one: (one.claim.passage, one.claim.start)))


def _taking(match: _Match, found: Sequence[Checked], free: Sequence[int]) -> int | None:
    """Which of these claims the figure speaks of: the shortest that nothing was known of, or was known as wrong."""
    verdicts = [*_WRONG, Verdict.cannot_be_checked]
    if match.agrees:
        verdicts = [Verdict.cannot_be_checked, Verdict.holds, *_WRONG]
    fitting = [i for i in free if found[i].verdict in verdicts]
    return min(fitting, key=lambda i: (verdicts.index(found[i].verdict), found[i].claim.length), default=None)


def _beside(document: Document, match: _Match) -> Checked:
    """The verdict on a number by the figure that is held."""
    said, figure, number = match.said, match.figure, match.said.number
    sentence = said.sentence
    end = max(number.end, min(b for b in (*sentence.breaks, sentence.end) if b > number.start))
    claim = Claim(
        kind=KIND,
        text=sentence.tokens.text[number.start : end],
        place=document.passages[sentence.passage].place(number.start),
        passage=sentence.passage,
        start=number.start,
        length=end - number.start,
        said=f"{figure.title}: {number.text}",
        about=figure.title,
        period=Period(figure.period_start, figure.period_end).label,
    )
    if figure.method == WITHHELD or figure.value is None:
        because = "the figure held is withheld, as it could tell of people"
        return Checked(claim, Verdict.cannot_be_checked, because=because, figure=figure.id)
    if match.agrees and said.pair is not None and not _is_value(number, figure):
        pair = f"{number.text} of {said.pair.text}"
        return Checked(claim, Verdict.holds, arithmetic=f"printed {pair}, held the same", figure=figure.id)
    held = _decimal(figure.value)
    arithmetic = f"printed {number.text}, held {_closely(held, number)} ({claim.period})"
    if match.agrees:
        return Checked(claim, Verdict.holds, arithmetic=arithmetic, figure=figure.id)
    value = _as_printed(held, number)
    return Checked(
        claim,
        Verdict.rounds_wrong if abs(held - number.value) < number.step else Verdict.contradicts,
        arithmetic=arithmetic,
        because=f"the records of the force give {value} for '{figure.title}'",
        right=value,
        rule=rule_behind(Fraction(held), number.value, number.step),
        figure=figure.id,
    )


def _matches(
    document: Document,
    figures: _Figures,
    words: MeasureWords,
    default: Period,
    *,
    default_said: bool,
) -> list[_Match]:
    found: list[_Match] = []
    by_sentence = groupby(numbers_said(document, default, words), key=lambda one: one.sentence)
    for numbers in (list(group) for _, group in by_sentence):
        agreeing = {one.at: right for one in numbers if (right := _agreeing(one, figures, words)) is not None}
        found += agreeing.values()
        taken = {match.figure.id for match in agreeing.values()}
        rest = [one for one in numbers if one.at not in agreeing]
        of_unit = Counter(one.unit for one in rest)
        for one in rest:
            if of_unit[one.unit] == 1 and (one.named or default_said):
                wrong = _disagreeing(one, figures, words)
                if wrong is not None and wrong.figure.id not in taken:
                    found.append(wrong)
    return found


def _agreeing(said: Said, figures: _Figures, words: MeasureWords) -> _Match | None:
    """The figure that the number is, the one whose words are said most."""
    if said.of_others or said.of_audit:
        return None
    for like in _candidates(said, words):
        for figure in _held(said, like.entry, figures):
            if _agrees(said, figure):  # a withheld one has no number to agree with
                return _Match(said, like, figure, agrees=True)
    return None


def _disagreeing(said: Said, figures: _Figures, words: MeasureWords) -> _Match | None:
    """The figure that the number would have to be and is not; None where that is not certain."""
    if said.of_others or said.of_audit or hedge_before(said.sentence.tokens, said.at) is not Hedge.none:
        return None
    if said.number.kind is Kind.range or said.pair is not None:
        return None
    likely = _candidates(said, words)
    best = next((one for one in likely if one.share >= _SURE), None)
    if best is None or any(
        one is not best and one.weight > 0.9 * best.weight and one.share > 0.9 * best.share for one in likely
    ):
        return None
    # Any other word that a measure is made of may narrow what is counted, and so may a name.
    own_names = {name for f in _held(said, best.entry, figures) for name in f.force_name.split()}
    narrowing = (
        (said.clause_words(words) & words.words)
        - best.entry.own
        - _NARROWS_NOTHING
        - set(map(stem, own_names))
    )
    if narrowing or said.sentence.names - own_names:
        return None
    for figure in _held(said, best.entry, figures)[:1]:  # of the period named, or else asked for
        whole = figure.coverage.months_present == figure.coverage.months_expected
        if whole and (figure.value is not None or figure.method == WITHHELD):
            return _Match(said, best, figure, agrees=False)
    return None


def _held(said: Said, entry: Entry, figures: _Figures) -> list[Figure]:
    group = entry.group.key if entry.group else None
    found = (figures.get((entry.measure.id, group, p.start, p.end)) for p in _periods(said, entry.measure))
    return [figure for figure in found if figure is not None]


def _candidates(said: Said, words: MeasureWords) -> list[Likeness]:
    like = words.like(said.sentence.near, said.sentence.farther, _ENOUGH_FOR_A_PAIR if said.pair else _ENOUGH)
    return [one for one in like if _may_be(said, one.entry.measure)][:_MOST_CANDIDATES]


def _may_be(said: Said, measure: Measure) -> bool:
    """Whether a measure has the unit of the number; '86 of 529' may be a share too."""
    unit = _unit_of(measure.unit)
    return unit == said.unit or (said.pair is not None and unit == "percent")


def _unit_of(unit: str) -> str:
    """What a unit of a measure is called here: each noun counts things."""
    known = ("percent", "GBP", "ratio", "per 1,000", "per 100,000", "GBP per 1,000")
    unit = unit.removesuffix(" population")
    return unit if unit in known else "times" if unit in ("seconds", "minutes", "hours", "days") else "count"


def _periods(said: Said, measure: Measure) -> tuple[Period, ...]:
    """The periods of which the figure may be; what is counted at the end needs only the last month of one."""
    if measure.stock:
        months = [said.last] if said.last else [Month.of(p.end) for p in said.periods]
        return tuple(dict.fromkeys(Period.year_ending(month.end) for month in months))
    if not said.periods and said.last:  # days of a part of a month: the year up to it is the nearest there is
        return (Period.year_ending(said.last.end),)
    return said.periods


def _agrees(said: Said, figure: Figure) -> bool:
    if said.pair is not None and (figure.numerator is not None and figure.denominator is not None):
        return (
            _decimal(figure.numerator) == said.number.value
            and _decimal(figure.denominator) == said.pair.value
        )
    return _unit_of(figure.unit) == said.unit and _is_value(said.number, figure)


def _is_value(number: Number, figure: Figure) -> bool:
    if figure.value is None:
        return False
    value = _decimal(figure.value)
    if _as_printed(value, number) == _as_printed(number.value, number):
        return True
    # A large number that ends with zeros may be rounded to them.
    step = number.step
    while number.value >= step * 10**_KEPT_DIGITS and number.value % (step * 10) == 0:
        step *= 10
        if (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step == number.value:
            return True
    return False


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _as_printed(value: Decimal, number: Number) -> str:
    """A value rounded and written as the number is, halves up: '16.3 percent'."""
    rounded = (value / number.scale).quantize(Decimal(1).scaleb(-number.decimals), ROUND_HALF_UP)
    scale = {Decimal(10**6): " million", Decimal(10**9): " billion"}.get(number.scale, "")
    if number.scale != 1 and not scale:
        rounded *= number.scale
    sign = "£" if number.kind is Kind.money else ""
    return f"{sign}{rounded:,}{scale}{' percent' if number.kind is Kind.percent else ''}"


def _closely(value: Decimal, number: Number) -> str:
    """A value with two more digits than are printed, so that a reader sees how it is rounded."""
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    return f"{value.quantize(Decimal(1).scaleb(-number.decimals - 2), ROUND_HALF_UP):,}"
