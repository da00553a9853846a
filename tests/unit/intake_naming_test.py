"""What a file's name says, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpeel.errors import UseError
from openpeel.intake.naming import force_in_name, month_in_name, parse_months
from openpeel.reference.forces import all_forces, find_force
from openpeel.reference.periods import Month

months = st.builds(Month, st.integers(2010, 2099), st.integers(1, 12))
kinds = st.sampled_from(["stop-and-search", "street", "outcomes"])


@given(force=st.sampled_from(all_forces()), month=months, kind=kinds, upper=st.booleans())
def test_the_publishers_names_say_force_and_month(force, month, kind, upper):
    name = f"{month}-{force.slug}-{kind}.csv"
    name = name.upper() if upper else name
    assert force_in_name(name) == force
    assert month_in_name(name) == month


@given(force=st.sampled_from(all_forces()), month=months, mark=st.sampled_from(["_", " ", ".", "--"]))
def test_other_marks_and_another_order_say_the_same(force, month, mark):
    name = f"{force.slug.replace('-', mark)}{mark}stops{mark}{month}.json"
    assert (force_in_name(name), month_in_name(name)) == (force, month)


@pytest.mark.parametrize(
    "name",
    [
        "stops-Jan2023.json",
        "WMPstopandsearchJun16Jun17.csv",
        "kentish-town-2021-03.csv",  # a place in London, no force
        "yorkshire-2021-03.csv",  # which of four?
        "2021-03-kent-and-essex.csv",  # two forces
        "",
    ],
)
def test_a_name_that_does_not_say_just_one_force_says_none(name):
    assert force_in_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "kent-2021.csv",
        "kent-2021-13.csv",
        "kent-2021-00.csv",
        "kent-2021-3.csv",
        "kent-2021-03-31.csv",  # a day: of the extract, more often than of the records
        "kent-2021-03-1.csv",
        "kent-12021-03.csv",
        "kent-2020-04-2021-03.csv",  # two months
        "kent-2020-04-to-2021-03.csv",
        "kent-202103.csv",
    ],
)
def test_a_name_that_does_not_say_just_one_month_says_none(name):
    assert month_in_name(name) is None


def test_the_same_month_twice_is_one_month():
    assert month_in_name("2021-03-kent-2021-03.csv") == Month(2021, 3)


@given(first=months, more=st.integers(0, 30))
def test_a_span_of_months_is_all_of_them_in_order(first, more):
    expected = [first]
    for _ in range(more):
        expected.append(expected[-1].next())
    assert parse_months(f"{expected[0]}..{expected[-1]}") == tuple(expected)


def test_a_single_month_is_a_span_of_one():
    assert parse_months("2021-03") == (Month(2021, 3),)


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(
        UseError, match=r"'2021-03..2020-04' ends before it begins. Write the earlier month first"
    ):
        parse_months("2021-03..2020-04")


@pytest.mark.parametrize("text", ["", "2021", "2021-3", "2021-13", "2021-03..", "..2021-03", "2021-03-31"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(UseError, match=r"expected a month"):
        parse_months(text)


def test_each_slug_names_its_force_and_no_other():
    for force in all_forces():
        assert force_in_name(force.slug) == find_force(force.slug)
