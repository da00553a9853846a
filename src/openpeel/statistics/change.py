"""Whether two independent estimates differ: two audits, an audit and a standard, several forces at once.

The only place that says that a change is an improvement or a deterioration. Intervals for a single estimate are
not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean  # the standard library's, which sums exact fractions
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from openpeel.statistics.interval import Floats, Interval, as_interval, normal_quantile
from openpeel.statistics.proportion import wilson

Better = Literal["higher", "lower"]
Alternative = Literal["two-sided", "above", "below"]
Against = Literal["mean", "each other"]
Correction = Literal["holm", "benjamini-hochberg", "none"]


@dataclass(frozen=True, eq=False)
class Difference:
    """A difference with its interval (in the values' unit), its standard error, z and p value.

    All arrays have one shape: that of the inputs, broadcast. NaN stands where an input was missing.
    """

    difference: Interval
    se: Floats
    z: Floats
    p: Floats


@dataclass(frozen=True, eq=False)
class SeveralDifferences:
    """Differences of k forces with p values before (`p`) and after (`adjusted`) the correction.

    Shape (k,) against the mean; (k, k) each against each, row minus column, NaN on the diagonal.
    """

    difference: Floats
    se: Floats
    z: Floats
    p: Floats
    adjusted: Floats


def se_of_half_width(half_width: ArrayLike, level: float = 0.95) -> Floats:
    """The standard error behind a published '±', h / z, for a symmetric interval of the given level.

    Raises ValueError for a half-width that is negative or infinite.

    >>> print(se_of_half_width(3.0).round(4))
    1.5306
    """
    return np.asarray(_spread("half_width", half_width) / normal_quantile(level))


def two_sample_z(
    value_1: ArrayLike, se_1: ArrayLike, value_2: ArrayLike, se_2: ArrayLike, level: float = 0.95
) -> Difference:
    """The difference of two independent estimates, first minus second, with z test and interval.

        d = v₁ − v₂,   s = √(s₁² + s₂²),   z = d / s,   p = 2 Φ(−|z|),   d ± z_level s

    The estimates and their standard errors are array-likes that broadcast, in one unit (shares, or
    percentages); give the later audit first, so that a rise is positive. It is right for estimates of any
    survey design that are independent of one another and near enough to normal; two counts of few cases
    are better served by `newcombe`. Where both standard errors are 0, z is infinite, or 0 for no difference.

    Raises ValueError for values that are infinite, standard errors that are negative or infinite, shapes
    that do not broadcast, and a level outside (0, 1).

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., chapter 2.

    Stop and search with reasonable grounds, 94.2 ± 3.0 percent after 80.8 ± 5.7:

    >>> change = two_sample_z(94.2, se_of_half_width(3.0), 80.8, se_of_half_width(5.7))
    >>> print(f"z {change.z:.2f}, {change.difference.lower:.1f} to {change.difference.upper:.1f} points")
    z 4.08, 7.0 to 19.8 points
    >>> str(change_verdict(change.difference, better="higher"))
    'statistically significant improvement'
    """
    first, second = _finite("value_1", value_1), _finite("value_2", value_2)
    se = np.hypot(_spread("se_1", se_1), _spread("se_2", se_2))
    return _compared(first - second, se, level, "two-sample z", "two-sided")


def newcombe(
    numerator_1: ArrayLike,
    denominator_1: ArrayLike,
    numerator_2: ArrayLike,
    denominator_2: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """The difference of two proportions, first minus second, with Newcombe's hybrid score interval.

        d − √((p₁ − l₁)² + (u₂ − p₂)²)   to   d + √((u₁ − p₁)² + (p₂ − l₂)²)

    with l and u the Wilson bounds of each. It stays within −1 and 1 and has width also at 0 of n and n of
    n, where `two_sample_z` has none. Both must be simple random samples and independent.

    The counts are array-likes that broadcast; the result is a difference of shares, NaN where a
    denominator is 0. Raises ValueError as `wilson` does.

    Reference: R. G. Newcombe (1998), Interval estimation for the difference between independent
    proportions: comparison of eleven methods, Statistics in Medicine 17, 873-890, method 10.

    >>> difference = newcombe(56, 70, 48, 80)
    >>> print(f"{difference.value:.4f}, {difference.lower:.4f} to {difference.upper:.4f}")
    0.2000, 0.0524 to 0.3339
    """
    first, second = wilson(numerator_1, denominator_1, level), wilson(numerator_2, denominator_2, level)
    difference = first.value - second.value
    below = np.hypot(first.value - first.lower, second.upper - second.value)
    above = np.hypot(first.upper - first.value, second.value - second.lower)
    return as_interval(difference, difference - below, difference + above, level, "Newcombe")


def change_verdict(difference: Interval, better: Better) -> NDArray[np.str_]:
    """What may be said of a change: the only source of these words, whatever the interval's method.

    'statistically significant improvement' or 'statistically significant deterioration' where the interval
    of the difference (later minus earlier) leaves out 0, 'no significant change' where it holds 0, also at
    its very end, and 'not assessed' where there is no interval. `better` says which direction is the good
    one: 'higher' for calls answered, 'lower' for calls abandoned. The result has the interval's shape.

    'No significant change' does not mean that nothing changed: a small audit sees large changes only.

    >>> str(change_verdict(newcombe(56, 70, 48, 80), better="lower"))
    'statistically significant deterioration'
    """
    if better not in ("higher", "lower"):
        raise ValueError(f"expected better='higher' or better='lower'; got {better!r}")
    rose, fell = difference.lower > 0, difference.upper < 0
    improved, worsened = (rose, fell) if better == "higher" else (fell, rose)
    words = np.select(
        [np.isnan(difference.lower) | np.isnan(difference.upper), improved, worsened],
        ["not assessed", "statistically significant improvement", "statistically significant deterioration"],
        default="no significant change",
    )
    return np.asarray(words, dtype=np.str_)


def against_threshold(
    value: ArrayLike,
    se: ArrayLike,
    threshold: ArrayLike,
    level: float = 0.95,
    alternative: Alternative = "two-sided",
) -> Difference:
    """An estimate minus a fixed standard, such as 90 percent, with z test and interval.

    z = (v − T) / s. With 'two-sided', p = 2 Φ(−|z|) and the interval is d ± z s. With 'above' the question
    is only whether the truth lies above the standard: p = Φ(−z) and the interval runs from d − z₁ s to
    infinity, z₁ the one-sided quantile (1.645 at 0.95). 'below' is its mirror image. The threshold is a
    number without error, in the estimate's unit; a national average with an error of its own belongs to
    `two_sample_z`. Choose the alternative before seeing the data.

    The arguments are array-likes that broadcast. Raises ValueError as `two_sample_z` does, and for another
    alternative.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., chapter 2.

    >>> test = against_threshold(94.2, se_of_half_width(3.0), 90, alternative="above")
    >>> print(f"p {test.p:.4f}, {test.difference.lower:.2f} to {test.difference.upper}")
    p 0.0030, 1.68 to inf
    """
    distance = _finite("value", value) - _finite("threshold", threshold)
    return _compared(distance, _spread("se", se), level, "z against a threshold", alternative)


def threshold_verdict(difference: Interval) -> NDArray[np.str_]:
    """Whether the estimate is shown to be 'above' or 'below' the standard, 'not shown', or 'not assessed'.

    >>> str(threshold_verdict(against_threshold(94.2, se_of_half_width(3.0), 92).difference))
    'not shown'
    """
    lower, upper = difference.lower, difference.upper
    words = np.select(
        [np.isnan(lower) | np.isnan(upper), lower > 0, upper < 0],
        ["not assessed", "above", "below"],
        default="not shown",
    )
    return np.asarray(words, dtype=np.str_)


def several_forces(
    values: ArrayLike, ses: ArrayLike, against: Against = "mean", correction: Correction = "holm"
) -> SeveralDifferences:
    """k independent estimates, each against the mean of all k or each against each, with corrected p values.

    Against the unweighted mean m = Σv / k, which each force is itself a part of:

        dᵢ = vᵢ − m,   Var dᵢ = (1 − 1/k)² sᵢ² + Σ_{j≠i} sⱼ² / k²,   zᵢ = dᵢ / √Var dᵢ

    which is the same z as against the mean of the others. Each against each, zᵢⱼ is that of `two_sample_z`
    and the correction counts every pair once. A force with a missing value or standard error is left out of
    the mean and not counted; its results are NaN.

    `values` and `ses` are one-dimensional array-likes of length k. Raises ValueError for other shapes, bad
    numbers, or an unknown choice.

    >>> forces = several_forces([94.2, 91.0, 80.8], [1.5, 1.6, 2.9])
    >>> forces.difference.round(1).tolist(), forces.p.round(4).tolist(), forces.adjusted.round(4).tolist()
    ([5.5, 2.3, -7.9], [0.0002, 0.1257, 0.0001], [0.0004, 0.1257, 0.0004])
    """
    value, se = _finite("values", values), _spread("ses", ses)
    if value.ndim != 1 or value.shape != se.shape:
        raise ValueError(f"expected one value and one se a force; got shapes {value.shape} and {se.shape}")
    missing = np.isnan(value) | np.isnan(se)
    if against == "mean":
        difference, spread = _against_mean(value, se, missing)
        z = _z(difference, spread)
        p = _two_sided(z)
        return SeveralDifferences(difference, spread, z, p, adjusted_p(p, correction))
    if against != "each other":
        raise ValueError(f"expected against='mean' or against='each other'; got {against!r}")
    difference, spread = np.subtract.outer(value, value), np.hypot.outer(se, se)
    itself = np.eye(len(value), dtype=bool)
    difference, spread = (np.where(itself, np.nan, part) for part in (difference, spread))
    z = _z(difference, spread)
    p = _two_sided(z)
    once = np.triu_indices(len(value), k=1)
    adjusted = np.full_like(p, np.nan)
    adjusted[once] = adjusted.T[once] = adjusted_p(p[once], correction)
    return SeveralDifferences(difference, spread, z, p, adjusted)


def adjusted_p(p: ArrayLike, correction: Correction = "holm") -> Floats:
    """p values corrected for how many questions were asked; compare them with 1 − level as they stand.

    With p₍₁₎ ≤ … ≤ p₍ₘ₎, 'holm' gives max_{j≤i} (m − j + 1) p₍ⱼ₎, which holds the chance of any false
    finding, and 'benjamini-hochberg' min_{j≥i} m p₍ⱼ₎ / j, which holds the expected share of false findings
    among the findings; both at most 1 and in the order of the p values. 'none' leaves them.

    `p` is a one-dimensional array-like of numbers from 0 to 1; NaN is not counted in m. Raises ValueError
    for other numbers, shapes or names.

    References: S. Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal
    of Statistics 6, 65-70; Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, Journal
    of the Royal Statistical Society B 57, 289-300.

    >>> adjusted_p([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.06, 0.06]
    >>> adjusted_p([0.01, 0.04, 0.03], "benjamini-hochberg").round(4).tolist()
    [0.03, 0.04, 0.04]
    """
    array = np.array(p, dtype=np.float64)
    if array.ndim != 1 or (array < 0).any() or (array > 1).any():
        raise ValueError(f"expected p values from 0 to 1 in one dimension; got {array}")
    if correction == "none":
        return array
    present = np.flatnonzero(~np.isnan(array))
    order = present[np.argsort(array[present], kind="stable")]
    rank = np.arange(1, len(order) + 1)
    if correction == "holm":
        stepped = np.maximum.accumulate((len(order) - rank + 1) * array[order])
    elif correction == "benjamini-hochberg":
        stepped = np.minimum.accumulate((len(order) * array[order] / rank)[::-1])[::-1]
    else:
        raise ValueError(f"expected correction 'holm', 'benjamini-hochberg' or 'none'; got {correction!r}")
    array[order] = np.minimum(stepped, 1.0)
    return array


def _compared(
    difference: ArrayLike, se: ArrayLike, level: float, method: str, alternative: Alternative
) -> Difference:
    try:
        distance, spread = np.broadcast_arrays(np.asarray(difference), np.asarray(se))
    except ValueError:
        raise ValueError(
            f"expected shapes that broadcast; got values {np.shape(difference)} and errors {np.shape(se)}"
        ) from None
    distance = np.where(np.isnan(spread), np.nan, distance)
    z = _z(distance, spread)
    if alternative == "two-sided":
        reach = normal_quantile(level) * spread
        interval = as_interval(distance, distance - reach, distance + reach, level, method)
        return Difference(interval, spread, z, _two_sided(z))
    if alternative not in ("above", "below"):
        raise ValueError(f"expected alternative 'two-sided', 'above' or 'below'; got {alternative!r}")
    normal_quantile(level)  # the check of the level, before it is used on one side
    reach = -float(special.ndtri(1 - level)) * spread
    endless = np.where(np.isnan(distance), np.nan, np.inf)
    if alternative == "above":
        one_sided = as_interval(distance, distance - reach, endless, level, method)
        return Difference(one_sided, spread, z, np.asarray(special.ndtr(-z)))
    one_sided = as_interval(distance, -endless, distance + reach, level, method)
    return Difference(one_sided, spread, z, np.asarray(special.ndtr(z)))


def _against_mean(value: Floats, se: Floats, missing: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    k = int((~missing).sum())
    if k < 2:
        return np.full_like(value, np.nan), np.full_like(value, np.nan)
    difference = np.where(missing, np.nan, value - mean(value[~missing].tolist()))
    own, total = se**2, (se[~missing] ** 2).sum()
    # (1 - 1/k)² s² + (Σs² - s²) / k², multiplied out
    variance = own * (1 - 2 / k) + total / k**2
    return difference, np.where(missing, np.nan, np.sqrt(variance))


def _z(difference: Floats, se: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(np.where((difference == 0) & (se == 0), 0.0, np.divide(difference, se)))


def _two_sided(z: Floats) -> Floats:
    return np.asarray(2 * special.ndtr(-np.abs(z)))


def _finite(name: str, values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"expected finite {name}, or NaN where one is missing; got an infinite one")
    return array


def _spread(name: str, values: ArrayLike) -> Floats:
    array = _finite(name, values)
    if (array < 0).any():
        raise ValueError(f"expected {name} of 0 or more; got {np.nanmin(array):g}")
    return array
