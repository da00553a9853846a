"""A file is recognised by its header alone; one that is nearly right is told what it lacks and has too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_sample import CRIME, OUTCOME, STOP
from openpeel.errors import DataError
from openpeel.intake.layouts import column_order, layouts, recognise
from openpeel.intake.police_api import HEADER
from openpeel.standards import load_standard, standard_ids

HEADERS = {"stop_search": list(STOP), "crime": list(CRIME), "outcome": list(OUTCOME)}


@pytest.mark.parametrize("standard", HEADERS)
def test_a_header_is_recognised_as_the_publisher_prints_it(standard):
    assert recognise(HEADERS[standard], name="a.csv").standard == standard


@given(data=st.data(), standard=st.sampled_from(sorted(HEADERS)))
def test_columns_may_stand_in_any_order_and_be_capitalised_and_spaced_in_any_way(data, standard):
    header = [
        data.draw(st.sampled_from([t, t.upper(), t.lower(), f" {t} ", t.replace(" ", "  ")]))
        for t in data.draw(st.permutations(HEADERS[standard]))
    ]
    layout = recognise(header, name="a.csv")
    assert layout.standard == standard
    titles = {c.name: c.title for c in load_standard(standard).columns}
    for name, position in column_order(layout, header):
        assert " ".join(header[position].split()).casefold() == titles[name].casefold()


def test_street_crime_without_context_is_recognised_and_context_is_nowhere():
    header = [t for t in CRIME if t != "Context"]
    layout = recognise(header, name="a.csv")
    assert dict(column_order(layout, header))["context"] is None


def test_the_columns_the_api_is_read_into_are_those_of_the_files():
    assert recognise(HEADER, name="a.json").standard == "stop_search"


def test_each_standard_has_a_layout():
    assert sorted(layout.standard for layout in layouts()) == list(standard_ids())


def refused(header):
    with pytest.raises(DataError) as caught:
        recognise(header, name="a.csv")
    assert caught.value.where == "a.csv"
    return str(caught.value)


def test_a_near_miss_says_what_is_missing_and_what_is_too_much():
    header = [*[t for t in STOP if t not in ("Gender", "Outcome")], "Sex", ""]
    assert refused(header) == (
        "a.csv: the header is nearly that of 'Stop and search', but lacks 'Gender', 'Outcome' and has 'Sex', "
        "a column without a title. The layouts are listed in docs/reference/layouts.md."
    )


@pytest.mark.parametrize("standard", HEADERS)
def test_a_header_that_lacks_one_column_is_compared_with_the_layout_it_comes_nearest_to(standard):
    for title in HEADERS[standard]:
        if title == "Context":
            continue
        said = refused([t for t in HEADERS[standard] if t != title])
        assert f"nearly that of '{load_standard(standard).title}', but lacks '{title}'." in said


def test_many_and_long_titles_are_told_short():
    said = refused([*STOP, *[f"{i} " + "x" * 5_000 for i in range(9)]])
    assert "and 4 more" in said
    assert len(said) < 600


@pytest.mark.parametrize("header", [["Force", "Arrests", "Year"], [""], ["Type", "Date"]])
def test_a_header_of_something_else_is_refused(header):
    assert f"the header has {len(header)} columns, few of which are of a layout known here" in refused(header)


def test_a_file_without_a_header_does_not_have_its_first_record_told():
    said = refused(list(STOP.values()))
    assert not any(cell in said for cell in STOP.values() if cell)


@pytest.mark.parametrize("again", ["date", "DATE", " Date"])
def test_a_title_that_stands_twice_is_refused_however_it_is_written(again):
    assert "the header has 'Date' more than once" in refused([*STOP, again])
