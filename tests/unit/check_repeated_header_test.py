"""A header among the records shows that files were put one after the other."""

from intake_sample import batch, stops
from openpeel.intake.checks.repeated_header import check


def test_each_header_among_the_records_is_counted():
    (defect,) = check(batch(stops(3), repeated_headers=11))
    assert (defect.check, defect.rows) == ("repeated_header", 11)
    assert defect.message == "the header stands again 11 times among the records"


def test_a_single_one_is_spoken_of_as_one():
    assert check(batch(stops(3), repeated_headers=1))[0].message.endswith("again 1 time among the records")


def test_a_file_with_one_header_is_as_it_should_be():
    assert check(batch(stops(3))) == []
