"""The published tables of the Home Office, counted again by other means: the csv module, and the XML of a workbook."""

from __future__ import annotations

import csv
import gzip
import json
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from openpeel.intake.load import load
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import find_measure
from openpeel.measures.count import count_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "home_office"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"the published tables are not in {FOLDER}")

OUTCOMES = "outcomes_year_ending_2018-03.csv.gz"
SEARCHES = "search-arrests-data.csv.gz"
ARRESTS = "police-arrests-data.csv.gz"
OFFICERS = "police-numbers-data.csv.gz"
FORCE = "police-use-of-force-apr2018-mar2019-hosb3319-tables.ods"
WORKFORCE = "police-workforce-sep19-tables.ods"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A lake with all tables, and the report of the load."""
    lake = Lake.open(tmp_path_factory.mktemp("home_office") / "lake", create=True)
    report = load(lake, [FOLDER])
    return lake, report


def rows_of(name):
    with gzip.open(FOLDER / name, "rt", encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def numbers_in(name, sheet):
    """Each row of a sheet as its texts and numbers, read from the XML and by nothing of ours."""
    with zipfile.ZipFile(FOLDER / name) as book:
        root = ET.fromstring(book.read("content.xml"))
    (table,) = [t for t in root.iter(f"{_TABLE}table") if t.get(f"{_TABLE}name") == sheet]
    for row in table.iter(f"{_TABLE}table-row"):
        cells = []
        for cell in row:
            value = cell.get(f"{_OFFICE}value")
            text = " ".join("".join(cell.itertext()).split())
            times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            cells += [float(value) if value is not None else text] * min(times, 20)
        yield cells


def records(lake, standard):
    """(force, first month, record) of all that is held of a standard."""
    for key, return_id in lake.held().items():
        if key.standard == standard:
            found = lake.read_return(return_id)
            for record in pq.read_table(lake.part_path(standard, found.part)).to_pylist():
                yield key.force, key.months[0], record


def numerators(lake, measure, ending):
    release, _ = create_release(lake, "oracle", at=datetime(2022, 1, 1, tzinfo=UTC))
    wanted = find_measure(measure)
    period = wanted.counted_in(Period.year_ending(Month.parse(ending).end))
    with open_engine("duckdb") as engine:
        counts = count_release(release, [wanted], engine)[wanted.standard]
    codes = sorted({r.key.force for r in release.of(wanted.standard)})
    count = counts.within(period, [(c,) for c in codes])
    return dict(zip(codes, count(wanted.counted(None)), strict=True))


def test_every_number_of_every_return_is_accounted_for(loaded):
    _, report = loaded
    for item in report.loaded:
        found = item.found
        assert found.rows == found.accepted + found.rejected + found.not_given
        assert found.rows == sum(s.rows for s in found.sources)


def test_one_number_of_all_is_rejected_for_it_is_of_122_people_and_a_part(loaded):
    lake, report = loaded

    (found,) = [i.found for i in report.loaded if i.found.rejected]

    assert found.key.force == find_force("Staffordshire").code
    assert (
        lake.rejected_path(found.id)
        .read_text()
        .splitlines()[1]
        .endswith("29,2019-09-30,a whole number of people,122.45")
    )
    assert [n for n in report.not_taken if n.wrong] == []


def test_outcomes_by_force_quarter_and_type_are_those_of_the_file_negative_numbers_too(loaded):
    lake, report = loaded
    wanted: Counter[tuple[str, str, str]] = Counter()
    rows = negative = 0
    first = {"1": "2017-04", "2": "2017-07", "3": "2017-10", "4": "2018-01"}
    for row in rows_of(OUTCOMES):
        if row["force_name"] == "NA":
            continue
        rows += 1
        negative += int(row["offences"]) < 0
        force = find_force(row["force_name"]).code
        wanted[force, first[row["financial_quarter"]], row["outcome_type"]] += int(row["offences"])
    found: Counter[tuple[str, str, str]] = Counter()
    taken = below = 0
    for force, month, record in records(lake, "recorded_crime"):
        taken += 1
        below += record["tally"] < 0
        found[force, month, record["outcome_type"]] += record["tally"]

    assert rows == taken == 450_912
    assert negative == below == 2_584
    assert sum(wanted.values()) == 4_878_302
    assert found == wanted
    assert sum(n.name.endswith("row 450914") for n in report.not_taken) == 1


def test_searches_and_arrests_by_force_and_year_are_those_of_the_file(loaded):
    lake, _ = loaded
    searches: Counter[tuple[str, str]] = Counter()
    arrests: Counter[tuple[str, str]] = Counter()
    for row in rows_of(SEARCHES):
        key = find_force(row["force_name"]).code, f"{int(row['year_ending'][:4]) - 1}-04"
        if row["searches"] != "NA":
            searches[key] += int(row["searches"])
            arrests[key] += 0 if row["resultant_arrests"] == "NA" else int(row["resultant_arrests"])
    all_: Counter[tuple[str, str]] = Counter()
    of_arrest: Counter[tuple[str, str]] = Counter()
    for force, month, record in records(lake, "stop_search"):
        all_[force, month] += record["tally"]
        of_arrest[force, month] += record["tally"] * (record["outcome"] == "arrest")

    assert all_ == searches
    assert of_arrest == arrests
    # The year that the publication itself speaks of: 383,629 searches in 2018/19.
    assert sum(n for (_, month), n in all_.items() if month == "2018-04") == 383_629


def test_arrests_by_force_and_year_are_those_of_the_file_and_lancashires_are_not_given(loaded):
    lake, report = loaded
    wanted: Counter[tuple[str, str]] = Counter()
    for row in rows_of(ARRESTS):
        if row["arrests"] != "NA":
            wanted[find_force(row["force_name"]).code, f"{row['financial_year'][:4]}-04"] += int(
                row["arrests"]
            )
    found: Counter[tuple[str, str]] = Counter()
    for force, month, record in records(lake, "arrest"):
        found[force, month] += record["tally"]

    assert found == wanted
    (missing,) = [n for n in report.not_taken if "Arrest, Lancashire, 2017-04 to 2018-03" in n.name]
    assert missing.reason.startswith("600 numbers not given")


def test_incidents_of_force_are_the_printed_total_of_england_and_wales(loaded):
    lake, _ = loaded
    printed = {
        row[1]: row[2] for row in numbers_in(FORCE, "Table_12") if len(row) > 2 and isinstance(row[2], float)
    }

    found = numerators(lake, "force_reports_per_1000", "2019-03")

    assert sum(found.values()) == printed["Total England and Wales"] == 427_725
    assert found[find_force("Hertfordshire").code] == printed["Hertfordshire"] == 10_086


@pytest.mark.parametrize(
    ("sheet", "column", "month", "worker"),
    [
        ("Table_1", 3, "2019-09", "officer"),
        ("Table_2", 1, "2018-09", "staff"),
        ("Table_5", 2, "2019-03", "pcso"),
    ],
)
def test_full_time_equivalents_are_the_printed_total_of_the_43_forces(loaded, sheet, column, month, worker):
    lake, _ = loaded
    printed = {
        r[0].strip(): r[column]
        for r in numbers_in(WORKFORCE, sheet)
        if r and isinstance(r[0], str) and len(r) > 3
    }
    found = {
        force: record["fte"]
        for force, first, record in records(lake, "workforce_fte")
        if first == month and record["worker_type"] == worker
    }

    bedfordshire = find_force("Bedfordshire").code
    assert found[bedfordshire] == printed["Bedfordshire"]
    assert sum(v for f, v in found.items() if f != "BTP") == pytest.approx(
        printed["Total 43 forces"], abs=1e-6
    )


def test_officers_on_30_september_2019_are_the_printed_headcount_of_the_43_forces(loaded):
    lake, _ = loaded
    printed = {
        r[0].strip(): r[2]
        for r in numbers_in(WORKFORCE, "Table_7")
        if r and isinstance(r[0], str) and len(r) > 2
    }

    found = numerators(lake, "officers_per_1000", "2019-09")

    assert sum(v for f, v in found.items() if f != "BTP") == printed["Total 43 forces"] == 127_381


def test_officers_since_2007_are_those_of_the_file_and_agree_with_the_tables_of_2019(loaded):
    lake, _ = loaded
    file = {(find_force(r["force_name"]).code, r["year"]): float(r["officers"]) for r in rows_of(OFFICERS)}
    found = {
        (force, month[:4]): record["fte"]
        for force, month, record in records(lake, "workforce_fte")
        if month.endswith("-03") and record["worker_type"] == "officer" and force != "BTP"
    }

    # What is held of March 2019 comes from the tables, which print the same.
    assert found == pytest.approx(file)


def test_no_printed_total_differs_from_its_parts(loaded):
    _, report = loaded
    assert [d for i in report.loaded for d in i.found.defects if d.check == "total_differs"] == []


def test_a_source_that_makes_many_returns_is_kept_once(loaded):
    lake, report = loaded
    shas = {s.sha256 for i in report.loaded for s in i.found.sources}

    assert len(list((lake.root / "sources").rglob("*.zst"))) == len(shas) == 6
    assert json.loads((lake.root / "held.json").read_text())["returns"]
