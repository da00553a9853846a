"""What can be worked out from published numbers by adding and subtracting them, whichever measures they are of.

A condition is a box: for each column, the values that a record may have there. A number of records is worked out
from others exactly if its box is a sum of multiples of theirs, as functions on all records that there could be. How
far two boxes overlap is a product over columns, so this is decided from the table of all overlaps (the Gram matrix)
without ever listing the kinds of record, of which there are billions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpeel.measures.conditions import (
    AtLeast,
    AtMost,
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
from openpeel.measures.measure import Array, Combination
from openpeel.standards import UNRECOGNISED, Column, Standard

#: Of a vector of length 1, the square of what others cannot make up, below which they make up all of it.
_NOTHING = 1e-7
#: Overlaps below this part of the largest are taken for rounding.
_ROUNDING = 1e-10

_BLANK = ("blank", None)
_REST = ("rest", None)
Kind = tuple[str, Any]


class Overlaps:
    """The overlaps of numbers of records of one standard, each taken as a vector of length 1.

    `vectors` are combinations, each with a mark: numbers of different marks, such as those of another period, have
    nothing to do with one another, as do sums of different columns.
    """

    def __init__(self, vectors: Sequence[tuple[Hashable, Combination]], standard: Standard) -> None:
        counted = list(dict.fromkeys(c for _, combined in vectors for _, c in combined))
        place = {c: i for i, c in enumerate(counted)}
        coefficients = np.zeros((len(vectors), len(counted)))
        for i, (_, combined) in enumerate(vectors):
            for times, c in combined:
                coefficients[i, place[c]] += times
        overlaps = coefficients @ _overlaps(counted, standard) @ coefficients.T
        marks: dict[Hashable, int] = {}
        mark = np.array([marks.setdefault(m, len(marks)) for m, _ in vectors], dtype=np.int64)
        overlaps *= mark[:, None] == mark[None, :]
        length = np.sqrt(np.clip(np.diag(overlaps), 0, None))
        #: A number of nothing, such as the rest of a share of all, is known to everybody.
        self.empty = length < _NOTHING
        length[self.empty] = 1
        self._overlaps = overlaps / length / length[:, None]

    def worked_out(self, wanted: Sequence[int], published: Sequence[int]) -> tuple[NDArray[np.bool_], Array]:
        """Which of the wanted numbers the published ones give, and how much of each it takes (wanted by published)."""
        if not len(wanted) or not len(published):
            return np.zeros(len(wanted), dtype=np.bool_), np.zeros((len(wanted), len(published)))
        among = self._overlaps[np.ix_(published, published)]
        towards = self._overlaps[np.ix_(published, wanted)]
        taken = np.linalg.pinv(among, rcond=_ROUNDING, hermitian=True) @ towards
        left = 1 - np.sum(towards * taken, axis=0)
        return (left < _NOTHING) & ~self.empty[list(wanted)], taken.T


def _overlaps(counted: Sequence[Counted], standard: Standard) -> Array:
    """The part of all kinds of record that is in both of two boxes."""
    asked = [list(_asked(c.of if isinstance(c, Quantity) else c)) for c in counted]
    columns: dict[str, list[Condition]] = {}
    for conditions in asked:
        for condition in conditions:
            columns.setdefault(_column(condition), []).append(condition)
    shared = np.ones((len(counted), len(counted)))
    for name, all_asked in columns.items():
        kinds = _kinds(name, all_asked, standard)
        inside = np.ones((len(counted), len(kinds)))
        for i, conditions in enumerate(asked):
            for condition in conditions:
                if _column(condition) == name:
                    inside[i] *= [_meets(condition, kind) for kind in kinds]
        shared *= inside @ inside.T / len(kinds)
    added: dict[object, int] = {}
    of = np.array([added.setdefault(_added_up(c), len(added)) for c in counted])
    result: Array = shared * (of[:, None] == of[None, :])
    return result


def _asked(condition: Condition) -> Iterator[Condition]:
    """The conditions on single columns that this one is made of."""
    if isinstance(condition, Both):
        for part in condition.conditions:
            yield from _asked(part)
    elif not isinstance(condition, Every):
        yield condition


def _column(condition: Condition) -> str:
    """The column that is asked about; a condition of a kind not known here is a column of its own."""
    if isinstance(condition, In | Blank | Filled | NotTrue | AtMost | AtLeast):
        return condition.column
    return repr(condition)


def _added_up(counted: Counted) -> object:
    if not isinstance(counted, Quantity):
        return None
    return (counted.column, *(counted.others if isinstance(counted, SumOf) else ()))


def _kinds(name: str, asked: Iterable[Condition], standard: Standard) -> list[Kind]:
    """What a record may have in the column, as far as the conditions tell it apart."""
    conditions = list(asked)
    cuts = sorted({(c.number, isinstance(c, AtMost)) for c in conditions if isinstance(c, AtMost | AtLeast)})
    mentioned = list(dict.fromkeys(v for c in conditions if isinstance(c, In) for v in c.values))
    column = next((c for c in standard.columns if c.name == name), None)
    if column is None:
        return [("meets", True), ("meets", False)]
    if cuts:
        between: list[Kind] = [("cuts", (tuple(cuts), i)) for i in range(len(cuts) + 1)]
        return between + ([] if column.required else [_BLANK])
    possible = _possible(column)
    values = [True, False] if column.type == "boolean" else mentioned
    rest = possible is None or any(v not in values for v in possible)
    return [("value", v) for v in values] + [_REST] * rest + ([] if column.required else [_BLANK])


def _possible(column: Column) -> list[Any] | None:
    """All values there can be; None where they are without number."""
    if column.type == "boolean":
        return [True, False]
    if column.codes is not None:
        return [*(c.code for c in column.codes.codes), UNRECOGNISED]
    return None


def _meets(condition: Condition, kind: Kind) -> bool:
    what, value = kind
    if isinstance(condition, Blank):
        return kind == _BLANK
    if isinstance(condition, Filled):
        return kind != _BLANK
    if isinstance(condition, NotTrue):
        return kind == _BLANK or (what == "value" and value is False)
    if isinstance(condition, In):
        return what == "value" and any(value is v or value == v for v in condition.values)
    if isinstance(condition, AtMost | AtLeast):
        if what != "cuts":
            return False
        cuts, place = value
        at = cuts.index((condition.number, isinstance(condition, AtMost)))
        return bool(place <= at if isinstance(condition, AtMost) else place > at)
    return bool(value)
