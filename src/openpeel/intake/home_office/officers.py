"""Officers by force and year, as a series: full-time equivalents on 31 March, without a number of people."""

from __future__ import annotations

from math import isfinite

from openpeel.intake.home_office.csv_table import CsvTable, end_of_march
from openpeel.intake.home_office.layout import csv_layout
from openpeel.intake.home_office.tallies import PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile

LAYOUT = "officers"
FTE_FIELDS = ("worker_type", "fte")


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the series of officers. Raises DataError where its layout is another one."""
    layout = csv_layout(LAYOUT)
    tallies = Tallies(file, layout.title, {layout.standard: FTE_FIELDS})
    table = CsvTable(file, layout, tallies, limits, encoding)
    for row, (year, name, officers) in table.lines():
        if not (year.isdigit() and len(year) == 4):
            table.refuse(row, "year", "a year such as 2019", repr(year[:30]))
        months = (end_of_march(int(year)),)
        force = table.force(row, name)
        table.once(row, (year, force.code), "force_name")
        place = ("", row, "officers")
        if officers in layout.marks:
            tallies.pass_over(layout.standard, force, months, place, layout.marks[officers])
            continue
        fte = fte_of(officers)
        if fte is None:
            tallies.reject(
                layout.standard, force, months, place, "a number of 0 or more", repr(officers[:30])
            )
        else:
            tallies.take(layout.standard, force, months, place, 1, ("officer", fte))
    return tallies.finish()


def fte_of(text: str) -> float | None:
    """A full-time equivalent of 0 or more; None for anything else."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) and found >= 0 and "_" not in text else None
