"""Figures as files: CSV in full, and a workbook for whoever reads it in a spreadsheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openpeel.publishing.open_data import as_csv
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.choices import chosen_view, known_force, may_choose, measure_in, visible_releases
from openpeel.web.explore.stored import figure_of, figures_of_force
from openpeel.web.explore.workbook import workbook
from openpeel.web.releases.models import FigureTable
from openpeel.web.releases.reading import record_reading

_ODS = "application/vnd.oasis.opendocument.spreadsheet"


@needs(Permission.SEE_PUBLISHED)
@require_safe
def measure_figures(request: HttpRequest, measure: str, form: str) -> HttpResponse:
    """All figures of a measure in a release, of all forces and groups: CSV or .ods."""
    actor = actor_on(request)
    releases = visible_releases(actor)
    if form not in ("csv", "ods") or not releases:
        raise Http404("expected figures.csv or figures.ods")
    view = chosen_view(request, releases)
    known = measure_in(view.release, measure)
    tables = FigureTable.objects.filter(release=view.release, measure=known.id).order_by("place")
    figures = [figure_of(record) for table in tables for record in table.figures]
    record_reading(actor, view.release, f"all figures of the measure '{known.title}'")
    name = f"{known.id}-{view.release.name}.{form}"
    if form == "csv":
        return _file(as_csv(figures), "text/csv; charset=utf-8", name)
    return _file(workbook(figures, known, view.release, view.period), _ODS, name)


@needs(Permission.SEE_PUBLISHED)
@require_safe
def force_figures(request: HttpRequest, force: str) -> HttpResponse:
    """All figures of a force in a release, as CSV."""
    actor = actor_on(request)
    chosen = known_force(force)
    releases = visible_releases(actor)
    if not releases:
        raise Http404("nothing is published")
    release = chosen_view(request, releases).release
    if not may_choose(actor, release, chosen):
        raise Http404("another force's figures that are not published")
    record_reading(actor, release, f"all figures of {chosen.full_name}", chosen.code)
    content = as_csv(figures_of_force(release, chosen))
    return _file(content, "text/csv; charset=utf-8", f"{chosen.slug}-{release.name}.csv")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
