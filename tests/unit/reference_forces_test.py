from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from openpeel.errors import UseError
from openpeel.reference.forces import Force, all_forces, find_force, forces

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/data is missing")


def test_england_and_wales_have_43_territorial_forces_in_the_order_of_their_codes() -> None:
    assert len(forces()) == 43
    assert [force.code for force in forces()] == sorted(force.code for force in forces())
    assert {force.kind for force in forces()} == {"territorial"}


def test_two_more_forces_are_known_with_codes_of_our_own() -> None:
    assert len(all_forces()) == 45
    assert [(force.code, force.kind) for force in all_forces() if force not in forces()] == [
        ("BTP", "british_transport"),
        ("PSNI", "northern_ireland"),
    ]


def test_each_region_has_its_forces() -> None:
    assert Counter(force.region for force in forces()) == {
        "North East": 3,
        "North West": 5,
        "Yorkshire and the Humber": 4,
        "East Midlands": 5,
        "West Midlands": 4,
        "East of England": 6,
        "London": 2,
        "South East": 5,
        "South West": 5,
        "Wales": 4,
    }


def test_no_name_belongs_to_two_forces() -> None:
    for force in all_forces():
        for text in (force.code, force.name, force.slug, force.full_name, *force.spellings):
            assert find_force(text) == force


def test_the_force_of_the_first_report_is_described_in_full() -> None:
    assert find_force("E23000027") == Force(
        code="E23000027",
        name="Hertfordshire",
        slug="hertfordshire",
        region="East of England",
        full_name="Hertfordshire Constabulary",
        spellings=(),
        kind="territorial",
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("London, City of", "city-of-london"),
        ("devon & cornwall", "devon-and-cornwall"),
        ("DEVON  AND CORNWALL ", "devon-and-cornwall"),
        ("Avon&Somerset Constabulary", "avon-and-somerset"),
        ("Dyfed Powys", "dyfed-powys"),
        ("e23000001", "metropolitan"),
        ("west_midlands", "west-midlands"),
        ("BTP", "btp"),
    ],
)
def test_case_and_punctuation_make_no_difference(text: str, slug: str) -> None:
    assert find_force(text).slug == slug


def test_a_misspelt_force_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(UseError, match=r"expected a police force, got 'Hartfordshire'.*Hertfordshire"):
        find_force("Hartfordshire")


@pytest.mark.parametrize("text", ["", "London", "Wales", "England and Wales", "E23000099", "?"])
def test_what_is_no_force_is_never_taken_for_one(text: str) -> None:
    with pytest.raises(UseError) as caught:
        find_force(text)
    assert caught.value.advice


@needs_shared_data
def test_codes_and_names_are_those_of_the_national_statistics_office() -> None:
    listed = {
        row["PFA19CD"]: row["PFA19NM"] for row in _rows(SHARED / "lookups" / "PFA19_names_codes_UK.csv")
    }
    assert {force.code: force.name for force in forces()} == {
        code: name for code, name in listed.items() if code.startswith(("E23", "W15"))
    }


@needs_shared_data
def test_slugs_and_full_names_are_those_of_the_publisher() -> None:
    listed = json.loads((SHARED / "police_uk" / "api_json" / "forces.json").read_text(encoding="utf-8"))
    # The publisher's list leaves the name of British Transport Police empty.
    assert {force.slug: force.full_name for force in all_forces()} == {
        entry["id"]: entry["name"] or "British Transport Police" for entry in listed
    }


@needs_shared_data
def test_every_slug_in_a_file_name_is_a_force() -> None:
    slugs = {slug for name in _police_uk_files() if (slug := _slug_in(name))}
    assert len(slugs) == 44
    assert {find_force(slug).slug for slug in slugs} == slugs


@needs_shared_data
def test_every_force_that_a_street_or_outcome_row_was_reported_by_is_known() -> None:
    names = _reported_by()
    assert len(names) == 40
    assert {find_force(name).full_name for name in names} == names


@needs_shared_data
@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("home_office/outcomes_year_ending_2018-03.csv.gz", "force_name"),
        ("home_office/police-arrests-data.csv.gz", "force_name"),
        ("home_office/police-numbers-data.csv.gz", "force_name"),
        ("home_office/search-arrests-data.csv.gz", "force_name"),
        ("census/population-by-force-by-ethnicity.csv", "Police Force Area"),
        ("lookups/lookup_ltla24_csp24_pfa24.csv", "pfa24_name"),
    ],
)
def test_published_tables_spell_all_43_forces_in_ways_we_know(file: str, column: str) -> None:
    names = {row[column] for row in _rows(SHARED / file)} - {"NA"}
    assert {find_force(name) for name in names} >= set(forces())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115 - closed below
    with opened, io.TextIOWrapper(opened, encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _police_uk_files() -> Iterator[str]:
    for path in sorted((SHARED / "police_uk").rglob("*")):
        yield path.name
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from archive.namelist()


def _slug_in(name: str) -> str | None:
    found = re.search(r"\d{4}-\d{2}-([a-z-]+)-(?:stop-and-search|street|outcomes)\.csv$", name)
    return found and found[1]


def _reported_by() -> set[str]:
    names: set[str] = set()
    for path in (SHARED / "police_uk").rglob("*"):
        if path.name.endswith(("-street.csv", "-outcomes.csv")):
            names |= {row["Reported by"] for row in _rows(path)}
        elif path.name.endswith("-street.zip"):
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    with io.TextIOWrapper(archive.open(member), encoding="utf-8-sig", newline="") as file:
                        names |= {row["Reported by"] for row in csv.DictReader(file)}
    return names
