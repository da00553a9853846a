"""The open data: nothing lost, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from openpeel.figures.figure import Figure
from openpeel.publishing.open_data import as_csv, as_json
from openpeel.reference.forces import find_force
from openpeel.spreadsheet import spreadsheet_cell
from publishing_sample import figures as make_figures


def a_figure() -> Figure:
    made: Figure = make_figures("m", "percent", 20.0, group="Arrest", among=[find_force("Kent")], seed=1)[0]
    return made


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "-", "+1+1"]
)
def test_text_that_begins_like_a_formula_is_made_text(text: str) -> None:
    assert spreadsheet_cell(text) == "'" + text


@pytest.mark.parametrize("value", [-1.5, "-1.5", "+3", 1e-9, "-.5", "Kent", "5-3", "2021-03-31"])
def test_numbers_dates_and_ordinary_words_stay_as_they_are(value: object) -> None:
    assert spreadsheet_cell(value) == str(value)


def test_a_formula_in_any_field_of_a_figure_is_neutralised_in_the_csv() -> None:
    figure = a_figure()
    bad = "=HYPERLINK(A1)"
    hostile = replace(
        figure,
        force_name=bad,
        group=bad,
        coverage=replace(figure.coverage, note=bad),
        comparison=replace(figure.comparison, forces_missing=(bad, "Kent")),
    )
    rows = list(csv.reader(io.StringIO(as_csv([hostile]).decode(), newline="")))
    hit = [cell for cell in rows[1] if bad in cell]
    assert len(hit) == 4
    assert all(cell.startswith("'=") for cell in hit)


def test_the_csv_has_a_column_for_every_field_of_the_json() -> None:
    figure = a_figure()
    record = figure.as_json()
    columns = as_csv([figure]).decode().splitlines()[0].split(",")
    plain = [name for name in record if name not in ("comparison", "coverage")]
    nested = [
        name
        for outer in ("comparison", "coverage")
        for inner, part in record[outer].items()
        for name in (
            [f"{outer}_{inner}_{x}" for x in part] if isinstance(part, dict) else [f"{outer}_{inner}"]
        )
    ]
    assert set(columns) == {*plain, *nested}
    assert len(columns) == len(plain) + len(nested)


def test_quotes_commas_and_line_breaks_survive_the_csv() -> None:
    odd = 'a "quoted", note\nin two lines – with a dash'
    figure = replace(a_figure(), force_name=odd)
    rows = list(csv.DictReader(io.StringIO(as_csv([figure]).decode(), newline="")))
    assert rows[0]["force_name"] == odd


def test_no_figures_make_an_empty_list_and_an_empty_file() -> None:
    assert json.loads(as_json([])) == []
    assert as_csv([]) == b""


def test_a_value_that_is_not_a_number_is_refused_rather_than_written_as_invalid_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json([replace(a_figure(), value=float("nan"))])
