"""What every interval is made of: the result's shape, the checks on what comes in, and the normal quantile.

The formulas themselves are in `proportion.py` and `rate.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

# From here on float64 skips whole numbers, so a count could silently change by one.
_FIRST_INEXACT = 2.0**53


@dataclass(frozen=True, eq=False)
class Interval:
    """Estimates with their intervals, element by element.

    `value`, `lower`, `upper` and `method` are arrays of one shape: that of the inputs, broadcast (0-d
    where all inputs were plain numbers). NaN stands where an estimate or a bound does not exist. `level`
    is the confidence level, 0.95 for 95 percent, and `method` names how each element's bounds were found.
    """

    value: Floats
    lower: Floats
    upper: Floats
    level: float
    method: NDArray[np.str_]


def as_interval(
    value: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float, method: ArrayLike
) -> Interval:
    """An `Interval` whose parts are arrays of one shape, also where numpy's arithmetic gave plain numbers."""
    centre, low, high = (np.asarray(part, dtype=np.float64) for part in (value, lower, upper))
    return Interval(
        centre, low, high, level, np.broadcast_to(np.asarray(method, dtype=np.str_), centre.shape)
    )


def normal_quantile(level: float) -> float:
    """The z for a two-sided interval: 1.96 at level 0.95, and 3.09 (the quantile at 0.999) at 0.998.

    Raises ValueError when `level` is not strictly between 0 and 1.

    >>> round(normal_quantile(0.95), 4), round(normal_quantile(0.998), 4)
    (1.96, 3.0902)
    """
    check_level(level)
    # Through erfinv, because (1 + level) / 2 would round a level next to 1 up to 1 and give infinity.
    return float(np.sqrt(2) * special.erfinv(level))


def check_level(level: float) -> None:
    """Raise ValueError unless `level` is strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, such as 0.95; got level={level}")


def non_negative(**given: ArrayLike) -> tuple[Floats, ...]:
    """The named array-likes as float64 arrays of one shape, in the order given; NaN and None are missing.

    Raises ValueError, naming the argument, for what is not a number, negative, infinite or too large to be
    held exactly, and for shapes that do not broadcast.
    """
    arrays = [_non_negative(name, values) for name, values in given.items()]
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(given, arrays, strict=True))
        raise ValueError(f"expected shapes that broadcast; got {shapes}") from None


def _non_negative(name: str, values: ArrayLike) -> Floats:
    raw = np.asarray(values)
    if raw.dtype.kind not in "biufO":
        raise ValueError(f"expected numbers for {name}; got {raw.dtype.name}")
    try:
        array = np.array(raw, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"expected numbers for {name}; got {error}") from None
    if (array < 0).any():
        raise ValueError(f"expected {name} of 0 or more; got {np.nanmin(array):g}")
    if (array >= _FIRST_INEXACT).any():
        raise ValueError(f"expected {name} below 2**53, to be exact; got {np.nanmax(array):g}")
    return array


def quotient(dividend: ArrayLike, divisor: Floats) -> Floats:
    """`dividend / divisor`, and NaN (not infinity, not a warning) where the divisor is 0 or missing."""
    result: Floats = np.full(np.broadcast_shapes(np.shape(dividend), np.shape(divisor)), np.nan)
    with np.errstate(over="ignore"):
        np.divide(dividend, divisor, out=result, where=divisor > 0)
    return result
