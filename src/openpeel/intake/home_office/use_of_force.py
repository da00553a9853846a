"""Police use of force in one year: incidents by force, each of which is one officer's report.

The other tables of the publication count tactics, several to an incident, or are of England and Wales as a whole. No
record of an incident can be made of them, so they are left alone, each for its reason.
"""

from __future__ import annotations

import re
from datetime import date

from openpeel.errors import DataError, UseError
from openpeel.intake.home_office.csv_table import CHANGED
from openpeel.intake.home_office.force_table import ForceTable
from openpeel.intake.home_office.layout import workbook_layout
from openpeel.intake.home_office.official_ods import Sheet, hold_to_sheets, read_sheets
from openpeel.intake.home_office.tallies import LeftAlone, Months, PublishedFile, Tallies
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month, Period

LAYOUT = "use_of_force"
_MONTHS = {Month(2000, n).label.partition(" ")[0]: n for n in range(1, 13)}
_SPAN = re.compile(r"(\d{1,2}) (\w+) (\d{4}) to (\d{1,2}) (\w+) (\d{4})$")


def read(file: SpooledFile, limits: Limits, encoding: str) -> PublishedFile:
    """Read the tables of the use of force. Raises DataError where their layout is another one."""
    book = workbook_layout(LAYOUT)
    sheets = read_sheets(file, limits)
    hold_to_sheets(sheets, book, file.source.name)
    period = _period(sheets["Contents"])
    tallies = Tallies(file, book.title, {"use_of_force": ()})

    def take(force: Force, months: Months, place: tuple[str, int, str], number: float) -> None:
        if number != int(number) or number < 0:
            tallies.reject("use_of_force", force, months, place, "a whole number of 0 or more", repr(number))
        else:
            tallies.take("use_of_force", force, months, place, int(number), ())

    for layout in book.sheets:
        if layout.header:
            table = ForceTable.of(
                sheets,
                layout,
                book,
                tallies,
                lambda _sheet, _column, text: period if text == "Total" else None,
            )
            table.read(take)
        if layout.because:
            tallies.left_alone.append(
                LeftAlone(f"{file.source.name}, {sheets[layout.name].called}", layout.because)
            )
    return tallies.finish()


def _period(contents: Sheet) -> Months:
    """The months that the publication is about, by the title of its contents."""
    title = contents.text(0, 0)
    found = _SPAN.search(title)
    try:
        if found is None:
            raise ValueError
        day, month, year, last_day, last_month, last_year = found.groups()
        first = date(int(year), _MONTHS[month], int(day))
        last = date(int(last_year), _MONTHS[last_month], int(last_day))
        return Period(first, last).months()
    except (ValueError, KeyError, UseError):
        raise DataError(
            f"expected a title that ends in a span such as '1 April 2018 to 31 March 2019', got {title[-60:]!r}",
            where=f"{contents.file}, {contents.called}, cell A1",
            advice=CHANGED,
        ) from None
