"""Where a figure comes from: its definition, release, files and counts, worked out again from the records.

Recomputing takes the same road as computing did, from the files that the release froze, whose bytes are
compared with what they were then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpeel.errors import UseError
from openpeel.figures.compute import Settings, compute_figures
from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.identity import parse_figure_id
from openpeel.figures.withholding import SmallNumbers, withheld_months, withheld_returns
from openpeel.lake import Engine, Lake, Release, Return, open_release, release_names
from openpeel.lake.engines import collect
from openpeel.measures import Measure, find_measure
from openpeel.measures.conditions import EVERY, PER_WHOLE, Quantity
from openpeel.measures.count import Counts, count_release
from openpeel.measures.measure import Group
from openpeel.reference.periods import Month, Period
from openpeel.statistics.disclosure import Mask


@dataclass(frozen=True)
class MonthCount:
    """The records of one month behind a figure; None where they are withheld, or the figure is."""

    month: str
    numerator: float | None
    return_held: bool


@dataclass(frozen=True)
class Explanation:
    """All that a reader needs to check a figure. `agrees` says whether it was computed again to the digit."""

    asked: str
    figure: Figure
    release_name: str
    counted: str
    denominator: str
    formula: str
    leave_out_duplicates: bool
    months: tuple[MonthCount, ...]
    returns: tuple[Return, ...]
    altered_files: tuple[str, ...]
    #: For each of the returns, whether its numbers of rows are withheld.
    withheld_rows: tuple[bool, ...]

    @property
    def agrees(self) -> bool:
        """Whether the same id, and with it the same numbers, came out, from files that nobody changed."""
        return self.asked == self.figure.id and not self.altered_files

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "asked": self.asked,
            "agrees": self.agrees,
            "figure": self.figure.as_json(),
            "release_name": self.release_name,
            "counted": self.counted,
            "denominator": self.denominator,
            "formula": self.formula,
            "exact_duplicates": "left out" if self.leave_out_duplicates else "counted",
            "months": [
                {"month": m.month, "numerator": m.numerator, "return_held": m.return_held}
                for m in self.months
            ],
            "files": [
                {
                    "return": r.id,
                    "name": s.name,
                    "sha256": s.sha256,
                    "rows": None if hidden else s.rows,
                    "accepted": None if hidden else s.accepted,
                    "rejected": None if hidden else s.rejected,
                }
                for r, hidden in zip(self.returns, self.withheld_rows, strict=True)
                for s in r.sources
            ],
            "altered_files": list(self.altered_files),
        }


def explain(lake: Lake, figure_id: str, engine: Engine) -> Explanation:
    """Explain a figure by its id. Raises UseError where the id names nothing that is here."""
    name = parse_figure_id(figure_id)
    release = find_release(lake, name.release)
    measure = find_measure(name.measure)
    group = _group(measure, name.group)
    counts = count_release(release, [measure], engine)
    figures = compute_figures(release, counts, name.period, [measure], Settings(small=name.small))
    figure = next(f for f in figures if f.force == name.force.code and f.group == name.group)
    returns = returns_behind(release, measure, name.force.code, name.period)
    counted, denominator, formula = measure.explained(group, name.period)
    return Explanation(
        asked=figure_id.strip(),
        figure=figure,
        release_name=release.name,
        counted=counted,
        denominator=denominator,
        formula=formula,
        leave_out_duplicates=release.leave_out_duplicates,
        months=month_counts(release, counts[measure.standard], measure, figure, name.small),
        returns=returns,
        altered_files=tuple(release.verify(returns)),
        withheld_rows=withheld_returns(returns, name.small),
    )


def month_counts(
    release: Release,
    counts: Counts,
    measure: Measure,
    figure: Figure,
    small: SmallNumbers,
    hidden_months: Mask | None = None,
) -> tuple[MonthCount, ...]:
    """The records behind a figure month by month, from the counts of its measure's standard.

    `hidden_months` are those withheld; None for those that this one figure would give away.
    """
    held = {m for r in release.of(measure.standard, figure.force) for m in r.key.months}
    own = counts.of_force(figure.force)
    covered = measure.counted_in(Period(figure.period_start, figure.period_end)).months()
    area = (figure.force,)
    group = measure.group(figure.group)
    if hidden_months is None:
        place = measure.groups.index(group) if group else 0
        hidden_months = withheld_months(measure, own, covered, area, small)[place]
    months = []
    for month, hidden in zip(covered, hidden_months, strict=True):
        within = own.within(Period.month(month), [area], leave_out_duplicates=release.leave_out_duplicates)
        within = small.counting(within) if measure.whole else within
        number = _amount(within(measure.counted(group))[0], measure)
        told = not hidden and figure.method != WITHHELD and figure.numerator is not None
        months.append(MonthCount(str(month), number if told else None, str(month) in held))
    return tuple(months)


def find_release(lake: Lake, digits: str) -> Release:
    """The release whose id begins with these digits. Raises UseError where none here does."""
    for name in release_names(lake):
        release = open_release(lake, name)
        if release.id.startswith(digits):
            return release
    raise UseError(
        f"no release in this lake has an id that begins with '{digits}'",
        where=str(lake.root),
        advice="Name the lake that the figure was made from with --lake.",
    )


def returns_behind(release: Release, measure: Measure, force: str, period: Period) -> tuple[Return, ...]:
    """The returns whose rows may be in a figure: those for its months, and for the month after.

    Published times are in UTC, so a month's file can hold rows that are dated in the month before.
    """
    months = [str(m) for m in period.months()]
    reach = {*months, str(Month.parse(months[-1]).next())}
    return tuple(r for r in release.of(measure.standard, force) if reach & set(r.key.months))


def counted_rows(release: Release, figure: Figure, engine: Engine) -> Iterator[tuple[str, str, int, bool]]:
    """The rows behind a figure: (file, its SHA-256, row, whether the row is a duplicate), in order.

    Only where a row stands is told, nothing of what it says. Raises UseError for a figure that is withheld,
    whose number the rows would give away, and for one that is rounded.
    """
    if figure.method == WITHHELD:
        raise UseError("the rows behind a figure that is withheld are not listed")
    if parse_figure_id(figure.id).small.round_to is not None:
        raise UseError("the rows behind a figure that is rounded are not listed: they can be counted")
    measure = find_measure(figure.measure)
    counted = measure.counted(_group(measure, figure.group))
    condition = counted.of if isinstance(counted, Quantity) else counted
    period = measure.counted_in(Period(figure.period_start, figure.period_end))
    for r in release.of(measure.standard, figure.force):
        frame = engine.scan(release.files([r]))
        if condition != EVERY:
            frame = frame.filter(condition.expression())
        table = collect(frame.select("source", "row", "record_month", "duplicate"))
        for row in sorted(table.to_pylist(), key=lambda x: (x["source"], x["row"])):
            inside = period.start <= row["record_month"] <= period.end
            if inside and not (release.leave_out_duplicates and row["duplicate"]):
                source = r.sources[row["source"]]
                yield source.name, source.sha256, row["row"], row["duplicate"]


def _amount(counted: float, measure: Measure) -> float:
    """A number of records, or a sum in its own unit."""
    return int(counted) if measure.whole else float(counted) / PER_WHOLE


def _group(measure: Measure, key: str | None) -> Group | None:
    """The group of an id. Raises UseError where the measure has no such figure."""
    known = [g.key for g in measure.groups]
    if key in known or (key is None and not known):
        return measure.group(key)
    raise UseError(
        f"the measure '{measure.id}' has no figure for the group '{key or 'all'}'",
        advice=f"Its groups: {', '.join(known) or 'all'}.",
    )
