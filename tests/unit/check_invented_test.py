"""Records that say they were made up are counted, so that nobody takes them for real ones."""

from dataclasses import replace

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


def test_a_file_whose_name_says_so_is_invented_throughout_in_any_standard():
    for name in (
        "invented-kent-call.parquet",
        "returns/invented-kent-call.parquet",
        "all.zip!invented-kent.csv",
    ):
        (defect,) = check(replace(batch(stops(3)), files=("2021-03-kent.csv", name)))
        assert (defect.check, defect.rows) == ("invented", 3)
    assert check(replace(batch(stops(3)), files=("reinvented-kent-call.parquet",))) == []
