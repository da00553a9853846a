"""A tally may take records away, as corrections do, and that is said."""

from datetime import date

from check_sample import made_up
from openpeel.intake.checks.tally_negative import check


def batch(*tally, days=None):
    days = days or [date(2021, 3, 5)] * len(tally)
    return made_up({"line": ("text", ["101"] * len(tally))}, tally=list(tally), days=days)


def test_rows_below_0_are_counted():
    (defect,) = check(batch(5, -2, 0, -1))
    assert (defect.check, defect.rows) == ("tally_negative", 2)
    assert defect.message == "2 of 4 rows (50%) have a 'Number of records' below 0"


def test_a_month_of_which_more_is_taken_away_than_there_is_is_named():
    (defect,) = check(batch(1, -2, days=[date(2021, 2, 5), date(2021, 3, 5)]))
    assert defect.message == (
        "1 of 2 rows (50%) has a 'Number of records' below 0; all rows together come to less than 0 in 2021-03"
    )


def test_records_and_tallies_of_nothing_take_nothing_away():
    assert check(batch(1, 0, 7)) == []
