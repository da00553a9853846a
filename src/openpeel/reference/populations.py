"""How many people live in each force area, and of which ethnic group; rates are worked out elsewhere.

The people counted are residents. Where few live and many come, above all in the City of London, a rate per
resident says little, and a page that prints one has to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from openpeel.errors import UseError
from openpeel.reference.ethnicity import GROUPS
from openpeel.reference.periods import Period
from openpeel.reference.tables import read_table

#: The estimates of all years, as a source; the source of one year's adds which.
MID_YEAR_ESTIMATES = "Office for National Statistics, mid-year population estimates"
#: The years whose estimates are held, in order.
MID_YEARS = (2020, 2022)


@dataclass(frozen=True)
class MidYearPopulation:
    """Residents at 30 June of `year`, by the code of the force; `source` is what to print under a figure."""

    year: int
    source: str
    by_force: Mapping[str, int]


@dataclass(frozen=True)
class CensusEthnicity:
    """Residents at the census of `year`, by the code of the force and then by broad group.

    The groups are those of `openpeel.reference.ethnicity.GROUPS` except 'not_stated': the census has no such
    answer. None is unknown, which is not zero. `source` is what to print under a figure.
    """

    year: int
    source: str
    by_force: Mapping[str, Mapping[str, int | None]]


@cache
def mid_year_population(year: int) -> MidYearPopulation:
    """The estimates of one year for the 43 forces, in persons, from the Office for National Statistics.

    Raises UseError for a year of which none are held.

    >>> sum(mid_year_population(2022).by_force.values())
    60238038
    """
    if year not in MID_YEARS:
        held = ", ".join(map(str, MID_YEARS))
        raise UseError(f"expected a year whose mid-year populations are held ({held}), got {year}")
    table = read_table(f"population_mid_{year}.csv")
    return MidYearPopulation(
        year=int(table.header["year"]),
        source=table.header["source"],
        by_force=MappingProxyType({row["code"]: int(row["population"]) for row in table.rows}),
    )


def middle_year(period: Period) -> int:
    """The year that the middle day of a period lies in; of two middle days, the earlier.

    >>> middle_year(Period.financial_year("2022/23"))
    2022
    """
    return (period.start + (period.end - period.start) // 2).year


def population_for(period: Period) -> MidYearPopulation:
    """The estimates that a rate of a period is over: of the year held that is nearest to the period's middle.

    Of two years that are as near, the earlier.

    >>> population_for(Period.financial_year("2021/22")).year
    2020
    """
    middle = middle_year(period)
    return mid_year_population(min(MID_YEARS, key=lambda year: (abs(year - middle), year)))


@cache
def census_ethnicity() -> CensusEthnicity:
    """The 2021 Census counts for the 43 forces, in persons, from the Office for National Statistics.

    >>> census_ethnicity().by_force["E23000027"]["black"]
    44893
    """
    table = read_table("census_2021_ethnicity.csv")
    groups = sorted(group for group in GROUPS if group != "not_stated")
    return CensusEthnicity(
        year=int(table.header["year"]),
        source=table.header["source"],
        by_force=MappingProxyType(
            {
                row["code"]: MappingProxyType({group: _count(row[group]) for group in groups})
                for row in table.rows
            }
        ),
    )


def _count(cell: str) -> int | None:
    return int(cell) if cell else None
