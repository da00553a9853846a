"""The police workforce at one day and at earlier ones: full-time equivalents and headcounts by force.

Headcounts are tallies of people in post, or of volunteers; full-time equivalents, which no number of people stands
beside at every date, have a standard of their own. Changes are worked out from both and not taken.
"""

from __future__ import annotations

from datetime import date

from openpeel.intake.home_office.force_table import ForceTable, Take, check_sum_of_sheets
from openpeel.intake.home_office.layout import SheetLayout, workbook_layout
from openpeel.intake.home_office.officers import FTE_FIELDS
from openpeel.intake.home_office.official_ods import Sheet, hold_to_sheets, read_sheets
from openpeel.intake.home_office.tallies import LeftAlone, Months, PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month

LAYOUT = "workforce"
_FIELDS = {"workforce_fte": FTE_FIELDS, "workforce": ("worker_type",), "volunteer": ("scheme",)}


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the tables of the workforce. Raises DataError where their layout is another one."""
    book = workbook_layout(LAYOUT)
    sheets = read_sheets(file, limits)
    hold_to_sheets(sheets, book, file.source.name)
    tallies = Tallies(file, book.title, _FIELDS)
    tables: dict[str, ForceTable] = {}
    for layout in book.sheets:
        if layout.header:
            table = tables[layout.name] = ForceTable.of(sheets, layout, book, tallies, _as_at)
            table.read(_taker(tallies, layout))
        if layout.because:
            tallies.left_alone.append(
                LeftAlone(f"{file.source.name}, {sheets[layout.name].called}", layout.because)
            )
    for layout in book.sheets:
        if layout.sum_of:
            check_sum_of_sheets(tables[layout.name], [tables[name] for name in layout.sum_of])
    return tallies.finish()


def _as_at(sheet: Sheet, column: int, header: str) -> Months | None:
    """The month on whose last day a column counts; None for a column of changes."""
    try:
        day = date.fromisoformat(header.rpartition(" / ")[2])
    except ValueError:
        return None
    if day != Month.of(day).end:
        raise sheet.refuse(5, column, "the last day of a month", repr(header))
    return (Month.of(day),)


def _taker(tallies: Tallies, layout: SheetLayout) -> Take:
    standard, code = layout.standard, dict(layout.values)

    def take(force: Force, months: Months, place: tuple[str, int, str], number: float) -> None:
        if number < 0:
            tallies.reject(standard, force, months, place, "a number of 0 or more", "one below 0")
        elif standard == "workforce_fte":
            tallies.take(standard, force, months, place, 1, (code["worker_type"], number))
        elif number != int(number):
            tallies.reject(standard, force, months, place, "a whole number of people", repr(number))
        else:
            tallies.take(standard, force, months, place, int(number), tuple(code.values()))

    return take
