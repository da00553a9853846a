"""What holds for the intervals of any counts whatever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openpeel.statistics import (
    Interval,
    byar,
    exact_poisson,
    rate,
    rate_ratio,
    sd_band,
    verdicts,
    wald,
    wilson,
)

settings.register_profile("statistics", deadline=None, max_examples=200)
quick = settings(settings.get_profile("statistics"))

levels = st.floats(min_value=0.01, max_value=0.9999)
two_levels = st.tuples(levels, levels).map(sorted)
events = st.integers(min_value=0, max_value=10**9)
some_events = st.integers(min_value=1, max_value=10**9)
part_and_whole = st.integers(min_value=1, max_value=10**9).flatmap(
    lambda whole: st.tuples(st.integers(min_value=0, max_value=whole), st.just(whole))
)


def bounds_surround_the_value(ours: Interval) -> bool:
    return bool(ours.lower <= ours.value <= ours.upper)


def contains(outer: Interval, inner: Interval) -> bool:
    """Up to the last few digits: two levels may be neighbours in floating point."""
    slack = 1e-12 * abs(float(outer.upper))
    return bool(outer.lower <= inner.lower + slack and inner.upper <= outer.upper + slack)


@quick
@given(part_and_whole, levels)
@example((10**9 - 1, 10**9), 0.01)
def test_a_wilson_interval_surrounds_the_proportion_within_0_and_1(counts: tuple[int, int], level: float):
    ours = wilson(*counts, level)
    assert bounds_surround_the_value(ours)
    assert ours.lower >= 0
    assert ours.upper <= 1


@quick
@given(part_and_whole, levels)
def test_a_wald_interval_is_centred_on_the_proportion(counts: tuple[int, int], level: float):
    ours = wald(*counts, level)
    assert bounds_surround_the_value(ours)
    assert float(ours.upper + ours.lower) / 2 == pytest.approx(float(ours.value), rel=1e-12)


@quick
@given(part_and_whole, levels)
def test_those_without_the_property_have_the_mirrored_interval(counts: tuple[int, int], level: float):
    cases, of = counts
    for formula in (wald, wilson):
        those, others = formula(cases, of, level), formula(of - cases, of, level)
        np.testing.assert_allclose(1 - others.value, those.value, atol=1e-14, rtol=0)
        np.testing.assert_allclose(1 - others.upper, those.lower, atol=1e-14, rtol=0)
        np.testing.assert_allclose(1 - others.lower, those.upper, atol=1e-14, rtol=0)


@quick
@given(part_and_whole, two_levels)
def test_a_higher_level_never_narrows_the_interval_of_a_proportion(
    counts: tuple[int, int], pair: list[float]
):
    low, high = pair
    assert contains(wald(*counts, high), wald(*counts, low))
    assert contains(wilson(*counts, high), wilson(*counts, low))


@quick
@given(part_and_whole, levels, st.integers(min_value=2, max_value=1000))
def test_the_same_proportion_of_more_cases_is_known_better(counts: tuple[int, int], level: float, more: int):
    cases, of = counts
    for formula in (wald, wilson):
        few, many = formula(cases, of, level), formula(cases * more, of * more, level)
        assert many.upper - many.lower <= (few.upper - few.lower) * (1 + 1e-12) + 1e-15
        if 0 < cases < of and of < 10**6:
            assert many.upper - many.lower < few.upper - few.lower


@quick
@given(events, levels)
def test_an_exact_interval_surrounds_the_count(count: int, level: float):
    ours = exact_poisson(count, level)
    assert bounds_surround_the_value(ours)
    assert ours.lower >= 0


@quick
@given(events, two_levels)
def test_a_higher_level_never_narrows_the_interval_of_a_count(count: int, pair: list[float]):
    low, high = pair
    assert contains(exact_poisson(count, high), exact_poisson(count, low))
    assert contains(rate(count, 1_000, 1, high), rate(count, 1_000, 1, low))


@quick
@given(st.integers(min_value=10, max_value=10**9), levels)
def test_byars_interval_surrounds_the_count_from_ten_events(count: int, level: float):
    assert bounds_surround_the_value(byar(count, level))


@quick
@given(st.integers(min_value=0, max_value=10**6), levels)
def test_one_event_more_never_lowers_a_bound(count: int, level: float):
    for formula in (exact_poisson, byar):
        fewer, more = formula(count, level), formula(count + 1, level)
        assert fewer.upper < more.upper
        assert np.isnan(fewer.lower) or fewer.lower < more.lower


@quick
@given(events, some_events, levels, st.sampled_from([1, 100, 1_000, 100_000]))
def test_a_rate_always_has_an_interval_and_scales_with_its_unit(
    count: int, exposure: int, level: float, per: int
):
    one, many = rate(count, exposure, 1, level), rate(count, exposure, per, level)
    assert bounds_surround_the_value(one)
    assert bounds_surround_the_value(many)
    np.testing.assert_allclose(
        [many.value, many.lower, many.upper], [one.value * per, one.lower * per, one.upper * per], rtol=1e-14
    )


@quick
@given(some_events, some_events, some_events, some_events, levels)
def test_a_ratio_turned_round_is_its_reciprocal_with_the_bounds_swapped(
    a: int, of_a: int, b: int, of_b: int, level: float
):
    ours, turned = rate_ratio(a, of_a, b, of_b, level), rate_ratio(b, of_b, a, of_a, level)
    assert bounds_surround_the_value(ours)
    np.testing.assert_allclose(
        [ours.value, ours.lower, ours.upper],
        [1 / turned.value, 1 / turned.upper, 1 / turned.lower],
        rtol=1e-13,
    )


@quick
@given(some_events, some_events, some_events, some_events, two_levels)
def test_a_higher_level_never_narrows_the_interval_of_a_ratio(
    a: int, of_a: int, b: int, of_b: int, pair: list[float]
):
    low, high = pair
    assert contains(rate_ratio(a, of_a, b, of_b, high), rate_ratio(a, of_a, b, of_b, low))


@quick
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), min_size=1, max_size=8), levels
)
def test_an_element_of_an_array_has_the_interval_it_has_alone(pairs: list[list[int]], level: float):
    parts, wholes = np.array(pairs).T
    for formula in (wald, wilson, rate):
        arguments = (1_000, level) if formula is rate else (level,)
        together = formula(parts, wholes, *arguments)
        for place, (part, whole) in enumerate(pairs):
            alone = formula(part, whole, *arguments)
            np.testing.assert_allclose(together.value[place], alone.value, rtol=1e-14)
            np.testing.assert_allclose(together.lower[place], alone.lower, rtol=1e-14)
            np.testing.assert_allclose(together.upper[place], alone.upper, rtol=1e-14)
            assert np.isnan(alone.value) == (whole == 0)


@quick
@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=43),
    st.sampled_from([0, 1]),
    st.sampled_from([1.0, 0.1, 1 / 3, 1e-6]),
)
def test_a_verdict_agrees_with_exact_arithmetic(values: list[int], ddof: int, unit: float):
    # Outside is (k - ddof) (v - mean)² > Σ(v - mean)²; times k² it is all whole numbers and has no rounding.
    k, total = len(values), sum(values)
    squares = sum((k * value - total) ** 2 for value in values)
    expected = [
        "in range"
        if (k - ddof) * (k * value - total) ** 2 <= squares
        else "above"
        if k * value > total
        else "below"
        for value in values
    ]
    scaled = [value * unit for value in values]
    assert verdicts(scaled, sd_band(scaled, ddof)).tolist() == expected
