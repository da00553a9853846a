"""How many records a force has in each month of a plan, and when in it. What they say is drawn in `inventing.py`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openpeel.demo.draws import Draws, Indices, shares_up_to
from openpeel.demo.inventing import Times
from openpeel.demo.plan import Plan
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month
from openpeel.reference.populations import mid_year_population

#: The year whose residents the plans' rates are for.
POPULATION_OF = 2022


def records_a_month(plan: Plan, force: Force, seed: int, scale: float) -> list[int]:
    """How many records the force has in each of the plan's months; a list has so many on it as at each.

    Planted numbers are for a scale of 1 and grow with it.
    """
    people = mid_year_population(POPULATION_OF).by_force[force.code]
    own = 1 + plan.spread * (2 * Draws(seed, "volume", plan.standard.id, force.slug).uniform(1)[0] - 1)
    a_year = scale * plan.a_year * people / plan.per * own
    seasons = np.array(plan.seasons) / np.mean(plan.seasons)
    if plan.stock:
        expected = np.full(len(plan.months), a_year)
    else:
        days = np.array([m.end.day / 365.25 for m in plan.months])
        expected = a_year * days * seasons[[m.month - 1 for m in plan.months]]
    counts = _whole(expected)
    for planted in plan.planted_in(force):
        if not planted.column:
            inside = [i for i, month in enumerate(plan.months) if planted.covers(month)]
            shares = expected[inside] / expected[inside].sum()
            for i, n in zip(inside, _whole(shares * round(planted.count * scale)), strict=True):
                counts[i] = n
    return counts


def _whole(expected: Sequence[float] | np.ndarray) -> list[int]:
    """Whole numbers that are each within one of what is expected, and together too.

    >>> _whole([0.4, 0.4, 0.4])
    [0, 1, 0]
    """
    up_to = np.round(np.cumsum(expected)).astype(np.int64)
    counts: list[int] = np.diff(up_to, prepend=0).tolist()
    return counts


def times_of_records(plan: Plan, counts: Sequence[int], chance: Draws) -> Times:
    """When each record is dated, to the minute, in order of time."""
    parts = [_times(plan, i, n, chance) for i, n in enumerate(counts)]
    return np.sort(np.concatenate([np.array([], "datetime64[m]"), *parts]))


def _times(plan: Plan, at: int, n: int, chance: Draws) -> Times:
    kind = plan.standard.column(plan.standard.date).type
    month = plan.months[at]
    if kind == "month" or plan.stock:
        return np.full(n, np.datetime64(month.start if kind == "month" else plan.stock[at], "m"))
    days, shares = _days(plan, month)
    when: Times = days[chance.pick(shares, n)].astype("datetime64[m]")
    if kind == "timestamp":
        when = when + _minutes(plan, n, chance).astype("timedelta64[m]")
    return when


def _days(plan: Plan, month: Month) -> tuple[Times, np.ndarray]:
    days = np.arange(np.datetime64(month.start), np.datetime64(month.end) + 1)
    weekdays = (days.astype(np.int64) + 3) % 7
    return days, shares_up_to(np.array(plan.weekdays)[weekdays])


def _minutes(plan: Plan, n: int, chance: Draws) -> Indices:
    hours = chance.pick(shares_up_to(plan.hours), n)
    minutes: Indices = 60 * hours + (60 * chance.uniform(n)).astype(np.int64)
    return minutes


def kinds_of_tally(plan: Plan, counts: Sequence[int], chance: Draws) -> tuple[Times, Indices]:
    """The rows of a tally: when each is dated, and how many records it stands for; `kinds_a_day` of them a day.

    A day has its share of the month, so that tallies show the same days of the week as records do. All rows of a
    list are dated on its day.
    """
    when: list[Times] = []
    numbers: list[Indices] = []
    for month, n in zip(plan.months, counts, strict=True):
        days, shares = _days(plan, month)
        of_day = np.array(_whole(n * np.diff(shares, prepend=0.0)))
        kinds = np.minimum(of_day, plan.kinds_a_day)
        rows = np.repeat(np.arange(len(days)), kinds)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(kinds) - kinds, kinds)
        share, rest = of_day[rows] // kinds[rows], of_day[rows] % kinds[rows]
        numbers.append(share + (within < rest))
        times: Times = days[rows].astype("datetime64[m]")
        if plan.stock:
            times = np.full(len(rows), np.datetime64(plan.stock[len(when)], "m"))
        if plan.standard.column(plan.standard.date).type == "timestamp":
            # A tally is by hour, not by minute.
            times = times + (_minutes(plan, len(rows), chance) // 60 * 60).astype("timedelta64[m]")
        when.append(times)
    order = np.argsort(np.concatenate(when), kind="stable")
    return np.concatenate(when)[order], np.concatenate(numbers)[order]
