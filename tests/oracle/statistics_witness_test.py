"""Our closed formulas against the same numbers found another way: by search, by hand, by fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, stats

from openpeel.statistics import byar, exact_poisson, rate_ratio, sd_band, wald, wilson

LEVELS = [0.8, 0.95, 0.998]


def root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(function, low, high, xtol=1e-14, rtol=1e-13))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 9, 10, 65, 1045])
def test_exact_poisson_bounds_are_the_means_that_leave_half_of_alpha_in_the_tail(count: int, level: float):
    tail = (1 - level) / 2
    far = 2 * count + 50
    ours = exact_poisson(count, level)
    lower = root(lambda mean: stats.poisson.sf(count - 1, mean) - tail, 1e-12, far) if count else 0.0
    upper = root(lambda mean: stats.poisson.cdf(count, mean) - tail, 1e-12, far)
    assert float(ours.lower) == pytest.approx(lower, rel=1e-9, abs=0)
    assert float(ours.upper) == pytest.approx(upper, rel=1e-9, abs=0)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("cases", "of"), [(0, 20), (1, 100), (3, 7), (213, 226), (20, 20), (7, 10_000_000)])
def test_wilson_bounds_solve_the_score_equation(cases: int, of: int, level: float):
    z, p = stats.norm.ppf(0.5 + level / 2), cases / of

    def score(truth: float) -> float:
        return float((p - truth) ** 2 - z**2 * truth * (1 - truth) / of)

    ours = wilson(cases, of, level)
    assert float(ours.lower) == pytest.approx(
        root(score, 0.0, min(p, 1 - 1e-12)) if cases else 0.0, rel=1e-9, abs=0
    )
    assert float(ours.upper) == pytest.approx(
        root(score, max(p, 1e-12), 1.0) if cases < of else 1.0, rel=1e-9, abs=0
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("count", [10, 20, 65, 1045])
def test_byar_is_close_to_exact_from_ten_events(count: int, level: float):
    approximate, exact = byar(count, level), exact_poisson(count, level)
    assert float(approximate.lower) == pytest.approx(float(exact.lower), rel=0.03)
    assert float(approximate.upper) == pytest.approx(float(exact.upper), rel=0.005)


def test_a_rate_ratio_worked_by_hand():
    # 34/1000 = 0.034 and 100/10000 = 0.010: 3.4 times. 1/34 + 1/100 = 0.0394117647, its root 0.1985239,
    # times 1.9599640 = 0.3890997; e to it = 1.4756517; 3.4 / 1.4756517 = 2.304067, times it 5.017216.
    ours = rate_ratio(34, 1_000, 100, 10_000)
    assert float(ours.value) == pytest.approx(3.4, rel=1e-15)
    assert float(ours.lower) == pytest.approx(2.304067, abs=5e-7)
    assert float(ours.upper) == pytest.approx(5.017216, abs=5e-7)


def test_wald_and_the_normal_quantile_worked_by_hand_at_both_levels():
    # p = 0.5 and n = 100: the standard error is 0.05. The quantiles are in every table of the normal.
    for level, z in [(0.95, 1.959963984540054), (0.998, 3.090232306167813)]:
        ours = wald(50, 100, level)
        np.testing.assert_allclose([ours.lower, ours.upper], [0.5 - 0.05 * z, 0.5 + 0.05 * z], rtol=1e-14)


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_band_is_the_exact_one_in_fractions(ddof: int):
    values = [94.2, 80.8, 1e9 + 0.1, 91.7, 0.3, 88.25]
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - ddof)
    band = sd_band(values, ddof)
    assert band.mean == float(mean)
    assert band.sd == pytest.approx(math.sqrt(variance), rel=1e-15)
    assert (band.lower, band.upper) == (band.mean - band.sd, band.mean + band.sd)
