"""The commands on reports, as a writer runs them: check, build, diff, references."""

import csv
import io
import json
import shutil

import pytest

from command_line import contents, done, finish, run, start
from report_lake import HEAD

CALLS = "calls_999_answered_in_10_seconds"
TEXT = f"""The force answered {{{{ share("{CALLS}") }}}} of calls.

## Powers
Grade: adequate

It made {{{{ count("searches") }}}} searches. {{{{ comparison("searches_per_1000") }}}}

{{{{ chart("searches_per_1000") }}}}

{{{{ table("outcome") }}}}

::: improvement Record grounds
Grounds were reasonable in {{{{ estimate("reasonable_grounds", audit="stop_search") }}}} of cases.
:::
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "report.md"
    path.write_text(HEAD + TEXT, encoding="utf-8")
    return path


@pytest.fixture
def at(report_lake, tmp_path, monkeypatch):
    """The options that every command here has; drawings are kept for this test alone."""
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "cache"))
    return ("--lake", report_lake)


def build(source, at, out, release="first", *more):
    return run(
        "report", "build", source, "--release", release, "--out", out, "--made-on", "2026-01-05", *at, *more
    )


def test_a_report_in_order_is_told_so(source, at):
    ran = done("report", "check", source, "--release", "first", *at)
    assert "Nothing stops" in ran.said
    found = done("report", "check", source, "--release", "first", *at, "--format", "json").json
    assert (found["problems"], found["sentences"], found["release"]) == ([], 4, "first")
    assert done("report", "check", source, "--release", "first", *at, "--format", "csv").out == ""


def test_all_that_stops_a_report_is_told_with_its_place(source, at, tmp_path):
    source.write_text(
        HEAD + TEXT + '\nIt made 128 searches, {{ share("nothing") }} of them.\n', encoding="utf-8"
    )
    ran = run("report", "check", source, "--release", "first", *at)
    assert ran.code == 1
    assert f"{source}:22:9: the number '128' is typed" in ran.out
    assert '{{ count("searches") }}' in ran.out
    assert f"{source}:22:23: there is no measure 'nothing'" in ran.out
    assert "2 things stop this report" in ran.out
    as_json = run("report", "check", source, "--release", "first", *at, "--format", "json")
    assert (as_json.code, [p["column"] for p in as_json.json["problems"]]) == (1, [9, 23])
    as_csv = run("report", "check", source, "--release", "first", *at, "--format", "csv")
    assert [row["line"] for row in csv.DictReader(io.StringIO(as_csv.out))] == ["22", "22"]
    out = tmp_path / "out"
    built = build(source, at, out)
    assert built.code == 1
    assert "Nothing was written" in built.out
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.md",), "the report cannot be read"),
        (("report.md", "--force", "kent"), "--force names Kent Police"),
        (("report.md", "--audits", "nowhere"), "expected a folder of audits"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(source, at, arguments, said):
    name, *options = arguments
    ran = run("report", "check", source.with_name(name), "--release", "first", *at, *options)
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert said in ran.said


def test_a_head_that_is_not_as_it_should_be_is_wrong_data(source, at):
    source.write_text("No head.\n", encoding="utf-8")
    ran = run("report", "check", source, "--release", "first", *at)
    assert ran.code == 1
    assert "report.md, line 1: expected a line +++" in ran.said


def test_a_release_that_there_is_none_of(source, at):
    assert run("report", "check", source, "--release", "tenth", *at).code == 2


def test_a_report_is_built_whole_and_alike_each_time(source, at, tmp_path):
    out = tmp_path / "out"
    ran = build(source, at, out)
    assert ran.code == 0, ran
    files = contents(out)
    assert {"index.html", "powers.html", "report.pdf", "report.ods", "report.xlsx", "report.json"} <= set(
        files
    )
    assert {"data/figures.csv", "data/figures.json"} <= set(files)
    record = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert record["files"] == sorted(files)
    assert (record["release"], record["made_on"]) == ("first", "2026-01-05")
    assert [t["line"] for t in record["told"]] == [7, 12, 12, 19]
    assert build(source, at, out).code == 0  # over itself
    assert build(source, at, tmp_path / "again").code == 0
    assert contents(out) == files == contents(tmp_path / "again")


def test_a_report_of_another_release_takes_its_place_with_a_correction_alone(source, at, tmp_path):
    out = tmp_path / "out"
    assert build(source, at, out).code == 0
    before = contents(out)
    refused = build(source, at, out, "second")
    assert refused.code == 2
    assert "a published report keeps its release" in refused.said
    assert contents(out) == before
    corrected = HEAD.replace(
        'ending = "2024-03-31"\n',
        'ending = "2024-03-31"\n[[corrections]]\non = 2026-01-05\nnote = "The searches were counted again."\n',
    )
    source.write_text(corrected + TEXT, encoding="utf-8")
    assert build(source, at, out, "second").code == 0
    assert "The searches were counted again." in (out / "index.html").read_text(encoding="utf-8")


def test_a_folder_with_something_else_in_it_is_left_alone(source, at, tmp_path):
    out = tmp_path / "out"
    assert build(source, at, out).code == 0
    (out / "mine.txt").write_text("mine")
    ran = build(source, at, out)
    assert ran.code == 2
    assert "mine.txt" in ran.said
    assert (out / "mine.txt").exists()


def test_pages_of_an_inspection_take_no_report_away(source, at, tmp_path):
    out = tmp_path / "out"
    assert build(source, at, out).code == 0
    before = contents(out)
    ran = run("inspect", "hertfordshire", "--release", "first", "--out", out, "--ending", "2024-03-31", *at)
    assert ran.code == 2
    assert contents(out) == before


def test_the_sentences_whose_figure_changes_are_told_with_both_texts(source, at, tmp_path):
    ran = done("report", "diff", "first", "second", "--report", source, *at)
    assert "- It made 128 searches." in ran.out
    assert "+ It made 256 searches." in ran.out
    assert "searches: 128 → 256 (+128)" in ran.out
    assert "81.5%" not in ran.out
    assert "94.2%" not in ran.out
    found = done("report", "diff", "first", "second", "--report", source, *at, "--format", "json").json
    assert [(s["chapter"], s["line"]) for s in found] == [("Powers", 12), ("Powers", 12)]
    (figure,) = found[0]["figures"]
    assert (figure["before"], figure["after"], figure["difference"]) == (128, 256, 128)
    rows = done("report", "diff", "first", "second", "--report", source, *at, "--format", "csv").out
    assert [row["difference"] for row in csv.DictReader(io.StringIO(rows))] == ["+128", "+0.1062603977"]
    assert "No sentence changes" in done("report", "diff", "first", "first", "--report", source, *at).said


def test_two_built_reports_are_compared_without_their_records(source, at, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    assert build(source, at, one).code == 0
    source.write_text(HEAD + "New words first.\n\n" + TEXT, encoding="utf-8")
    assert build(source, at, other, "second").code == 0
    ran = done("report", "diff", one, other)
    assert "Powers, line 14" in ran.out
    assert "searches: 128 → 256 (+128)" in ran.out
    assert "2 sentences change" in ran.out
    mixed = done("report", "diff", one, "second", "--report", source, *at)
    assert "searches: 128 → 256 (+128)" in mixed.out


def test_a_figure_that_is_withheld_in_one_release_is_a_change(source, at):
    source.write_text(
        HEAD + 'Guns were {{ share("object_of_search", group="firearms") }} of it.\n', encoding="utf-8"
    )
    ran = done("report", "diff", "first", "second", "--report", source, *at)
    assert "object_of_search firearms: – → 2.3%" in ran.out


def test_a_diff_of_what_is_no_report_says_what_to_name(source, at, tmp_path):
    ran = run("report", "diff", "first", "second", *at)
    assert ran.code == 2
    assert "--report" in ran.said
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "report.json").write_text("{}")
    assert run("report", "diff", broken, broken).code == 2


def test_the_references_are_listed():
    names = {row["reference"] for row in done("report", "references", "--format", "json").json}
    assert {"share", "of", "chart", "fixed", "change_verdict"} <= names


def test_a_build_that_is_killed_leaves_the_report_before_it(source, at, tmp_path):
    out = tmp_path / "out"
    assert build(source, at, out).code == 0
    before = contents(out)
    arguments = (
        "report",
        "build",
        source,
        "--release",
        "first",
        "--out",
        out,
        "--made-on",
        "2026-02-01",
        *at,
    )
    killed = finish(start(*arguments, largest_file=1_000))
    assert killed.code != 0
    assert contents(out) == before
    shutil.rmtree(out)
