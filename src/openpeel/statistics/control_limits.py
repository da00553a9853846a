"""How forces compare when chance depends on size: limits around the common value, as on a funnel plot.

Each force has its own limits, from its own denominator; `overdispersed` widens them where forces differ by more
than chance. The inspectorate's band of one standard deviation is in `comparison.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import fsum, nan
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from openpeel.statistics.interval import Floats, non_negative, normal_quantile, quotient
from openpeel.statistics.proportion import wilson
from openpeel.statistics.rate import rate

Kind = Literal["proportion", "rate"]
Method = Literal["exact", "spiegelhalter", "normal"]
Model = Literal["additive", "multiplicative"]
Probability = Callable[[Floats], Floats]

LEVELS = (0.95, 0.998)
VERDICTS = ("above", "below", "in range", "not assessed")

# How far outside a limit a value may lie by rounding alone, in units of the last place, as in `comparison.py`.
_ROUNDING_UNITS = 8


@dataclass(frozen=True, eq=False)
class Limits:
    """The limits of each force at one level, and where its value lies.

    `lower`, `upper` (in the values' unit) and `verdict` have shape (k,), one element a force. The verdict is
    'above', 'below', 'in range' or 'not assessed', where the limits are NaN.
    """

    level: float
    lower: Floats
    upper: Floats
    verdict: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class ControlLimits:
    """Forces against the value they have in common.

    - `centre`: the sum of the numerators over the sum of the denominators, in the values' unit; NaN if none.
    - `value` (k): each force's own, NaN where it could not be counted; `z` (k): how many standard errors
      from the centre it is, on a scale where chance is the same for all (see `proportion_limits`).
    - `inner`, `outer`: the limits at the lower and at the higher level.
    - `counted`: how many forces make up the centre.
    - `kind`, `per`, `denominator` (k), `method`: what they were made from.
    """

    value: Floats
    centre: float
    z: Floats
    inner: Limits
    outer: Limits
    counted: int
    kind: Kind
    per: float
    denominator: Floats
    method: Method


@dataclass(frozen=True, eq=False)
class Overdispersion:
    """Limits that allow for more variation between forces than chance makes, and how much more there is.

    - `limits`: widened where `applied`, and otherwise those that were given; `limits.z` likewise.
    - `phi`: the mean of the squared winsorised z, near or below 1 where there is only chance; NaN if unknown.
    - `tau`: the standard deviation between forces, on the scale of z's numerator (see `overdispersed`); 0
      where it is not applied, and in the multiplicative model.
    """

    limits: ControlLimits
    model: Model
    phi: float
    tau: float
    applied: bool


@dataclass(frozen=True, eq=False)
class Differing:
    """Forces that two methods judge differently: their places in the arrays, and both verdicts."""

    place: NDArray[np.intp]
    first: NDArray[np.str_]
    second: NDArray[np.str_]


def proportion_limits(
    numerator: ArrayLike,
    denominator: ArrayLike,
    method: Method = "exact",
    levels: tuple[float, float] = LEVELS,
) -> ControlLimits:
    """Shares of cases, a of b, each against the share θ = Σa / Σb of all forces, with binomial limits.

    With p = (1 − level) / 2, n a force's denominator and X binomial with n and θ, a method is one of

    - 'exact': the counts at which P(X ≤ lower) = p and P(X ≥ upper) = p, interpolated linearly between whole
      numbers, over n. A force is outside exactly where as extreme a count has at most probability p.
    - 'spiegelhalter': as published, P(X ≤ lower) = p and P(X ≤ upper) = 1 − p. The upper limit is one count
      less than 'exact', so that a force is above more often than p, and the share of cases with a property
      may be above while that of cases without it is in range.
    - 'normal': θ ± q √(θ (1 − θ) / n), q the normal quantile; wrong for few cases and near 0 and 1.

    'exact' is the default because it never says 'above' or 'below' more often than its level promises, and
    means the same for a share and for what remains of it. Limits stay within 0 and 1, and are θ where θ is 0
    or 1. A value on a limit is in range. z is by the inverse sine: z = 2 √n (asin √(a/n) − asin √θ).

    `numerator` and `denominator` are array-likes in one dimension, one element a force. A force with a missing
    number or a denominator of 0 is left out of θ and 'not assessed'. With fewer than two forces none is
    assessed. θ counts cases, not forces, so that a large one weighs more; it is then taken as known.

    Raises ValueError for other shapes, negative counts, a numerator above its denominator, counts that are
    not whole (except with 'normal'), levels that are not in rising order within (0, 1), another method.

    References: D. J. Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics
    in Medicine 24, 1185-1202, appendix A.1.1; B. N. Manktelow and S. E. Seaton (2012), Specifying the
    probability characteristics of funnel plot control limits, PLoS ONE 7, e45723, of whose three ways to
    interpolate the first keeps the promise of 'exact'; Seaton and Manktelow (2012), BMC Medical Research
    Methodology 12, 98, which prints how often 'exact' limits are passed by chance.

    9 of 10 and 540 of 600: the same share, and only the large force stands out. The last sent nothing.

    >>> calls = proportion_limits([9, 540, 1_250, 700, None], [10, 600, 1_600, 900, 500])
    >>> print(f"{calls.centre:.3f} of {calls.counted} forces")
    0.804 of 4 forces
    >>> calls.inner.upper.round(3).tolist()
    [1.0, 0.836, 0.823, 0.83, nan]
    >>> calls.inner.verdict.tolist()
    ['in range', 'above', 'below', 'in range', 'not assessed']
    >>> calls.outer.verdict.tolist()
    ['in range', 'above', 'in range', 'in range', 'not assessed']
    """
    value = wilson(numerator, denominator).value
    cases, out_of = non_negative(numerator=numerator, denominator=denominator)
    return _control_limits(value, cases, out_of, "proportion", 1.0, method, levels)


def rate_limits(
    count: ArrayLike,
    exposure: ArrayLike,
    per: float = 1,
    method: Method = "exact",
    levels: tuple[float, float] = LEVELS,
) -> ControlLimits:
    """Events per `per` of exposure, each against θ = Σcount / Σexposure of all forces, with Poisson limits.

    The methods are those of `proportion_limits`, with X Poisson with mean θ · exposure, and θ ± q √(θ /
    exposure) for 'normal'. The lower limit stays at or above 0. z is by the square root: z = 2 (√count −
    √(θ · exposure)).

    `count` (events) and `exposure` (people, crimes) are array-likes in one dimension, one element a force;
    values, centre and limits are in events per `per` of exposure. Missing forces are left out as there.

    Raises ValueError as `proportion_limits` does, and for a `per` not above 0; exposures need not be whole.

    References: as for `proportion_limits`; for the square root D. J. Spiegelhalter (2005), Handling
    over-dispersion of performance indicators, Quality and Safety in Health Care 14, 347-351.

    >>> searches = rate_limits([60, 600, 990], [10_000, 100_000, 150_000], per=1_000)
    >>> print(f"{searches.centre:.2f}")
    6.35
    >>> searches.inner.lower.round(2).tolist(), searches.z.round(2).tolist()
    ([4.78, 5.85, 5.94], [-0.44, -1.39, 1.22])
    """
    value = rate(count, exposure, per).value
    events, at_risk = non_negative(count=count, exposure=exposure)
    return _control_limits(value, events, at_risk, "rate", float(per), method, levels)


def overdispersed(plain: ControlLimits, model: Model = "additive", winsorised: float = 0.1) -> Overdispersion:
    """Control limits widened for what makes forces differ beyond chance: their areas, their recording.

    The k values of z are winsorised: the lowest and highest tenth are pulled in to the quantiles at 0.1 and
    0.9, so that a few forces that truly stand out do not widen the limits for themselves. Then φ = Σz² / k.

    On the scale of z, with target t (asin √θ for proportions, 1 for rates) and a force's standard error s
    (1 / (2 √n) for proportions, 1 / (2 √E) with E = θ · exposure for rates, where the value is √(count / E)):

    - 'additive' (random effects): t ± q √(s² + τ²), τ² = (kφ − (k − 1)) / (Σw − Σw² / Σw), w = 1 / s², by
      DerSimonian and Laird's moments around t; applied where kφ > k − 1. 2τ is for rates about the standard
      deviation of the forces' true rates, as a part of θ.
    - 'multiplicative': t ± q s √φ; applied where φ > 1.

    The limits are brought back to the values' unit, and are never narrower than the plain ones. Additive is
    the default: with it no force's limits shrink to nothing because it is large, and it says what is
    meant, that forces have true values of their own. z is then counted in the wider standard errors.

    `winsorised` is the part pulled in at each end, from 0 to below 0.5, by linearly interpolated quantiles. It
    takes away some of the variation of forces that do not stand out as well: with 0.1 the φ of a normal spread
    is about two thirds of what it is with 0, so that of forces whose true values are normal about 11 percent
    are outside the 95 percent limits. With fewer than two forces φ is NaN and nothing is applied; with
    fewer than ten it is hardly known.

    `plain` is from `proportion_limits` or `rate_limits`; the result's arrays have its shape (k,), and its units.
    Wider limits ask who differs from forces that differ. They do not say why, or that it is right. Raises
    ValueError for another model or part.

    References: Spiegelhalter (2005), as in `rate_limits`, with its appendix, and as in `proportion_limits`,
    section 4; R. DerSimonian and N. Laird (1986), Meta-analysis in clinical trials, Controlled Clinical
    Trials 7, 177-188.

    Twelve forces of 100,000 people. Plain limits at 99.8 percent call three of them unlike the rest; among
    forces that differ as these do, one is.

    >>> counts = [560, 580, 610, 690, 640, 610, 590, 655, 630, 600, 700, 1_100]
    >>> plain = rate_limits(counts, [100_000] * 12, per=1_000)
    >>> wider = overdispersed(plain)
    >>> print(f"phi {wider.phi:.2f}, tau {wider.tau:.3f}")
    phi 4.47, tau 0.038
    >>> different = differing(plain.outer.verdict, wider.limits.outer.verdict)
    >>> different.place.tolist(), different.first.tolist(), wider.limits.outer.verdict[-1].item()
    ([0, 1], ['below', 'below'], 'above')
    """
    if model not in ("additive", "multiplicative"):
        raise ValueError(f"expected model='additive' or model='multiplicative'; got {model!r}")
    if not 0 <= winsorised < 0.5:
        raise ValueError(f"expected winsorised from 0 to below 0.5, such as 0.1; got {winsorised}")
    z = plain.z[~np.isnan(plain.z)]
    if not len(z):
        return Overdispersion(plain, model, nan, 0.0, applied=False)
    k = len(z)
    phi = fsum(np.clip(z, *np.quantile(z, [winsorised, 1 - winsorised])) ** 2) / k
    if not (phi > 1 if model == "multiplicative" else k * phi > k - 1):
        return Overdispersion(plain, model, phi, 0.0, applied=False)
    # Every force that has a z has a standard error: where the centre is 0, phi is 0 too.
    s = _standard_error(plain)
    tau_squared = 0.0
    if model == "additive":
        w = (1 / s[~np.isnan(plain.z)] ** 2).tolist()
        tau_squared = (k * phi - (k - 1)) / (fsum(w) - fsum(each**2 for each in w) / fsum(w))
    wide = np.sqrt(s**2 + tau_squared) if model == "additive" else s * np.sqrt(phi)
    inner, outer = (_widened(plain, limits, wide) for limits in (plain.inner, plain.outer))
    limits = replace(plain, z=plain.z * s / wide, inner=inner, outer=outer)
    return Overdispersion(limits, model, phi, float(np.sqrt(tau_squared)), applied=True)


def differing(first: ArrayLike, second: ArrayLike) -> Differing:
    """The forces that two methods judge differently, from their verdicts; the rest agree.

    `first` and `second` are array-likes of verdicts in one dimension, one element a force and in the same
    order, from `verdicts` of `comparison.py`, `proportion_limits`, `rate_limits` or `overdispersed`. 'Not
    assessed' by one method only is a difference. Raises ValueError for other words or shapes.

    >>> from openpeel.statistics.comparison import sd_band, verdicts
    >>> calls = proportion_limits([9, 540, 1_250, 700, 780], [10, 600, 1_600, 900, 980])
    >>> band = sd_band(calls.value)
    >>> different = differing(verdicts(calls.value, band), calls.inner.verdict)
    >>> different.place.tolist(), different.first.tolist(), different.second.tolist()
    ([0, 2], ['above', 'in range'], ['in range', 'below'])
    """
    one, other = (np.asarray(words, dtype=np.str_) for words in (first, second))
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"expected two verdicts a force; got shapes {one.shape} and {other.shape}")
    unknown = set(np.concatenate([one, other]).tolist()) - set(VERDICTS)
    if unknown:
        raise ValueError(f"expected verdicts {', '.join(VERDICTS)}; got {', '.join(sorted(unknown))}")
    place = np.flatnonzero(one != other)
    return Differing(place, one[place], other[place])


def _control_limits(
    value: Floats,
    count: Floats,
    denominator: Floats,
    kind: Kind,
    per: float,
    method: Method,
    levels: tuple[float, float],
) -> ControlLimits:
    if value.ndim != 1:
        raise ValueError(f"expected counts in one dimension, one a force; got shape {value.shape}")
    if method not in ("exact", "spiegelhalter", "normal"):
        raise ValueError(f"expected method 'exact', 'spiegelhalter' or 'normal'; got {method!r}")
    if len(levels) != 2 or not 0 < levels[0] < levels[1] < 1:
        raise ValueError(f"expected two levels in rising order between 0 and 1; got {levels}")
    if method != "normal":
        _check_whole(count, *([denominator] if kind == "proportion" else []))
    present = ~np.isnan(value)
    counted = int(present.sum())
    total = fsum(denominator[present])
    theta = fsum(count[present]) / total if total else nan
    assessed = np.where(present & (counted > 1), denominator, np.nan)
    if kind == "proportion":
        z = 2 * np.sqrt(assessed) * (np.arcsin(np.sqrt(value)) - np.arcsin(np.sqrt(theta)))
    else:
        z = 2 * (np.sqrt(count) - np.sqrt(theta * assessed))
    inner, outer = (
        _limits(value, level, *_bounds(theta, assessed, kind, per, method, level)) for level in levels
    )
    centre = fsum(count[present]) * per / total if total else nan
    return ControlLimits(value, centre, z, inner, outer, counted, kind, per, denominator, method)


def _check_whole(*counts: Floats) -> None:
    for count in counts:
        odd = count[np.floor(count) != count]
        if (~np.isnan(odd)).any():
            raise ValueError(f"expected whole counts, or method='normal'; got {odd[~np.isnan(odd)][0]:g}")


def _limits(value: Floats, level: float, lower: Floats, upper: Floats) -> Limits:
    slack = _ROUNDING_UNITS * np.finfo(np.float64).eps * np.maximum(value, upper)
    verdict = np.select(
        [np.isnan(lower) | np.isnan(value), value > upper + slack, value < lower - slack],
        ["not assessed", "above", "below"],
        default="in range",
    )
    return Limits(level, lower, upper, np.asarray(verdict, dtype=np.str_))


def _bounds(
    theta: float, denominator: Floats, kind: Kind, per: float, method: Method, level: float
) -> tuple[Floats, Floats]:
    """The limits in the values' unit, within what is possible; NaN where the denominator is missing."""
    expected, highest = theta * denominator, denominator if kind == "proportion" else np.inf
    # Where none or all have the property chance makes no difference: the published formula would find one.
    if method == "normal" or theta == 0 or (kind == "proportion" and theta == 1):
        reach = normal_quantile(level) * np.sqrt(expected * (1 - theta if kind == "proportion" else 1))
        lowest, uppermost = expected - reach, expected + reach
    else:
        lowest, uppermost = np.full_like(denominator, np.nan), np.full_like(denominator, np.nan)
        known = ~np.isnan(denominator)
        lowest[known], uppermost[known] = _exact(theta, denominator[known], kind, (1 - level) / 2)
        if method == "spiegelhalter":
            uppermost -= 1
    lower, upper = (quotient(np.clip(count, 0, highest) * per, denominator) for count in (lowest, uppermost))
    return lower, upper


def _exact(theta: float, denominator: Floats, kind: Kind, tail: float) -> tuple[Floats, Floats]:
    """The counts that are reached from above and from below with probability `tail`, interpolated."""
    at_most, at_least = (_poisson if kind == "rate" else _binomial)(theta, denominator)
    # Bernstein's inequality: a count this far above its mean is rarer than the tail.
    far, mean = -np.log(tail), theta * denominator
    highest = np.ceil(mean + far / 3 + np.sqrt(far**2 / 9 + 2 * mean * far)) + 1
    likely = _smallest(lambda count: at_most(count) > tail, highest)
    unlikely = _smallest(lambda count: at_least(count) <= tail, highest)
    p, q = at_most(likely), at_least(unlikely)
    lower = likely - (p - tail) / (p - at_most(likely - 1))
    upper = unlikely - (tail - q) / (at_least(unlikely - 1) - q)
    return lower, upper


def _binomial(theta: float, n: Floats) -> tuple[Probability, Probability]:
    """P(X ≤ count) and P(X ≥ count) for each force, by the incomplete beta function."""

    def at_least(count: Floats, share: float = theta) -> Floats:
        within = np.clip(count, 1, n)
        inside = special.betainc(within, n - within + 1, share)
        return np.asarray(np.where(count < 1, 1.0, np.where(count > n, 0.0, inside)))

    return lambda count: at_least(n - count, 1 - theta), at_least


def _poisson(theta: float, exposure: Floats) -> tuple[Probability, Probability]:
    """P(X ≤ count) and P(X ≥ count) for each force, by the incomplete gamma function."""
    mean = theta * exposure

    def at_most(count: Floats) -> Floats:
        return np.asarray(np.where(count < 0, 0.0, special.gammaincc(np.maximum(count, 0) + 1, mean)))

    def at_least(count: Floats) -> Floats:
        return np.asarray(np.where(count < 1, 1.0, special.gammainc(np.maximum(count, 1), mean)))

    return at_most, at_least


def _smallest(holds: Callable[[Floats], NDArray[np.bool_]], highest: Floats) -> Floats:
    """The smallest whole number from 0 for which `holds` is true, by halving; it must be true at the highest."""
    below, found = np.full_like(highest, -1), highest
    while (found - below > 1).any():
        middle = np.floor((below + found) / 2)
        true = holds(middle)
        below, found = np.where(true, below, middle), np.where(true, middle, found)
    return found


def _standard_error(plain: ControlLimits) -> Floats:
    """Each force's standard error on the scale of z, NaN where it has no z."""
    size = np.where(np.isnan(plain.z), np.nan, plain.denominator)
    if plain.kind == "rate":
        size = plain.centre / plain.per * size
    return quotient(1, 2 * np.sqrt(size))


def _widened(plain: ControlLimits, limits: Limits, se: Floats) -> Limits:
    reach = normal_quantile(limits.level) * se
    if plain.kind == "proportion":
        target = np.arcsin(np.sqrt(plain.centre))
        lower = np.sin(np.clip(target - reach, 0, np.pi / 2)) ** 2
        upper = np.sin(np.clip(target + reach, 0, np.pi / 2)) ** 2
    else:
        lower = plain.centre * np.maximum(1 - reach, 0) ** 2
        upper = plain.centre * (1 + reach) ** 2
    return _limits(
        plain.value, limits.level, np.minimum(lower, limits.lower), np.maximum(upper, limits.upper)
    )
