"""Answers with a drawing of a chart. Its address changes with what it shows, so that a browser may keep it for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from openpeel.measures import Measure
from openpeel.publishing.chart_style import Shape
from openpeel.reference.forces import Force
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.charts import (
    KINDS,
    SHAPES,
    Kind,
    draw_kept,
    forces_spec,
    groups_spec,
    marked,
    png_of,
    stamp,
    trend_spec,
)
from openpeel.web.explore.choices import known_force, may_choose
from openpeel.web.explore.stored import figures_of_force, figures_of_group, known_measure, trend_for
from openpeel.web.releases.models import Release

_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_A_YEAR = 31_536_000


@needs(Permission.SEE_PUBLISHED)
@require_safe
def chart(request: HttpRequest, stamp: str, release: str, measure: str, name: str) -> HttpResponse:
    """A chart of a measure in a release, as SVG or PNG."""
    actor = actor_on(request)
    shown = Release.objects.seen_by(actor).filter(name=release, figures_at__isnull=False).first()
    known = known_measure(measure)
    if shown is None or known is None or not _is_stamp(shown, stamp):
        raise Http404("no such chart")
    kind, shape, form = _named(name)
    force = known_force(request.GET["force"]) if request.GET.get("force") else None
    if force is not None and not may_choose(actor, shown, force):
        raise Http404("no such chart")
    svg = _drawing(shown, known, kind, shape, request.GET.get("group") or None, force)
    content = svg.encode() if form == "svg" else png_of(svg)
    response = HttpResponse(content, content_type=_TYPES[form])
    reach = "public" if shown.is_published else "private"
    response["Cache-Control"] = f"{reach}, max-age={_A_YEAR}, immutable"
    # An SVG that is opened by itself is a document: it may neither run nor load anything.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if "save" in request.GET:
        called = "-".join(part for part in (known.id, force.slug if force else "", kind) if part)
        response["Content-Disposition"] = f'attachment; filename="{called}.{form}"'
    return response


def _is_stamp(release: Release, given: str) -> bool:
    return constant_time_compare(given, stamp(release))


def _named(name: str) -> tuple[Kind, Shape, str]:
    """'sd-wide.svg' as kind, shape and form. Raises Http404."""
    for kind in KINDS:
        for shape in SHAPES:
            for form in _TYPES:
                if name == f"{kind}-{shape}.{form}":
                    return kind, shape, form
    raise Http404("no such chart")


def _drawing(
    release: Release, measure: Measure, kind: Kind, shape: Shape, group: str | None, force: Force | None
) -> str:
    if kind in ("groups", "months"):
        if force is None:
            raise Http404("a chart of one force says which")
        if kind == "groups":
            spec = groups_spec(measure, figures_of_force(release, force, [measure.id]), shape)
        else:
            trend = trend_for(release, measure, force)
            spec = trend_spec(measure, trend, shape) if trend else None
        if spec is None:
            raise Http404("there is nothing to draw")
        return draw_kept(spec)
    figures = figures_of_group(release, measure, group)
    spec = forces_spec(kind, measure, figures, shape) if figures and measure.compared else None
    if spec is None:
        raise Http404("there is nothing to draw")
    svg = draw_kept(spec)
    return svg if force is None else marked(kind, shape, svg, figures, force.code, measure.unit)
