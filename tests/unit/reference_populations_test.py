from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from openpeel.errors import UseError
from openpeel.reference import tables
from openpeel.reference.ethnicity import GROUPS
from openpeel.reference.forces import find_force, forces
from openpeel.reference.periods import Period
from openpeel.reference.populations import MID_YEARS, census_ethnicity, mid_year_population, population_for
from openpeel.reference.tables import Table, read_table

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "openpeel" / "reference" / "data"
SHARED = ROOT.parent / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/data is missing")

CODES = [force.code for force in forces()]


@pytest.mark.parametrize(("year", "everyone"), [(2020, 59_719_724), (2022, 60_238_038)])
def test_everyone_in_england_and_wales_lives_in_one_of_the_43_force_areas(year: int, everyone: int) -> None:
    population = mid_year_population(year)
    assert population.year == year
    assert population.source.endswith(f"mid-{year}")
    assert list(population.by_force) == CODES
    assert sum(population.by_force.values()) == everyone


def test_england_and_wales_of_2022_have_the_people_that_were_published_of_each() -> None:
    people = mid_year_population(2022).by_force
    assert sum(n for code, n in people.items() if code.startswith("E")) == 57_106_398
    assert sum(n for code, n in people.items() if code.startswith("W")) == 3_131_640


def test_a_year_that_is_not_held_is_refused() -> None:
    with pytest.raises(UseError, match="2020, 2022"):
        mid_year_population(2021)


@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        (date(2015, 4, 1), date(2016, 3, 31), 2020),
        (date(2019, 1, 1), date(2019, 12, 31), 2020),
        (date(2020, 4, 1), date(2021, 3, 31), 2020),
        (date(2021, 4, 1), date(2022, 3, 31), 2020),  # its middle is in 2021: 2020 and 2022 are as near
        (date(2021, 7, 1), date(2022, 6, 30), 2020),  # its middle is 30 December 2021
        (date(2021, 8, 1), date(2022, 7, 31), 2022),
        (date(2021, 10, 1), date(2022, 9, 30), 2022),
        (date(2022, 4, 1), date(2023, 3, 31), 2022),
        (date(2023, 5, 1), date(2024, 4, 30), 2022),
        (date(2021, 12, 1), date(2021, 12, 31), 2020),
        (date(2022, 1, 1), date(2022, 1, 31), 2022),
        (date(2021, 12, 31), date(2022, 1, 1), 2020),  # of two middle days, the earlier
    ],
)
def test_a_rate_is_over_the_people_of_the_year_nearest_to_its_middle(
    start: date, end: date, year: int
) -> None:
    assert population_for(Period(start, end)) == mid_year_population(year)


def test_the_census_counts_all_43_forces_in_the_five_groups_of_the_census() -> None:
    census = census_ethnicity()
    assert census.year == 2021
    assert list(census.by_force) == CODES
    for groups in census.by_force.values():
        assert set(groups) == set(GROUPS) - {"not_stated"}


def test_no_force_lacks_a_census_count() -> None:
    assert all(
        count is not None for groups in census_ethnicity().by_force.values() for count in groups.values()
    )


@pytest.mark.parametrize(("year", "within"), [(2020, 0.05), (2022, 0.02)])
def test_population_and_census_agree_to_within_a_few_percent_except_in_the_city(
    year: int, within: float
) -> None:
    """A district in the wrong force would show here. In the City the census found a fifth fewer people."""
    population = mid_year_population(year).by_force
    for code, groups in census_ethnicity().by_force.items():
        if code != find_force("City of London").code:
            assert sum(count or 0 for count in groups.values()) == pytest.approx(population[code], rel=within)


def test_an_empty_census_cell_is_unknown_and_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"code": "E23000034", "asian": "", "black": "0", "mixed": "1", "other": "2", "white": "3"}
    table = Table({"year": "2021", "source": "invented"}, (row,))
    monkeypatch.setattr("openpeel.reference.populations.read_table", lambda _name: table)
    groups = census_ethnicity.__wrapped__().by_force["E23000034"]
    assert groups["asian"] is None
    assert groups["black"] == 0


def test_nobody_can_change_what_the_next_reader_gets() -> None:
    with pytest.raises(TypeError):
        mid_year_population(2020).by_force["E23000027"] = 0  # type: ignore[index]
    with pytest.raises(TypeError):
        census_ethnicity().by_force["E23000027"]["black"] = 0  # type: ignore[index]


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.glob("*.csv")))
def test_every_shipped_table_says_where_it_comes_from(name: str) -> None:
    header = read_table(name).header
    assert {"source", "publisher", "licence", "made"} <= set(header)
    assert header["licence"] == "Open Government Licence v3.0"
    assert {"year", "date"} & set(header)
    assert read_table(name).rows


def test_a_comment_may_run_over_several_lines() -> None:
    header = tables._header(["# source: one", "#   two: three", "# year: 2020"])
    assert header == {"source": "one two: three", "year": "2020"}


@needs_shared_data
def test_hertfordshire_is_its_ten_districts() -> None:
    districts = {
        "Broxbourne",
        "Dacorum",
        "East Hertfordshire",
        "Hertsmere",
        "North Hertfordshire",
        "St Albans",
        "Stevenage",
        "Three Rivers",
        "Watford",
        "Welwyn Hatfield",
    }
    assert mid_year_population(2020).by_force[find_force("Hertfordshire").code] == _people_in(districts)


def test_hertfordshire_of_2022_is_its_ten_districts() -> None:
    districts = [99_103, 156_123, 151_635, 108_106, 134_159, 148_358, 89_737, 94_123, 103_031, 120_213]
    assert mid_year_population(2022).by_force[find_force("Hertfordshire").code] == sum(districts) == 1_204_588


def test_the_two_authorities_that_follow_cumbria_are_in_it() -> None:
    cumberland, westmorland_and_furness = 275_390, 227_643
    people = mid_year_population(2022).by_force[find_force("Cumbria").code]
    assert people == cumberland + westmorland_and_furness


@needs_shared_data
def test_cumbria_is_the_six_districts_abolished_in_2023() -> None:
    districts = {"Allerdale", "Barrow-in-Furness", "Carlisle", "Copeland", "Eden", "South Lakeland"}
    assert mid_year_population(2020).by_force[find_force("Cumbria").code] == _people_in(districts)


@needs_shared_data
def test_avon_and_somerset_is_four_unitary_authorities_and_four_districts() -> None:
    districts = {
        "Bath and North East Somerset",
        "Bristol, City of",
        "North Somerset",
        "South Gloucestershire",
        "Mendip",
        "Sedgemoor",
        "Somerset West and Taunton",
        "South Somerset",
    }
    assert mid_year_population(2020).by_force[find_force("Avon and Somerset").code] == _people_in(districts)


@needs_shared_data
def test_the_census_counts_of_hertfordshire_are_those_of_the_published_file() -> None:
    published = (SHARED / "census" / "population-by-force-by-ethnicity.csv").read_text(encoding="utf-8")
    lines = {
        "asian": '2021,E23000027,Hertfordshire,Asian or Asian British,"103,673"',
        "black": '2021,E23000027,Hertfordshire,Black or Black British,"44,893"',
        "mixed": '2021,E23000027,Hertfordshire,Mixed,"45,127"',
        "other": '2021,E23000027,Hertfordshire,Other Ethnic Group,"25,049"',
        "white": '2021,E23000027,Hertfordshire,White,"980,061"',
    }
    counts = census_ethnicity().by_force["E23000027"]
    for group, line in lines.items():
        assert line in published
        assert f'"{counts[group]:,}"' in line


@needs_shared_data
def test_making_the_tables_again_gives_the_shipped_files_byte_for_byte(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "make_reference.py"
    subprocess.run([sys.executable, script, "--sources", SHARED, "--to", tmp_path], check=True)
    made = sorted(tmp_path.iterdir())
    assert [path.name for path in made] == [
        "census_2021_ethnicity.csv",
        *(f"population_mid_{year}.csv" for year in MID_YEARS),
    ]
    for path in made:
        assert path.read_bytes() == (SHIPPED / path.name).read_bytes()


def _people_in(districts: set[str]) -> int:
    with (SHARED / "lookups" / "population20_ltla21.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["ltla21_name"]: int(row["total_population"]) for row in csv.DictReader(file)}
    return sum(found[district] for district in districts)
