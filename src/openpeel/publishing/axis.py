"""Where things go along a chart's value axis: ticks, their labels, and labels kept apart.

Plain arithmetic in the figure's own unit; nothing is drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Show = Callable[[float | None], str]
"""Prints a value in the unit of the chart: 5.7 → '5.7', 64.0 → '64.0%', None → '–'."""


@dataclass(frozen=True)
class Axis:
    """The ends of the value axis and the ticks between them, each with its printed form."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def axis_for(
    values: Sequence[float], show: Show, *, room: float = 0.08, ticks: int = 5, zero: bool = True
) -> Axis:
    """The axis that holds zero, all `values` and `room` (a share of its length) beyond the largest.

    Bars are compared by their length, so the axis always starts at zero or below; points are not, and with
    `zero=False` it holds the values alone, with room at both ends. Steps are 1, 2 or 5 times a power of ten; a
    step so small that two ticks would print alike is made larger.

    >>> axis_for([5.7, 11.0], "{:.1f}".format).labels
    ('0', '2', '4', '6', '8', '10')
    """
    held = (*values, 0.0) if zero or not values else tuple(values)
    low, high = min(held), max(held)
    span = (high - low) or (1.0 if zero or not high else abs(high))
    above_zero = low >= 0
    low, high = low - (room * span if low < 0 or not zero else 0.0), low + span * (1 + room)
    low = max(low, 0.0) if above_zero else low
    step = _round_step((high - low) / ticks)
    while True:
        places = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        marks = tuple(place * step for place in places)
        labels = _shortened([show(mark) for mark in marks])
        if len(set(labels)) == len(labels):
            return Axis(low, high, marks, labels)
        step = _round_step(step * 2)


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(
        factor * power for factor, up_to in ((1, 1.5), (2, 3.5), (5, 7.5), (10, 10)) if step <= up_to * power
    )


def _shortened(labels: Sequence[str]) -> tuple[str, ...]:
    """Without '.0' where every label has it: a tick at 20.0% reads '20%'."""
    if all(label.removesuffix("%").endswith(".0") for label in labels):
        return tuple(label.replace(".0%", "%").removesuffix(".0") for label in labels)
    return tuple(labels)


def kept_apart(places: Sequence[float], gap: float) -> list[float]:
    """The places moved as little as needed for each to be at least `gap` from the next; the order is kept.

    >>> kept_apart([1.0, 1.0, 9.0], 2.0)
    [0.0, 2.0, 9.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    # Clusters that touch are merged and centred on the mean of their members, as in pool-adjacent-violators.
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        while len(clusters) > 1 and _top(clusters[-2], places, gap) + gap > _bottom(
            clusters[-1], places, gap
        ):
            last = clusters.pop()
            clusters[-1].extend(last)
    moved = list(places)
    for cluster in clusters:
        for rank, index in enumerate(cluster):
            moved[index] = _bottom(cluster, places, gap) + rank * gap
    return moved


def _bottom(cluster: Sequence[int], places: Sequence[float], gap: float) -> float:
    return sum(places[i] for i in cluster) / len(cluster) - gap * (len(cluster) - 1) / 2


def _top(cluster: Sequence[int], places: Sequence[float], gap: float) -> float:
    return _bottom(cluster, places, gap) + gap * (len(cluster) - 1)
