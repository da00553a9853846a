"""Arrests for notifiable offences: by financial year, force, offence group, ethnic group, age group and sex."""

from __future__ import annotations

from openpeel.intake.home_office.csv_table import CsvTable
from openpeel.intake.home_office.layout import csv_layout
from openpeel.intake.home_office.tallies import PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile

LAYOUT = "arrests"
_FIELDS = {
    "offence_group": "offence_group",
    "ethnic_group": "ethnic_group",
    "age_group": "age_group",
    "gender": "sex",
}


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the open data of arrests. Raises DataError where its layout is another one."""
    layout = csv_layout(LAYOUT)
    tallies = Tallies(file, layout.title, {layout.standard: tuple(_FIELDS)})
    table = CsvTable(file, layout, tallies, limits, encoding)
    at = {title: i for i, title in enumerate(layout.header)}
    for row, cells in table.lines():
        months = table.financial_year(row, "financial_year", cells[at["financial_year"]])
        ending = cells[at["year_ending"]]
        if ending != months[-1].end.isoformat():
            table.refuse(
                row,
                "year_ending",
                f"the last day of the financial year, {months[-1].end}",
                repr(ending[:30]),
            )
        force = table.force(row, cells[at["force_name"]])
        values = tuple(table.code(row, title, cells[at[title]]) for title in _FIELDS.values())
        table.once(row, (*cells[: at["arrests"]],), "arrests")
        number = table.number(force, months, row, "arrests", cells[at["arrests"]])
        if number is not None:
            tallies.take(layout.standard, force, months, ("", row, "arrests"), number, values)
    return tallies.finish()
