"""Small files in the layouts of the published tables, with invented numbers, for the tests of their readers.

The workbooks are written by hand: a zip with the two files that an OpenDocument spreadsheet needs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from openpeel.reference.forces import Force, find_force, forces

Cell = str | float | date | None
#: Rows of a sheet, and its merged areas: first row and column, last row and column, from 0.
SheetContent = tuple[list[list[Cell]], list[tuple[int, int, int, int]]]

_MANIFEST = """<?xml version="1.0"?><manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
 manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""
_HEAD = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>"""
_END = "</office:spreadsheet></office:body></office:document-content>"

#: Regions as the tables print them, in their order, with how `reference` calls them where it differs.
REGIONS = (
    "North East",
    "North West",
    "Yorkshire and the Humber",
    "East Midlands",
    "West Midlands",
    "Eastern",
    "London",
    "South East",
    "South West",
    "Wales",
)
PRINTED = {
    "City of London": "London, City of",
    "Devon and Cornwall": "Devon & Cornwall",
    "Avon and Somerset": "Avon & Somerset",
}


def in_region(region: str) -> list[Force]:
    """The forces of a region, by name."""
    called = {"Eastern": "East of England"}.get(region, region)
    return sorted((f for f in forces() if f.region == called), key=lambda f: f.name)


def write_ods(path: Path, sheets: Mapping[str, SheetContent]) -> Path:
    """Write sheets as an OpenDocument spreadsheet."""
    body = io.StringIO()
    body.write(_HEAD)
    for name, (rows, merged) in sheets.items():
        spans = {(t, left): (b - t + 1, r - left + 1) for t, left, b, r in merged}
        covered = {
            (row, column)
            for t, left, b, r in merged
            for row in range(t, b + 1)
            for column in range(left, r + 1)
        } - set(spans)
        body.write(f'<table:table table:name="{escape(name)}">')
        for i, row in enumerate(rows):
            body.write("<table:table-row>")
            for j, cell in enumerate(row):
                body.write(_cell(cell, spans.get((i, j)), covered=(i, j) in covered))
            if not row:
                body.write("<table:table-cell/>")
            body.write("</table:table-row>")
        body.write("</table:table>")
    body.write(_END)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", body.getvalue())
        book.writestr("META-INF/manifest.xml", _MANIFEST)
    return path


def _cell(cell: Cell, span: tuple[int, int] | None, *, covered: bool) -> str:
    tag = "table:covered-table-cell" if covered else "table:table-cell"
    of = (
        f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
        if span is not None
        else ""
    )
    if cell is None or cell == "":
        return f"<{tag}{of}/>"
    if isinstance(cell, date):
        value = f'office:value-type="date" office:date-value="{cell}"'
    elif isinstance(cell, str):
        value = 'office:value-type="string"'
    else:
        value = f'office:value-type="float" office:value="{cell}"'
    return f"<{tag}{of} {value}><text:p>{escape(str(cell))}</text:p></{tag}>"


def workforce_sheet(
    title: str, dates: Sequence[date], *, three: bool, notes: Iterable[str] = ()
) -> SheetContent:
    """A sheet of the workforce tables. A force's number is the position of its name among all, plus the column."""
    width = 2 * len(dates) + (2 if three else 1)
    top: list[Cell] = ["", "As at:" if three else "", *[""] * (len(dates) - 1)]
    low: list[Cell] = ["", *dates]
    merged = [(3, 0, 5, 0), (3, 1, 4, len(dates))]
    for span in ("12 months", "6 months") if three else ("6 months",):
        at = len(top)
        top += [f"Change in {span}\nhere to there", ""]
        low += ["number", "%"]
        merged.append((3, at, 4, at + 1))
    rows: list[list[Cell]] = [[title], [], ["England and Wales"], top, [], low]
    numbers = {f.code: i for i, f in enumerate(sorted(forces(), key=lambda f: f.name), start=1)}

    def line(name: str, values: Sequence[float]) -> list[Cell]:
        return [name, *values, *[0.0] * (len(low) - 1 - len(values))]

    total = [0.0] * len(dates)
    for region in REGIONS:
        lines = [
            (PRINTED.get(f.name, f.name), [float(numbers[f.code] + 100 * c) for c in range(len(dates))])
            for f in in_region(region)
        ]
        added = [sum(values[c] for _, values in lines) for c in range(len(dates))]
        rows.append(line(f"{region} ", added))
        rows += [line(name, values) for name, values in lines]
        total = [a + b for a, b in zip(total, added, strict=True)]
    rows.append(line("Total 43 forces", total))
    rows.append(line("British Transport Police", [7.0] * len(dates)))
    rows.append(line("Total", [t + 7 for t in total]))
    noted = list(notes)
    if noted:
        rows += [[], ["Notes"], *[[note] for note in noted]]
    return [[*row, *[""] * (width - len(row))][: max(width, len(row))] for row in rows], merged


DATES = (date(2021, 9, 30), date(2022, 3, 31), date(2022, 9, 30))
_TITLES = {
    "Table_1": "Table 1: Police officers by police force area, England and Wales",
    "Table_2": "Table 2: Police staff by police force area, England and Wales",
    "Table_3": "Table 3: Designated officers (s.38) by police force area",
    "Table_4": "Table 4: Police staff and designated officers combined",
    "Table_5": "Table 5: Police community support officers by police force area",
    "Table_7": "Table 7: Police officers by police force area",
    "Table_8": "Table 8: Police staff by police force area",
    "Table_9": "Table 9: Designated officers by police force area",
    "Table_10": "Table 10: Police staff and designated officers",
    "Table_11": "Table 11: Police community support officers by police force area",
    "Table_12": "Table 12: Special constables by police force area",
    "Table_13": "Table 13: Police support volunteers by police force area",
}
_TWO = ("Table_7", "Table_8", "Table_9", "Table_10", "Table_11")


def workforce_sheets() -> dict[str, SheetContent]:
    """All sheets of the workforce tables."""
    sheets: dict[str, SheetContent] = {
        "Index": ([["Police Workforce, England and Wales, 30 September 2022"]], [])
    }
    for i in range(1, 14):
        name = f"Table_{i}"
        if i == 6:
            sheets[name] = ([["Table 6: Police officers, England and Wales"]], [])
        else:
            two = name in _TWO
            notes = ["'..' Denotes data not available"] if i == 3 else []
            sheets[name] = workforce_sheet(
                _TITLES[name], DATES[1:] if two else DATES, three=not two, notes=notes
            )
    for name in ("Table_4", "Table_10"):  # the sum of two tables that are alike
        for row in sheets[name][0][6:]:
            for column in range(1, 3 if name == "Table_10" else 4):
                if isinstance(row[column], float):
                    row[column] *= 2
    return sheets


def use_of_force_sheets() -> dict[str, SheetContent]:
    """All sheets of the tables of the use of force; in table 12 each force has 100 incidents."""
    from openpeel.intake.home_office.layout import workbook_layout

    layout = workbook_layout("use_of_force")
    sheets: dict[str, SheetContent] = {s.name: ([[s.title]], []) for s in layout.sheets}
    span = "1 April 2021 to 31 March 2022"
    sheets["Contents"] = ([[f"Police use of force statistics, England and Wales, {span}"]], [])
    rows: list[list[Cell]] = [
        ["Table 12. Incidents by police force", "", ""],
        ["Contents", "", ""],
        ["", "", ""],
        ["Region", "Police force", "Total"],
        ["England and Wales", "Total England and Wales", 4300.0],
    ]
    for region in REGIONS:
        called = {"Eastern": "East of England"}.get(region, region)
        inside = in_region(region)
        rows.append([called, f"Total {called} ", 100.0 * len(inside)])
        rows += [[called, f.name, 100.0] for f in inside]
    rows += [["", "", ""], ["Notes", "", ""], ["- = nil", "", ""], ["* denotes suppressed", "", ""]]
    sheets["Table_12"] = (rows, [])
    return sheets


def row_of(content: SheetContent, label: str, column: int = 0) -> int:
    """The last row from 0 with this label, without blanks around it."""
    return max(
        i for i, row in enumerate(content[0]) if len(row) > column and str(row[column]).strip() == label
    )


SEARCHES = [
    "year_ending",
    "force_name",
    "legislation",
    "reason_for_search_arrest",
    "ethnic_group_self_defined",
    "ethnicity_self_defined",
    "searches",
    "resultant_arrests",
    "weapons_arrests_s60_only",
    "other_arrests_s60_only",
    "persons_found_to_be_carrying_a_weapon_s60_only",
]
ARRESTS = [
    "financial_year",
    "force_name",
    "offence_group",
    "ethnic_group",
    "age_group",
    "sex",
    "arrests",
    "year_ending",
]
OFFICERS = ["year", "force_name", "officers"]
OUTCOMES = [
    "financial_year",
    "financial_quarter",
    "force_name",
    "offence_description",
    "offence_group",
    "offence_subgroup",
    "offence_code",
    "offence_code_expired",
    "outcome_description",
    "outcome_group",
    "outcome_type",
    "offences",
    "force_outcomes_recorded_in_quarter",
]


def search(
    force: str = "Kent",
    searches: str = "10",
    arrests: str = "3",
    *,
    year: str = "2021-03-31",
    reason: str = "Drugs",
) -> list[str]:
    """A row of the stop and search table."""
    return [
        year,
        force,
        "Section 1 (PACE)",
        reason,
        "White",
        "White British",
        searches,
        arrests,
        "NA",
        "NA",
        "NA",
    ]


def arrest(force: str = "Kent", arrests: str = "10", *, sex: str = "Male") -> list[str]:
    """A row of the arrests table."""
    return ["2020/21", force, "Burglary", "White", "10 - 17 years", sex, arrests, "2021-03-31"]


def outcome(
    force: str = "Kent", offences: str = "10", *, quarter: str = "1", outcome_type: str = "1"
) -> list[str]:
    """A row of the outcomes table."""
    offence = ["Homicide", "Violence against the person", "Homicide", "1", "NA"]
    became = ["Charged/Summonsed", "Charged/Summonsed", outcome_type]
    return ["2020/21", quarter, force, *offence, *became, offences, "5"]


def code(force: str) -> str:
    """A force's code."""
    return find_force(force).code
