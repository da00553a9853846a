"""A sheet of an official workbook with a row for each force: its numbers in the account, its totals checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from openpeel.intake.cells import cell_name
from openpeel.intake.home_office.layout import SheetLayout, WorkbookLayout
from openpeel.intake.home_office.official_ods import (
    Notes,
    Row,
    Sheet,
    hold_to_header,
    is_mark,
    notes_of,
    rows_of,
    title_marks,
)
from openpeel.intake.home_office.tallies import NIL, NOT_GIVEN, LeftAlone, Months, Tallies
from openpeel.intake.home_office.totals import Sum, difference
from openpeel.intake.rows import counted
from openpeel.lake import Defect
from openpeel.reference.forces import Force

#: Takes a number: force, months, place, number.
Take = Callable[[Force, Months, tuple[str, int, str], float], None]


@dataclass
class ForceTable:
    """One sheet with a row for each force. `columns` are those with numbers: position from 0 → their months."""

    sheet: Sheet
    layout: SheetLayout
    book: WorkbookLayout
    columns: dict[int, Months]
    header: list[str]
    rows: list[Row]
    notes: Notes
    meanings: Mapping[str, str]
    tallies: Tallies
    values: dict[tuple[int, int], float | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sheets: Mapping[str, Sheet],
        layout: SheetLayout,
        book: WorkbookLayout,
        tallies: Tallies,
        months_of: Callable[[Sheet, int, str], Months | None],
    ) -> ForceTable:
        """Hold a sheet to its layout. `months_of` says what a column counts by its header; None: it is not taken.

        Raises DataError at the first cell that is not as the layout says.
        """
        sheet = sheets[layout.name]
        header = hold_to_header(sheet, layout, book.header_rows)
        columns = {
            i: months for i, text in enumerate(header) if (months := months_of(sheet, i, text)) is not None
        }
        own = notes_of(sheet)
        # What a mark means may be told once for all sheets; the sheet's own word goes first.
        meanings = {
            m: said for other in sheets.values() for m, said in notes_of(other).meanings.items()
        } | dict(own.meanings)
        return cls(sheet, layout, book, columns, header, rows_of(sheet, book), own, meanings, tallies)

    def read(self, take: Take) -> None:
        """Put every number of a force in the account; those that are there are handed to `take`."""
        for row in self.rows:
            for column, months in self.columns.items():
                self._cell(row, column, months, take)
        self._besides()
        self._notes()
        for found, forces, column in self._sums():
            self.say(found, forces, self.columns[column])

    def say(self, found: Sum, forces: Sequence[str], months: Months) -> None:
        """Tell the returns of the forces that a total is of, where it is not the sum of its parts."""
        said = difference(found)
        if said:
            self.tallies.note(
                Defect("total_differs", 0, said),
                lambda standard, force, span: (
                    standard == self.layout.standard and force in forces and span == months
                ),
            )

    def place(self, row: int, column: int) -> str:
        """A cell by its sheet, its name, row label and header."""
        label = " ".join(self.sheet.text(row, self.book.label_column).split())
        return f"{self.sheet.called}, cell {cell_name(row, column)} ('{label}', '{self.header[column]}')"

    def _cell(self, row: Row, column: int, months: Months, take: Take) -> None:
        standard, force = self.layout.standard, row.force
        value = self.sheet.cells[row.number][column]
        place = (self.sheet.called, row.number + 1, self.header[column])
        fault = self.sheet.faults.cells.get(row.number)
        text = self.sheet.text(row.number, column)
        got = ""
        if fault is not None and fault.column == column:
            got = fault.got
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.values[row.number, column] = float(value)
            if force and standard:
                take(force, months, place, float(value))
            return
        elif is_mark(text):
            reason = self.meanings.get(text, NOT_GIVEN)
            if reason == NIL:
                self.values[row.number, column] = 0.0
                if force and standard:
                    take(force, months, place, 0.0)
                return
            self.values[row.number, column] = None
            if force and standard:
                self.tallies.pass_over(standard, force, months, place, reason)
            return
        got = got or repr(text[:30])
        if force is None or not standard:
            raise self.sheet.refuse(row.number, column, "a number", got)
        self.values[row.number, column] = None
        self.tallies.reject(
            standard, force, months, place, "a number, or a mark for one that is not given", got
        )

    def _besides(self) -> None:
        """Rows that are no force and no total."""
        for row in self.rows:
            if row.kind == "besides":
                self.tallies.left_alone.append(
                    LeftAlone(
                        f"{self.sheet.file}, {self.sheet.called}, row {row.number + 1}",
                        f"'{row.label.name}' is no police force ({counted(len(self.columns), 'number')})",
                    )
                )

    def _notes(self) -> None:
        """The publisher's notes that are about the whole sheet, that stand at a force's name or that name it."""
        whole = [self.notes.numbered[m] for m in title_marks(self.sheet) if m in self.notes.numbered]
        every = [*self.notes.general, *whole]
        for row in self.rows:
            if row.force is None:
                continue
            own = [self.notes.numbered[m] for m in row.label.marks if m in self.notes.numbered]
            own += [t for t in self.notes.numbered.values() if row.label.name in t and t not in own]
            code = row.force.code
            for text in dict.fromkeys((*own, *every)):
                self.tallies.note(
                    Defect("publishers_note", 0, f"{self.sheet.called}: {text}"),
                    lambda standard, force, months, code=code: (  # type: ignore[misc]
                        standard == self.layout.standard and force == code and months in self.columns.values()
                    ),
                )

    def _sums(self) -> list[tuple[Sum, list[str], int]]:
        """Each printed total of each column, with the forces that it is about."""
        found = []
        for column in self.columns:
            region: Row | None = None
            parts: dict[int, list[Row]] = {}
            for row in self.rows:
                if row.kind == "region":
                    region = row
                    parts[row.number] = []
                elif row.kind != "force":
                    region = None
                elif region is not None:
                    parts[region.number].append(row)
            territorial = [r for r in self.rows if r.force and r.force.kind == "territorial"]
            outside = [
                r for r in self.rows if (r.force and r.force.kind != "territorial") or r.kind == "besides"
            ]
            for row in self.rows:
                of = parts.get(row.number, [])
                if row.kind == "whole":
                    of = territorial
                elif row.kind == "together":
                    of = [*territorial, *outside]
                if of and row.force is None:
                    printed = self.values[row.number, column]
                    if printed is not None:
                        values = [self.values[r.number, column] for r in of]
                        codes = [r.force.code for r in of if r.force]
                        found.append((Sum(self.place(row.number, column), printed, values), codes, column))
        return found


def check_sum_of_sheets(table: ForceTable, parts: Sequence[ForceTable]) -> None:
    """Check a sheet that adds up others, force by force; what is said goes to the returns of the parts' standard."""
    for row in table.rows:
        if row.force is None:
            continue
        for column, months in table.columns.items():
            printed = table.values[row.number, column]
            if printed is None:
                continue
            values = []
            for part in parts:
                of = next((r for r in part.rows if r.force == row.force), None)
                at = next((c for c, m in part.columns.items() if m == months), None)
                values.append(part.values[of.number, at] if of is not None and at is not None else None)
            for part in parts[:1]:
                part.say(Sum(table.place(row.number, column), printed, values), [row.force.code], months)
