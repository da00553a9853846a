"""A month that is far from the force's own past is asked about, by what the force usually has in that month."""

import pytest

from check_sample import HERTS, beside, months
from openpeel.intake.checks.unlike_own_past import check

STEADY = (100, 104, 97, 101, 99, 103, 98, 100, 102, 96, 101, 100)


def of(counts, *asked, **settings):
    return check(beside({HERTS: counts}, *asked), **settings)


@pytest.mark.parametrize(("count", "odd"), [(100, False), (130, False), (250, True), (20, True), (0, True)])
def test_many_more_or_far_fewer_records_than_ever_are_odd(count, odd):
    assert bool(of(months(2020, *STEADY, count), "2021-01")) is odd


def test_the_count_and_the_usual_one_are_told():
    (defect,) = of(months(2020, *STEADY, 250), "2021-01")
    assert (defect.check, defect.rows) == ("unlike_own_past", 250)
    assert defect.message == (
        "the number of records is unlike the force's own past: 250 in 2021-01 against 100 usually"
    )


def test_too_short_a_past_says_nothing():
    assert of(months(2020, *STEADY[:11], 900), "2020-12") == []
    assert of(months(2020, *STEADY[:6], 900), "2020-07", months=6)


def test_what_happens_every_december_is_not_odd_and_its_absence_is():
    year = (*STEADY[:11], 300)
    assert of(months(2018, *year, *year, *STEADY[:11], 310), "2020-12") == []
    assert of(months(2018, *year, *year, *STEADY[:11], 100), "2020-12")
    assert of(months(2018, *year, *year, *STEADY[:10], 300), "2020-11")


def test_counts_that_never_changed_may_vary_by_chance():
    assert of(months(2020, *[100] * 12, 115), "2021-01") == []
    assert of(months(2020, *[100] * 12, 140), "2021-01")
    assert of(months(2020, *[0] * 12, 3), "2021-01") == []


def test_tallies_that_take_more_away_than_there_is_are_compared_too():
    assert of(months(2020, *[-5] * 12, -6), "2021-01") == []
    assert of(months(2020, *[-5] * 12, 60), "2021-01")


def test_one_odd_month_in_the_past_does_not_make_others_odd_or_hide_them():
    past = (*STEADY[:5], 9_000, *STEADY[6:])
    assert of(months(2020, *past, 100), "2021-01") == []
    assert of(months(2020, *past, 250), "2021-01")


def test_only_the_latest_past_counts():
    assert of(months(2016, *[1_000] * 36, *STEADY * 3, 100), "2022-01") == []


def test_each_month_of_a_year_is_compared_with_those_before_it_and_the_first_few_are_told():
    growing = [10**i for i in range(4, 12)]
    (defect,) = of(months(2020, *STEADY, *growing), *months(2021, *range(12)))
    assert defect.rows == sum(growing)
    assert defect.message.count(" against ") == 6
    assert defect.message.endswith(" usually, and 2 more")


def test_what_came_later_is_no_past():
    assert of({"2020-01": 900, **months(2021, *STEADY)}, "2020-01") == []


def test_a_standard_may_ask_for_more():
    assert of(months(2020, *STEADY, 130), "2021-01", z=2.5)
