"""Records that say they were made up are counted, so that nobody takes them for real ones."""

from intake_sample import batch, stop, stops
from openpeel.intake.checks.invented import check

MARK = "Invented for demonstration"


def test_records_that_carry_the_mark_are_counted():
    rows = [stop(operation_name=MARK)] * 2 + stops(2)
    (defect,) = check(batch(rows), column="operation_name", mark=MARK)
    assert (defect.check, defect.rows) == ("invented", 2)
    assert defect.message == "2 of 4 rows (50%) are invented for demonstration"


def test_a_single_one_is_spoken_of_as_one():
    (defect,) = check(batch([stop(operation_name=MARK)]), column="operation_name", mark=MARK)
    assert defect.message == "1 of 1 rows (100%) is invented for demonstration"


def test_another_operation_is_not_the_mark():
    assert check(batch([stop(operation_name="Operation Example")]), column="operation_name", mark=MARK) == []
