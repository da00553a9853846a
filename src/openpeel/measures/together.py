"""Conditions on several columns with many values, counted by grouping the records by those columns first.

'Victim-based and with one of 22 outcomes' is 22 conditions on one value each; a standard with a dozen of the kind has
hundreds, and an engine that looks at each record for each of them takes a minute where it need take a second. Grouped
by outcome and victim-based the records are a few hundred rows, on which every such condition is looked at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import narwhals as nw

from openpeel.measures.conditions import Blank, Both, Condition, Counted, Every, Filled, In, NotTrue, Quantity

#: Up to so many parts a condition is counted part by part, which shares the parts with others.
FEW_PARTS = 4
#: A grouping costs about as much as counting so many parts.
WORTH_PARTS = 16
#: How many rows a grouping may have for each force and month, so that it stays smaller than the records.
MOST_GROUPS = 8192


@dataclass(frozen=True)
class Together:
    """Conditions that are counted on one grouping: by the values of some columns, and by whether others are filled."""

    values: tuple[str, ...]
    filled: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def keys(self) -> list[nw.Expr]:
        """What to group by, each under the name of its column: a filled column is true, a blank stays a blank."""
        flags = [nw.when(~nw.col(name).is_null()).then(nw.lit(True)).alias(name) for name in self.filled]
        return [*(nw.col(name) for name in self.values), *flags]


def counted_together(conditions: Sequence[Counted]) -> list[Together]:
    """The groupings for those conditions that need one, and for all that can be counted on it as well."""
    sizes = _sizes(conditions)
    simple = [c for c in conditions if isinstance(c, Both) and _atoms(c) is not None]
    groups: list[set[str]] = []
    for condition in simple:
        if len(condition.parts()) > FEW_PARTS:
            columns = _columns(condition)
            for group in groups:
                if prod(sizes[name] for name in group | columns) <= MOST_GROUPS:
                    group |= columns
                    break
            else:
                groups.append(columns)
    found = []
    left = list(simple)
    for group in groups:
        inside = [c for c in left if _columns(c) <= group]
        if len({part for c in inside for part in c.parts()}) <= WORTH_PARTS:
            continue
        left = [c for c in left if c not in inside]
        names = {
            name
            for c in inside
            for a in _atoms(c) or ()
            if isinstance(a, In | NotTrue)
            for name in [a.column]
        }
        used = {name for c in inside for name in _columns(c)}
        found.append(Together(tuple(sorted(names)), tuple(sorted(used - names)), tuple(inside)))
    return found


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
        of = condition.of if isinstance(condition, Quantity) else condition
        for atom in _atoms(of) or ():
            if isinstance(atom, In | Blank | Filled | NotTrue):
                values.setdefault(atom.column, set()).update(atom.values if isinstance(atom, In) else ())
    return {name: len(named) + 2 for name, named in values.items()}
