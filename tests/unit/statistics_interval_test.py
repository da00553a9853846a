"""What the intervals say about real counts, and about counts for which there is nothing to say."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable

import numpy as np
import pytest

from openpeel.statistics import Interval, byar, exact_poisson, rate, rate_ratio, wald, wilson

MODULES = ["comparison", "disclosure", "interval", "proportion", "rate"]
FORMULAS: dict[str, Callable[..., Interval]] = {
    "wald": lambda level: wald(1, 2, level),
    "wilson": lambda level: wilson(1, 2, level),
    "exact_poisson": lambda level: exact_poisson(1, level),
    "byar": lambda level: byar(1, level),
    "rate": lambda level: rate(1, 2, 100, level),
    "rate_ratio": lambda level: rate_ratio(1, 2, 3, 4, level),
}


def half_width(interval: Interval) -> float:
    return float(interval.upper - interval.lower) / 2


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str):
    module = importlib.import_module(f"openpeel.statistics.{name}")
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_stop_and_search_audit_prints_as_published_with_wald_and_not_with_wilson():
    assert f"{100 * float(wald(213, 226).value):.1f}" == "94.2"
    assert f"{100 * half_width(wald(213, 226)):.1f}" == "3.0"
    assert f"{100 * half_width(wilson(213, 226)):.1f}" == "3.1"


def test_nobody_out_of_nobody_has_no_proportion():
    for proportion in (wald(0, 0), wilson(0, 0)):
        assert np.isnan([proportion.value, proportion.lower, proportion.upper]).all()


def test_none_and_all_are_exactly_the_ends_of_the_wilson_interval():
    ends = wilson([0, 0, 226, 7], [226, 3, 226, 7])
    assert ends.lower[:2].tolist() == [0.0, 0.0]
    assert ends.upper[2:].tolist() == [1.0, 1.0]
    assert (ends.upper[:2] > 0).all()
    assert (ends.lower[2:] < 1).all()


def test_wald_has_no_width_at_none_and_all_and_is_not_clipped_near_them():
    ends = wald([0, 10, 1], [10, 10, 10])
    assert (ends.lower[:2] == ends.upper[:2]).all()
    assert ends.lower[2] < 0


def test_a_missing_count_makes_only_its_own_element_missing():
    searches = wilson([5, None, 7], [10, 10, np.nan])
    assert np.isnan(searches.value).tolist() == [False, True, True]
    assert np.isnan(searches.lower).tolist() == [False, True, True]


def test_no_events_have_an_exact_interval_from_zero_and_no_lower_bound_of_byar():
    assert float(exact_poisson(0).lower) == 0.0
    assert float(exact_poisson(0).upper) == pytest.approx(-np.log(0.025))
    assert np.isnan(byar(0).lower)
    assert float(byar(0).upper) > 0


def test_a_rate_is_exact_below_ten_events_and_byars_from_ten_and_says_which():
    crimes = rate([0, 9, 10, None], 1_000, per=1_000)
    assert crimes.method.tolist() == ["exact Poisson", "exact Poisson", "Byar", ""]
    np.testing.assert_array_equal(crimes.lower[:2], exact_poisson([0, 9]).lower)
    np.testing.assert_array_equal(crimes.upper[2], byar(10).upper)
    assert np.isnan(crimes.value[3])


def test_a_rate_per_nobody_does_not_exist_whatever_was_counted():
    crimes = rate([0, 12], 0, per=1_000)
    assert np.isnan([crimes.value, crimes.lower, crimes.upper]).all()


def test_a_rate_of_whole_numbers_is_rounded_once():
    assert float(rate(7, 100, per=100_000).value) == 7_000.0
    assert float(rate(3, 10, per=1_000).value) == 300.0


def test_a_group_never_searched_has_a_ratio_of_zero_without_an_interval():
    never = rate_ratio(0, 1_000, 100, 10_000)
    assert float(never.value) == 0.0
    assert np.isnan([never.lower, never.upper]).all()


@pytest.mark.parametrize(
    "counts", [(5, 1_000, 0, 10_000), (5, 0, 3, 10), (5, 10, 3, 0), (0, 0, 3, 10), (0, 10, 3, 0)]
)
def test_a_ratio_to_nothing_does_not_exist(counts: tuple[int, int, int, int]):
    ratio = rate_ratio(*counts)
    assert np.isnan([ratio.value, ratio.lower, ratio.upper]).all()


def test_equal_rates_have_a_ratio_of_exactly_one():
    assert float(rate_ratio(10, 100, 5, 50).value) == 1.0
    assert float(rate_ratio(3, 7_001, 9, 21_003).value) == 1.0


def test_a_ratio_of_whole_numbers_is_rounded_once():
    assert float(rate_ratio(3, 10, 5, 100).value) == 6.0


def test_forces_by_months_broadcast_to_one_shape_and_plain_numbers_stay_plain():
    table = wilson(np.ones((43, 1)), np.full(12, 4))
    assert table.value.shape == table.lower.shape == table.upper.shape == table.method.shape == (43, 12)
    assert table.value.dtype == table.lower.dtype == table.upper.dtype == np.float64
    assert set(table.method.ravel()) == {"Wilson"}
    one = rate(3, 100)
    assert one.value.shape == one.lower.shape == one.upper.shape == one.method.shape == ()
    assert str(one.method) == "exact Poisson"


def test_no_forces_have_no_intervals():
    assert wilson([], []).lower.shape == (0,)
    assert rate([], []).method.shape == (0,)


def test_what_was_counted_is_not_changed():
    counts = np.array([1.0, 2.0, 30.0])
    byar(counts).value[0] = 99.0
    rate(counts, 100.0)
    assert counts.tolist() == [1.0, 2.0, 30.0]


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_level_that_is_not_between_0_and_1_is_refused(formula: str, level: float):
    with pytest.raises(ValueError, match=rf"expected a level between 0 and 1.*got level={level}"):
        FORMULAS[formula](level)


@pytest.mark.parametrize("level", [1e-300, 1e-17, 1 - 2**-53])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_level_next_to_0_or_1_has_a_finite_interval(formula: str, level: float):
    ours = FORMULAS[formula](level)
    assert np.isfinite(ours.upper)
    assert ours.lower <= ours.value <= ours.upper or formula == "byar"


def test_a_level_next_to_0_leaves_none_of_five_at_none_of_five():
    none = wilson(0, 5, 1e-300)
    assert (none.lower, none.value, none.upper) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wald(7, 6), "expected a numerator no larger than its denominator; got 7 of 6"),
        (lambda: wilson([1, 3], [2, 0]), "expected a numerator no larger than its denominator; got 3 of 0"),
        (lambda: wilson(-1, 6), "expected numerator of 0 or more; got -1"),
        (lambda: wald(0, [5, -6]), "expected denominator of 0 or more; got -6"),
        (lambda: exact_poisson([2, -3]), "expected count of 0 or more; got -3"),
        (lambda: byar(-3), "expected count of 0 or more; got -3"),
        (lambda: rate(1, -100), "expected exposure of 0 or more; got -100"),
        (lambda: rate(1, 100, per=0), "expected per to be above 0, such as 1000; got per=0"),
        (lambda: rate_ratio(1, 2, -3, 4), "expected count_b of 0 or more; got -3"),
        (lambda: rate_ratio(1, -2, 3, 4), "expected exposure_a of 0 or more; got -2"),
        (lambda: wilson("many", 6), "expected numbers for numerator; got str128"),
        (lambda: wilson(["a", None], 6), "expected numbers for numerator; got "),
        (lambda: wilson(1, np.inf), "expected denominator below 2\\*\\*53, to be exact; got inf"),
        (lambda: wilson(1, 2**53 + 1), "expected denominator below 2\\*\\*53"),
        (
            lambda: wilson([1, 2], [3, 4, 5]),
            r"expected shapes that broadcast; got numerator \(2,\), denominator \(3,\)",
        ),
    ],
)
def test_what_cannot_have_been_counted_is_refused_in_words(call: Callable[[], Interval], message: str):
    with pytest.raises(ValueError, match=message):
        call()
