"""A report's tables as an .xlsx workbook, laid out by gptables. What the cells say is `tables.py`.

gptables reads meaning into some texts: `[words](address)` becomes a link, `$$1$$` a note, and a text without a letter
or digit of English stops it. What a report says is none of that, so such texts are passed as formatted ones, which
it writes as they are.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openpeel.reports.cells import COVER, Cell
from openpeel.reports.report import Report
from openpeel.reports.tables import Cover, Table, cover_rows, tables

WHOLE, DECIMAL, DAY = "#,##0", "#,##0.0###", "yyyy-mm-dd"
_COVER_WIDTH = 100
#: A line of 12 points, what a row has beside its lines, and how high a row may be, in points.
_LINE, _SPARE, _HIGHEST = 15.5, 1.0, 409.0
_MEANT_BY_GPTABLES = re.compile(r"\[.+\]\(.+\)|\$\$|^[^a-zA-Z0-9]*$")


def workbook_xlsx(report: Report) -> bytes:
    """The bytes of the workbook; the same for the same report."""
    with warnings.catch_warnings():
        # gptables 2.0 leaves the file of its theme open and calls pandas in ways that pandas 4 will not have.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        return _written(report)


def _written(report: Report) -> bytes:
    gptables = _gptables()
    made = tables(report)
    content = io.BytesIO()
    # In memory the parts of the file carry no time. No text is a formula or an address.
    book = gptables.GPWorkbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": made.cover.title,
            "subject": f"{report.force.full_name}, {report.period.label}",
            "author": "openpeel",
            "comments": f"Release {report.release} ({report.release_id})",
            "created": datetime.combine(report.made_on, time()),
        }
    )
    cover = book.add_worksheet(COVER)
    cover.write_cover(_cover(made.cover))
    for place, said in enumerate((made.cover.title, *(said for said, _ in cover_rows(made.cover)))):
        cover.set_row(place, _height([said], [_COVER_WIDTH]))
    for table in made.sheets:
        sheet = book.add_worksheet(table.sheet)
        sheet.write_gptable(_gptable(table), auto_width=False)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        widths = [column.width for column in table.columns]
        for place, row in enumerate([[c.title for c in table.columns], *table.rows], start=len(table.above)):
            sheet.set_row(place, _height(row, widths))
    book.close()
    return content.getvalue()


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """How high a row is, in points, so that all its text is seen: not every program finds that out itself."""
    lines = (_lines(str(said), width) for said, width in zip(row, widths, strict=True))
    return min(_HIGHEST, _LINE * max(lines) + _SPARE)


@lru_cache(maxsize=10_000)  # the same forces stand in every table
def _lines(said: str, width: int) -> int:
    return len(textwrap.wrap(said, width)) if len(said) > width else 1


def _gptables() -> Any:
    """The library, when it is needed: it brings pandas, which takes a second to load and which nothing else needs."""
    import gptables  # type: ignore[import-untyped]

    return gptables


def _cover(cover: Cover) -> Any:
    return _gptables().Cover(
        title=_rich(cover.title),
        intro=[_rich(line) for line in cover.introduction],
        about=[_rich(line) for line in cover.about],
        width=_COVER_WIDTH,
    )


def _gptable(table: Table) -> Any:
    import pandas as pd

    rows = [[_cell(cell) for cell in row] for row in table.rows]
    for row, (leads_to, words) in enumerate(zip(table.links, table.rows, strict=False)):
        rows[row][0] = {str(words[0]): f"internal:'{leads_to}'!A1"}
    return _gptables().GPTable(
        table=pd.DataFrame(rows, columns=[c.title for c in table.columns], dtype=object),
        table_name=table.name,
        title=_as_is(table.title),
        instructions=_as_is(table.instructions),
        legend=[_as_is(line) for line in table.lines],
        source=_as_is(table.source) if table.source else None,
        additional_formatting=_formats(table),
    )


def _formats(table: Table) -> list[dict[str, Any]]:
    """How the cells look besides: a column as most of its cells, since each said alone takes gptables a while."""
    every = list(range(len(table.columns)))
    found: list[dict[str, Any]] = [{"column": {"columns": every, "format": {"valign": "top"}}}]
    for column in every:
        kinds = [_number_format(row[column]) for row in table.rows]
        (most, _), *others = Counter(kinds).most_common() or [("", 0)]
        if most or others:
            found.append({"column": {"columns": [column], "format": _looks(most), "include_names": False}})
        found += [
            {"cell": {"cells": (place, column), "format": _looks(kind)}}
            for place, kind in enumerate(kinds, start=1)
            if kind != most
        ]
    return found


def _looks(number_format: str) -> dict[str, str]:
    return (
        {"num_format": number_format, "align": "right"}
        if number_format
        else {"num_format": "General", "align": "left"}
    )


def _number_format(cell: Cell) -> str:
    if isinstance(cell, str):
        return ""
    if isinstance(cell, date):
        return DAY
    return WHOLE if isinstance(cell, int) else DECIMAL


def _cell(cell: Cell) -> Any:
    if isinstance(cell, str):
        return _rich(cell)
    # Of numbers pandas would make a column of numbers, into which gptables cannot write the title.
    return cell if isinstance(cell, date) else Decimal(repr(cell))


def _rich(said: str) -> Any:
    from gptables.core.gptable import FormatList  # type: ignore[import-untyped]

    as_is = _as_is(said)
    return as_is if isinstance(as_is, str) else FormatList(as_is)


def _as_is(said: str) -> str | list[Any]:
    """The text so that gptables writes it unchanged: pieces, each after the format it has besides, which is none."""
    if not _MEANT_BY_GPTABLES.search(said):
        return said
    pieces = re.split(r"(?<=\$)(?=\$)", said)  # no piece holds the two signs between which a note is named
    return [part for piece in pieces for part in (dict[str, Any](), piece)]
