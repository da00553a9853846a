"""Chance that is the same on every machine: numbers drawn from a seed and some words. What they mean is elsewhere.

numpy promises that the raw bits of a Philox stay as they are from release to release, and does not promise that
of the distributions made from them. So everything here is made from the raw bits, with sums, products and
comparisons alone: no logarithm or sine, whose last digit differs between machines.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Draws:
    """Independent streams: the same seed and words give the same numbers, other words give unrelated ones.

    >>> Draws(1, "kent", "2021-03").between(0, 1) == Draws(1, "kent", "2021-03").between(0, 1)
    True
    """

    def __init__(self, seed: int, *words: str) -> None:
        digest = hashlib.sha256("\n".join((str(seed), *words)).encode()).digest()
        self._bits = np.random.Philox(key=int.from_bytes(digest[:16], "little"))

    def uniform(self, n: int) -> Floats:
        """`n` numbers from 0 up to but not including 1, of 53 random bits each."""
        raw: NDArray[np.uint64] = self._bits.random_raw(n)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def between(self, low: float, high: float) -> float:
        """One number from `low` up to `high`."""
        return low + (high - low) * float(self.uniform(1)[0])

    def pick(self, cumulative: Floats, n: int) -> Indices:
        """`n` positions, drawn with the shares that `shares_up_to` made of one row of weights."""
        return np.searchsorted(cumulative, self.uniform(n), side="right").astype(np.int64)

    def pick_given(self, cumulative: Floats, given: Indices) -> Indices:
        """One position for each of `given`, which names the row of `cumulative` to draw it from."""
        u = self.uniform(len(given))
        picked = np.zeros(len(given), np.int64)
        for column in range(cumulative.shape[1] - 1):
            picked += u >= cumulative[given, column]
        return picked


def shares_up_to(weights: ArrayLike) -> Floats:
    """Cumulative shares along the last axis of weights that are not negative; the last of each row is exactly 1.

    >>> shares_up_to([1, 2, 1]).tolist()
    [0.25, 0.75, 1.0]
    """
    summed = np.cumsum(np.asarray(weights, dtype=np.float64), axis=-1)
    return summed / summed[..., -1:]
