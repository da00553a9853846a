"""The sheets of a workbook: which one holds records, where its header is, and its values.

The values are read by python-calamine. What it gives a blank for that is none, and what would make it fill the memory,
is found beforehand in `xlsx_scan.py` and `ods_scan.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from openpeel.errors import DataError
from openpeel.intake.cells import cell_name, cell_text
from openpeel.intake.faults import Faults, called
from openpeel.intake.layouts import LISTED, Layout, Misfit, match
from openpeel.intake.limits import Limits
from openpeel.intake.ods_scan import scan_ods
from openpeel.intake.package import Package
from openpeel.intake.tally import TALLY
from openpeel.intake.xlsx_scan import XlsxScan
from openpeel.standards import load_standard, plain

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: The sheet that lists what was found in a workbook which is given back with marks.
CHECKS_SHEET = "openpeel checks"

#: The sheets of our templates beside that of the records, and the one of a workbook with marks.
PASSED_OVER = ("notes", "lists", CHECKS_SHEET)

#: A header is looked for in so many rows: above it may stand a title, or who filled it in.
HEADER_WITHIN = 20

_SHOWN = 5


@dataclass(frozen=True)
class Table:
    """A sheet with a header: rows and columns of the sheet are counted from 0, `columns` are those with a title.

    `booleans` are the positions in the header of what is true or false.
    """

    title: str
    sheet: CalamineSheet
    faults: Faults
    damaged: DataError
    row: int
    columns: tuple[int, ...]
    header: tuple[str, ...]
    booleans: tuple[int, ...]
    first_column: int
    last_row: int
    width: int
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class _NoTable:
    """A sheet without a header that is known: the row that comes nearest to one, and why it is none."""

    title: str
    row: int
    misfit: Misfit


def find_table(package: Package, limits: Limits) -> Table:
    """The sheet that holds records. Raises DataError where there is none, more than one, or one that is hidden."""
    tables: list[Table] = []
    others: list[_NoTable] = []
    hidden: set[str] = set()
    for title, seen, sheet, faults in _sheets(package, limits):
        found = _find_header(title, sheet, faults, package.damaged())
        if isinstance(found, Table):
            tables.append(found)
            hidden |= set() if seen else {title}
        elif found is not None:
            others.append(found)
    if not tables:
        raise _no_table(package, others)
    near = [other.title for other in others if other.misfit.near]
    if len(tables) > 1 or near:
        names = [table.title for table in tables] + near
        said = " and ".join(called(n) + " (hidden)" * (n in hidden) for n in names[:_SHOWN])
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        raise DataError(
            f"expected one sheet with records, got a sheet too many: {said}{more}.",
            where=package.name,
            advice="Put all records on one sheet, or each sheet in a file of its own.",
        )
    (table,) = tables
    where = f"{package.name}, {called(table.title)}"
    if hidden:
        raise DataError(
            "expected a sheet with records that can be seen, got one that is hidden.",
            where=where,
            advice="Unhide it, look through it and save.",
        )
    _check_header(table, where)
    return replace(table, passed_over=tuple(called(other.title) for other in others))


def rows_of(table: Table) -> Iterator[tuple[int, list[Any] | None]]:
    """The rows below the header, each with its number from 0 and the values from the first column that is used on.

    None stands for the values of a row of which one is no value: a number that is formatted as a length of time
    and is too large for one.
    """
    for row, values in _each_row(table.sheet, table.damaged):
        if row > table.row:
            yield row, values


def _each_row(sheet: CalamineSheet, damaged: DataError) -> Iterator[tuple[int, list[Any] | None]]:
    rows = sheet.iter_rows()
    for row in range(sheet.end[0] + 1 if sheet.end else 0):
        values: list[Any] | None = None
        with _in_words(damaged), suppress(OverflowError):
            values = next(rows)
        yield row, values


def _sheets(package: Package, limits: Limits) -> Iterator[tuple[str, bool, CalamineSheet, Faults]]:
    """Each sheet that holds something and may hold records: name, whether it can be seen, values and faults."""
    # Imported where it is used: it takes time that those who load no workbook need not wait for.
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    scanned = scan_ods(package, limits) if package.kind == "ods" else {}
    scan = XlsxScan(package, limits) if package.kind == "xlsx" else None
    with _in_words(package.damaged()):
        book: CalamineWorkbook = _open(package)
        sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    for about in sheets:
        if about.name.strip().casefold() in PASSED_OVER:
            continue
        faults = scan.look_through(about.name) if scan else scanned.get(about.name)
        if faults is None:
            raise package.damaged()
        with _in_words(package.damaged()):
            sheet = book.get_sheet_by_name(about.name)
        if sheet.start is not None:
            yield about.name, about.visible == SheetVisibleEnum.Visible, sheet, faults


def _open(package: Package) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    package.stream.seek(0)
    return CalamineWorkbook.from_filelike(package.stream)


def _find_header(
    title: str, sheet: CalamineSheet, faults: Faults, damaged: DataError
) -> Table | _NoTable | None:
    """The first row that is the header of a layout, or the one that comes nearest."""
    if sheet.start is None or sheet.end is None:
        return None
    (top, left), (bottom, right) = sheet.start, sheet.end
    nearest: _NoTable | None = None
    for row, values in islice(_each_row(sheet, damaged), top, top + HEADER_WITHIN):
        titles = {
            i: text for i, value in enumerate(values or (), start=left) if (text := cell_text(value).strip())
        }
        if not titles:
            continue
        header = tuple(titles.values())
        found = match(header)
        if not isinstance(found, Misfit):
            return Table(
                title=title,
                sheet=sheet,
                faults=faults,
                damaged=damaged,
                row=row,
                columns=tuple(titles),
                header=header,
                booleans=tuple(i for i, name in enumerate(header) if _is_boolean(found, name)),
                first_column=left,
                last_row=bottom,
                width=right - left + 1,
            )
        if nearest is None or (found.near, found.known) > (nearest.misfit.near, nearest.misfit.known):
            nearest = _NoTable(title, row, found)
    return nearest


def _is_boolean(layout: Layout, title: str) -> bool:
    name = layout.names[plain(title)]
    return name != TALLY.name and load_standard(layout.standard).column(name).type == "boolean"


def _check_header(table: Table, where: str) -> None:
    """Refuse a header of which a cell is merged with others: which column it is the title of is not said."""
    for top, left, bottom, right in table.faults.merged:
        if top <= table.row <= bottom and left <= table.columns[-1] and right >= table.columns[0]:
            raise DataError(
                "expected a header in which each column has a cell of its own, got the merged cells "
                f"{cell_name(top, left)}:{cell_name(bottom, right)}.",
                where=where,
                advice="Unmerge them and write a title above each column.",
            )


def _no_table(package: Package, others: list[_NoTable]) -> DataError:
    if not others:
        return DataError(
            "expected a sheet with a header and records, got none that holds anything.",
            where=package.name,
            advice="Sheets called Notes or Lists are passed over. " + LISTED,
        )
    best = max(others, key=lambda other: (other.misfit.near, other.misfit.known))
    return DataError(
        best.misfit.said,
        where=f"{package.name}, {called(best.title)}, row {best.row + 1}",
        advice=best.misfit.advice,
    )


@contextmanager
def _in_words(damaged: DataError) -> Iterator[None]:
    """Say of whatever python-calamine stumbles over that the file is damaged; its own words may repeat a cell."""
    try:
        yield
    except BaseException as error:
        # A Rust library that gives up raises PanicException, which is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise damaged from None
        raise
