"""The counts of openpeel's measures as SQL for DuckDB, written by hand in each way that promises to be fast.

Every query gives one row for each force, month and duplicate, with the columns n0, n1, … for the conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpeel.measures.conditions import Blank, Both, Condition, Every, Filled, In
from openpeel.measures.count import KEYS

_KEYS = ", ".join(KEYS)


def queries(conditions: Sequence[Condition], records: str) -> dict[str, str]:
    """The queries by title; `records` is what to read FROM."""

    def one_scan(count: Callable[[Condition], str]) -> str:
        counts = ", ".join(
            f"{'count(*)' if c == Every() else count(c)} AS n{i}" for i, c in enumerate(conditions)
        )
        return f"SELECT {_KEYS}, {counts} FROM {records} GROUP BY {_KEYS}"

    def value_by_value(condition: Condition) -> str:
        values = (
            [In(condition.column, (v,)) for v in condition.values]
            if isinstance(condition, In)
            else [condition]
        )
        return " + ".join(f"coalesce(sum(({_where(v)})::INTEGER), 0)" for v in values)

    return {
        "`count(*) FILTER (WHERE …)`": one_scan(lambda c: f"count(*) FILTER (WHERE {_where(c)})"),
        "`count(CASE WHEN … THEN 1 END)`": one_scan(lambda c: f"count(CASE WHEN {_where(c)} THEN 1 END)"),
        "`sum(CASE WHEN … THEN 1 ELSE 0 END)`": one_scan(
            lambda c: f"sum(CASE WHEN {_where(c)} THEN 1 ELSE 0 END)"
        ),
        "`countif(…)`": one_scan(lambda c: f"coalesce(countif({_where(c)}), 0)"),
        "`sum((…)::INTEGER)`": one_scan(lambda c: f"coalesce(sum(({_where(c)})::INTEGER), 0)"),
        "`sum((… = …)::INTEGER)`, value by value": one_scan(value_by_value),
        "`GROUPING SETS`, one for each column": _grouping_sets(conditions, records),
        "a scan for each column, joined": _scans(conditions, records),
        "grouped by all columns at once": _all_at_once(conditions, records),
    }


def _grouping_sets(conditions: Sequence[Condition], records: str) -> str:
    sets = _column_sets(conditions)
    columns = list(dict.fromkeys(c for s in sets for c in s))
    marks = ", ".join(f"grouping({c}) AS of_{c}" for c in columns)

    def count(condition: Condition) -> str:
        own = _columns(condition) or sets[0]
        of_set = " AND ".join(f"of_{c} = {int(c not in own)}" for c in columns)
        return f"coalesce(sum(n) FILTER (WHERE {of_set} AND ({_where(condition)})), 0)"

    return f"""
        WITH grouped AS MATERIALIZED (
            SELECT {_KEYS}, {", ".join(columns)}, {marks}, count(*) AS n FROM {records}
            GROUP BY GROUPING SETS ({", ".join(f"({_KEYS}, {', '.join(s)})" for s in sets)}))
        SELECT {_KEYS}, {", ".join(f"{count(c)} AS n{i}" for i, c in enumerate(conditions))}
        FROM grouped GROUP BY {_KEYS}"""


def _scans(conditions: Sequence[Condition], records: str) -> str:
    sets = _column_sets(conditions)
    parts = []
    for own in sets:
        counts = ", ".join(
            f"coalesce(sum(n) FILTER (WHERE {_where(c)}), 0) AS n{i}"
            for i, c in enumerate(conditions)
            if (_columns(c) or sets[0]) == own
        )
        names = ", ".join(own)
        grouped = f"SELECT {_KEYS}, {names}, count(*) AS n FROM {records} GROUP BY {_KEYS}, {names}"
        parts.append(f"(SELECT {_KEYS}, {counts} FROM ({grouped}) GROUP BY {_KEYS})")
    numbers = ", ".join(f"n{i}" for i in range(len(conditions)))
    joined = f" JOIN {{}} USING ({_KEYS})"
    return f"SELECT {_KEYS}, {numbers} FROM {parts[0]}" + "".join(joined.format(part) for part in parts[1:])


def _all_at_once(conditions: Sequence[Condition], records: str) -> str:
    columns = ", ".join(dict.fromkeys(c for s in _column_sets(conditions) for c in s))
    counts = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE {_where(c)}), 0) AS n{i}" for i, c in enumerate(conditions)
    )
    grouped = f"SELECT {_KEYS}, {columns}, count(*) AS n FROM {records} GROUP BY ALL"
    return f"WITH grouped AS MATERIALIZED ({grouped}) SELECT {_KEYS}, {counts} FROM grouped GROUP BY {_KEYS}"


def _column_sets(conditions: Sequence[Condition]) -> list[tuple[str, ...]]:
    """The columns that conditions look at together, each set once."""
    return list(dict.fromkeys(s for c in conditions if (s := _columns(c))))


def _columns(condition: Condition) -> tuple[str, ...]:
    match condition:
        case In(column) | Blank(column) | Filled(column):
            return (column,)
        case Both(conditions):
            return tuple(sorted({column for c in conditions for column in _columns(c)}))
    return ()


def _where(condition: Condition) -> str:
    match condition:
        case In(column, (value,)):
            return f"{column} = {_literal(value)}"
        case In(column, values):
            return f"{column} IN ({', '.join(_literal(v) for v in values)})"
        case Blank(column):
            return f"{column} IS NULL"
        case Filled(column):
            return f"{column} IS NOT NULL"
        case Both(conditions):
            return " AND ".join(f"({_where(c)})" for c in conditions)
    return "true"


def _literal(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"
