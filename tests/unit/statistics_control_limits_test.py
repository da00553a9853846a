"""Which forces stand out once chance is allowed for, and once it is allowed that forces differ."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

from openpeel.statistics import comparison, control_limits
from openpeel.statistics.control_limits import (
    ControlLimits,
    differing,
    overdispersed,
    proportion_limits,
    rate_limits,
)

# Forces of 100,000 people: most alike but for more than chance, the last one far away.
SEARCHES = [560, 580, 610, 690, 640, 610, 590, 655, 630, 600, 700, 1_100]


def twelve_forces(people: int = 100_000) -> ControlLimits:
    return rate_limits(SEARCHES, [people] * 12, per=1_000)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(control_limits)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_same_share_stands_out_of_many_cases_and_not_of_few():
    calls = proportion_limits([9, 900, 3_100], [10, 1_000, 4_000])
    assert calls.value[:2].tolist() == [0.9, 0.9]
    assert calls.outer.verdict.tolist() == ["in range", "above", "below"]
    assert calls.inner.upper[1] < 0.9 < calls.inner.upper[0]


def test_the_centre_counts_cases_and_not_forces():
    calls = proportion_limits([1, 800], [2, 1_000])
    assert calls.centre == 801 / 1_002
    assert rate_limits([1, 800], [2_000, 100_000], per=1_000).centre == 801 * 1_000 / 102_000


@pytest.mark.parametrize("missing", [(None, 500), (40, None), (math.nan, math.nan), (0, 0)])
def test_a_force_without_a_value_is_left_out_and_not_assessed(missing: tuple[float | None, float | None]):
    cases, of = [40, 45, 30], [100, 100, 100]
    without = proportion_limits(cases, of)
    with_it = proportion_limits([*cases, missing[0]], [*of, missing[1]])
    assert (with_it.centre, with_it.counted) == (without.centre, 3)
    for limits, as_before in ((with_it.inner, without.inner), (with_it.outer, without.outer)):
        assert limits.verdict.tolist() == [*as_before.verdict.tolist(), "not assessed"]
        np.testing.assert_array_equal(limits.lower, [*as_before.lower, np.nan])
        np.testing.assert_array_equal(limits.upper, [*as_before.upper, np.nan])
    np.testing.assert_array_equal(with_it.z, [*without.z, np.nan])


@pytest.mark.parametrize("method", ["exact", "spiegelhalter", "normal"])
@pytest.mark.parametrize(("cases", "of"), [([], []), ([4], [9]), ([None, 4], [8, 9]), ([None], [None])])
def test_fewer_than_two_forces_cannot_be_compared(cases: list, of: list, method: control_limits.Method):
    for compared in (proportion_limits(cases, of, method), rate_limits(cases, of, 1_000, method)):
        assert compared.counted == sum(case is not None for case in cases)
        assert set(compared.inner.verdict) | set(compared.outer.verdict) <= {"not assessed"}
        assert np.isnan([compared.inner.lower, compared.outer.upper, compared.z]).all()
        wider = overdispersed(compared)
        assert (wider.applied, wider.tau, wider.limits) == (False, 0.0, compared)
        assert math.isnan(wider.phi)


@pytest.mark.parametrize("method", ["exact", "spiegelhalter", "normal"])
def test_forces_that_are_all_equal_are_all_in_range(method: control_limits.Method):
    cases, of = np.array([1, 20, 300, 4_000]), np.array([3, 60, 900, 12_000])
    for compared in (proportion_limits(cases, of, method), rate_limits(cases, of, 100_000, method)):
        assert set(compared.inner.verdict) == {"in range"}
        np.testing.assert_allclose(compared.z, 0, atol=1e-12)
        assert not overdispersed(compared).applied


@pytest.mark.parametrize("method", ["exact", "spiegelhalter", "normal"])
def test_where_nobody_or_everybody_has_the_property_nobody_stands_out(method: control_limits.Method):
    for compared in (
        proportion_limits([0, 0], [5, 500], method),
        proportion_limits([5, 500], [5, 500], method),
        rate_limits([0, 0], [5, 500], 1_000, method),
    ):
        assert set(compared.inner.verdict) == {"in range"}
        assert overdispersed(compared).phi == 0


def test_limits_are_never_beyond_what_is_possible():
    for method in ("exact", "spiegelhalter", "normal"):
        calls = proportion_limits([1, 0, 9, 10, 500], [1, 2, 10, 10, 600], method)
        rare = rate_limits([0, 1, 90], [10, 1_000, 90_000], 1_000, method)
        for limits in (calls.inner, calls.outer, overdispersed(calls).limits.outer):
            assert limits.lower.min() >= 0
            assert limits.upper.max() <= 1
        assert rare.outer.lower.min() >= 0


def test_a_value_on_a_normal_limit_is_in_range_and_one_beyond_it_is_not():
    # θ = 1 and E = 16: ± 2 √16 = 8 at the level whose quantile is 2.
    level = math.erf(math.sqrt(2))
    for count, verdict in ((24, "in range"), (24.01, "above"), (8, "in range"), (7.99, "below")):
        compared = rate_limits([count, 100 - count], [16, 84], method="normal", levels=(level, 0.9999))
        assert compared.inner.verdict[0] == verdict


def test_limits_as_published_call_a_force_above_whose_other_cases_are_in_range():
    # θ is 1/2. 8 or more of 10 have probability 0.0547, 9 or more 0.0107: at 0.02 in a tail, 9 is above and 8 not.
    of, levels = [10, 982], (0.96, 0.999)
    found = {
        (method, cases): proportion_limits([cases, rest], of, method, levels).inner.verdict[0]
        for method in ("exact", "spiegelhalter")
        for cases, rest in ((9, 487), (1, 495), (8, 488), (2, 494))
    }
    assert [found["exact", cases] for cases in (9, 1, 8, 2)] == ["above", "below", "in range", "in range"]
    assert [found["spiegelhalter", cases] for cases in (8, 2)] == ["above", "in range"]


def test_the_published_upper_limit_is_one_count_below_the_exact_one_and_the_lower_is_the_same():
    cases, of = [30, 50, 700], [100, 200, 2_000]
    exact, published = proportion_limits(cases, of), proportion_limits(cases, of, "spiegelhalter")
    np.testing.assert_allclose((exact.inner.upper - published.inner.upper) * of, 1, rtol=1e-12)
    np.testing.assert_array_equal(exact.inner.lower, published.inner.lower)


def test_weighted_counts_have_normal_limits_only():
    assert proportion_limits([3.5, 40.25], [10.5, 99], "normal").inner.verdict.tolist() == ["in range"] * 2
    with pytest.raises(ValueError, match=r"expected whole counts, or method='normal'; got 3\.5"):
        proportion_limits([3.5, 40], [10, 99])
    with pytest.raises(ValueError, match=r"got 10\.5"):
        proportion_limits([3, 40], [10.5, 99])


def test_the_order_of_weighted_counts_does_not_matter():
    counts, people = np.array([0.1, 0.2, 0.3]), np.array([2.5, 3.5, 4.0])
    one, other = (rate_limits(counts[::way], people[::way], 100, "normal") for way in (1, -1))
    assert counts.sum() != counts[::-1].sum()
    assert one.centre == other.centre
    np.testing.assert_array_equal(one.inner.upper, other.inner.upper[::-1])
    np.testing.assert_array_equal(one.z, other.z[::-1])


def test_exposures_need_not_be_whole():
    assert rate_limits([3, 40], [10.5, 99]).counted == 2


def test_without_overdispersion_the_limits_stay_as_they_are():
    alike = rate_limits([98, 103, 95, 104, 101, 99], [100] * 6)
    wider = overdispersed(alike)
    assert (wider.applied, wider.tau) == (False, 0.0)
    assert wider.phi < 1
    assert wider.limits is alike


def test_the_additive_model_applies_from_k_less_one_in_k_and_the_multiplicative_from_one():
    # E is 100 and z about ± 0.9: φ about 0.81, between (k − 1) / k = 1/2 and 1.
    almost = rate_limits([91, 109], [100, 100])
    between = overdispersed(almost, "additive", winsorised=0)
    assert 1 / 2 < between.phi < 1
    assert between.applied
    assert between.tau > 0
    assert not overdispersed(almost, "multiplicative", winsorised=0).applied


def test_forces_that_differ_stand_out_from_one_another_no_longer_and_the_one_far_away_does():
    plain = twelve_forces()
    for model in ("additive", "multiplicative"):
        wider = overdispersed(plain, model)
        assert wider.applied
        assert wider.limits.outer.verdict.tolist() == ["in range"] * 11 + ["above"]
        assert (np.abs(wider.limits.z) < np.abs(plain.z)).all()
    assert (plain.outer.verdict != "in range").sum() == 3


def test_winsorising_keeps_the_one_far_away_from_widening_the_limits_for_itself():
    plain = twelve_forces()
    assert overdispersed(plain, winsorised=0).phi > 5 * overdispersed(plain).phi
    assert overdispersed(plain, winsorised=0.25).phi < overdispersed(plain).phi


def test_phi_and_tau_worked_by_hand():
    # E = 100 each; √count = 9, 10, 11 would have sum 302, so θ = 302/300 and E = 100.667, √E = 10.03328.
    # z = 2 (9 − 10.03328) = −2.06656, −0.06656 and 1.93344: squares 4.27067, 0.00443, 3.73819, φ = 2.67110.
    # w = 4 E = 402.667 each: Σw − Σw²/Σw = 2 · 402.667. τ² = (8.01329 − 2) / 805.333 = 0.00746684.
    wider = overdispersed(rate_limits([81, 100, 121], [100] * 3), winsorised=0)
    assert wider.phi == pytest.approx(2.67110, abs=1e-5)
    assert wider.tau == pytest.approx(math.sqrt(0.00746684), abs=1e-6)


def test_additive_limits_of_a_large_force_do_not_shrink_to_nothing_and_multiplicative_do():
    counts, people = np.array([*SEARCHES, 60_000]), np.array([100_000] * 12 + [10_000_000])
    plain = rate_limits(counts, people, per=1_000)
    additive, multiplicative = (overdispersed(plain, m).limits.inner for m in ("additive", "multiplicative"))
    assert overdispersed(plain, "multiplicative").tau == 0.0
    width = {each: (each.upper - each.lower) for each in (additive, multiplicative)}
    assert width[additive][-1] > width[additive][0] / 3
    assert width[multiplicative][-1] == pytest.approx(width[multiplicative][0] / 10, rel=0.05)


def test_wider_limits_are_never_narrower():
    for plain in (
        rate_limits([0, 3, 5, 2, 1, 9, 4], [3, 3, 3, 3, 3, 3, 3]),
        proportion_limits([9, 540, 1_250, 700], [10, 600, 1_600, 900]),
        rate_limits([0, 3, 5, 2, 1, 9, 4], [3] * 7, method="normal"),
    ):
        for model in ("additive", "multiplicative"):
            wider = overdispersed(plain, model, winsorised=0)
            assert wider.applied
            for ours, theirs in ((wider.limits.inner, plain.inner), (wider.limits.outer, plain.outer)):
                assert (ours.lower <= theirs.lower).all()
                assert (ours.upper >= theirs.upper).all()


def test_a_missing_force_is_not_assessed_with_wider_limits_either():
    plain = rate_limits([*SEARCHES, None], [100_000] * 13, per=1_000)
    wider, without = overdispersed(plain), overdispersed(twelve_forces())
    assert (wider.phi, wider.tau) == (without.phi, without.tau)
    assert wider.limits.inner.verdict.tolist() == [*without.limits.inner.verdict.tolist(), "not assessed"]


def test_forces_that_two_methods_judge_differently_are_listed_with_both_verdicts():
    plain = rate_limits([*SEARCHES, None], [100_000] * 13, per=1_000)
    band = comparison.verdicts(plain.value, comparison.sd_band(plain.value))
    different = differing(band, plain.inner.verdict)
    assert different.place.tolist() == [0, 1, 2, 5, 6, 9]
    assert set(different.first) == {"in range"}
    assert set(different.second) == {"below"}
    assert len(differing(band, overdispersed(plain).limits.inner.verdict).place) == 0


def test_not_assessed_by_one_method_only_is_a_difference():
    assert differing(["above", "not assessed"], ["above", "in range"]).place.tolist() == [1]
    assert differing([], []).place.tolist() == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: proportion_limits([[1, 2]], [[3, 4]]), r"expected counts in one dimension, .* \(1, 2\)"),
        (lambda: proportion_limits(1, 2), r"expected counts in one dimension, .* \(\)"),
        (lambda: proportion_limits([3, 1], [2, 2]), "expected a numerator no larger"),
        (lambda: proportion_limits([-1, 1], [2, 2]), "expected numerator of 0 or more"),
        (lambda: rate_limits([1, 2], [1, 2], per=0), "expected per to be above 0"),
        (lambda: rate_limits([1, 2], [1, 2], method="byar"), "expected method 'exact', 'spiegelhalter' or"),
        (lambda: rate_limits([1, 2], [1, 2], levels=(0.998, 0.95)), "expected two levels in rising order"),
        (lambda: rate_limits([1, 2], [1, 2], levels=(0.95, 1)), "expected two levels in rising order"),
        (lambda: rate_limits([1, 2], [1, 2], levels=(0.95,)), "expected two levels in rising order"),
        (lambda: overdispersed(twelve_forces(), "both"), "expected model='additive' or"),
        (lambda: overdispersed(twelve_forces(), winsorised=0.5), "expected winsorised from 0 to below 0.5"),
        (lambda: differing(["above"], ["above", "below"]), r"expected two verdicts a force; .* \(1,\)"),
        (lambda: differing(["higher"], ["above"]), "expected verdicts above, .*; got higher"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, says: str):
    with pytest.raises(ValueError, match=says):
        call()
