"""The file that a force handed in with what was found marked in it: where it is wrong, and what was expected there.

A workbook comes back as it was, with formulas and styles; each rejected cell is red and has a comment, and a first
sheet lists everything. Of another kind of file, and of a workbook too large to take apart, there is the list alone.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from openpeel.intake.layouts import Layout, recognise
from openpeel.intake.package import open_package
from openpeel.intake.rows import shown
from openpeel.intake.sheets import CHECKS_SHEET, Table, find_table
from openpeel.intake.sources import Limits
from openpeel.spreadsheet import spreadsheet_cell
from openpeel.standards import plain
from openpeel.web.returns.marking_ods import mark_ods
from openpeel.web.returns.models import HandedInFile, Return
from openpeel.web.returns.reading import rejected_rows
from openpeel.web.returns.uploads import stored_path

#: A workbook whose parts come to more, unpacked, is not taken apart: in memory it would be some twenty times as much.
MOST_BYTES = 12 << 20
#: More rejected rows than this are not marked or listed; their CSV has all.
MOST_ROWS = 10_000

_log = logging.getLogger(__name__)
_RED = "FFF4B6B6"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_WIDTHS = (34, 10, 30, 60, 60)


@dataclass(frozen=True)
class Marked:
    """A file to download."""

    content: bytes
    content_type: str
    name: str


@dataclass(frozen=True)
class Mark:
    """What is wrong in a row (from 0) of a sheet: in these columns (from 0), and what to say of it in the first."""

    row: int
    columns: tuple[int, ...]
    said: str


def marked_file(handed_in: Return, file: HandedInFile) -> Marked:
    """A file of a return that was checked, marked."""
    rejected = list(islice(_rejected_in(handed_in, file), MOST_ROWS))
    lines = list(_lines(handed_in, rejected))
    path, name = stored_path(file.stored), file.name.casefold()
    base = f"return-{handed_in.number}-file-{file.place}-marked"
    if name.endswith((".xlsx", ".ods")) and _unpacked(path) <= MOST_BYTES:
        mark = _marked_xlsx if name.endswith(".xlsx") else mark_ods
        content = _marked(path, file.name, rejected, lines, mark)
        if content is not None and name.endswith(".xlsx"):
            return Marked(content, _XLSX, f"{base}.xlsx")
        if content is not None:
            return Marked(content, _ODS, f"{base}.ods")
    return Marked(_list_alone(lines), _XLSX, f"{base}.xlsx")


Marking = Callable[[bytes, str, Sequence[Mark], Sequence[Sequence[str]]], bytes]


def _marked(
    path: Path,
    name: str,
    rejected: Sequence[Mapping[str, str]],
    lines: Sequence[Sequence[str]],
    marking: Marking,
) -> bytes | None:
    """The workbook with its marks; None where it holds something that the libraries cannot write again."""
    with path.open("rb") as stream:
        table = find_table(open_package(stream, name=name, base=name, limits=Limits()), Limits())
        marks = list(_marks(table, rejected))
        title = table.title
    try:
        return marking(path.read_bytes(), title, marks, lines)
    except Exception as error:  # whatever they stumble over in a workbook that could be read
        _log.warning("a workbook could not be marked and is only listed: %s", type(error).__name__)
        return None


def _marks(table: Table, rejected: Sequence[Mapping[str, str]]) -> Iterator[Mark]:
    layout = recognise(table.header, name="")
    places = {_column(title, layout): at for title, at in zip(table.header, table.columns, strict=True)}
    for row in rejected:
        at = places.get(_column(row["column"], layout))
        columns = table.columns if at is None else (at,)
        yield Mark(int(row["row"]) - 1, columns, f"expected {row['expected']}, got {row['got']}")


def _column(title: str, layout: Layout) -> str:
    """The name of a column by a title that it may be printed under."""
    return layout.names.get(plain(title), title)


def _marked_xlsx(content: bytes, title: str, marks: Sequence[Mark], lines: Sequence[Sequence[str]]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book[title]
    red = PatternFill("solid", fgColor=_RED)
    for mark in marks:
        cells = [sheet.cell(mark.row + 1, column + 1) for column in mark.columns]
        for cell in cells:
            if not isinstance(cell, MergedCell):
                cell.fill = red
        first = next((cell for cell in cells if not isinstance(cell, MergedCell)), None)
        if first is not None:
            first.comment = Comment(mark.said, "openpeel", height=120, width=320)
    if CHECKS_SHEET in book.sheetnames:
        del book[CHECKS_SHEET]
    _write_list(book.create_sheet(CHECKS_SHEET, 0), lines)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    return _bytes_of(book)


def _list_alone(lines: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = CHECKS_SHEET
    _write_list(sheet, lines)
    return _bytes_of(book)


def _write_list(sheet: Any, lines: Sequence[Sequence[str]]) -> None:
    for line in lines:
        sheet.append([spreadsheet_cell(text) for text in line])
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(wrap_text=False)


def _bytes_of(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(handed_in: Return, rejected: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, ...]]:
    """The sheet that lists what was found, row by row."""
    assert handed_in.found is not None, "only a return that was checked is marked"
    asked = handed_in.asked
    yield (f"{asked.known_standard.title}, {asked.known_force.name}, {asked.period.label}",)
    yield (
        f"What the checks found in return {handed_in.number}. This sheet is passed over when it is handed in.",
    )
    yield ()
    yield ("Query", "Rows", "", "What was found", "")
    for query in handed_in.queries.all():
        yield (query.title, f"{query.rows}", "", query.message, "")
    yield ()
    yield ("Rejected rows: file", "Row", "Column", "Expected", "Got")
    for row in rejected:
        yield (row["file"], row["row"], row["column"], row["expected"], row["got"])
    if len(rejected) == MOST_ROWS:
        yield (f"These are the first {MOST_ROWS:,}; the list as CSV has all.",)


def _rejected_in(handed_in: Return, file: HandedInFile) -> Iterator[dict[str, str]]:
    """The rejected rows of one file, or of the files in it where it is a zip."""
    name = spreadsheet_cell(shown(file.name))
    for row in rejected_rows(handed_in):
        if row["file"] == name or row["file"].startswith(f"{name}!"):
            yield row


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist())
