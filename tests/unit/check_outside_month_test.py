"""A search that is dated outside the months of its return is counted where it is dated, and pointed out."""

from intake_sample import batch, stop
from openpeel.intake.checks.outside_month import check


def test_a_search_on_the_evening_before_the_month_is_pointed_out():
    (defect,) = check(batch([stop("2021-02-28T23:30:00+00:00"), stop(), stop()]))
    assert (defect.check, defect.rows) == ("outside_month", 1)
    assert defect.message == (
        "1 of 3 rows (33%) is dated outside the months of the return, and counted in the month printed"
    )


def test_the_printed_date_decides_and_no_offset_is_applied():
    assert check(batch([stop("2021-03-31T23:30:00-05:00"), stop("2021-03-01T00:00:00+01:00")])) == []


def test_each_month_of_a_longer_return_is_inside():
    rows = [stop("2021-02-10T10:00:00"), stop("2021-03-10T10:00:00"), stop("2021-04-10T10:00:00")]
    assert check(batch(rows, "2021-02", "2021-03"))[0].rows == 1
    assert check(batch(rows, "2021-02", "2021-03", "2021-04")) == []
