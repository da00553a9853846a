"""Drawing the records of a plan: one column after the other, and what is planted put right as each is drawn.

Everything comes from the seed, the force and the standard. How many records there are and when is in `volumes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openpeel.demo.draws import Draws, Floats, Indices, shares_up_to
from openpeel.demo.plan import OF_THE_DATE, ColumnPlan, Plan, Planted, Value, keys_of, of_the_date
from openpeel.reference.forces import Force
from openpeel.reference.populations import census_ethnicity
from openpeel.standards import Column, Standard

Times = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
#: What a time may not be: blank.
NEVER = np.datetime64("NaT", "m")


@dataclass(frozen=True)
class Choice:
    """A column of codes, truths or short texts: for each row the position of its value."""

    values: tuple[Value | None, ...]
    index: Indices

    def is_value(self, value: Value | None) -> Mask:
        """Which rows have this value."""
        at = self.values.index(value) if value in self.values else -1
        return np.asarray(self.index == at)


#: A column as it is drawn: a choice, numbers (NaN is blank), times in minutes, or references by number.
Drawn = Choice | Floats | Times | Indices


def invent(
    plan: Plan, force: Force, seed: int, when: Times, *, references: bool, scale: float = 1.0
) -> dict[str, Drawn]:
    """The columns of records dated `when` (minutes, one a record), helpers among them; not yet as handed in.

    Without `references` the rows are kinds of record for a tally, which has none. What is planted is for a `scale` of
    1 and grows with it. Raises ValueError where more is planted than there are records for.
    """
    drawn: dict[str, Drawn] = {plan.standard.date: when, **_of_the_dates(when)}
    months = when.astype("datetime64[M]").astype(np.int64) + 1970 * 12  # counted from the year 0
    planted = plan.planted_in(force) if references else ()
    for column in plan.columns:
        chance = Draws(seed, "nation", plan.standard.id, force.slug, column.name)
        if column.kind == "choice":
            choice = _choice(plan, column, force, seed, drawn, len(when), chance)
            here = [p for p in planted if p.column == column.name]
            drawn[column.name] = _put_right(choice, here, drawn, months, chance, scale) if here else choice
        elif column.in_records and not references:
            continue
        elif column.kind == "number":
            drawn[column.name] = np.round(_along(plan, column, drawn, len(when), chance), column.decimals)
        elif column.kind == "time":
            drawn[column.name] = _time_after(plan, column, drawn, len(when), chance)
        elif references:
            most = max(1, round(len(when) * column.among))
            number = np.arange(len(when)) if column.among >= 1 else chance.uniform(len(when)) * most
            drawn[column.name] = number.astype(np.int64)
    return drawn


def _of_the_dates(when: Times) -> dict[str, Drawn]:
    days = when.astype("datetime64[D]")
    found = {
        "_hour": (when - days).astype(np.int64) // 60,
        "_weekday": (days.astype(np.int64) + 3) % 7,  # 1 January 1970 was a Thursday
        "_month": when.astype("datetime64[M]").astype(np.int64) % 12,
    }
    return {name: Choice(of_the_date(name), found[name]) for name in OF_THE_DATE}


def _choice(
    plan: Plan,
    column: ColumnPlan,
    force: Force,
    seed: int,
    drawn: Mapping[str, Drawn],
    rows: int,
    chance: Draws,
) -> Choice:
    values = column.values
    names = list(dict.fromkeys(v for table in (column.tables or {}).values() for v in table))
    tilt = np.ones(len(values))
    if column.tilt:
        own = Draws(seed, "tilt", plan.standard.id, force.slug, column.name)
        tilt += column.tilt * (2 * own.uniform(len(values)) - 1)
    if column.residents:
        tilt *= [_share_of_residents(force, name) for name in names]

    def cumulative(key: str) -> Floats:
        table = column.table(key)
        return shares_up_to(np.array([float(table.get(name, 0)) for name in names]) * tilt)

    if not column.given:
        return Choice(values, chance.pick(cumulative(""), rows))
    shares = np.array([cumulative(key) for key in keys_of(plan, column)])
    return Choice(values, chance.pick_given(shares, _keys(column, drawn, rows)))


def _share_of_residents(force: Force, group: str) -> float:
    """What share of the residents of the force area are of an ethnic group; 1 for what is no group."""
    people = census_ethnicity().by_force[force.code]
    return (people[group] or 0) / sum(n or 0 for n in people.values()) if group in people else 1.0


def _keys(column: ColumnPlan, drawn: Mapping[str, Drawn], rows: int) -> Indices:
    """The position of each row's key among `keys_of`."""
    keys = np.zeros(rows, np.int64)
    for name in column.given:
        choice = drawn[name]
        if not isinstance(choice, Choice):
            raise TypeError(name)
        keys = keys * len(choice.values) + choice.index
    return keys


def _along(plan: Plan, column: ColumnPlan, drawn: Mapping[str, Drawn], rows: int, chance: Draws) -> Floats:
    """Numbers along straight lines between the quantile points of each row's key; NaN where there are none."""
    u = chance.uniform(rows)
    if not column.given:
        return _between(column.table(""), u)
    keys = _keys(column, drawn, rows)
    numbers = np.full(rows, np.nan)
    for i, key in enumerate(keys_of(plan, column)):
        if points := column.table(key):
            of_key = keys == i
            numbers[of_key] = _between(points, u[of_key])
    return numbers


def _between(points: Sequence[float], u: Floats) -> Floats:
    if not points:
        return np.full(len(u), np.nan)
    return np.interp(u, np.linspace(0, 1, len(points)), np.asarray(points, dtype=np.float64))


def _time_after(
    plan: Plan, column: ColumnPlan, drawn: Mapping[str, Drawn], rows: int, chance: Draws
) -> Times:
    found = drawn[column.after]
    if not isinstance(found, np.ndarray) or found.dtype.kind != "M":
        raise TypeError(column.after)
    from_when: Times = found.astype("datetime64[m]")
    later = _along(plan, column, drawn, rows, chance)
    blank = np.isnan(later)
    whole = np.where(blank, 0, np.floor(later)).astype(np.int64)
    if column.unit == "months":
        moved = (from_when.astype("datetime64[M]") + whole).astype("datetime64[m]")
    elif column.unit == "days":
        moved = from_when + whole * np.timedelta64(_MINUTES["days"], "m")
    else:
        minutes = np.where(blank, 0, later * _MINUTES[column.unit]).astype(np.int64)
        moved = from_when + minutes.astype("timedelta64[m]")
    return np.where(blank, NEVER, moved)


def _put_right(
    choice: Choice,
    planted: Sequence[Planted],
    drawn: Mapping[str, Drawn],
    months: Indices,
    chance: Draws,
    scale: float,
) -> Choice:
    """The choice with as many of each planted value as there should be, changed in records chosen at random."""
    values = tuple(dict.fromkeys((*choice.values, *(p.value for p in planted))))
    index = choice.index.copy()
    fixed = np.zeros(len(index), bool)
    sought = [values.index(p.value) for p in planted]
    for p in planted:
        value = values.index(p.value)
        place = _place(p, drawn, months)
        has = place & (index == value)
        more = round(p.count * scale) - int(has.sum())
        if scale != 1:  # rounded numbers of parts may be more than that of their whole
            more = min(more, int((place & ~has & ~fixed).sum()))
        if more > 0:
            index[_some(chance, place & ~has & ~fixed, more, p)] = value
        elif more < 0:
            others = index[place & ~np.isin(index, sought)]
            if not len(others):
                unplanted = [i for i in range(len(values)) if i not in sought]
                others = np.array(unplanted or [i for i in range(len(values)) if i != value][:1])
            surplus = _some(chance, has & ~fixed, -more, p)
            index[surplus] = others[(chance.uniform(-more) * len(others)).astype(np.int64)]
        fixed |= place & (index == value)
    return Choice(values, index)


def _place(planted: Planted, drawn: Mapping[str, Drawn], months: Indices) -> Mask:
    """The records of the months and values that a planted count speaks of."""
    first, last = (m.year * 12 + m.month - 1 for m in (planted.first, planted.last))
    place = (months >= first) & (months <= last)
    for name, value in planted.where:
        column = drawn[name]
        if not isinstance(column, Choice):
            raise TypeError(name)
        place &= column.is_value(value)
    return place


def _some(chance: Draws, among: Mask, number: int, planted: Planted) -> Indices:
    rows = np.flatnonzero(among)
    if number > len(rows):
        raise ValueError(
            f"{planted.column} = {planted.value} is planted {planted.count} times from {planted.first} to "
            f"{planted.last}; {len(rows)} records are left for {number} of them"
        )
    return rows[np.argsort(chance.uniform(len(rows)), kind="stable")[:number]]


def as_handed_in(standard: Standard, drawn: Mapping[str, Drawn], plan: Plan, rows: int) -> pa.Table:
    """The columns of the standard under the titles it gives them, blank where nothing was drawn."""
    named = {column.name: column for column in plan.columns}
    arrays = {}
    for column in standard.columns:
        found = drawn.get(column.name)
        if found is None:
            arrays[column.title] = pa.nulls(rows, pa.string())
        elif isinstance(found, Choice):
            arrays[column.title] = _choices(found)
        elif found.dtype.kind == "M":
            arrays[column.title] = _times(column, found.astype("datetime64[m]"))
        elif found.dtype.kind == "f":
            numbers = pa.array(found, from_pandas=True)
            arrays[column.title] = numbers.cast(pa.int64()) if named[column.name].decimals == 0 else numbers
        else:
            prefix = named[column.name].prefix
            arrays[column.title] = pa.array([f"{prefix}-{number + 1:06d}" for number in found.tolist()])
    return pa.table(arrays)


def _choices(choice: Choice) -> pa.Array:
    known = [v for v in choice.values if v is not None]
    place = {v: i for i, v in enumerate(known)}
    at = np.array([-1 if v is None else place[v] for v in choice.values])[choice.index]
    if known and all(isinstance(v, bool) for v in known):
        truth = np.array(known)[np.maximum(at, 0)]
        return pa.array(truth, mask=at < 0)
    codes = pa.array(at.astype(np.int32), mask=at < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array([str(v) for v in known], pa.string()))


def _times(column: Column, times: Times) -> pa.Array:
    if column.type == "month":
        months, at = np.unique(times.astype("datetime64[M]"), return_inverse=True)
        texts = ["" if np.isnat(m) else str(m) for m in months]
        return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(texts, pa.string()))
    unit = "D" if column.type == "date" else "s"
    return pa.array(times.astype(f"datetime64[{unit}]"))
