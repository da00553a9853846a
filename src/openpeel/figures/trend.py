"""A measure of one force month by month, with its control chart.

No trend goes across a break in the rules by which records are made: it is refused, with the reason. The chart is
that of `statistics/xmr.py`; one period is set against an earlier one in `own_past.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, cast

import numpy as np

from openpeel.errors import UseError
from openpeel.figures.compute import months_held
from openpeel.figures.figure import WITHHELD
from openpeel.figures.own_past import Change, Rebase, change_between, estimated, finite, period_value
from openpeel.figures.withheld_months import withheld_months
from openpeel.figures.withholding import WITHHOLD, SmallNumbers, withheld_together
from openpeel.lake import Release
from openpeel.measures import Measure
from openpeel.measures.count import Counts
from openpeel.measures.measure import Array, Estimates, Group, Share
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month, Period
from openpeel.statistics.xmr import Xmr, xmr

#: So many months with a value make the lines of a chart.
FEWEST_MONTHS = 12

NO_RETURN = "no return"
NO_RECORDS = "nothing to work it out from"
_STOCK = "what is counted at the end of a month is mostly what was counted a month before, and not independent of it"


@dataclass(frozen=True)
class MonthValue:
    """One month of a force. A month without a value is left open, and `open_because` says why.

    `centre`, `lower` and `upper` are the chart's lines at that month, limits no further than a value can be;
    `signals` are the rules that the month breaks, by the names of `statistics.xmr.RULES`.
    """

    month: str
    numerator: float | None
    denominator: float | None
    value: float | None
    open_because: str
    centre: float | None
    lower: float | None
    upper: float | None
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A measure of one force month by month, and its change.

    `no_lines_because` says why there is no centre and no limit; `note` where the months begin later than the
    records. `change` is None where the chart alone was asked for.
    """

    measure: str
    title: str
    unit: str
    force: str
    force_name: str
    group: str | None
    months: tuple[MonthValue, ...]
    rebases: tuple[Rebase, ...]
    no_lines_because: str
    note: str
    change: Change | None
    release: str
    definition: str

    @property
    def signals(self) -> tuple[MonthValue, ...]:
        """The months that break a rule."""
        return tuple(m for m in self.months if m.signals)

    @property
    def apart(self) -> float | None:
        """How far the last limits lie from one another or, without limits, the months."""
        lines = [m.upper - m.lower for m in self.months if m.upper is not None and m.lower is not None]
        values = [m.value for m in self.months if m.value is not None]
        return lines[-1] if lines else max(values) - min(values) if values else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; months and dates are ISO."""
        return cast(dict[str, Any], _plain(self))


def month_trend(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    last: Month,
    *,
    group: Group | None = None,
    first: Month | None = None,
    rebases: Iterable[Rebase] = (),
    small: SmallNumbers = WITHHOLD,
) -> Trend:
    """The months of a force from `first` to `last` with the lines and signals of an XmR chart.

    Without `first` they begin with the first month that the release holds of the force, or with the first after a
    break in the rules of recording. `counts` are those of the measure's standard. Raises UseError where `first` is
    before such a break, where a re-base is outside the months or leaves too few of them, and where there are none.
    """
    start, note = _start(release, measure, force, last, first)
    months = Period(start.start, last.end).months()
    new = _rebases_within(rebases, months)
    found = _month_by_month(release, counts, measure, force, months, group)
    hidden = withheld_months(release, counts, measure, force, months, group, small)
    held = months_held(release, measure.standard, months)[force.code]
    value = np.array([f.value[0] for f in found])
    absent = np.array([m not in held for m in months])
    value[absent | hidden] = np.nan
    chart, because = _chart(measure, value, months, new)
    # Where no value can be, no limit says anything: a share is from 0 to 100, a number of records not below 0.
    lowest = 0.0 if measure.whole else -np.inf
    highest = 100.0 if isinstance(measure, Share) else np.inf
    lines = [np.full(len(months), np.nan)] * 3
    if chart:
        lines = [chart.centre, np.clip(chart.lower, lowest, highest), np.clip(chart.upper, lowest, highest)]
    broken = chart.broken() if chart else ((),) * len(months)
    points = []
    for i, month in enumerate(months):
        shown = not np.isnan(value[i])
        why = NO_RETURN if absent[i] else WITHHELD if hidden[i] else "" if shown else NO_RECORDS
        known = not (absent[i] or hidden[i])
        points.append(
            MonthValue(
                month=str(month),
                numerator=finite(found[i].numerator[0]) if known else None,
                denominator=finite(found[i].denominator[0]) if known else None,
                value=finite(value[i]),
                open_because=why,
                centre=finite(lines[0][i]),
                lower=finite(lines[1][i]),
                upper=finite(lines[2][i]),
                signals=broken[i],
            )
        )
    return Trend(
        measure=measure.id,
        title=f"{measure.title}: {group.title}" if group else measure.title,
        unit=measure.unit,
        force=force.code,
        force_name=force.full_name,
        group=group.key if group else None,
        months=tuple(points),
        rebases=new,
        no_lines_because=because,
        note=note,
        change=None,
        release=release.id,
        definition=measure.definition,
    )


def headline_trends(
    release: Release,
    counts: Mapping[str, Counts],
    measures: Iterable[Measure],
    force: Force,
    period: Period,
    *,
    small: SmallNumbers = WITHHOLD,
) -> dict[str, Trend]:
    """The trends that a page about a force shows, by measure: up to the end of the period, with its change.

    Of measures that are compared and have no groups, wherever the release holds 12 months of the force and their
    chart has lines. `counts` are those by standard.
    """
    if small.round_to is not None:  # months are told as they are, and would undo the rounding of the year
        return {}
    returns = tuple(r for r in release.returns if r.key.force == force.code)
    own = replace(release, returns=returns)  # to look through its returns alone
    last, before = Month.of(period.end), period.year_before()
    held: dict[str, set[str]] = {}
    for r in returns:
        held.setdefault(r.key.standard, set()).update(m for m in r.key.months if m <= str(last))
    trends = {}
    wanted = list(measures)
    hidden = {
        (standard, p): withheld_together(
            [m for m in wanted if m.standard == standard],
            counts[standard].of_force(force.code),
            p,
            [(force.code,)],
            small,
        )
        for standard in dict.fromkeys(m.standard for m in wanted)
        for p in (period, before)
    }
    for measure in wanted:
        if measure.groups or not measure.compared or measure.stock:
            continue
        if len(held.get(measure.standard, ())) < FEWEST_MONTHS:
            continue
        of_force = counts[measure.standard].of_force(force.code)
        since, changed = comparable_month(measure), measure.comparable_from
        if since is not None and changed is not None and changed <= last.end and since > last:
            continue  # the rules changed within the last month
        found = month_trend(own, of_force, measure, force, last, small=small)
        if not found.no_lines_because:
            now, then = (
                period_value(
                    own,
                    of_force,
                    measure,
                    force,
                    p,
                    hidden=bool(hidden[measure.standard, p][measure.id][0, 0]),
                )
                for p in (period, before)
            )
            trends[measure.id] = with_change(found, change_between(measure, now, then))
    return trends


def with_change(trend: Trend, change: Change) -> Trend:
    """The same with the change of a period against an earlier one."""
    return replace(trend, change=change)


def comparable_month(measure: Measure) -> Month | None:
    """The first whole month that is recorded by the rules of today; None where they never changed."""
    since = measure.comparable_from
    if since is None:
        return None
    month = Month.of(since)
    return month if since == month.start else month.next()


def _start(
    release: Release, measure: Measure, force: Force, last: Month, first: Month | None
) -> tuple[Month, str]:
    """The first month, and what to say where that is later than the records begin."""
    since = comparable_month(measure)
    crosses = measure.comparable_from is not None and measure.comparable_from <= last.end
    if first is not None:
        if first > last:
            raise UseError(f"expected months up to {last}, got a first month of {first}")
        if crosses and since is not None and first < since:
            raise UseError(
                f"the rules by which '{measure.title}' is recorded changed on {measure.comparable_from}: no trend "
                f"goes across that, from {first} to {last}",
                advice=f"Ask for the months from {since} on, or for those before it.",
            )
        return first, ""
    held = sorted(m for r in release.of(measure.standard, force.code) for m in r.key.months if m <= str(last))
    if not held:
        raise UseError(
            f"the release holds no return of {force.full_name} for '{measure.title}' up to {last}",
            advice="'openpeel quality' says what is held.",
        )
    start = Month.parse(held[0])
    if crosses and since is not None and start < since:
        if since > last:
            raise UseError(
                f"'{measure.title}' is recorded by other rules from {measure.comparable_from} on: there is no whole "
                f"month of them up to {last}",
                advice=f"Ask for the months before, with --from and --ending, or for more, up to {since} or later.",
            )
        said = f"The months begin with {since.label}: before {measure.comparable_from} other rules of recording held."
        return since, said
    return start, ""


def _rebases_within(rebases: Iterable[Rebase], months: Sequence[Month]) -> tuple[Rebase, ...]:
    new = tuple(sorted(rebases, key=lambda r: r.month))
    for rebase in new:
        if rebase.month not in months[1:]:
            raise UseError(
                f"expected a re-base after {months[0]} and up to {months[-1]}, got {rebase.month}",
                where="--rebase",
            )
        if not rebase.reason.strip():
            raise UseError(f"expected a reason for the re-base at {rebase.month}, got none", where="--rebase")
    for one, other in pairwise(new):
        if one.month == other.month:
            raise UseError(f"expected one re-base at {one.month}, got two", where="--rebase")
    return new


def _chart(
    measure: Measure, value: Array, months: Sequence[Month], new: Sequence[Rebase]
) -> tuple[Xmr | None, str]:
    """The chart, or why there is none."""
    if measure.stock:
        return None, _STOCK
    places = [months.index(r.month) for r in new]
    ends = [*places[1:], len(months)][: len(places)]
    for rebase, start, end in zip(new, places, ends, strict=True):
        part = value[start:end]
        present = int((~np.isnan(part)).sum())
        steps = int((~np.isnan(np.diff(part))).sum())
        if present < FEWEST_MONTHS or steps < FEWEST_MONTHS / 2:
            raise UseError(
                f"expected {FEWEST_MONTHS} or more months with a value from the re-base at {rebase.month} "
                f"({rebase.reason}) on, half of them after one another, got {present}",
                where="--rebase",
            )
    chart = xmr(
        value, rebases=[(p, r.reason) for p, r in zip(places, new, strict=True)], fewest=FEWEST_MONTHS
    )
    if np.isnan(chart.centre).all():
        present = int((~np.isnan(value)).sum())
        months_said = "1 month has" if present == 1 else f"{present} months have"
        return None, f"{months_said} a value, and it takes {FEWEST_MONTHS}, half of them after one another"
    return chart, ""


def _month_by_month(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    months: Sequence[Month],
    group: Group | None,
) -> list[Estimates]:
    own = counts.of_force(force.code)
    return [estimated(release, own, measure, force, Period.month(m), group) for m in months]


def _plain(value: Any) -> Any:
    if isinstance(value, Month | date):
        return str(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
