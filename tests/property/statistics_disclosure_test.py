"""What nobody can work out from a line of counts of which some are kept back, and its total."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openpeel.statistics import suppress

quick = settings(deadline=None, max_examples=300)
lines = st.lists(st.integers(0, 60), min_size=1, max_size=12)
shown_from = st.integers(1, 12)


@st.composite
def with_a_small_count(
    draw: st.DrawFn, smallest: int = 12, largest: int = 60, places: int = 12
) -> tuple[list[int], int]:
    """A line of two counts or more of which at least one is small, and the smallest count that is shown."""
    shown = draw(st.integers(2, smallest))
    small = draw(st.integers(1, shown - 1))
    others = draw(st.lists(st.integers(0, largest), min_size=1, max_size=places - 1))
    return draw(st.permutations([small, *others])), shown


def possible_answers(rest: int, places: int, floor: int) -> list[set[int]]:
    """For each kept-back count the values it can have, given that all of them sum to `rest`."""
    fits = [
        guess for guess in product(range(floor, rest + 1), repeat=places - 1) if rest - sum(guess) >= floor
    ]
    return [{(*guess, rest - sum(guess))[place] for guess in fits} for place in range(places)]


@quick
@given(with_a_small_count(smallest=5, largest=7, places=5))
def test_no_count_kept_back_can_be_found_by_subtraction(line: tuple[list[int], int]):
    counts, smallest = line
    assume(set(counts) != {1})  # there only keeping back the total can help, as the docstring says
    hidden = [count for count, back in zip(counts, suppress(counts, smallest), strict=True) if back]
    # One reader takes any count for possible, another knows that zeros are shown (and errs where one is not).
    for floor in {0, int(0 not in hidden)}:
        for truth, answers in zip(hidden, possible_answers(sum(hidden), len(hidden), floor), strict=True):
            assert answers != {truth}, f"{truth} of {counts} is the only answer"


@quick
@given(lines, shown_from)
def test_every_small_count_is_kept_back(counts: list[int], smallest: int):
    mask = suppress(counts, smallest)
    small = [0 < count < smallest for count in counts]
    assert all(mask[place] for place, is_small in enumerate(small) if is_small)
    assert mask.any() == any(small)


@quick
@given(with_a_small_count())
def test_what_is_kept_back_is_never_one_count_nor_small_in_sum_unless_the_total_is(
    line: tuple[list[int], int],
):
    counts, smallest = line
    mask = suppress(counts, smallest)
    assert mask.sum() >= 2
    assert np.sum(counts, where=mask) >= min(smallest, sum(counts))


@quick
@given(with_a_small_count())
def test_no_more_is_kept_back_than_the_rule_asks(line: tuple[list[int], int]):
    counts, smallest = line
    mask = suppress(counts, smallest)
    hidden = sorted(
        (count for count, back in zip(counts, mask, strict=True) if back),
        key=lambda count: (count == 0, count),
    )
    if hidden[-1] == 0 or hidden[-1] >= smallest:
        without = hidden[:-1]
        assert len(without) < 2 or sum(without) < smallest or set(without) == {1}


@quick
@given(st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), min_size=1, max_size=6), shown_from)
def test_a_line_of_a_table_is_treated_as_it_is_alone(table: list[list[int]], smallest: int):
    np.testing.assert_array_equal(suppress(table, smallest), [suppress(line, smallest) for line in table])
