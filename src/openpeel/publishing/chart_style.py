"""What all charts share: colours, type, axes, legend, outer size, and the step to SVG.

Which marks a chart is made of stands in `charts.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import vl_convert

from openpeel.publishing.axis import Axis

Shape = Literal["wide", "narrow"]
Rows = Sequence[Mapping[str, Any]]

TEXT = "#0b0c0c"
RED = "#c4281c"
# Fill and outline of a bar by verdict. Every outline has at least 3:1 against white, and 'in range' is the
# only pale fill, so the three states stay apart in greyscale and for any colour vision.
FILL = {"above": "#003078", "in range": "#ccd6e0", "below": "#5694ca", "not assessed": "#ffffff"}
OUTLINE = {"above": "#003078", "in range": "#5a6b7b", "below": "#27659e", "not assessed": "#5a6b7b"}
MEANING = {
    "above": "Above the range",
    "in range": "Within the range",
    "below": "Below the range",
    "not assessed": "Not assessed",
}
LIMIT: dict[str, Any] = {"color": RED, "strokeDash": [2, 3], "strokeWidth": 2}
CASING: dict[str, Any] = {"color": "white", "strokeWidth": 3.5, "opacity": 0.85}
# Words are drawn twice, first as a white rim, so that a line behind them does not cross them out.
HALOED: tuple[dict[str, Any], ...] = (
    {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"},
    {"color": TEXT},
)

_WIDTH = {"wide": 800, "narrow": 345}
_FONT = "Liberation Sans, Arial, sans-serif"


def on(rows: Rows) -> alt.Chart:
    """A chart of these rows, carried inside the chart."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def bar_look(rows: Rows, shape: Shape, *, room_below_legend: int = 10) -> dict[str, Any]:
    """Fill, outline and legend by verdict; a marked bar has a thick black outline as well."""
    present = {row["verdict"] for row in rows}
    states = [state for state in FILL if state != "not assessed" or state in present]
    # Where nothing is compared, a key to the comparison would only puzzle.
    legend = (
        None
        if present <= {"not assessed"}
        else alt.Legend(
            orient="top",
            direction="horizontal" if shape == "wide" else "vertical",
            title=None,
            labelExpr=f"{json.dumps(MEANING)}[datum.label]",
            symbolType="square",
            symbolSize=160,
            symbolStrokeWidth=1.5,
            labelFontSize=12,
            labelColor=TEXT,
            offset=room_below_legend,
        )
    )

    def scale(colours: Mapping[str, str]) -> alt.Scale:
        return alt.Scale(domain=states, range=[colours[state] for state in states])

    return {
        "fill": alt.Fill("verdict:N", scale=scale(FILL), legend=legend),
        "stroke": alt.condition(
            "datum.marked", alt.value(TEXT), alt.Stroke("verdict:N", scale=scale(OUTLINE), legend=legend)
        ),
        "strokeWidth": alt.condition("datum.marked", alt.value(3), alt.value(1)),
    }


def name_axis(
    names: Sequence[str], *, bold: int | None = None, angle: float = 0, limit: int = 150
) -> alt.Axis:
    """Names by place, not by value, so that two alike or a strange one cannot disturb the order."""
    return alt.Axis(
        labelExpr=f"{json.dumps(list(names))}[datum.value]",
        labelAngle=angle,
        labelFontSize=12,
        labelColor=TEXT,
        labelLimit=limit,
        labelFontWeight=alt.condition(
            "false" if bold is None else f"datum.value == {bold}", alt.value("bold"), alt.value("normal")
        ),
        labelPadding=4,
        labelOverlap=False,
        ticks=False,
        domainColor=TEXT,
    )


def value_axis(scale: Axis, *, most: int) -> alt.Axis:
    """At most `most` of the ticks, with their labels as printed everywhere else on the page."""
    every = -(-len(scale.ticks) // most)
    labels, ticks = json.dumps(scale.labels), json.dumps(scale.ticks)
    return alt.Axis(
        values=list(scale.ticks[::every]),
        labelExpr=f"{labels}[indexof({ticks}, datum.value)]",
        labelFontSize=12,
        labelColor=TEXT,
        grid=True,
        gridColor="#dfe3e6",
        ticks=False,
        domain=False,
        labelPadding=6,
    )


def domain(scale: Axis) -> alt.Scale:
    """The value scale, exactly as long as the axis says."""
    return alt.Scale(domain=[scale.low, scale.high], nice=False, zero=True)


def svg(layers: Sequence[alt.Chart], shape: Shape, *, height: int | alt.Step, over: str = "") -> str:
    """The layers as one SVG, with `over` (a unit) written above the plot.

    The outer width is fixed whatever the names need; the plot takes what is left.
    """
    chart = (
        alt.layer(*layers)
        .properties(
            width=_WIDTH[shape],
            height=height,
            padding=6,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            title=alt.TitleParams(
                over, anchor="start", fontSize=12, fontWeight="normal", color=TEXT, offset=8
            ),
        )
        .configure(font=_FONT)
        .configure_view(stroke=None)
    )
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.4")


def spec_svg(spec: Mapping[str, Any], shape: Shape, *, height: int, over: str = "") -> str:
    """A chart declared as plain Vega-Lite (data and layers) as SVG, of the same size and type as the others."""
    whole = {
        **spec,
        "width": _WIDTH[shape],
        "height": height,
        "padding": 6,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "title": {
            "text": over,
            "anchor": "start",
            "fontSize": 12,
            "fontWeight": "normal",
            "color": TEXT,
            "offset": 8,
        },
        "config": {"font": _FONT, "view": {"stroke": None}},
    }
    return vl_convert.vegalite_to_svg(whole, vl_version="6.4")
