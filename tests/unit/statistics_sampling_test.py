"""How many cases an audit needs, and how many of each stratum."""

from __future__ import annotations

import math
from itertools import product

import pytest

from openpeel.statistics.interval import normal_quantile
from openpeel.statistics.proportion import wald
from openpeel.statistics.sampling import allocate, half_width, sample_size


@pytest.mark.parametrize("population", [None, 1, 2, 60, 2000, 10_000_000])
def test_the_sample_is_large_enough_and_one_case_less_is_not(population):
    expected, margins = [0.01, 0.5, 0.8, 0.942, 0.999], [0.005, 0.03, 0.05, 0.3]
    for p, margin, level, deff in product(expected, margins, [0.9, 0.95, 0.998], [0.8, 1, 1.14, 3]):
        n = sample_size(p, margin, level, population, deff)
        assert half_width(n, p, level, population, deff) <= margin
        assert n == 1 or half_width(n - 1, p, level, population, deff) > margin


def test_the_textbook_number_for_five_points_either_way():
    assert sample_size(0.5, 0.05) == 385
    assert sample_size(0.5, 0.05, population=2000) == 323


def test_the_half_width_planned_is_the_half_width_got():
    got = wald(213, 226, 0.99)
    assert half_width(226, 213 / 226, 0.99) == pytest.approx(float(got.upper - got.value), rel=1e-12)


def test_auditing_every_case_leaves_no_doubt():
    assert half_width(2000, 0.5, population=2000) == 0
    assert sample_size(0.5, 1e-9, population=2000) == 2000


def test_a_design_effect_of_two_needs_twice_the_cases_where_the_population_is_endless():
    once = 1.0 * (normal_quantile(0.95) / 0.03) ** 2 * 0.09
    assert sample_size(0.9, 0.03, deff=2) == math.ceil(2 * once)


def test_a_hundred_files_of_which_at_least_twenty_closed_with_outcome_18():
    files = {"outcome 18": 900, "outcome 15": 600, "other": 7500}
    assert allocate(files, 100) == {"outcome 18": 10, "outcome 15": 7, "other": 83}
    # 80 for 600 and 7500: 5.93 and 74.07
    assert allocate(files, 100, minimum={"outcome 18": 20}) == {
        "outcome 18": 20,
        "outcome 15": 6,
        "other": 74,
    }


def test_equal_shares_stop_at_a_stratum_that_is_used_up():
    assert allocate({"a": 3, "b": 100, "c": 100}, 33, "equal") == {"a": 3, "b": 15, "c": 15}
    assert allocate({"a": 50, "b": 50, "c": 50}, 100, "equal") == {"a": 34, "b": 33, "c": 33}


def test_neyman_gives_more_to_the_stratum_that_varies_more():
    # N S = 5000 * 0.3 = 1500 and 5000 * 0.5 = 2500: 3 to 5 of 80
    assert allocate({"direct": 5000, "control": 5000}, 80, "neyman", sd={"direct": 0.3, "control": 0.5}) == {
        "direct": 30,
        "control": 50,
    }


def test_a_stratum_that_varies_in_nothing_gets_its_minimum_until_the_others_are_full():
    sizes, sd = {"a": 10, "b": 100, "c": 50}, {"a": 1.0, "b": 0.0, "c": 0.0}
    assert allocate(sizes, 8, "neyman", sd=sd) == {"a": 8, "b": 0, "c": 0}
    assert allocate(sizes, 8, "neyman", {"b": 2}, sd) == {"a": 6, "b": 2, "c": 0}
    assert allocate(sizes, 40, "neyman", sd=sd) == {"a": 10, "b": 20, "c": 10}


def test_nothing_to_share_and_everything_to_share():
    assert allocate({"a": 3, "b": 0}, 0) == {"a": 0, "b": 0}
    assert allocate({"a": 3, "b": 0}, 3, "equal") == {"a": 3, "b": 0}
    assert allocate({}, 0) == {}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: allocate({"a": 5, "b": 5}, 11), "at most the 10 cases there are; got n=11"),
        (lambda: allocate({"a": 5, "b": 50}, 20, minimum=6), "at most the 5 cases of a; got 6"),
        (lambda: allocate({"a": 50, "b": 50}, 20, minimum=11), "at least the minimums, 22 in all; got n=20"),
        (lambda: allocate({"a": 5}, 2, minimum={"z": 1}), "minimum of one of the strata a; got z"),
        (lambda: allocate({"a": 5}, 2, "neyman"), "expected sd with method 'neyman'"),
        (lambda: allocate({"a": 5}, 2, sd={"a": 1}), "expected sd with method 'neyman'"),
        (lambda: allocate({"a": 5, "b": 5}, 2, "neyman", sd={"a": 1}), "sd of 0 or more for b; got None"),
        (lambda: allocate({"a": 5}, 2, "neyman", sd={"a": -1}), "sd of 0 or more for a; got -1"),
        (lambda: allocate({"a": 5}, 2, "best"), "expected method"),
        (lambda: allocate({"a": -5}, 2), "the size of a to be a whole number"),
        (lambda: allocate({"a": 5}, 2.5), "n to be a whole number"),
        (lambda: sample_size(1.0, 0.03), "expected a share between 0 and 1"),
        (lambda: sample_size(0.9, 3), "expected a margin between 0 and 1"),
        (lambda: sample_size(0.9, 0.03, 95), "expected a level"),
        (lambda: sample_size(0.9, 0.03, population=0), "expected a population of 1 or more"),
        (lambda: sample_size(0.9, 0.03, deff=0), "expected a design effect above 0"),
        (lambda: half_width(11, 0.9, population=10), "no more than the population; got n=11"),
    ],
)
def test_the_impossible_is_refused_with_the_reason(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("margin", [1e-7, 1e-12, 1e-300])
def test_a_margin_that_no_number_of_cases_gives_is_refused_and_not_searched_for(margin):
    with pytest.raises(ValueError, match="at most 1,000,000,000,000 cases"):
        sample_size(0.5, margin)
    with pytest.raises(ValueError, match="at most 1,000,000,000,000 cases"):
        sample_size(0.5, 0.03, population=10**13)
    assert sample_size(0.5, margin, population=6887) == 6887
