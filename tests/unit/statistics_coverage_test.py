"""The simulation of audits: held against counts of all possible samples, where nothing is simulated."""

from __future__ import annotations

import doctest
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from openpeel.statistics import coverage as coverage_module
from openpeel.statistics.coverage import BY_RULE, METHODS, Scenario, SimulatedCoverage, coverage

ROOT = Path(__file__).parents[2]
INCIDENTS = (0.6, 0.25, 0.1, 0.05)
Z = stats.norm.ppf(0.975)


def simulated(scenario: Scenario, seed: int = 1, replicates: int = 4000) -> SimulatedCoverage:
    return coverage(scenario, replicates, np.random.default_rng(seed))


def wald_of_all_samples(n: int, cases: int, population: int, factor: float = 1.0) -> dict[str, float]:
    """How often p ± z √((1 − f) p q / (n − 1)) holds, lies below and lies above, over every possible sample."""
    x = np.arange(n + 1)
    p, truth = x / n, cases / population
    half = Z * np.sqrt((1 - n / population) * p * (1 - p) / (n - 1)) * factor
    chance = stats.hypergeom.pmf(x, population, cases, n)
    below, above = p + half < truth - 1e-12, p - half > truth + 1e-12
    return {
        "held": chance[~below & ~above].sum(),
        "below": chance[below].sum(),
        "above": chance[above].sum(),
    }


def wilson_of_all_samples(n: int, cases: int, population: int) -> float:
    """The same for Wilson's, asked of each sample by the score itself: |p − P| ≤ z √(P (1 − P) / n)."""
    x = np.arange(n + 1)
    truth = cases / population
    effective = np.where((x == 0) | (x == n), n, n / (1 - n / population))
    holds = np.abs(x / n - truth) <= Z * np.sqrt(truth * (1 - truth) / effective)
    return float(stats.hypergeom.pmf(x, population, cases, n)[holds].sum())


def near(ours: float, exactly: float, replicates: int = 4000) -> bool:
    """Within four standard errors of simulation, which chance passes over once in 16,000 times."""
    return abs(ours - exactly) <= 4 * np.sqrt(exactly * (1 - exactly) / replicates) + 1e-12


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(coverage_module)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize(
    ("n", "cases", "population"), [(23, 957, 1000), (68, 717, 750), (226, 6491, 6887), (60, 90, 100)]
)
def test_a_simple_random_sample_covers_as_often_as_all_possible_samples_say(
    n: int, cases: int, population: int
):
    found = simulated(Scenario((population,), (cases / population,), (n,)))
    assert found.truth == cases / population
    wald = found.methods["Wald"]
    for what, exactly in wald_of_all_samples(n, cases, population).items():
        assert near(getattr(wald, what), exactly), what
    assert near(found.methods["Wilson, effective n"].held, wilson_of_all_samples(n, cases, population))
    assert wald.error == pytest.approx(np.sqrt(wald.held * (1 - wald.held) / 4000))


def test_two_strata_cover_as_often_as_all_pairs_of_samples_say():
    # 12 of 40 and 8 of 160: strata of unequal weight, so that what each contributes must be right.
    scenario = Scenario((40, 160), (0.75, 0.9), (12, 8))
    first, second = np.arange(13)[:, None], np.arange(9)[None, :]
    value = 0.2 * first / 12 + 0.8 * second / 8
    variance = (
        0.2**2 * (1 - 12 / 40) * first / 12 * (1 - first / 12) / 11
        + 0.8**2 * (1 - 8 / 160) * second / 8 * (1 - second / 8) / 7
    )
    chance = stats.hypergeom.pmf(first, 40, 30, 12) * stats.hypergeom.pmf(second, 160, 144, 8)
    exactly = chance[np.abs(value - 0.87) <= Z * np.sqrt(variance) + 1e-12].sum()
    assert scenario.truth == 0.87
    assert near(simulated(scenario).methods["Wald"].held, float(exactly))


def test_incidents_whose_crimes_are_all_alike_cover_as_often_as_single_cases():
    # Two crimes of an incident that always agree are one case counted twice.
    scenario = Scenario((300,), (0.9,), (40,), crimes=(0.0, 1.0), correlation=0.999999)
    assert scenario.truth == 0.9
    assert near(simulated(scenario).methods["Wald"].held, wald_of_all_samples(40, 270, 300)["held"])


def test_incidents_have_the_rate_and_the_correlation_that_they_should():
    scenario = Scenario((2_000_000,), (0.8,), (10,), INCIDENTS, 0.3)
    (crimes, having), units = scenario.kinds, scenario.units[0]
    assert units.sum() == 2_000_000
    assert units[crimes == 3].sum() == pytest.approx(200_000, abs=4)
    assert scenario.truth == pytest.approx(0.8, abs=1e-6)
    two = crimes == 2
    both = units[two & (having == 2)].sum() / units[two].sum()
    assert (both - 0.8**2) / (0.8 * 0.2) == pytest.approx(0.3, abs=1e-4)


def test_correlated_incidents_make_an_audit_of_as_many_crimes_less_precise():
    def width(**given: Any) -> float:
        return simulated(Scenario.of(0.85, 300, 3, **given), replicates=200).methods["Wald"].width

    alone = width()
    assert width(crimes=INCIDENTS) == pytest.approx(alone, rel=0.05)
    assert width(crimes=INCIDENTS, correlation=0.8) > 1.2 * alone


def test_the_truth_is_the_rate_of_the_finite_population_and_not_the_rate_asked_for():
    # Half of seven cases are three or four; an interval around 0.5 that misses 4/7 is not counted as right.
    scenario = Scenario((7,), (0.5,), (7,))
    assert scenario.truth in (3 / 7, 4 / 7)
    everyone = simulated(scenario, replicates=10)
    assert everyone.wald_allowed == 1
    assert {name: of.held for name, of in everyone.methods.items()} == dict.fromkeys([*METHODS, BY_RULE], 1)


def test_an_interval_that_does_not_exist_does_not_hold_the_truth():
    found = simulated(Scenario((1000,), (0.957,), (23,)))
    everyone = float(stats.hypergeom.pmf(23, 1000, 957, 23))
    assert near(found.methods["logit"].undefined, everyone)
    assert found.methods["logit"].held <= 1 - found.methods["logit"].undefined
    assert found.methods["Wald"].undefined == 0
    for of in found.methods.values():
        assert of.held + of.below + of.above + of.undefined == pytest.approx(1)


def test_where_no_replicate_shows_its_precision_there_is_no_number_of_cases_and_no_width():
    # All of one stratum and none of the other: the strata do not vary, and nothing estimates the error.
    found = simulated(Scenario((50, 50), (1.0, 0.0), (10, 10)), replicates=5)
    assert np.isnan([found.rarer, found.methods["Wilson, effective n"].width]).all()
    assert found.methods["Wilson, effective n"].undefined == 1


def test_replicates_without_a_number_of_cases_are_left_out_of_their_median():
    # Most samples find none of the four in the second stratum, and then nothing varies within strata.
    found = simulated(Scenario((100, 100), (1.0, 0.04), (10, 10)), replicates=100)
    assert 0.5 < found.methods["Wilson, effective n"].undefined < 1
    assert found.rarer > 0


def test_wald_with_the_normal_quantile_is_as_published_and_with_t_is_wider_by_the_quantiles():
    # 12 cases in 2 strata: 10 degrees of freedom.
    found = simulated(Scenario((90, 90), (0.6, 0.4), (6, 6)), replicates=20).methods
    assert found["Wald, t"].width / found["Wald"].width == pytest.approx(stats.t.ppf(0.975, 10) / Z)


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    scenario = Scenario.of(0.9, 120, 6, odds_ratio=4, crimes=INCIDENTS, correlation=0.5)
    assert simulated(scenario, 1, 130) == simulated(scenario, 1, 130)
    assert simulated(scenario, 1, 130) != simulated(scenario, 2, 130)


def test_every_replicate_is_counted_whatever_their_number():
    held = simulated(Scenario.of(0.9, 60, 3), replicates=53).methods["Wald"].held
    assert held * 53 == pytest.approx(round(held * 53))


def test_following_the_rule_is_wald_where_allowed_and_wilson_elsewhere():
    few, many = (simulated(Scenario.of(rate, 600, 3), replicates=300) for rate in (0.99, 0.75))
    assert (few.wald_allowed, many.wald_allowed) == (0, 1)
    assert few.methods[BY_RULE] == few.methods["Wilson, effective n"] != few.methods["Wald"]
    assert many.methods[BY_RULE] == many.methods["Wald"] != many.methods["Wilson, effective n"]
    assert few.rarer == pytest.approx(6, abs=1)
    # A sixteenth of the population is drawn: it counts neither for more cases nor for as many.
    assert many.rarer == pytest.approx(150 * (1 - 0.06), abs=3)


def test_another_level_has_other_intervals():
    scenario = Scenario.of(0.75, 200, 1)
    wide, narrow = (coverage(scenario, 300, np.random.default_rng(1), level) for level in (0.99, 0.5))
    assert (wide.level, narrow.level) == (0.99, 0.5)
    assert wide.methods["Wilson, effective n"].held > 0.95
    assert 0.35 < narrow.methods["Wilson, effective n"].held < 0.65


@pytest.mark.parametrize("allocation", ["proportional", "equal", "neyman"])
def test_a_scenario_has_the_rate_the_size_and_the_spread_that_were_asked_for(allocation: Any):
    audit = Scenario.of(0.9, 240, 6, odds_ratio=4, allocation=allocation)
    assert sum(audit.sampled) == 240
    assert sum(audit.sizes) == 10_000
    assert np.dot(audit.sizes, audit.rates) == pytest.approx(9000)
    odds = np.array(audit.rates) / (1 - np.array(audit.rates))
    assert odds[-1] / odds[0] == pytest.approx(4)
    assert audit.sizes[-1] / audit.sizes[0] == pytest.approx(6, rel=0.01)
    assert (audit.sampled == (40,) * 6) is (allocation == "equal")


def test_incidents_to_draw_are_the_crimes_to_audit_over_the_crimes_of_an_incident():
    audit = Scenario.of(0.9, 160, 2, population=1600, crimes=INCIDENTS)
    assert (sum(audit.sampled), sum(audit.sizes)) == (100, 1000)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (((10, 10), (0.5,), (2, 2)), "of one length, one for each stratum; got 2, 1 and 2"),
        (((), (), ()), "got 0, 0 and 0"),
        (((10,), (0.5,), (11,)), "no more than there are; got 11 of 10"),
        (((10,), (0.5,), (1,)), "expected a sample of 2 units or more.*; got 1 of 10"),
        (((10,), (0.5,), (2.5,)), "got 2.5 of 10"),
        (((10,), (1.5,), (2,)), r"expected rates from 0 to 1; got \(1.5,\)"),
        (((10,), (float("nan"),), (2,)), "expected rates from 0 to 1"),
        (((10,), (0.5,), (2,), (0.5, 0.4)), "by number of crimes that sum to 1"),
        (((10,), (0.5,), (2,), (1.5, -0.5)), "by number of crimes that sum to 1"),
        (((10,), (0.5,), (2,), (0.5, 0.5), 1.0), "expected a correlation from 0 to below 1; got 1.0"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(given: tuple[Any, ...], message: str):
    with pytest.raises(ValueError, match=message):
        Scenario(*given)


def test_a_stratum_of_one_unit_may_be_drawn_in_full():
    assert Scenario((1, 9), (1.0, 0.5), (1, 3)).sampled == (1, 3)


@pytest.mark.parametrize("given", [{"rate": 1.0}, {"rate": 0.0}, {"odds_ratio": 0.0}, {"odds_ratio": np.inf}])
def test_a_rate_or_an_odds_ratio_out_of_range_is_refused(given: dict[str, float]):
    with pytest.raises(ValueError, match="expected a rate between 0 and 1 and an odds ratio above 0"):
        Scenario.of(**{"rate": 0.9, "n": 60, "strata": 3, **given})


def test_replicates_and_level_are_checked():
    scenario = Scenario.of(0.9, 60, 3)
    with pytest.raises(ValueError, match="expected 1 replicate or more; got 0"):
        coverage(scenario, 0, np.random.default_rng(1))
    with pytest.raises(ValueError, match="expected a level between 0 and 1"):
        coverage(scenario, 1, np.random.default_rng(1), level=95)


def test_the_audits_told_on_the_page_are_those_counted_exactly():
    made = runpy.run_path(str(ROOT / "scripts" / "make_coverage_page.py"))
    page = (ROOT / "docs" / "explanation" / "coverage.md").read_text(encoding="utf-8")
    assert made["exact_table"]() in page, "run: python scripts/make_coverage_page.py"
    of_audit = made["exact"](226, 6887, 6491)
    assert of_audit["Wald"] == pytest.approx(wald_of_all_samples(226, 6491, 6887)["held"], abs=1e-9)
    assert of_audit["Wilson, effective n"] == pytest.approx(wilson_of_all_samples(226, 6491, 6887), abs=1e-9)
