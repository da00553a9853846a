"""What is invented about a force as a whole: how many searches, of whom, for what. Single searches are elsewhere.

A profile follows from the seed and the force. From the real world it takes the population of the force area and
its ethnic groups at the census, and nothing else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from openpeel.demo.defects import PLANTED
from openpeel.demo.draws import Draws, Floats, shares_up_to
from openpeel.reference.forces import Force, forces
from openpeel.reference.populations import census_ethnicity, mid_year_population

BLANK = "blank"
"""The code of an empty cell."""

GRID_CELLS = 60
"""How many cells the grid of invented places has in each direction."""

GRID_SPREAD = 6
"""How many cells from the centre of a force its searches lie at most, in each direction."""

ETHNIC_GROUPS = ("white", "mixed", "asian", "black", "other")

_USUAL_RATES = (3.0, 9.0)
_HIGH_RATES = (13.0, 15.0)
# Not that of the months asked for: the files of one seed stay what they were.
_POPULATION_YEAR = 2020
_OF_NO_AREA = 12_000  # searches a year by British Transport Police, whose area has no residents
_OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Invention:
    """What `data/stop_search.toml` says about one column: its codes, and the weights of each of them.

    `weights` has a row for each code of the column `given`, or a single row; a column for each of `codes`.
    """

    codes: tuple[str, ...]
    given: str
    weights: Floats
    tilts: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Profile:
    """The habits of one invented force.

    `shares` are cumulative, by column, in the shape of `Invention.weights`; `centre` is the cell of the
    grid of places (north, east) around which the searches lie.
    """

    searches_a_year: float
    shares: Mapping[str, Floats]
    duplicates: float
    no_place: float
    centre: tuple[int, int]


@cache
def inventions() -> Mapping[str, Invention]:
    """The columns that are drawn, in an order in which each comes after the one it depends on."""
    found: dict[str, Invention] = {}
    for name, raw in _table()["columns"].items():
        given = raw.get("given", "")
        rows = _rows(raw, found[given].codes if given else ())
        codes = tuple(dict.fromkeys(code for row in rows for code in row))
        weights = np.array([[row.get(code, 0.0) for code in codes] for row in rows])
        tilts = {code: (low, high) for code, (low, high) in raw.get("tilts", {}).items()}
        found[name] = Invention(codes, given, weights, tilts)
    return found


def _rows(raw: Mapping[str, Any], given: tuple[str, ...]) -> list[Mapping[str, float]]:
    if "weights" not in raw:  # the census has the weights
        return [dict.fromkeys(ETHNIC_GROUPS, 1.0)]
    weights: Mapping[str, Any] = raw["weights"]
    return [weights.get(code, weights.get(_OTHERWISE)) for code in given] if given else [weights]


@cache
def time_weights() -> Mapping[str, list[float]]:
    """How searches spread over the months, days of the week, hours and minutes, in local time."""
    times: Mapping[str, list[float]] = _table()["time"]
    return times


@cache
def _table() -> Mapping[str, Any]:
    text = (files("openpeel.demo") / "data" / "stop_search.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def profile(seed: int, force: Force) -> Profile:
    """The habits of a force: the same whichever other forces and months are made.

    >>> from openpeel.reference.forces import find_force
    >>> 3 <= 1000 * profile(1, find_force("kent")).searches_a_year / 1_868_199 <= 15
    True
    """
    draws = Draws(seed, "profile", force.slug)
    shares = {}
    for name, invention in inventions().items():
        weights = _residents(force) if name == "ethnic_group" else invention.weights
        factors = [draws.between(*invention.tilts.get(code, (1.0, 1.0))) for code in invention.codes]
        shares[name] = shares_up_to(weights * np.array(factors))
    return Profile(
        searches_a_year=_searches_a_year(seed, force),
        shares=shares,
        duplicates=draws.between(0.015, 0.055),
        no_place=draws.between(0.0, 0.3),
        centre=(_inside(draws), _inside(draws)),
    )


def _inside(draws: Draws) -> int:
    return int(draws.between(GRID_SPREAD, GRID_CELLS - GRID_SPREAD))


def _residents(force: Force) -> Floats:
    """Residents by ethnic group, as one row; of England and Wales where the force has no area of its own."""
    census = census_ethnicity().by_force
    areas = [census[force.code]] if force.code in census else list(census.values())
    return np.array([[float(sum(area[group] or 0 for area in areas)) for group in ETHNIC_GROUPS]])


def _searches_a_year(seed: int, force: Force) -> float:
    population = mid_year_population(_POPULATION_YEAR).by_force.get(force.code)
    return _OF_NO_AREA if population is None else _rates(seed)[force.code] * population / 1000


@cache
def _rates(seed: int) -> Mapping[str, float]:
    """Searches per 1,000 residents a year: most forces at the lower end of the usual, two far above it.

    The seed only says who is where, so that in every demonstration the comparison has something to show.
    The two are of middling size, or else the size of the nation would hang on the seed, and have nothing
    wrong with their files.
    """
    order = np.argsort(Draws(seed, "rates").uniform(len(forces())), kind="stable")
    ranked = [forces()[i] for i in order]
    populations = mid_year_population(_POPULATION_YEAR).by_force
    middling = [f for f in ranked if 500_000 <= populations[f.code] <= 1_500_000 and f.slug not in PLANTED]
    high = middling[: len(_HIGH_RATES)]
    usual = [force for force in ranked if force not in high]
    low, top = _USUAL_RATES
    places = [rank / (len(usual) - 1) for rank in range(len(usual))]
    rates = {f.code: low + (top - low) * at * at for f, at in zip(usual, places, strict=True)}
    return rates | {force.code: rate for force, rate in zip(high, _HIGH_RATES, strict=True)}
