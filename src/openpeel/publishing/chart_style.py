"""What all charts share: colours, type, axes, legend, and outer size.

Which marks a chart is made of stands in `charts.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openpeel.publishing.axis import Axis

Shape = Literal["wide", "narrow"]
Rows = Sequence[Mapping[str, Any]]
#: A part of a chart in Vega-Lite. Plain, and not made with Altair: its checks take longer than the drawing.
Spec = dict[str, Any]

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


def layer(rows: Rows, mark: str, look: Mapping[str, Any], **encoding: Mapping[str, Any]) -> Spec:
    """Marks of one kind, one for each row; the rows are carried inside the chart."""
    return {
        "data": {"values": [dict(row) for row in rows]},
        "mark": {"type": mark, **look},
        "encoding": encoding,
    }


def of(field: str, kind: str = "quantitative", **more: Any) -> Spec:
    """Where a mark is, or what it says, by a field of its row."""
    return {"field": field, "type": kind, **more}


def bar_look(rows: Rows, shape: Shape, *, room_below_legend: int = 10) -> dict[str, Any]:
    """Fill, outline and legend by verdict; a marked bar has a thick black outline as well."""
    present = {row["verdict"] for row in rows}
    states = [state for state in FILL if state != "not assessed" or state in present]
    # Where nothing is compared, a key to the comparison would only puzzle.
    legend = (
        None
        if present <= {"not assessed"}
        else {
            "orient": "top",
            "direction": "horizontal" if shape == "wide" else "vertical",
            "title": None,
            "labelExpr": f"{json.dumps(MEANING)}[datum.label]",
            "symbolType": "square",
            "symbolSize": 160,
            "symbolStrokeWidth": 1.5,
            "labelFontSize": 12,
            "labelColor": TEXT,
            "offset": room_below_legend,
        }
    )

    def by_verdict(colours: Mapping[str, str]) -> Spec:
        scale = {"domain": states, "range": [colours[state] for state in states]}
        return of("verdict", "nominal", scale=scale, legend=legend)

    return {
        "fill": by_verdict(FILL),
        "stroke": {"condition": {"test": "datum.marked", "value": TEXT}, **by_verdict(OUTLINE)},
        "strokeWidth": {"condition": {"test": "datum.marked", "value": 3}, "value": 1},
    }


def name_axis(names: Sequence[str], *, bold: int | None = None, angle: float = 0, limit: int = 150) -> Spec:
    """Names by place, not by value, so that two alike or a strange one cannot disturb the order."""
    test = "false" if bold is None else f"datum.value == {bold}"
    return {
        "labelExpr": f"{json.dumps(list(names))}[datum.value]",
        "labelAngle": angle,
        "labelFontSize": 12,
        "labelColor": TEXT,
        "labelLimit": limit,
        "labelFontWeight": {"condition": {"test": test, "value": "bold"}, "value": "normal"},
        "labelPadding": 4,
        "labelOverlap": False,
        "ticks": False,
        "domainColor": TEXT,
    }


def value_axis(scale: Axis, *, most: int) -> Spec:
    """At most `most` of the ticks, with their labels as printed everywhere else on the page."""
    every = -(-len(scale.ticks) // most)
    labels, ticks = json.dumps(scale.labels), json.dumps(scale.ticks)
    return {
        "values": list(scale.ticks[::every]),
        "labelExpr": f"{labels}[indexof({ticks}, datum.value)]",
        "labelFontSize": 12,
        "labelColor": TEXT,
        "grid": True,
        "gridColor": "#dfe3e6",
        "ticks": False,
        "domain": False,
        "labelPadding": 6,
    }


def domain(scale: Axis) -> Spec:
    """The value scale, exactly as long as the axis says."""
    return {"domain": [scale.low, scale.high], "nice": False, "zero": True}


def chart(layers: Sequence[Spec], shape: Shape, *, height: int | Spec, over: str = "") -> Spec:
    """The layers as one chart in Vega-Lite, with `over` (a unit) written above the plot.

    The outer width is fixed whatever the names need; the plot takes what is left. `height` is in px or, as a step,
    in px for each name.
    """
    return {
        "layer": list(layers),
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
        # The page says each chart in words; names for the parts of a picture reach nobody, and double its size.
        "config": {"font": _FONT, "view": {"stroke": None}, "aria": False},
    }
