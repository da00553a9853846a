"""How many people live in each force area, and of which ethnic group; rates are worked out elsewhere.

The people counted are residents. Where few live and many come, above all in the City of London, a rate per
resident says little, and a page that prints one has to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from openpeel.reference.ethnicity import GROUPS
from openpeel.reference.tables import read_table


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
def mid_year_population() -> MidYearPopulation:
    """The mid-2020 estimates for the 43 forces, in persons, from the Office for National Statistics.

    >>> sum(mid_year_population().by_force.values())
    59719724
    """
    table = read_table("population_mid_2020.csv")
    return MidYearPopulation(
        year=int(table.header["year"]),
        source=table.header["source"],
        by_force=MappingProxyType({row["code"]: int(row["population"]) for row in table.rows}),
    )


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
