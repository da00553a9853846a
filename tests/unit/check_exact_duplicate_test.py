"""Two rows that say the same may be two people searched at once: both stay, the second is flagged."""

from intake_sample import batch, stop, stops
from openpeel.intake.checks.exact_duplicate import check


def test_the_second_and_each_later_row_is_counted():
    (defect,) = check(batch([stop(), stop(), stop(), *stops(3)]))
    assert (defect.check, defect.rows) == ("exact_duplicate", 2)
    assert defect.message == "2 of 6 rows (33%) repeat an earlier row exactly"


def test_a_single_one_among_many_is_not_rounded_to_none():
    (defect,) = check(batch([stop(), stop(), *stops(300)]))
    assert defect.message == "1 of 302 rows (under 1%) repeats an earlier row exactly"


def test_rows_that_differ_are_no_duplicates():
    assert check(batch([stop(), stop(gender="Female"), stop(gender="")])) == []
