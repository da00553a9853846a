"""The map of forces: a square for each of the 43, about where it lies, shaded in five steps of its value.

No boundaries are needed, and a small force is as easy to see as a large one. The squares were laid out by us by hand
(`data/force_tiles.csv`); the table of forces says the same without the map.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.publishing.chart_style import Shape
from openpeel.reference.forces import find_force

#: So many steps of shading.
STEPS = 5
_WIDTH: dict[Shape, int] = {"wide": 98, "narrow": 49}
_HEIGHT: dict[Shape, int] = {"wide": 58, "narrow": 42}


@dataclass(frozen=True)
class Place:
    """Where a force's square is, from 0, and what is written in it: in full and where there is little room."""

    column: int
    row: int
    label: str
    short: str


@dataclass(frozen=True)
class Tile:
    """A square: where it is in px, how it is shaded (1 to 5, 0 without a value) and what it says."""

    slug: str
    name: str
    x: int
    y: int
    step: int
    label: str
    value: str
    marked: bool


@dataclass(frozen=True)
class Step:
    """A step of shading and the values of the forces in it."""

    number: int
    said: str


@dataclass(frozen=True)
class Cartogram:
    """The map in one shape: its size in px, its squares and the key."""

    shape: Shape
    width: int
    height: int
    tile_width: int
    tile_height: int
    tiles: tuple[Tile, ...]
    steps: tuple[Step, ...]
    without: bool


@cache
def places() -> dict[str, Place]:
    """Where each force's square is, by slug."""
    text = (files(__package__) / "data" / "force_tiles.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    left, top = min(int(r["column"]) for r in rows), min(int(r["row"]) for r in rows)
    return {
        r["slug"]: Place(int(r["column"]) - left, int(r["row"]) - top, r["label"], r["short"]) for r in rows
    }


def cartogram(figures: Sequence[Figure], force: str, shape: Shape) -> Cartogram:
    """The map of one measure: `figures` are those of all forces, `force` the slug of the one that is marked.

    Each step holds about a fifth of the forces that have a value; forces that print alike are in one step.
    """
    by_slug = {find_force(f.force).slug: f for f in figures}
    steps = _steps([f for slug, f in by_slug.items() if slug in places() and f.value is not None])
    step_of = {f.force: number for number, those in enumerate(steps, start=1) for f in those}
    width, height = _WIDTH[shape], _HEIGHT[shape]
    tiles = []
    for slug, place in places().items():
        figure = by_slug.get(slug)
        tiles.append(
            Tile(
                slug=slug,
                name=find_force(slug).name,
                x=place.column * width,
                y=place.row * height,
                step=step_of.get(figure.force, 0) if figure else 0,
                label=place.label if shape == "wide" else place.short,
                value=_value(figure),
                marked=slug == force,
            )
        )
    columns = 1 + max(p.column for p in places().values())
    rows = 1 + max(p.row for p in places().values())
    # The marked square is drawn last, so that no neighbour lies over its outline.
    tiles.sort(key=lambda tile: tile.marked)
    return Cartogram(
        shape,
        columns * width,
        rows * height,
        width - 3,
        height - 3,
        tuple(tiles),
        tuple(Step(number, _span(those)) for number, those in enumerate(steps, start=1)),
        any(tile.step == 0 for tile in tiles),
    )


def _steps(figures: Sequence[Figure]) -> list[list[Figure]]:
    """The figures in steps, smallest values first; fewer steps where there are few different values."""
    ordered = sorted(figures, key=lambda f: (f.value or 0.0, f.force))
    alike: list[list[Figure]] = []
    for figure in ordered:
        if alike and _value(alike[-1][0]) == _value(figure):
            alike[-1].append(figure)
        else:
            alike.append([figure])
    steps: list[list[Figure]] = []
    done, last = 0, -1
    for those in alike:
        wanted = min(STEPS - 1, int(STEPS * (done + (len(those) - 1) / 2) / len(ordered)))
        if wanted > last:
            steps.append([])
            last = wanted
        steps[-1] += those
        done += len(those)
    return steps


def _span(figures: Sequence[Figure]) -> str:
    first, last = _value(figures[0]), _value(figures[-1])
    return first if first == last else f"{first} to {last}"


def _value(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return WITHHELD if figure is not None and figure.method == WITHHELD else "–"
    return shown(figure.value, figure.unit).removesuffix(" times")
