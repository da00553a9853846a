"""Totals, means, proportions and ratios from a survey design, for the whole population or many domains.

Standard errors come from Taylor linearisation (`linearisation.py`); replicates are in `replication.py`
and intervals in `survey_interval.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpeel.statistics.design import Codes, Design, coded, is_missing, one_dimension
from openpeel.statistics.interval import Floats, quotient
from openpeel.statistics.linearisation import variance_of_totals

Statistic = Literal["total", "mean", "proportion", "ratio"]

# The square of what float64 leaves undetermined, with room for the rounding of long sums.
_ROUNDING = 1e-24


@dataclass(frozen=True, eq=False)
class SurveyEstimate:
    """Estimates with their standard errors: arrays of shape (D), one element per domain, 0-d without `by`.

    - `value`, `se`: the estimate and its standard error, in the unit of the statistic. Of a domain without
      observations a total is 0 with standard error 0 and anything else NaN.
    - `df`: degrees of freedom, the PSUs in which the domain occurs less the strata in which it occurs.
    - `n`: observations in the domain.
    - `deff`: the design effect, the variance over that of a simple random sample of n without replacement
      (R's `deff=TRUE`); `deff_with_replacement`: over that with replacement (R's `deff="replace"`). The
      population variance in both is estimated with the weights. NaN where it is 0 or cannot be estimated,
      and `deff` also where the weights sum to n or less.
    - `n_effective`: n / `deff_with_replacement`, the simple random sample that would be as precise. Where no
      observation differs from another it is n; infinite where the domain was counted in full; NaN where
      observations differ and the standard error is 0 all the same (they agree within strata).
    - `domains`: the label of each element, sorted; None without `by`.
    """

    statistic: Statistic
    value: Floats
    se: Floats
    df: Floats
    n: Floats
    deff: Floats
    deff_with_replacement: Floats
    n_effective: Floats
    domains: NDArray[Any] | None


@dataclass(frozen=True, eq=False)
class _Members:
    """The observations that are in any domain: their positions (m) and domains (m), coded 0 to `count` − 1."""

    rows: Codes
    domain: Codes
    count: int
    labels: NDArray[Any] | None

    def sum(self, values: Floats) -> Floats:
        return np.bincount(self.domain, values, self.count).astype(np.float64, copy=False)

    def shaped(self, values: Floats) -> Floats:
        return values if self.labels is not None else values.reshape(())


def total(
    design: Design, values: ArrayLike, *, by: ArrayLike | None = None, where: ArrayLike | None = None
) -> SurveyEstimate:
    """The population total of a variable, in its unit: t = Σ w_i y_i over the domain.

    This is the Horvitz-Thompson estimator; for its variance see `variance_of_totals`. `deff` compares with a
    simple random sample from the domain itself, as R does.

    `values` has shape (n), 0 and 1 for a count. `by` (n) gives each observation a domain (any hashable;
    None or NaN is in none) and one estimate is made per domain; `where` (n, true and false) keeps a
    subpopulation within the full design. Raises ValueError for lengths that differ and for missing or
    infinite values in the domains: leave them out with `where`, and say so.

    Reference: Särndal, Swensson and Wretman (1992), chapters 2, 3 and 10.

    >>> from openpeel.statistics.design import survey_design
    >>> calls = survey_design(weights=[10, 10, 10, 10], population=40)
    >>> abandoned = total(calls, [1, 0, 0, 1])
    >>> print(f"{abandoned.value:.0f} calls, standard error {abandoned.se:.1f}")
    20 calls, standard error 11.0
    """
    members = _members(design, by, where)
    y = _numbers("values", values, design, members)
    weighted = members.sum(design.weights[members.rows] * y)
    return _estimate("total", design, members, weighted, y)


def mean(
    design: Design, values: ArrayLike, *, by: ArrayLike | None = None, where: ArrayLike | None = None
) -> SurveyEstimate:
    """The population mean of a variable, in its unit: ȳ = Σ w_i y_i / Σ w_i over the domain.

    The ratio of two estimated totals (Hájek's estimator), hence linearised as in `ratio` with x = 1.
    Arguments and errors are those of `total`; NaN for a domain without observations.

    References: Särndal, Swensson and Wretman (1992), chapter 5; Lumley (2010), chapter 2.

    Minutes to answer, of calls by day and by night:

    >>> from openpeel.statistics.design import survey_design
    >>> calls = survey_design(weights=[10, 10, 10, 20])
    >>> minutes = mean(calls, [2, 3, 4, 9], by=["day", "day", "day", "night"])
    >>> minutes.domains.tolist(), minutes.value, minutes.se.round(3)
    (['day', 'night'], array([3., 9.]), array([0.544, 0.   ]))
    """
    members = _members(design, by, where)
    y = _numbers("values", values, design, members)
    return _ratio("mean", design, members, y, np.ones_like(y))


def proportion(
    design: Design, values: ArrayLike, *, by: ArrayLike | None = None, where: ArrayLike | None = None
) -> SurveyEstimate:
    """The share of the population with a property, from 0 to 1: the mean of a variable that is 0 or 1.

    For intervals see `survey_interval.py`. Arguments and errors are those of `total`, and ValueError for
    values other than 0 and 1 (or false and true); NaN for a domain without observations.

    References: as for `mean`; Cochran (1977), Sampling Techniques, chapter 3.

    >>> from openpeel.statistics.design import survey_design
    >>> crimes = survey_design(weights=[2, 2, 1, 1], strata=["log", "log", "direct", "direct"])
    >>> recorded = proportion(crimes, [True, True, False, True])
    >>> print(f"{recorded.value:.3f}, standard error {recorded.se:.3f}")
    0.833, standard error 0.167
    """
    members = _members(design, by, where)
    y = _numbers("values", values, design, members)
    other = (y != 0) & (y != 1)
    if other.any():
        raise ValueError(f"expected 0 and 1, or false and true, for a proportion; got {y[other][0]:g}")
    return _ratio("proportion", design, members, y, np.ones_like(y))


def ratio(
    design: Design,
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    by: ArrayLike | None = None,
    where: ArrayLike | None = None,
) -> SurveyEstimate:
    """The ratio of two population totals, R = Σ w_i y_i / Σ w_i x_i over the domain.

    Its variance is that of the total of the linearised values u_i = (y_i − R x_i) / Σ w_i x_i, which is
    sound where the denominator's own relative standard error is small (below 10 percent, say).

    `numerator` y and `denominator` x have shape (n); the result is in units of y per unit of x. Further
    arguments and errors are those of `total`; NaN where the denominator's total is not above 0.

    References: Binder (1983), as in `variance_of_totals`; Särndal, Swensson and Wretman (1992), chapter 5;
    Cochran (1977), chapter 6.

    Stop and searches that found something, per search, in three sampled weeks:

    >>> from openpeel.statistics.design import survey_design
    >>> weeks = survey_design(weights=[4, 4, 4], population=12)
    >>> found = ratio(weeks, [10, 20, 24], [50, 80, 70])
    >>> print(f"{found.value:.2f}, standard error {found.se:.4f}")
    0.27, standard error 0.0339
    """
    members = _members(design, by, where)
    y = _numbers("numerator", numerator, design, members)
    x = _numbers("denominator", denominator, design, members)
    return _ratio("ratio", design, members, y, x)


def _ratio(statistic: Statistic, design: Design, members: _Members, y: Floats, x: Floats) -> SurveyEstimate:
    weights = design.weights[members.rows]
    below = members.sum(weights * x)
    value = quotient(members.sum(weights * y), below)
    linearised = quotient(y - value[members.domain] * x, below[members.domain])
    return _estimate(statistic, design, members, value, linearised)


def _estimate(
    statistic: Statistic, design: Design, members: _Members, value: Floats, linearised: Floats
) -> SurveyEstimate:
    variance = variance_of_totals(design, linearised, members.rows, members.domain, members.count)
    n = np.bincount(members.domain, minlength=members.count).astype(np.float64)
    with_replacement, without_replacement = _simple_variances(design, members, n, linearised)
    # Where nothing varies but the last digits, the variance is 0 and not their squares.
    variance = np.where(variance < _ROUNDING * with_replacement, 0.0, variance)
    variance = np.where(np.isnan(value), np.nan, variance)
    deff_with = quotient(variance, with_replacement)
    psus, strata, counted_in_full = _occupied(design, members)
    n_effective = np.where(with_replacement > 0, quotient(n, deff_with), n)
    n_effective = np.where(counted_in_full, np.inf, n_effective)
    return SurveyEstimate(
        statistic=statistic,
        value=members.shaped(value),
        se=members.shaped(np.sqrt(variance)),
        df=members.shaped(psus - strata),
        n=members.shaped(n),
        deff=members.shaped(quotient(variance, without_replacement)),
        deff_with_replacement=members.shaped(deff_with),
        n_effective=members.shaped(np.where(np.isnan(value), np.nan, n_effective)),
        domains=members.labels,
    )


def _simple_variances(design: Design, members: _Members, n: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The variance that simple random samples of n would give the total, with and without replacement."""
    weights = design.weights[members.rows]
    population = members.sum(weights)
    centre = quotient(members.sum(weights * values), population)
    spread = quotient(members.sum(weights * (values - centre[members.domain]) ** 2), population)
    with_replacement = quotient(population**2 * spread, n - 1)
    return with_replacement, with_replacement * np.maximum(quotient(population - n, population), 0)


def _occupied(design: Design, members: _Members) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """For each domain, the PSUs and the strata in which it occurs and whether all those are full counts."""
    strata = len(design.sampled)
    stratum = design.psu_stratum[design.psu[members.rows]]
    shape = (members.count, strata)
    counts = np.bincount(members.domain * strata + stratum, minlength=members.count * strata)
    present = counts.reshape(shape) > 0
    pairs = members.domain * len(design.psu_stratum) + design.psu[members.rows]
    if not design.is_of_elements:
        pairs = np.unique(pairs)
    psus = np.bincount(pairs // len(design.psu_stratum), minlength=members.count)
    sampled_in = (present & (design.fraction < 1)).sum(axis=1)
    return psus.astype(np.float64), present.sum(axis=1).astype(np.float64), (psus > 0) & (sampled_in == 0)


def _members(design: Design, by: ArrayLike | None, where: ArrayLike | None) -> _Members:
    size = len(design.psu)
    kept = np.ones(size, dtype=np.bool_)
    if where is not None:
        mask = _of_length("where", where, size)
        if mask.dtype != np.bool_:
            raise ValueError(f"expected true and false for where; got {mask.dtype.name}")
        kept = mask.copy()
    if by is None:
        rows = np.flatnonzero(kept)
        return _Members(rows, np.zeros(len(rows), dtype=np.int64), 1, None)
    given = _of_length("by", by, size)
    labelled = ~is_missing(given)
    labels, codes = coded("by", given[labelled])
    domain = np.full(size, -1, dtype=np.int64)
    domain[labelled] = codes
    rows = np.flatnonzero(kept & labelled)
    return _Members(rows, domain[rows], len(labels), labels)


def _of_length(name: str, values: ArrayLike, size: int) -> NDArray[Any]:
    given = one_dimension(name, values)
    if len(given) != size:
        raise ValueError(f"expected {name} for each of {size} observations; got {len(given)}")
    return given


def _numbers(name: str, values: ArrayLike, design: Design, members: _Members) -> Floats:
    """The variable as float64 at the members' rows, of shape (m)."""
    given = _of_length(name, values, len(design.psu))
    if given.dtype.kind not in "biufO":
        raise ValueError(f"expected numbers for {name}; got {given.dtype.name}")
    numbers = given[members.rows].astype(np.float64)
    bad = ~np.isfinite(numbers)
    if bad.any():
        at = members.rows[bad.argmax()]
        raise ValueError(
            f"expected {name} that are known and finite; got {numbers[bad][0]:g} at {at}"
            " (to leave such observations out, use where=)"
        )
    return numbers
