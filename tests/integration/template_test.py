"""Standards and their templates through the command line."""

import csv
import io
import json

import pytest

from command_line import contents, done, finish, run, start
from openpeel.standards import load_standard, standard_ids


def test_the_template_of_a_standard_is_three_files(tmp_path):
    written = done("template", "stop_search", "--out", tmp_path, "--format", "json").json
    assert [row["file"] for row in written] == [
        str(tmp_path / name) for name in ("stop_search.csv", "stop_search.xlsx", "stop_search.schema.json")
    ]
    assert {row["written"] for row in written} == {"new"}
    assert sorted(contents(tmp_path)) == ["stop_search.csv", "stop_search.schema.json", "stop_search.xlsx"]


def test_the_templates_of_all_standards_are_the_same_on_every_run(tmp_path):
    done("template", "--all", "--out", tmp_path / "one")
    finish(start("template", "--all", "--out", tmp_path / "two"))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 3 * len(standard_ids())


def test_a_template_that_is_there_is_left_alone(tmp_path):
    done("template", "crime", "--out", tmp_path)
    before = contents(tmp_path)
    again = done("template", "crime", "--out", tmp_path, "--format", "json").json
    assert {row["written"] for row in again} == {"there already"}
    assert contents(tmp_path) == before


def test_a_template_that_was_filled_in_is_not_overwritten(tmp_path):
    done("template", "crime", "--out", tmp_path)
    (tmp_path / "crime.csv").write_text("filled in", encoding="utf-8")
    before = contents(tmp_path)
    ran = run("template", "--all", "--out", tmp_path)
    assert ran.code == 2
    assert "crime.csv: there is a file of this name already, with other content" in ran.said
    assert "Nothing was written" in ran.said
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["no_such_standard", "../crime", "", "CRIME", "codes/gender"])
def test_a_name_that_is_no_standard_is_wrong_use_and_writes_nothing(tmp_path, name):
    for ran in (run("template", name, "--out", tmp_path / "out"), run("standards", name)):
        assert ran.code == 2
        assert f"there is no standard '{name}'" in ran.said
        assert "crime, " in ran.said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("words", "got"), [((), "neither"), (("crime", "--all"), "both")])
def test_one_standard_is_named_or_all(tmp_path, words, got):
    ran = run("template", *words, "--out", tmp_path / "out")
    assert ran.code == 2
    assert f"expected the id of a standard or --all, got {got}" in ran.said
    assert not (tmp_path / "out").exists()


def test_the_folder_has_to_be_named():
    assert run("template", "crime").code == 2


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "expected a folder, got a file" in run("template", "crime", "--out", tmp_path / "file").said
    for out in (tmp_path / "file" / "below", "/proc/nowhere"):
        ran = run("template", "crime", "--out", out)
        assert ran.code == 2
        assert "cannot be used" in ran.said or "no permission" in ran.said
        assert "Traceback" not in ran.said


def test_a_file_that_may_not_grow_leaves_none_of_the_template(tmp_path):
    ran = finish(start("template", "crime", "--out", tmp_path / "out", largest_file=2_000))
    assert ran.code == 2, ran
    assert "the disk is full or a file would be larger than allowed" in ran.said
    assert contents(tmp_path / "out") == {}


def test_the_standards_are_listed_with_how_many_columns_are_personal():
    listed = {row["id"]: row for row in done("standards", "--format", "json").json}
    assert sorted(listed) == list(standard_ids())
    for standard in map(load_standard, standard_ids()):
        assert listed[standard.id] == {
            "id": standard.id,
            "title": standard.title,
            "area": standard.area,
            "columns": len(standard.columns),
            "personal_columns": sum(c.personal for c in standard.columns),
        }
    rows = list(csv.DictReader(io.StringIO(done("standards", "--format", "csv").out)))
    assert [row["id"] for row in rows] == list(standard_ids())
    assert "Stop and search" in done("standards").out


@pytest.mark.parametrize("standard_id", standard_ids())
def test_a_standard_is_shown_column_by_column(standard_id):
    standard = load_standard(standard_id)
    shown = done("standards", standard_id, "--format", "json").json
    assert (shown["id"], shown["hash"], shown["date"]) == (standard.id, standard.hash, standard.date)
    assert [c["name"] for c in shown["columns"]] == [c.name for c in standard.columns]
    assert [c["personal"] for c in shown["columns"]] == [c.personal for c in standard.columns]
    rows = list(csv.DictReader(io.StringIO(done("standards", standard_id, "--format", "csv").out)))
    assert [row["column"] for row in rows] == [c.title for c in standard.columns]
    said = done("standards", standard_id).said
    assert standard.title in said
    assert standard.about in said
    assert json.dumps(standard.hash)[1:-1] in said
