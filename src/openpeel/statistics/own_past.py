"""Whether a force's rate or share rose or fell between two periods, and the only words for it.

A whole series of months is judged in `xmr.py`; two audits of any survey design in `change.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from openpeel.statistics.change import newcombe
from openpeel.statistics.interval import Floats, Interval, as_interval, check_level, non_negative, quotient
from openpeel.statistics.rate import rate_ratio

Measured = Literal["ratio", "difference"]


@dataclass(frozen=True, eq=False)
class RateChange:
    """How many times the earlier rate the later one is, with its interval, and the p value of no change.

    All arrays have one shape: that of the inputs, broadcast. NaN stands where an input was missing.
    """

    ratio: Interval
    p: Floats


def rate_against_past(
    count: ArrayLike,
    exposure: ArrayLike,
    count_before: ArrayLike,
    exposure_before: ArrayLike,
    level: float = 0.95,
) -> RateChange:
    """The later rate over the earlier one, with the exact conditional interval and test.

    Of all a + b events, the number in the later period is binomial if both counts are Poisson, with the share
    π = ρ E_a / (ρ E_a + E_b) for a ratio ρ of the rates. With Clopper and Pearson's bounds of π, α = 1 − level,
    and B the quantile of the beta distribution,

        bounds of ρ = π / (1 − π) · E_b / E_a,   π from B(α/2; a, b + 1) to B(1 − α/2; a + 1, b)
        p = 2 min(P(X ≤ a), P(X ≥ a)), at most 1, with X binomial with a + b and E_a / (E_a + E_b)

    so that p is below α exactly where the interval leaves out 1. The value is that of `rate_ratio`, whose
    log-normal interval is for ratios that are not tested: it is too narrow for few events and has none for
    0. Here the interval reaches down to 0 where a is 0 and up to infinity where b is 0, although no ratio to
    nothing exists (NaN).

    `count`, `exposure` (people, or people times years) and those of the earlier period are array-likes that
    broadcast; exposures are in one unit, and for the same people a longer period has a larger one. The result
    has their common shape and no unit. It is NaN where an exposure is 0 or anything is missing.

    The interval knows chance only, as if events came one at a time; they come in bunches, so read it as the
    least uncertainty there is. Both periods must be counted in the same way.

    Raises ValueError for a negative count or exposure, a count that is not whole, or a level outside (0, 1).

    References: E. L. Lehmann and J. P. Romano (2005), Testing Statistical Hypotheses, 3rd edition, section
    4.5, for the test; C. J. Clopper and E. S. Pearson (1934), The use of confidence or fiducial limits,
    Biometrika 26, 404-413. R's `poisson.test` has the same interval and another two-sided p.

    11 events in 800 person-years, after 21 in 3,011:

    >>> change = rate_against_past(11, 800, 21, 3_011)
    >>> print(f"{change.ratio.value:.2f} ({change.ratio.lower:.2f} to {change.ratio.upper:.2f}), p {change.p:.3f}")
    1.97 (0.86 to 4.28), p 0.112
    >>> str(past_verdict(change.ratio, "ratio"))
    'no significant change'
    """
    check_level(level)
    a, of_a, b, of_b = non_negative(
        count=count, exposure=exposure, count_before=count_before, exposure_before=exposure_before
    )
    for events in (a, b):
        if (np.floor(events) < events).any():
            raise ValueError(f"expected whole counts; got {events[np.floor(events) < events][0]:g}")
    tail = (1 - level) / 2
    none_a, none_b = a == 0, b == 0
    some_a, some_b = np.where(none_a, 1.0, a), np.where(none_b, 1.0, b)
    # π / (1 − π) from the quantile of π over that of 1 − π: near 1 a difference would lose digits.
    lower = special.betaincinv(some_a, b + 1, tail) / special.betainccinv(b + 1, some_a, tail)
    upper = special.betainccinv(a + 1, some_b, tail) / special.betaincinv(some_b, a + 1, tail)
    scale = np.where(of_b > 0, quotient(of_b, of_a), np.nan)
    ratio = as_interval(
        rate_ratio(a, of_a, b, of_b).value,
        np.where(none_a, 0.0, lower) * scale,
        np.where(none_b, np.inf, upper) * scale,
        level,
        "exact conditional",
    )
    share_a, share_b = quotient(of_a, of_a + of_b), quotient(of_b, of_a + of_b)
    at_least = np.where(none_a, 1.0, special.betainc(some_a, b + 1, share_a))
    at_most = np.where(none_b, 1.0, special.betainc(some_b, a + 1, share_b))
    p = np.minimum(1.0, 2 * np.minimum(at_least, at_most))
    return RateChange(ratio, np.asarray(np.where(np.isnan(ratio.lower), np.nan, p)))


def proportion_against_past(
    numerator: ArrayLike,
    denominator: ArrayLike,
    numerator_before: ArrayLike,
    denominator_before: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """The later share minus the earlier one, with Newcombe's interval: `newcombe` of `change.py`, later first.

    The counts are array-likes that broadcast; the result is a difference of shares from −1 to 1, NaN where a
    denominator is 0 or anything is missing. Raises ValueError as `newcombe` does, and has its reference.

    >>> answered = proportion_against_past(880, 1_000, 910, 1_000)
    >>> print(f"{100 * answered.value:.1f} points ({100 * answered.lower:.1f} to {100 * answered.upper:.1f})")
    -3.0 points (-5.7 to -0.3)
    >>> str(past_verdict(answered, "difference"))
    'fall'
    """
    return newcombe(numerator, denominator, numerator_before, denominator_before, level)


def past_verdict(change: Interval, measured: Measured) -> NDArray[np.str_]:
    """What may be said of a force against its own past: the only source of these words.

    'rise' or 'fall' where the interval leaves out no change, which is 1 for a 'ratio' and 0 for a
    'difference'; 'no significant change' where it holds it, also at its very end; 'not assessed' where there
    is no interval. The result has the interval's shape. Raises ValueError for another `measured`.

    'No significant change' does not mean that nothing changed. Of 43 forces where nothing did, about two rise
    or fall by chance at a level of 0.95; `adjusted_p` of `change.py` allows for that.

    >>> searches = rate_against_past([0, 30, 5], [10, 10, 0], [12, 30, 5], [10, 20, 10])
    >>> past_verdict(searches.ratio, "ratio").tolist()
    ['fall', 'rise', 'not assessed']
    """
    if measured not in ("ratio", "difference"):
        raise ValueError(f"expected measured='ratio' or measured='difference'; got {measured!r}")
    unchanged = 1.0 if measured == "ratio" else 0.0
    words = np.select(
        [
            np.isnan(change.lower) | np.isnan(change.upper),
            change.lower > unchanged,
            change.upper < unchanged,
        ],
        ["not assessed", "rise", "fall"],
        default="no significant change",
    )
    return np.asarray(words, dtype=np.str_)
