"""What is wrong in the demonstration on purpose, and in which force's files. How it is done is in `records.py`.

Each defect is one that published files have had, so that a check of ours has it to find. It is planted in a
force whose real files did not have it in 2019 to 2021: what is invented here must not look like the record of
a real force.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from openpeel.reference.forces import Force
from openpeel.reference.periods import Month


class Defect(Enum):
    """A thing that is wrong in every file of one force, as a person would say it."""

    FRACTION_OF_SECOND = "times carry a fraction of a second"
    MINUTE_IS_MONTH = "the minute of every time is the number of the month"
    MIDNIGHT = "the time of day is missing: every search is at midnight"
    NO_COORDINATES = "no search has coordinates"
    NO_OUTCOME_LINKED = "'Outcome linked to object of search' is blank throughout"
    LITTLE_OBJECT_OF_SEARCH = "'Object of search' is mostly blank"
    LITTLE_ETHNICITY = "'Self-defined ethnicity' is mostly blank"
    MONTHS_MISSING = "there are no files for October, November and December"
    ALL_MISSING = "there is no file at all"


PLANTED: Mapping[str, Defect] = MappingProxyType(
    {
        "durham": Defect.FRACTION_OF_SECOND,
        "cheshire": Defect.MINUTE_IS_MONTH,
        "gloucestershire": Defect.MIDNIGHT,
        "leicestershire": Defect.NO_COORDINATES,
        "northamptonshire": Defect.NO_OUTCOME_LINKED,
        "devon-and-cornwall": Defect.LITTLE_OBJECT_OF_SEARCH,
        "suffolk": Defect.LITTLE_ETHNICITY,
        "norfolk": Defect.MONTHS_MISSING,
        "warwickshire": Defect.ALL_MISSING,
    }
)
"""The slug of a force → what is wrong with its files."""

MISSING_MONTHS = (10, 11, 12)
"""The months of any year that are missing where `Defect.MONTHS_MISSING` is planted."""


def has_file(force: Force, month: Month) -> bool:
    """Whether the demonstration has a file of this force and month."""
    defect = PLANTED.get(force.slug)
    missing = defect is Defect.MONTHS_MISSING and month.month in MISSING_MONTHS
    return defect is not Defect.ALL_MISSING and not missing
