"""The charts of the page: one force among all, and one force's groups among their means.

Each is made twice from the same figures, wide for a screen or paper and narrow for a phone: a wide one made small
enough for a phone has letters of 5 px, and a narrow one has no room for 43 names beneath upright bars. How charts
look is in `chart_style.py`, how they are drawn in `drawing.py`; what is said about them in words is in `view.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from openpeel.figures.figure import WITHHELD, Comparison, Figure
from openpeel.publishing.axis import Axis, Show, axis_for, kept_apart
from openpeel.publishing.chart_style import (
    CASING,
    HALOED,
    LIMIT,
    RED,
    TEXT,
    Rows,
    Shape,
    Spec,
    bar_look,
    chart,
    domain,
    layer,
    name_axis,
    of,
    value_axis,
)
from openpeel.reference.forces import all_forces

_HEIGHT = 330  # px of the plot with upright bars
_LETTER = 7.4  # px, the average width of a bold 13 px letter, to know which bars a name reaches over
_PLOT = 650  # px, about the width of that plot


@dataclass(frozen=True)
class _Line:
    """A line across all bars: where, what is written beside it, and how it is drawn."""

    at: float
    label: str
    looks: tuple[dict[str, Any], ...]

    @property
    def colour(self) -> str:
        return RED if LIMIT in self.looks else TEXT


def drawn(figures: Sequence[Figure], force: str) -> tuple[Figure, ...]:
    """The figures that a chart of forces shows, largest first.

    These are the forces assessed, and the inspected one (`force`, its code) whenever it has a value.
    """
    shown = [
        figure
        for figure in figures
        if figure.value is not None and (figure.comparison.verdict != "not assessed" or figure.force == force)
    ]
    return tuple(sorted(shown, key=lambda figure: (-(figure.value or 0.0), short_name(figure), figure.force)))


def short_name(figure: Figure) -> str:
    """The name of the figure's force that fits beside a bar, such as 'Hertfordshire'."""
    return _short_names().get(figure.force, figure.force_name)


@cache
def _short_names() -> dict[str, str]:
    return {force.code: force.name for force in all_forces()}


def one_sd_limits(comparison: Comparison) -> tuple[float, float] | None:
    """Mean − sd and mean + sd of the forces counted, in the figure's unit; None when either is unknown."""
    if comparison.mean is None or comparison.sd is None:
        return None
    return comparison.mean - comparison.sd, comparison.mean + comparison.sd


def interval_shown(figure: Figure, show: Show) -> str:
    """The interval as '(5.4 to 6.0)', or nothing when the figure has none."""
    if figure.lower is None or figure.upper is None:
        return ""
    return f"({show(figure.lower)} to {show(figure.upper)})"


def forces_chart(
    figures: Sequence[Figure], force: str, show: Show, shape: Shape, *, unit: str = "", parity: bool = False
) -> Spec:
    """One bar for each force, the inspected one marked, and lines at the mean and one standard deviation off.

    `figures` are one measure's figures for every force, in any order; at least one of them is `drawn`.
    `unit` is written over the chart; `parity` adds a line at 1, for ratios. Source of the design: the bar
    charts of the inspectorate's PEEL reports (dotted red lines one standard deviation from the unweighted
    mean, dark blue above, light blue below).
    """
    bars = drawn(figures, force)
    lines = _lines(next((bar for bar in bars if bar.force == force), bars[0]), show, parity)
    rows = [
        {
            "place": place,
            "value": bar.value,
            "verdict": bar.comparison.verdict,
            "marked": bar.force == force,
            "name": short_name(bar),
            "shown": show(bar.value or 0.0),
        }
        for place, bar in enumerate(bars)
    ]
    reach = [bar.value or 0.0 for bar in bars] + [line.at for line in lines]
    if shape == "wide":
        return chart(_upright(rows, lines, axis_for(reach, show)), shape, height=_HEIGHT, over=unit)
    # Lying bars need room for the value written at their end.
    return chart(_lying(rows, lines, axis_for(reach, show, room=0.22)), shape, height={"step": 17}, over=unit)


def _lines(figure: Figure, show: Show, parity: bool) -> list[_Line]:
    """The mean and the limits around it; a limit below zero is left out, because nothing can lie there."""
    mean, limits = figure.comparison.mean, one_sd_limits(figure.comparison)
    lines = [_Line(1.0, "1 = same rate", (CASING, {"color": TEXT, "strokeWidth": 1}))] if parity else []
    if mean is not None:
        lines.append(_Line(mean, f"Mean {show(mean)}", (CASING, {"color": RED, "strokeWidth": 2})))
    if limits is not None:
        lower, upper = limits
        lines.append(_Line(upper, f"+1 SD {show(upper)}", (CASING, LIMIT)))
        if lower > 0:
            lines.append(_Line(lower, f"−1 SD {show(lower)}", (CASING, LIMIT)))
    return lines


def _marked_place(rows: Rows) -> int | None:
    return next((row["place"] for row in rows if row["marked"]), None)


def _upright(rows: Rows, lines: Sequence[_Line], scale: Axis) -> list[Spec]:
    """Upright bars with names beneath, and the labels of the lines at the right, kept apart."""
    names = name_axis([row["name"] for row in rows], bold=_marked_place(rows), angle=-90, limit=160)
    place = of("place", "ordinal", title=None, axis=names, scale={"padding": 0.25})
    value = of("value", title=None, axis=value_axis(scale, most=7), scale=domain(scale))
    layers = [layer(rows, "bar", {}, x=place, y=value, **bar_look(rows, "wide"))]
    per_pixel = (scale.high - scale.low) / _HEIGHT
    labels_at = kept_apart([line.at for line in lines], 16 * per_pixel)
    for line, label_at in zip(lines, labels_at, strict=True):
        here = [{"value": line.at, "label": line.label, "label_at": label_at}]
        layers += [layer(here, "rule", look, y=of("value")) for look in line.looks]
        words = {"align": "left", "dx": 6, "fontSize": 12, "color": line.colour}
        at = {"y": of("label_at"), "x": {"value": "width"}}
        layers.append(layer(here, "text", words, **at, text=of("label", "nominal")))
    return layers + _name_over_bar(rows, per_pixel)


def _name_over_bar(rows: Rows, per_pixel: float) -> list[Spec]:
    """Name and value of the marked bar: over its lower neighbours or, near the right edge, on a stem."""
    place = _marked_place(rows)
    if place is None:
        return []
    marked = rows[place]
    label = f"{marked['name']} {marked['shown']}"
    reach = int(len(label) * _LETTER * len(rows) / _PLOT) + 1
    raised = place > 0 and place + reach > len(rows)
    under = rows[max(0, place - reach) : place + 1] if raised else [marked]
    label_at = max(row["value"] for row in under) + (10 * per_pixel if raised else 0.0)
    here = [{"place": place, "value": marked["value"], "label": label, "label_at": label_at}]
    x, y = of("place", "ordinal"), of("label_at")
    line = {"color": TEXT, "strokeWidth": 1.5}
    stem = layer(here, "rule", line, x=x, y=of("value"), y2={"field": "label_at"})
    look: dict[str, Any] = {
        "align": "right" if raised else "left",
        "dx": 6 if raised else -6,
        "dy": -10,
        "fontSize": 13,
        "fontWeight": "bold",
    }
    text = of("label", "nominal")
    words = [layer(here, "text", {**look, **ink}, x=x, y=y, text=text) for ink in HALOED]
    return [stem, *words] if raised else words


def _lying(rows: Rows, lines: Sequence[_Line], scale: Axis) -> list[Spec]:
    """Lying bars with their values at the end, and the labels of the lines stacked over the plot."""
    names = name_axis([row["name"] for row in rows], bold=_marked_place(rows))
    place = of("place", "ordinal", title=None, axis=names, scale={"padding": 0.2})
    value = of("value", title=None, axis=value_axis(scale, most=5), scale=domain(scale))
    look = bar_look(rows, "narrow", room_below_legend=10 + 15 * len(lines))
    layers = [layer(rows, "bar", {}, y=place, x=value, **look)]
    # Each label has a row of its own, the leftmost lowest, so that none hides another.
    for height, line in enumerate(sorted(lines, key=lambda line: line.at)):
        here = [{"value": line.at, "label": line.label}]
        layers += [layer(here, "rule", look, x=of("value")) for look in line.looks]
        to_left = line.at > (scale.low + scale.high) / 2
        words = {
            "align": "right" if to_left else "left",
            "dx": 4 if to_left else -4,
            "dy": -8 - 15 * height,
            "fontSize": 12,
            "color": line.colour,
        }
        layers.append(layer(here, "text", words, x=of("value"), y={"value": 0}, text=of("label", "nominal")))
    for marked in (False, True):
        chosen = [
            {**row, "shown": f"◄ {row['shown']}" if marked else row["shown"]}
            for row in rows
            if row["marked"] is marked
        ]
        style: dict[str, Any] = {"align": "left", "dx": 4, "fontSize": 11}
        style["fontWeight"] = "bold" if marked else "normal"
        layers += [
            layer(
                chosen,
                "text",
                {**style, **ink},
                y=of("place", "ordinal"),
                x=of("value"),
                text=of("shown", "nominal"),
            )
            for ink in HALOED
        ]
    return layers


def groups_chart(
    groups: Sequence[tuple[str, Figure]], show: Show, shape: Shape, *, parity: bool = False
) -> Spec:
    """One bar for each of a force's groups with its interval, and beneath it mean ± one sd of the forces.

    `groups` are (title, figure) in the order to be drawn. A group without a value keeps its row and says
    so. `parity` adds a line at 1, for ratios.
    """
    rows = [_group_row(place, title, figure, show) for place, (title, figure) in enumerate(groups)]
    reach = [row[key] for row in rows for key in ("value", "upper", "mean", "to") if row[key] is not None]
    scale = axis_for([*reach, *([1.0] if parity else [])], show, room=0.04)
    height = 44 if shape == "wide" else 70
    return chart(_groups(rows, scale, shape, parity), shape, height={"step": height})


def _group_row(place: int, title: str, figure: Figure, show: Show) -> dict[str, Any]:
    limits = one_sd_limits(figure.comparison)
    return {
        "place": place,
        "title": title,
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "mean": figure.comparison.mean,
        "from": None if limits is None else max(0.0, limits[0]),
        "to": None if limits is None else limits[1],
        "verdict": figure.comparison.verdict,
        "marked": False,
        "shown": _group_value(figure, show),
        "interval": interval_shown(figure, show),
        "stands": {"above": "▲ above", "below": "▼ below"}.get(figure.comparison.verdict, ""),
    }


def _group_value(figure: Figure, show: Show) -> str:
    if figure.value is None:
        return WITHHELD if figure.method == WITHHELD else "no value"
    return show(figure.value)


def _groups(rows: Rows, scale: Axis, shape: Shape, parity: bool) -> list[Spec]:
    wide = shape == "wide"
    bar, beneath = (-3, 10) if wide else (10, 23)  # on a phone the words stand over the bar in its row
    axis = name_axis([row["title"] for row in rows], limit=230) if wide else None
    y = of("place", "ordinal", title=None, axis=axis)
    x = of("value", title=None, axis=value_axis(scale, most=6 if wide else 5), scale=domain(scale))

    def having(*keys: str) -> Rows:
        return [row for row in rows if all(row[key] is not None for key in keys)]

    def across(start: str, end: str, offset: int, look: dict[str, Any]) -> Spec:
        look = {**look, "yOffset": offset, "y2Offset": offset}
        return layer(having(start, end), "rule", look, y=y, x=of(start), x2={"field": end})

    tick = {"color": RED, "thickness": 3, "height": 10, "opacity": 1, "yOffset": beneath}
    bars = {"height": 15, "yOffset": bar}
    layers = [
        layer(having("value"), "bar", bars, y=y, x=x, **bar_look(rows, shape)),
        across("from", "to", beneath, LIMIT),
        layer(having("mean"), "tick", tick, y=y, x=of("mean")),
        across("lower", "upper", bar, CASING),
        across("lower", "upper", bar, {"color": TEXT, "strokeWidth": 1.5}),
    ]
    if parity:
        layers.append(layer([{"value": 1.0}], "rule", {"color": TEXT, "strokeWidth": 1}, x=of("value")))
    return layers + (_words_beside(rows, y) if wide else _words_over(rows, y))


def _words_beside(rows: Rows, y: Spec) -> list[Spec]:
    look: dict[str, Any] = {"align": "left", "fontSize": 12, "color": TEXT}
    return [
        layer(rows, "text", {**look, **column}, y=y, x={"value": "width"}, text=of(field, "nominal"))
        for field, column in (
            ("shown", {"dx": 12, "fontWeight": "bold"}),
            ("interval", {"dx": 62}),
            ("stands", {"dx": 182, "fontWeight": "bold"}),
        )
    ]


def _words_over(rows: Rows, y: Spec) -> list[Spec]:
    lines = [
        {**row, "line": "  ".join(part for part in (row["shown"], row["interval"], row["stands"]) if part)}
        for row in rows
    ]
    look: dict[str, Any] = {"align": "left", "fontSize": 12, "color": TEXT}
    left = {"y": y, "x": {"value": 0}}
    titles = {**look, "dy": -25, "fontWeight": "bold", "limit": 325}
    return [
        layer(lines, "text", titles, **left, text=of("title", "nominal")),
        layer(lines, "text", {**look, "dy": -10}, **left, text=of("line", "nominal")),
    ]
