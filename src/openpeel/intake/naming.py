"""What the name of a file says: whose records they are, and of which month."""

from __future__ import annotations

import re

from openpeel.errors import UseError
from openpeel.reference.forces import Force, all_forces
from openpeel.reference.periods import Month

# Not the beginning of a day such as 2021-03-31.
_MONTH = re.compile(r"(?<!\d)\d{4}-(?:0[1-9]|1[0-2])(?!\d|-\d{1,2}(?!\d))", re.ASCII)


def force_in_name(base: str) -> Force | None:
    """The force whose slug stands in a file's name, as in '2021-03-west-mercia-street.csv', if just one does."""
    name = "-" + re.sub(r"[^a-z]+", "-", base.casefold()) + "-"
    found = [force for force in all_forces() if f"-{force.slug}-" in name]
    return found[0] if len(found) == 1 else None


def month_in_name(base: str) -> Month | None:
    """The month that stands in a file's name as 2021-03, if just one does."""
    found = set(_MONTH.findall(base))
    return Month.parse(found.pop()) if len(found) == 1 else None


def parse_months(text: str) -> tuple[Month, ...]:
    """'2021-03' or '2020-04..2021-03' as months, in order."""
    first, dots, last = text.partition("..")
    months = [Month.parse(first)]
    end = Month.parse(last) if dots else months[0]
    if end < months[0]:
        raise UseError(f"'{text}' ends before it begins", advice="Write the earlier month first.")
    while months[-1] < end:
        months.append(months[-1].next())
    return tuple(months)
