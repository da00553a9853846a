"""What happened later is not dated earlier; days and times are compared by what both of them say."""

from datetime import date, datetime

from check_sample import made_up
from openpeel.intake.checks.dates_in_order import check


def at(hour, day=5):
    return datetime(2021, 3, day, hour)


def found(*columns, **types):
    names = [f"t{i}" for i in range(len(columns))]
    kinds = types.get("types", ["timestamp"] * len(columns))
    batch = made_up({n: (k, values) for n, k, values in zip(names, kinds, columns, strict=True)})
    return check(batch, columns=tuple(names))


def test_a_time_before_the_one_it_should_follow_is_counted():
    (defect,) = found([at(1), at(2), at(3)], [at(1), at(1), at(4)])
    assert (defect.check, defect.rows) == ("dates_in_order", 1)
    assert defect.message == "'T1' is before 'T0' in 1 of 3 rows (33%)"


def test_each_time_is_compared_with_all_before_it_also_where_those_between_are_blank():
    first, second = found([at(3), at(3)], [at(2), None], [at(4), at(1)])
    assert first.message == "'T1' is before 'T0' in 1 of 2 rows (50%)"
    assert second.message == "'T2' is before 'T0' in 1 of 2 rows (50%)"
    (both,) = found([at(3), at(1)], [at(3), at(3)], [at(2), at(2)])
    assert (both.rows, both.message) == (2, "'T2' is before 'T0' or 'T1' in 2 of 2 rows (100%)")


def test_what_is_blank_is_in_no_order():
    assert found([at(3), None, None], [None, at(1), None]) == []


def test_a_day_is_not_before_a_time_on_it():
    assert found([at(14)], [date(2021, 3, 5)], types=["timestamp", "date"]) == []
    assert found([at(14)], [date(2021, 3, 4)], types=["timestamp", "date"])[0].rows == 1


def test_a_month_is_not_before_a_day_in_it():
    assert found([date(2021, 3, 5)], [date(2021, 3, 1)], types=["date", "month"]) == []
    assert found([date(2021, 3, 5)], [date(2021, 2, 1)], types=["date", "month"])[0].rows == 1
