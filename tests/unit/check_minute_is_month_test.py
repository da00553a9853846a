"""A time whose minute always equals the month was written by a wrong date format."""

from intake_sample import batch, stop
from openpeel.intake.checks.minute_is_month import check


def times(with_month, without):
    return [
        stop(f"2021-03-{i % 28 + 1:02}T10:{'03' if i < with_month else '17'}:00")
        for i in range(with_month + without)
    ]


def test_half_of_the_rows_is_too_many():
    (defect,) = check(batch(times(10, 10)), share=0.5, rows=20)
    assert (defect.check, defect.rows) == ("minute_is_month", 10)
    assert defect.message == (
        "in 10 of 20 rows (50%) the minute equals the month: the time of day cannot be relied on"
    )


def test_fewer_than_half_may_be_chance():
    assert check(batch(times(9, 11)), share=0.5, rows=20) == []


def test_a_small_return_is_not_asked_about():
    assert check(batch(times(19, 0)), share=0.5, rows=20) == []
