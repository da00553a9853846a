"""What is invented of one kind of record, read from `plans/<standard>.toml` and held to its standard.

A plan says how many records a force has, how each column is drawn, and what Hertfordshire's records add up to.
The drawing itself is in `inventing.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal

from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month
from openpeel.standards import Standard, load_standard

BLANK = "blank"
NOT_ASKED = "not asked"
OTHERWISE = "otherwise"
#: Columns that every plan may lean on: they follow from the date of the record.
OF_THE_DATE = ("_hour", "_weekday", "_month")
_UNITS = ("minutes", "hours", "days", "months")
_PLANTED_IN = "hertfordshire"

Value = str | bool
Kind = Literal["choice", "number", "time", "reference"]


@dataclass(frozen=True)
class ColumnPlan:
    """How one column is drawn, given those before it.

    `given` names the columns it depends on and `keys` their values, in the order of `tables`, which has for each a
    mapping of values to weights (a choice) or quantile points (a number, a time); an empty one is blank. A `time`
    lies so many `unit` after the column `after`. A `reference` is a text of its own for every record, or for one of
    so many things as there are records times `among`. With `residents` the weights of ethnic groups are for each
    resident of the group. What is `in_records` alone is blank in tallies, as references are.
    """

    name: str
    kind: Kind
    given: tuple[str, ...] = ()
    tables: Mapping[str, Any] | None = None
    tilt: float = 0.0
    decimals: int = 0
    after: str = ""
    unit: str = ""
    prefix: str = ""
    among: float = 1.0
    residents: bool = False
    in_records: bool = False

    @property
    def values(self) -> tuple[Value | None, ...]:
        """What the cells of a choice may hold, None for a blank, in a fixed order."""
        named = dict.fromkeys(v for table in (self.tables or {}).values() for v in table)
        return tuple(_value(v) for v in named)

    def table(self, key: str) -> Any:
        """Weights or quantile points where the columns of `given` have this key."""
        tables = self.tables or {}
        return tables[key] if key in tables else tables[OTHERWISE]


@dataclass(frozen=True)
class Planted:
    """So many of a force's records of some months have a value: of those where other columns have theirs.

    Without a column, so many records there are in all. `lines` are those of the published report it is for.
    """

    lines: tuple[str, ...]
    force: str
    first: Month
    last: Month
    count: int
    column: str = ""
    value: Value | None = None
    where: tuple[tuple[str, Value | None], ...] = ()

    def covers(self, month: Month) -> bool:
        """Whether a month is one of those it speaks of."""
        return self.first <= month <= self.last


@dataclass(frozen=True)
class Plan:
    """What is invented of one kind of record.

    `months` are those handed in; `stock` are the days as at which a list is, one in each of them, or none. A force
    has `a_year` records a year (a list: on each) for every `per` residents, at most the share `spread` more or fewer.
    Forces other than those that hand in records write `kinds_a_day` rows of a tally a day, unless that is 0. `each`
    are records that every force has, with an amount per resident; `records` are written out, of one force.
    """

    standard: Standard
    months: tuple[Month, ...]
    stock: tuple[date, ...]
    a_year: float
    per: float
    spread: float
    kinds_a_day: int
    monthly: bool
    seasons: tuple[float, ...]
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    columns: tuple[ColumnPlan, ...]
    questions: tuple[str, ...]
    planted: tuple[Planted, ...]
    records: tuple[tuple[str, Mapping[str, Any]], ...]
    each: tuple[Mapping[str, Any], ...]

    def planted_in(self, force: Force) -> tuple[Planted, ...]:
        """What is planted in the records of a force."""
        return tuple(p for p in self.planted if p.force == force.slug)

    def written(self, force: Force) -> tuple[Mapping[str, Any], ...]:
        """The records of a force that are written out."""
        return tuple(values for slug, values in self.records if slug == force.slug)


@cache
def plans() -> tuple[Plan, ...]:
    """Every plan there is, in the order of their standards."""
    folder = resources.files("openpeel.demo") / "plans"
    named = sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return tuple(read_plan(name, (folder / f"{name}.toml").read_text(encoding="utf-8")) for name in named)


def read_plan(standard_id: str, text: str) -> Plan:
    """The plan for one standard. Raises ValueError, naming the column, where it breaks a rule."""
    raw = tomllib.loads(text)
    standard = load_standard(standard_id)
    known = {
        *("from", "to", "stock", "a_year", "per", "spread", "handed_in", "kinds_a_day", "returns", "seasons"),
        *("weekdays", "hours", "columns", "planted", "records", "questions", "each"),
    }
    _refuse_unknown(standard_id, raw, known)
    stock = tuple(_day(d) for d in raw.get("stock", ()))
    columns = tuple(_column(standard_id, name, c) for name, c in raw.get("columns", {}).items())
    plan = Plan(
        standard=standard,
        months=tuple(Month.of(d) for d in stock) or _months(raw),
        stock=stock,
        a_year=float(raw.get("a_year", 0)),
        per=float(raw.get("per", 1000)),
        spread=float(raw.get("spread", 0.0)),
        kinds_a_day=int(raw.get("kinds_a_day", 6)) if raw.get("handed_in") == "tallies" else 0,
        monthly=raw.get("returns", "span") == "month",
        seasons=_weights(standard_id, raw, "seasons", 12),
        weekdays=_weights(standard_id, raw, "weekdays", 7),
        hours=_weights(standard_id, raw, "hours", 24),
        columns=columns,
        questions=tuple(raw.get("questions", ())),
        planted=tuple(_planted(standard_id, p) for p in raw.get("planted", ())),
        records=tuple((r.get("force", _PLANTED_IN), r["values"]) for r in raw.get("records", ())),
        each=tuple(raw.get("each", ())),
    )
    _hold_to_standard(plan)
    return plan


def _day(raw: str) -> date:
    """A day, or the last one of a month."""
    return date.fromisoformat(raw) if raw.count("-") == 2 else Month.parse(raw).end


def _months(raw: Mapping[str, Any]) -> tuple[Month, ...]:
    months = [Month.parse(raw["from"])]
    while months[-1] < Month.parse(raw["to"]):
        months.append(months[-1].next())
    return tuple(months)


def _weights(standard_id: str, raw: Mapping[str, Any], name: str, length: int) -> tuple[float, ...]:
    weights = tuple(float(w) for w in raw.get(name, [1.0] * length))
    if len(weights) != length or min(weights) < 0 or max(weights) <= 0:
        raise ValueError(f"plan {standard_id}: expected {length} weights as {name}")
    return weights


def _column(standard_id: str, name: str, raw: Mapping[str, Any]) -> ColumnPlan:
    where = f"plan {standard_id}, column {name}"
    _refuse_unknown(
        where,
        raw,
        {
            *(
                "given",
                "weights",
                "tilt",
                "residents",
                "quantiles",
                "decimals",
                "in_records",
                "after",
                *_UNITS,
            ),
            *("reference", "among"),
        },
    )
    given = raw.get("given", ())
    given = (given,) if isinstance(given, str) else tuple(given)
    if "reference" in raw:
        return ColumnPlan(name, "reference", prefix=raw["reference"], among=float(raw.get("among", 1.0)))
    if "after" in raw:
        units = [unit for unit in _UNITS if unit in raw]
        if len(units) != 1:
            raise ValueError(f"{where}: expected one of {', '.join(_UNITS)}")
        tables = _tables(raw[units[0]], given)
        return ColumnPlan(name, "time", given, tables, after=raw["after"], unit=units[0])
    if "quantiles" in raw:
        return ColumnPlan(
            name,
            "number",
            given,
            _tables(raw["quantiles"], given),
            decimals=int(raw.get("decimals", 0)),
            in_records=bool(raw.get("in_records", False)),
        )
    if "weights" not in raw:
        raise ValueError(f"{where}: expected weights, quantiles, a time after another column or a reference")
    tables = {key: dict(table) for key, table in _tables(raw["weights"], given).items()}
    return ColumnPlan(
        name,
        "choice",
        given,
        tables,
        tilt=float(raw.get("tilt", 0.0)),
        residents=bool(raw.get("residents", False)),
    )


def _tables(raw: Any, given: Sequence[str]) -> dict[str, Any]:
    return dict(raw) if given else {OTHERWISE: raw}


def _planted(standard_id: str, raw: Mapping[str, Any]) -> Planted:
    known = {"lines", "force", "from", "to", "records", "where", "column", "is", "count"}
    _refuse_unknown(f"plan {standard_id}, planted", raw, known)
    return Planted(
        lines=tuple(raw.get("lines", ())),
        force=find_force(raw.get("force", _PLANTED_IN)).slug,
        first=Month.parse(raw["from"]),
        last=Month.parse(raw["to"]),
        count=int(raw["records"] if "records" in raw else raw["count"]),
        column=raw.get("column", ""),
        value=_value(raw.get("is", BLANK)),
        where=tuple((name, _value(v)) for name, v in raw.get("where", {}).items()),
    )


def _value(raw: Any) -> Value | None:
    """A value as it is handed in: a truth, a code or text, None for a blank."""
    if raw in (True, False):
        return bool(raw)
    return {BLANK: None, "true": True, "false": False}.get(str(raw), str(raw))


def key_of(values: Sequence[Value | None]) -> str:
    """The values of the columns that another depends on, as a plan writes them."""
    return " ".join(BLANK if v is None else str(v).lower() if isinstance(v, bool) else v for v in values)


def keys_of(plan: Plan, column: ColumnPlan) -> list[str]:
    """Every key that the columns of `given` can have together, in the order of their values."""
    named = {c.name: c for c in plan.columns}
    values = [of_the_date(name) if name in OF_THE_DATE else named[name].values for name in column.given]
    return [key_of(v) for v in product(*values)]


def of_the_date(name: str) -> tuple[str, ...]:
    """The values of a column that follows from the date: hours from 0, weekdays from Monday, months from 1."""
    length, first = {"_hour": (24, 0), "_weekday": (7, 0), "_month": (12, 1)}[name]
    return tuple(str(first + i) for i in range(length))


def _hold_to_standard(plan: Plan) -> None:
    before: list[str] = [plan.standard.date, *OF_THE_DATE]
    chosen: list[str] = [*OF_THE_DATE]
    for column in plan.columns:
        where = f"plan {plan.standard.id}, column {column.name}"
        own = not column.name.startswith("_") and column.name not in plan.questions
        if own and column.name not in [c.name for c in plan.standard.columns]:
            raise ValueError(f"{where}: the standard has no such column")
        if wrong := [g for g in column.given if g not in chosen]:
            raise ValueError(f"{where}: it is given {wrong[0]}, which is no choice that is drawn before it")
        if column.after and column.after not in before:
            raise ValueError(f"{where}: it comes after {column.after}, which is not drawn before it")
        if column.kind != "reference":
            _hold_to_keys(plan, column, where)
        if own and column.kind == "choice":
            _hold_to_codes(plan, column, where)
        before.append(column.name)
        if column.kind == "choice":
            chosen.append(column.name)
    needed = [c.name for c in plan.standard.columns if c.required and c.name != plan.standard.date]
    described = {c.name for c in plan.columns} | set({*plan.each[0], "amount"} if plan.each else ())
    described |= {"question", "asked", "answer"} if plan.questions else set()
    if missing := [name for name in needed if name not in described]:
        raise ValueError(f"plan {plan.standard.id}: the column {missing[0]} must not be blank")
    for planted in plan.planted:
        for name in (planted.column, *(n for n, _ in planted.where)):
            if name and name not in chosen:
                raise ValueError(f"plan {plan.standard.id}: {name} is planted and is no choice")


def _hold_to_keys(plan: Plan, column: ColumnPlan, where: str) -> None:
    tables = column.tables or {}
    keys = keys_of(plan, column) if column.given else [OTHERWISE]
    if missing := [key for key in keys if key not in tables and OTHERWISE not in tables]:
        raise ValueError(f"{where}: nothing is said for '{missing[0]}'")
    if unknown := [key for key in tables if key not in keys and key != OTHERWISE]:
        raise ValueError(f"{where}: '{unknown[0]}' is nothing it can be given")
    for key, table in tables.items():
        points = list(table.values()) if isinstance(table, Mapping) else list(table)
        if isinstance(table, Mapping) and not (points and min(points) >= 0 and max(points) > 0):
            raise ValueError(f"{where}: expected weights for '{key}'")
        if not isinstance(table, Mapping) and points and (len(points) < 2 or points != sorted(points)):
            raise ValueError(f"{where}: expected two points or more from smallest to largest for '{key}'")


def _hold_to_codes(plan: Plan, column: ColumnPlan, where: str) -> None:
    described = plan.standard.column(column.name)
    for value in column.values:
        if value is None:
            if described.required:
                raise ValueError(f"{where}: it must not be blank")
        elif described.codes and value not in [c.code for c in described.codes.codes]:
            raise ValueError(f"{where}: '{value}' is not in its code list")
        elif (described.type == "boolean") != isinstance(value, bool):
            raise ValueError(f"{where}: '{value}' is not a value of its type")


def _refuse_unknown(where: str, raw: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{where}: '{unknown[0]}' means nothing here")
