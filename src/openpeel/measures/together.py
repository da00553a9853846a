"""Conditions that are counted by grouping the records by a few columns first.

'Victim-based and with one of 22 outcomes' is 22 conditions on one value each; a standard with a dozen of the kind has
hundreds, and an engine that looks at each record for each of them takes a minute where it need take a second. Grouped
by outcome and victim-based the records are a few hundred rows, on which every such condition is looked at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import narwhals as nw
import pyarrow as pa

from openpeel.measures.conditions import (
    Blank,
    Both,
    Condition,
    Counted,
    Every,
    Filled,
    In,
    NotTrue,
    Quantity,
    SumOf,
)

#: A grouping costs about as much as counting so many parts record by record.
WORTH_PARTS = 12
#: How many rows a grouping may have for each force and month, so that it stays smaller than the records.
MOST_GROUPS = 65_536


@dataclass(frozen=True)
class Together:
    """What is counted on one grouping: by the values of some columns, and by whether others are filled.

    `sums` are the columns whose numbers are added up in each group, for the quantities among `counted`.
    """

    values: tuple[str, ...]
    filled: tuple[str, ...]
    sums: tuple[str, ...]
    counted: tuple[Counted, ...]

    def keys(self) -> list[nw.Expr]:
        """What to group by, each under the name of its column: the value, or whether it is blank."""
        return [*(nw.col(n) for n in self.values), *(nw.col(n).is_null().alias(n) for n in self.filled)]

    def as_records(self, grouped: nw.DataFrame[pa.Table]) -> nw.DataFrame[pa.Table]:
        """The groups as the conditions see records: a column that is filled is true, and a blank is blank again."""
        filled = (nw.when(~nw.col(n)).then(nw.lit(True)).alias(n) for n in self.filled)
        return grouped.with_columns(*filled) if self.filled else grouped


def counted_together(conditions: Sequence[Counted]) -> list[Together]:
    """The groupings that are worth it, each with all that can be counted on it."""
    sizes = _sizes(conditions)
    simple = [c for c in conditions if _atoms(_of(c)) is not None and not isinstance(c, SumOf)]
    groups: list[set[str]] = []
    for condition in simple:
        columns = _columns(_of(condition))
        if len(columns) < 2 and not isinstance(condition, Quantity):
            continue
        for group in groups:
            if prod(sizes[name] for name in group | columns) <= MOST_GROUPS:
                group |= columns
                break
        else:
            if prod(sizes[name] for name in columns) <= MOST_GROUPS:
                groups.append(set(columns))
    found = []
    left = list(simple)
    for group in groups:
        inside = [c for c in left if _columns(_of(c)) <= group]
        if len({part for c in inside for part in c.parts()}) <= WORTH_PARTS:
            continue
        left = [c for c in left if c not in inside]
        atoms = [a for c in inside for a in _atoms(_of(c)) or ()]
        values = {a.column for a in atoms if isinstance(a, In | NotTrue)}
        filled = {a.column for a in atoms if isinstance(a, Blank | Filled)} - values
        sums = {c.column for c in inside if isinstance(c, Quantity)}
        found.append(
            Together(tuple(sorted(values)), tuple(sorted(filled)), tuple(sorted(sums)), tuple(inside))
        )
    return found


def _of(counted: Counted) -> Condition:
    return counted.of if isinstance(counted, Quantity) else counted


def _atoms(condition: Condition) -> list[Condition] | None:
    """The conditions on one column that this one is made of; None where one is on a number."""
    if isinstance(condition, Both):
        parts = [_atoms(c) for c in condition.conditions]
        return None if None in parts else [a for part in parts if part is not None for a in part]
    if isinstance(condition, In | Blank | Filled | NotTrue | Every):
        return [condition]
    return None


def _columns(condition: Condition) -> set[str]:
    return {a.column for a in _atoms(condition) or () if isinstance(a, In | Blank | Filled | NotTrue)}


def _sizes(conditions: Sequence[Counted]) -> dict[str, int]:
    """For each column how many rows grouping by it makes: its values that are asked for, the others, and the blank."""
    values: dict[str, set[object]] = {}
    for condition in conditions:
        for atom in _atoms(_of(condition)) or ():
            if isinstance(atom, In | Blank | Filled | NotTrue):
                values.setdefault(atom.column, set()).update(atom.values if isinstance(atom, In) else ())
    return {name: len(named) + 2 for name, named in values.items()}
