"""Published tables in CSV files: the header held to its layout, labels to codes, and numbers that may be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NoReturn

from openpeel.errors import DataError, UseError
from openpeel.intake.delimited import read_delimited
from openpeel.intake.home_office.layout import CsvLayout
from openpeel.intake.home_office.tallies import NIL, LeftAlone, Months, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile
from openpeel.intake.rows import counted
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month, Period

_WHOLE = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?", re.ASCII)
CHANGED = (
    "If the publisher has changed the table, it has to be described anew; nothing of this file was taken."
)


class CsvTable:
    """One CSV file of a known layout being read."""

    def __init__(
        self, file: SpooledFile, layout: CsvLayout, tallies: Tallies, limits: Limits, encoding: str
    ) -> None:
        self.layout = layout
        self.tallies = tallies
        self.name = file.source.name
        self._rows = read_delimited(
            file.stream, name=self.name, max_field_chars=limits.max_field_chars, encoding=encoding
        )
        self._no_force: dict[str, list[int]] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        _hold_to_header(self._rows.header, layout, self.name)

    def lines(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row that is of a force: its number and its cells in the order of the layout's header."""
        positions = [self._rows.header.index(title) for title in self.layout.header]
        force_at = self.layout.header.index("force_name")
        empty: list[int] = []
        for chunk in self._rows.chunks():
            for number, row in zip(chunk.row_numbers, chunk.rows, strict=True):
                cells = tuple([row[p].strip() for p in positions])
                if all(cell in ("", "NA") for cell in cells):
                    empty.append(number)
                elif cells[force_at] in self.layout.no_force:
                    self._no_force.setdefault(cells[force_at], []).append(number)
                else:
                    yield number, cells
        for rejected in self._rows.rejected:
            self.refuse(rejected.row, rejected.column, rejected.expected, rejected.got)
        if empty:
            self._left(empty, "it says nothing: every cell is blank or 'NA'")
        for name, rows in self._no_force.items():
            self._left(rows, f"'{name}' is no police force")

    def refuse(self, row: int, column: str, expected: str, got: str) -> NoReturn:
        """Refuse the whole file for what stands in one place."""
        at = f", column '{column}'" if column else ""
        raise DataError(
            f"expected {expected}, got {got}", where=f"{self.name}, row {row}{at}", advice=CHANGED
        )

    def force(self, row: int, text: str) -> Force:
        """The force that a cell names."""
        try:
            return find_force(text)
        except UseError:
            self.refuse(row, "force_name", "a police force", repr(text[:60]))

    def code(self, row: int, column: str, text: str) -> str | None:
        """Our code for a label; None where we have none for it."""
        known = self.layout.codes[column]
        if text not in known:
            self.refuse(row, column, f"one of the {len(known)} labels known here", repr(text[:60]))
        return known[text] or None

    def number(
        self, force: Force, months: Months, row: int, column: str, text: str, *, standard: str = ""
    ) -> int | None:
        """A whole number; None where it is not given or none, which is put in the account."""
        of = standard or self.layout.standard
        if _WHOLE.fullmatch(text):
            return int(text.replace(",", "").partition(".")[0])
        reason = self.layout.marks.get(text)
        if reason == NIL:
            return 0
        if reason is not None:
            self.tallies.pass_over(of, force, months, ("", row, column), reason)
        else:
            marks = ", ".join(repr(mark) for mark in self.layout.marks)
            self.tallies.reject(
                of, force, months, ("", row, column), f"a whole number or {marks}", repr(text[:30])
            )
        return None

    def once(self, row: int, key: tuple[str, ...], column: str) -> None:
        """Refuse a table that says the same thing twice: which of the two is to be counted is not said."""
        before = self._seen.setdefault(key, row)
        if before != row:
            self.refuse(
                row, column, "a combination of labels that stands once", f"that of row {before} again"
            )

    def year_ending(self, row: int, column: str, text: str) -> Months:
        """The twelve months up to a day."""
        try:
            return Period.year_ending(date.fromisoformat(text)).months()
        except (ValueError, UseError):
            self.refuse(row, column, "the last day of a month such as 2019-03-31", repr(text[:30]))

    def financial_year(self, row: int, column: str, text: str) -> Months:
        """The twelve months of a financial year."""
        try:
            return Period.financial_year(text).months()
        except UseError:
            self.refuse(row, column, "a financial year such as 2017/18", repr(text[:30]))

    def _left(self, rows: Sequence[int], reason: str) -> None:
        more = f" and {counted(len(rows) - 1, 'row')} more" if len(rows) > 1 else ""
        self.tallies.left_alone.append(LeftAlone(f"{self.name}, row {rows[0]}{more}", reason))


def end_of_march(year: int) -> Month:
    """The month on whose last day the workforce of a year is counted."""
    return Month(year, 3)


def _hold_to_header(header: Sequence[str], layout: CsvLayout, name: str) -> None:
    """Refuse a header that lacks a column or has one too many, saying which and where."""
    missing = [title for title in layout.header if title not in header]
    extra = [(i, title) for i, title in enumerate(header, start=1) if title not in layout.header]
    if not missing and not extra:
        return
    where = f"{name}, row 1"
    if extra:
        where += f", column {extra[0][0]}"
    expected = f"the column '{missing[0]}'" if missing else f"the {len(layout.header)} columns of the table"
    got = repr(extra[0][1][:60]) if extra else "none of that name"
    raise DataError(
        f"expected {expected} of the published table '{layout.title}', got {got}", where=where, advice=CHANGED
    )
