"""One period of a force against an earlier one: what a measure came to in each, and whether it rose or fell.

Nothing here goes across a break in the rules by which records are made: it is not assessed, with the reason. The
tests are those of `statistics/own_past.py`; months are in `trend.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from openpeel.errors import UseError
from openpeel.figures.comparing import no_limits_because
from openpeel.figures.compute import LEVEL, months_held
from openpeel.figures.withholding import WITHHOLD, withheld
from openpeel.lake import Release
from openpeel.measures import Measure
from openpeel.measures.count import Counts
from openpeel.measures.measure import Count, Estimates, Group, Share
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month, Period
from openpeel.statistics.own_past import Measured, past_verdict, proportion_against_past, rate_against_past

PastVerdict = Literal["rise", "fall", "no significant change", "not assessed"]


@dataclass(frozen=True)
class Rebase:
    """A month from which records are made in another way, and what changed."""

    month: Month
    reason: str


@dataclass(frozen=True)
class PeriodValue:
    """What a force's measure came to in a period, of how many of its months, and whether that is withheld."""

    period: Period
    numerator: float | None
    denominator: float | None
    value: float | None
    withheld: bool
    months_present: int
    months_expected: int


@dataclass(frozen=True)
class Change:
    """A period against an earlier one.

    `change` is how many times the earlier value the later one is ('ratio'), or how many percentage points more
    ('difference'), from `lower` to `upper`; None where there is none, or no bound. `because` says why a change is
    not assessed.
    """

    verdict: PastVerdict
    because: str
    measured: Literal["ratio", "difference"] | None
    change: float | None
    lower: float | None
    upper: float | None
    level: float
    now: PeriodValue
    before: PeriodValue


def period_value(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    period: Period,
    group: Group | None = None,
    *,
    hidden: bool | None = None,
) -> PeriodValue:
    """What a measure comes to for a force in a period; without numbers where the figure is withheld.

    Whether it is may be said by whoever has looked at many measures together.
    """
    counted_in = measure.counted_in(period)
    expected = counted_in.months()
    present = len(months_held(release, measure.standard, expected)[force.code])
    if hidden is None:
        row = withheld(measure, counts, period, [(force.code,)], WITHHOLD)[0]
        hidden = bool(row[measure.groups.index(group) if group else 0])
    numerator = denominator = value = None
    if present and not hidden:
        found = estimated(release, counts, measure, force, counted_in, group)
        numerator, denominator = finite(found.numerator[0]), finite(found.denominator[0])
        value = finite(found.value[0])
    return PeriodValue(period, numerator, denominator, value, hidden, present, len(expected))


def change_between(
    measure: Measure, now: PeriodValue, before: PeriodValue, rebases: Iterable[Rebase] = ()
) -> Change:
    """Whether the value rose or fell between two periods, by the test for what kind of value it is.

    Shares of cases are compared by their difference, counts and rates by their ratio. Not assessed, with the
    reason: periods that are not alike or not complete, a break in the rules of recording within or between them,
    and values whose chance the counts do not tell. Raises UseError where the earlier period does not end before
    the later one begins.
    """
    if before.period.end >= now.period.start:
        raise UseError(f"expected a period that ends before {now.period.start}, got {before.period}")
    because = _not_comparable(measure, now, before, tuple(rebases))
    if because:
        return Change("not assessed", because, None, None, None, None, LEVEL, now, before)
    # Where a value exists, so does what it was made from; a count has no denominator and is of equal periods.
    a, b = cast(float, now.numerator), cast(float, before.numerator)
    of_a, of_b = now.denominator or 1.0, before.denominator or 1.0
    measured: Measured
    if isinstance(measure, Share):
        found, measured, scale = proportion_against_past(a, of_a, b, of_b, LEVEL), "difference", 100.0
    else:
        found, measured, scale = rate_against_past(a, of_a, b, of_b, LEVEL).ratio, "ratio", 1.0
    verdict = cast(PastVerdict, str(past_verdict(found, measured)))
    value, lower, upper = (finite(float(part) * scale) for part in (found.value, found.lower, found.upper))
    return Change(verdict, "", measured, value, lower, upper, LEVEL, now, before)


def estimated(
    release: Release, counts: Counts, measure: Measure, force: Force, period: Period, group: Group | None
) -> Estimates:
    """The estimates of one force in a period, whether or not they may be shown."""
    areas = [(force.code,)]
    count = counts.within(period, areas, leave_out_duplicates=release.leave_out_duplicates)
    return measure.estimate(count, areas, group, LEVEL, period)


def _not_comparable(
    measure: Measure, now: PeriodValue, before: PeriodValue, rebases: Sequence[Rebase]
) -> str:
    """Why two periods are not compared, as the end of a sentence; '' where they can be."""
    if measure.stock:
        return "what is counted at the end of a year is partly what was counted a year before"
    if not isinstance(measure, Count) and (because := no_limits_because(measure)):
        return because
    if now.months_expected != before.months_expected:
        return f"the periods are of {now.months_expected} and {before.months_expected} months"
    breaks = [(r.month.start, r.reason) for r in rebases]
    if measure.comparable_from is not None:
        breaks.append((measure.comparable_from, "other rules of recording"))
    for day, reason in breaks:
        if before.period.start < day <= now.period.end:
            return f"records are made in another way from {day.day} {Month.of(day).label} on ({reason})"
    for one in (now, before):
        if one.months_present < one.months_expected:
            return f"the release holds {one.months_present} of {one.months_expected} months of {one.period.label}"
    for one in (now, before):
        if one.withheld:
            return f"the number for {one.period.label} is small and is withheld"
        if one.value is None:
            return f"there are no records to work out the value for {one.period.label} from"
    return ""


def finite(value: float) -> float | None:
    """A numpy number as a plain one; None where there is none, or no end to it."""
    return None if not np.isfinite(value) else float(value)
