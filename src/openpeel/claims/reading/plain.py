"""Plain text into passages: which lines belong to one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openpeel.claims.document import Passage, Place
from openpeel.claims.reading.encoding import lines_of
from openpeel.claims.reading.items import Items
from openpeel.claims.reading.weaving import Weaver

#: Nobody wraps prose at more columns than this: a block with a longer line has a paragraph on each line.
_WIDEST_WRAP = 160
_GAP = re.compile(r"(?<=\S)(?:\t+| {4,})(?=\S)")
_RULE = re.compile(r"\s*([=\-_*~#.])\1{2,}\s*")

Numbered = tuple[int, str]


def plain_passages(text: str) -> list[Passage]:
    """Paragraphs are parted by blank lines, or stand on a line each; list items and columns stand for themselves."""
    weaver = Weaver()
    items = Items()
    for block in _blocks(lines_of(text)):
        wrapped = max(len(line) for _, line in block) <= _WIDEST_WRAP
        for number, line in block:
            mark = items.mark(line)
            cells = _cells(line, mark)
            if not wrapped or mark or len(cells) > 1:
                weaver.end()
            weaver.space()
            for column, cell in cells:
                weaver.add(cell, Place(None, number, column))
                if len(cells) > 1:
                    weaver.end()
        weaver.end()
    return weaver.passages


def _blocks(lines: list[str]) -> Iterator[list[Numbered]]:
    """The lines between blank ones, or between rules drawn with dashes, with their numbers from 1."""
    block: list[Numbered] = []
    for number, line in enumerate(lines, start=1):
        blank = not line.strip() or _RULE.fullmatch(line) is not None
        if block and (blank or line.startswith("\x0c")):  # a form feed begins a page
            yield block
            block = []
        if not blank:
            block.append((number, line))
    if block:
        yield block


def _cells(line: str, start: int) -> list[Numbered]:
    """A line from an offset on, parted where tabs or many blanks lay it out in columns: column (from 1) and text."""
    found = []
    for gap in _GAP.finditer(line, start):
        found.append((start + 1, line[start : gap.start()]))
        start = gap.end()
    found.append((start + 1, line[start:]))
    return found
