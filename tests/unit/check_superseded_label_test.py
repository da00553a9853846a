"""Labels of 2016 and 2017 mean what replaced them; that they occur is said."""

from intake_sample import batch, stops
from openpeel.intake.checks.superseded_label import check


def test_they_are_counted_by_column():
    (defect,) = check(batch(stops(4), superseded={"outcome": 4, "gender": 0}))
    assert (defect.check, defect.rows) == ("superseded_label", 4)
    assert defect.message == "'Outcome' has the labels of 2016-17 in 4 of 4 rows (100%)"


def test_labels_of_today_are_as_they_should_be():
    assert check(batch(stops(4))) == []
