"""The two charts with control limits: all forces against their size, and one force month by month.

How charts look is in `chart_style.py`; what is said about them in words is in `view.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from openpeel.figures.figure import Figure
from openpeel.figures.rounding import closely
from openpeel.figures.trend import Trend
from openpeel.publishing.axis import Axis, axis_for
from openpeel.publishing.chart_style import HALOED, LIMIT, OUTLINE, RED, TEXT, Shape, Spec, chart
from openpeel.publishing.charts import short_name
from openpeel.reference.periods import Month

_HEIGHT = {"wide": 320, "narrow": 300}
_WIDE_BAND = "#e4e9ee"  # what lies within the over-dispersed limits
_POINT = OUTLINE["in range"]


def in_funnel(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that have limits and so a place in the funnel, smallest denominator first."""
    placed = [
        f for f in figures if f.value is not None and f.denominator and f.comparison.control.lower is not None
    ]
    return sorted(placed, key=lambda f: (f.denominator or 0.0, f.force))


def funnel_chart(
    figures: Sequence[Figure], force: str, shape: Shape, *, sign: str = "", unit: str = ""
) -> Spec:
    """A point for each force at its denominator and value, between the limits that its denominator makes.

    `figures` are those of one measure for all forces, of which at least one is `in_funnel`; the one of `force` (its
    code) is marked. `sign` follows each number, `unit` stands over the chart. Shaded is what over-dispersed limits
    at 95 percent hold; lines are those of chance at 95 and 99.8 percent. Design: the funnel plots of Spiegelhalter
    (2005).
    """
    rows = [_place(f, force) for f in in_funnel(figures)]
    reach = [row[key] for row in rows for key in ("value", "lower", "upper", "wide_lower", "wide_upper")]
    scale = axis_for(reach, _shower(reach, figures[0].unit, sign), zero=False)
    x = {
        "field": "size",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False, "domain": _around([row["size"] for row in rows])},
        "axis": {
            **_look_of_axis(),
            "format": "~s",
            "tickCount": 6 if shape == "wide" else 4,
            "labelOverlap": True,
        },
        "title": None,
    }
    y = {"type": "quantitative", **_upright(scale)}
    common = {"x": x}

    def line(field: str, look: Spec) -> Spec:
        return {
            "mark": {"type": "line", "clip": True, **look},
            "encoding": {**common, "y": {**y, "field": field}},
        }

    dotted, dashed = (
        {"strokeWidth": 1.5, "color": RED, "strokeDash": [2, 3]},
        {"strokeWidth": 1.5, "color": RED},
    )
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": _WIDE_BAND, "clip": True},
            "encoding": {**common, "y": {**y, "field": "wide_lower"}, "y2": {"field": "wide_upper"}},
        },
        *(line(field, dotted) for field in ("lower", "upper")),
        *(line(field, {**dashed, "strokeDash": [7, 3]}) for field in ("outer_lower", "outer_upper")),
        line("centre", {"color": RED, "strokeWidth": 2}),
        {
            "mark": {"type": "point", "filled": True, "size": 45, "color": _POINT, "opacity": 0.9},
            "encoding": {**common, "y": {**y, "field": "value"}},
        },
        *_marked(rows, common, y),
    ]
    whole = chart(layers, shape, height=_HEIGHT[shape], over=unit)
    return {"data": {"values": rows}, **whole}


def trend_chart(trend: Trend, shape: Shape, *, sign: str = "", unit: str = "") -> Spec:
    """A force month by month with the centre and limits of its XmR chart; months that stand out are diamonds.

    A month that is left open breaks the line. `trend` has lines; `sign` and `unit` are as for `funnel_chart`.
    """
    rows = [
        {
            "place": place,
            "value": m.value,
            "centre": m.centre,
            "lower": m.lower,
            "upper": m.upper,
            "signal": bool(m.signals),
        }
        for place, m in enumerate(trend.months)
    ]
    reach = [x for m in trend.months for x in (m.value, m.lower, m.upper) if x is not None]
    scale = axis_for(reach, _shower(reach, trend.unit, sign), zero=False)
    months = [Month.parse(m.month) for m in trend.months]
    every = next(
        n for n in (1, 2, 3, 6, 12, 24, 60, 1200) if len(months) / n <= (14 if shape == "wide" else 6)
    )
    ticks = [i for i, m in enumerate(months) if (m.month - 1 + 12 * m.year) % every == 0]
    labels = json.dumps([f"{m.label[:3]} {m.year}" for m in months])
    x = {
        "field": "place",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [-0.5, len(rows) - 0.5], "nice": False},
        "axis": {
            **_look_of_axis(),
            "values": ticks,
            "labelExpr": f"{labels}[datum.value]",
            "labelOverlap": True,
        },
    }
    y = {"type": "quantitative", **_upright(scale)}

    def encoded(field: str) -> Spec:
        return {"x": x, "y": {**y, "field": field}}

    breaking = {"invalid": "break-paths-show-domains"}
    line = {"type": "line", **breaking}
    layers: list[Spec] = [
        *({"mark": {**line, **LIMIT}, "encoding": encoded(field)} for field in ("lower", "upper")),
        {"mark": {**line, "color": RED, "strokeWidth": 2}, "encoding": encoded("centre")},
        {"mark": {**line, "color": _POINT, "strokeWidth": 1.5}, "encoding": encoded("value")},
        {
            "transform": [{"filter": "!datum.signal && datum.value != null"}],
            "mark": {"type": "point", "filled": True, "size": 40, "color": _POINT, "opacity": 1},
            "encoding": encoded("value"),
        },
        {
            "transform": [{"filter": "datum.signal"}],
            "mark": {
                "type": "point",
                "shape": "diamond",
                "filled": True,
                "size": 130,
                "color": TEXT,
                "opacity": 1,
            },
            "encoding": encoded("value"),
        },
    ]
    whole = chart(layers, shape, height=_HEIGHT[shape], over=unit)
    return {"data": {"values": rows}, **whole}


def _place(figure: Figure, force: str) -> Spec:
    compared = figure.comparison
    return {
        "size": figure.denominator,
        "value": figure.value,
        "centre": compared.centre,
        "lower": compared.control.lower,
        "upper": compared.control.upper,
        "outer_lower": compared.control.outer_lower,
        "outer_upper": compared.control.outer_upper,
        "wide_lower": compared.overdispersed.lower,
        "wide_upper": compared.overdispersed.upper,
        "marked": figure.force == force,
        "name": short_name(figure),
    }


def _marked(rows: Sequence[Spec], common: Spec, y: Spec) -> list[Spec]:
    """The point of the inspected force, and its name on the side where there is room."""
    marked = [row for row in rows if row["marked"]]
    if not marked:
        return []
    own = {"data": {"values": marked}}
    place = {**common, "y": {**y, "field": "value"}}
    right = rows.index(marked[0]) < len(rows) / 2
    words = {"type": "text", "align": "left" if right else "right", "dx": 9 if right else -9, "fontSize": 13}
    return [
        {
            **own,
            "mark": {"type": "point", "filled": True, "size": 130, "color": TEXT, "opacity": 1},
            "encoding": place,
        },
        *(
            {
                **own,
                "mark": {**words, "fontWeight": "bold", **ink},
                "encoding": {**place, "text": {"field": "name"}},
            }
            for ink in HALOED
        ),
    ]


def _around(sizes: Sequence[float]) -> list[float]:
    """A little beyond the smallest and the largest, so that no point lies on the edge."""
    return [min(sizes) / 1.15, max(sizes) * 1.15]


def _shower(reach: Sequence[float], unit: str, sign: str) -> Callable[[float | None], str]:
    apart = 2 * (max(reach) - min(reach))  # ticks lie further from one another than values may

    def show(value: float | None) -> str:
        return closely(value, unit, apart) + sign

    return show


def _upright(scale: Axis) -> Spec:
    labels, ticks = json.dumps(scale.labels), json.dumps(scale.ticks)
    return {
        "title": None,
        "scale": {"domain": [scale.low, scale.high], "nice": False, "zero": False},
        "axis": {
            **_look_of_axis(),
            "grid": True,
            "domain": False,
            "values": list(scale.ticks),
            "labelExpr": f"{labels}[indexof({ticks}, datum.value)]",
        },
    }


def _look_of_axis() -> Spec:
    return {
        "labelFontSize": 12,
        "labelColor": TEXT,
        "labelPadding": 6,
        "grid": False,
        "gridColor": "#dfe3e6",
        "ticks": False,
        "domainColor": TEXT,
    }
