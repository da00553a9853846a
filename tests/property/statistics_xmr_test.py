"""What holds for the XmR chart of any series whatever."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.statistics.xmr import RULES, Xmr, xmr

settings.register_profile("xmr", deadline=None, max_examples=100)
quick = settings(settings.get_profile("xmr"))

LINES = ("centre", "lower", "upper")
WIDTHS = ("sigma", "moving_range", "range_centre", "range_upper")

averages = st.sampled_from(["mean", "median"])
values = st.integers(0, 60)
months = st.lists(st.one_of(values, values, values, st.none()), min_size=12, max_size=40)
# By itself, and in stretches that stay where they are for a while, so that runs and groups are common.
stretches = st.lists(st.tuples(values, st.integers(1, 10)), min_size=3, max_size=8).map(
    lambda parts: [value + place % 3 for value, length in parts for place in range(length)]
)
full_months = st.one_of(
    st.lists(values, min_size=13, max_size=40), stretches.filter(lambda series: len(series) > 12)
)


def signals(chart: Xmr) -> np.ndarray:
    return np.array([getattr(chart, rule) for rule in RULES])


def moved(series: list[int | None], scale: float, shift: float) -> list[float | None]:
    return [None if month is None else month * scale + shift for month in series]


@quick
@given(months, averages, st.sampled_from([1, 0.1, 3, 1 / 7]), st.sampled_from([0, 5, -40, 0.3]))
def test_another_unit_and_another_zero_move_the_lines_along_and_change_no_signal(
    series, average, scale: float, shift: float
):
    chart, other = xmr(series, average=average), xmr(moved(series, scale, shift), average=average)
    for line in LINES:
        expected = getattr(chart, line) * scale + shift
        np.testing.assert_allclose(getattr(other, line), expected, rtol=1e-11, atol=1e-10)
    for width in WIDTHS:
        np.testing.assert_allclose(
            getattr(other, width), getattr(chart, width) * scale, rtol=1e-10, atol=1e-12
        )
    np.testing.assert_array_equal(signals(other), signals(chart))


@quick
@given(months, averages)
def test_the_same_series_upside_down_breaks_the_same_rules(series, average):
    np.testing.assert_array_equal(
        signals(xmr(moved(series, -1, 0), average=average)), signals(xmr(series, average=average))
    )


@quick
@given(full_months, averages)
def test_the_same_series_backwards_breaks_the_same_rules_at_the_same_months(series, average):
    chart, back = xmr(series, average=average), xmr(series[::-1], average=average)
    np.testing.assert_array_equal(chart.centre, back.centre)
    np.testing.assert_array_equal(chart.upper, back.upper)
    np.testing.assert_array_equal(signals(chart)[:4], signals(back)[:4, ::-1])


@quick
@given(full_months, averages, st.data())
def test_a_month_missing_after_the_baseline_never_creates_a_signal(series, average, data):
    place = data.draw(st.integers(12, len(series) - 1))
    before = signals(xmr(series, average=average, baseline=12))
    emptied = [*series[:place], None, *series[place + 1 :]]
    assert (signals(xmr(emptied, average=average, baseline=12)) <= before).all()
    between = [*series[:place], None, *series[place:]]
    after = signals(xmr(between, average=average, baseline=12))
    assert not after[:, place].any()
    assert (np.delete(after, place, axis=1) <= before).all()


@quick
@given(months, averages, st.integers(1, 5), st.integers(0, 5))
def test_months_missing_before_and_after_the_series_change_nothing(series, average, ahead: int, behind: int):
    chart = xmr(series, average=average)
    longer = xmr([None] * ahead + series + [None] * behind, average=average)
    part = slice(ahead, ahead + len(series))
    np.testing.assert_array_equal(signals(longer)[:, part], signals(chart))
    assert signals(longer).sum() == signals(chart).sum()
    np.testing.assert_array_equal(longer.upper[part], chart.upper)


@quick
@given(full_months, averages, st.integers(6, 12))
def test_a_longer_run_asked_for_never_adds_a_signal(series, average, run: int):
    shorter, longer = (xmr(series, average=average, run=each).run for each in (run, run + 1))
    assert (longer <= shorter).all()


@quick
@given(full_months, full_months, averages)
def test_each_part_after_a_rebase_is_charted_as_if_it_were_alone(first, second, average):
    both = xmr(first + second, average=average, rebases=[(len(first), "a merger")])
    alone = [xmr(part, average=average) for part in (first, second)]
    np.testing.assert_array_equal(signals(both), np.hstack([signals(chart) for chart in alone]))
    for name in (*LINES, *WIDTHS):
        together = np.concatenate([getattr(chart, name) for chart in alone])
        np.testing.assert_array_equal(getattr(both, name), together)


@quick
@given(months)
def test_limits_surround_the_centre_and_missing_months_break_nothing(series):
    chart = xmr(series)
    known = ~np.isnan(chart.centre)
    assert (chart.lower[known] <= chart.centre[known]).all()
    assert (chart.centre[known] <= chart.upper[known]).all()
    assert not signals(chart)[:, np.isnan(chart.value)].any()
