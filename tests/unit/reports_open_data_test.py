"""The open data of a report: described by schemas that hold, nothing lost, and nothing told that is withheld."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import frictionless
import jsonschema
import pytest

from openpeel.reports.cells import SHORTHAND
from openpeel.reports.open_data import open_data_files
from openpeel.reports.report import Correction
from openpeel.reports.tables import tables
from workbook_report import OWN_FIGURES, figure, sample_report, withheld


@pytest.fixture(scope="module")
def files():
    return open_data_files(sample_report(corrections=[Correction(date(2024, 7, 2), "Counted twice.")]))


def written(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return str(folder / "data" / "datapackage.json")


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def checked(files):
    schema = json.loads(files["data/schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def test_the_json_is_as_its_schema_says(files):
    checked(files).validate(json.loads(files["data/figures.json"]))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda f: f["figure"].pop("value"),
        lambda f: f["figure"].update(value="3"),
        lambda f: f["figure"].update(period_end="soon"),
        lambda f: f["figure"]["comparison"].update(verdict="better"),
        lambda f: f.update(more=1),
    ],
)
def test_json_with_something_missing_wrong_or_more_is_not(files, break_it):
    data = json.loads(files["data/figures.json"])
    break_it(data["figures"][0])
    assert not checked(files).is_valid(data)


def test_the_package_is_valid_and_every_file_has_the_size_and_hash_it_says(files, tmp_path):
    report = frictionless.validate(written(files, tmp_path))
    assert report.flatten(["title", "message"]) == []
    assert report.valid
    package = json.loads(files["data/datapackage.json"])
    described = {f"data/{r['path']}": r for r in package["resources"]}
    assert set(described) == set(files) - {"data/schema.json", "data/datapackage.json"}
    for name, resource in described.items():
        assert resource["bytes"] == len(files[name])
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[name]).hexdigest()}"
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert package["sources"] == [{"title": "Invented returns."}]
    assert "Corrected on 2024-07-02: Counted twice." in package["description"]


def test_a_file_that_was_changed_is_found(files, tmp_path):
    changed = {**files, "data/figures.csv": files["data/figures.csv"].replace(b"123456.0", b"123457.0")}
    assert changed != files
    assert not frictionless.validate(written(changed, tmp_path)).valid


def test_every_figure_is_there_in_full_and_says_where_it_is_printed(files):
    data = json.loads(files["data/figures.json"])
    assert [f["figure"] for f in data["figures"]] == [f.as_json() for f in OWN_FIGURES]
    assert [f["printed_in"] for f in data["figures"]] == [["Using powers"]] * len(OWN_FIGURES)
    assert data["report"]["corrections"] == [{"on": "2024-07-02", "note": "Counted twice."}]
    found = rows(files["data/figures.csv"])
    assert {r["printed_in"] for r in found} == {"Using powers"}
    assert [(r["id"], r["value"], r["printed_value"]) for r in found][:3] == [
        (OWN_FIGURES[0].id, "123456.0", "123,456"),
        (OWN_FIGURES[1].id, "301234567.89", "£301.2m"),
        (OWN_FIGURES[2].id, repr(100 / 3), "33.3%"),
    ]


def test_the_table_of_a_chart_is_as_in_the_workbooks(files):
    for table in tables(sample_report()).shown:
        found = list(csv.reader(io.StringIO(files[f"data/tables/{table.id}.csv"].decode(), newline="")))
        assert found == [
            [c.name for c in table.columns],
            *([str(cell) for cell in row] for row in table.rows),
        ]


def test_a_withheld_number_is_in_no_file():
    few = withheld(figure("few_people", "people", 9173.0, denominator=40.0))
    files = open_data_files(sample_report(figures=[few], charts=[]))
    assert not [name for name, content in files.items() if b"9173" in content]
    (row,) = rows(files["data/figures.csv"])
    assert (row["value"], row["printed_value"], row["method"]) == ("", "[c]", "withheld")
    (found,) = json.loads(files["data/figures.json"])["figures"]
    assert found["figure"]["value"] is None


def test_a_text_that_begins_like_a_formula_is_text_in_the_csv(tmp_path):
    files = open_data_files(sample_report(figures=[figure("m", "percent", 1.5, title="=1+1")]))
    assert rows(files["data/figures.csv"])[0]["title"] == "'=1+1"
    assert frictionless.validate(written(files, tmp_path)).valid


def test_a_report_without_figures_or_charts_is_described_too(tmp_path):
    files = open_data_files(sample_report(figures=[], charts=[]))
    checked(files).validate(json.loads(files["data/figures.json"]))
    assert frictionless.validate(written(files, tmp_path)).valid


def test_the_same_report_makes_the_same_bytes():
    assert open_data_files(sample_report()) == open_data_files(replace(sample_report()))


def test_every_column_and_field_is_in_the_documentation(files):
    said = (Path(__file__).parents[2] / "docs" / "reference" / "report-outputs.md").read_text(
        encoding="utf-8"
    )
    schema = json.loads(files["data/schema.json"])["properties"]
    names = [*schema, *schema["report"]["properties"], *schema["figures"]["items"]["properties"]]
    names += [c.name for t in tables(sample_report()).shown for c in t.columns]
    assert [name for name in names if f"`{name}`" not in said] == []
    titles = [c.title for t in tables(sample_report()).sheets[3:] for c in t.columns]
    assert [title for title in titles if f"*{title}*" not in said] == []
    assert [mark for mark in SHORTHAND if f"`{mark}`" not in said] == []


def test_a_program_reads_numbers_days_and_yes_or_no_as_what_they_are(files, tmp_path):
    package = frictionless.Package(written(files, tmp_path))
    first, *_ = package.get_resource("figures-csv").read_rows()
    assert (first["value"], first["period_end"]) == (123456, date(2021, 3, 31))
    assert first["comparison_verdicts_differ"] is False
    assert type(first["comparison_forces_counted"]) is int
    chart, *_ = package.get_resource("tables-chart-rate").read_rows()
    assert chart["numerator"] == 13850
    assert chart["group"] is None
