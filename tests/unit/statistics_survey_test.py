"""What a survey design refuses, and what its estimates say at the edges."""

from __future__ import annotations

import doctest
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from openpeel.statistics import design as design_module
from openpeel.statistics import linearisation, replication, survey, survey_interval
from openpeel.statistics.design import post_stratify, survey_design
from openpeel.statistics.proportion import wilson
from openpeel.statistics.replication import bootstrap_variance, jackknife_variance
from openpeel.statistics.survey import mean, proportion, ratio, total
from openpeel.statistics.survey_interval import korn_graubard, logit_interval, survey_wald, wilson_effective

MODULES = [design_module, linearisation, replication, survey, survey_interval]
ROUTES = ["log", "log", "direct", "direct"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_in_the_documentation_are_true(module: ModuleType):
    result = doctest.testmod(module)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weights": [1, 0]}, "expected weights above 0 and finite; got 0 at 1"),
        ({"weights": [-2, 1]}, "expected weights above 0 and finite; got -2 at 0"),
        ({"weights": [1, np.nan]}, "expected weights above 0 and finite; got nan at 1"),
        ({"weights": ["a", "b"]}, "expected numbers for weights; got str"),
        ({"weights": []}, "expected one or more observations; got none"),
        ({"weights": [[1, 2]]}, r"expected weights with one value per observation; got shape \(1, 2\)"),
        ({"probabilities": [0.5, 1.5]}, "expected probabilities of at most 1; got 1.5"),
        ({"probabilities": [0.5, 0.5], "weights": [2, 2]}, "expected weights or probabilities; got both"),
        ({"strata": ["a", "a"]}, "expected weights, probabilities, or a finite population; got none"),
        ({}, "expected weights, probabilities, strata or clusters, one per observation; got none"),
        ({"weights": [1, 1], "strata": ["a"]}, "expected one length .*; got weights 2, strata 1"),
        ({"weights": [1, 1, 1], "strata": ["a", "a", None]}, "expected no missing strata; got 1, first at 2"),
        ({"weights": [1, 1], "clusters": [1, np.nan]}, "expected no missing clusters; got 1, first at 1"),
        ({"weights": [1, 1], "population": 1}, "no smaller than its sample; got 1 for 2 sampled PSUs"),
        ({"weights": [1, 1], "population": [2, np.nan]}, "expected no missing population; got NaN at 1"),
        ({"weights": [1, 1], "population": [3, 4]}, "expected one population per stratum; got 3 and 4"),
        ({"weights": [1, 1], "population": 4, "sampling_fraction": 0.5}, "got both"),
        ({"weights": [1, 1], "sampling_fraction": 1.5}, "expected sampling_fraction above 0, at most 1"),
        (
            {"strata": ROUTES, "population": {"log": 9}},
            "expected population for each .*; got none for direct",
        ),
        (
            {"strata": ROUTES, "population": {"log": 9, "direct": 9, "web": 9}},
            "expected population of what was sampled; got web, which was not",
        ),
        (
            {"weights": [1] * 4, "strata": ROUTES, "clusters": [1, 2, 2, 3]},
            "expected each cluster in one stratum; got 2 in log and direct",
        ),
        (
            {"weights": [1] * 3, "strata": ["a", "a", "b"]},
            "expected two or more PSUs in each stratum; got one in stratum b",
        ),
        ({"weights": [1, 1], "single_psu": "ignore"}, "expected single_psu to be one of .*; got 'ignore'"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_what_was_expected(given: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        survey_design(**given)


def test_weights_are_the_reciprocals_of_probabilities_or_what_each_sampled_psu_stands_for():
    assert survey_design(probabilities=[0.5, 0.1]).weights.tolist() == [2, 10]
    routes = survey_design(strata=ROUTES, population={"log": 30, "direct": 2}).weights
    assert routes.tolist() == [15, 15, 1, 1]
    assert survey_design(clusters=[7, 7, 8], sampling_fraction=0.25).weights.tolist() == [4, 4, 4]


def test_the_same_cluster_number_in_two_strata_may_be_two_clusters():
    design = survey_design(weights=[1] * 4, strata=ROUTES, clusters=[1, 2, 2, 3], nest=True)
    assert design.degrees_of_freedom == 4 - 2


def test_strata_may_be_of_any_hashable_kind():
    mixed = survey_design(weights=[1] * 4, strata=[1, 1, "1", "1"])
    pairs = survey_design(weights=[1] * 4, strata=[("a", 1), ("a", 1), ("a", 2), ("a", 2)])
    assert len(mixed.sampled) == len(pairs.sampled) == 2


def test_a_stratum_with_a_single_psu_counted_in_full_is_no_problem():
    design = survey_design(strata=["a", "a", "b"], population={"a": 4, "b": 1})
    assert total(design, [1, 3, 7]).value == 15
    assert total(design, [1, 3, 7]).se == total(design, [1, 3, 1000]).se


def test_the_average_rule_has_no_answer_where_every_stratum_of_a_domain_has_a_single_psu():
    design = survey_design(weights=[1] * 3, strata=["a", "a", "b"], single_psu="average")
    ours = mean(design, [1.0, 2.0, 3.0], by=["x", "x", "y"])
    assert np.isnan(ours.se).tolist() == [False, True]


@pytest.mark.parametrize(
    ("groups", "totals", "message"),
    [
        (
            ["day"] * 4,
            {"day": 9, "night": 3},
            "expected totals of what was sampled; got night, which was not",
        ),
        (["day", "day", "day", "night"], {"day": 9}, "expected totals for each .*; got none for night"),
        (["day"] * 4, {"day": 0}, "expected totals above 0 and finite; got 0"),
        (["day"] * 3, {"day": 9}, "expected a group for each of 4 observations; got 3"),
        (["day", "day", "day", None], {"day": 9}, "expected no missing groups; got 1, first at 3"),
    ],
)
def test_post_strata_and_their_totals_must_be_the_same(groups: Any, totals: Any, message: str):
    with pytest.raises(ValueError, match=message):
        post_stratify(survey_design(weights=[1] * 4), groups, totals)


def test_a_design_is_post_stratified_once():
    design = post_stratify(survey_design(weights=[1] * 4), ROUTES, {"log": 5, "direct": 6})
    with pytest.raises(ValueError, match="cross the two groupings"):
        post_stratify(design, ROUTES, {"log": 5, "direct": 6})


def test_after_post_stratification_the_size_of_a_group_is_known_without_error():
    design = post_stratify(survey_design(weights=[1] * 4), ROUTES, {"log": 5, "direct": 6})
    logs = total(design, np.array(ROUTES) == "log")
    assert (logs.value, logs.se) == (5, 0)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1, 2, np.nan, 4], {}, "expected values that are known and finite; got nan at 2"),
        ([1, 2, None, 4], {}, "expected values that are known and finite; got nan at 2"),
        ([1, 2, 3], {}, "expected values for each of 4 observations; got 3"),
        (["1", "2", "3", "4"], {}, "expected numbers for values; got str"),
        ([1, 2, 3, 4], {"where": [1, 0, 1, 0]}, "expected true and false for where; got int64"),
        ([1, 2, 3, 4], {"where": [True]}, "expected where for each of 4 observations; got 1"),
        ([1, 2, 3, 4], {"by": ["a"]}, "expected by for each of 4 observations; got 1"),
    ],
)
def test_values_that_are_missing_or_do_not_fit_are_refused(values: Any, options: Any, message: str):
    with pytest.raises(ValueError, match=message):
        mean(survey_design(weights=[1] * 4), values, **options)


def test_a_missing_value_outside_the_subpopulation_does_no_harm():
    design = survey_design(weights=[1] * 4)
    ours = mean(design, [1, 3, np.nan, np.nan], where=[True, True, False, False])
    assert (ours.value, ours.n) == (2, 2)


def test_a_proportion_is_of_zeros_and_ones():
    with pytest.raises(ValueError, match="expected 0 and 1, or false and true, for a proportion; got 2"):
        proportion(survey_design(weights=[1] * 3), [0, 1, 2])


def test_a_domain_is_kept_within_the_full_design():
    """The number of calls at night is itself subject to sampling: cutting the others away would hide it."""
    design = survey_design(weights=[10] * 4)
    night = total(design, [1, 1, 1, 1], where=[True, True, False, False])
    assert (night.value, round(float(night.se), 6)) == (20, round(float(10 * np.sqrt(4 * 1 / 3)), 6))


def test_observations_without_a_domain_are_in_none():
    ours = mean(survey_design(weights=[1] * 4), [1, 2, 3, 9], by=["a", "a", "b", None])
    assert (ours.domains.tolist(), ours.n.tolist(), ours.value.tolist()) == (["a", "b"], [2, 1], [1.5, 3])


def test_a_domain_without_observations_has_a_total_of_zero_and_no_mean():
    design, nobody = survey_design(weights=[1] * 4), np.zeros(4, dtype=bool)
    empty_total, empty_mean = (
        total(design, [1, 2, 3, 4], where=nobody),
        mean(design, [1, 2, 3, 4], where=nobody),
    )
    assert (empty_total.value, empty_total.se, empty_total.n, empty_total.n_effective) == (0, 0, 0, 0)
    assert np.isnan([empty_mean.value, empty_mean.se, empty_mean.n_effective]).all()
    assert np.isnan(survey_wald(empty_total).lower)


def test_a_ratio_to_nothing_has_no_value():
    ours = ratio(survey_design(weights=[1] * 4), [1, 2, 3, 5], [0, 0, 2, 2], by=["a", "a", "b", "b"])
    assert np.isnan([ours.value[0], ours.se[0]]).all()
    assert (ours.value[1], ours.se[1] > 0) == (2, True)


def test_degrees_of_freedom_of_a_domain_count_only_where_it_occurs():
    design = survey_design(weights=[1] * 8, strata=["a"] * 4 + ["b"] * 4, clusters=[1, 1, 2, 2, 3, 3, 4, 4])
    ours = mean(design, range(8), by=["x", "y", "x", "y", "y", "y", "y", "y"])
    assert ours.df.tolist() == [2 - 1, 4 - 2]


def test_intervals_for_a_proportion_refuse_a_mean():
    estimate = mean(survey_design(weights=[1] * 3), [0, 1, 1])
    for interval in (wilson_effective, logit_interval, korn_graubard):
        with pytest.raises(ValueError, match="expected the estimate of a proportion; got that of a mean"):
            interval(estimate)


def test_intervals_refuse_a_level_and_a_distribution_that_are_none():
    estimate = proportion(survey_design(weights=[1] * 3), [0, 1, 1])
    for interval in (survey_wald, wilson_effective, logit_interval, korn_graubard):
        with pytest.raises(ValueError, match="expected a level between 0 and 1"):
            interval(estimate, level=95)
    with pytest.raises(ValueError, match="expected distribution to be 't' or 'normal'; got 'z'"):
        survey_wald(estimate, distribution="z")  # type: ignore[arg-type]


def test_none_of_a_sample_is_not_none_of_the_population():
    none = proportion(survey_design(weights=[1] * 40), [0] * 40)
    everyone = proportion(survey_design(weights=[1] * 40), [1] * 40)
    # With one stratum and equal weights this is Clopper and Pearson's: 1 − 0.025^(1/40).
    np.testing.assert_allclose(korn_graubard(none).upper, 1 - 0.025 ** (1 / 40), rtol=1e-12)
    np.testing.assert_allclose(korn_graubard(everyone).lower, 0.025 ** (1 / 40), rtol=1e-12)
    assert (korn_graubard(none).lower, korn_graubard(everyone).upper) == (0, 1)
    assert wilson_effective(none).upper == wilson(0, 40).upper
    assert np.isnan(logit_interval(none).lower)


def test_a_property_that_whole_strata_share_has_no_interval_of_no_width():
    design = survey_design(weights=[1 / 3] * 4, strata=ROUTES)
    ours = proportion(design, [1, 1, 0, 0])
    assert ours.se == 0
    assert np.isnan([wilson_effective(ours).lower, korn_graubard(ours).lower, ours.n_effective]).all()


def test_one_cluster_of_a_domain_leaves_no_degrees_of_freedom_and_so_no_t_interval():
    design = survey_design(weights=[1] * 4, clusters=[1, 1, 2, 2])
    ours = proportion(design, [0, 1, 0, 1], where=[True, True, False, False])
    assert ours.df == 0
    assert np.isnan([survey_wald(ours).lower, korn_graubard(ours).lower, logit_interval(ours).lower]).all()


def test_replicates_refuse_what_they_cannot_repeat():
    single = survey_design(weights=[1] * 3, strata=["a", "a", "b"], single_psu="adjust")
    with pytest.raises(ValueError, match="expected no stratum with a single PSU under 'adjust'; got one"):
        jackknife_variance(single, lambda changed: changed.weights.sum())
    with pytest.raises(ValueError, match="expected 2 or more replicates; got 1"):
        bootstrap_variance(single, lambda changed: changed.weights.sum(), 1, np.random.default_rng(1))
    alone = post_stratify(survey_design(weights=[1] * 3), ["a", "a", "b"], {"a": 2, "b": 5})
    with pytest.raises(ValueError, match="expected weight in every post-stratum; got none in number 1"):
        jackknife_variance(alone, lambda changed: changed.weights.sum())
