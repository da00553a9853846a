"""Marks a force in a drawing of all forces, so that each is drawn once and not once for every force.

What is marked is found by its place among the bars or points, whose order is that of the figures. The marks look as
those that the charts of `publishing/` draw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from openpeel.publishing.chart_style import TEXT, Shape

_ROOT = re.compile(r'<g fill="none" stroke-miterlimit="10" transform="(translate\([^"]*\))">')
_GROUP = r'<g class="mark-{mark} role-mark[^>]*>(?P<inside>.*?)</g>'
_PATH = re.compile(r"<path [^>]*/>")
_TEXT_ELEMENT = re.compile(r"<text [^>]*>.*?</text>")
_BAR = re.compile(r'd="M(?P<x>-?[\d.e-]+),(?P<y>-?[\d.e-]+)h(?P<width>-?[\d.e-]+)v(?P<height>-?[\d.e-]+)h')
_AT = re.compile(r'transform="translate\((?P<x>-?[\d.e-]+),(?P<y>-?[\d.e-]+)\)')
_NAMES = re.compile(r'<g class="mark-text role-axis-label"[^>]*>(?P<inside>.*?)</g>')
_FONT = "Liberation Sans, Arial, sans-serif"
_LETTER = 7.4  # px, the average width of a bold letter of 13 px


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def mark_bar(svg: str, place: int, value: str, shape: Shape) -> str:
    """Outline the bar at a place (from 0), print its name in bold, and write its name and value beside it."""
    bars = _groups(svg, "rect")[0]
    paths = list(_PATH.finditer(svg, *bars))
    names = next(g for g in _NAMES.finditer(svg) if len(_TEXT_ELEMENT.findall(g["inside"])) == len(paths))
    name = list(_TEXT_ELEMENT.finditer(svg, names.start(), names.end()))[place]
    own = paths[place][0].replace('stroke-width="1"', 'stroke-width="3"')
    own = re.sub(r'stroke="[^"]*"', f'stroke="{TEXT}"', own)
    bold = name[0].replace('font-weight="normal"', 'font-weight="bold"')
    changes = [(name.start(), name.end(), bold)]
    # Last among the bars, so that no neighbour lies over its outline.
    changes += [(paths[place].start(), paths[place].end(), ""), (bars[1], bars[1], own)]
    over = ""
    if shape == "wide":
        called = re.sub(r"<[^>]*>", "", name[0])
        over = _over_bar([_box(p[0]) for p in paths], place, f"{called} {value}")
    else:
        for group in _groups(svg, "text"):  # the values at the ends of bars, twice: a white rim and the words
            values = list(_TEXT_ELEMENT.finditer(svg, *group))
            if len(values) != len(paths):
                continue
            shown = values[place]
            said = re.sub(r">([^<]*)</text>", r">◄ \1</text>", shown[0])
            said = said.replace('font-weight="normal"', 'font-weight="bold"')
            changes.append((shown.start(), shown.end(), said))
    return _on_top(_changed(svg, changes), svg, over)


def mark_point(svg: str, place: int, label: str) -> str:
    """Make the point at a place (from 0) large and black, and write beside it whose it is."""
    points = _groups(svg, "symbol")[-1]
    paths = list(_PATH.finditer(svg, *points))
    at = _AT.search(paths[place][0])
    assert at is not None  # each point is moved to where it is
    x, y = float(at["x"]), float(at["y"])
    right = place < len(paths) / 2
    anchor, text_x = ("start", x + 10) if right else ("end", x - 10)
    over = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="6.4" fill="{TEXT}" stroke="white" stroke-width="1.5"/>'
    return _on_top(svg, svg, over + _words(text_x, y + 4.5, anchor, label))


def _over_bar(boxes: list[_Box], place: int, label: str) -> str:
    """The words over a bar or, near the right edge, over its neighbours on a stem."""
    own = boxes[place]
    step = boxes[1].x - boxes[0].x if len(boxes) > 1 else own.width
    reach = int(len(label) * _LETTER / step) + 1
    raised = place > 0 and place + reach > len(boxes)
    under = boxes[max(0, place - reach) : place + 1] if raised else [own]
    middle = own.x + own.width / 2
    top = min(box.y for box in under) - (10 if raised else 0)
    stem = ""
    if raised:
        stem = f'<path d="M{middle:.2f},{own.y:.2f}V{top:.2f}" stroke="{TEXT}" stroke-width="1.5"/>'
        return stem + _words(middle + 6, top - 6, "end", label)
    return _words(middle - 6, top - 6, "start", label)


def _words(x: float, y: float, anchor: str, said: str) -> str:
    place = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"'
    font = f'font-family="{_FONT}" font-size="13px" font-weight="bold"'
    rim = 'stroke="white" stroke-width="4" stroke-linejoin="round" fill="white"'
    return "".join(f"<text {place} {font} {ink}>{escape(said)}</text>" for ink in (rim, f'fill="{TEXT}"'))


def _groups(svg: str, mark: str) -> list[tuple[int, int]]:
    """Where the marks of one kind begin and end, layer by layer; axes and legends are none."""
    found = re.finditer(_GROUP.format(mark=mark), svg, re.DOTALL)
    return [(m.start("inside"), m.end("inside")) for m in found]


def _box(path: str) -> _Box:
    found = _BAR.search(path)
    assert found is not None  # a bar is drawn as a path of four sides
    return _Box(*(float(found[side]) for side in ("x", "y", "width", "height")))


def _changed(svg: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, said in sorted(changes, reverse=True):
        svg = svg[:start] + said + svg[end:]
    return svg


def _on_top(changed: str, svg: str, over: str) -> str:
    """The drawing with something over all else, in the coordinates of the plot."""
    root = _ROOT.search(svg)
    assert root is not None  # the engine draws all in one group
    end = changed.rindex("</svg>")
    return f'{changed[:end]}<g transform="{root[1]}">{over}</g>{changed[end:]}'
