"""The files a force is given to hand in a return: a CSV with the header, a workbook, and a Table Schema.

The same standard gives the same bytes. What the workbook looks like is in `template_workbook.py`; nothing is
written to a disk here.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from openpeel.spreadsheet import spreadsheet_cell
from openpeel.standards.instructions import FIRST_YEAR, LAST_YEAR, instructions, values_to_write
from openpeel.standards.standard import Column, ColumnType, Standard

#: Source: https://datapackage.org/standard/table-schema/
_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_FIELD_TYPES: dict[ColumnType, str] = {
    "text": "string",
    "code": "string",
    "boolean": "boolean",
    "timestamp": "datetime",
    "date": "date",
    "month": "yearmonth",
    "number": "number",
    "whole": "integer",
}
_FIRST_AND_LAST: dict[ColumnType, tuple[str, str]] = {
    "date": (f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"),
    "month": (f"{FIRST_YEAR}-01", f"{LAST_YEAR}-12"),
}


def template_files(standard: Standard) -> dict[str, bytes]:
    """File name → content of the three files of a standard's template."""
    # A fifth of a second to import, which the other commands need not wait for.
    from openpeel.standards.template_workbook import workbook

    return {
        f"{standard.id}.csv": header(standard),
        f"{standard.id}.xlsx": workbook(standard),
        f"{standard.id}.schema.json": (
            json.dumps(table_schema(standard), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        ).encode(),
    }


def header(standard: Standard) -> bytes:
    """The header as a CSV file of one line; UTF-8, RFC 4180."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(spreadsheet_cell(c.title) for c in standard.columns)
    return text.getvalue().encode()


def table_schema(standard: Standard) -> dict[str, Any]:
    """The standard as a Frictionless Table Schema, version 2, for a CSV file with the header of the template.

    Fields are named by their titles, as the file's columns are. A file may have them in any order and the
    column 'Number of records' beside them. A key that may be blank, as it is in a tally, is a unique key,
    from which blanks are exempt; a primary key would demand it of every row.
    """
    told: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": standard.id,
        "title": standard.title,
        "description": standard.about,
        "version": str(standard.version),
        "hash": standard.hash,
        "fieldsMatch": "subset",
        "fields": [
            _field(column, instruction.write)
            for column, instruction in zip(standard.columns, instructions(standard), strict=True)
        ],
        "missingValues": [""],
    }
    key = [standard.column(name).title for name in standard.key]
    if key and all(standard.column(name).required for name in standard.key):
        told["primaryKey"] = key
    elif key:
        told["uniqueKeys"] = [key]
    return told


def _field(column: Column, description: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.title,
        "title": column.title,
        "description": description,
        "type": _FIELD_TYPES[column.type],
    }
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes is not None:
        constraints["enum"] = list(values_to_write(column))
    first, last = _FIRST_AND_LAST.get(column.type, (column.least, column.most))
    if first is not None:
        constraints["minimum"] = _plain_number(first)
    if last is not None:
        constraints["maximum"] = _plain_number(last)
    if constraints:
        told["constraints"] = constraints
    if column.unit:
        told["unit"] = column.unit
    return {**told, "column": column.name, "personal": column.personal}


def _plain_number(bound: str | float) -> str | float:
    return int(bound) if isinstance(bound, float) and bound == int(bound) else bound
