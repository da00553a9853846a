"""The page of a measure: all forces in a chart, a table and a map, one force by group and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.figures.trend import Trend
from openpeel.figures.wording import change_sentence, largest_sentence, trend_sentence
from openpeel.measures import Measure
from openpeel.measures.measure import Group
from openpeel.publishing.charts import drawn
from openpeel.publishing.control_charts import in_funnel
from openpeel.publishing.view import area_title
from openpeel.standards import load_standard
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.cartogram import cartogram
from openpeel.web.explore.charts import Chart, Kind
from openpeel.web.explore.choices import (
    METHODS,
    View,
    choosable_forces,
    chosen_view,
    measure_in,
    visible_releases,
)
from openpeel.web.explore.kept import kept_for_anybody
from openpeel.web.explore.rows import (
    force_rows,
    month_rows,
    not_assessed,
    row_of,
    said_of,
    said_of_all,
    unit_after,
)
from openpeel.web.explore.stored import area_of, figures_of_force, figures_of_group, groups_of, trend_for
from openpeel.web.releases.reading import record_reading


@dataclass(frozen=True)
class Picture:
    """A chart on a page: where its shapes are and what it says in words."""

    chart: Chart
    alt: str

    @property
    def wide(self) -> str:
        """The address of the drawing for a screen or paper."""
        return self.chart.href("wide")

    @property
    def narrow(self) -> str:
        """The address of the drawing for a phone."""
        return self.chart.href("narrow")

    @property
    def png(self) -> str:
        """The address of the same as PNG."""
        return self.chart.href("wide", "png")


@needs(Permission.SEE_PUBLISHED)
@require_safe
@kept_for_anybody
def measure_page(request: HttpRequest, measure: str) -> HttpResponse:
    """A measure in a release."""
    actor = actor_on(request)
    releases = visible_releases(actor)
    if not releases:
        raise Http404("nothing is published")
    view = chosen_view(request, releases)
    known = measure_in(view.release, measure)
    view = chosen_view(request, releases, known)
    figures = figures_of_group(view.release, known, view.group)
    if not figures:
        raise Http404("the release has no figures for this measure")
    record_reading(actor, view.release, f"the measure '{known.title}'", view.force.code if view.force else "")
    context = {
        **page_of(view, known, figures),
        "releases": releases,
        "forces": choosable_forces(actor, view.release),
        "here": request.path,
        "permanent": request.build_absolute_uri(f"{request.path}?{view.query()}"),
        "trail_of_pages": [
            {"text": "Explore", "href": f"{reverse('explore:index')}?{view.query(group='', method='')}"},
            {
                "text": area_title(area_of(known)),
                "href": f"{reverse('explore:index')}?{view.query(group='', method='', area=area_of(known))}",
            },
        ],
    }
    return render(request, "explore/measure.html", context)


def page_of(view: View, measure: Measure, figures: tuple[Figure, ...]) -> dict[str, Any]:
    """All that the page of a measure says, from the figures of all forces in the group that is chosen."""
    force = view.force
    code = force.code if force else ""
    own = next((f for f in figures if f.force == code), None)
    group = measure.group(view.group)
    keys = groups_of(view.release, measure)
    trend = trend_for(view.release, measure, force) if force and not measure.groups else None
    groups = _groups(view, measure) if force and measure.groups else ()
    standard = load_standard(measure.standard)
    counted, denominator, formula = measure.explained(group, view.period)
    shared = figures[0].comparison
    wide_map, narrow_map = (cartogram(figures, force.slug if force else "", s) for s in ("wide", "narrow"))
    return {
        "view": view,
        "release": view.release,
        "force": force,
        "measure": measure,
        "standard": standard,
        "group": group,
        "group_choices": [(key, measure.group(key)) for key in keys if key],
        "title": f"{measure.title}: {group.title}" if group else measure.title,
        "period": view.period.label,
        "methods": [{"method": m, "href": f"?{view.query(method=_key(m.key))}"} for m in METHODS]
        if measure.compared
        else [],
        "said": said_of(measure, own) if own else (),
        "own": row_of(own, code) if own else None,
        "chart": _picture(view, measure, figures),
        "chart_caption": _caption(view, measure, group),
        "said_of_all": said_of_all(figures, view.method) if measure.compared else "",
        "no_limits": shared.no_limits_because if view.method.key != "sd" else "",
        "rows": force_rows(figures, code),
        "england_and_wales": shared.england_and_wales,
        "maps": (wide_map, narrow_map),
        "groups_picture": _groups_picture(view, measure, groups),
        "group_rows": [(f.group, measure.group(f.group), row_of(f, code)) for f in groups],
        "largest": largest_sentence(groups) if groups else "",
        "trend": trend,
        "trend_picture": _trend_picture(view, measure, trend) if trend else None,
        "trend_said": _trend_said(trend) if trend else (),
        "months": month_rows(trend) if trend and not trend.no_lines_because else (),
        "not_assessed": not_assessed(figures) if measure.compared else (),
        "withheld": sum(f.method == WITHHELD for f in figures),
        "notes": _notes(own),
        "counted": counted,
        "denominator": denominator,
        "formula": formula,
        "unit": unit_after(measure.unit),
        "sources": _sources(view, measure),
        "definition": figures[0].definition,
        "release_id": figures[0].release,
        "better": {"higher": "Higher is better.", "lower": "Lower is better."}.get(measure.better, ""),
        "limit": measure.limit,
        "limit_shown": shown(measure.limit.value, measure.unit) if measure.limit else "",
    }


def _key(key: str) -> str:
    """The method as it stands in an address: the default is left out."""
    return "" if key == METHODS[0].key else key


def _caption(view: View, measure: Measure, group: Group | None) -> str:
    title = f"{measure.title}: {group.title}" if group else measure.title
    key = {
        "sd": "The line is the mean of the forces, the dotted ones lie one standard deviation from it.",
        "control": "Forces from the smallest to the largest denominator; the dotted lines are the limits of chance at "
        "95%, the dashed ones at 99.8%.",
        "overdispersed": "Forces from the smallest to the largest denominator; shaded is what the limits at 95% hold "
        "that allow for how forces differ.",
    }
    return f"{title}, {view.period.label}. {key[view.method.key]}"


def _picture(view: View, measure: Measure, figures: tuple[Figure, ...]) -> Picture | None:
    if not measure.compared:
        return None
    kind: Kind = view.method.key  # type: ignore[assignment]  # the methods are the first kinds of chart
    placed = drawn(figures, "") if kind == "sd" else in_funnel(figures)
    if not placed:
        return None
    code = view.force.code if view.force else ""
    own = next((f for f in placed if f.force == code), None)
    said = said_of_all(figures, view.method)
    if own is not None:
        said = f"{own.force_name} {row_of(own).value}. {said}"
    return Picture(_chart(view, measure, kind, marked=own is not None), said)


def _chart(view: View, measure: Measure, kind: Kind, *, marked: bool) -> Chart:
    slug = view.force.slug if view.force and marked else ""
    return Chart(view.release, measure.id, kind, view.group, slug)


def _groups(view: View, measure: Measure) -> tuple[Figure, ...]:
    assert view.force is not None
    return figures_of_force(view.release, view.force, [measure.id])


def _groups_picture(view: View, measure: Measure, groups: tuple[Figure, ...]) -> Picture | None:
    if view.force is None or not any(f.value is not None for f in groups):
        return None
    said = "; ".join(f"{f.title.rpartition(': ')[2]} {row_of(f).value}" for f in groups)
    chart = Chart(view.release, measure.id, "groups", None, view.force.slug)
    return Picture(chart, f"{view.force.full_name}: {said}.")


def _trend_picture(view: View, measure: Measure, trend: Trend) -> Picture | None:
    if trend.no_lines_because or view.force is None:
        return None
    chart = Chart(view.release, measure.id, "months", None, view.force.slug)
    return Picture(chart, f"{view.force.full_name}: {trend_sentence(trend)}")


def _trend_said(trend: Trend) -> tuple[str, ...]:
    changed = (change_sentence(trend.change, trend.unit),) if trend.change else ()
    return (*changed, trend_sentence(trend), *((trend.note,) if trend.note else ()))


def _sources(view: View, measure: Measure) -> tuple[str, ...]:
    said = measure.sources_for(view.period)
    return tuple(f"invented records, in place of {one}" for one in said) if view.release.invented else said


def _notes(own: Figure | None) -> tuple[str, ...]:
    return (own.coverage.note,) if own is not None and own.coverage.note else ()
