"""Intervals for counts of events, for rates per head, and for the ratio of two rates.

Events are taken as Poisson: they happen independently, one at a time. Shares of cases are in `proportion.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from openpeel.statistics.interval import (
    Floats,
    Interval,
    as_interval,
    check_level,
    non_negative,
    normal_quantile,
    quotient,
)

# Below this many events `rate` is exact, as in PHEindicatormethods; from it on Byar's method is as good.
_BYAR_FROM = 10


def exact_poisson(count: ArrayLike, level: float = 0.95) -> Interval:
    """The count with Garwood's exact Poisson interval, from the chi-squared distribution.

    With α = 1 − level and χ²(q, d) the quantile q of the chi-squared distribution on d degrees of freedom,

        lower = χ²(α/2, 2x) / 2   (0 where x = 0),   upper = χ²(1 − α/2, 2x + 2) / 2.

    These are the means under which x or more, and x or fewer, events have probability α/2. `count` is an
    array-like of events; the result has its shape and unit (events), NaN where the count is missing.
    Raises ValueError for a negative count or a level outside (0, 1).

    Reference: F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442.

    >>> deaths = exact_poisson([0, 5])
    >>> deaths.lower.round(3), deaths.upper.round(3)
    (array([0.   , 1.623]), array([ 3.689, 11.668]))
    """
    check_level(level)
    (events,) = non_negative(count=count)
    tail = (1 - level) / 2
    # Half a chi-squared variable is a gamma variable, whose inverse scipy has for either tail.
    lower = np.where(events == 0, 0.0, special.gammaincinv(np.where(events == 0, 1.0, events), tail))
    upper = special.gammainccinv(events + 1, tail)
    return as_interval(events, lower, upper, level, "exact Poisson")


def byar(count: ArrayLike, level: float = 0.95) -> Interval:
    """The count with Byar's approximation to the exact Poisson interval.

        lower = x (1 − 1/(9x) − z / (3 √x))³
        upper = (x + 1) (1 − 1/(9 (x + 1)) + z / (3 √(x + 1)))³

    `count` is an array-like of events; the result has its shape and unit (events), NaN where the count is
    missing. The lower bound is NaN, too, for so few events that the approximation has none (the bracket is
    not above 0: no events, and at level 0.998 a single one); `exact_poisson` has one there. Raises
    ValueError for a negative count or a level outside (0, 1).

    References: N. E. Breslow and N. E. Day (1987), Statistical Methods in Cancer Research II, IARC, page
    69; Public Health England, Technical Guide: Confidence Intervals.

    >>> assaults = byar(65)
    >>> print(f"{assaults.lower:.2f} to {assaults.upper:.2f}")
    50.16 to 82.85
    """
    z = normal_quantile(level)
    (events,) = non_negative(count=count)
    bracket = 1 - quotient(1, 9 * events) - quotient(z, 3 * np.sqrt(events))
    lower = events * np.where(bracket > 0, bracket, np.nan) ** 3
    upper = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * np.sqrt(events + 1))) ** 3
    return as_interval(events, lower, upper, level, "Byar")


def rate(count: ArrayLike, exposure: ArrayLike, per: float = 1, level: float = 0.95) -> Interval:
    """Events per `per` of exposure, with the count's interval divided by the same exposure.

    The interval is exact for fewer than 10 events and Byar's from 10, as in PHEindicatormethods; `method`
    says which for each element ('exact Poisson', 'Byar', or empty where the count is missing).

    `count` (events) and `exposure` (people, crimes, hours) are array-likes that broadcast; the result has
    their common shape and is in events per `per` units of exposure. NaN where the exposure is 0 or
    either is missing. Raises ValueError for a negative count or exposure, a `per` not above 0 or a level
    outside (0, 1).

    Reference: Public Health England, Technical Guide: Confidence Intervals.

    Five events among 100 people, and 20 among 100, per 1,000 people:

    >>> events = rate([5, 20], 100, per=1000)
    >>> events.value, events.lower.round(1), events.upper.round(1), events.method.tolist()
    (array([ 50., 200.]), array([ 16.2, 122.1]), array([116.7, 308.9]), ['exact Poisson', 'Byar'])
    """
    if not 0 < per < np.inf:
        raise ValueError(f"expected per to be above 0, such as 1000; got per={per}")
    events, at_risk = non_negative(count=count, exposure=exposure)
    exact, approximate = exact_poisson(events, level), byar(events, level)
    few = events < _BYAR_FROM
    method = np.where(np.isnan(events), "", np.where(few, exact.method, approximate.method))
    value, lower, upper = (
        # Multiplied first: two whole numbers then meet a single rounding.
        quotient(bound * per, at_risk)
        for bound in (
            events,
            np.where(few, exact.lower, approximate.lower),
            np.where(few, exact.upper, approximate.upper),
        )
    )
    return as_interval(value, lower, upper, level, method)


def rate_ratio(
    count_a: ArrayLike, exposure_a: ArrayLike, count_b: ArrayLike, exposure_b: ArrayLike, level: float = 0.95
) -> Interval:
    """How many times the rate of b the rate of a is, with a log-normal interval.

        RR = (a / exposure_a) / (b / exposure_b),   interval RR · exp(± z √(1/a + 1/b))

    The standard error is that of the log of a ratio of two Poisson rates. For disproportionality a is the
    group and b the group it is compared with.

    All four are array-likes that broadcast: events, and exposure in one unit for both. The result has
    their common shape and no unit. Where a is 0 the value is 0 and has no interval (NaN); value and interval
    are NaN where b or an exposure is 0 or anything is missing. Raises ValueError for a negative count or
    exposure or a level outside (0, 1).

    References: K. J. Rothman, S. Greenland and T. L. Lash (2008), Modern Epidemiology, 3rd edition,
    chapter 14; for the log method D. Katz et al. (1978), Biometrics 34, 469-474.

    34 searches among 1,000 people of one group, and 100 among 10,000 of the other:

    >>> searches = rate_ratio(34, 1_000, 100, 10_000)
    >>> print(f"{searches.value:.1f} times ({searches.lower:.2f} to {searches.upper:.2f})")
    3.4 times (2.30 to 5.02)
    """
    z = normal_quantile(level)
    a, of_a, b, of_b = non_negative(
        count_a=count_a, exposure_a=exposure_a, count_b=count_b, exposure_b=exposure_b
    )
    ratio: Floats = quotient(a * of_b, b * of_a)
    # Without events the reciprocal is NaN, and with it the bounds: that is what is meant.
    with np.errstate(over="ignore"):  # weights may make a count so small that nothing bounds the ratio
        factor = np.exp(z * np.sqrt(quotient(1, a) + quotient(1, b)))
    # No exposure is no rate, although 0 events in 0 would cross-multiply to a ratio of 0.
    ratio = np.where(of_b > 0, ratio, np.nan)
    return as_interval(ratio, ratio / factor, ratio * factor, level, "log-normal")
