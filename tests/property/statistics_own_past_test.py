"""What holds for any force against any past."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.statistics.own_past import past_verdict, proportion_against_past, rate_against_past

settings.register_profile("own_past", deadline=None, max_examples=200)
quick = settings(settings.get_profile("own_past"))

counts = st.integers(0, 10**6)
exposures = st.integers(1, 10**8)
two_levels = st.lists(st.floats(0.01, 0.9999), min_size=2, max_size=2, unique=True).map(sorted)
OPPOSITE = {"rise": "fall", "fall": "rise"}


@quick
@given(counts, exposures, counts, exposures)
def test_time_turned_round_gives_the_reciprocal_and_the_opposite_word(a: int, of_a: int, b: int, of_b: int):
    ours, turned = rate_against_past(a, of_a, b, of_b), rate_against_past(b, of_b, a, of_a)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(ours.ratio.lower, 1 / turned.ratio.upper, rtol=1e-8)
        np.testing.assert_allclose(ours.ratio.upper, 1 / turned.ratio.lower, rtol=1e-8)
    assert float(ours.p) == pytest.approx(float(turned.p), rel=1e-8)
    word = str(past_verdict(ours.ratio, "ratio"))
    assert str(past_verdict(turned.ratio, "ratio")) == OPPOSITE.get(word, word)


@quick
@given(counts, exposures, counts, exposures)
def test_the_interval_surrounds_the_ratio(a: int, of_a: int, b: int, of_b: int):
    ratio = rate_against_past(a, of_a, b, of_b).ratio
    assert 0 <= ratio.lower <= ratio.upper
    if b:
        assert ratio.lower * (1 - 1e-12) <= ratio.value <= ratio.upper


@quick
@given(counts, exposures, counts, exposures, two_levels)
def test_a_higher_level_never_narrows_the_interval(a: int, of_a: int, b: int, of_b: int, pair: list[float]):
    less, more = (rate_against_past(a, of_a, b, of_b, level).ratio for level in pair)
    assert more.lower <= less.lower * (1 + 1e-9)
    assert less.upper <= more.upper * (1 + 1e-9)


@quick
@given(counts, exposures, counts, exposures, st.integers(2, 10**6))
def test_the_unit_of_exposure_does_not_matter(a: int, of_a: int, b: int, of_b: int, scale: int):
    one, other = rate_against_past(a, of_a, b, of_b), rate_against_past(a, of_a * scale, b, of_b * scale)
    np.testing.assert_allclose(other.ratio.lower, one.ratio.lower, rtol=1e-9)
    np.testing.assert_allclose(other.ratio.upper, one.ratio.upper, rtol=1e-9)
    np.testing.assert_allclose(other.p, one.p, rtol=1e-6, atol=1e-300)


@quick
@given(counts, exposures, counts, exposures)
def test_one_event_more_now_never_lowers_the_interval(a: int, of_a: int, b: int, of_b: int):
    fewer, more = rate_against_past(a, of_a, b, of_b).ratio, rate_against_past(a + 1, of_a, b, of_b).ratio
    assert fewer.lower < more.lower
    assert fewer.upper < more.upper or np.isinf(fewer.upper)


@quick
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)).map(sorted), min_size=2, max_size=2))
def test_cases_without_the_property_have_the_opposite_word(pairs: list[list[int]]):
    (a, of_a), (b, of_b) = pairs
    those = str(past_verdict(proportion_against_past(a, of_a, b, of_b), "difference"))
    others = str(past_verdict(proportion_against_past(of_a - a, of_a, of_b - b, of_b), "difference"))
    assert others == OPPOSITE.get(those, those)
