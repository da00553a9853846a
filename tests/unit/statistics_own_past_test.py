"""Whether a force may be said to have risen or fallen, against its own past."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

from openpeel.statistics import own_past
from openpeel.statistics.change import newcombe
from openpeel.statistics.own_past import past_verdict, proportion_against_past, rate_against_past
from openpeel.statistics.rate import rate_ratio


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(own_past)
    assert result.attempted > 0
    assert result.failed == 0


def verdict(*counts: float | None) -> str:
    return str(past_verdict(rate_against_past(*counts).ratio, "ratio"))


def test_a_rate_that_clearly_rose_and_one_that_clearly_fell():
    assert verdict(900, 100_000, 700, 100_000) == "rise"
    assert verdict(700, 100_000, 900, 100_000) == "fall"
    assert verdict(710, 100_000, 700, 100_000) == "no significant change"


def test_rates_are_compared_and_not_counts():
    assert verdict(900, 200_000, 700, 100_000) == "fall"
    assert verdict(700, 300_000, 700, 300_000) == "no significant change"


def test_the_ratio_is_that_of_rate_ratio_and_the_interval_is_wider_for_few():
    exact, normal = rate_against_past(6, 100, 3, 100).ratio, rate_ratio(6, 100, 3, 100)
    assert exact.value == normal.value == 2.0
    assert exact.lower < normal.lower
    assert exact.upper > normal.upper
    assert str(exact.method) == "exact conditional"


def test_no_events_now_have_an_interval_from_zero():
    change = rate_against_past(0, 100, 12, 100)
    assert (change.ratio.value, change.ratio.lower) == (0.0, 0.0)
    # All 12 of 12 events in the earlier of two equal periods: p is 2 / 2^12, and (1 − π)^12 = 0.025 at the bound.
    assert change.p == pytest.approx(2 / 2**12, rel=1e-12)
    assert change.ratio.upper == pytest.approx(0.025 ** (-1 / 12) - 1, rel=1e-12)
    assert verdict(0, 100, 12, 100) == "fall"


def test_no_events_before_have_no_ratio_and_may_still_be_a_rise():
    change = rate_against_past(12, 100, 0, 100)
    assert math.isnan(change.ratio.value)
    assert change.ratio.upper == math.inf
    assert change.ratio.lower == pytest.approx(1 / (0.025 ** (-1 / 12) - 1), rel=1e-12)
    assert verdict(12, 100, 0, 100) == "rise"
    assert verdict(3, 100, 0, 100) == "no significant change"


def test_nothing_now_and_nothing_before_is_no_change_that_could_be_shown():
    change = rate_against_past(0, 100, 0, 100)
    assert (change.ratio.lower, change.ratio.upper, change.p) == (0.0, math.inf, 1.0)
    assert verdict(0, 100, 0, 100) == "no significant change"


@pytest.mark.parametrize(
    "counts",
    [
        (None, 100, 5, 100),
        (5, None, 5, 100),
        (5, 100, None, 100),
        (5, 100, 5, None),
        (5, 0, 5, 100),
        (5, 100, 5, 0),
        (0, 0, 0, 0),
        (0, 100, 0, 0),
        (0, 0, 9, 100),
    ],
)
def test_what_is_missing_or_has_no_exposure_is_not_assessed(counts: tuple[float | None, ...]):
    change = rate_against_past(*counts)
    assert np.isnan([change.ratio.lower, change.ratio.upper, change.p]).all()
    assert verdict(*counts) == "not assessed"


def test_p_is_below_the_level_exactly_where_the_interval_leaves_out_no_change():
    now, before = np.meshgrid(np.arange(40), np.arange(40))
    for level in (0.8, 0.95, 0.998):
        change = rate_against_past(now, 1_000, before, 700, level)
        words = past_verdict(change.ratio, "ratio")
        np.testing.assert_array_equal(words != "no significant change", change.p < 1 - level)
        assert {"rise", "fall", "no significant change"} == set(words.ravel())


def test_a_share_against_its_past_is_newcombes_difference_with_the_later_first():
    ours, theirs = proportion_against_past(880, 1_000, 910, 1_000, 0.9), newcombe(880, 1_000, 910, 1_000, 0.9)
    assert (ours.value, ours.lower, ours.upper, ours.level) == (theirs.value, theirs.lower, theirs.upper, 0.9)
    assert ours.value < 0


def test_words_for_shares():
    shares = proportion_against_past(
        [880, 910, 90, 5, None], 1_000, [910, 880, 91, 0, 1], [1_000] * 3 + [0, 10]
    )
    words = past_verdict(shares, "difference").tolist()
    assert words == ["fall", "rise", "no significant change", "not assessed", "not assessed"]


def test_an_interval_that_ends_at_no_change_is_no_significant_change():
    at_the_end = newcombe([0, 0], [10, 10], [0, 0], [10, 10])
    object.__setattr__(at_the_end, "lower", np.array([0.0, -1.0]))
    object.__setattr__(at_the_end, "upper", np.array([1.0, 0.0]))
    assert set(past_verdict(at_the_end, "difference")) == {"no significant change"}


def test_forces_by_measures_keep_their_shape():
    change = rate_against_past(np.ones((43, 1)), 100, np.full(3, 2), 100)
    assert change.ratio.value.shape == change.p.shape == past_verdict(change.ratio, "ratio").shape == (43, 3)
    assert rate_against_past(1, 2, 3, 4).p.shape == ()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: rate_against_past(1.5, 10, 2, 10), "expected whole counts; got 1.5"),
        (lambda: rate_against_past(1, 10, 2.25, 10), "expected whole counts; got 2.25"),
        (lambda: rate_against_past(-1, 10, 2, 10), "expected count of 0 or more; got -1"),
        (lambda: rate_against_past(1, 10, 2, -10), "expected exposure_before of 0 or more"),
        (lambda: rate_against_past(1, 10, 2, 10, 1), "expected a level between 0 and 1"),
        (lambda: proportion_against_past(11, 10, 2, 10), "expected a numerator no larger"),
        (lambda: past_verdict(newcombe(1, 2, 1, 2), "rate"), "expected measured='ratio' or"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, says: str):
    with pytest.raises(ValueError, match=says):
        call()
