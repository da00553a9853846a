"""The workbook of a template: a sheet to fill in, the notes that say how, and the lists to choose from.

A cell is stopped where the row would be rejected, and asked about where it would be kept and flagged. Cells for
text and labels are formatted as text: a spreadsheet makes a day of October out of the age range 10-17, and a
number out of a reference such as 1E5. The bytes are the same on every run.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from openpeel.standards.instructions import (
    FIRST_YEAR,
    LAST_YEAR,
    NUMBER_OF_RECORDS,
    TRUE_OR_FALSE,
    blank_in_a_tally,
    form,
    instructions,
    record_is,
    sentence,
    titles,
    values_to_write,
)
from openpeel.standards.standard import Column, ColumnType, Standard

#: The names of the sheets. The records are on the first.
RECORDS, NOTES, LISTS = "Records", "Notes", "Lists"

#: Rows and columns of a sheet are counted from 0 here; this is the last row there is.
LAST_ROW = 1_048_575

#: As a spreadsheet shows them is how it saves them as CSV, so these are forms that are read.
_CELL_FORMATS: dict[ColumnType, str] = {
    "text": "@",
    "code": "@",
    "boolean": "@",
    "timestamp": "yyyy-mm-dd hh:mm:ss",
    "date": "yyyy-mm-dd",
    "month": "@",
    "number": "General",
    "whole": "0",
}
_WIDTHS: dict[ColumnType, int] = {"text": 22, "boolean": 12, "timestamp": 20}
_NARROWEST, _WIDEST = 12, 60
_NOTES_WIDTHS = (30, 68, 60, 12, 10, 10)

#: The height of a line of text in points. Heights are said, as not every program finds them out itself.
_LINE = 15.0

#: The longest prompt, and the longest heading of one, that Excel takes.
_PROMPT, _HEADING = 255, 32

#: The largest numbers that can be typed in Excel; whole ones are exact to 15 digits.
_NUMBER_LIMIT, _WHOLE_LIMIT = 9.99999999999999e307, 999_999_999_999_999

#: Stands in the properties, which must have a time, so that it is the same on every run.
_MADE = datetime(2000, 1, 1)

_INK, _HEADER_FILL = "#0B0C0C", "#D9E2EC"
_BODY = {"font_name": "Arial", "font_size": 11, "font_color": _INK}


def workbook(standard: Standard) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    content = io.BytesIO()
    # In memory the parts of the file carry no time; every cell is written as text, and none may be a formula.
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(
            {
                "title": f"Return: {standard.title}",
                "subject": f"Standard {standard.id}, version {standard.version} ({standard.hash})",
                "author": "openpeel",
                "created": _MADE,
            }
        )
        styles = {
            "header": book.add_format(
                {
                    **_BODY,
                    "bold": True,
                    "text_wrap": True,
                    "valign": "top",
                    "bg_color": _HEADER_FILL,
                    "border": 1,
                }
            ),
            "heading": book.add_format({**_BODY, "bold": True, "font_size": 16}),
            "term": book.add_format({**_BODY, "bold": True, "valign": "top", "text_wrap": True}),
            "prose": book.add_format({**_BODY, "valign": "top", "text_wrap": True, "num_format": "@"}),
        }
        sheets = {name: book.add_worksheet(name) for name in (RECORDS, NOTES)}
        lists = _lists(standard)
        _records(book, sheets[RECORDS], standard, {name: i for i, (name, _, _) in enumerate(lists)}, styles)
        _notes(sheets[NOTES], standard, styles)
        if lists:
            _write_lists(book.add_worksheet(LISTS), lists, styles)
        sheets[RECORDS].activate()
    return content.getvalue()


def _lists(standard: Standard) -> list[tuple[str, str, tuple[str, ...]]]:
    """Id, title and values of each list, in the order in which the columns first use them."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for column in standard.columns:
        if list_id := _list_id(column):
            title = column.codes.title if column.codes else " or ".join(TRUE_OR_FALSE)
            found.setdefault(list_id, (title, values_to_write(column)))
    return [(list_id, title, values) for list_id, (title, values) in found.items()]


def _list_id(column: Column) -> str:
    if column.codes is not None:
        return f"codes {column.codes.id}"
    return "boolean" if column.type == "boolean" else ""


def _records(
    book: Any, sheet: Any, standard: Standard, list_columns: dict[str, int], styles: dict[str, Any]
) -> None:
    """The sheet to fill in: the header, and for each column its format, width and what may be typed."""
    widths = [_width(column) for column in standard.columns]
    for i, column in enumerate(standard.columns):
        sheet.set_column(
            i, i, widths[i], book.add_format({**_BODY, "num_format": _CELL_FORMATS[column.type]})
        )
        rule = _rule(column, i, list_columns)
        if rule:
            sheet.data_validation(1, i, LAST_ROW, i, {**rule, **_told(column)})
    header = [column.title for column in standard.columns]
    sheet.set_row(0, _height(header, widths))
    _table(sheet, 0, header, 1, RECORDS, styles)
    sheet.freeze_panes(1, 0)
    _no_warning_of_numbers_as_text(sheet, LAST_ROW, len(standard.columns))
    _for_print(sheet, header_row=0)


def _width(column: Column) -> int:
    longest = max((len(value) for value in values_to_write(column)), default=0)
    words = max(len(word) for word in column.title.split())
    wanted = max(_WIDTHS.get(column.type, _NARROWEST), longest + 2, words + 3, len(column.title) // 2 + 3)
    return min(wanted, _WIDEST)


def _rule(column: Column, position: int, list_columns: dict[str, int]) -> dict[str, Any]:
    """What may be typed in a column, in the words of XlsxWriter; nothing for text."""
    if list_id := _list_id(column):
        at, count = list_columns[list_id], len(values_to_write(column))
        first, last = (xl_rowcol_to_cell(row, at, True, True) for row in (1, count))
        # What is in no list is kept, counted and asked about; what is neither true nor false is not.
        return {
            "validate": "list",
            "source": f"={LISTS}!{first}:{last}",
            "error_type": "stop" if column.type == "boolean" else "warning",
        }
    if column.type == "month":
        cell = xl_rowcol_to_cell(1, position)
        parts = (
            f"LEN({cell})=7",
            f'MID({cell},5,1)="-"',
            f'ISNUMBER(DATEVALUE({cell}&"-01"))',
            f'LEFT({cell},4)>="{FIRST_YEAR}"',
            f'LEFT({cell},4)<="{LAST_YEAR}"',
        )
        return {"validate": "custom", "value": f"=AND({','.join(parts)})"}
    if column.type in ("date", "timestamp"):
        last_day = (LAST_YEAR, 12, 31)
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(FIRST_YEAR, 1, 1),
            "maximum": datetime(*last_day, 23, 59, 59) if column.type == "timestamp" else date(*last_day),
        }
    if column.type in ("number", "whole"):
        limit = _WHOLE_LIMIT if column.type == "whole" else _NUMBER_LIMIT
        return {
            "validate": "integer" if column.type == "whole" else "decimal",
            "criteria": "between",
            "minimum": _bound(column.least, -limit),
            "maximum": _bound(column.most, limit),
        }
    return {}


def _bound(given: float | None, otherwise: float) -> float:
    if given is None:
        return otherwise
    return int(given) if given == int(given) else given


def _told(column: Column) -> dict[str, Any]:
    """What is said when a cell is chosen, and when what was typed does not fit."""
    said = f"{'Needed. ' if column.required else ''}{form(column)}"
    about = sentence(column.about)
    for more in (f"{said} {about}".rstrip(), f"{said} More on the sheet {NOTES}.", said):
        if len(more) <= _PROMPT:
            said = more
            break
    told = {
        "input_title": textwrap.shorten(column.title, _HEADING, placeholder="…"),
        "input_message": textwrap.shorten(said, _PROMPT, placeholder="…"),
        "ignore_blank": not column.required,
    }
    expected = textwrap.shorten(form(column), _PROMPT - 80, placeholder="…")
    if column.codes is not None:
        return {
            **told,
            "error_title": "Not in the list",
            "error_message": f"{expected} Anything else is kept, counted as unrecognised, and asked about.",
        }
    return {
        **told,
        "error_title": "This cannot be read",
        "error_message": f"{expected} A row with anything else here is not taken.",
    }


def _notes(sheet: Any, standard: Standard, styles: dict[str, Any]) -> None:
    """The sheet that says what a record is, how to fill in the other, and what each column holds."""
    for i, width in enumerate(_NOTES_WIDTHS):
        sheet.set_column(i, i, width, styles["prose"])
    sheet.set_row(0, 2 * _LINE)
    sheet.write_string(0, 0, f"Return: {standard.title}", styles["heading"])
    row = 1
    for heading, text in (*record_is(standard), *_how(standard)):
        sheet.write_string(row, 0, heading, styles["term"])
        sheet.write_string(row, 1, text, styles["prose"])
        sheet.set_row(row, _height((heading, text), _NOTES_WIDTHS))
        row += 1
    row += 1
    told = instructions(standard)
    header = ("Column", "What to write", "Allowed values", "Unit", "Needed", "Personal")
    _table(sheet, row, header, len(told), NOTES, styles)
    for column in told:
        row += 1
        cells = (
            column.title,
            column.write,
            column.allowed,
            column.unit or "none",
            "yes" if column.needed else "no",
            "yes" if column.personal else "no",
        )
        sheet.set_row(row, _height(cells, _NOTES_WIDTHS))
        for i, text in enumerate(cells):
            sheet.write_string(row, i, text, styles["term" if i == 0 else "prose"])
    _for_print(sheet)


def _how(standard: Standard) -> tuple[tuple[str, str], ...]:
    references = titles(blank_in_a_tally(standard))
    blank = f"Leave blank {references} and" if references else "Leave blank"
    return (
        (
            "To fill in",
            f"Write one record to a row on the sheet '{RECORDS}' below the header, and leave the header as it is. "
            "Leave a cell blank where it is not known: blank is counted as not known, never as no and never as 0.",
        ),
        (
            "What is not taken",
            "A row is not taken where a column that is needed is blank, or where a date, a number, or True or False "
            "cannot be read. You are told the row, the column, what was expected and what came. A value that is in "
            "no list is kept, counted as unrecognised, and asked about.",
        ),
        (
            "Tallies",
            f"A row may stand for many records that are alike in every column: add a column '{NUMBER_OF_RECORDS}' "
            f"and write how many in each row, 1 where a row is one record. {blank} whatever else differs between "
            "them, unless the column says what a tally gives. Date a tally by the start of its day or month, at 00:00 "
            "where a time is asked for. What is needed is needed in a tally too.",
        ),
        (
            "Personal",
            "Columns marked personal are about a person, or lead to one. They are checked and counted, and never "
            "repeated in a message, a log or a figure.",
        ),
        ("To hand in", "openpeel load FILE --force NAME"),
    )


def _write_lists(
    sheet: Any, lists: Sequence[tuple[str, str, tuple[str, ...]]], styles: dict[str, Any]
) -> None:
    """The sheet of lists: a column for each, its title above its values."""
    header = [title for _, title, _ in lists]
    longest = max(len(values) for _, _, values in lists)
    widths = [
        min(max(len(title) // 2 + 3, *(len(v) + 3 for v in values), _NARROWEST), _WIDEST)
        for _, title, values in lists
    ]
    _table(sheet, 0, header, longest, LISTS, styles)
    sheet.set_row(0, _height(header, widths))
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width, styles["prose"])
    for row in range(longest):
        found = [values[row] if row < len(values) else "" for _, _, values in lists]
        sheet.set_row(row + 1, _height(found, widths))
        for i, value in enumerate(found):
            if value:
                sheet.write_string(row + 1, i, value, styles["prose"])
    _no_warning_of_numbers_as_text(sheet, longest, len(lists))
    sheet.freeze_panes(1, 0)
    _for_print(sheet, header_row=0)


def _table(sheet: Any, row: int, header: Sequence[str], rows: int, name: str, styles: dict[str, Any]) -> None:
    """Marks rows of a sheet as a table whose first row is its header, which screen readers then read out."""
    sheet.add_table(
        row,
        0,
        row + rows,
        len(header) - 1,
        {
            "name": f"{name}_table",
            "autofilter": False,
            "style": "Table Style Light 1",
            "columns": [{"header": title, "header_format": styles["header"]} for title in header],
        },
    )


def _no_warning_of_numbers_as_text(sheet: Any, last_row: int, columns: int) -> None:
    """References and the value '999' of a list are meant to be text."""
    sheet.ignore_errors({"number_stored_as_text": f"A2:{xl_rowcol_to_cell(last_row, columns - 1)}"})


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """How high a row is in which each text is wrapped to the width of its column."""
    wrapped = (len(textwrap.wrap(text, int(width * 1.1))) for text, width in zip(texts, widths, strict=False))
    return _LINE * max(1, *wrapped) + 1


def _for_print(sheet: Any, *, header_row: int | None = None) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if header_row is not None:
        sheet.repeat_rows(header_row)
