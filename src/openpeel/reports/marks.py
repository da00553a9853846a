"""Reads the marks of a chart from its SVG, as operators of PDF.

Only what Vega writes for the charts of a report is understood: bars, lines and words, moved and turned. Of anything
else `read_chart` says so, and whoever draws the chart does it in another way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from typing import NamedTuple, TypeVar
from xml.etree import ElementTree

Value = TypeVar("Value")

_SVG = "{http://www.w3.org/2000/svg}"
#: What an element takes over from those it stands in, and what a chart begins with (SVG 2, appendix F).
_AT_FIRST: Mapping[str, str] = {
    "fill": "black",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
}
_FONT = {"font-family", "font-size", "font-weight", "text-anchor"}
#: Said to whoever reads or points at a picture on a screen.
_UNSEEN = {
    *("class", "role", "id", "version", "pointer-events"),
    *("aria-hidden", "aria-label", "aria-roledescription"),
}
_EVERYWHERE = {*_AT_FIRST, *_UNSEEN, "transform", "opacity", "display"}
_OWN = {
    "g": set[str](),
    "rect": {"x", "y", "width", "height"},
    "line": {"x1", "y1", "x2", "y2"},
    "path": {"d"},
    "text": _FONT,
}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_WEIGHTS = {"normal": 400, "bold": 700}
_COLOURS = {"white": "#ffffff", "black": "#000000"}
#: Of a verdict, on charts of groups.
_ARROWS = "▲▼"
_MOVE = re.compile(r" ?(translate|rotate)\(([^()]*)\)")
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")


class NotUnderstoodError(Exception):
    """Something in a drawing that is drawn in another way."""


class Matrix(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f: how what stands in an element lies on the chart."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def before(self, other: Matrix) -> Matrix:
        """What comes of this matrix and then the other."""
        a, b, c, d, e, f = other
        return Matrix(
            self.a * a + self.b * c,
            self.a * b + self.b * d,
            self.c * a + self.d * c,
            self.c * b + self.d * d,
            self.e * a + self.f * c + e,
            self.e * b + self.f * d + f,
        )


@dataclass(frozen=True)
class Lettering:
    """Words in one font: families, the one liked best first, size in units of the chart, and weight of 100 to 900."""

    text: str
    families: tuple[str, ...]
    size: float
    weight: int


@dataclass(frozen=True)
class Label:
    """Words on a chart. They stand on the x axis of `matrix`, whose 0 is `anchor` of their width from their start."""

    lettering: Lettering
    anchor: float
    matrix: Matrix


@dataclass(frozen=True)
class Mark:
    """One thing on a chart: the operators that set its colours and lines and, unless it is a label, draw it."""

    operators: str
    opacity: float
    label: Label | None = None


@dataclass(frozen=True)
class Chart:
    """A chart of so many px, with its marks in the order in which they are drawn."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def read_chart(svg: bytes) -> Chart:
    """The chart in an SVG of our own. Raises NotUnderstoodError for what is not among `Mark`s."""
    tree = ElementTree.fromstring(svg)
    width, height = _number(tree.get("width", "")), _number(tree.get("height", ""))
    if tree.tag != f"{_SVG}svg" or tree.get("viewBox") != f"0 0 {tree.get('width')} {tree.get('height')}":
        raise NotUnderstoodError("a view that is not the whole drawing")
    return Chart(width, height, tuple(mark for e in tree for mark in _marks(e, Matrix(), _AT_FIRST)))


def said(*numbers: float) -> str:
    """Numbers as PDF writes them, to a ten-thousandth.

    >>> said(1.0, -0.00001, 2.123456)
    '1 0 2.1235'
    """
    return " ".join(f"{round(n, 4) + 0:.4f}".rstrip("0").rstrip(".") for n in numbers)


def _marks(element: ElementTree.Element, outer: Matrix, given: Mapping[str, str]) -> Iterator[Mark]:
    kind, own = element.tag.removeprefix(_SVG), element.attrib
    if kind not in _OWN or own.keys() - _OWN[kind] - _EVERYWHERE:
        raise NotUnderstoodError(f"<{kind}> with {', '.join(own)}")
    if own.get("display") == "none":
        return
    given = {**given, **{name: value for name, value in own.items() if name in _AT_FIRST}}
    matrix = _moved(own.get("transform", ""), outer)
    if kind == "g":
        if "opacity" in own:
            raise NotUnderstoodError("a group that is seen through")
        for child in element:
            yield from _marks(child, matrix, given)
        return
    if len(element):
        raise NotUnderstoodError(f"<{kind}> with something in it")
    fill = "" if kind == "line" else _colour(given["fill"])
    stroke = _colour(given["stroke"])
    opacity = _number(own.get("opacity", "1"))
    if fill and stroke and opacity < 1:
        raise NotUnderstoodError("a line that would be seen through to what it surrounds")
    painted = _painted(fill, stroke, given)
    if kind == "text":
        label = _label(element, matrix)
        if painted and label.lettering.text:
            mode = 2 if fill and stroke else 1 if stroke else 0
            yield Mark(f"{painted} {mode} Tr", opacity, label)
        return
    shape = _SHAPES[kind](own)
    if painted and shape:
        how = "B" if fill and stroke else "S" if stroke else "f"
        yield Mark(f"{painted} {said(*matrix)} cm {shape} {how}", opacity)


def _painted(fill: str, stroke: str, given: Mapping[str, str]) -> str:
    """What sets the colours, and how lines are drawn; '' where nothing is to be seen."""
    operators = [f"{fill} rg"] if fill else []
    if stroke:
        join = _among(_JOINS, given["stroke-linejoin"])
        width, limit = _number(given["stroke-width"]), _number(given["stroke-miterlimit"])
        operators.append(f"{stroke} RG {said(width)} w {join} j {said(limit)} M")
        if (dashes := given["stroke-dasharray"]) != "none":
            operators.append(f"[{said(*_numbers(dashes))}] 0 d")
    return " ".join(operators)


def _label(element: ElementTree.Element, matrix: Matrix) -> Label:
    text = (element.text or "").strip()
    if not all(_is_letter(sign) for sign in text):
        raise NotUnderstoodError("signs that may be pictures in their font")
    size = element.get("font-size", "")
    weight = element.get("font-weight", "normal")
    families = tuple(name.strip("'\" ") for name in element.get("font-family", "").split(","))
    return Label(
        Lettering(text, families, _number(size.removesuffix("px")), _among(_WEIGHTS, weight)),
        _among(_ANCHORS, element.get("text-anchor", "start")),
        matrix,
    )


def _is_letter(sign: str) -> bool:
    """Whether it is a letter to a font, or as good as one: of other signs some fonts have coloured pictures."""
    kind = unicodedata.category(sign)
    return kind[0] in "LNPZ" or kind in ("Sm", "Sc") or sign in _ARROWS


def _rect(own: Mapping[str, str]) -> str:
    return f"{said(*(_number(own.get(name, '0')) for name in ('x', 'y', 'width', 'height')))} re"


def _line(own: Mapping[str, str]) -> str:
    x1, y1, x2, y2 = (_number(own.get(name, "0")) for name in ("x1", "y1", "x2", "y2"))
    return f"{said(x1, y1)} m {said(x2, y2)} l"


def _path(own: Mapping[str, str]) -> str:
    drawn: list[str] = []
    x = y = 0.0
    for step, text in _STEP.findall(own.get("d", "")):
        match step, _numbers(text):
            case "M", [x, y]:
                drawn.append(f"{said(x, y)} m")
            case "h", [across]:
                x += across
                drawn.append(f"{said(x, y)} l")
            case "v", [down]:
                y += down
                drawn.append(f"{said(x, y)} l")
            case "Z", []:  # after which Vega begins anew
                drawn.append("h")
            case _:
                raise NotUnderstoodError(f"a path with {step}{text}")
    return " ".join(drawn)


_SHAPES: Mapping[str, Callable[[Mapping[str, str]], str]] = {"rect": _rect, "line": _line, "path": _path}


def _moved(transform: str, outer: Matrix) -> Matrix:
    """The matrix within an element that is moved within another."""
    place = 0
    while place < len(transform):
        move = _MOVE.match(transform, place)
        match move and (move[1], _numbers(move[2])):
            case "translate", [x, y]:
                outer = Matrix(e=x, f=y).before(outer)
            case "rotate", [degrees]:
                across, up = cos(radians(degrees)), sin(radians(degrees))
                outer = Matrix(across, up, -up, across).before(outer)
            case _:
                raise NotUnderstoodError(f"the move {transform}")
        place = move.end() if move else len(transform)
    return outer


def _colour(name: str) -> str:
    """Its red, green and blue from 0 to 1; '' for none."""
    if name == "none":
        return ""
    code = _COLOURS.get(name, name)
    if not re.fullmatch(r"#[0-9a-f]{6}", code):
        raise NotUnderstoodError(f"the colour {name}")
    return said(*(int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)))


def _numbers(text: str) -> list[float]:
    return [_number(part) for part in text.split(",")] if text else []


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotUnderstoodError(f"'{text}' for a number") from None


def _among(names: Mapping[str, Value], name: str) -> Value:
    if name not in names:
        raise NotUnderstoodError(name)
    return names[name]
