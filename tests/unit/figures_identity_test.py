"""The id of a figure can be read back, and only an id can."""

from datetime import date

import pytest

from openpeel.errors import UseError
from openpeel.figures.identity import figure_id, parse_figure_id
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period

HERTS = find_force("hertfordshire")
YEAR = Period.year_ending(date(2021, 3, 31))


def test_an_id_says_measure_force_period_group_and_release():
    made = figure_id("outcome", HERTS, YEAR, "arrest", "0123456789abcdef", {"value": 1.5})
    assert made.startswith("outcome.hertfordshire.2020-04.2021-03.arrest.01234567.")
    read = parse_figure_id(made)
    assert (read.measure, read.force, read.period, read.group, read.release) == (
        "outcome",
        HERTS,
        YEAR,
        "arrest",
        "01234567",
    )


def test_a_measure_without_groups_is_of_all():
    made = figure_id("searches", HERTS, YEAR, None, "0123456789abcdef", {})
    assert parse_figure_id(made).group is None


def test_the_last_digit_of_a_value_is_in_the_digest():
    one = figure_id("searches", HERTS, YEAR, None, "0123456789abcdef", {"value": 0.1 + 0.2})
    other = figure_id("searches", HERTS, YEAR, None, "0123456789abcdef", {"value": 0.3})
    assert one != other


def test_releases_whose_ids_begin_alike_do_not_share_figures():
    one = figure_id("searches", HERTS, YEAR, None, "01234567aaaaaaaa", {})
    other = figure_id("searches", HERTS, YEAR, None, "01234567bbbbbbbb", {})
    assert one != other


@pytest.mark.parametrize(
    "text",
    ["", "searches", "a.b.c.d.e.f.g", "searches.hertfordshire.2020-13.2021-03.all.01234567.0123456789"],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(UseError):
        parse_figure_id(text)
