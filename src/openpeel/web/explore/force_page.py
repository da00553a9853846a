"""The profile of a force: all its figures on one page, what is out of range, and what has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from openpeel.figures.figure import Figure
from openpeel.figures.rounding import closely, shown
from openpeel.figures.trend import Trend
from openpeel.measures import Measure
from openpeel.publishing.matters import RECENT, moved, stands_apart
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.choices import (
    View,
    choosable_forces,
    chosen_view,
    known_force,
    may_choose,
    visible_releases,
)
from openpeel.web.explore.kept import kept_for_anybody
from openpeel.web.explore.rows import NOTHING, STANDS, FigureRow, row_of, unit_after
from openpeel.web.explore.stored import by_area, figures_of_force, measures_of, trends_of_force
from openpeel.web.releases.reading import record_reading

_OUTSIDE = ("above", "below")


@dataclass(frozen=True)
class Moved:
    """What a measure did over time: against the year before, and in the months of late; '' for nothing."""

    change: str
    months: str
    turn: str


@dataclass(frozen=True)
class ProfileRow:
    """A measure of the force: its figure or, where it has groups, how many of them are out of range."""

    measure: Measure
    own: FigureRow | None
    unit: str
    mean: str
    wide: str
    limit: str
    groups: int
    groups_outside: tuple[str, ...]
    moved: Moved | None
    misses_limit: bool
    outside: bool


@dataclass(frozen=True)
class ProfileArea:
    """An area of policing in a profile."""

    code: str
    title: str
    rows: tuple[ProfileRow, ...]

    @property
    def outside(self) -> int:
        """How many measures are out of range by one of the methods that count."""
        return sum(row.outside for row in self.rows)


@needs(Permission.SEE_PUBLISHED)
@require_safe
@kept_for_anybody
def force_page(request: HttpRequest, force: str) -> HttpResponse:
    """One force in a release."""
    actor = actor_on(request)
    releases = visible_releases(actor)
    chosen = known_force(force)
    if not releases:
        raise Http404("nothing is published")
    release = chosen_view(request, releases).release
    if not may_choose(actor, release, chosen):
        raise Http404("another force's figures that are not published")
    view = View(release, chosen)
    areas = profile(view)
    record_reading(actor, release, f"the profile of {chosen.full_name}", chosen.code)
    rows = [row for area in areas for row in area.rows]
    compared = [row for row in rows if row.own is not None and row.measure.compared]
    context = {
        "view": view,
        "release": release,
        "force": chosen,
        "releases": releases,
        "forces": choosable_forces(actor, release),
        "period": view.period.label,
        "areas": areas,
        "total": len(rows),
        "compared": len(compared),
        "outside": [row for row in rows if row.outside],
        "both": [row for row in compared if _by_band(row) and _by_wide(row)],
        "missed": [row for row in rows if row.misses_limit],
        "moved": [row for row in rows if row.moved is not None and row.moved.change],
        "here": request.path,
        "permanent": request.build_absolute_uri(f"{request.path}?release={release.name}"),
        "trail_of_pages": [
            {"text": "Explore", "href": f"{reverse('explore:index')}?{view.query()}"},
        ],
    }
    return render(request, "explore/force.html", context)


def profile(view: View) -> tuple[ProfileArea, ...]:
    """All measures of the view's force, by area of policing."""
    assert view.force is not None
    own: dict[str, list[Figure]] = {}
    for figure in figures_of_force(view.release, view.force):
        own.setdefault(figure.measure, []).append(figure)
    trends = trends_of_force(view.release, view.force)
    return tuple(
        ProfileArea(area.code, area.title, tuple(_row(m, own, trends) for m in area.measures if m.id in own))
        for area in by_area(measures_of(view.release))
    )


def _row(measure: Measure, own: Mapping[str, Sequence[Figure]], trends: Mapping[str, Trend]) -> ProfileRow:
    figures = own[measure.id]
    single = figures[0] if figures[0].group is None else None
    outside = [f for f in figures if f.group is not None and f.comparison.verdict in _OUTSIDE]
    return ProfileRow(
        measure=measure,
        own=row_of(single) if single else None,
        unit=unit_after(measure.unit),
        mean=shown(single.comparison.mean, single.unit) if single and measure.compared else NOTHING,
        wide=STANDS[single.comparison.overdispersed.verdict] if single else NOTHING,
        limit=shown(measure.limit.value, measure.unit) if measure.limit else "",
        groups=0 if single else len(figures),
        groups_outside=tuple(f.title.rpartition(": ")[2] for f in outside),
        moved=_moved(measure, trends.get(measure.id)),
        misses_limit=any(f.limit_met is False for f in figures),
        outside=single is not None and _apart(single),
    )


def _apart(figure: Figure) -> bool:
    """Whether a figure is out of range, by one standard deviation or by limits that allow for how forces differ."""
    return stands_apart(figure) and (
        figure.comparison.verdict in _OUTSIDE or figure.comparison.overdispersed.verdict in _OUTSIDE
    )


def _by_band(row: ProfileRow) -> bool:
    return row.own is not None and row.own.figure.comparison.verdict in _OUTSIDE


def _by_wide(row: ProfileRow) -> bool:
    return row.own is not None and row.own.figure.comparison.overdispersed.verdict in _OUTSIDE


def _moved(measure: Measure, trend: Trend | None) -> Moved | None:
    if trend is None or not moved(trend):
        return None
    change, said, turn = trend.change, "", ""
    if change is not None and change.verdict in ("rise", "fall"):
        apart = None
        if change.lower is not None and change.upper is not None:
            scale = 1.0 if change.measured == "difference" else change.before.value or 0.0
            apart = (change.upper - change.lower) * scale
        sign = "%" if trend.unit == "percent" else ""
        was, now = (closely(one.value, trend.unit, apart) + sign for one in (change.before, change.now))
        arrow = "▲" if change.verdict == "rise" else "▼"
        said = f"{arrow} {change.verdict} from {was} to {now}"
        good = {"higher": "rise", "lower": "fall"}.get(measure.better)
        turn = "" if good is None else "Better" if good == change.verdict else "Worse"
    recent = sum(bool(m.signals) for m in trend.months[-RECENT:])
    months = f"{recent} of the last {min(RECENT, len(trend.months))} months stand out" if recent else ""
    return Moved(said, months, turn)
