"""A column that the file does not have is blank in every row, and that is said."""

from check_sample import made_up
from openpeel.intake.checks.left_out_column import check

COLUMNS = {"line": ("text", ["101", "999"]), "shift": ("text", ["", ""])}


def test_each_column_that_is_not_in_the_file_is_named():
    (defect,) = check(made_up(COLUMNS, left_out=("line", "shift")))
    assert (defect.check, defect.rows) == ("left_out_column", 2)
    assert defect.message == "2 columns are not in the file and count as blank: 'Line', 'Shift'"


def test_a_single_one_is_spoken_of_as_one():
    assert check(made_up(COLUMNS, left_out=("shift",)))[0].message == (
        "1 column is not in the file and counts as blank: 'Shift'"
    )


def test_a_file_with_every_column_is_not_asked_about():
    assert check(made_up(COLUMNS)) == []
