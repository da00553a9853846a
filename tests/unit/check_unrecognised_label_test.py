"""A label of no list is counted by column; it is not told, since the column may be personal."""

from intake_sample import batch, stops
from openpeel.intake.checks.unrecognised_label import check


def test_they_are_counted_by_column():
    first, second = check(batch(stops(4), unrecognised={"outcome": 1, "gender": 2, "legislation": 0}))
    assert (first.check, first.rows, second.rows) == ("unrecognised_label", 2, 1)
    assert first.message == "'Gender' holds a label of no known list in 2 of 4 rows (50%)"
    assert second.message == "'Outcome' holds a label of no known list in 1 of 4 rows (25%)"


def test_known_labels_are_as_they_should_be():
    assert check(batch(stops(4))) == []
