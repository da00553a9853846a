"""How values are compared with all forces: the band of one standard deviation, and the verdict on each.

This is the inspectorate's comparison. It describes and does not test: of values that differ by nothing but
normal chance, about a third fall outside the band. Intervals for a single value are not here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import mean, pstdev, stdev  # the standard library's, which sums exact fractions

import numpy as np
from numpy.typing import ArrayLike, NDArray

# How far outside the band a value may lie by rounding alone, in units of the last place of the largest number
# involved. A value that is itself a quotient is half a unit off, a line a little more.
_ROUNDING_UNITS = 8


@dataclass(frozen=True)
class Band:
    """The mean of `counted` values and their standard deviation, in the values' unit.

    `lower` and `upper` are one `sd` from `mean`. A number that does not exist is NaN.
    """

    mean: float
    sd: float
    lower: float
    upper: float
    counted: int


def sd_band(values: ArrayLike, ddof: int = 1) -> Band:
    """The unweighted mean of the forces' values ± one standard deviation.

        m = Σv / k,   s = √(Σ(v − m)² / (k − ddof)),   band m − s to m + s

    `values` is a one-dimensional array-like, one value a force; NaN (or None) is a force that could not be
    counted: left out and not counted. `ddof` is 1 for the sample standard deviation and 0 for the
    population's; the inspectorate does not say which it uses. Fewer than two values have no standard
    deviation (NaN). Mean and standard deviation are the exact ones, rounded once, so that equal values
    have exactly themselves as mean and a standard deviation of 0 whatever their order.

    Raises ValueError for values that are infinite or not in one dimension, and for another `ddof`.

    Source: HMICFRS, PEEL 2023-25 reports, 'Reporting where the force is significantly different from the
    average'.

    >>> sd_band([3.0, 5.0, 7.0, None])
    Band(mean=5.0, sd=2.0, lower=3.0, upper=7.0, counted=3)
    """
    if ddof not in (0, 1):
        raise ValueError(f"expected ddof 1 (sample) or 0 (population); got ddof={ddof}")
    array = _finite_or_missing(values)
    if array.ndim != 1:
        raise ValueError(f"expected values in one dimension, one a force; got shape {array.shape}")
    present: list[float] = array[~np.isnan(array)].tolist()
    centre = mean(present) if present else math.nan
    sd = math.nan
    if len(present) > 1:
        sd = stdev(present) if ddof else pstdev(present)
    return Band(centre, sd, centre - sd, centre + sd, len(present))


def verdicts(values: ArrayLike, band: Band) -> NDArray[np.str_]:
    """Where each value lies: 'above' or 'below' the band, 'in range', or 'not assessed'.

    Exactly on a line is in range, also where rounding puts a value a few units of its last place outside.
    A missing value, or a band without a standard deviation, is 'not assessed'.

    `values` is an array-like in the band's unit; the result has its shape. Raises ValueError for infinite
    values.

    >>> verdicts([3.0, 7.5, None], sd_band([3.0, 5.0, 7.0])).tolist()
    ['in range', 'above', 'not assessed']
    """
    array = _finite_or_missing(values)
    largest = np.maximum(np.abs(array), abs(band.mean) + band.sd)
    slack = _ROUNDING_UNITS * np.finfo(np.float64).eps * largest
    verdict = np.select(
        [np.isnan(array) | math.isnan(band.sd), array > band.upper + slack, array < band.lower - slack],
        ["not assessed", "above", "below"],
        default="in range",
    )
    return np.asarray(verdict, dtype=np.str_)


def _finite_or_missing(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError("expected finite values, or NaN where one is missing; got an infinite one")
    return array
