"""Charts of a release: which there are, how they are declared, drawn once, and kept.

A chart of all forces is drawn once without a mark, and a force is marked in the drawing (`marking.py`): that takes a
thousandth of the time. A drawing is kept on the disk under the hash of what it is drawn from, under `settings.CHARTS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from openpeel.figures.figure import Figure
from openpeel.figures.rounding import number
from openpeel.figures.trend import Trend
from openpeel.measures import Measure
from openpeel.publishing.chart_style import LIMIT, Shape, Spec, bar_look
from openpeel.publishing.charts import drawn, forces_chart, groups_chart, short_name
from openpeel.publishing.control_charts import funnel_chart, in_funnel, trend_chart
from openpeel.reports.drawings import keep_drawing, kept_drawing, place_of
from openpeel.web.explore.drawer import Drawer
from openpeel.web.explore.marking import mark_bar, mark_point
from openpeel.web.releases.models import Release

Kind = Literal["sd", "control", "overdispersed", "groups", "months"]
#: Those that show all forces; the others are of one.
FORCES_KINDS: tuple[Kind, ...] = ("sd", "control", "overdispersed")
KINDS: tuple[Kind, ...] = (*FORCES_KINDS, "groups", "months")
SHAPES: tuple[Shape, ...] = ("wide", "narrow")

_drawer = Drawer()


@dataclass(frozen=True)
class Chart:
    """A chart of a measure in a release: its kind, and the force that is marked in it or that it is about (a slug)."""

    release: Release
    measure: str
    kind: Kind
    group: str | None = None
    force: str = ""

    def href(self, shape: Shape, form: str = "svg") -> str:
        """Where it is. The address changes with what it shows, and nobody finds it who has not seen a page."""
        path = reverse(
            "explore:chart",
            kwargs={
                "stamp": stamp(self.release),
                "release": self.release.name,
                "measure": self.measure,
                "name": f"{self.kind}-{shape}.{form}",
            },
        )
        query = urlencode({k: v for k, v in (("force", self.force), ("group", self.group)) if v})
        return f"{path}?{query}" if query else path


def stamp(release: Release) -> str:
    """What stands in the addresses of a release's charts: another as soon as its figures are worked out anew."""
    return salted_hmac("explore.charts", f"{release.key} {release.figures_at} {_LOOK}").hexdigest()[:16]


#: Raised when charts are to look otherwise, so that nobody's browser shows an old one.
_LOOK = 1


def forces_spec(kind: Kind, measure: Measure, figures: Sequence[Figure], shape: Shape) -> Spec | None:
    """A chart of all forces, none of them marked; None where there is nothing to draw."""
    if kind == "sd":
        if not drawn(figures, ""):
            return None
        show = partial(_with_sign, measure.unit)
        return forces_chart(figures, "", show, shape, unit=_over(measure), parity=measure.unit == "ratio")
    if not in_funnel(figures):
        return None
    return _one_method(
        kind, funnel_chart(figures, "", shape, sign=_sign(measure), unit=_over(measure)), figures, shape
    )


def groups_spec(measure: Measure, own: Sequence[Figure], shape: Shape) -> Spec | None:
    """The groups of a force side by side, largest first; None where none has a value."""
    if not any(f.value is not None for f in own):
        return None
    titles = {g.key: g.title for g in measure.groups}
    ordered = sorted(own, key=lambda f: -(f.value if f.value is not None else -1.0))
    show = partial(_with_sign, measure.unit)
    return groups_chart(
        [(titles[f.group or ""], f) for f in ordered], show, shape, parity=measure.unit == "ratio"
    )


def trend_spec(measure: Measure, trend: Trend, shape: Shape) -> Spec | None:
    """A force month by month; None where the chart has no lines."""
    if trend.no_lines_because:
        return None
    return trend_chart(trend, shape, sign=_sign(measure), unit=_over(measure))


def draw_kept(spec: Spec) -> str:
    """The drawing of a chart: the one that is kept or, where there is none, one that is made and kept."""
    place = place_of(spec, Path(settings.CHARTS))
    svg = kept_drawing(place)
    if svg is None:
        svg = _drawer.svg(spec).encode()
        keep_drawing(place, svg)
    return svg.decode()


def marked(kind: Kind, shape: Shape, svg: str, figures: Sequence[Figure], force: str, unit: str) -> str:
    """A drawing of `forces_spec` with one force (its code) marked; the drawing itself where it is not in it."""
    shown = drawn(figures, "") if kind == "sd" else tuple(in_funnel(figures))
    place = next((i for i, f in enumerate(shown) if f.force == force), None)
    if place is None:
        return svg
    value = _with_sign(unit, shown[place].value)
    if kind == "sd":
        return mark_bar(svg, place, value, shape)
    return mark_point(svg, place, f"{short_name(shown[place])} {value}")


def png_of(svg: str) -> bytes:
    """A drawing as PNG."""
    return _drawer.png(svg)


def _one_method(kind: Kind, spec: Spec, figures: Sequence[Figure], shape: Shape) -> Spec:
    """Of a funnel with the limits of both methods those of one, with each force by its verdict."""
    band, inner, outer, centre, points = (
        spec["layer"][0],
        spec["layer"][1:3],
        spec["layer"][3:5],
        spec["layer"][5],
        spec["layer"][6],
    )
    rows: list[dict[str, Any]] = spec["data"]["values"]
    for row, figure in zip(rows, in_funnel(figures), strict=True):
        compared = figure.comparison
        row["verdict"] = (compared.control if kind == "control" else compared.overdispersed).verdict
    look = bar_look(rows, shape)
    coloured = {
        "mark": {"type": "point", "size": 70, "opacity": 1},
        "encoding": {**points["encoding"], **look},
    }
    if kind == "control":
        layers = [*inner, *outer, centre, coloured]
    else:
        edges = [
            {
                "mark": {"type": "line", "clip": True, **LIMIT},
                "encoding": {**inner[0]["encoding"], "y": {**inner[0]["encoding"]["y"], "field": field}},
            }
            for field in ("wide_lower", "wide_upper")
        ]
        layers = [band, *edges, centre, coloured]
    return {**spec, "layer": layers}


def _with_sign(unit: str, value: float | None) -> str:
    """'64.0%', '5.7': as axes and labels print a value."""
    return number(value, unit) + ("%" if unit == "percent" and value is not None else "")


def _sign(measure: Measure) -> str:
    return "%" if measure.unit == "percent" else ""


def _over(measure: Measure) -> str:
    return "" if measure.unit == "percent" else measure.unit
