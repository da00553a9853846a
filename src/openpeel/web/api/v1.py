"""The API, version 1: published releases, measures, forces, figures and trends as JSON, for anybody, to read only."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import Throttled, ValidationError
from ninja.params.functions import Query

from openpeel.reference.forces import all_forces
from openpeel.reference.periods import Period
from openpeel.web.api import published
from openpeel.web.api.limits import PerAddress
from openpeel.web.api.problems import NotThereError, NotUnderstoodError, not_understood, problem, too_many
from openpeel.web.api.schemas import (
    FigureOut,
    Figures,
    Forces,
    MeasureOut,
    Measures,
    Problem,
    ReleaseOut,
    Releases,
    Trends,
)
from openpeel.web.explore.stored import area_of, known_measure, measures_of

#: The most that one page holds, and what it holds where nobody says.
MOST, USUAL = 500, 100

api = NinjaAPI(
    title="openpeel",
    version="1",
    description="Published figures about police forces, with all that is needed to check them.",
    urls_namespace="api:v1",
    openapi_url="/openapi.json",
    docs_url=None,
    throttle=PerAddress(),
)

_Limit: Any = Query(USUAL, ge=1, le=MOST, description="How many, at most 500.")
_Offset: Any = Query(0, ge=0, le=10_000_000, description="How many to leave out from the start.")
_Release: Any = Query(None, description="The name of a release. Without: the latest.")
_Ending: Any = Query(None, description="The last day of the year that figures are about.")
_Measure: Any = Query(None, description="The id of a measure.")
_Force: Any = Query(None, description="The slug or code of a force.")
_Group: Any = Query(None, description="The key of a group; 'all' for measures as a whole.")
_Area: Any = Query(None, description="The code of an area of policing.")

_PROBLEMS: dict[int, Any] = {400: Problem, 404: Problem, 429: Problem}


@api.get("/releases", response={200: Releases, **_PROBLEMS}, summary="Published releases", tags=["Releases"])
def list_releases(request: HttpRequest, limit: int = _Limit, offset: int = _Offset) -> Any:
    """Published releases, the latest first."""
    found = [published.release_json(r) for r in published.releases()]
    return _page(request, len(found), found[offset : offset + limit], limit, offset)


@api.get(
    "/releases/{name}", response={200: ReleaseOut, **_PROBLEMS}, summary="One release", tags=["Releases"]
)
def one_release(request: HttpRequest, name: str) -> Any:
    """A published release by its name."""
    return published.release_json(published.release_named(name))


@api.get("/forces", response={200: Forces, **_PROBLEMS}, summary="Police forces", tags=["Forces"])
def list_forces(request: HttpRequest, limit: int = _Limit, offset: int = _Offset) -> Any:
    """The 43 forces of England and Wales, British Transport Police and the Police Service of Northern Ireland."""
    found = [published.force_json(f) for f in all_forces()]
    return _page(request, len(found), found[offset : offset + limit], limit, offset)


@api.get("/measures", response={200: Measures, **_PROBLEMS}, summary="Measures", tags=["Measures"])
def list_measures(
    request: HttpRequest,
    release: str | None = _Release,
    area: str | None = _Area,
    limit: int = _Limit,
    offset: int = _Offset,
) -> Any:
    """The measures that a release has figures for, with definition, unit, standard and groups."""
    chosen = published.chosen_release(release, None)
    held = measures_of(chosen)
    areas = sorted({area_of(m) for m in held})
    if area is not None and area not in areas:
        raise NotUnderstoodError("area", f"expected one of: {', '.join(areas)}")
    wanted = [m for m in held if area in (None, area_of(m))]
    period = Period.year_ending(chosen.ending)
    found = [published.measure_json(m, period) for m in wanted[offset : offset + limit]]
    return _page(request, len(wanted), found, limit, offset)


@api.get(
    "/measures/{measure}", response={200: MeasureOut, **_PROBLEMS}, summary="One measure", tags=["Measures"]
)
def one_measure(request: HttpRequest, measure: str) -> Any:
    """A measure by its id."""
    found = known_measure(measure)
    if found is None:
        raise NotThereError(f"There is no measure '{measure}'.")
    return published.measure_json(found, Period.year_ending(published.chosen_release(None, None).ending))


@api.get("/figures", response={200: Figures, **_PROBLEMS}, summary="Figures", tags=["Figures"])
def list_figures(
    request: HttpRequest,
    release: str | None = _Release,
    period_end: date | None = _Ending,
    measure: str | None = _Measure,
    force: str | None = _Force,
    group: str | None = _Group,
    limit: int = _Limit,
    offset: int = _Offset,
) -> Any:
    """The figures of one release, in the order of measures, groups and forces."""
    of_measure = published.chosen_measure(measure)
    count, found = published.figures(
        published.chosen_release(release, period_end),
        of_measure,
        published.chosen_force(force),
        published.checked_group(of_measure, group),
        offset,
        limit,
    )
    return _page(request, count, found, limit, offset)


@api.get("/figures/{id}", response={200: FigureOut, **_PROBLEMS}, summary="One figure", tags=["Figures"])
def one_figure(request: HttpRequest, id: str) -> Any:
    """A figure by its id, as it stands under charts and in downloads."""
    return published.figure_of_id(id)


@api.get("/trends", response={200: Trends, **_PROBLEMS}, summary="Months of a force", tags=["Trends"])
def list_trends(
    request: HttpRequest,
    release: str | None = _Release,
    period_end: date | None = _Ending,
    measure: str | None = _Measure,
    force: str | None = _Force,
    limit: int = _Limit,
    offset: int = _Offset,
) -> Any:
    """Measures of forces month by month with their control charts, in the order of measures and forces."""
    count, found = published.trends(
        published.chosen_release(release, period_end),
        published.chosen_measure(measure),
        published.chosen_force(force),
        offset,
        limit,
    )
    return _page(request, count, found, limit, offset)


def _page(
    request: HttpRequest, count: int, items: list[dict[str, Any]], limit: int, offset: int
) -> dict[str, Any]:
    after = None
    if offset + limit < count:
        asked = {**request.GET.dict(), "limit": str(limit), "offset": str(offset + limit)}
        after = request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")
    return {"items": items, "count": count, "limit": limit, "offset": offset, "next": after}


@api.exception_handler(NotThereError)
def _not_there(request: HttpRequest, error: NotThereError) -> HttpResponse:
    return problem(404, error.detail)


@api.exception_handler(NotUnderstoodError)
def _not_understood(request: HttpRequest, error: NotUnderstoodError) -> HttpResponse:
    return problem(
        400, f"The parameter '{error.name}' could not be understood.", [(error.name, error.reason)]
    )


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return not_understood(error.errors)


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    return too_many(error.wait)
