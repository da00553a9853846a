"""Times with a fraction of a second are kept to the last digit and pointed out."""

from intake_sample import batch, stop, stops
from openpeel.intake.checks.fraction_of_second import check


def test_times_with_a_fraction_are_counted():
    rows = [stop("2021-03-12T14:05:00.000001+00:00"), stop("2021-03-12T14:05:00.5"), *stops(2)]
    (defect,) = check(batch(rows))
    assert (defect.check, defect.rows) == ("fraction_of_second", 2)
    assert defect.message == "2 of 4 rows (50%) have a time with a fraction of a second"


def test_one_such_time_is_spoken_of_as_one():
    (defect,) = check(batch([stop("2021-03-12T14:05:00.5")]))
    assert defect.message == "1 of 1 rows (100%) has a time with a fraction of a second"


def test_a_fraction_of_nothing_is_none():
    assert check(batch([stop("2021-03-12T14:05:00.000000+00:00"), *stops(3)])) == []
