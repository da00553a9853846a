"""Which counts to keep from a table so that no small count can be read or worked out from it.

The rule is openpeel's own. Rounding every count is the other way that is here; noise is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mask = NDArray[np.bool_]


def suppress(counts: ArrayLike, smallest: int = 5, *, also: ArrayLike | None = None) -> Mask:
    """True for each count to keep back: the small ones, and as many more as stop the reader subtracting.

    Each line along the last axis is a set of counts whose total is known. In it

    1. counts from 1 to `smallest` − 1 are kept back (0 is shown);
    2. if any are, the next smallest count that is not 0 is kept back as well (of equal ones the first),
       until at least two are, they sum to at least `smallest`, and not all of them are 1: total minus
       what is shown then leaves more than one answer;
    3. if there are not counts enough for that, the first 0 is kept back too.

    This is our own house rule; no published one was found to follow. Its limits:

    - It looks at one line only. Where a table has totals both ways, `suppress_table` is for it; where a count is
      also in another table or another period's table, check those together.
    - A total that is itself below `smallest` gives away much and is the caller's to keep back. A line of
      a single small count, or of nothing but ones, can only be protected that way.
    - Someone who knows this rule can narrow a kept-back count down further than someone who subtracts.

    `counts` is an array-like of whole numbers, one line or many; the result is boolean and of its shape. `also` is
    a mask of that shape: counts to keep back as if they were small, because they are kept back elsewhere. Raises
    ValueError for counts that are negative, missing or not whole, for a plain number, and for `smallest` below 1.

    Two are small and sum to 5, so they hide one another; in the second line 3 would be found by subtraction:

    >>> suppress([[2, 3, 9, 0], [3, 12, 9, 0]])
    array([[ True,  True, False, False],
           [ True, False,  True, False]])
    """
    if not smallest >= 1:
        raise ValueError(f"expected smallest to be 1 or more; got smallest={smallest}")
    table = _whole(counts)
    if table.size == 0:
        return np.zeros(table.shape, dtype=np.bool_)
    asked = (table > 0) & (table < smallest)
    if also is not None:
        asked |= np.broadcast_to(np.asarray(also, dtype=np.bool_), table.shape)

    # Put in the order in which they would be kept back (zeros last), those kept back are the first so many.
    last = np.where(table == 0, np.inf, table)
    order = np.argsort(np.where(asked, -1, last), axis=-1, kind="stable")
    ordered = np.take_along_axis(table, order, axis=-1)
    many = np.arange(1, table.shape[-1] + 1)
    together = np.cumsum(ordered, axis=-1)

    small = np.count_nonzero(asked, axis=-1, keepdims=True)
    above_zero = np.count_nonzero(asked | (table > 0), axis=-1, keepdims=True)
    # A single small count never reaches `smallest`, and a zero adds nothing: neither needs a case of its own.
    enough = (many >= np.maximum(small, 2)) & (together >= smallest) & (together > many)
    first_enough = np.argmax(enough, axis=-1, keepdims=True) + 1
    kept_back = np.where(enough.any(axis=-1, keepdims=True), first_enough, above_zero + 1)
    kept_back = np.where(small > 0, kept_back, 0)

    mask = np.empty(table.shape, dtype=np.bool_)
    np.put_along_axis(mask, order, many <= kept_back, axis=-1)
    return mask


def suppress_table(counts: ArrayLike, smallest: int = 5) -> Mask:
    """True for each count of a two-way table to keep back, where every total of a row and of a column is known.

    1. `suppress` is put to the rows and to the columns, each taking what the other keeps back as kept back,
       until neither asks for more.
    2. Lines that are safe one by one can still be solved together, so each small count is looked at by itself
       (`movable`): one that the totals leave a single value takes the smallest count shown in its row or column
       with it (one that is not 0 if there is any; of equal ones the first; then one from the rest of the table),
       and it starts again.

    So every small count has more than one possible value, wherever keeping the whole table back would give it
    that. Where not even that would, the totals give it away, and they are the caller's to keep back: a table of
    one row, or a small count that is all there is in its row and its column.

    `counts` has two axes and holds whole numbers; the result is boolean and of its shape. The rule is our own; that
    lines must be solved together is the point of L. H. Cox, 'Suppression methodology and statistical disclosure
    control', JASA 75 (1980). ValueError for anything else than a table of counts.

    >>> suppress_table([[1, 20, 30], [40, 50, 60], [70, 80, 90]])
    array([[ True,  True, False],
           [ True,  True, False],
           [False, False, False]])
    """
    table = _whole(counts)
    if table.ndim != 2:
        raise ValueError(f"expected a table with rows and columns; got {table.ndim} axes")
    hidden = np.zeros(table.shape, dtype=np.bool_)
    if table.size == 0:
        return hidden
    small = (table > 0) & (table < smallest)
    while True:
        hidden = _both_ways(table, smallest, hidden)
        stuck = np.argwhere(small & hidden & ~movable(table, hidden))
        if not len(stuck) or hidden.all():
            return hidden
        row, column = stuck[0]
        beside = np.zeros(table.shape, dtype=np.bool_)
        beside[row, :] = beside[:, column] = True
        hidden[_next_to_hide(table, hidden, beside)] = True


def movable(
    counts: ArrayLike, hidden: ArrayLike, *, rows_known: bool = True, columns_known: bool = True
) -> Mask:
    """True for each count kept back that could be another one, given all that is shown and the totals.

    A count can be one higher or lower where others kept back can make up for it, in turn by its row and its
    column, none falling below 0. Whole tables with the same totals are all reached in such steps (P. Diaconis,
    B. Sturmfels, 'Algebraic algorithms for sampling from conditional distributions', Annals of Statistics 26
    (1998), for two-way tables), so this misses none. `rows_known` and `columns_known` say which totals there are.

    Two lines of two are solved together only if one of the four is shown:

    >>> movable([[1, 20], [40, 50]], [[True, True], [True, True]]).all()
    np.True_
    >>> movable([[1, 20], [40, 50]], [[True, True], [True, False]]).any()
    np.False_
    """
    table, kept = _whole(counts), np.asarray(hidden, dtype=np.bool_)
    found = np.zeros(table.shape, dtype=np.bool_)
    for row, column in np.argwhere(kept):
        cell = (int(row), int(column))
        steps = _Steps(table, kept, cell, rows_known=rows_known, columns_known=columns_known)
        up = steps.lead(("column", cell[1]), ("row", cell[0]))
        found[cell] = up or (table[cell] >= 1 and steps.lead(("row", cell[0]), ("column", cell[1])))
    return found


_Node = tuple[str, int]
#: Takes up the difference where a total is not known.
_OUTSIDE: _Node = ("outside", 0)


class _Steps:
    """From a column to a row by lowering a count, from a row to a column by raising one; never the count itself."""

    def __init__(
        self,
        table: NDArray[np.float64],
        kept: Mask,
        cell: tuple[int, int],
        *,
        rows_known: bool,
        columns_known: bool,
    ) -> None:
        raised = kept.copy()
        raised[cell] = False
        self._raised, self._lowered = raised, raised & (table >= 1)
        self._open = {"row": not rows_known, "column": not columns_known}

    def lead(self, start: _Node, end: _Node) -> bool:
        seen, ahead = {start}, deque([start])
        while ahead:
            for node in self._from(ahead.popleft()):
                if node == end:
                    return True
                if node not in seen:
                    seen.add(node)
                    ahead.append(node)
        return False

    def _from(self, node: _Node) -> Iterator[_Node]:
        kind, place = node
        if node == _OUTSIDE:
            rows, columns = self._raised.shape
            ways = (("row", rows), ("column", columns))
            yield from ((way, i) for way, many in ways if self._open[way] for i in range(many))
            return
        if self._open[kind]:
            yield _OUTSIDE
        if kind == "row":
            yield from (("column", int(c)) for c in np.flatnonzero(self._raised[place]))
        else:
            yield from (("row", int(r)) for r in np.flatnonzero(self._lowered[:, place]))


def _both_ways(table: NDArray[np.float64], smallest: int, hidden: Mask) -> Mask:
    """What rows and columns ask for, until neither asks for more."""
    while True:
        rows = suppress(table, smallest, also=hidden)
        both = suppress(table.T, smallest, also=rows.T).T
        if (both == hidden).all():
            return both
        hidden = both


def _next_to_hide(table: NDArray[np.float64], hidden: Mask, beside: Mask) -> tuple[int, int]:
    """The smallest count shown: beside before elsewhere, and not 0 before 0."""
    order = np.lexsort(
        (table.ravel(), (table == 0).ravel(), ~beside.ravel(), hidden.ravel())
    )  # the last key counts first
    row, column = np.unravel_index(order[0], table.shape)
    return int(row), int(column)


def round_to(counts: ArrayLike, base: int = 5) -> NDArray[np.float64]:
    """Each count rounded to the nearest multiple of `base`, halves up; 0 stays 0.

    Every count is rounded by itself, totals too. Parts therefore need not add up to their total, and that is what
    protects: a total printed as 20 may be anything from 18 to 22. With an odd base nothing lies half way. Counts
    of 1 and 2 become 0, which then means 'fewer than 3'.

    `counts` holds whole numbers, of any shape; so does the result. ValueError for others, and for `base` below 2.

    >>> round_to([0, 2, 3, 7, 8, 1_013])
    array([   0.,    0.,    5.,    5.,   10., 1015.])
    """
    if not base >= 2:
        raise ValueError(f"expected a base of 2 or more; got base={base}")
    return np.floor(_whole(np.atleast_1d(counts)).reshape(np.shape(counts)) / base + 0.5) * base


def _whole(counts: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim == 0:
        raise ValueError("expected a line of counts; got a plain number")
    wrong = ~((table >= 0) & (table < 2.0**53) & (table == np.floor(table)))
    if wrong.any():
        raise ValueError(f"expected whole counts of 0 or more; got {table[wrong][0]:g}")
    return table
