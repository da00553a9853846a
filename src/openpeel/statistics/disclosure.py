"""Which counts to keep from a table so that no small count can be read or worked out from it.

The rule is openpeel's own. Rounding, and noise, are other ways that are not here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def suppress(counts: ArrayLike, smallest: int = 5) -> NDArray[np.bool_]:
    """True for each count to keep back: the small ones, and as many more as stop the reader subtracting.

    Each line along the last axis is a set of counts whose total is known. In it

    1. counts from 1 to `smallest` − 1 are kept back (0 is shown);
    2. if any are, the next smallest count that is not 0 is kept back as well (of equal ones the first),
       until at least two are, they sum to at least `smallest`, and not all of them are 1: total minus
       what is shown then leaves more than one answer;
    3. if there are not counts enough for that, the first 0 is kept back too.

    This is our own house rule; no published one was found to follow. Its limits:

    - It looks at one line only. Where a table has totals both ways, or a count is also in another table or
      another period's table, the two can be subtracted from one another; check those together.
    - A total that is itself below `smallest` gives away much and is the caller's to keep back. A line of
      a single small count, or of nothing but ones, can only be protected that way.
    - Someone who knows this rule can narrow a kept-back count down further than someone who subtracts.

    `counts` is an array-like of whole numbers, one line or many; the result is boolean and of its shape.
    Raises ValueError for counts that are negative, missing or not whole, for a plain number, and for
    `smallest` below 1.

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

    # Put in the order in which they would be kept back (zeros last), those kept back are the first so many.
    order = np.argsort(np.where(table == 0, np.inf, table), axis=-1, kind="stable")
    ordered = np.take_along_axis(table, order, axis=-1)
    many = np.arange(1, table.shape[-1] + 1)
    together = np.cumsum(ordered, axis=-1)

    small = np.count_nonzero((table > 0) & (table < smallest), axis=-1, keepdims=True)
    above_zero = np.count_nonzero(table, axis=-1, keepdims=True)
    # A single small count never reaches `smallest`, and a zero adds nothing: neither needs a case of its own.
    enough = (many >= small) & (together >= smallest) & (together > many)
    first_enough = np.argmax(enough, axis=-1, keepdims=True) + 1
    kept_back = np.where(enough.any(axis=-1, keepdims=True), first_enough, above_zero + 1)
    kept_back = np.where(small > 0, kept_back, 0)

    mask = np.empty(table.shape, dtype=np.bool_)
    np.put_along_axis(mask, order, many <= kept_back, axis=-1)
    return mask


def _whole(counts: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim == 0:
        raise ValueError("expected a line of counts; got a plain number")
    wrong = ~((table >= 0) & (table < 2.0**53) & (table == np.floor(table)))
    if wrong.any():
        raise ValueError(f"expected whole counts of 0 or more; got {table[wrong][0]:g}")
    return table
