"""The sampling variance of weighted totals under a design, for many domains at once.

Which values are totalled (a variable, or the linearised values of a mean or ratio) is decided in `survey.py`.
"""

from __future__ import annotations

import numpy as np

from openpeel.statistics.design import Codes, Design
from openpeel.statistics.interval import Floats, quotient


def variance_of_totals(design: Design, values: Floats, rows: Codes, domain: Codes, domains: int) -> Floats:
    """The variance of t_d = Σ w_i u_i over the observations of each domain; shape (domains).

    With z_hi the weighted sum over domain d of PSU i in stratum h (0 for a PSU without any of d), z̄_h
    their mean over all n_h sampled PSUs, and f_h the sampling fraction,

        V(t_d) = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)².

    The domain is kept within the full design: PSUs without any of it count as zeros, as they must, because
    how many observations fall into it is random. After post-stratification u_i is first replaced by
    u_i − ū_g, its deviation from the weighted mean of its post-stratum g (zeros outside d included).

    `values` are the u of the observations at positions `rows` of the design, `domain` their domains, 0 to
    domains − 1; all three of shape (m), each observation in one domain at most.

    References: Särndal, Swensson and Wretman (1992), chapters 3, 4 and 7; Binder
    (1983), On the variances of asymptotically normal estimators from complex surveys, International
    Statistical Review 51, 279-292; Lumley (2010), chapters 2 and 3.

    Two of four sampled from ten hold 3 and 5: the total is 2.5 × 8 = 20.

    >>> from openpeel.statistics.design import survey_design
    >>> calls = survey_design(weights=[2.5] * 4, population=10)
    >>> two = variance_of_totals(calls, np.array([3.0, 5.0]), np.array([0, 1]), np.zeros(2, int), 1)
    >>> float(two[0].round(9)), float(round(10**2 * (1 - 4 / 10) * np.var([3, 5, 0, 0], ddof=1) / 4, 9))
    (90.0, 90.0)
    """
    if design.post_stratum is None:
        return _variance(design, design.weights[rows] * values, design.psu[rows], domain, domains)
    # The residuals of a domain are not zero outside it, so the domains can no longer share one pass.
    return np.array(
        [_residual_variance(design, values[domain == each], rows[domain == each]) for each in range(domains)]
    )


def _residual_variance(design: Design, values: Floats, rows: Codes) -> float:
    group = design.post_stratum
    assert group is not None
    weighted = np.zeros(len(design.weights))
    weighted[rows] = design.weights[rows] * values
    mean = np.bincount(group, weighted) / np.bincount(group, design.weights)
    residual = weighted - design.weights * mean[group]
    return float(_variance(design, residual, design.psu, np.zeros_like(design.psu), 1)[0])


def _variance(design: Design, weighted: Floats, psu: Codes, domain: Codes, domains: int) -> Floats:
    strata = len(design.sampled)
    if not design.is_of_elements:
        # Sums by domain and PSU, of the pairs that occur: all pairs could be too many to hold.
        pairs, pair = np.unique(domain * len(design.psu_stratum) + psu, return_inverse=True)
        weighted = np.bincount(pair, weighted, len(pairs)).astype(np.float64)
        domain, psu = np.divmod(pairs, len(design.psu_stratum))
    cell = domain * strata + design.psu_stratum[psu]
    shape, cells = (domains, strata), domains * strata
    occupied = np.bincount(cell, minlength=cells).reshape(shape)
    sums = np.bincount(cell, weighted, cells).reshape(shape)
    lonely = (design.sampled == 1) & (design.fraction < 1)
    centre = sums / design.sampled
    if design.single_psu == "adjust":
        centre = np.where(lonely, 0.0, centre)
    deviation = weighted - centre.ravel()[cell]
    squares = (
        np.bincount(cell, deviation**2, cells).reshape(shape)
        + (design.sampled - occupied) * centre**2  # of the PSUs without any of the domain
    )
    scale = (1 - design.fraction) * design.sampled / np.where(design.sampled > 1, design.sampled - 1, 1)
    variance: Floats = (scale * squares).sum(axis=1)
    if design.single_psu == "average":
        present = occupied > 0
        variance = variance * quotient(present.sum(axis=1), (present & ~lonely).sum(axis=1).astype(float))
    return variance
