"""Counting: one scan over one kind of record for all that its measures want to know.

The records stay where they are; what comes back is a table by force, month and whether a record is an exact
duplicate, with one column per condition. Nothing is divided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from openpeel.errors import DataError
from openpeel.lake import Engine, Release
from openpeel.lake.engines import Frame, collect
from openpeel.measures import measures_on
from openpeel.measures.conditions import EVERY, Both, Condition, Counted, Every, Quantity
from openpeel.measures.measure import Area, CountOf, Measure
from openpeel.measures.together import Together, counted_together
from openpeel.reference.periods import Period
from openpeel.standards import load_standard
from openpeel.threads import in_order

KEYS = ("force", "record_month", "duplicate")


@dataclass(frozen=True)
class Counts:
    """How many records meet each condition, by force, month and duplicate.

    `force`, `month` (first day) and `duplicate` have one element per row of `table`, which has one column
    per element of `conditions`; all whole numbers.
    """

    conditions: tuple[Counted, ...]
    force: NDArray[np.str_]
    month: NDArray[np.datetime64]
    duplicate: NDArray[np.bool_]
    table: NDArray[np.int64]

    def within(self, period: Period, areas: Sequence[Area], *, leave_out_duplicates: bool = False) -> CountOf:
        """How many records of a period meet a condition, as an array over `areas`; 0 where there are none."""
        inside = (self.month >= np.datetime64(period.start)) & (self.month <= np.datetime64(period.end))
        if leave_out_duplicates:
            inside &= ~self.duplicate
        column = self._column
        totals = np.array([self._of_area(area, inside) for area in areas])
        return lambda condition: totals[:, column[condition]].astype(np.float64)

    def _of_area(self, area: Area, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The sum of each column over the rows of an area that are inside."""
        rows = [self._rows[force] for force in set(area) if force in self._rows]
        of_area = np.concatenate(rows) if rows else np.array([], dtype=np.int64)
        total: NDArray[np.int64] = self.table[of_area[inside[of_area]]].sum(axis=0)
        return total

    @cached_property
    def _rows(self) -> dict[str, NDArray[np.int64]]:
        """Where the rows of each force stand: they are asked for month by month and measure by measure."""
        return {force: np.flatnonzero(self.force == force) for force in np.unique(self.force).tolist()}

    @cached_property
    def _column(self) -> dict[Counted, int]:
        return {condition: i for i, condition in enumerate(self.conditions)}

    def of_force(self, force: str) -> Counts:
        """Those of one force (its code) alone, in which its months are found faster."""
        own = self.force == force
        return replace(
            self,
            force=self.force[own],
            month=self.month[own],
            duplicate=self.duplicate[own],
            table=self.table[own],
        )


def count_release(release: Release, measures: Iterable[Measure], engine: Engine) -> dict[str, Counts]:
    """Count all that the measures want of a release: one scan per standard. Returns counts by standard.

    The other measures on a standard are counted with them: which small numbers are withheld depends on all that
    is published of the records, and must not depend on which measures were asked for.
    """
    by_standard: dict[str, list[Measure]] = {}
    for measure in measures:
        by_standard.setdefault(measure.standard, []).append(measure)

    def counted(standard_id: str) -> Counts:
        returns = release.of(standard_id)
        hold_to_standard(release, standard_id)
        conditions = wanted_conditions([*by_standard[standard_id], *measures_on([standard_id])])
        if not returns:
            return no_counts(conditions)
        frame = engine.scan(release.files(returns))
        return count(frame, conditions, tallied=any(r.tallied for r in returns))

    # Putting one question together takes Python about as long as the engine takes for another.
    return dict(in_order(counted, by_standard))


def hold_to_standard(release: Release, standard_id: str) -> None:
    """Raise DataError where a return of the release was read under another version of its standard."""
    returns = release.of(standard_id)
    older = next((r for r in returns if r.standard_hash != load_standard(standard_id).hash), None)
    if older is not None:
        raise DataError(
            f"the release '{release.name}' holds a return read under another version of the standard "
            f"'{standard_id}' ({older.key})",
            advice="Load its files again and make a new release.",
        )


def wanted_conditions(measures: Iterable[Measure]) -> tuple[Counted, ...]:
    """The conditions that these measures count by, each once."""
    return tuple(dict.fromkeys(c for m in measures for c in m.conditions()))


def count(frame: Frame, conditions: Sequence[Counted], *, tallied: bool) -> Counts:
    """Count records by condition in one group-by, and in one more for conditions on columns of many values.

    Each part of a condition is counted once, however many conditions it is a part of, and the parts are added
    up afterwards. `tallied` says that rows may stand for more or fewer than one record, by their `tally`.
    """
    groupings = counted_together(conditions)
    elsewhere = {c for grouping in groupings for c in grouping.counted}
    parts = tuple(dict.fromkeys(part for c in conditions if c not in elsewhere for part in c.parts()))
    names = {part: f"n{i}" for i, part in enumerate(parts)}
    sums = [_sum(part, tallied=tallied).alias(name) for part, name in names.items()]
    small = [_grouped(frame, grouping, tallied=tallied) for grouping in groupings]
    if sums or not small:
        rows = collect(frame.group_by(*KEYS).agg(*(sums or [nw.len().alias("n")])))
    else:  # every force and month is in any grouping
        rows = small[0].select(KEYS).group_by(list(KEYS)).aggregate([])
    # An engine gives its rows in any order; sorted, two engines' counts can be laid side by side.
    rows = rows.sort_by([(key, "ascending") for key in KEYS])
    counted = {part: _whole(rows[name]) for part, name in names.items()}
    by_grouping: dict[Counted, NDArray[np.int64]] = {}
    for grouping, groups in zip(groupings, small, strict=True):
        by_grouping |= _count_together(grouping, groups, rows)
    nothing = np.zeros(
        rows.num_rows, dtype=np.int64
    )  # of a condition that no record can meet, which has no parts
    columns = [
        by_grouping[c] if c in by_grouping else sum((counted[part] for part in c.parts()), nothing)
        for c in conditions
    ]
    return Counts(
        conditions=tuple(conditions),
        force=np.array(rows["force"].to_pylist(), dtype=np.str_),
        month=np.array(rows["record_month"].to_pylist(), dtype="datetime64[D]"),
        duplicate=np.array(rows["duplicate"].to_pylist(), dtype=np.bool_),
        table=np.column_stack(columns) if columns else np.empty((rows.num_rows, 0), dtype=np.int64),
    )


def _grouped(frame: Frame, grouping: Together, *, tallied: bool) -> pa.Table:
    """The groups of a grouping, with the number of records in each and the sums of its columns in hundredths."""
    # A column that is summed may be one to group by as well, by whether it is filled.
    numbers = [Quantity(column).expression().alias(_hundredths(column)) for column in grouping.sums]
    wanted = [
        *(nw.col(key) for key in KEYS),
        *([nw.col("tally")] if tallied else []),
        *grouping.keys(),
        *numbers,
    ]
    added = [_sum(EVERY, tallied=tallied).alias("records")]
    for name in map(_hundredths, grouping.sums):
        hundredths = nw.col(name) * nw.col("tally").cast(nw.Int64) if tallied else nw.col(name)
        added.append(hundredths.sum().alias(name))
    by = [*KEYS, *grouping.values, *grouping.filled]
    return collect(frame.select(*wanted).group_by(*by).agg(*added))


def _whole(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Sums as whole numbers, nothing being 0. DuckDB's are decimals, which numpy would take one by one as objects."""
    return np.asarray(column.cast(pa.int64()).fill_null(0).to_numpy(), np.int64)


def _hundredths(column: str) -> str:
    return f"{column} in hundredths"


def _count_together(grouping: Together, small: pa.Table, rows: pa.Table) -> dict[Counted, NDArray[np.int64]]:
    """The counts of a grouping from its groups, in the order of `rows`.

    The same values come again in every force and month, so each combination of them is looked at once.
    """
    forces = pc.unique(rows["force"].cast(pa.string()))
    at = np.searchsorted(_as_numbers(rows, forces), _as_numbers(small, forces))
    first, which = _combinations(small, [*grouping.values, *grouping.filled])
    different = grouping.as_records(nw.from_native(small.take(first), eager_only=True))
    conditions = {c: c.of if isinstance(c, Quantity) else c for c in grouping.counted}
    asked = list(dict.fromkeys(single for c in conditions.values() for single in _singles(c)))
    answers = different.select(*(c.expression().fill_null(False).alias(f"c{i}") for i, c in enumerate(asked)))
    met = {c: np.asarray(answers[f"c{i}"].to_numpy(), np.bool_) for i, c in enumerate(asked)}
    every = np.ones(len(first), np.bool_)
    counts: dict[Counted, NDArray[np.int64]] = {}
    for name in ("records", *map(_hundredths, grouping.sums)):
        counted = [
            c for c in conditions if name == (_hundredths(c.column) if isinstance(c, Quantity) else "records")
        ]
        if not counted:
            continue
        number = _whole(small[name])
        of_each = csr_array((number, (at, which)), shape=(rows.num_rows, len(first)))
        all_met = [reduce(np.logical_and, (met[x] for x in _singles(conditions[c])), every) for c in counted]
        found = of_each @ np.column_stack(all_met).astype(np.int64)
        counts |= {c: found[:, i] for i, c in enumerate(counted)}
    return counts


def _singles(condition: Condition) -> Iterator[Condition]:
    """The conditions that have to hold at once for this one to; none for every record."""
    if isinstance(condition, Both):
        for one in condition.conditions:
            yield from _singles(one)
    elif not isinstance(condition, Every):
        yield condition


def _combinations(table: pa.Table, columns: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each combination of values in these columns a row that has it; and for each row which one it has."""
    number = np.zeros(table.num_rows, np.int64)
    for name in columns:
        values = table[name].combine_chunks().dictionary_encode(null_encoding="encode")
        number = number * len(values.dictionary) + np.asarray(values.indices, np.int64)
    _, first, which = np.unique(number, return_index=True, return_inverse=True)
    return first, which


def _as_numbers(table: pa.Table, forces: pa.Array) -> NDArray[np.int64]:
    """The keys of each row as one number, which grows with force, month and duplicate."""
    force = pc.index_in(table["force"].cast(pa.string()), value_set=forces)
    day = table["record_month"].cast(pa.date32()).cast(pa.int32())
    parts = (force, day, table["duplicate"].cast(pa.int8()))
    numbers = [np.asarray(part.to_numpy(), dtype=np.int64) for part in parts]
    return (numbers[0] << 40) + (numbers[1] << 1) + numbers[2]


def no_counts(conditions: Sequence[Counted]) -> Counts:
    """What counting no records gives."""
    return Counts(
        tuple(conditions),
        np.array([], dtype=np.str_),
        np.array([], dtype="datetime64[D]"),
        np.array([], dtype=np.bool_),
        np.empty((0, len(conditions)), dtype=np.int64),
    )


def _sum(condition: Counted, *, tallied: bool) -> nw.Expr:
    if isinstance(condition, Quantity):
        quantity = condition.expression()
        return (quantity * nw.col("tally").cast(nw.Int64) if tallied else quantity).sum()
    if isinstance(condition, Every):
        return nw.col("tally").sum() if tallied else nw.len()
    if not tallied:
        return condition.expression().cast(nw.Int64).sum()
    return nw.when(condition.expression()).then(nw.col("tally")).otherwise(nw.lit(0)).sum()
