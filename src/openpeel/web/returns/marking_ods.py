"""Marks in an OpenDocument spreadsheet: red cells with comments, and a first sheet that lists what was found."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from odfdo import Annotation, Cell, Document, Row, Style, Table

from openpeel.intake.sheets import CHECKS_SHEET

if TYPE_CHECKING:
    from openpeel.web.returns.marking import Mark

_RED = "#f4b6b6"


def mark_ods(content: bytes, title: str, marks: Sequence[Mark], lines: Sequence[Sequence[str]]) -> bytes:
    """The spreadsheet with marks on the sheet of that title, and the lines on a sheet before all others."""
    document = Document(io.BytesIO(content))
    body = document.body
    table = body.get_table(name=title)
    assert isinstance(table, Table), "the sheet was found when the return was read"
    red: dict[str, str] = {}
    for mark in marks:
        row = table.get_row(mark.row)
        for place, column in enumerate(mark.columns):
            cell = row.get_cell(column)
            cell.style = _reddened(document, cell.style or "", red)
            if place == 0:
                cell.insert(Annotation(mark.said, creator="openpeel"), position=0)
            row.set_cell(column, cell)
        table.set_row(mark.row, row)
    old = body.get_table(name=CHECKS_SHEET)
    if old is not None:
        body.delete(old)
    body.insert(_sheet(lines), position=body.index(body.get_table(position=0)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _reddened(document: Document, style: str, red: dict[str, str]) -> str:
    """The name of a style like that one, in red: a cell of dates stays one of dates."""
    if style not in red:
        before = document.get_style("table-cell", style) if style else None
        made = before.clone if before is not None else Style("table-cell")
        name = f"openpeel-red-{len(red) + 1}"
        made.set_properties(area="table-cell", **{"fo:background-color": _RED})
        red[style] = document.insert_style(made, name=name, automatic=True)
    return red[style]


def _sheet(lines: Sequence[Sequence[str]]) -> Table:
    sheet = Table(CHECKS_SHEET)
    for line in lines:
        row = Row()
        for text in line:
            row.append_cell(Cell(text=text, value=text, cell_type="string"))
        sheet.append_row(row)
    return sheet
