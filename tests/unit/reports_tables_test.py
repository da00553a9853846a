"""What the sheets of a report say: every figure, in full and as printed, and shorthand where there is no number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openpeel.reports.cells import LONGEST_NAME, LONGEST_TEXT, sheet_names, text
from openpeel.reports.report import Correction, Shown
from openpeel.reports.tables import Table, tables
from publishing_sample import PERIOD
from workbook_report import INSPECTION, OWN, OWN_FIGURES, figure, sample_report, withheld


def sheet(report, name):
    return next(t for t in tables(report).sheets if t.sheet == name)


def records(table: Table):
    names = [c.name for c in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_every_figure_of_the_report_has_a_row_in_full_and_as_printed():
    found = records(sheet(sample_report(), "Figures"))
    assert [(r["figure_id"], r["printed_value"], r["value"]) for r in found] == [
        (OWN_FIGURES[0].id, "123,456", 123456),
        (OWN_FIGURES[1].id, "£301.2m", 301234567.89),
        (OWN_FIGURES[2].id, "33.3%", 33.3333333333333),
        (OWN_FIGURES[3].id, "[c]", "[c]"),
        (OWN_FIGURES[4].id, "[x]", "[x]"),
    ]
    assert found[2]["numerator"] == 12.5
    assert (found[2]["lower"], found[2]["upper"], found[2]["level"]) == (20.1, 47.3, 95)
    assert {r["printed_in"] for r in found} == {"Using powers"}
    assert found[0]["period_start"] == date(2020, 4, 1)


def test_of_a_number_that_is_withheld_nothing_is_said_but_that_it_is():
    few = withheld(figure("few_people", "people", 3.0, denominator=40.0))
    (row,) = records(sheet(sample_report(figures=[few]), "Figures"))
    for name in ("printed_value", "value", "numerator", "denominator", "lower", "upper", "level", "method"):
        assert row[name] in ("[c]", "[z]"), name
    assert row["value"] == "[c]"


def test_shorthand_tells_what_does_not_apply_from_what_is_not_there():
    count, nothing = OWN_FIGURES[0], OWN_FIGURES[4]
    a, b = records(sheet(sample_report(figures=[count, nothing]), "Figures"))
    assert (a["denominator"], a["lower"]) == ("[z]", "[z]")
    assert (b["value"], b["numerator"], b["lower"]) == ("[x]", "[x]", "[x]")


def test_only_shorthand_that_is_used_is_explained_above_a_table():
    (line,) = sheet(sample_report(figures=[OWN_FIGURES[0]]), "Figures").lines
    assert line == "Shorthand used: [z] not applicable."


def test_a_chart_among_forces_has_a_row_for_every_force_the_largest_first():
    table = next(t for t in tables(sample_report()).shown if t.id == "chart-rate")
    found = records(table)
    values = [r["value"] for r in found if isinstance(r["value"], float)]
    assert values == sorted(values, reverse=True)
    assert len(found) == 43
    assert [r["force"] for r in found if r["own"] == "yes"] == ["Hertfordshire"]
    own = next(f for f in INSPECTION.sections[0].groups[0].figures if f.force == OWN)
    row = next(r for r in found if r["own"] == "yes")
    assert row["control_lower"] == float(f"{own.comparison.control.lower:.15g}")
    assert row["wide_verdict"] == own.comparison.overdispersed.verdict


def test_groups_side_by_side_are_those_of_the_force_alone():
    table = next(t for t in tables(sample_report()).shown if t.id == "table-outcomes")
    assert {r["force_code"] for r in records(table)} == {OWN}
    assert len(table.rows) == 7


def test_one_group_among_forces_is_that_group():
    ratio = INSPECTION.sections[3]
    table = next(t for t in tables(sample_report()).shown if t.id == "chart-ratio")
    assert {r["figure_id"] for r in records(table)} == {f.id for f in ratio.groups[0].figures}


def test_a_figure_that_a_chart_shows_says_that_it_is_printed_there():
    own = next(f for f in INSPECTION.sections[0].groups[0].figures if f.force == OWN)
    (row,) = records(sheet(sample_report(figures=[own]), "Figures"))
    assert row["printed_in"] == "Using powers; Figure 1"


def test_notes_are_numbered_once_and_referred_to():
    noted = replace(OWN_FIGURES[4])
    report = sample_report(figures=[noted, replace(noted, id="another")])
    notes = {r["note"]: r["text"] for r in records(sheet(report, "Notes"))}
    rows = records(sheet(report, "Figures"))
    assert rows[0]["notes"] == rows[1]["notes"]
    assert {notes[f"[{part}]"] for part in rows[0]["notes"].strip("[]").split("] [")} == {
        "The release holds no return.",
        "Counted: records that count.",
    }
    assert len(set(notes.values())) == len(notes)


def test_the_cover_says_what_it_is_of_and_what_was_put_right():
    report = sample_report(corrections=[Correction(date(2024, 7, 2), "A return was counted twice.")])
    cover = tables(report).cover
    said = " ".join(cover.introduction)
    for part in (
        "These records are invented.",
        "Hertfordshire Constabulary",
        "year ending 31 March 2021",
        "'march' (0123456789abcdef)",
        "Made on 1 June 2024",
        "Corrected on 2 July 2024: A return was counted twice.",
        "[c] confidential",
    ):
        assert part in said
    assert "Small numbers: Numbers of people below 5 are withheld." in cover.about


def test_grades_are_listed_where_any_is_given():
    assert sheet(sample_report(), "Grades").rows == (
        ("Using powers", "adequate"),
        ("Beside other forces", "[z]"),
    )
    assert "Grades" not in [t.sheet for t in tables(sample_report(grade=None)).sheets]


def test_contents_list_every_sheet_with_its_rows():
    made = tables(sample_report())
    assert made.sheets[0].rows == tuple((t.sheet, t.title, len(t.rows)) for t in made.sheets[1:])


def test_a_report_without_figures_has_no_sheet_of_them():
    made = tables(sample_report(figures=[], charts=[], grade=None, about=[]))
    assert [t.sheet for t in made.sheets] == ["Contents"]


def test_no_cell_of_any_table_is_empty_and_every_row_is_as_long_as_the_header():
    for table in tables(sample_report()).sheets:
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell == cell and cell not in ("", None) for cell in row)


def test_two_charts_of_one_name_have_sheets_and_files_of_their_own():
    twice = [Shown("chart", "Chart A", f"Figure {n}", INSPECTION.sections[0], None, PERIOD) for n in (1, 1)]
    made = tables(sample_report(charts=twice)).shown
    assert [t.id for t in made] == ["chart-a", "chart-a-2"]
    assert made[0].sheet != made[1].sheet


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["a/b\\c?*[d]:'e'"], ["a b c d e"]),
        (["Cover", "HISTORY"], ["Cover 2", "HISTORY 2"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 29 + " 2"]),
        (["", "\x00", "'"], ["Table", "Table 2", "Table 3"]),
        (["\U0001f46e" * 20], ["\U0001f46e" * 15]),
    ],
)
def test_names_of_sheets_are_short_different_and_such_as_excel_allows(titles, names):
    assert list(sheet_names(titles)) == names
    assert all(len(name) <= LONGEST_NAME for name in names)


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    assert len(text("x" * 40_000)) == LONGEST_TEXT
    assert text("x" * 40_000).endswith("(cut: a cell holds no more)")
    assert text("a\x00\x0bb\r\n c\x85d\ufffe") == "ab c d"


def test_counts_that_are_kept_back_because_counts_are_rounded_are_confidential():
    mean = figure("waiting", "seconds", 12.5, numerator=None, denominator=None, method="mean")
    report = sample_report(figures=[mean])
    with_denominator = replace(report, figures=tuple(replace(c, denominator="calls") for c in report.figures))
    (row,) = records(sheet(with_denominator, "Figures"))
    assert (row["value"], row["numerator"], row["denominator"]) == (12.5, "[c]", "[c]")
