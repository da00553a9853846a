"""A total that is not the sum of its parts is asked about; where a part is not known there is nothing to ask."""

from check_sample import made_up
from openpeel.intake.checks.adds_up import check

NAMES = ("offered", "answered", "given_up", "cut_off")
SETTINGS = {"total": "offered", "parts": NAMES[1:]}


def batch(*rows, kind="number"):
    return made_up({name: (kind, [row[i] for row in rows]) for i, name in enumerate(NAMES)})


def test_a_total_that_is_not_the_sum_is_counted():
    (defect,) = check(batch((3, 1, 1, 1), (3, 1, 1, 0), (0, 0, 0, 1), kind="whole"), **SETTINGS)
    assert (defect.check, defect.rows) == ("adds_up", 2)
    assert (
        defect.message
        == "'Offered' is not the sum of 'Answered', 'Given up' and 'Cut off' in 2 of 3 rows (67%)"
    )


def test_what_is_blank_cannot_be_added():
    assert check(batch((3, 1, None, 1), (None, 1, 1, 1)), **SETTINGS) == []


def test_means_that_were_rounded_add_up_and_a_real_difference_does_not():
    assert check(batch((1.33, 0.67, 0.67, 0), (1e12, 1e12, 0.3, 0)), **SETTINGS) == []
    assert check(batch((1.33, 0.67, 0.67, 0.1)), **SETTINGS)[0].rows == 1


def test_a_single_part_is_compared_as_it_is():
    (defect,) = check(batch((3, 1, 1, 1)), total="offered", parts=("answered",))
    assert defect.message == "'Offered' is not the sum of 'Answered' in 1 of 1 rows (100%)"
