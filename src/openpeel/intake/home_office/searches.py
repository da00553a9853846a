"""Stop and search to 2019: searches and the arrests that came of them, by year, power, reason and ethnicity.

The table says of each combination how many searches there were and how many arrests, and nothing of other outcomes. So
the arrests are tallies whose outcome is an arrest, and what is left of the searches has no outcome recorded. Where more
arrests than searches are printed, what is left is below 0: all sums stay as they were published.
"""

from __future__ import annotations

from openpeel.intake.home_office.csv_table import CsvTable
from openpeel.intake.home_office.layout import csv_layout
from openpeel.intake.home_office.tallies import Months, PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile
from openpeel.intake.rows import counted
from openpeel.lake import Defect

LAYOUT = "searches"
_FIELDS = ("type", "legislation", "object_of_search", "self_defined_ethnicity", "outcome")
_NO_SEARCHES = "arrests without a number of searches that they came of"
_VEHICLE = "Vehicle only"


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the open data of stop and search. Raises DataError where its layout is another one."""
    layout = csv_layout(LAYOUT)
    standard = layout.standard
    tallies = Tallies(file, layout.title, {standard: _FIELDS})
    table = CsvTable(file, layout, tallies, limits, encoding)
    at = {title: i for i, title in enumerate(layout.header)}
    more: dict[tuple[str, Months], int] = {}
    for row, cells in table.lines():
        months = table.year_ending(row, "year_ending", cells[at["year_ending"]])
        force = table.force(row, cells[at["force_name"]])
        ethnicity = cells[at["ethnicity_self_defined"]]
        values = (
            "vehicle" if ethnicity == _VEHICLE else None,
            table.code(row, "legislation", cells[at["legislation"]]),
            table.code(row, "reason_for_search_arrest", cells[at["reason_for_search_arrest"]]),
            table.code(row, "ethnicity_self_defined", ethnicity),
        )
        table.once(row, (*cells[: at["searches"]],), "ethnicity_self_defined")
        searches = table.number(force, months, row, "searches", cells[at["searches"]])
        arrests = table.number(force, months, row, "resultant_arrests", cells[at["resultant_arrests"]])
        place = ("", row, "resultant_arrests")
        if searches is None:
            if arrests is not None:
                tallies.pass_over(standard, force, months, place, _NO_SEARCHES)
            continue
        if arrests is not None:
            tallies.take(standard, force, months, place, arrests, (*values, "arrest"))
            if arrests > searches:
                more[force.code, months] = more.get((force.code, months), 0) + 1
        left = searches - (arrests or 0)
        tallies.take(standard, force, months, ("", row, "searches"), left, (*values, None))
    for (code, span), rows in more.items():
        said = (
            "more arrests than searches are printed; the searches without an arrest are then below 0, "
            "so that the sums stay those of the publisher"
        )
        tallies.note(
            Defect("more_arrests", rows, f"{counted(rows, 'combination')} of which {said}"),
            lambda _standard, force, months, code=code, span=span: (force, months) == (code, span),  # type: ignore[misc]
        )
    for column, because in layout.not_taken.items():
        tallies.note(
            Defect("not_taken", 0, f"the column '{column}' is not taken: {because}"),
            lambda _standard, _force, _months: True,
        )
    return tallies.finish()
