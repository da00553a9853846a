"""A published table with one thing changed is refused, or that one cell rejected, and the place is named exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake_sample import write
from tests.official_tables import (
    ARRESTS,
    OFFICERS,
    OUTCOMES,
    SEARCHES,
    arrest,
    outcome,
    row_of,
    search,
    use_of_force_sheets,
    workforce_sheets,
    write_ods,
)

from openpeel.intake.cells import cell_name
from openpeel.intake.load import load
from openpeel.lake import Lake

_CSV = {
    "searches": (SEARCHES, [search("Kent"), search("Surrey")]),
    "arrests": (ARRESTS, [arrest("Kent"), arrest("Surrey")]),
    "outcomes": (OUTCOMES, [outcome("Kent"), outcome("Surrey")]),
    "officers": (OFFICERS, [["2021", "Kent", "1.5"], ["2021", "Surrey", "2.5"]]),
}
#: Columns whose cells decide what a row is; the others are descriptions or not taken.
_TELLING = {
    "searches": (
        "year_ending",
        "force_name",
        "legislation",
        "reason_for_search_arrest",
        "ethnicity_self_defined",
    ),
    "arrests": (
        "financial_year",
        "force_name",
        "offence_group",
        "ethnic_group",
        "age_group",
        "sex",
        "year_ending",
    ),
    "outcomes": (
        "financial_year",
        "financial_quarter",
        "force_name",
        "offence_group",
        "offence_subgroup",
        "outcome_type",
    ),
    "officers": ("year", "force_name"),
}
_NUMBERS = {
    "searches": ("searches", "resultant_arrests"),
    "arrests": ("arrests",),
    "outcomes": ("offences",),
    "officers": ("officers",),
}


def refusals(path: Path) -> list[str]:
    """Why nothing of a file was taken; nothing may have been."""
    with tempfile.TemporaryDirectory() as folder:
        report = load(Lake.open(Path(folder) / "lake", create=True), [path])
    assert report.loaded == []
    return [n.reason for n in report.not_taken if n.wrong]


@pytest.mark.parametrize("table", _CSV)
def test_a_header_that_was_renamed_is_named_with_its_place(table, tmp_path):
    header, rows = _CSV[table]
    for i, title in enumerate(header):
        if len(header) == 3 and i == 2:
            continue  # of two columns left it is still known; of one it would not be
        changed = [*header[:i], "something_else", *header[i + 1 :]]
        (said,) = refusals(write(tmp_path / "t.csv", rows, changed))
        assert f"row 1, column {i + 1}" in said
        assert f"expected the column '{title}'" in said
        assert "'something_else'" in said


@pytest.mark.parametrize("table", _CSV)
def test_a_column_too_many_is_named_with_its_place(table, tmp_path):
    header, rows = _CSV[table]

    (said,) = refusals(write(tmp_path / "t.csv", [[*row, "1"] for row in rows], [*header, "new"]))

    assert f"row 1, column {len(header) + 1}" in said
    assert "'new'" in said


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in _TELLING.items() for c in columns])
def test_a_cell_that_cannot_be_told_is_named_and_nothing_is_taken(table, column, tmp_path):
    header, rows = _CSV[table]
    at = header.index(column)
    broken = [rows[0], [*rows[1][:at], "zzz", *rows[1][at + 1 :]]]

    (said,) = refusals(write(tmp_path / "t.csv", broken, header))

    assert f"row 3, column '{column}'" in said
    assert "'zzz'" in said


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in _NUMBERS.items() for c in columns])
def test_a_number_that_is_none_is_rejected_with_its_place_and_the_rest_is_taken(table, column, tmp_path):
    header, rows = _CSV[table]
    at = header.index(column)
    rows = [rows[0], [*rows[1][:at], "zzz", *rows[1][at + 1 :]]]
    path = write(tmp_path / "t.csv", rows, header)
    lake = Lake.open(tmp_path / "lake", create=True)

    report = load(lake, [path])

    assert report.wrong
    said = [lake.rejected_path(i.found.id).read_text() for i in report.loaded if i.found.rejected]
    said += [n.reason for n in report.not_taken if n.wrong]
    assert len(said) == 1
    assert f"3,{column}," in said[0] or f"row 3, column '{column}'" in said[0]
    assert any(i.found.accepted for i in report.loaded)
    for item in report.loaded:
        assert item.found.rows == item.found.accepted + item.found.rejected + item.found.not_given


def test_the_same_combination_twice_is_refused_naming_both_rows(tmp_path):
    (said,) = refusals(write(tmp_path / "t.csv", [arrest("Kent"), arrest("Surrey"), arrest("Kent")], ARRESTS))

    assert "row 4" in said
    assert "that of row 2 again" in said


@pytest.mark.parametrize("name", sorted(set(workforce_sheets())))
def test_a_sheet_of_the_workforce_that_is_missing_is_named(name, tmp_path):
    sheets = workforce_sheets()
    del sheets[name]

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert f"expected the sheet '{name}'" in said


def test_a_sheet_too_many_is_named(tmp_path):
    sheets = workforce_sheets() | {"Table_14": ([["Table 14"]], [])}

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert "sheet 'Table_14'" in said


def test_a_title_that_changed_is_named(tmp_path):
    sheets = workforce_sheets()
    sheets["Table_2"][0][0][0] = "Table 2: Something else"

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert "sheet 'Table_2', cell A1" in said


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["Table_1", "Table_7", "Table_12"]), st.data())
def test_a_header_of_a_sheet_that_changed_is_named_by_its_cell(name, data):
    sheets = workforce_sheets()
    low = sheets[name][0][5]
    column = data.draw(st.integers(1, len(low) - 1))
    low[column] = "another"
    with tempfile.TemporaryDirectory() as folder:
        (said,) = refusals(write_ods(Path(folder) / "w.ods", sheets))
    assert f"sheet '{name}', cell {cell_name(5, column)}" in said
    assert "another" in said


@pytest.mark.parametrize("name", ["Table_1", "Table_8"])
def test_a_column_too_many_on_a_sheet_is_named_by_its_cell(name, tmp_path):
    sheets = workforce_sheets()
    for row in sheets[name][0]:
        row.append("")
    width = len(sheets[name][0][5])
    sheets[name][0][5][width - 1] = "new"

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert f"sheet '{name}', cell {cell_name(5, width - 1)}" in said
    assert "expected no column here, got 'new'" in said


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["Kent", "Wales", "Surrey", "Total 43 forces"]), st.integers(1, 2))
def test_a_cell_of_a_sheet_that_is_no_number_is_named(label, column):
    sheets = workforce_sheets()
    row = row_of(sheets["Table_7"], label)
    sheets["Table_7"][0][row][column] = "about 12"
    with tempfile.TemporaryDirectory() as folder:
        path = write_ods(Path(folder) / "w.ods", sheets)
        lake = Lake.open(Path(folder) / "lake", create=True)
        report = load(lake, [path])
        said = [lake.rejected_path(i.found.id).read_text() for i in report.loaded if i.found.rejected]
    if label in ("Kent", "Surrey"):
        assert len(said) == 1
        assert f"sheet 'Table_7'\",{row + 1},2022-" in said[0]
        assert "'about 12'" in said[0]
    else:
        assert report.loaded == []
        assert f"sheet 'Table_7', cell {cell_name(row, column)}" in report.not_taken[0].reason


@pytest.mark.parametrize("label", ["Kent", "South East"])
def test_a_name_that_is_not_known_is_named_by_its_cell(label, tmp_path):
    sheets = workforce_sheets()
    row = row_of(sheets["Table_5"], label)
    sheets["Table_5"][0][row][0] = "Wessex"

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert f"sheet 'Table_5', cell {cell_name(row, 0)}" in said
    assert "'Wessex'" in said


def test_a_force_without_a_row_is_named(tmp_path):
    sheets = workforce_sheets()
    del sheets["Table_5"][0][row_of(sheets["Table_5"], "Kent")]

    (said,) = refusals(write_ods(tmp_path / "w.ods", sheets))

    assert "got none for Kent" in said
    assert "sheet 'Table_5'" in said


def test_a_span_that_cannot_be_read_is_named(tmp_path):
    sheets = use_of_force_sheets()
    sheets["Contents"] = ([["Police use of force statistics, England and Wales, lately"]], [])

    (said,) = refusals(write_ods(tmp_path / "f.ods", sheets))

    assert "sheet 'Contents', cell A1" in said
