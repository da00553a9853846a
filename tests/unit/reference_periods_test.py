from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpeel.errors import UseError
from openpeel.reference.periods import Month, Period

any_month = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


def test_a_month_is_written_and_read_the_same_way() -> None:
    assert str(Month(2021, 3)) == "2021-03"
    assert Month.parse("2021-03") == Month(2021, 3)
    assert Month.of(date(2021, 3, 31)) == Month(2021, 3)


@pytest.mark.parametrize(
    "text", ["2021-13", "2021-00", "2021-3", "03-2021", "2021/03", "2021-03-01", "", "٢٠٢١-٠٣"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UseError, match="expected a month"):
        Month.parse(text)


def test_february_is_longer_in_a_leap_year() -> None:
    assert Month(2024, 2).end == date(2024, 2, 29)
    assert Month(2023, 2).end == date(2023, 2, 28)
    assert Month(2000, 2).end == date(2000, 2, 29)
    assert Month(2100, 2).end == date(2100, 2, 28)


def test_january_follows_december() -> None:
    assert Month(2020, 12).next() == Month(2021, 1)
    assert Month(2020, 12) < Month(2021, 1)


@given(any_month)
def test_the_next_month_begins_on_the_day_after_this_one_ends(month: Month) -> None:
    assert month.end + timedelta(days=1) == month.next().start
    assert Month.parse(str(month)) == month
    assert month < month.next()


def test_the_year_ending_31_march_2021_began_on_1_april_2020() -> None:
    year = Period.year_ending(date(2021, 3, 31))
    assert str(year) == "2020-04-01..2021-03-31"
    assert year.label == "the year ending 31 March 2021"
    assert year.months() == (*(Month(2020, n) for n in range(4, 13)), *(Month(2021, n) for n in range(1, 4)))


def test_a_year_ending_in_december_is_the_calendar_year() -> None:
    assert Period.year_ending(date(2021, 12, 31)) == Period(date(2021, 1, 1), date(2021, 12, 31))


def test_a_year_that_ends_in_february_of_a_leap_year_ends_on_the_29th() -> None:
    assert Period.year_ending(date(2024, 2, 29)).start == date(2023, 3, 1)
    assert Period.year_ending(date(2025, 2, 28)).start == date(2024, 3, 1)
    with pytest.raises(UseError, match="2024-02-29, got 2024-02-28"):
        Period.year_ending(date(2024, 2, 28))


@given(any_month)
def test_a_year_has_twelve_months_and_365_or_366_days(month: Month) -> None:
    year = Period.year_ending(month.end)
    assert len(year.months()) == 12
    assert (year.end - year.start).days + 1 in (365, 366)
    assert year.label.startswith("the year ending ")


def test_a_financial_year_runs_from_april_to_march() -> None:
    assert str(Period.financial_year("2022/23")) == "2022-04-01..2023-03-31"
    assert str(Period.financial_year("1999/00")) == "1999-04-01..2000-03-31"


@pytest.mark.parametrize("text", ["2022/24", "2022/22", "2022-23", "2022", "22/23", "2022/2023", ""])
def test_what_is_no_financial_year_is_refused(text: str) -> None:
    with pytest.raises(UseError, match="expected a financial year such as '2022/23'"):
        Period.financial_year(text)


def test_one_month_and_half_a_year_are_named_in_words() -> None:
    assert Period.month(Month(2021, 3)).label == "March 2021"
    assert Period(date(2020, 4, 1), date(2020, 9, 30)).label == "1 April 2020 to 30 September 2020"


def test_two_years_are_not_called_a_year() -> None:
    assert Period(date(2019, 4, 1), date(2021, 3, 31)).label == "1 April 2019 to 31 March 2021"


def test_a_year_that_begins_within_a_month_is_not_called_a_year() -> None:
    assert Period(date(2020, 4, 2), date(2021, 4, 1)).label == "2 April 2020 to 1 April 2021"
    assert Period(date(2021, 3, 1), date(2021, 3, 30)).label == "1 March 2021 to 30 March 2021"


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2020, 4, 2), date(2021, 3, 31)), (date(2020, 4, 1), date(2021, 3, 30))],
)
def test_a_period_cut_within_a_month_has_no_list_of_months(start: date, end: date) -> None:
    with pytest.raises(UseError, match=r"whole months around it are 2020-04-01\.\.2021-03-31"):
        Period(start, end).months()


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(UseError, match=r"2021-03-01\.\.2021-02-28"):
        Period(date(2021, 3, 1), date(2021, 2, 28))


@given(any_month, any_month)
def test_the_months_of_a_period_are_in_order_without_gaps(one: Month, other: Month) -> None:
    first, last = min(one, other), max(one, other)
    months = Period(first.start, last.end).months()
    assert months[0] == first
    assert months[-1] == last
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1
    assert list(months) == sorted(set(months))


def test_periods_sort_by_start_then_end() -> None:
    march, year = Period.month(Month(2021, 3)), Period.year_ending(date(2021, 3, 31))
    assert sorted([march, year]) == [year, march]
