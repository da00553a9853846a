"""The whole way on the command line: load, release create, figures, explain, inspect."""

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from command_line import contents, done, run
from invented_records import YEAR, as_csv, file_name, records, write_month, write_year, write_zip

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk" / "hertfordshire"
FORCES = (
    *("hertfordshire", "kent", "essex", "surrey", "sussex", "norfolk"),
    *("suffolk", "cheshire", "dorset", "durham", "gwent", "cumbria"),
)
FIGURE_KEYS = [
    *("id", "measure", "title", "force", "force_name", "period_start", "period_end", "group"),
    *("numerator", "denominator", "value", "lower", "upper", "level", "method", "unit"),
    *("comparison", "coverage", "release", "definition"),
    *("limit", "limit_rule", "limit_source", "limit_met"),
]
COMPARISON_KEYS = [
    *("england_and_wales", "mean", "sd", "verdict", "forces_counted", "forces_missing"),
    *("centre", "control", "overdispersed", "phi", "tau", "no_limits_because", "verdicts_differ", "similar"),
]
LIMITS_KEYS = ["lower", "upper", "verdict", "outer_lower", "outer_upper", "outer_verdict"]


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    """A lake of twelve forces and a year, with the release 'spring'. Tests only read it."""
    folder = tmp_path_factory.mktemp("nation")
    write_year(folder / "files", FORCES, count=30)
    done("load", folder / "files", "--lake", folder / "lake")
    done("release", "create", "spring", "--lake", folder / "lake")
    return folder / "lake"


def figures(lake, *more, release="spring"):
    return done("figures", "--release", release, "--lake", lake, *more, "--format", "json").json


def figure(lake, *more, measure="linked_outcome", force="kent", release="spring"):
    (only,) = figures(lake, "--measure", measure, "--force", force, *more, release=release)
    return only


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_figure_says_everything_that_a_reader_needs(nation):
    found = figures(nation, "--force", "Kent")
    assert all(list(f) == FIGURE_KEYS for f in found)
    assert all(list(f["comparison"]) == COMPARISON_KEYS for f in found)
    assert all(list(f["comparison"][k]) == LIMITS_KEYS for f in found for k in ("control", "overdispersed"))
    assert all(list(f["comparison"]["similar"]) == ["mean", "place", "counted", "listed"] for f in found)
    assert all(list(f["coverage"]) == ["months_expected", "months_present", "note"] for f in found)
    assert all(len(f["comparison"]["forces_missing"]) == 43 - 12 for f in found)


def test_a_figure_counts_what_the_files_say(nation):
    rows = [row for month in YEAR for row in _rows_of("kent", month)]
    known = [row for row in rows if row[13]]
    found = figure(nation)
    assert found["denominator"] == len(known)
    assert found["numerator"] == sum(row[13] == "True" for row in known)
    assert found["value"] == 100 * found["numerator"] / found["denominator"]


def test_a_force_may_be_called_by_its_name_slug_or_code(nation):
    by_name = figures(nation, "--force", "Hertfordshire")
    assert by_name
    assert by_name == figures(nation, "--force", "hertfordshire") == figures(nation, "--force", "E23000027")


def test_without_a_force_there_are_figures_of_all_43_and_two_more(nation):
    found = figures(nation, "--measure", "searches")
    assert len({f["force"] for f in found}) == 45
    assert {f["value"] for f in found if f["force_name"] == "Wiltshire Police"} == {None}


def test_figures_as_csv_say_what_the_json_says(nation):
    rows = read_csv(
        done("figures", "--release", "spring", "--lake", nation, "--force", "kent", "--format", "csv").out
    )
    plain = figures(nation, "--force", "kent")
    assert [r["id"] for r in rows] == [f["id"] for f in plain]
    assert [r["value"] for r in rows] == ["" if f["value"] is None else str(f["value"]) for f in plain]
    assert [r["coverage_note"] for r in rows] == [f["coverage"]["note"] for f in plain]


def test_every_command_that_prints_data_prints_it_for_people_and_for_programs(nation, tmp_path):
    figure_id = figure(nation)["id"]
    more = write_month(tmp_path, "wiltshire")
    lake = shutil.copytree(nation, tmp_path / "lake")
    for command in (
        ["load", more],
        ["release", "create", "summer"],
        ["release", "list"],
        ["quality", "--force", "kent"],
        ["figures", "--release", "spring", "--force", "kent"],
        ["explain", figure_id],
    ):
        assert done(*command, "--lake", lake).out.strip(), command
        assert done(*command, "--lake", lake, "--format", "json").json, command
        assert read_csv(done(*command, "--lake", lake, "--format", "csv").out), command


def test_explaining_computes_again_and_agrees(nation):
    for measure in ("searches", "searches_per_1000", "linked_outcome", "audit_scope"):
        asked = figure(nation, measure=measure)
        found = done("explain", asked["id"], "--lake", nation, "--format", "json").json
        assert found["agrees"] is True
        assert {k: v for k, v in found["figure"].items() if k != "comparison"} == {
            k: v for k, v in asked.items() if k != "comparison"
        }
        assert sum(m["numerator"] for m in found["months"]) == asked["numerator"]
        assert len(found["files"]) == 12
    assert "agrees to the last digit" in done("explain", asked["id"], "--lake", nation).out


def test_an_id_with_another_digest_does_not_agree(nation):
    right = figure(nation)["id"]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    ran = run("explain", wrong, "--lake", nation)
    assert ran.code == 1
    assert "does NOT agree" in ran.out
    assert right in ran.out
    assert run("explain", wrong, "--lake", nation, "--format", "json").json["agrees"] is False


def test_a_record_that_was_changed_behind_our_back_is_noticed(nation, tmp_path):
    lake = shutil.copytree(nation, tmp_path / "lake")
    asked = figure(lake)["id"]
    part = _part(lake, "kent", "2021-03")
    table = pq.read_table(part)
    linked = table.column_names.index("outcome_linked")
    pq.write_table(
        table.set_column(linked, "outcome_linked", [[True] * table.num_rows]).cast(table.schema), part
    )
    ran = run("explain", asked, "--lake", lake)
    assert ran.code == 1
    assert f"The file {part.name} in the lake is no longer what the release froze" in ran.out
    assert "does NOT agree" in ran.out


def test_a_changed_file_is_noticed_even_where_the_number_stays_the_same(nation, tmp_path):
    lake = shutil.copytree(nation, tmp_path / "lake")
    asked = figure(lake)["id"]
    part = _part(lake, "kent", "2021-03")
    pq.write_table(pq.read_table(part), part, compression="gzip")
    ran = run("explain", asked, "--lake", lake, "--format", "json")
    assert ran.code == 1
    assert ran.json["altered_files"] == [part.name]


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: None])
def test_a_damaged_file_of_the_lake_is_named_with_what_to_do(nation, tmp_path, damage):
    lake = shutil.copytree(nation, tmp_path / "lake")
    asked = figure(lake)["id"]
    part = _part(lake, "kent", "2021-03")
    left = damage(part.read_bytes())
    part.unlink()
    if left is not None:
        part.write_bytes(left)
    for command in (["explain", asked], ["figures", "--release", "spring"]):
        ran = run(*command, "--lake", lake)
        assert ran.code == 1
        assert part.name in ran.err
        assert "backup" in ran.err
        assert "load the return again" in ran.err


def test_loading_the_return_again_mends_a_damaged_file(tmp_path):
    lake, file = tmp_path / "lake", write_month(tmp_path / "files", "kent")
    done("load", file, "--lake", lake)
    done("release", "create", "spring", "--lake", lake)
    asked, before = figure(lake)["id"], contents(lake)
    part = _part(lake, "kent", "2021-03")
    part.write_bytes(part.read_bytes()[:-100])
    done("load", file, "--lake", lake)
    assert contents(lake) == before
    done("explain", asked, "--lake", lake)


def test_the_rows_behind_a_figure_are_those_a_plain_reading_finds(nation, tmp_path):
    asked = figure(nation)
    done("explain", asked["id"], "--lake", nation, "--rows", tmp_path / "rows.csv")
    listed = read_csv((tmp_path / "rows.csv").read_text())
    expected = [
        (file_name("kent", month), number)
        for month in YEAR
        for number, row in enumerate(_rows_of("kent", month), start=2)  # the header is row 1
        if row[13] == "True"
    ]
    assert [(Path(r["file"]).name, int(r["row"])) for r in listed] == expected
    assert len(listed) == asked["numerator"]
    assert {r["duplicate"] for r in listed} == {"False"}


def test_the_same_records_make_the_same_release_whatever_they_came_in(tmp_path):
    folder = write_year(tmp_path / "files", ("kent", "essex"), count=5)
    ways = {
        "folder": [folder],
        "backwards": sorted(folder.iterdir(), reverse=True),
        "zip": [write_zip(tmp_path / "all.zip", folder)],
    }
    ids = set()
    for way, paths in ways.items():
        done("load", *paths, "--lake", tmp_path / way)
        ids.add(done("release", "create", way, "--lake", tmp_path / way, "--format", "json").json[0]["id"])
    one_by_one = tmp_path / "one by one"
    for path in ways["backwards"]:
        done("load", path, "--lake", one_by_one)
    ids.add(done("release", "create", "x", "--lake", one_by_one, "--format", "json").json[0]["id"])
    assert len(ids) == 1


def test_another_record_makes_another_release(tmp_path):
    ids = set()
    for seed in (1, 2):
        lake = tmp_path / f"lake {seed}"
        done("load", write_month(tmp_path / str(seed), seed=seed), "--lake", lake)
        ids.add(done("release", "create", "x", "--lake", lake, "--format", "json").json[0]["id"])
    ids.add(
        done("release", "create", "y", "--without-duplicates", "--lake", lake, "--format", "json").json[0][
            "id"
        ]
    )
    assert len(ids) == 3


def test_the_name_of_a_release_is_never_given_to_other_content(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_month(tmp_path / "files"), "--lake", lake)
    first = done("release", "create", "spring", "--lake", lake)
    assert "made" in first.out
    assert "there already" in done("release", "create", "spring", "--lake", lake).out
    done("load", write_month(tmp_path / "more", month="2021-02"), "--lake", lake)
    before = contents(lake)
    ran = run("release", "create", "spring", "--lake", lake)
    assert ran.code == 2
    assert "'spring' already, with other content" in ran.err
    assert contents(lake) == before


def test_a_release_stays_what_it_was_when_a_return_is_superseded(tmp_path):
    lake = tmp_path / "lake"
    done("load", write_month(tmp_path / "first", count=20), "--lake", lake)
    done("release", "create", "spring", "--lake", lake)
    before = figure(lake, measure="searches", force="hertfordshire")
    ran = done("load", write_month(tmp_path / "second", count=30, seed=2), "--lake", lake)
    assert "30 records new, 20 gone, 0 as before" in ran.out
    done("release", "create", "summer", "--lake", lake)
    assert figure(lake, measure="searches", force="hertfordshire") == before
    assert figure(lake, measure="searches", force="hertfordshire", release="summer")["value"] == 30
    done("explain", before["id"], "--lake", lake)


def test_duplicates_are_counted_unless_the_release_leaves_them_out(tmp_path):
    lake = tmp_path / "lake"
    rows = records("2021-03", 10)
    path = tmp_path / file_name("kent", "2021-03")
    path.write_bytes(as_csv([*rows, rows[0], rows[1]]))
    done("load", path, "--lake", lake)
    done("release", "create", "all", "--lake", lake)
    done("release", "create", "once", "--without-duplicates", "--lake", lake)
    everything = figure(lake, measure="searches", release="all")
    once = figure(lake, measure="searches", release="once")
    assert (everything["value"], once["value"]) == (12, 10)
    assert "2 exact duplicates; without duplicates the value is 10" in everything["coverage"]["note"]
    assert "2 exact duplicates are left out" in once["coverage"]["note"]
    done("explain", once["id"], "--lake", lake, "--rows", tmp_path / "rows.csv")
    assert len(read_csv((tmp_path / "rows.csv").read_text())) == 10


def test_the_lake_is_named_by_the_option_then_the_environment_then_is_the_folder_lake(
    nation, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    done("load", write_month(tmp_path / "files"))
    assert (tmp_path / "lake" / "held.json").exists()
    monkeypatch.setenv("OPENPEEL_LAKE", str(nation))
    assert [r["name"] for r in done("release", "list", "--format", "json").json] == ["spring"]
    assert done("release", "list", "--lake", tmp_path / "lake", "--format", "json").json == []


def test_the_page_shows_the_figures_that_the_command_line_prints(nation, tmp_path):
    out = tmp_path / "page"
    ran = done(
        "inspect", "kent", "--release", "spring", "--lake", nation, "--out", out, "--made-on", "2021-06-01"
    )
    assert str(out / "index.html") in ran.out
    page = (out / "index.html").read_text()
    assert "Kent Police" in page
    assert "1 June 2021" in page
    on_the_page = {f["id"]: f for f in json.loads((out / "figures.json").read_text())}
    printed = {f["id"]: f for f in figures(nation, "--force", "kent")}
    assert {"searches", "linked_outcome", "disproportionality"} <= {
        f["measure"] for f in on_the_page.values()
    }
    assert all(printed[figure_id] == shown for figure_id, shown in on_the_page.items())
    assert list((out / "charts").glob("*.svg"))


@pytest.mark.skipif(not REAL.is_dir(), reason="the published files are not beside the checkout")
def test_the_journey_on_the_files_that_hertfordshire_published(tmp_path):
    lake = tmp_path / "lake"
    files = sorted(REAL.glob("*stop-and-search.csv"))
    done("load", *files, "--lake", lake)
    done("release", "create", "herts", "--lake", lake)
    year = [f for f in files if "2020-04" <= f.name[:7] <= "2021-04"]
    rows = [(f.name, row) for f in year for row in _plain_rows(f)]
    inside = [(name, row) for name, row in rows if "2020-04" <= row["Date"][:7] <= "2021-03"]
    found = {
        f["measure"]: f
        for f in figures(lake, "--force", "E23000027", "--ending", "2021-03-31", release="herts")
        if f["group"] is None
    }
    assert found["searches"]["value"] == len(inside)
    linked = [row["Outcome linked to object of search"] for _, row in inside]
    assert found["linked_outcome"]["denominator"] == sum(x != "" for x in linked)
    assert found["linked_outcome"]["numerator"] == sum(x == "True" for x in linked)
    assert {f["coverage"]["months_present"] for f in found.values()} == {12}
    assert {f["comparison"]["verdict"] for f in found.values()} == {"not assessed"}
    done("explain", found["searches"]["id"], "--lake", lake, "--rows", tmp_path / "rows.csv")
    listed = read_csv((tmp_path / "rows.csv").read_text())
    by_file = {f.name: sum(name == f.name for name, _ in inside) for f in year}
    assert {name: sum(Path(r["file"]).name == name for r in listed) for name in by_file} == by_file


def _plain_rows(path):
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return list(csv.DictReader(handle))


def _rows_of(force, month):
    number = FORCES.index(force)
    return records(month, 30 + number, seed=number)


def _part(lake, force, month):
    found = done("quality", "--lake", lake, "--force", force, "--format", "json").json
    assert found
    for path in (lake / "returns").glob("*.json"):
        said = json.loads(path.read_text())
        if said["sources"][0]["name"].endswith(file_name(force, month)):
            return lake / "records" / "stop_search" / f"{said['part']}.parquet"
    raise AssertionError("no such return")
