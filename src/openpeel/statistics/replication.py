"""Variances by replication, as a check on linearisation: the stratified jackknife and the bootstrap.

Both repeat any statistic under changed weights. Nothing here has a formula for a particular statistic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpeel.statistics.design import Design, scaled_to
from openpeel.statistics.interval import Floats

Estimator = Callable[[Design], ArrayLike]


def jackknife_variance(design: Design, estimator: Estimator) -> Floats:
    """The variance of a statistic by the stratified delete-one jackknife, JKn.

    Each PSU in turn is left out, the others of its stratum weighted up by n_h / (n_h − 1), and

        V = Σ_h (1 − f_h) (n_h − 1) / n_h Σ_i (θ_(hi) − θ)²,

    about the estimate θ from the full sample (R's `as.svrepdesign(type="JKn", mse=TRUE)`). For a total, and
    for a mean from a simple random sample, that is the linearised variance exactly. A post-stratified
    design is post-stratified again each time. A stratum with a single PSU adds nothing, as under
    'certainty'.

    `estimator` makes the statistic (a number or an array) from a design with changed weights, of which
    some are 0; the result has its shape and the square of its unit. It is called P + 1 times, which suits
    hundreds of PSUs, not millions. Raises ValueError for single PSUs under 'adjust' or 'average', and for a
    replicate that would leave out all of a post-stratum.

    References: Lumley (2010), chapter 2; Wolter (2007), Introduction to Variance Estimation, chapter 4.

    >>> from openpeel.statistics.design import survey_design
    >>> from openpeel.statistics.survey import mean
    >>> minutes, calls = [2, 4, 4, 5, 10], survey_design(weights=[8] * 5, population=40)
    >>> jackknife = jackknife_variance(calls, lambda changed: mean(changed, minutes).value)
    >>> print(f"{jackknife:.3f} and {mean(calls, minutes).se ** 2:.3f}")
    1.575 and 1.575
    """
    lonely = _single(design)
    whole = np.asarray(estimator(design), dtype=np.float64)
    variance = np.zeros_like(whole)
    kept = design.sampled - 1
    for psu in np.flatnonzero(~lonely[design.psu_stratum]):
        stratum = design.psu_stratum[psu]
        factor = np.where(design.psu_stratum == stratum, design.sampled[stratum] / kept[stratum], 1.0)
        factor[psu] = 0.0
        deviation = np.asarray(estimator(_reweighted(design, factor)), dtype=np.float64) - whole
        variance += (1 - design.fraction[stratum]) * kept[stratum] / design.sampled[stratum] * deviation**2
    return variance


def bootstrap_variance(
    design: Design, estimator: Estimator, replicates: int, generator: np.random.Generator
) -> Floats:
    """The variance of a statistic by Rao and Wu's rescaling bootstrap.

    In each replicate n_h − 1 PSUs are drawn with replacement from the n_h of each stratum; a PSU that was
    drawn r times has its weights multiplied by

        1 − λ + λ r n_h / (n_h − 1),   λ = √(1 − f_h),

    and V = Σ_b (θ_b − θ)² / B about the estimate θ from the full sample. On average over draws it is the
    linearised variance of a total. A post-stratified design is post-stratified again each time. A stratum
    with a single PSU adds nothing, as under 'certainty'.

    `estimator` is as in `jackknife_variance`; it is called `replicates` + 1 times. `generator` makes the
    draws: `np.random.Generator(np.random.Philox(seed))` gives the same on every machine. The result has the
    shape of the statistic and the square of its unit; its own relative error is near √(2 / replicates).
    Raises ValueError for fewer than 2 replicates, and otherwise as `jackknife_variance`.

    References: Rao and Wu (1988), Resampling inference with complex survey data, Journal of the
    American Statistical Association 83, 231-241; Rao, Wu and Yue (1992), Some recent work on resampling
    methods for complex surveys, Survey Methodology 18, 209-217.

    >>> from openpeel.statistics.design import survey_design
    >>> from openpeel.statistics.survey import mean
    >>> minutes, calls = [2, 4, 4, 5, 10], survey_design(weights=[8] * 5, population=40)
    >>> draws = np.random.Generator(np.random.Philox(7))
    >>> ours = bootstrap_variance(calls, lambda c: np.average(minutes, weights=c.weights), 2000, draws)
    >>> print(f"{ours:.2f}, linearised {jackknife_variance(calls, lambda c: mean(c, minutes).value):.2f}")
    1.54, linearised 1.57
    """
    if replicates < 2:
        raise ValueError(f"expected 2 or more replicates; got {replicates}")
    lonely = _single(design)
    # PSUs in the order of their strata, so that a draw in a stratum is a whole number from its first to last.
    order = np.argsort(design.psu_stratum, kind="stable")
    size = design.sampled.astype(np.int64)
    first = np.cumsum(size) - size
    draws = size - 1
    low, high = np.repeat(first, draws), np.repeat(first + size, draws)
    # λ, and 0 for a single PSU, which then keeps its weights.
    shrink = np.where(lonely, 0.0, np.sqrt(1 - design.fraction))[design.psu_stratum]
    upscale = (design.sampled / np.where(lonely, 1.0, draws))[design.psu_stratum]
    whole = np.asarray(estimator(design), dtype=np.float64)
    squares = np.zeros_like(whole)
    for _ in range(replicates):
        drawn = np.bincount(order[generator.integers(low, high)], minlength=len(order))
        factor = 1 - shrink + shrink * upscale * drawn
        squares += (np.asarray(estimator(_reweighted(design, factor)), dtype=np.float64) - whole) ** 2
    return squares / replicates


def _single(design: Design) -> NDArray[np.bool_]:
    """The strata with a single PSU, shape (H): replicates can only leave them as they are."""
    lonely: NDArray[np.bool_] = design.sampled == 1
    if design.single_psu in ("adjust", "average") and (lonely & (design.fraction < 1)).any():
        raise ValueError(f"expected no stratum with a single PSU under {design.single_psu!r}; got one")
    return lonely


def _reweighted(design: Design, factor: Floats) -> Design:
    """The design with the weights of each PSU multiplied by its factor, shape (P)."""
    weights = design.weights * factor[design.psu]
    if design.post_stratum is not None and design.post_totals is not None:
        weights = scaled_to(weights, design.post_stratum, design.post_totals)
    return replace(design, weights=weights)
