"""The stop and searches of one force in one month, laid out as data.police.uk lays them out. No files here.

Every search is invented and says so as its policing operation. Places are on a grid of a twentieth of a
degree somewhere over England and Wales, without regard to where the force is, so that nobody takes one for
the place of a real search.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpeel.demo.defects import PLANTED, Defect
from openpeel.demo.draws import Draws, Indices, shares_up_to
from openpeel.demo.profiles import BLANK, GRID_CELLS, GRID_SPREAD, Profile, inventions, profile, time_weights
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month
from openpeel.reference.tables import read_table
from openpeel.standards import load_standard

Times = NDArray[np.datetime64]

GRID_DEGREES = 0.05
_SOUTH, _WEST = 51.0, -3.0
_HOUR = np.timedelta64(60, "m")
_STANDARD = "stop_search"
_OF_A_PERSON = ("gender", "age_range", "self_defined_ethnicity", "officer_defined_ethnicity")
_MOSTLY = 0.8  # what is mostly blank is blank in this share, and more


def force_month(seed: int, force: Force, month: Month, *, size: float = 1.0) -> bytes:
    """The file of one force and month: CSV in UTF-8, rows in the order of time, lines ended by a newline.

    It depends on the arguments and on nothing else. `size` multiplies the number of rows.
    """
    habits = profile(seed, force)
    draws = Draws(seed, "searches", force.slug, str(month))
    rows = _rows(habits, month, size * draws.between(0.92, 1.08))
    repeated = round(rows * habits.duplicates)
    n = rows - repeated
    defect = PLANTED.get(force.slug)

    cells = _cells(habits, n, draws)
    _blank_out(cells, defect, n, draws)
    north, east = _places(habits, defect, n, draws)
    when = _as_recorded(_times(month, n, draws), defect, month, draws)

    again = (draws.uniform(repeated) * n).astype(np.int64)
    order = np.concatenate([np.arange(n), again])
    order = order[np.argsort(when[order], kind="stable")]

    text = {
        name: _labels()[name][drawn[order]].tolist() for name, drawn in cells.items() if name in _labels()
    }
    text["date"] = _printed(when[order], defect)
    text["operation_name"] = [_mark_of_invention()] * len(order)
    text["latitude"] = _degrees(_SOUTH)[north[order]].tolist()
    text["longitude"] = _degrees(_WEST)[east[order]].tolist()
    columns = load_standard(_STANDARD).columns
    lines = [
        ",".join(column.title for column in columns),
        *map(",".join, zip(*(text[column.name] for column in columns), strict=True)),
    ]
    return ("\n".join(lines) + "\n").encode()


@cache
def _mark_of_invention() -> str:
    """What the check `invented` looks for, so that no page made from these records is taken for a real one."""
    settings = dict(next(s for name, s in load_standard(_STANDARD).checks if name == "invented"))
    return str(settings["mark"])


def _rows(habits: Profile, month: Month, factor: float) -> int:
    share_of_year = month.end.day / 365 * time_weights()["month"][month.month - 1]
    return round(habits.searches_a_year * share_of_year * factor)


def _cells(habits: Profile, n: int, draws: Draws) -> dict[str, Indices]:
    """For each column that is drawn, the position of each row's code in `Invention.codes`."""
    cells: dict[str, Indices] = {}
    for name, invention in inventions().items():
        shares = habits.shares[name]
        if invention.given:
            cells[name] = draws.pick_given(shares, cells[invention.given])
        else:
            cells[name] = draws.pick(shares[0], n)
    return cells


def _blank_out(cells: dict[str, Indices], defect: Defect | None, n: int, draws: Draws) -> None:
    searched_a_vehicle = cells["type"] == inventions()["type"].codes.index("vehicle")
    for name in _OF_A_PERSON:
        cells[name][searched_a_vehicle] = _blank(name)
    mostly = draws.uniform(n) < _MOSTLY
    if defect is Defect.NO_OUTCOME_LINKED:
        cells["outcome_linked"][:] = _blank("outcome_linked")
    elif defect is Defect.LITTLE_OBJECT_OF_SEARCH:
        cells["object_of_search"][mostly] = _blank("object_of_search")
    elif defect is Defect.LITTLE_ETHNICITY:
        cells["self_defined_ethnicity"][mostly] = _blank("self_defined_ethnicity")


def _blank(column: str) -> int:
    return inventions()[column].codes.index(BLANK)


def _places(habits: Profile, defect: Defect | None, n: int, draws: Draws) -> tuple[Indices, Indices]:
    """The cell of the grid, north and east, of each search; the one after the last stands for no place."""
    north, east = (
        centre + np.floor(GRID_SPREAD * (draws.uniform(n) + draws.uniform(n) - 1)).astype(np.int64)
        for centre in habits.centre
    )
    nowhere = draws.uniform(n) < (1.0 if defect is Defect.NO_COORDINATES else habits.no_place)
    return np.where(nowhere, GRID_CELLS, north), np.where(nowhere, GRID_CELLS, east)


@cache
def _degrees(origin: float) -> NDArray[np.object_]:
    return np.array(
        [*(f"{origin + GRID_DEGREES * cell:.6f}" for cell in range(GRID_CELLS)), ""], dtype=object
    )


def _times(month: Month, n: int, draws: Draws) -> Times:
    """Times in UTC of searches in the local month, to the minute.

    In summer the first hour of the local month is the last of the month before in UTC, and the publisher
    prints UTC: that is how the file of a month comes to have rows of the month before.
    """
    weights = time_weights()
    days = np.arange(np.datetime64(month.start), np.datetime64(month.end) + 1)
    weekdays = (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    day = draws.pick(shares_up_to(np.array(weights["weekday"])[weekdays]), n)
    hour = draws.pick(shares_up_to(weights["hour"]), n)
    minute = draws.pick(shares_up_to(weights["minute_of_five"] * 12), n)
    local: Times = days[day] + (60 * hour + minute).astype("timedelta64[m]")
    begins, ends = (_last_sunday(month.year, number) for number in (3, 10))
    summer = (local >= begins + _HOUR) & (local < ends + 2 * _HOUR)
    utc: Times = local - np.where(summer, _HOUR, 0 * _HOUR)
    return utc


def _last_sunday(year: int, month: int) -> np.datetime64:
    """Midnight at the beginning of the day on which the clocks change."""
    end = Month(year, month).end
    return np.datetime64(end, "m") - 24 * _HOUR * ((end.weekday() + 1) % 7)


def _as_recorded(utc: Times, defect: Defect | None, month: Month, draws: Draws) -> Times:
    when = utc
    if defect is Defect.MIDNIGHT:
        when = utc.astype("datetime64[D]").astype("datetime64[m]")
    elif defect is Defect.MINUTE_IS_MONTH:
        hour: Times = utc.astype("datetime64[h]")
        when = hour + np.timedelta64(month.month, "m")
    elif defect is Defect.FRACTION_OF_SECOND:
        seconds, rest = (draws.uniform(len(utc)) * 60).astype(np.int64), draws.uniform(len(utc))
        microseconds = 1_000_000 * seconds + 1 + (rest * 999_999).astype(np.int64)
        when = utc + microseconds.astype("timedelta64[us]")
    return when


def _printed(when: Times, defect: Defect | None) -> list[str]:
    unit: Literal["us", "s"] = "us" if defect is Defect.FRACTION_OF_SECOND else "s"
    return [f"{text}+00:00" for text in np.datetime_as_string(when, unit=unit).tolist()]


@cache
def _labels() -> Mapping[str, NDArray[np.object_]]:
    """What the publisher prints for each code of each column today, in the order of `Invention.codes`."""
    labels = {}
    for column in load_standard(_STANDARD).columns:
        if column.name in inventions():
            known = {BLANK: "", "true": "True", "false": "False"}
            if column.name == "self_defined_ethnicity":
                known |= _ethnicity_labels()
            elif column.codes:
                known |= {code.code: code.labels[0] for code in column.codes.codes if code.labels}
            codes = inventions()[column.name].codes
            labels[column.name] = np.array([known[code] for code in codes], dtype=object)
    return labels


def _ethnicity_labels() -> dict[str, str]:
    """The first label of each 18+1 code that is written in 18+1: those of 16+1 are printed no longer."""
    labels: dict[str, str] = {}
    for row in read_table("ethnicity_labels.csv").rows:
        if row["code_set"] == "18+1":
            labels.setdefault(row["code"], row["label"])
    return labels
