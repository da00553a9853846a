"""The list of measures by area of policing, with a search, and with the values of a force if one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpeel.figures.figure import Figure
from openpeel.measures import Measure
from openpeel.standards import load_standard
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.choices import choosable_forces, chosen_view, visible_releases
from openpeel.web.explore.kept import kept_for_anybody
from openpeel.web.explore.rows import FigureRow, row_of
from openpeel.web.explore.stored import Area, by_area, figures_of_force, measures_of
from openpeel.web.releases.reading import record_reading

#: Longer than any search that means something.
_LONGEST = 100


@dataclass(frozen=True)
class MeasureRow:
    """A measure in a list, with the chosen force's figure; None where it has groups or no force is chosen."""

    measure: Measure
    own: FigureRow | None


@dataclass(frozen=True)
class AreaRows:
    """An area of policing with its measures as listed, and how many of the force's are out of range."""

    area: Area
    rows: tuple[MeasureRow, ...]
    apart: int


@needs(Permission.SEE_PUBLISHED)
@require_safe
@kept_for_anybody
def index(request: HttpRequest) -> HttpResponse:
    """Measures by area of policing."""
    actor = actor_on(request)
    releases = visible_releases(actor)
    if not releases:
        return render(request, "explore/nothing.html")
    view = chosen_view(request, releases)
    held = measures_of(view.release)
    areas = by_area(held)
    chosen = request.GET.get("area", "")
    sought = request.GET.get("q", "").strip()[:_LONGEST]
    if chosen and chosen not in {area.code for area in areas}:
        raise Http404("the release has no measures in such an area")
    own: dict[str, list[Figure]] = {}
    if view.force is not None:
        for figure in figures_of_force(view.release, view.force):
            own.setdefault(figure.measure, []).append(figure)
        record_reading(
            actor, view.release, f"the list of measures with those of {view.force.full_name}", view.force.code
        )
    rows = [_listed(area, own) for area in areas]
    if sought:
        rows = [found for one in rows if (found := _matching(one, sought)).rows]
    elif chosen:
        rows = [one for one in rows if one.area.code == chosen]
    context = {
        "view": view,
        "release": view.release,
        "force": view.force,
        "releases": releases,
        "forces": choosable_forces(actor, view.release),
        "areas": rows,
        "all_areas": areas,
        "listing": bool(sought or chosen),
        "chosen": chosen,
        "chosen_title": next((area.title for area in areas if area.code == chosen), ""),
        "sought": sought,
        "found": sum(len(one.rows) for one in rows),
        "total": len(held),
        "period": view.period.label,
        "here": request.path,
    }
    return render(request, "explore/index.html", context)


def _listed(area: Area, own: Mapping[str, Sequence[Figure]]) -> AreaRows:
    rows = []
    for measure in area.measures:
        figures = own.get(measure.id, ())
        single = figures[0] if len(figures) == 1 and figures[0].group is None else None
        rows.append(MeasureRow(measure, row_of(single) if single else None))
    apart = sum(
        row.own is not None and row.own.figure.comparison.verdict in ("above", "below") for row in rows
    )
    return AreaRows(area, tuple(rows), apart)


def _matching(area: AreaRows, sought: str) -> AreaRows:
    """The measures that have each word in their name, what they count, or the name of their records."""
    words = sought.casefold().split()

    def matches(measure: Measure) -> bool:
        text = " ".join(
            (
                measure.id.replace("_", " "),
                measure.title,
                measure.about,
                measure.noun,
                area.area.title,
                load_standard(measure.standard).title,
            )
        ).casefold()
        return all(word in text for word in words)

    return AreaRows(area.area, tuple(row for row in area.rows if matches(row.measure)), area.apart)
