"""Ratios of two rates against R's poisson.test, run live and as published, scipy, and tails counted out."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest
from scipy import optimize, stats

from openpeel.statistics.own_past import past_verdict, proportion_against_past, rate_against_past

COUNTS = [
    (11, 800, 21, 3_011),
    (2, 17_877, 9, 16_660),
    (0, 10, 12, 30),
    (7, 30, 0, 10),
    (900, 100_000, 700, 90_000),
    (250_000, 8_900_000, 251_500, 8_900_000),
]


def test_the_example_in_rs_documentation():
    # ?poisson.test prints 95 percent limits 0.8584264 and 4.2772659 around 1.971488.
    ratio = rate_against_past(11, 800, 6 + 8 + 7, 1_083 + 1_050 + 878).ratio
    assert np.round([ratio.value, ratio.lower, ratio.upper], 6).tolist() == [1.971488, 0.858426, 4.277266]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
@pytest.mark.parametrize("counts", COUNTS)
def test_intervals_are_those_of_poisson_test_in_r(counts: tuple[int, int, int, int], level: float):
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed here: scipy is compared all the same")
    a, of_a, b, of_b = counts
    code = (
        f"t <- poisson.test(c({a}, {b}), c({of_a}, {of_b}), conf.level = {level}); "
        'cat(sprintf("[%.17g, %s]", t$conf.int[1], '
        'ifelse(is.finite(t$conf.int[2]), sprintf("%.17g", t$conf.int[2]), "1e999")))'
    )
    answer = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True, timeout=60)
    ratio = rate_against_past(*counts, level).ratio
    np.testing.assert_allclose([ratio.lower, ratio.upper], json.loads(answer.stdout), rtol=1e-8)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
@pytest.mark.parametrize("counts", COUNTS)
def test_intervals_and_p_are_those_of_the_binomial_in_scipy(counts: tuple[int, int, int, int], level: float):
    a, of_a, b, of_b = counts
    change, share = rate_against_past(*counts, level), of_a / (of_a + of_b)
    bounds = stats.binomtest(a, a + b).proportion_ci(level, "exact")
    lower, upper = (
        bound / (1 - bound) * of_b / of_a if bound < 1 else np.inf for bound in (bounds.low, bounds.high)
    )
    np.testing.assert_allclose([change.ratio.lower, change.ratio.upper], [lower, upper], rtol=1e-7)
    tails = (stats.binomtest(a, a + b, share, side).pvalue for side in ("greater", "less"))
    assert float(change.p) == pytest.approx(min(1, 2 * min(tails)), rel=1e-7)


@pytest.mark.parametrize("counts", COUNTS[:5])
def test_at_its_ends_the_interval_leaves_half_of_alpha_in_each_tail(counts: tuple[int, int, int, int]):
    a, of_a, b, of_b = counts
    ratio = rate_against_past(*counts).ratio

    def tail(log_ratio: float, at_least: bool) -> float:
        rho = np.exp(log_ratio)
        share = rho * of_a / (rho * of_a + of_b)
        x = np.arange(a, a + b + 1) if at_least else np.arange(a + 1)
        return float(stats.binom.pmf(x, a + b, share).sum()) - 0.025

    if a:
        assert np.log(ratio.lower) == pytest.approx(optimize.brentq(tail, -9, 9, args=(True,)), abs=1e-8)
    if b:
        assert np.log(ratio.upper) == pytest.approx(optimize.brentq(tail, -9, 9, args=(False,)), abs=1e-8)


def test_p_is_near_that_of_the_unconditional_test_where_there_are_many_events():
    # scipy's E-test does not condition on the total; with many events it differs little.
    for a, b in ((900, 800), (1_000, 870), (640, 700)):
        theirs = stats.poisson_means_test(a, 10, b, 9).pvalue
        assert float(rate_against_past(a, 10, b, 9).p) == pytest.approx(theirs, abs=0.03)


def test_where_nothing_changed_a_rise_or_a_fall_is_said_no_more_often_than_the_level_allows():
    # All pairs of counts that matter, each weighed with its probability: no simulation.
    for mean in (0.5, 3, 20):
        x = np.arange(int(mean + 12 * np.sqrt(mean) + 12))
        weight = np.outer(stats.poisson.pmf(x, mean), stats.poisson.pmf(x, 2 * mean))
        words = past_verdict(rate_against_past(x[:, None], 1, x[None, :], 2).ratio, "ratio")
        assert weight.sum() == pytest.approx(1, abs=1e-9)
        for word in ("rise", "fall"):
            assert weight[words == word].sum() <= 0.025


def test_shares_are_newcombes_published_contrast():
    # Newcombe (1998), table II, method 10: 56 of 70 and 48 of 80.
    change = proportion_against_past(56, 70, 48, 80)
    assert np.round([change.lower, change.upper], 4).tolist() == [0.0524, 0.3339]
    assert str(past_verdict(change, "difference")) == "rise"
