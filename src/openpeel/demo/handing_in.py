"""What each force of the demonstration nation hands in: Parquet files of records or tallies, some with a fault.

What they say is drawn in `inventing.py`; here it becomes files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openpeel.demo.draws import Draws, Indices
from openpeel.demo.inventing import Choice, Drawn, Times, as_handed_in, invent
from openpeel.demo.plan import NOT_ASKED, Plan
from openpeel.demo.volumes import POPULATION_OF, kinds_of_tally, records_a_month, times_of_records
from openpeel.intake.checks.invented import FILE_OF_INVENTIONS
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month
from openpeel.reference.populations import mid_year_population
from openpeel.standards import Standard

#: The force whose published report is planted, and two of its neighbours: they hand in records.
IN_RECORDS = ("hertfordshire", "bedfordshire", "cambridgeshire")

#: What is wrong on purpose, in forces whose own published files did not have it: what is handed in ends two months
#: early; one month breaks off; nobody's ethnicity is recorded in searches.
LATE = "warwickshire"
BREAKS_OFF = "norfolk"
WITHOUT_ETHNICITY = "suffolk"
_MONTHS_LATE = 2
_BROKEN_MONTH = Month(2023, 9)
_LAST_DAY_OF_IT = 9

TALLY = "Number of records"
_TO_THE_NEAREST = 100_000  # pounds


@dataclass(frozen=True)
class HandedIn:
    """One file and the months that it is for."""

    path: Path
    months: tuple[Month, ...]


def hand_in(plan: Plan, force: Force, folder: Path, *, seed: int, scale: float) -> Iterator[HandedIn]:
    """Write what the force hands in of this kind of record into the folder, file by file.

    Raises ValueError where the plan cannot be kept to.
    """
    late = force.slug == LATE and not plan.stock and not plan.each
    months = plan.months[:-_MONTHS_LATE] if late else plan.months
    table, when = _amounts(plan, force, seed) if plan.each else _drawn(plan, force, seed, scale)
    table, when = _with_defects(plan, force, table, when, months)
    if in_months(plan, force):
        ends = np.array([month.next().start for month in months], dtype="datetime64[m]")
        at = [0, *np.searchsorted(when, ends).tolist()]
        for month, first, last in zip(months, at[:-1], at[1:], strict=True):
            yield _write(plan, force, folder, table.slice(first, last - first), (month,))
    else:
        yield _write(plan, force, folder, table, months)


def in_months(plan: Plan, force: Force) -> bool:
    """Whether the force hands in a file a month: records of a large standard."""
    return plan.monthly and force.slug in IN_RECORDS


def _drawn(plan: Plan, force: Force, seed: int, scale: float) -> tuple[pa.Table, Times]:
    """The records or the tally of a force, in order of time, and when each row is dated."""
    counts = records_a_month(plan, force, seed, scale)
    chance = Draws(seed, "times", plan.standard.id, force.slug)
    if plan.kinds_a_day and force.slug not in IN_RECORDS:
        when, numbers = kinds_of_tally(plan, counts, chance)
        drawn = invent(plan, force, seed, when, references=False)
        return _added_up(plan, as_handed_in(plan.standard, drawn, plan, len(when)), when, numbers)
    when = times_of_records(plan, counts, chance)
    drawn = invent(plan, force, seed, when, references=True, scale=scale)
    if plan.questions:
        drawn, when = _answers(plan, drawn, when)
    table = as_handed_in(plan.standard, drawn, plan, len(when))
    if plan.standard.column(plan.standard.date).type == "month" and not _references(plan):
        # Records of a month without a reference can be the same in every cell: they are handed in as a number.
        return _added_up(plan, table, when, np.ones(len(when), np.int64))
    return _with_written(plan.standard, table, when, plan.written(force))


def _references(plan: Plan) -> bool:
    return any(column.kind == "reference" for column in plan.columns)


def _added_up(plan: Plan, table: pa.Table, when: Times, numbers: Indices) -> tuple[pa.Table, Times]:
    """Rows that say the same made one, with the sum of what they stand for."""
    date = plan.standard.column(plan.standard.date)
    if date.type == "month":
        when = when.astype("datetime64[M]").astype("datetime64[m]")
    plain = pa.table(
        {name: _undictionaried(c) for name, c in zip(table.column_names, table.columns, strict=True)}
    )
    filled = [name for name in plain.column_names if plain[name].null_count < len(plain)]
    counted = (
        plain.select(filled)
        .append_column(TALLY, pa.array(numbers))
        .append_column("when", pa.array(when.astype("datetime64[s]")))
    )
    summed = counted.group_by([*filled, "when"], use_threads=False).aggregate([(TALLY, "sum")])
    summed = summed.sort_by("when")
    columns = {
        name: summed[name] if name in filled else pa.nulls(len(summed), pa.string())
        for name in table.column_names
    }
    return pa.table({**columns, TALLY: summed[f"{TALLY}_sum"]}), summed["when"].to_numpy().astype(
        "datetime64[m]"
    )


def _undictionaried(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _answers(plan: Plan, drawn: Mapping[str, Drawn], when: Times) -> tuple[dict[str, Drawn], Times]:
    """Columns by respondent made columns by answer: a record for each question that somebody was asked."""
    parts: list[np.ndarray] = []
    values: list[Any] = []
    answers: list[np.ndarray] = []
    questions: list[np.ndarray] = []
    known: dict[Any, int] = {}
    for number, question in enumerate(plan.questions):
        column = drawn[question]
        if not isinstance(column, Choice):
            raise TypeError(question)
        place = np.array([known.setdefault(v, len(known)) for v in column.values])
        rows = np.flatnonzero(~column.is_value(NOT_ASKED))
        parts.append(rows)
        answers.append(place[column.index[rows]])
        questions.append(np.full(len(rows), number))
    values = list(known)
    rows = np.concatenate(parts)
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    found = {name: _taken(column, rows) for name, column in drawn.items() if name not in plan.questions}
    found["question"] = Choice(plan.questions, np.concatenate(questions)[order])
    found["asked"] = Choice((True,), np.zeros(len(rows), np.int64))
    found["answer"] = Choice(tuple(values), np.concatenate(answers)[order])
    return found, when[rows]


def _taken(column: Drawn, rows: np.ndarray) -> Drawn:
    return Choice(column.values, column.index[rows]) if isinstance(column, Choice) else column[rows]


def _with_written(
    standard: Standard, table: pa.Table, when: Times, written: Sequence[Mapping[str, Any]]
) -> tuple[pa.Table, Times]:
    """The table with records that are written out, each where its date belongs."""
    if not written:
        return table, when
    titles = {column.title: column.name for column in standard.columns}
    texts = pa.table(
        {
            name: column.cast(pa.string())
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )
    more = pa.table(
        {
            title: pa.array([_text(w.get(name)) for w in written], pa.string())
            for title, name in titles.items()
        }
    )
    dates = np.array([_text(w[standard.date]) for w in written], dtype="datetime64[m]")
    together = np.concatenate([when, dates])
    order = np.argsort(together, kind="stable")
    return pa.concat_tables([texts, more]).take(pa.array(order)), together[order]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _amounts(plan: Plan, force: Force, seed: int) -> tuple[pa.Table, Times]:
    """The records that every force has, an amount each; one that is written out stands in place of its like."""
    people = mid_year_population(POPULATION_OF).by_force[force.code]
    rows: list[Mapping[str, Any]] = []
    written = list(plan.written(force))
    for i, values in enumerate(plan.each):
        own = 1 + plan.spread * (2 * Draws(seed, "amounts", force.slug, str(i)).uniform(1)[0] - 1)
        amount = round(values["per_resident"] * people * own / _TO_THE_NEAREST) * _TO_THE_NEAREST
        row = {**{k: v for k, v in values.items() if k != "per_resident"}, "amount": amount}
        if not any(all(w[k] == row[k] for k in plan.standard.key) for w in written):
            rows.append(row)
    rows = sorted([*rows, *written], key=lambda row: str(row[plan.standard.date]))
    columns = {c.title: pa.array([_text(r.get(c.name)) for r in rows]) for c in plan.standard.columns}
    when = np.array([str(row[plan.standard.date]) for row in rows], dtype="datetime64[m]")
    return pa.table(columns), when


def _with_defects(
    plan: Plan, force: Force, table: pa.Table, when: Times, months: Sequence[Month]
) -> tuple[pa.Table, Times]:
    keep = when < np.datetime64(months[-1].next().start, "m")
    if force.slug == BREAKS_OFF and plan.kinds_a_day:
        broken = when.astype("datetime64[M]") == np.datetime64(str(_BROKEN_MONTH))
        keep &= ~(broken & (when >= np.datetime64(_BROKEN_MONTH.start, "m") + _LAST_DAY_OF_IT * 1440))
    if force.slug == WITHOUT_ETHNICITY and plan.standard.id == "stop_search":
        title = plan.standard.column("self_defined_ethnicity").title
        at = table.column_names.index(title)
        table = table.set_column(at, title, pa.nulls(len(table), pa.string()))
    return (table, when) if keep.all() else (table.filter(pa.array(keep)), when[keep])


def _write(plan: Plan, force: Force, folder: Path, table: pa.Table, months: tuple[Month, ...]) -> HandedIn:
    month = f"-{months[0]}" if in_months(plan, force) else ""
    path = folder / f"{FILE_OF_INVENTIONS}{force.slug}-{plan.standard.id.replace('_', '-')}{month}.parquet"
    pq.write_table(table, path, compression="zstd", use_dictionary=True)
    return HandedIn(path, months)
