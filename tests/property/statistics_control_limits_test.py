"""What holds for control limits around any forces whatever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openpeel.statistics.control_limits import (
    ControlLimits,
    Limits,
    differing,
    overdispersed,
    proportion_limits,
    rate_limits,
)

settings.register_profile("control_limits", deadline=None, max_examples=100)
quick = settings(settings.get_profile("control_limits"))

MIRRORED = {"above": "below", "below": "above"}

methods = st.sampled_from(["exact", "spiegelhalter", "normal"])
models = st.sampled_from(["additive", "multiplicative"])
parts = st.sampled_from([0, 0.1, 0.25])
part_and_whole = st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
shares = st.lists(part_and_whole, min_size=2, max_size=12).map(lambda pairs: np.array(pairs).T)
rates = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**7)), min_size=2, max_size=12).map(
    lambda pairs: np.array(pairs).T
)


def both(compared: ControlLimits) -> tuple[Limits, Limits]:
    return compared.inner, compared.outer


@quick
@given(shares, rates, methods, models, parts)
def test_limits_are_nested_and_so_are_their_verdicts(cases, events, method, model, part):
    for plain in (proportion_limits(*cases, method), rate_limits(*events, 1_000, method)):
        for compared in (plain, overdispersed(plain, model, part).limits):
            inner, outer = both(compared)
            slack = 1e-12 * outer.upper
            assert (outer.lower <= inner.lower + slack).all()
            assert (inner.lower <= inner.upper + slack).all()
            assert (inner.upper <= outer.upper + slack).all()
            outside = outer.verdict != "in range"
            assert (outer.verdict[outside] == inner.verdict[outside]).all()


@quick
@given(shares, rates)
def test_exact_limits_surround_the_centre(cases, events):
    for compared in (proportion_limits(*cases), rate_limits(*events, 1_000)):
        for limits in both(compared):
            assert (limits.lower <= compared.centre * (1 + 1e-9)).all()
            assert (limits.upper >= compared.centre * (1 - 1e-9)).all()


@quick
@given(st.integers(1, 99), st.integers(1, 3_000), methods)
def test_limits_narrow_with_the_denominator(percent: int, most: int, method):
    sizes = np.arange(1, most + 1) * 100
    for compared in (
        proportion_limits(sizes * percent // 100, sizes, method),
        rate_limits(sizes * percent // 100, sizes, 1, method) if most > 1 else None,
    ):
        if compared is None or compared.counted < 2:
            continue
        for limits in both(compared):
            assert (np.diff(limits.lower) >= -1e-12).all()
            if method != "spiegelhalter":  # its upper limit is a count less, which matters more for few
                assert (np.diff(limits.upper) <= 1e-12).all()


@quick
@given(shares, st.sampled_from(["exact", "normal"]), models, parts)
def test_cases_without_the_property_have_the_mirrored_limits(cases, method, model, part):
    those = proportion_limits(*cases, method)
    others = proportion_limits(cases[1] - cases[0], cases[1], method)
    assert others.centre == pytest.approx(1 - those.centre, abs=1e-14)
    np.testing.assert_allclose(others.z, -those.z, atol=1e-9, rtol=1e-9)
    wide, others_wide = overdispersed(those, model, part), overdispersed(others, model, part)
    assert others_wide.phi == pytest.approx(wide.phi, rel=1e-6, abs=1e-9)
    for one, other in ((those, others), (wide.limits, others_wide.limits)):
        if abs(wide.phi - 1) < 1e-6:
            continue
        for ours, mirror in zip(both(one), both(other), strict=True):
            np.testing.assert_allclose(1 - mirror.upper, ours.lower, atol=1e-7)
            np.testing.assert_allclose(1 - mirror.lower, ours.upper, atol=1e-7)
    for ours, mirror in zip(both(those), both(others), strict=True):
        expected = [MIRRORED.get(verdict, verdict) for verdict in ours.verdict.tolist()]
        assert mirror.verdict.tolist() == expected


@quick
@given(rates, st.randoms(), methods, models)
def test_the_order_of_the_forces_does_not_matter(events, random, method, model):
    order = list(range(events.shape[1]))
    random.shuffle(order)
    first, second = rate_limits(*events, 1_000, method), rate_limits(*events[:, order], 1_000, method)
    assert (first.centre, first.counted) == (second.centre, second.counted)
    wide, wide_second = overdispersed(first, model), overdispersed(second, model)
    assert (wide.phi, wide.tau, wide.applied) == (wide_second.phi, wide_second.tau, wide_second.applied)
    for one, other in ((first, second), (wide.limits, wide_second.limits)):
        for ours, theirs in zip(both(one), both(other), strict=True):
            np.testing.assert_array_equal(ours.lower[order], theirs.lower)
            np.testing.assert_array_equal(ours.upper[order], theirs.upper)
            assert ours.verdict[order].tolist() == theirs.verdict.tolist()


@quick
@given(rates, st.sampled_from([2, 1_000, 4_096]), st.sampled_from([1, 1_000, 100_000]), methods, models)
def test_the_unit_of_exposure_does_not_matter(events, scale: int, per: int, method, model):
    counts, people = events
    one = overdispersed(rate_limits(counts, people, per, method), model)
    other = overdispersed(rate_limits(counts, people * scale, per * scale, method), model)
    assert other.phi == pytest.approx(one.phi, rel=1e-9, abs=1e-12)
    assume(abs(one.phi - 1) > 1e-9)
    assert other.tau == pytest.approx(one.tau, rel=1e-6, abs=1e-9)
    np.testing.assert_allclose(other.limits.z, one.limits.z, rtol=1e-8, atol=1e-9)
    for ours, theirs in zip(both(one.limits), both(other.limits), strict=True):
        np.testing.assert_allclose(theirs.lower, ours.lower, rtol=1e-7, atol=1e-9 * one.limits.centre)
        np.testing.assert_allclose(theirs.upper, ours.upper, rtol=1e-7)


@quick
@given(shares, rates, methods, models, parts)
def test_more_variation_never_makes_a_force_stand_out(cases, events, method, model, part):
    for plain in (proportion_limits(*cases, method), rate_limits(*events, 1_000, method)):
        wider = overdispersed(plain, model, part)
        assert wider.phi >= 0
        assert wider.tau >= 0
        for before, now in zip(both(plain), both(wider.limits), strict=True):
            assert (now.lower <= before.lower).all()
            assert (now.upper >= before.upper).all()
            moved = differing(before.verdict, now.verdict)
            assert set(moved.second) <= {"in range"}


@quick
@given(rates, st.integers(0, 12), st.sampled_from([None, 0]))
def test_a_force_that_sent_nothing_changes_nothing_for_the_others(events, place: int, nothing):
    counts, people = events.astype(object)
    place = min(place, len(counts))
    without = rate_limits(*events)
    with_it = rate_limits(np.insert(counts, place, nothing), np.insert(people, place, nothing))
    assert with_it.centre == without.centre
    assert with_it.inner.verdict[place] == "not assessed"
    assert np.delete(with_it.inner.verdict, place).tolist() == without.inner.verdict.tolist()
    np.testing.assert_array_equal(np.delete(with_it.outer.upper, place), without.outer.upper)
