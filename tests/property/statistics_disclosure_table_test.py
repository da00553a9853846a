"""What nobody can work out of a two-way table with all its totals: solved again with linear and integer programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from openpeel.statistics import movable, round_to, suppress, suppress_table

TABLES = 1500


def random_tables(seed: int, many: int):
    """Small tables with many small counts, zeros, and lines that are nearly empty."""
    rng = np.random.default_rng(seed)
    for _ in range(many):
        shape = rng.integers(1, 6, size=2)
        top = rng.choice([3, 6, 12, 60])
        yield np.where(rng.random(shape) < rng.choice([0, 0.3, 0.6]), 0, rng.integers(0, top, size=shape))


def equations(table, hidden):
    """Every total less what is shown of its line, as rows of coefficients of the counts kept back."""
    cells = np.argwhere(hidden)
    lines = [(cells[:, 0] == r, table[r][hidden[r]].sum()) for r in range(len(table))]
    lines += [(cells[:, 1] == c, table[:, c][hidden[:, c]].sum()) for c in range(table.shape[1])]
    return np.array([line for line, _ in lines], dtype=float), np.array(
        [rest for _, rest in lines], dtype=float
    )


def interval(a, b, place):
    """The smallest and the largest value of one count kept back: a linear program each way."""
    cost = np.zeros(a.shape[1])
    cost[place] = 1
    low, high = (linprog(way * cost, A_eq=a, b_eq=b, bounds=(0, None)) for way in (1, -1))
    assert low.status == high.status == 0
    return low.fun, -high.fun


def other_count(a, b, place, truth):
    """Whether one count kept back can be another whole number: an integer program each way."""
    for low, high in ((truth + 1, np.inf), (0, truth - 1)):
        if high < 0:
            continue
        lower, upper = np.zeros(a.shape[1]), np.full(a.shape[1], np.inf)
        lower[place], upper[place] = low, high
        solved = milp(
            np.zeros(a.shape[1]),
            constraints=LinearConstraint(a, b, b),
            bounds=Bounds(lower, upper),
            integrality=np.ones(a.shape[1]),
        )
        if solved.status == 0:
            return True
        assert solved.status == 2, solved.message
    return False


def test_no_small_count_of_a_table_is_left_a_single_value_where_keeping_all_back_would_not_leave_it_one():
    protected = 0
    for table in random_tables(1, TABLES):
        hidden = suppress_table(table)
        small = (table > 0) & (table < 5)
        assert hidden[small].all()
        if not small.any():
            assert not hidden.any()
            continue
        could = movable(table, np.ones(table.shape, dtype=bool))
        a, b = equations(table, hidden)
        for place, (row, column) in enumerate(np.argwhere(hidden)):
            if small[row, column] and could[row, column]:
                low, high = interval(a, b, place)
                assert high - low >= 1 - 1e-6, (table, hidden, (row, column))
                protected += 1
    assert protected > TABLES


def test_what_is_said_to_be_movable_is_what_an_integer_program_can_move():
    """Of any counts kept back, not only those the rule chooses: both answers must occur."""
    rng = np.random.default_rng(2)
    answers = {True: 0, False: 0}
    for table in random_tables(3, 250):
        hidden = rng.random(table.shape) < 0.6
        if not hidden.any():
            continue
        a, b = equations(table, hidden)
        found = movable(table, hidden)
        assert not found[~hidden].any()
        for place, (row, column) in enumerate(np.argwhere(hidden)):
            possible = other_count(a, b, place, table[row, column])
            assert found[row, column] == possible, (table, hidden, (row, column))
            answers[possible] += 1
    assert min(answers.values()) > 100


@pytest.mark.parametrize("known", ["rows", "columns"])
def test_a_total_that_is_not_known_is_no_equation(known):
    rng = np.random.default_rng(4)
    for table in random_tables(5, 150):
        hidden = rng.random(table.shape) < 0.5
        if not hidden.any():
            continue
        a, b = equations(table, hidden)
        rows = len(table)
        a, b = (a[:rows], b[:rows]) if known == "rows" else (a[rows:], b[rows:])
        found = movable(table, hidden, rows_known=known == "rows", columns_known=known == "columns")
        for place, (row, column) in enumerate(np.argwhere(hidden)):
            assert found[row, column] == other_count(a, b, place, table[row, column])


def test_the_lines_of_a_table_are_each_as_safe_as_a_line_alone():
    for table in random_tables(6, 500):
        hidden = suppress_table(table)
        for lines, kept in ((table, hidden), (table.T, hidden.T)):
            assert (suppress(lines, also=kept) == kept).all()


def test_a_line_looked_at_with_what_is_kept_back_elsewhere_holds_two_at_least():
    assert suppress([40, 9, 60], also=[True, False, False]).tolist() == [True, True, False]
    assert suppress([40, 0, 0], also=[True, False, False]).tolist() == [True, True, False]


def test_rounding_moves_no_count_by_more_than_half_the_base_and_is_the_same_every_time():
    counts = np.arange(0, 2000)
    for base in (2, 3, 5, 10):
        rounded = round_to(counts, base)
        assert (rounded % base == 0).all()
        assert (np.abs(rounded - counts) <= base / 2).all()
        assert rounded[0] == 0
        assert (np.diff(rounded) >= 0).all()
    assert round_to([5, 15], 10).tolist() == [10, 20]  # halves up


def test_rounded_parts_do_not_give_their_total():
    parts = np.array([3, 3, 3])
    assert round_to(parts).sum() == 15
    assert round_to(parts.sum()) == 10


@pytest.mark.parametrize(
    ("counts", "base", "message"), [([1], 1, "a base of 2 or more"), ([-1], 5, "whole counts")]
)
def test_rounding_refuses_what_it_cannot_round(counts, base, message):
    with pytest.raises(ValueError, match=message):
        round_to(counts, base)


def test_a_table_has_two_axes():
    with pytest.raises(ValueError, match="rows and columns; got 1 axes"):
        suppress_table([1, 2])
    assert suppress_table(np.zeros((0, 3))).shape == (0, 3)
