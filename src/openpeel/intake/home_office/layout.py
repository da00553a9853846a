"""The layouts of published tables: what `data/*.toml` says of headers, sheets, labels and codes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from openpeel.standards import load_standard


@dataclass(frozen=True)
class CsvLayout:
    """A table in a CSV file.

    `codes` is label → our code by column of the file ('' where we have no code and the column stays blank);
    `marks` says what stands instead of a number and why; `no_force` are names among the forces that are none.
    """

    id: str
    title: str
    standard: str
    header: tuple[str, ...]
    codes: dict[str, dict[str, str]]
    marks: dict[str, str]
    no_force: frozenset[str]
    not_taken: dict[str, str]


@dataclass(frozen=True)
class SheetLayout:
    """A sheet of an official workbook.

    `title` is how its first cell begins; `header` are its columns in order, each the texts of the header rows from
    above joined by ' / ', where '*' is anything and '{date}' a day. A sheet that is not taken says why in `because`.
    `values` are the same for all its records; `sum_of` are the sheets whose numbers it adds up.
    """

    name: str
    title: str
    standard: str = ""
    because: str = ""
    header: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    sum_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkbookLayout:
    """An official workbook. `header_rows` are the first and last row of the header, from 1.

    `regions` are printed before the forces in each of them; `whole` is the sum of all regions, `together` that and
    the rows `besides` them, which are no force.
    """

    id: str
    title: str
    header_rows: tuple[int, int]
    label_column: int
    regions: tuple[str, ...]
    whole: str
    together: str
    besides: tuple[str, ...]
    sheets: tuple[SheetLayout, ...]


@cache
def csv_layout(layout_id: str) -> CsvLayout:
    """Read the layout of a CSV table. Raises ValueError where it names a code that the standard does not have."""
    raw = _read(layout_id)
    found = CsvLayout(
        id=layout_id,
        title=raw["title"],
        standard=raw["standard"],
        header=tuple(raw["header"]),
        codes={column: dict(known) for column, known in raw.get("codes", {}).items()},
        marks=dict(raw.get("marks", {})),
        no_force=frozenset(raw.get("no_force", ())),
        not_taken=dict(raw.get("not_taken", {})),
    )
    for column, of in raw.get("columns", {}).items():
        for code in {c for c in found.codes[column].values() if c}:
            _check_code(layout_id, found.standard, of, code)
    return found


@cache
def workbook_layout(layout_id: str) -> WorkbookLayout:
    """Read the layout of an official workbook. Raises ValueError where it names a code that its standard lacks."""
    raw = _read(layout_id)
    headers: dict[str, list[str]] = raw.get("headers", {})
    sheets = tuple(
        SheetLayout(
            name=s["name"],
            title=s["title"],
            standard=s.get("standard", ""),
            because=s.get("because", ""),
            header=tuple(headers[s["header"]]) if "header" in s else (),
            values=tuple(s.get("values", {}).items()),
            sum_of=tuple(s.get("sum_of", ())),
        )
        for s in raw["sheets"]
    )
    for sheet in sheets:
        for column, code in sheet.values:
            _check_code(layout_id, sheet.standard, column, code)
    first, last = raw["header_rows"]
    areas = raw["areas"]
    return WorkbookLayout(
        id=layout_id,
        title=raw["title"],
        header_rows=(first, last),
        label_column=raw["label_column"],
        regions=tuple(areas["regions"]),
        whole=areas["whole"],
        together=areas.get("together", ""),
        besides=tuple(areas.get("besides", ())),
        sheets=sheets,
    )


def _read(layout_id: str) -> dict[str, Any]:
    text = (files("openpeel.intake.home_office") / "data" / f"{layout_id}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _check_code(layout_id: str, standard: str, column: str, code: str) -> None:
    codes = load_standard(standard).column(column).codes
    if codes is None or code not in {c.code for c in codes.codes}:
        raise ValueError(f"{layout_id}: '{column}' of the standard '{standard}' has no code '{code}'")
