"""The demonstration as a folder: its files, what is wrong with them on purpose, and what it never overwrites."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from openpeel.demo import generate
from openpeel.demo import published as published_module
from openpeel.demo.defects import PLANTED, Defect
from openpeel.demo.records import force_month
from openpeel.errors import UseError
from openpeel.intake.load import load
from openpeel.lake import Lake
from openpeel.reference.forces import Force, find_force, forces
from openpeel.reference.periods import Month

POLICE_UK = Path(__file__).parents[3] / "shared" / "data" / "police_uk"
MARCH = date(2021, 3, 31)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "nation"
    generate(out, seed=1, ending=MARCH, size=0.05)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def rows_of(nation: Path, force: str) -> list[dict[str, str]]:
    files = sorted(nation.glob(f"*/*-{force}-stop-and-search.csv"))
    return [row for file in files for row in csv.DictReader(io.StringIO(file.read_text("utf-8"), newline=""))]


def test_there_is_a_file_for_each_force_and_month_named_as_the_publisher_names_them(nation: Path) -> None:
    forces_in = Counter(file.name[8:].removesuffix("-stop-and-search.csv") for file in nation.glob("*/*.csv"))
    usual = {f.slug: 12 for f in forces()} | {"btp": 12}
    assert forces_in == Counter({**usual, "norfolk": 9, "warwickshire": 0}) + Counter()
    assert sorted(folder.name for folder in nation.iterdir() if folder.is_dir()) == [
        *(f"2020-{month:02}" for month in range(4, 13)),
        *(f"2021-{month:02}" for month in range(1, 4)),
    ]
    assert (nation / "2020-04" / "2020-04-hertfordshire-stop-and-search.csv").is_file()


def test_the_paths_given_back_are_the_files_made(tmp_path: Path) -> None:
    out = tmp_path / "nation"
    paths = generate(out, seed=1, ending=MARCH, months=2, size=0.01)
    assert set(paths) == set(out.glob("*/*.csv"))
    assert len(paths) == len(set(paths)) == 2 * 43


def test_one_force_is_missing_wholly_and_one_for_three_months(nation: Path) -> None:
    assert not rows_of(nation, "warwickshire")
    norfolk = {file.name[:7] for file in nation.glob("*/*-norfolk-*.csv")}
    assert {"2020-10", "2020-11", "2020-12"}.isdisjoint(norfolk)
    assert {"2020-09", "2021-01"} <= norfolk


def test_a_file_does_not_depend_on_which_others_are_made(nation: Path, tmp_path: Path) -> None:
    alone = tmp_path / "one month"
    generate(alone, seed=1, ending=date(2020, 7, 31), months=1, size=0.05)
    whole = contents(nation)
    assert all(whole[name] == file for name, file in contents(alone).items() if name != "README.txt")
    kent = force_month(1, find_force("kent"), Month(2020, 7), size=0.05)
    assert whole["2020-07/2020-07-kent-stop-and-search.csv"] == kent


def test_the_same_seed_gives_the_same_folder_and_another_seed_another(nation: Path, tmp_path: Path) -> None:
    generate(tmp_path / "same", seed=1, ending=MARCH, size=0.05)
    generate(tmp_path / "other", seed=2, ending=MARCH, size=0.05)
    assert contents(tmp_path / "same") == contents(nation)
    other = contents(tmp_path / "other")
    assert other.keys() == contents(nation).keys()
    with_rows = {name: file for name, file in contents(nation).items() if file.count(b"\n") > 1}
    assert len(with_rows) > 500
    assert not any(other[name] == file for name, file in with_rows.items())


def test_a_force_with_fractions_of_a_second_has_them_in_every_time(nation: Path) -> None:
    assert all(
        len(row["Date"]) == len("2021-03-01T01:22:26.646666+00:00") for row in rows_of(nation, "durham")
    )
    assert not any(row["Date"][20:26] == "000000" for row in rows_of(nation, "durham"))


def test_a_force_with_the_month_for_the_minute_has_it_in_every_time(nation: Path) -> None:
    files = list(nation.glob("*/*-cheshire-*.csv"))
    assert len(files) == 12
    for file in files:
        minutes = {line.split(",")[1][14:16] for line in file.read_text("utf-8").splitlines()[1:]}
        assert minutes == {file.name[5:7]}


def test_a_force_without_time_of_day_has_every_search_at_midnight(nation: Path) -> None:
    assert {row["Date"][10:] for row in rows_of(nation, "gloucestershire")} == {"T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("force", "title"),
    [("northamptonshire", "Outcome linked to object of search"), ("leicestershire", "Latitude")],
)
def test_a_column_that_is_blank_throughout_is_so_for_one_force(nation: Path, force: str, title: str) -> None:
    enough = [(f.slug, rows) for f in forces() if len(rows := rows_of(nation, f.slug)) > 20]
    assert [slug for slug, rows in enough if not any(row[title] for row in rows)] == [force]


@pytest.mark.parametrize(
    ("force", "title"),
    [("devon-and-cornwall", "Object of search"), ("suffolk", "Self-defined ethnicity")],
)
def test_a_column_that_is_mostly_blank_is_so_for_one_force(nation: Path, force: str, title: str) -> None:
    def blank(slug: str) -> float:
        rows = rows_of(nation, slug)
        return sum(not row[title] for row in rows) / len(rows) if len(rows) > 20 else 0.0

    assert 0.7 < blank(force) < 0.95
    others = [blank(f.slug) for f in forces() if f.slug != force]
    assert max(others) < 0.3
    assert sum(share > 0 for share in others) > 20


def test_the_checks_of_intake_find_what_was_planted_where_it_was_planted(tmp_path: Path) -> None:
    out = tmp_path / "nation"
    generate(out, seed=1, ending=date(2020, 7, 31), months=1, size=0.5)
    report = load(Lake.open(tmp_path / "lake", create=True), [out])
    assert not report.wrong
    assert [item.name for item in report.not_taken] == [str(out / "README.txt")]
    # Forces search at different rates, and one or two of them lie far out; nobody planted that.
    usual = {"exact_duplicate", "invented", "outside_month", "unlike_other_forces"}
    found = defaultdict(set)
    for item in report.loaded:
        for defect in item.found.defects:
            found[defect.check].add(item.found.key.force)
    assert {check: found[check] for check in found.keys() - usual} == {
        "fraction_of_second": {find_force("durham").code},
        "minute_is_month": {find_force("cheshire").code},
        "midnight": {find_force("gloucestershire").code},
        "no_coordinates": {find_force("leicestershire").code},
        "blank_column": {find_force(f).code for f in ("northamptonshire", "devon-and-cornwall", "suffolk")},
    }
    assert found["invented"] == {item.found.key.force for item in report.loaded}, (
        "every return says it is invented"
    )
    assert len(found["exact_duplicate"]) > 35
    assert found["outside_month"]


def real_files(force: str) -> Iterator[list[dict[str, str]]]:
    for year in ("2019", "2020"):
        with zipfile.ZipFile(POLICE_UK / "all_forces_zip" / f"{year}-stop-and-search.zip") as archive:
            for name in archive.namelist():
                if name[16:] == f"{force}-stop-and-search.csv":  # after '2019-01/2019-01-'
                    yield list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))
    march = POLICE_UK / "all_forces_2021-03" / f"2021-03-{force}-stop-and-search.csv"
    if march.exists():
        yield list(csv.DictReader(io.StringIO(march.read_text("utf-8"), newline="")))


@pytest.mark.skipif(not POLICE_UK.is_dir(), reason="the folder shared/data is missing")
@pytest.mark.parametrize("force", PLANTED)
def test_no_defect_is_planted_in_a_force_that_really_had_it(force: str) -> None:
    signs = {
        Defect.FRACTION_OF_SECOND: lambda row: "." in row["Date"],
        Defect.MINUTE_IS_MONTH: lambda row: row["Date"][14:16] == row["Date"][5:7],
        Defect.MIDNIGHT: lambda row: row["Date"][11:16] == "00:00",
        Defect.NO_COORDINATES: lambda row: not row["Latitude"],
        Defect.NO_OUTCOME_LINKED: lambda row: not row["Outcome linked to object of search"],
        Defect.LITTLE_OBJECT_OF_SEARCH: lambda row: not row["Object of search"],
        Defect.LITTLE_ETHNICITY: lambda row: not row["Self-defined ethnicity"],
    }
    files = list(real_files(force))
    assert len(files) == 25
    if sign := signs.get(PLANTED[force]):
        rows = [row for file in files for row in file]
        assert sum(map(sign, rows)) < 0.1 * len(rows)


def test_the_readme_says_that_everything_is_invented_and_names_each_planted_defect(nation: Path) -> None:
    said = (nation / "README.txt").read_text("utf-8")
    assert "EVERYTHING IN THIS FOLDER IS INVENTED" in said
    assert "no number says\nanything about any real force" in said
    assert "April 2020 to March 2021" in said
    for slug, defect in PLANTED.items():
        assert f"{find_force(slug).name}: {defect.value}" in said


def test_progress_counts_up_to_the_number_of_files(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generate(
        tmp_path / "nation", seed=1, ending=MARCH, months=1, size=0.01, progress=lambda *at: told.append(at)
    )
    assert told == [(done, 43) for done in range(1, 44)]


def test_an_earlier_demonstration_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "nation"
    generate(out, seed=1, ending=MARCH, months=2, size=0.01)
    generate(out, seed=1, ending=MARCH, months=1, size=0.01)
    generate(tmp_path / "fresh", seed=1, ending=MARCH, months=1, size=0.01)
    assert contents(out) == contents(tmp_path / "fresh")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert len(generate(tmp_path, seed=1, ending=MARCH, months=1, size=0.01)) == 43


@pytest.mark.parametrize("name", ["notes.txt", "2021-03/2021-03-kent-stop-and-search.csv", "README.txt"])
def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("mine")
    with pytest.raises(UseError, match="earlier demonstration, got a folder with"):
        generate(tmp_path, seed=1, ending=MARCH, months=1, size=0.01)
    assert contents(tmp_path) == {name: b"mine"}


def test_a_real_file_put_beside_the_invented_ones_is_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "nation"
    generate(out, seed=1, ending=MARCH, months=1, size=0.01)
    (out / "2021-03" / "2021-03-warwickshire-stop-and-search.csv").write_text("real")
    before = contents(out)
    with pytest.raises(UseError, match="warwickshire"):
        generate(out, seed=2, ending=MARCH, months=1, size=0.01)
    assert contents(out) == before


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nation").write_text("mine")
    with pytest.raises(UseError, match="got a file"):
        generate(tmp_path / "nation", seed=1, ending=MARCH, months=1, size=0.01)


def test_a_run_that_is_cut_short_leaves_the_earlier_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "nation"
    generate(out, seed=1, ending=MARCH, months=1, size=0.01)
    before = contents(tmp_path)

    def stops_at_kent(seed: int, force: Force, month: Month, *, size: float) -> bytes:
        if force.slug == "kent":
            raise KeyboardInterrupt
        return force_month(seed, force, month, size=size)

    monkeypatch.setattr(published_module, "force_month", stops_at_kent)
    with pytest.raises(KeyboardInterrupt):
        generate(out, seed=2, ending=MARCH, months=1, size=0.01)
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_an_error_for_the_reader(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UseError, match="folder that can be written"):
        generate(tmp_path / "file" / "nation", seed=1, ending=MARCH, months=1, size=0.01)


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf")])
def test_a_size_that_makes_no_nation_is_refused(tmp_path: Path, size: float) -> None:
    with pytest.raises(UseError, match="scale above 0"):
        generate(tmp_path, seed=1, ending=MARCH, size=size)


def test_months_are_whole_and_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(UseError, match="last day of a month"):
        generate(tmp_path, seed=1, ending=date(2021, 3, 30))
    with pytest.raises(UseError, match="at least 1 month"):
        generate(tmp_path, seed=1, ending=MARCH, months=0)
