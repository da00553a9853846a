"""Workbooks (XLSX, ODS) into rows of text: the one sheet that holds records, from the row below its header on.

Which sheet that is, is found in `sheets.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from openpeel.intake.cells import cell_name, cell_text
from openpeel.intake.faults import called
from openpeel.intake.limits import Limits
from openpeel.intake.package import open_package
from openpeel.intake.rows import DEFAULT_CHUNK_ROWS, Chunk, RejectedRow
from openpeel.intake.sheets import Table, find_table, rows_of
from openpeel.intake.taking import Taking

_AS_NUMBERS = {"1": "True", "0": "False"}


def read_workbook(
    stream: IO[bytes],
    *,
    name: str,
    base: str,
    limits: Limits | None = None,
    chunk_rows: int = DEFAULT_CHUNK_ROWS,
) -> WorkbookFile:
    """Begin to read a workbook: find the one sheet whose header is that of a layout.

    `stream` can be read from any place and stays the caller's to close; `base` is the name of the file. Raises
    DataError where there is no such sheet, more than one, or one that is hidden, and for all that
    `open_package` refuses.
    """
    limits = limits or Limits()
    table = find_table(open_package(stream, name=name, base=base, limits=limits), limits)
    return WorkbookFile(table, name=name, limits=limits, chunk_rows=chunk_rows)


class WorkbookFile:
    """The sheet of a workbook that holds records: a `rows.RowFile`.

    Rows are numbered as the spreadsheet shows them. Rows in which all cells are blank are no records.
    """

    unknown_keys: tuple[str, ...] = ()

    def __init__(self, table: Table, *, name: str, limits: Limits, chunk_rows: int) -> None:
        self.name = name
        self.header = table.header
        self.passed_over = table.passed_over
        self.blank_lines = 0
        self._table = table
        self._taking = Taking(
            table.header,
            name=name,
            max_field_chars=limits.max_field_chars,
            max_chars=limits.max_bytes,
            chunk_rows=chunk_rows,
        )

    @property
    def records(self) -> int:
        """How many records have been read, taken or rejected."""
        return self._taking.records

    @property
    def rejected(self) -> list[RejectedRow]:
        """The rows that could not be taken."""
        return self._taking.rejected

    def chunks(self) -> Iterator[Chunk]:
        """The rows, some at a time; fills `rejected`. Can be gone through once."""
        return self._taking.chunks(self._rows())

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        table = self._table
        columns = range(table.columns[0], table.columns[-1] + 1)
        merged = table.faults.spread(table.last_row, columns, name=f"{self.name}, {called(table.title)}")
        faults = table.faults.cells
        titles = dict(zip(table.columns, table.header, strict=True))
        own = [column - table.first_column for column in table.columns]
        booleans = [(i, own[i]) for i in table.booleans]
        others = sorted(set(range(table.width)) - set(own))
        for row, values in rows_of(table):
            if values is None:
                self._taking.reject(
                    row + 1, "", "values that can be read", "a number too large for a length of time"
                )
                continue
            cells = [v if type(v) is str else cell_text(v) for v in map(values.__getitem__, own)]
            for i, column in booleans:
                # LibreOffice saves a cell that is true as 1 where it is formatted as text.
                if type(values[column]) is float and cells[i] in _AS_NUMBERS:
                    cells[i] = _AS_NUMBERS[cells[i]]
            fault = faults.get(row)
            stray = next((i for i in others if values[i] != ""), None)
            blank = stray is None and not any(cell.strip() for cell in cells)
            if blank and (fault is None or row in merged):
                self.blank_lines += 1
            elif fault is not None:
                self._taking.reject(row + 1, titles.get(fault.column, ""), "a value of its own", fault.got)
            elif stray is not None:
                got = f"one that has none in cell {cell_name(row, stray + table.first_column)}"
                self._taking.reject(row + 1, "", "only cells below a title of the header", got)
            else:
                yield row + 1, cells
