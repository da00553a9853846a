"""Which months of a force are more than noise, and what a missing month or a new baseline does to that."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

from openpeel.statistics import xmr as xmr_module
from openpeel.statistics.xmr import Rebase, Xmr, xmr

# Mean 10; moving ranges 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2: mean 15/11, so sigma is 1.2085 and the limits 6.37 and 13.63.
STEADY = [10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9]
SIGMA = 15 / 11 * math.sqrt(math.pi) / 2


def after(*months: float | None, **settings) -> tuple[tuple[str, ...], ...]:
    """The rules broken in the months that follow a steady year, whose twelve values are the baseline."""
    return xmr([*STEADY, *months], baseline=12, **settings).broken()[12:]


def breaking(rule: str, *months: float | None, **settings) -> list[int]:
    return [month for month, rules in enumerate(after(*months, **settings)) if rule in rules]


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(xmr_module)
    assert result.attempted > 0
    assert result.failed == 0


def test_lines_worked_by_hand():
    chart = xmr(STEADY)
    assert set(chart.centre) == {10.0}
    assert chart.sigma[0] == pytest.approx(SIGMA, rel=1e-15)
    assert chart.range_centre[0] == 15 / 11
    assert (chart.lower[0], chart.upper[0]) == pytest.approx(
        (10 - 2.66 * 15 / 11, 10 + 2.66 * 15 / 11), abs=2e-3
    )
    assert chart.range_upper[0] == pytest.approx(3.267 * 15 / 11, abs=1e-3)
    assert math.isnan(chart.moving_range[0])
    assert chart.moving_range[1:].tolist() == [1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2]
    assert set(chart.broken()) == {()}


def test_lines_by_medians_worked_by_hand():
    chart = xmr(STEADY, average="median")
    assert (chart.centre[0], chart.range_centre[0]) == (10.0, 1.0)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((10 - 3.145, 10 + 3.145), abs=1e-3)
    assert chart.range_upper[0] == pytest.approx(3.865, abs=2e-3)


def test_medians_are_moved_less_by_a_wild_month():
    wild = [*STEADY[:6], 60, *STEADY[6:]]
    mean, median = xmr(wild), xmr(wild, average="median")
    assert median.outside.tolist() == [False] * 6 + [True] + [False] * 6
    assert median.upper[0] < mean.upper[0] / 2


def test_all_arrays_have_the_shape_of_the_series():
    chart = xmr([*STEADY, None])
    for name in Xmr.__dataclass_fields__:
        if name != "rebases":
            assert getattr(chart, name).shape == (13,), name
    assert len(chart.broken()) == 13


def test_the_baseline_is_the_first_values_that_are_there():
    chart = xmr([*STEADY[:5], None, *STEADY[5:], 90, 90], baseline=12)
    assert chart.baseline.tolist() == [True] * 5 + [False] + [True] * 7 + [False] * 2
    assert set(chart.centre) == {10.0}
    assert xmr([*STEADY, 90, 90]).baseline.all()


def test_a_month_beyond_a_limit_is_a_signal_and_one_within_it_is_not():
    assert breaking(
        "outside", 10 + 2.99 * SIGMA, 10 + 3.01 * SIGMA, 10 - 2.99 * SIGMA, 10 - 3.01 * SIGMA
    ) == [1, 3]


def test_a_month_exactly_on_a_limit_is_not_a_signal():
    chart = xmr(STEADY)
    for edge in (chart.lower[0], chart.upper[0]):
        assert breaking("outside", float(edge)) == []


def test_eight_months_on_one_side_are_a_run_and_seven_are_not():
    assert breaking("run", *[10.5] * 7, 9.5) == []
    assert breaking("run", 9.5, *[10.5] * 8, 9.5) == list(range(1, 9))
    assert breaking("run", 10.5, *[9.5] * 11) == list(range(1, 12))


def test_the_length_of_a_run_is_a_setting():
    assert breaking("run", 9.5, *[10.5] * 7, run=7) == list(range(1, 8))
    assert breaking("run", 9.5, *[10.5] * 8, run=9) == []


def test_a_month_on_the_centre_line_ends_a_run():
    assert breaking("run", *[10.5] * 4, 10, *[10.5] * 4) == []


def test_a_month_that_is_off_the_centre_line_by_rounding_is_on_it():
    tenths = [1, 5, 1, 2, 4, 1, 7, 5, 1, 2, 5, 2]
    chart = xmr([*(month * 0.1 for month in tenths), *[3 * 0.1] * 8], baseline=12)
    assert sum(tenths) == 12 * 3
    assert chart.centre[0] != 3 * 0.1
    assert not chart.run.any()


def test_two_of_three_beyond_two_sigma_on_one_side():
    far, near = 10 + 2.1 * SIGMA, 10 + 1.9 * SIGMA
    low = 10 - 2.1 * SIGMA
    assert breaking("two_of_three", far, 10, far) == [0, 2]
    assert breaking("two_of_three", far, far) == [0, 1], "the month before was the third"
    assert breaking("two_of_three", far, 10, 10, far) == []
    assert breaking("two_of_three", far, near, near) == []
    assert breaking("two_of_three", far, low, 10) == []
    assert breaking("two_of_three", low, 10, low) == [0, 2]


def test_four_of_five_beyond_one_sigma_on_one_side():
    far, low = 10 + 1.1 * SIGMA, 10 - 1.1 * SIGMA
    assert breaking("four_of_five", 10, far, far, 9.5, far, far, 10) == [1, 2, 4, 5]
    assert breaking("four_of_five", far, far, 10, 10, far, far) == []
    assert breaking("four_of_five", far, far, low, far, low) == []
    assert breaking("four_of_five", 10, low, low, low, low) == [1, 2, 3, 4]


def test_a_jump_is_a_signal_even_between_the_limits():
    reach = 3.2665 * 15 / 11
    assert breaking("wide_range", 10, 10 + reach / 2 - 2, 10 + reach / 2 - 2 - reach + 0.01) == []
    assert breaking("wide_range", 10, 12, 12 - reach - 0.01) == [2]
    assert after(10, 12, 12 - reach - 0.01)[2] == ("wide_range",)


def test_the_rules_a_month_breaks_are_named_in_one_order():
    assert after(*[10.5] * 8, 20, 20)[-1] == ("outside", "run", "two_of_three")
    assert after(20, 20, 20, 20)[0] == ("outside", "two_of_three", "four_of_five", "wide_range")


def test_a_missing_month_has_no_moving_range_and_neither_has_the_next():
    chart = xmr([*STEADY, None, 12])
    assert np.isnan(chart.moving_range[12:]).all()
    assert np.isnan(chart.value[12])
    assert chart.broken()[12:] == ((), ())
    assert "wide_range" in after(12, 6)[1]
    assert "wide_range" not in after(12, None, 6)[2]


def test_a_missing_month_ends_runs_and_groups():
    far, some = 10 + 2.1 * SIGMA, 10 + 1.1 * SIGMA
    assert breaking("run", *[10.5] * 4, None, *[10.5] * 4) == []
    assert breaking("two_of_three", far, None, far) == []
    assert breaking("four_of_five", some, some, None, some, some) == []


def test_a_rebase_draws_new_lines_and_nothing_crosses_it():
    chart = xmr([*STEADY, *(30 + month for month in STEADY)], rebases=[(12, "a new recording system")])
    assert set(chart.centre[:12]) == {10.0}
    assert set(chart.centre[12:]) == {40.0}
    assert math.isnan(chart.moving_range[12])
    assert chart.upper[12] - 40 == pytest.approx(chart.upper[0] - 10, rel=1e-14)
    assert set(chart.broken()) == {()}
    assert chart.rebases == (Rebase(12, "a new recording system"),)
    assert set(xmr([*STEADY, *(30 + month for month in STEADY)]).broken()) != {()}


def test_a_run_ends_at_a_rebase():
    # The mean is 10 with the re-base and without, and month 8 to 15 are above it.
    months = [10, 9, 11, 8, 12, 9, 10, 7, *[10.5] * 8, 8, 9, 10, 9, 11, 8, 12, 13]
    assert breaking_all(xmr(months, fewest=8), "run") == list(range(8, 16))
    assert breaking_all(xmr(months, fewest=8, rebases=[(12, "merged teams")]), "run") == []


def breaking_all(chart: Xmr, rule: str) -> list[int]:
    return np.flatnonzero(getattr(chart, rule)).tolist()


def test_each_baseline_takes_as_many_first_values_as_said():
    later = [40, 41, 39, 40, 41, 39, 40, 41, 39, 40, 41, 39, 55]
    chart = xmr([*STEADY, *later], baseline=12, rebases=[(12, "a new recording system")])
    assert chart.centre[12] == 40.0
    assert breaking_all(chart, "outside") == [24]


def test_rebases_may_be_told_in_any_order():
    months = [*STEADY, *STEADY, *STEADY]
    chart = xmr(months, rebases=[(24, "second"), (12, "first")])
    assert [rebase.position for rebase in chart.rebases] == [12, 24]


def test_too_few_values_have_no_lines_and_no_signals():
    chart = xmr([1, 50, None, 1, 900, 1, 1, 1, 1, 1, 1, 1])
    assert np.isnan([chart.centre, chart.lower, chart.upper, chart.range_upper]).all()
    assert not chart.baseline.any()
    assert set(chart.broken()) == {()}
    assert xmr([]).broken() == ()


def test_values_with_a_gap_after_each_have_no_lines():
    chart = xmr([month for value in STEADY for month in (value, None)])
    assert np.isnan(chart.centre).all()


def test_a_short_time_before_the_first_rebase_has_no_lines_and_does_not_prevent_it():
    chart = xmr([500, 2, 900, *STEADY], rebases=[(3, "the force was merged")])
    assert np.isnan(chart.centre[:3]).all()
    assert set(chart.centre[3:]) == {10.0}
    assert set(chart.broken()) == {()}


def test_a_series_that_never_moves_has_lines_upon_it_and_any_other_value_stands_out():
    months = xmr([1 / 3] * 12 + [0.3334], baseline=12)
    assert months.lower[0] == months.upper[0] == 1 / 3
    assert breaking_all(months, "outside") == [12]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: xmr([STEADY]), "expected values in one dimension"),
        (lambda: xmr([*STEADY, math.inf]), "expected finite values"),
        (lambda: xmr(STEADY, average="mode"), "expected average='mean' or average='median'"),
        (lambda: xmr(STEADY, run=5), "expected a run of 6 or more"),
        (lambda: xmr(STEADY, fewest=1), "expected fewest to be 2 or more"),
        (lambda: xmr(STEADY, baseline=11), "expected a baseline of at least fewest=12 values"),
        (lambda: xmr(STEADY * 2, rebases=[(0, "why")]), "expected a re-base from 1 to 23"),
        (lambda: xmr(STEADY * 2, rebases=[(24, "why")]), "expected a re-base from 1 to 23"),
        (lambda: xmr(STEADY * 2, rebases=[(12, "  ")]), "expected a reason for the re-base at 12; got none"),
        (lambda: xmr(STEADY * 3, rebases=[(12, "one"), (12, "two")]), "expected one re-base at 12; got two"),
        (lambda: xmr(STEADY * 2, rebases=[(13, "a merger")]), r"at 13 \(a merger\) on; got 11 and 10"),
        (lambda: xmr(STEADY * 3, rebases=[(12, "one"), (20, "two")]), r"at 12 \(one\) on; got 8 and 7"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(call, says: str):
    with pytest.raises(ValueError, match=says):
        call()
