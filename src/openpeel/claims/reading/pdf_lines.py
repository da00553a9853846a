"""The lines of a PDF and where they are painted, by PDFium: all that the file itself tells of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from openpeel.claims.reading.limits import ReadingLimits
from openpeel.errors import DataError

#: PDFium ends a line so, or, where the line ends with a hyphen, with U+FFFE in the hyphen's place.
_LINE = re.compile(r"[^\r\n\ufffe]*(?:\ufffe(?:\r\n)?|\r\n|\r|\n|$)")
#: Two lines have the same right edge where theirs are so near, in points.
_NEAR = 3.0


@dataclass(frozen=True)
class Line:
    """A line as it is painted: in points from the lower left corner of its page.

    `height` is that of the font, `first_word` how wide the first word is, and `room` how much of the column is left
    at the line's end. `index` counts the lines of the whole document that are read.
    """

    page: int
    number: int
    column: int
    text: str
    left: float
    right: float
    bottom: float
    height: float
    first_word: float
    room: float = 0.0
    index: int = 0
    is_item: bool = False

    def placed(self, index: int, mark: int, *, is_item: bool) -> Line:
        """The same line, as the so-manyth that is read, without the mark of an item, so many characters long."""
        return replace(self, index=index, is_item=is_item, text=self.text[mark:], column=self.column + mark)


@dataclass(frozen=True)
class Page:
    """A page, numbered from 1, and its lines that are not blank."""

    number: int
    lines: list[Line]
    has_pictures: bool


def read_pages(path: Path, name: str, limits: ReadingLimits) -> list[Page]:
    """All pages, one in memory at a time. Raises DataError where there are none that can be read."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise DataError(
                "expected a PDF that opens without a password, got one that needs it",
                where=name,
                advice="Open it with its password and save it without one.",
            ) from None
        raise _damaged(name) from None
    try:
        if not len(document):
            raise _damaged(name)
        limits.hold_pages(len(document), name)
        pages = []
        characters = 0
        for index in range(len(document)):
            try:
                page = _read_page(document[index], index + 1)
            except pdfium.PdfiumError:
                raise _damaged(name, f" in page {index + 1}") from None
            characters += sum(len(line.text) for line in page.lines)
            limits.hold_characters(characters, name)
            pages.append(page)
        return pages
    finally:
        document.close()


def _damaged(name: str, where: str = "") -> DataError:
    return DataError(
        f"expected a PDF, got one that is cut short or damaged{where}",
        where=name,
        advice="Ask for the file again, or open it and save it anew.",
    )


def _read_page(page: pdfium.PdfPage, number: int) -> Page:
    painted = page.get_textpage()
    try:
        text = painted.get_text_range()
        lines = _with_room(list(_lines(painted, text, number)))
        pictures = not lines and any(
            True for _ in page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH])
        )
        return Page(number, lines, pictures)
    finally:
        painted.close()
        page.close()


def _lines(painted: pdfium.PdfTextPage, text: str, page: int) -> Iterator[Line]:
    number = 0
    units = 0  # PDFium counts UTF-16 units, of which some characters take two
    for found in _LINE.finditer(text):
        line = found[0].rstrip("\r\n")
        said = line.strip()
        if said:
            number += 1
            indent = len(line) - len(line.lstrip())
            word = said.split(maxsplit=1)[0]
            start = units + indent
            left, bottom, _, top = painted.get_charbox(start, loose=True)
            right = painted.get_charbox(start + _units(said) - 1, loose=True)[2]
            word_right = painted.get_charbox(start + _units(word) - 1, loose=True)[2]
            yield Line(
                page=page,
                number=number,
                column=1,
                text=said,
                left=left,
                right=right,
                bottom=bottom,
                height=max(top - bottom, 1.0),
                first_word=word_right - left,
            )
        units += _units(found[0])


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _with_room(lines: list[Line]) -> list[Line]:
    """Each line told how far it stays from the right edge of its column: that of lines with about the same left."""
    edges: dict[int, float] = {}
    for line in lines:
        for column in _columns(line):
            edges[column] = max(edges.get(column, 0.0), line.right)
    return [
        replace(line, room=max(edges[column] for column in _columns(line)) - line.right) for line in lines
    ]


def _columns(line: Line) -> tuple[int, int]:
    at = int(line.left // (2 * _NEAR))
    return at, at + (1 if line.left % (2 * _NEAR) > _NEAR else -1)
