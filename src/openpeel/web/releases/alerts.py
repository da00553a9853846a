"""What an inspector should look into, force by force: raised once, from the figures and trends of a release.

An alert is never raised from a figure that is withheld or not assessed. A measure of which more is neither good nor
bad can pass a limit and have a month out of the ordinary; it is no outlier, and no worse than it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpeel.figures import Figure
from openpeel.figures.figure import Verdict
from openpeel.figures.rounding import closely, number, shown
from openpeel.figures.trend import Trend
from openpeel.figures.wording import (
    SIGNALS,
    change_sentence,
    comparison_sentence,
    limit_sentence,
    limits_sentence,
    sentence,
)
from openpeel.measures import Measure, find_measure
from openpeel.reference.periods import Month

LIMIT, OUTLIER, FALL, MONTH, CHANGED = "limit", "outlier", "fall", "month", "changed"


@dataclass(frozen=True)
class Raised:
    """An alert before it is kept: the figure that it rests on and a sentence."""

    kind: str
    figure: Figure
    said: str


@dataclass(frozen=True)
class Before:
    """A figure as it was in the release of the same year that was published before, and what that is called."""

    release: str
    value: float | None
    definition: str


def raised(
    figures: Iterable[Figure], trends: Mapping[str, Trend], earlier: Mapping[tuple[str, str], Before]
) -> Iterator[Raised]:
    """The alerts about one force, in the order of its figures.

    `trends` are the force's own, by measure; `earlier` what its figures of the same year were when they were
    published before, by measure and group ('' for a measure as a whole).
    """
    for figure in figures:
        if figure.value is None:
            continue
        measure = find_measure(figure.measure)
        trend = None if figure.group else trends.get(figure.measure)
        for kind, said in (
            (LIMIT, _past_limit(figure)),
            (OUTLIER, _unlike_others(figure, measure)),
            (FALL, _worse_than_before(trend, measure)),
            (MONTH, _odd_month(trend, measure)),
            (CHANGED, _changed(figure, earlier.get((figure.measure, figure.group or "")))),
        ):
            if said:
                yield Raised(kind, figure, said)


def bad_side(measure: Measure) -> Verdict | None:
    """On which side of the others a force is worse off; None where neither is."""
    return {"higher": "below", "lower": "above"}.get(measure.better)  # type: ignore[return-value]


def _past_limit(figure: Figure) -> str:
    return f"{sentence(figure)} {limit_sentence(figure)}" if figure.limit_met is False else ""


def _unlike_others(figure: Figure, measure: Measure) -> str:
    """By the inspectorate's band, or by the limits at 99.8 percent that allow for how forces differ anyway.

    The limits of chance alone raise none, because with many cases nearly every force is outside of them; where they
    agree at 99.8 percent, the sentence says it.
    """
    bad, compared = bad_side(measure), figure.comparison
    by_band, by_limits = compared.verdict == bad, compared.overdispersed.outer_verdict == bad
    if bad is None or not (by_band or by_limits):
        return ""
    said = [sentence(figure)]
    if by_band:
        said.append(comparison_sentence(figure))
    if by_limits or compared.control.outer_verdict == bad:
        said.append(limits_sentence(figure))
    return " ".join(said)


def _worse_than_before(trend: Trend | None, measure: Measure) -> str:
    bad = {"higher": "fall", "lower": "rise"}.get(measure.better)
    if trend is None or trend.change is None or trend.change.verdict != bad:
        return ""
    return f"{trend.title}. {change_sentence(trend.change, trend.unit)}"


def _odd_month(trend: Trend | None, measure: Measure) -> str:
    """The last month, where it breaks a rule of its chart on the worse side of the centre."""
    last = trend.months[-1] if trend is not None else None
    if trend is None or last is None or not last.signals or last.value is None or last.centre is None:
        return ""
    side = "above" if last.value > last.centre else "below"
    if bad_side(measure) not in (None, side):
        return ""
    value, centre, lower, upper = (
        closely(x, trend.unit, trend.apart) + ("%" if trend.unit == "percent" else "")
        for x in (last.value, last.centre, last.lower, last.upper)
    )
    rules = ", ".join(SIGNALS[rule] for rule in last.signals)
    return (
        f"{trend.title}. {Month.parse(last.month).label} was {value}: {rules}. The centre of the force's months is "
        f"{centre}, and their limits are {lower} to {upper}."
    )


def _changed(figure: Figure, before: Before | None) -> str:
    """Where the same definition gives another printed number than was published of the same year."""
    if before is None or before.value is None or before.definition != figure.definition:
        return ""
    if number(before.value, figure.unit) == number(figure.value, figure.unit):
        return ""
    was, now = shown(before.value, figure.unit), shown(figure.value, figure.unit)
    return (
        f"{figure.title}. The release '{before.release}', published before, gave {was}; with what was handed in "
        f"later it is {now}."
    )


def before_of(release: str, figures: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Before]:
    """What a force's figures in an earlier release, as JSON, came to: by measure and group ('' for a whole)."""
    return {(f["measure"], f["group"] or ""): Before(release, f["value"], f["definition"]) for f in figures}
