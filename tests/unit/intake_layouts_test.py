"""A file is recognised by its header alone; one that is nearly right is told what it lacks and has too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_sample import CRIME, OUTCOME, STOP
from openpeel.errors import DataError
from openpeel.intake.layouts import Misfit, column_order, layouts, left_out, match, recognise
from openpeel.intake.police_api import HEADER
from openpeel.standards import load_standard, plain, standard_ids

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


def test_each_standard_has_a_layout_by_its_titles_and_one_by_its_names():
    assert sorted({layout.standard for layout in layouts()}) == list(standard_ids())
    for standard in map(load_standard, standard_ids()):
        by_title, by_name = (x for x in layouts() if x.standard == standard.id)
        assert [title for title, _ in by_title.columns] == [c.title for c in standard.columns]
        assert [title for title, _ in by_name.columns] == [c.name for c in standard.columns]
        assert by_title.published == (standard.id in HEADERS)


OWN = [i for i in standard_ids() if i not in HEADERS]


@pytest.mark.parametrize("standard", standard_ids())
@pytest.mark.parametrize("spelling", ["title", "name"])
def test_the_whole_header_of_each_standard_is_that_of_no_other_with_or_without_a_tally(standard, spelling):
    header = [getattr(c, spelling) for c in load_standard(standard).columns]
    for tally in ([], ["Number of records"], ["tally"]):
        found = recognise([*tally, *header], name="a.csv")
        assert found.standard == standard
        order = dict(column_order(found, [*tally, *header]))
        assert order.get("tally") == (0 if tally else None)
        assert [order[c.name] for c in load_standard(standard).columns] == list(
            range(len(tally), len(header) + len(tally))
        )


@pytest.mark.parametrize("standard", standard_ids())
def test_no_title_of_a_standard_is_that_of_its_tallies_or_the_name_of_another_of_its_columns(standard):
    columns = load_standard(standard).columns
    assert not {plain(c.title) for c in columns} & {"number of records", "tally"}
    assert [
        c.name for c in columns for other in columns if other is not c and plain(other.title) == c.name
    ] == []


@given(data=st.data(), standard=st.sampled_from(OWN))
def test_a_standards_own_layout_may_lack_what_is_not_required_if_it_can_be_no_other(data, standard):
    columns = load_standard(standard).columns
    left = data.draw(st.sets(st.sampled_from([c for c in columns if not c.required] or [None])))
    header = [c.title for c in columns if c not in left]
    found = match(header)
    if isinstance(found, Misfit):
        assert found.said.startswith("the header could be that of '")
        assert found.advice == "Add the other columns of the one that is meant; they may be blank."
        others = [x for x in layouts() if x.needed <= {plain(t) for t in header} <= x.names.keys()]
        assert len({x.standard for x in others}) > 1
        return
    assert found.standard == standard
    assert left_out(found, header) == tuple(c.name for c in columns if c in left)
    assert [name for name, position in column_order(found, header) if position is None] == list(
        left_out(found, header)
    )


@pytest.mark.parametrize("standard", OWN)
def test_what_is_required_may_not_be_left_out(standard):
    for column in load_standard(standard).columns:
        header = [c.title for c in load_standard(standard).columns if c is not column]
        if column.required:
            assert (
                f"nearly that of '{load_standard(standard).title}', but lacks '{column.title}'."
                in refused(header)
            )
        else:
            assert recognise(header, name="a.csv").standard == standard


@pytest.mark.parametrize("standard", HEADERS)
def test_what_a_publisher_leaves_out_is_not_asked_about(standard):
    header = [t for t in HEADERS[standard] if t != "Context"]
    assert left_out(recognise(header, name="a.csv"), header) == ()


@pytest.mark.parametrize("standard", OWN)
def test_a_column_of_somebodys_own_is_too_much(standard):
    header = [c.title for c in load_standard(standard).columns]
    assert "but has 'Remarks'." in refused([*header, "Remarks"])
    assert f"lacks {header[-1]!r} and has 'Remarks'." in refused([*header[:-1], "Remarks"])


def test_the_number_of_records_may_stand_there_once():
    header = [*HEADERS["stop_search"], "tally"]
    assert "the header has 'Number of records' more than once, or under two names" in refused(
        [*header, "Number of records"]
    )


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


@pytest.mark.parametrize(
    "header", [["Force", "Arrests", "Year"], [""], ["Number of records"], ["Type", "Nothing", "No"]]
)
def test_a_header_of_something_else_is_refused(header):
    assert f"the header has {len(header)} columns, few of which are of a layout known here" in refused(header)


def test_a_file_without_a_header_does_not_have_its_first_record_told():
    said = refused(list(STOP.values()))
    assert not any(cell in said for cell in STOP.values() if cell)


@pytest.mark.parametrize("again", ["date", "DATE", " Date"])
def test_a_title_that_stands_twice_is_refused_however_it_is_written(again):
    assert "the header has 'Date' more than once" in refused([*STOP, again])
