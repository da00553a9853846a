"""When a force may be told that it has changed, and when it may not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpeel.statistics.change import (
    adjusted_p,
    against_threshold,
    change_verdict,
    newcombe,
    se_of_half_width,
    several_forces,
    threshold_verdict,
    two_sample_z,
)
from openpeel.statistics.proportion import wald

IMPROVED = "statistically significant improvement"
WORSE = "statistically significant deterioration"
SAME = "no significant change"


def test_the_two_audits_of_stop_and_search_improved_significantly():
    change = two_sample_z(94.2, se_of_half_width(3.0), 80.8, se_of_half_width(5.7))
    assert round(float(change.z), 2) == 4.08
    assert str(change_verdict(change.difference, better="higher")) == IMPROVED


def test_the_two_audits_of_violence_recording_deteriorated_significantly():
    change = two_sample_z(80.3, se_of_half_width(4.5), 93.4, se_of_half_width(3.0))
    assert round(float(change.z), 2) == -4.75
    assert str(change_verdict(change.difference, better="higher")) == WORSE


def test_a_fall_is_an_improvement_where_lower_is_better():
    abandoned = two_sample_z([2.0, 6.0, 4.1], 0.3, [4.0, 4.0, 4.0], 0.3)
    assert change_verdict(abandoned.difference, better="lower").tolist() == [IMPROVED, WORSE, SAME]
    assert change_verdict(abandoned.difference, better="higher").tolist() == [WORSE, IMPROVED, SAME]


def test_the_words_the_interval_and_the_p_value_say_the_same():
    rng = np.random.default_rng(7)
    later, earlier = rng.uniform(60, 99, (2, 400))
    for level in (0.9, 0.95, 0.99):
        change = two_sample_z(later, 2.5, earlier, 3.5, level)
        said = change_verdict(change.difference, better="higher") != SAME
        assert (said == (change.p < 1 - level)).all()
        assert 0 < said.sum() < 400


def test_a_difference_exactly_at_the_end_of_its_interval_is_no_significant_change():
    change = two_sample_z(5.0, 0.0, 5.0, 0.0)
    assert (float(change.z), float(change.p)) == (0.0, 1.0)
    assert str(change_verdict(change.difference, better="higher")) == SAME


def test_without_any_error_every_difference_is_one():
    change = two_sample_z(5.0, 0.0, 4.0, 0.0)
    assert (float(change.z), float(change.p)) == (math.inf, 0.0)
    assert str(change_verdict(change.difference, better="higher")) == IMPROVED


def test_an_audit_that_is_missing_is_not_assessed():
    change = two_sample_z([94.2, 94.2], [math.nan, 1.5], [80.8, math.nan], 2.9)
    assert change_verdict(change.difference, better="higher").tolist() == ["not assessed"] * 2
    assert np.isnan(change.difference.value).all()
    assert np.isnan(change.z).all()
    assert np.isnan(change.p).all()
    assert str(change_verdict(newcombe(0, 0, 1, 2), "higher")) == "not assessed"
    assert str(threshold_verdict(against_threshold(math.nan, 1, 90).difference)) == "not assessed"


def test_a_published_half_width_gives_back_the_standard_error_it_was_made_from():
    share = wald(213, 226, 0.99)
    se = se_of_half_width(share.upper - share.value, 0.99)
    assert float(se) == pytest.approx(math.sqrt(213 / 226 * 13 / 226 / 226), rel=1e-12)


def test_for_simple_samples_both_methods_reach_the_same_verdict_away_from_the_border():
    rng = np.random.default_rng(11)
    a, b = rng.integers(60, 180, (2, 2000))
    first, second = wald(a, 200), wald(b, 200)
    z = two_sample_z(
        first.value,
        se_of_half_width(first.upper - first.value),
        second.value,
        se_of_half_width(second.upper - second.value),
    )
    clear = abs(abs(z.z) - 1.96) > 0.15
    words = [change_verdict(each, "higher") for each in (z.difference, newcombe(a, 200, b, 200))]
    assert (words[0] == words[1])[clear].all()
    assert set(words[0][clear]) == {IMPROVED, WORSE, SAME}


def test_newcombe_is_turned_round_with_its_samples_and_stays_within_one():
    a = newcombe([0, 20, 3], [20, 20, 9], [20, 20, 9], [20, 20, 9])
    b = newcombe([20, 20, 9], [20, 20, 9], [0, 20, 3], [20, 20, 9])
    np.testing.assert_allclose(a.lower, -b.upper, rtol=1e-14)
    np.testing.assert_allclose(a.upper, -b.lower, rtol=1e-14)
    assert (a.lower >= -1).all()
    assert (a.upper <= 1).all()
    assert a.lower[1] < 0 < a.upper[1], "20 of 20 twice still leaves doubt"


def test_a_rate_of_94_percent_is_above_a_standard_of_90_and_not_shown_to_be_above_92():
    test = against_threshold(94.2, se_of_half_width(3.0), [90, 92, 98])
    assert threshold_verdict(test.difference).tolist() == ["above", "not shown", "below"]


def test_one_side_asks_one_question():
    above = against_threshold([92.6, 87.4], 1.5, 90, alternative="above")
    below = against_threshold([92.6, 87.4], 1.5, 90, alternative="below")
    both = against_threshold([92.6, 87.4], 1.5, 90)
    assert threshold_verdict(above.difference).tolist() == ["above", "not shown"]
    assert threshold_verdict(below.difference).tolist() == ["not shown", "below"]
    assert threshold_verdict(both.difference).tolist() == ["not shown", "not shown"]
    np.testing.assert_allclose(above.p + below.p, 1, rtol=1e-14)
    np.testing.assert_allclose(np.minimum(above.p, below.p) * 2, both.p, rtol=1e-14)
    assert (above.difference.upper == np.inf).all()
    assert (below.difference.lower == -np.inf).all()


def test_a_force_is_compared_with_the_mean_of_the_others_in_effect():
    values, ses = [94.2, 91.0, 80.8, 88.0], [1.5, 1.6, 2.9, 1.1]
    forces = several_forces(values, ses)
    for force in range(4):
        others = [other for other in range(4) if other != force]
        mean = sum(values[other] for other in others) / 3
        se = math.sqrt(sum(ses[other] ** 2 for other in others)) / 3
        alone = two_sample_z(values[force], ses[force], mean, se)
        assert float(forces.z[force]) == pytest.approx(float(alone.z), rel=1e-12)


def test_each_pair_is_counted_once_and_has_the_two_sample_p():
    values, ses = [94.2, 91.0, 80.8], [1.5, 1.6, 2.9]
    forces = several_forces(values, ses, against="each other")
    pairs = [(0, 1), (0, 2), (1, 2)]
    p = [float(two_sample_z(values[i], ses[i], values[j], ses[j]).p) for i, j in pairs]
    assert [float(forces.p[pair]) for pair in pairs] == p
    assert [float(forces.adjusted[pair]) for pair in pairs] == adjusted_p(p).tolist()
    np.testing.assert_array_equal(forces.adjusted, forces.adjusted.T)
    np.testing.assert_array_equal(forces.difference, -forces.difference.T)
    assert np.isnan(np.diag(forces.p)).all()


def test_a_force_that_sent_nothing_is_left_out_and_not_counted():
    for against in ("mean", "each other"):
        every = several_forces([94.2, 91.0, 80.8], [1.5, 1.6, 2.9], against)
        short = several_forces([94.2, math.nan, 91.0, 80.8], [1.5, 1.0, 1.6, 2.9], against)
        there = np.ix_([0, 2, 3], [0, 2, 3]) if against == "each other" else [0, 2, 3]
        np.testing.assert_array_equal(short.adjusted[there], every.adjusted)
        assert np.isnan(short.p[1]).all()
    assert np.isnan(several_forces([94.2, math.nan], [1.5, 1.0]).p).all()


def test_forces_that_are_all_equal_and_all_certain_do_not_differ():
    forces = several_forces([0.1] * 43, [0.0] * 43)
    assert (forces.z == 0).all()
    assert (forces.adjusted == 1).all()


def test_correction_by_hand_ties_and_missing():
    p = [0.01, math.nan, 0.04, 0.03, 0.04]
    np.testing.assert_allclose(adjusted_p(p), [0.04, math.nan, 0.09, 0.09, 0.09], rtol=1e-14)
    np.testing.assert_allclose(
        adjusted_p(p, "benjamini-hochberg"), [0.04, math.nan, 0.04, 0.04, 0.04], rtol=1e-14
    )
    np.testing.assert_array_equal(adjusted_p(p, "none"), p)
    assert adjusted_p([]).tolist() == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: two_sample_z(1, -0.1, 1, 1), "expected se_1 of 0 or more; got -0.1"),
        (lambda: two_sample_z(math.inf, 1, 1, 1), "expected finite value_1"),
        (lambda: two_sample_z([1, 2], [1, 2, 3], 1, 1), "expected shapes that broadcast"),
        (lambda: two_sample_z(1, 1, 1, 1, level=95), "expected a level between 0 and 1"),
        (lambda: against_threshold(1, 1, 1, 95, "above"), "expected a level between 0 and 1"),
        (lambda: against_threshold(1, 1, 1, 0.95, "higher"), "expected alternative"),
        (lambda: change_verdict(newcombe(1, 2, 1, 2), "more"), "expected better="),
        (lambda: several_forces([1, 2], [1]), "expected one value and one se a force"),
        (lambda: several_forces([1, 2], [1, 2], "best"), "expected against="),
        (lambda: several_forces([1, 2], [1, 2], "mean", "bonferroni"), "expected correction"),
        (lambda: adjusted_p([0.2, 1.2]), "expected p values from 0 to 1"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, says):
    with pytest.raises(ValueError, match=says):
        call()
