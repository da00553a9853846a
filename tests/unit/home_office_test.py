"""Published tables of the Home Office: what becomes of each number, and what a force's own return has to do with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from tests.intake_sample import stops, write
from tests.official_tables import (
    ARRESTS,
    OFFICERS,
    OUTCOMES,
    SEARCHES,
    arrest,
    code,
    outcome,
    row_of,
    search,
    use_of_force_sheets,
    workforce_sheets,
    write_ods,
)

from openpeel.figures.compute import compute_figures
from openpeel.intake.home_office.official_ods import meaning, split_label
from openpeel.intake.home_office.totals import Sum, difference
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import find_measure
from openpeel.measures.count import count_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def held(lake, standard, force="Kent"):
    """The returns of a force that the lake holds, by their first month."""
    return {
        key.months[0]: lake.read_return(i)
        for key, i in lake.held().items()
        if key.standard == standard and key.force == code(force)
    }


def records(lake, found):
    return pq.read_table(lake.part_path(found.key.standard, found.part)).to_pylist()


def figure(lake, measure, ending, force="Kent", name="now"):
    release, _ = create_release(lake, name, at=datetime(2022, 1, 1, tzinfo=UTC))
    wanted = [find_measure(measure)]
    period = Period.year_ending(Month.parse(ending).end)
    with open_engine("duckdb") as engine:
        counts = count_release(release, wanted, engine)
    figures = compute_figures(release, counts, period, wanted)
    return next(f for f in figures if f.force == code(force))


def reasons(report):
    return {n.name.rpartition("/")[2]: n.reason for n in report.not_taken}


def test_a_year_of_searches_is_one_return_of_all_its_months_dated_on_the_first_day(lake, tmp_path):
    load(lake, [write(tmp_path / "s.csv", [search("Kent"), search("London, City of")], SEARCHES)])

    (found,) = held(lake, "stop_search").values()
    assert found.key.months == tuple(str(m) for m in parse_months("2020-04..2021-03"))
    assert [(r["outcome"], r["tally"]) for r in records(lake, found)] == [("arrest", 3), (None, 7)]
    assert {r["date"] for r in records(lake, found)} == {datetime(2020, 4, 1)}
    assert {r["self_defined_ethnicity"] for r in records(lake, found)} == {"W1"}
    assert held(lake, "stop_search", "City of London")


def test_a_figure_of_the_whole_year_counts_it_and_says_that_it_rests_on_published_tallies(lake, tmp_path):
    load(
        lake,
        [
            write(
                tmp_path / "s.csv", [search(searches="10"), search(searches="4", reason="Firearms")], SEARCHES
            )
        ],
    )

    found = figure(lake, "searches", "2021-03")

    assert found.value == 14
    assert found.coverage.note == (
        "Rests on tallies published by the Home Office ('Police powers and procedures, stop and search: open data'), "
        "not on records."
    )


@pytest.mark.parametrize("ending", ["2020-12", "2021-04"])
def test_a_figure_that_would_cut_the_published_year_in_two_has_no_value_and_says_why(lake, tmp_path, ending):
    load(lake, [write(tmp_path / "s.csv", [search()], SEARCHES)])

    found = figure(lake, "searches", ending)

    assert found.value is None
    assert "counts April 2020 to March 2021 as one; only a part is asked for" in found.coverage.note


def test_a_figure_on_tallies_of_the_force_says_whose_they_are(lake, tmp_path):
    rows = [{**stop, "Number of records": "5"} for stop in stops(3, "2021-03")]
    load(lake, [write(tmp_path / "2021-03-kent-stop-and-search.csv", rows)])

    note = figure(lake, "searches", "2021-03").coverage.note

    assert note.startswith("Rests on tallies that the force handed in, not on single records.")


def test_a_figure_on_records_says_nothing_of_tallies(lake, tmp_path):
    load(lake, [write(tmp_path / "2021-03-kent-stop-and-search.csv", stops(3, "2021-03"))])

    assert "tallies" not in figure(lake, "searches", "2021-03").coverage.note


def test_negative_counts_stay(lake, tmp_path):
    rows = [outcome(offences="10"), outcome(offences="-3", outcome_type="18")]
    load(lake, [write(tmp_path / "o.csv", rows, OUTCOMES)])

    (found,) = held(lake, "recorded_crime").values()

    assert found.key.months == ("2020-04", "2020-05", "2020-06")
    assert [r["tally"] for r in records(lake, found)] == [10, -3]
    assert "tally_negative" in [d.check for d in found.defects]


def test_a_suppressed_number_is_no_zero_and_stands_in_the_account_with_its_place(lake, tmp_path):
    rows = [arrest(arrests="10"), arrest(arrests="*", sex="Female")]
    report = load(lake, [write(tmp_path / "a.csv", rows, ARRESTS)])

    (found,) = held(lake, "arrest").values()

    assert (found.rows, found.accepted, found.rejected, found.not_given) == (2, 1, 0, 1)
    assert [r["tally"] for r in records(lake, found)] == [10]
    told = next(d for d in found.defects if d.check == "suppressed")
    assert told.message == "1 number suppressed by the publisher: the first in row 3, column 'arrests'"
    assert (
        lake.not_given_path(found.id)
        .read_text()
        .splitlines()[1]
        .endswith("a.csv,3,arrests,a number,suppressed by the publisher")
    )
    assert not report.wrong
    note = figure(lake, "arrests_per_1000", "2021-03").coverage.note
    assert note.endswith("1 of the 2 numbers are not given and count nothing.")


@pytest.mark.parametrize(
    ("mark", "check"), [("*", "suppressed"), ("..", "not_available"), ("NA", "not_given"), ("", "not_given")]
)
def test_marks_for_different_reasons_are_told_apart(lake, tmp_path, mark, check):
    rows = [arrest(), arrest(arrests=mark, sex="Female")]
    load(lake, [write(tmp_path / "a.csv", rows, ARRESTS)])

    (found,) = held(lake, "arrest").values()

    assert [d.check for d in found.defects] == ["published_table", check]


def test_a_force_of_which_nothing_is_given_has_no_return_that_would_count_as_none(lake, tmp_path):
    report = load(lake, [write(tmp_path / "a.csv", [arrest("Kent"), arrest("Surrey", arrests="*")], ARRESTS)])

    assert not held(lake, "arrest", "Surrey")
    assert (
        reasons(report)["a.csv, Arrest, Surrey, 2020-04 to 2021-03"] == "1 number suppressed by the publisher"
    )
    assert figure(lake, "arrests_per_1000", "2021-03", "Surrey").value is None


def test_a_cell_that_is_neither_a_number_nor_a_known_mark_is_rejected_with_its_place(lake, tmp_path):
    rows = [arrest(), arrest(arrests="ten", sex="Female")]
    report = load(lake, [write(tmp_path / "a.csv", rows, ARRESTS)])

    (found,) = held(lake, "arrest").values()

    assert (found.rows, found.accepted, found.rejected) == (2, 1, 1)
    assert (
        "3,arrests,\"a whole number or 'NA', '', '..', '*'\",'ten'"
        in lake.rejected_path(found.id).read_text()
    )
    assert report.wrong


def test_more_arrests_than_searches_leave_the_sums_as_they_were_published(lake, tmp_path):
    load(lake, [write(tmp_path / "s.csv", [search(searches="2", arrests="5")], SEARCHES)])

    (found,) = held(lake, "stop_search").values()

    assert sum(r["tally"] for r in records(lake, found)) == 2
    assert "1 combination of which more arrests than searches are printed" in str(found.defects)


def test_arrests_without_a_number_of_searches_are_passed_over_with_that_reason(lake, tmp_path):
    rows = [search(), search(searches="NA", arrests="5", reason="Firearms")]
    load(lake, [write(tmp_path / "s.csv", rows, SEARCHES)])

    (found,) = held(lake, "stop_search").values()

    assert sum(r["tally"] for r in records(lake, found)) == 10
    assert (found.rows, found.accepted, found.not_given) == (4, 2, 2)
    assert "arrests without a number of searches that they came of" in str(found.defects)


def test_a_row_that_says_nothing_and_a_body_that_is_no_force_are_left_alone_by_name(lake, tmp_path):
    rows = [outcome(), ["NA"] * len(OUTCOMES), outcome("Action Fraud"), outcome("Action Fraud", quarter="2")]
    report = load(lake, [write(tmp_path / "o.csv", rows, OUTCOMES)])

    assert reasons(report) == {
        "o.csv, row 3": "it says nothing: every cell is blank or 'NA'",
        "o.csv, row 4 and 1 row more": "'Action Fraud' is no police force",
    }
    assert not report.wrong


def test_the_same_table_twice_is_held_already(lake, tmp_path):
    path = write(tmp_path / "s.csv", [search("Kent"), search("Surrey", year="2020-03-31")], SEARCHES)
    load(lake, [path])

    report = load(lake, [path])

    assert [item.how for item in report.loaded] == ["already held"] * 2


def test_a_new_edition_of_the_table_takes_the_place_of_the_old(lake, tmp_path):
    load(lake, [write(tmp_path / "s.csv", [search(searches="10")], SEARCHES)])

    report = load(lake, [write(tmp_path / "new.csv", [search(searches="11")], SEARCHES)])

    assert [item.how for item in report.loaded] == ["superseded"]


def test_a_table_does_not_take_the_place_of_a_forces_own_return_unless_told(lake, tmp_path):
    load(lake, [write(tmp_path / "2021-03-kent-stop-and-search.csv", stops(5, "2021-03"))])
    table = write(tmp_path / "s.csv", [search("Kent"), search("Surrey")], SEARCHES)

    report = load(lake, [table])

    assert [item.found.key.force for item in report.loaded] == [code("Surrey")]
    (refused,) = report.not_taken
    assert refused.wrong
    assert "Kent" in refused.name
    assert "the force's own return for 2021-03" in refused.reason
    assert "2021-03-kent-stop-and-search.csv" in refused.reason
    assert "--replace" in refused.reason
    report = load(lake, [table], LoadOptions(replace=True))
    assert sorted(item.how for item in report.loaded) == ["already held", "superseded"]


def test_a_forces_own_year_does_not_take_the_place_of_a_table_unless_told(lake, tmp_path):
    load(lake, [write(tmp_path / "s.csv", [search("Kent")], SEARCHES)])
    own = write(tmp_path / "kent.csv", stops(5, "2021-03"))
    options = {"force": find_force("kent"), "months": parse_months("2020-04..2021-03")}

    (refused,) = load(lake, [own], LoadOptions(**options)).not_taken

    assert "the force's own return where the lake holds the published table" in refused.reason
    assert load(lake, [own], LoadOptions(**options, replace=True)).loaded[0].how == "superseded"


def test_one_month_of_a_force_does_not_cut_a_published_year_in_two(lake, tmp_path):
    load(lake, [write(tmp_path / "s.csv", [search("Kent")], SEARCHES)])

    (refused,) = load(
        lake, [write(tmp_path / "2021-03-kent-stop-and-search.csv", stops(5, "2021-03"))]
    ).not_taken

    assert "would replace a part of the one held for 2020-04 to 2021-03" in refused.reason


def test_a_table_is_of_whom_and_when_it_says(lake, tmp_path):
    path = write(tmp_path / "s.csv", [search("Kent")], SEARCHES)

    (refused,) = load(lake, [path], LoadOptions(force=find_force("kent"))).not_taken

    assert "is a published table of all forces" in refused.reason


def test_officers_are_full_time_equivalents_and_no_number_of_people(lake, tmp_path):
    load(lake, [write(tmp_path / "n.csv", [["2021", "Devon & Cornwall", "3218.57"]], OFFICERS)])

    (found,) = held(lake, "workforce_fte", "Devon and Cornwall").values()

    assert found.key.months == ("2021-03",)
    assert [(r["worker_type"], r["fte"]) for r in records(lake, found)] == [("officer", 3218.57)]


def test_the_tables_of_the_workforce_are_read_by_date_force_and_type(lake, tmp_path):
    report = load(lake, [write_ods(tmp_path / "w.ods", workforce_sheets())])

    assert not report.wrong, report.not_taken
    # Kent is the 20th force by name; the second date adds 100 and the third 200.
    assert [r["fte"] for r in records(lake, held(lake, "workforce_fte")["2021-09"])] == [20.0] * 4
    assert [r["tally"] for r in records(lake, held(lake, "workforce")["2022-09"])] == [120] * 4
    assert sorted(r["scheme"] for r in records(lake, held(lake, "volunteer")["2022-03"])) == [
        "service_volunteer",
        "special_constable",
    ]
    assert held(lake, "workforce", "British Transport Police")
    found = held(lake, "workforce")["2022-09"]
    assert [s.name.rpartition(", ")[2] for s in found.sources] == [
        "sheet 'Table_7'",
        "sheet 'Table_8'",
        "sheet 'Table_9'",
        "sheet 'Table_11'",
    ]
    assert {d.check for d in found.defects} == {"published_table"}


def test_people_counted_without_their_hours_have_no_full_time_equivalent_of_nought(lake, tmp_path):
    load(lake, [write_ods(tmp_path / "w.ods", workforce_sheets())])

    assert figure(lake, "people_in_post", "2022-09").value == 4 * 120
    assert figure(lake, "full_time_equivalent", "2022-09").value is None
    assert figure(lake, "officers_fte_per_1000", "2022-09").numerator == 220


def test_a_region_that_is_called_like_a_force_is_no_force(lake, tmp_path):
    load(lake, [write_ods(tmp_path / "w.ods", workforce_sheets())])

    (fte, *_) = [r["fte"] for r in records(lake, held(lake, "workforce_fte", "West Midlands")["2021-09"])]
    assert fte == 41  # its place among the names, not the sum of four forces


def test_a_mark_means_what_the_publication_says_of_it(lake, tmp_path):
    sheets = use_of_force_sheets()
    rows = sheets["Table_12"][0]
    rows[row_of(sheets["Table_12"], "Kent", 1)][2] = "*"
    rows[row_of(sheets["Table_12"], "Surrey", 1)][2] = "-"
    rows[row_of(sheets["Table_12"], "Sussex", 1)][2] = ".."
    report = load(lake, [write_ods(tmp_path / "f.ods", sheets)])

    told = reasons(report)
    year = "2021-04 to 2022-03"
    assert told[f"f.ods, Use of force, Kent, {year}"] == "1 number suppressed by the publisher"
    assert told[f"f.ods, Use of force, Sussex, {year}"].startswith(
        "1 number not given; the table does not say"
    )
    assert [r["tally"] for r in records(lake, held(lake, "use_of_force", "Surrey")["2021-04"])] == [0]
    told = [
        d.message
        for d in held(lake, "use_of_force", "Hampshire")["2021-04"].defects
        if d.check == "total_differs"
    ]
    assert told[1] == (
        "sheet 'Table_12', cell C42 ('Total South East', 'Total'): expected the sum of its 3 parts, 200, got 500 "
        "(2 parts not given)"
    )


def test_marks_of_notes_are_no_part_of_a_name_and_their_notes_go_to_the_force(lake, tmp_path):
    sheets = workforce_sheets()
    rows = sheets["Table_1"][0]
    rows[row_of(sheets["Table_1"], "Kent")][0] = "Kent1"
    rows[row_of(sheets["Table_1"], "Surrey")][0] = "Surrey (2)"
    rows += [["Notes"], ["1. Kent could not supply data for one unit."], ["2. Estimated."]]
    load(lake, [write_ods(tmp_path / "w.ods", sheets)])

    def notes(force):
        return [d.message for d in held(lake, "workforce_fte", force)["2021-09"].defects if "note" in d.check]

    assert notes("Kent") == ["sheet 'Table_1': Kent could not supply data for one unit."]
    assert notes("Surrey") == ["sheet 'Table_1': Estimated."]
    assert notes("Essex") == []


def test_a_total_that_its_parts_do_not_add_up_to_is_told_to_the_forces_it_is_about(lake, tmp_path):
    sheets = workforce_sheets()
    sheets["Table_7"][0][row_of(sheets["Table_7"], "Wales")][1] = 1000.0
    load(lake, [write_ods(tmp_path / "w.ods", sheets)])

    told = [
        d.message for d in held(lake, "workforce", "Gwent")["2022-03"].defects if d.check == "total_differs"
    ]
    assert told == [
        "sheet 'Table_7', cell B55 ('Wales', '2022-03-31'): expected the sum of its 4 parts, 87, got 1,000"
    ]
    assert not [d for d in held(lake, "workforce", "Kent")["2022-03"].defects if d.check == "total_differs"]


def test_a_sheet_that_adds_up_others_is_held_to_them(lake, tmp_path):
    sheets = workforce_sheets()
    sheets["Table_10"][0][row_of(sheets["Table_10"], "Kent")][2] = 1.0
    load(lake, [write_ods(tmp_path / "w.ods", sheets)])

    told = [d.message for d in held(lake, "workforce")["2022-09"].defects if d.check == "total_differs"]
    assert told == [
        "sheet 'Table_10', cell C45 ('Kent', '2022-09-30'): expected the sum of its 2 parts, 240, got 1"
    ]


def test_what_rounding_makes_is_called_that():
    assert difference(Sum("here", 10.0, (3.0, 3.0, 5.0))).endswith("; by no more than rounding makes")
    assert difference(Sum("here", 10.0, (3.0, 3.0, 4.0))) == ""
    assert not difference(Sum("here", 10.0, (3.0, 3.0, 7.0))).endswith("rounding makes")


@pytest.mark.parametrize(
    ("printed", "name", "marks"),
    [
        ("Avon and Somerset (3)", "Avon and Somerset", ("3",)),
        ("Greater Manchester4,5", "Greater Manchester", ("4", "5")),
        ("Hampshire (R)", "Hampshire", ("R",)),
        ("Kent [note 2]", "Kent", ("2",)),
        ("*Total Wales", "Total Wales", ()),
        ("London, City of", "London, City of", ()),
        ("Dyfed-Powys", "Dyfed-Powys", ()),
    ],
)
def test_labels_lose_their_marks(printed, name, marks):
    label = split_label(printed)

    assert (label.name, label.marks) == (name, marks)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Denotes data not available", "not_available"),
        ("nil", "nil"),
        ("suppressed to avoid disclosure", "suppressed"),
        ("see text", "not_given"),
    ],
)
def test_what_a_mark_means_is_read_from_the_words_about_it(words, what):
    assert meaning(words) == what


def test_two_tables_of_the_same_thing_in_one_load_are_not_counted_twice(lake, tmp_path):
    write(tmp_path / "in" / "n.csv", [["2022", "Kent", "9"]], OFFICERS)
    write_ods(tmp_path / "in" / "w.ods", workforce_sheets())

    report = load(lake, [tmp_path / "in"])

    assert not report.wrong
    assert figure(lake, "officers_fte_per_1000", "2022-03").numerator == 120
    assert "the same load has it from" in str(report.not_taken)


def test_a_period_of_use_of_force_is_that_of_its_contents(lake, tmp_path):
    load(lake, [write_ods(tmp_path / "f.ods", use_of_force_sheets())])

    assert figure(lake, "force_reports_per_1000", "2022-03").numerator == 100
