"""Intervals for a proportion, a of b: Wald's, which the inspectorate's look like, and the sounder Wilson's.

Both treat the b as a simple random sample; survey designs are not here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from openpeel.statistics.interval import (
    Floats,
    Interval,
    as_interval,
    non_negative,
    normal_quantile,
    quotient,
)


def wald(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Interval:
    """The proportion with its symmetric normal-approximation interval, p ± z √(p (1 − p) / n).

    This is how the inspectorate's published intervals behave, so it is here to reproduce them. It has no
    width at 0 of n and n of n, reaches below 0 or above 1 near them, and covers the truth less often than
    its level says. It is not clipped: the half-width is always z standard errors.

    `numerator` and `denominator` are array-likes that broadcast: cases with the property, and all cases.
    The result has their common shape and is a share from 0 to 1; it is NaN where the denominator is 0 or
    either is missing. Raises ValueError for negative counts, a numerator above its denominator or a level
    outside (0, 1).

    Reference: R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion: comparison
    of seven methods, Statistics in Medicine 17, 857-872, method 1.

    213 of 226 searches had reasonable grounds: 94.2 percent, plus or minus 3.0.

    >>> searches = wald(213, 226)
    >>> print(f"{100 * searches.value:.1f} ± {100 * (searches.upper - searches.value):.1f}")
    94.2 ± 3.0
    """
    z = normal_quantile(level)
    cases, out_of = _part_and_whole(numerator, denominator)
    p = quotient(cases, out_of)
    half_width = z * np.sqrt(quotient(p * quotient(out_of - cases, out_of), out_of))
    return as_interval(p, p - half_width, p + half_width, level, "Wald")


def wilson(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Interval:
    """The proportion with Wilson's score interval: all P for which |p − P| ≤ z √(P (1 − P) / n).

    The bounds are the roots of (n + z²) P² − (2x + z²) P + x²/n = 0, with x the numerator and n the
    denominator. They stay within 0 and 1 and have width at 0 of n and n of n as well.

    `numerator` and `denominator` are array-likes that broadcast: cases with the property, and all cases;
    they need not be whole, because weighted counts are not. The result has their common shape and is a
    share from 0 to 1; it is NaN where the denominator is 0 or either is missing. Raises ValueError for
    negative counts, a numerator above its denominator or a level outside (0, 1).

    References: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209-212; Newcombe (1998), as in `wald`, method 3;
    Public Health England, Technical Guide: Confidence Intervals.

    >>> calls = wilson([65, 0], [100, 20])
    >>> calls.lower.round(4), calls.upper.round(4)
    (array([0.5525, 0.    ]), array([0.7364, 0.1611]))
    """
    z = normal_quantile(level)
    cases, out_of = _part_and_whole(numerator, denominator)
    p = quotient(cases, out_of)
    # The larger root first; the smaller from the product of both, x² / (n (n + z²)), because the
    # difference in the textbook formula loses digits when few cases of very many have the property.
    twice_upper = 2 * cases + z**2 + z * np.sqrt(z**2 + 4 * cases * quotient(out_of - cases, out_of))
    upper = quotient(twice_upper, 2 * (out_of + z**2))
    lower = quotient(2 * cases * p, twice_upper)
    # At the ends the roots are 0 and 1 by algebra: rounding must not make them nearly so, or underflow 0/0.
    none, everyone = p == 0, p == 1
    return as_interval(p, np.where(none, 0.0, lower), np.where(everyone, 1.0, upper), level, "Wilson")


def _part_and_whole(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    cases, out_of = non_negative(numerator=numerator, denominator=denominator)
    too_many = cases > out_of
    if too_many.any():
        a, b = cases[too_many][0], out_of[too_many][0]
        raise ValueError(f"expected a numerator no larger than its denominator; got {a:.15g} of {b:.15g}")
    return cases, out_of
