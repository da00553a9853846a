"""A month in which a force has far more or fewer records for its population than others is asked about."""

import pytest

from check_sample import HERTS, beside
from openpeel.intake.checks.unlike_other_forces import check
from openpeel.reference.forces import find_force, forces
from openpeel.reference.populations import mid_year_population

PEOPLE = mid_year_population(2020).by_force


def others(number=20, rate=30, month="2021-03"):
    """Forces with rates per 100,000 around the one that is asked for."""
    chosen = [f.code for f in forces() if f.code not in (HERTS, "E23000034")][:number]
    return {
        code: {month: round(PEOPLE[code] * (rate + i % 5 - 2) / 100_000)} for i, code in enumerate(chosen)
    }


def own(rate, month="2021-03"):
    return {HERTS: {month: round(PEOPLE[HERTS] * rate / 100_000)}}


@pytest.mark.parametrize(("rate", "odd"), [(30, False), (34, False), (90, True), (3, True), (0, True)])
def test_a_rate_far_from_those_of_the_others_is_odd(rate, odd):
    assert bool(check(beside({**others(), **own(rate)}, "2021-03"))) is odd


def test_the_rates_are_told():
    (defect,) = check(beside({**others(), **own(90)}, "2021-03"))
    assert (defect.check, defect.rows) == ("unlike_other_forces", own(90)[HERTS]["2021-03"])
    assert defect.message == (
        "the number of records per 100,000 people is unlike that of other forces: 90.0 in 2021-03 against 30.0 "
        "in the middle"
    )


def test_the_people_are_those_of_the_time_of_the_records():
    people = mid_year_population(2022).by_force
    compared = [f.code for f in forces() if f.code not in (HERTS, "E23000034")]
    counts = {code: {"2022-10": round(people[code] * 30 / 100_000)} for code in compared}
    counts[HERTS] = {"2022-10": round(people[HERTS] * 90 / 100_000)}
    (defect,) = check(beside(counts, "2022-10"))
    assert "90.0 in 2022-10 against 30.0" in defect.message


def test_too_few_other_forces_say_nothing():
    assert check(beside({**others(9), **own(90)}, "2021-03")) == []
    assert check(beside({**others(9), **own(90)}, "2021-03"), forces=9)


def test_other_months_of_other_forces_say_nothing():
    assert check(beside({**others(month="2021-02"), **own(90)}, "2021-03")) == []


def test_where_few_live_nobody_is_compared():
    city = find_force("city-of-london").code
    counts = {**others(), city: {"2021-03": 5_000}}
    held = beside(counts, "2021-03")
    assert check(type(held)(held.standard, city, held.months, counts)) == []
    assert check(beside({**others(9), city: {"2021-03": 1}, **own(90)}, "2021-03")) == []


def test_a_force_whose_residents_nobody_counted_is_not_compared():
    held = beside({**others(), "BTP": {"2021-03": 5}}, "2021-03")
    assert check(type(held)(held.standard, "BTP", held.months, held.counts)) == []


def test_few_records_vary_by_chance():
    assert check(beside({**others(rate=2), **own(2.8)}, "2021-03")) == []
