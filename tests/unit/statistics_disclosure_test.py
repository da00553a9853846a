"""Which small counts are kept back, and what is kept back with them."""

from __future__ import annotations

import numpy as np
import pytest

from openpeel.statistics import suppress


def kept_back(counts: list[int], smallest: int = 5) -> list[int]:
    return [place for place, hidden in enumerate(suppress(counts, smallest)) if hidden]


def test_counts_of_five_or_more_and_of_none_are_shown():
    assert kept_back([5, 0, 120, 0, 6]) == []


def test_one_small_count_takes_the_next_smallest_with_it_so_that_the_total_does_not_give_it_away():
    assert kept_back([40, 3, 12, 0, 90]) == [1, 2]


def test_of_equal_next_smallest_counts_the_first_is_taken():
    assert kept_back([12, 3, 9, 9]) == [1, 2]


def test_two_small_counts_that_together_reach_five_hide_one_another():
    assert kept_back([2, 3, 9]) == [0, 1]


def test_small_counts_that_together_are_still_small_take_the_next_smallest_with_them():
    assert kept_back([1, 2, 30, 9]) == [0, 1, 3]


def test_counts_that_are_all_one_and_add_up_to_how_many_they_are_take_another_with_them():
    assert kept_back([1, 1, 1, 1, 1, 20]) == [0, 1, 2, 3, 4, 5]


def test_a_zero_is_kept_back_only_when_nothing_else_is_left_to_hide_behind():
    assert kept_back([3, 0, 0]) == [0, 1]
    assert kept_back([0, 1, 2, 0]) == [0, 1, 2]
    assert kept_back([1, 1, 1, 1, 1, 0, 0]) == [0, 1, 2, 3, 4, 5]


def test_each_line_of_a_table_is_looked_at_by_itself():
    table = np.array([[[3, 12, 9], [5, 6, 7]], [[0, 0, 0], [4, 4, 4]]])
    mask = suppress(table)
    assert mask.shape == table.shape
    assert mask.dtype == np.bool_
    assert mask.tolist() == [[suppress(line).tolist() for line in lines] for lines in table]
    assert mask[0, 0].tolist() == [True, False, True]
    assert not mask[0, 1].any()


def test_the_smallest_count_shown_can_be_set():
    assert kept_back([9, 11, 40], smallest=10) == [0, 1]
    assert kept_back([1, 2, 3], smallest=1) == []


def test_a_line_of_one_small_count_is_kept_back_and_an_empty_table_stays_empty():
    assert kept_back([3]) == [0]
    assert suppress(np.zeros((2, 0))).shape == (2, 0)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([3, -1], "expected whole counts of 0 or more; got -1"),
        ([3, 2.5], "expected whole counts of 0 or more; got 2.5"),
        ([3, None], "expected whole counts of 0 or more; got nan"),
        ([3, np.inf], "expected whole counts of 0 or more; got inf"),
        (3, "expected a line of counts; got a plain number"),
    ],
)
def test_what_is_not_a_line_of_counts_is_refused_in_words(counts: object, message: str):
    with pytest.raises(ValueError, match=message):
        suppress(counts)


def test_a_smallest_count_below_one_is_refused_in_words():
    with pytest.raises(ValueError, match="expected smallest to be 1 or more; got smallest=0"):
        suppress([1, 2], smallest=0)
