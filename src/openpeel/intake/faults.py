"""What is wrong with the cells of a sheet that its values do not show: errors, formulas never calculated, merged cells.

python-calamine gives a blank for each of them. The scans of XLSX and ODS fill this in, `workbook.py` rejects the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from openpeel.errors import DataError
from openpeel.intake.cells import cell_name
from openpeel.intake.limits import Limits
from openpeel.intake.rows import counted, shown

#: What a cell takes in the memory of python-calamine, which lays out a sheet from its first to its last corner.
_CELL_BYTES = 32

_ERROR = re.compile(r"#[A-Z0-9/!?_]{1,18}|Err:\d{3}", re.ASCII)

NEVER_CALCULATED = "a formula that was never calculated"

_MOST_MERGED = 10_000_000


@dataclass(frozen=True)
class Fault:
    """A cell, by its column from 0, and what stands there instead of a value."""

    column: int
    got: str


@dataclass
class Faults:
    """The first fault of each row, by row from 0, and the merged areas: first row and column, last row and column."""

    cells: dict[int, Fault] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, row: int, column: int, got: str) -> None:
        """Note a cell. Of several in a row the first is told."""
        before = self.cells.get(row)
        if before is None or column < before.column:
            self.cells[row] = Fault(column, f"{got} in cell {cell_name(row, column)}")

    def spread(self, last_row: int, columns: range, *, name: str) -> set[int]:
        """Note every row that a merged area with these columns reaches into; which rows these are."""
        rows: set[int] = set()
        total = 0
        for top, left, bottom, right in self.merged:
            if left >= columns.stop or right < columns.start:
                continue
            area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            bottom = min(bottom, last_row)
            total += max(bottom - top + 1, 0)
            if total > _MOST_MERGED:
                raise DataError(
                    f"expected at most {counted(_MOST_MERGED, 'merged row')}, got more.",
                    where=name,
                    advice="Unmerge the cells.",
                )
            for row in range(top, bottom + 1):
                rows.add(row)
                before = self.cells.get(row)
                if before is None or left < before.column:
                    self.cells[row] = Fault(left, f"the merged cells {area}")
        return rows


def check_size(cells: int, chars: int, limits: Limits, *, name: str, sheet: str) -> None:
    """Refuse a sheet that would fill the memory: few cells far apart, or a long text repeated."""
    if cells * _CELL_BYTES + chars > limits.max_sheet_bytes:
        raise DataError(
            f"expected a sheet of at most {counted(limits.max_sheet_bytes, 'byte')}, got one that comes to more: "
            f"{counted(cells, 'cell')} from its first to its last.",
            where=f"{name}, {called(sheet)}",
            advice="Delete what stands far from the records, or save the sheet as CSV.",
        )


def error_called(text: str) -> str:
    """An error as the cell shows it, where what it shows is one and nothing else.

    >>> error_called("#REF!"), error_called("Err:502"), error_called("Zebedee")
    ('the error #REF!', 'the error Err:502', 'an error')
    """
    return f"the error {text}" if is_error(text) else "an error"


def is_error(text: str) -> bool:
    """Whether this is how spreadsheet programs show an error."""
    return _ERROR.fullmatch(text) is not None


def called(sheet: str) -> str:
    """A sheet by its name, as it may be printed.

    >>> called("Calls")
    "sheet 'Calls'"
    """
    return f"sheet '{shown(sheet[:60])}'"
