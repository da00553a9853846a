"""What two coders of the same cases are said to agree on."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from openpeel.statistics.agreement import agreement


def coded(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two coders' labels, one case at a time, that give the table."""
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


def test_coders_who_always_agree_agree_fully():
    both = agreement(["theft", "burglary", "theft"], ["theft", "burglary", "theft"])
    assert (both.observed, float(both.kappa.value), float(both.ac.value)) == (1.0, 1.0, 1.0)
    assert (both.kappa_se, both.ac_se) == (0.0, 0.0)


def test_kappa_and_ac1_of_fifty_cases_worked_by_hand():
    # 20 and 15 of 50 agreed on; rows 25/25, columns 30/20: pe = 0.5, kappa = (0.7 - 0.5) / 0.5 = 0.4
    both = agreement(*coded([[20, 5], [10, 15]]))
    assert both.observed == pytest.approx(0.7)
    assert float(both.kappa.value) == pytest.approx(0.4)
    # pi = 0.55 and 0.45: chance 2 * 0.55 * 0.45 = 0.495, AC1 = 0.205 / 0.505
    assert float(both.ac.value) == pytest.approx(0.205 / 0.505)
    assert both.table.tolist() == [[20, 5], [10, 15]]


def test_where_nearly_every_record_is_right_kappa_collapses_and_ac1_does_not():
    both = agreement(*coded([[118, 5], [2, 0]]))
    assert both.observed == pytest.approx(0.944)
    assert float(both.kappa.value) < 0
    assert float(both.ac.value) > 0.9


def test_coders_who_used_one_category_only_have_no_kappa_and_full_ac1():
    for categories in (None, ["yes"], ["yes", "no"]):
        both = agreement(["yes"] * 5, ["yes"] * 5, categories=categories)
        assert (both.observed, float(both.ac.value), both.ac_se) == (1.0, 1.0, 0.0)
        assert math.isnan(both.kappa.value)
        assert math.isnan(both.kappa_se)
        assert math.isnan(both.kappa.lower)


def test_one_category_is_recognised_whatever_the_rounding():
    for cases in range(1, 200):
        assert math.isnan(agreement(["yes"] * cases, ["yes"] * cases).kappa.value)


def test_a_missing_coding_leaves_the_case_out_and_is_counted():
    whole = agreement([1, 2, 2, 1], [1, 2, 1, 1])
    short = agreement([1, None, 2, 2, 1, math.nan], [1, 2, 2, 1, 1, 2])
    assert (short.counted, short.left_out) == (4, 2)
    assert float(short.kappa.value) == float(whole.kappa.value)
    assert float(short.ac.value) == float(whole.ac.value)


def test_without_a_case_that_both_coded_nothing_is_known():
    for pair in (([], []), (["yes"], [None])):
        both = agreement(*pair)
        assert both.counted == 0
        assert math.isnan(both.observed)
        assert math.isnan(both.kappa.value)
        assert math.isnan(both.ac.value)


def test_any_label_will_do_and_the_names_do_not_matter():
    numbers = agreement(*coded([[20, 5, 1], [10, 15, 3], [0, 2, 8]]))
    names = {0: ("8A", True), 1: Fraction(1, 3), 2: "no crime"}
    first, second = coded([[20, 5, 1], [10, 15, 3], [0, 2, 8]])
    named = agreement([names[a] for a in first], [names[b] for b in second])
    assert float(named.kappa.value) == float(numbers.kappa.value)
    assert named.ac_se == numbers.ac_se
    assert named.categories == tuple(names.values())


def test_the_order_of_the_coders_does_not_matter():
    first, second = coded([[20, 5, 1], [10, 15, 3], [0, 2, 8]])
    for weights in ("nominal", "linear", "quadratic"):
        one = agreement(first, second, weights, [0, 1, 2])
        two = agreement(second, first, weights, [0, 1, 2])
        assert float(one.kappa.value) == pytest.approx(float(two.kappa.value), rel=1e-12)
        assert one.kappa_se == pytest.approx(two.kappa_se, rel=1e-12)
        assert one.ac_se == pytest.approx(two.ac_se, rel=1e-12)
        assert one.table.tolist() == two.table.T.tolist()


def test_weights_forgive_a_near_miss_more_than_a_far_one():
    near, far = coded([[20, 5, 0], [5, 20, 5], [0, 5, 20]]), coded([[20, 0, 5], [5, 20, 5], [5, 0, 20]])
    for weights in ("linear", "quadratic"):
        closer, farther = (agreement(*pair, weights, [0, 1, 2]) for pair in (near, far))
        assert closer.observed > farther.observed
        assert float(closer.kappa.value) > float(farther.kappa.value)


def test_two_categories_have_only_one_weighting():
    table = coded([[20, 5], [10, 15]])
    plain = agreement(*table)
    for weights in ("linear", "quadratic"):
        weighted = agreement(*table, weights, [0, 1])
        assert float(weighted.kappa.value) == pytest.approx(float(plain.kappa.value), rel=1e-12)
        assert float(weighted.ac.value) == pytest.approx(float(plain.ac.value), rel=1e-12)
        assert weighted.ac_se == pytest.approx(plain.ac_se, rel=1e-12)


def test_a_category_that_nobody_used_changes_ac1_but_not_kappa():
    table = coded([[20, 5], [10, 15]])
    two, three = agreement(*table), agreement(*table, categories=[0, 1, 2])
    assert float(two.kappa.value) == pytest.approx(float(three.kappa.value), rel=1e-12)
    assert float(two.ac.value) < float(three.ac.value)


def test_intervals_stay_within_minus_one_and_one_and_widen_with_the_level():
    rng = np.random.default_rng(2)
    for _ in range(200):
        first, second = rng.integers(0, 3, (2, 6)).tolist()
        both = agreement(first, second, categories=[0, 1, 2], level=0.99)
        for part in (both.kappa, both.ac):
            if not math.isnan(part.value):
                assert -1 <= part.lower <= part.value + 1e-12 <= part.upper + 2e-12 <= 1 + 3e-12
    table = coded([[20, 5], [10, 15]])
    assert agreement(*table, level=0.99).kappa.lower < agreement(*table, level=0.9).kappa.lower


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: agreement([1, 2], [1]), "expected two codings of each case; got 2 and 1"),
        (lambda: agreement([1, 2], [1, 3], categories=[1, 2]), r"expected a label among \[1, 2\]; got 3"),
        (lambda: agreement([1], [1], categories=[1, 1]), "expected each category once"),
        (lambda: agreement([1], [1], "linear"), "expected categories, in their order"),
        (lambda: agreement([1], [1], "cubic", [1, 2]), "expected weights"),
        (lambda: agreement([1], [1], level=95), "expected a level"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, says):
    with pytest.raises(ValueError, match=says):
        call()
