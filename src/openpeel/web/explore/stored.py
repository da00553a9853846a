"""Figures as they were worked out when a release was frozen, read from its tables.

Nothing is computed here: what a page prints is what the table holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpeel.errors import UseError
from openpeel.figures.figure import Comparison, Coverage, Figure, OwnLimits, Similar
from openpeel.figures.own_past import Change, PeriodValue, Rebase
from openpeel.figures.trend import MonthValue, Trend
from openpeel.measures import MEASURES, Measure, find_measure
from openpeel.publishing.view import area_title
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month, Period
from openpeel.standards import load_standard
from openpeel.standards.standard import load_code_list
from openpeel.web.releases.models import FigureTable, ForceTable, Release, TrendTable


@dataclass(frozen=True)
class Area:
    """An area of policing with the measures of it that a release has figures for, in the order of a report."""

    code: str
    title: str
    measures: tuple[Measure, ...]


def figure_of(record: Mapping[str, Any]) -> Figure:
    """The figure whose `as_json()` this is."""
    compared = dict(record["comparison"])
    compared["forces_missing"] = tuple(compared["forces_missing"])
    for kind in ("control", "overdispersed"):
        compared[kind] = OwnLimits(**compared[kind])
    compared["similar"] = Similar(**compared["similar"])
    return Figure(
        **{
            **record,
            "period_start": date.fromisoformat(record["period_start"]),
            "period_end": date.fromisoformat(record["period_end"]),
            "comparison": Comparison(**compared),
            "coverage": Coverage(**record["coverage"]),
        }
    )


def trend_of(record: Mapping[str, Any]) -> Trend:
    """The trend whose `as_json()` this is."""
    change = record["change"]
    return Trend(
        **{
            **record,
            "months": tuple(MonthValue(**{**m, "signals": tuple(m["signals"])}) for m in record["months"]),
            "rebases": tuple(Rebase(Month.parse(r["month"]), r["reason"]) for r in record["rebases"]),
            "change": None if change is None else _change(change),
        }
    )


def _change(record: Mapping[str, Any]) -> Change:
    return Change(
        **{**record, "now": _period_value(record["now"]), "before": _period_value(record["before"])}
    )


def _period_value(record: Mapping[str, Any]) -> PeriodValue:
    return PeriodValue(**{**record, "period": _period(record["period"])})


def _period(record: Mapping[str, Any]) -> Period:
    return Period(date.fromisoformat(record["start"]), date.fromisoformat(record["end"]))


def measures_of(release: Release) -> tuple[Measure, ...]:
    """The measures that a release has figures for, in the order of a report."""
    held = set(FigureTable.objects.filter(release=release).values_list("measure", flat=True).distinct())
    return tuple(m for m in MEASURES if m.id in held)


def area_of(measure: Measure) -> str:
    """The code of the area of policing that a measure belongs to."""
    return load_standard(measure.standard).area


def by_area(measures: Iterable[Measure]) -> tuple[Area, ...]:
    """Measures by area of policing: areas in the order of the inspectorate's framework, any others after them."""
    found: dict[str, list[Measure]] = {code.code: [] for code in load_code_list("policing_area").codes}
    for measure in measures:
        found.setdefault(area_of(measure), []).append(measure)
    return tuple(Area(code, area_title(code), tuple(these)) for code, these in found.items() if these)


def known_measure(measure_id: str) -> Measure | None:
    """The measure of that id; None where there is none."""
    try:
        return find_measure(measure_id)
    except UseError:
        return None


def figures_of_group(release: Release, measure: Measure, group: str | None) -> tuple[Figure, ...]:
    """One measure, or one group of it, for all forces; empty where the release has no such table."""
    table = FigureTable.objects.filter(release=release, measure=measure.id, group=group or "").first()
    return tuple(figure_of(record) for record in table.figures) if table else ()


def groups_of(release: Release, measure: Measure) -> tuple[str | None, ...]:
    """The keys of the groups that the release has figures for, in the measure's order; (None,) without groups."""
    held = FigureTable.objects.filter(release=release, measure=measure.id).order_by("place")
    return tuple(key or None for key in held.values_list("group", flat=True))


def figures_of_force(
    release: Release, force: Force, measures: Iterable[str] | None = None
) -> tuple[Figure, ...]:
    """The figures of a force in the order of measures; those of some measures, by id, where any are named."""
    table = ForceTable.objects.filter(release=release, force=force.code).first()
    wanted = None if measures is None else frozenset(measures)
    return tuple(
        figure_of(record)
        for record in (table.figures if table else ())
        if wanted is None or record["measure"] in wanted
    )


def trend_for(release: Release, measure: Measure, force: Force) -> Trend | None:
    """A measure of a force month by month; None where none was worked out."""
    table = TrendTable.objects.filter(release=release, measure=measure.id, force=force.code).first()
    return trend_of(table.trend) if table else None


def trends_of_force(release: Release, force: Force) -> dict[str, Trend]:
    """The trends of a force by measure."""
    tables = TrendTable.objects.filter(release=release, force=force.code)
    return {table.measure: trend_of(table.trend) for table in tables}
