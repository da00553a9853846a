"""Crime outcomes: crimes by the quarter in which they were recorded, by offence and by the outcome they have had.

A number is of the standard `recorded_crime`: so many crimes of this offence, recorded by this force in this quarter,
had this outcome when the table was made. What was taken away later is a number below 0 and stays. The other number, of
outcomes by the quarter in which they were assigned, counts another thing, for which there is no standard.
"""

from __future__ import annotations

from openpeel.intake.home_office.csv_table import CsvTable
from openpeel.intake.home_office.layout import csv_layout
from openpeel.intake.home_office.tallies import Months, PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile
from openpeel.lake import Defect

LAYOUT = "outcomes"
_FIELDS = ("offence_group", "offence_subgroup", "offence_code", "outcome_type")
_QUARTERS = ("1", "2", "3", "4")


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the open data of crime outcomes. Raises DataError where its layout is another one."""
    layout = csv_layout(LAYOUT)
    tallies = Tallies(file, layout.title, {layout.standard: _FIELDS})
    table = CsvTable(file, layout, tallies, limits, encoding)
    at = {title: i for i, title in enumerate(layout.header)}
    quarters: dict[tuple[str, str], Months] = {}
    for row, cells in table.lines():
        year, quarter = cells[at["financial_year"]], cells[at["financial_quarter"]]
        months = quarters.get((year, quarter))
        if months is None:
            whole = table.financial_year(row, "financial_year", year)
            if quarter not in _QUARTERS:
                table.refuse(row, "financial_quarter", "a quarter from 1 to 4", repr(quarter[:30]))
            first = 3 * (int(quarter) - 1)
            months = quarters[year, quarter] = whole[first : first + 3]
        force = table.force(row, cells[at["force_name"]])
        values = (
            table.code(row, "offence_group", cells[at["offence_group"]]),
            table.code(row, "offence_subgroup", cells[at["offence_subgroup"]]),
            cells[at["offence_code"]] or None,
            table.code(row, "outcome_type", cells[at["outcome_type"]]),
        )
        told_apart = (year, quarter, force.code, cells[at["offence_code"]], cells[at["outcome_type"]])
        table.once(row, told_apart, "outcome_type")
        number = table.number(force, months, row, "offences", cells[at["offences"]])
        if number is not None:
            tallies.take(layout.standard, force, months, ("", row, "offences"), number, values)
    for column, because in layout.not_taken.items():
        tallies.note(Defect("not_taken", 0, f"the column '{column}' is not taken: {because}"), _of_all)
    return tallies.finish()


def _of_all(_standard: str, _force: str, _months: Months) -> bool:
    return True
