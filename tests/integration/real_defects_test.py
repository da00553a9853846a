"""Each defect that the real stop-and-search files are known to have is found, and nothing is lost to it.

Two years and a month of all forces are loaded once, and counted a second time from the files by the csv
module alone.
"""

import csv
import io
import zipfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from openpeel.intake.load import LoadOptions, load
from openpeel.lake import Lake
from openpeel.reference.forces import all_forces, find_force

FILES = Path(__file__).parents[3] / "shared" / "data" / "police_uk"
YEARS = [FILES / "all_forces_zip" / f"{year}-stop-and-search.zip" for year in (2019, 2020)]
MARCH = FILES / "all_forces_2021-03"
OLD = FILES / "west_midlands_old_formats"
API = FILES / "api_json"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the real files are not in ../shared/data")


@contextmanager
def opened(path):
    """The texts of a zip or folder of CSV files, by their names."""
    if path.is_dir():
        yield ((p.name, p.open(newline="", encoding="utf-8-sig")) for p in sorted(path.glob("*.csv")))
        return
    with zipfile.ZipFile(path) as archive:
        yield (
            (m.rpartition("/")[2], io.TextIOWrapper(archive.open(m), encoding="utf-8-sig", newline=""))
            for m in archive.namelist()
            if m.endswith(".csv")
        )


class Counted:
    """What the csv module alone says of the files of one force."""

    def __init__(self):
        self.files = self.rows = 0
        self.found = Counter()


@pytest.fixture(scope="module")
def counted():
    by_slug = defaultdict(Counted)
    for path in (*YEARS, MARCH):
        with opened(path) as texts:
            for name, text in texts:
                with text:
                    one = by_slug[name[8:].removesuffix("-stop-and-search.csv")]
                    one.files += 1
                    count_file(one, name[:7], text)
    return by_slug


def count_file(one, month, text):
    found, seen = one.found, set()
    for row in csv.DictReader(text):
        one.rows += 1
        printed = row["Date"]
        found["fraction_of_second"] += any(c in "123456789" for c in printed[19:].partition("+")[0])
        found["minute_is_month"] += printed[14:16] == printed[5:7]
        found["outside_month"] += printed[:7] != month
        found["no_coordinates"] += row["Latitude"] == "" or row["Longitude"] == ""
        for title in ("Outcome linked to object of search", "Object of search"):
            found[f"blank {title}"] += row[title] == ""
        cells = tuple(row.values())
        found["exact_duplicate"] += cells in seen
        seen.add(cells)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The lake and its returns by the slug of the force."""
    lake = Lake.open(tmp_path_factory.mktemp("real") / "lake", create=True)
    report = load(lake, [*YEARS, MARCH])
    assert report.not_taken == []
    by_slug = defaultdict(list)
    slugs = {force.code: force.slug for force in all_forces()}
    for item in report.loaded:
        by_slug[slugs[item.found.key.force]].append(item.found)
    return lake, by_slug


def found(returns, check, title=""):
    """The rows with a defect, in all the returns of a force."""
    return sum(d.rows for r in returns for d in r.defects if d.check == check and title in d.message)


def test_every_row_of_every_file_is_accepted(loaded, counted):
    _, returns = loaded
    assert {s: (len(r), sum(x.accepted for x in r)) for s, r in returns.items()} == {
        s: (c.files, c.rows) for s, c in counted.items()
    }
    assert sum(r.rejected for some in returns.values() for r in some) == 0


def test_the_fractions_of_a_second_of_cumbria_are_found_and_no_date_is_lost(loaded, counted):
    lake, returns = loaded
    cumbria = returns["cumbria"]
    said = found(cumbria, "fraction_of_second")
    assert said == counted["cumbria"].found["fraction_of_second"] > 5_000
    dates = [
        d for r in cumbria for d in pq.read_table(lake.part_path("stop_search", r.part))["date"].to_pylist()
    ]
    assert len(dates) == counted["cumbria"].rows
    assert None not in dates
    printed = []
    for path in (*YEARS, MARCH):
        with opened(path) as texts:
            for name, text in texts:
                if "cumbria" in name:
                    printed += [datetime.fromisoformat(row["Date"]) for row in csv.DictReader(text)]
                text.close()
    assert Counter(dates) == Counter(d.replace(tzinfo=None) for d in printed)


def test_no_other_force_prints_fractions(loaded):
    assert {s for s, r in loaded[1].items() if found(r, "fraction_of_second")} == {"cumbria"}


def test_in_north_yorkshire_the_minute_is_the_month(loaded, counted):
    returns = loaded[1]["north-yorkshire"]
    assert all(found([r], "minute_is_month") for r in returns)
    said = found(returns, "minute_is_month")
    assert (
        said == counted["north-yorkshire"].found["minute_is_month"] > 0.99 * counted["north-yorkshire"].rows
    )


def test_a_minute_is_a_month_by_chance_elsewhere_except_for_some_months_of_essex(loaded):
    assert {s for s, r in loaded[1].items() if found(r, "minute_is_month")} == {"north-yorkshire", "essex"}


LINKED = "Outcome linked to object of search"


@pytest.mark.parametrize(
    ("slug", "share"),
    [("gwent", 1), ("humberside", 1), ("lancashire", 1), ("metropolitan", 1), ("hertfordshire", 0.75)],
)
def test_whether_the_outcome_was_linked_is_blank(loaded, counted, slug, share):
    returns = loaded[1][slug]
    assert all(found([r], "blank_column", LINKED) for r in returns)
    said = found(returns, "blank_column", LINKED)
    assert said == counted[slug].found[f"blank {LINKED}"]
    assert said / counted[slug].rows == pytest.approx(share, abs=0.01)


def test_a_blank_is_kept_blank_and_never_read_as_no(loaded):
    lake, returns = loaded
    for r in returns["hertfordshire"]:
        linked = pq.read_table(lake.part_path("stop_search", r.part))["outcome_linked"]
        assert linked.null_count == found([r], "blank_column", LINKED)


def test_south_yorkshire_has_no_coordinates(loaded, counted):
    said = found(loaded[1]["south-yorkshire"], "no_coordinates")
    one = counted["south-yorkshire"]
    assert said == one.found["no_coordinates"] == one.rows


def test_what_merseyside_searched_for_is_blank_in_most_rows_of_many_months(loaded, counted):
    returns = loaded[1]["merseyside"]
    months = [r for r in returns if found([r], "blank_column", "'Object of search'")]
    assert len(months) >= 5
    said = found(months, "blank_column", "'Object of search'")
    assert (
        0.5 * sum(r.accepted for r in months) <= said <= counted["merseyside"].found["blank Object of search"]
    )


def test_one_to_twelve_percent_of_the_rows_of_a_force_repeat_an_earlier_one(loaded, counted):
    """Cumbria's times are so fine that hardly any two are equal."""
    for slug, returns in loaded[1].items():
        said = found(returns, "exact_duplicate")
        assert said == sum(r.duplicates for r in returns) == counted[slug].found["exact_duplicate"]
        share = said / counted[slug].rows
        assert share < 0.01 if slug == "cumbria" else 0.01 <= share <= 0.12


def test_searches_outside_the_months_of_their_file_are_counted_by_the_printed_date(loaded, counted):
    for slug, returns in loaded[1].items():
        assert found(returns, "outside_month") == counted[slug].found["outside_month"]
    assert sum(c.found["outside_month"] for c in counted.values()) > 1_000


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def test_the_header_rows_inside_a_file_of_west_midlands_are_rejected_and_named(lake):
    path = OLD / "WMPstopandsearchJun16Jun17.csv"
    with path.open(newline="", encoding="utf-8-sig") as handle:
        header, *rows = list(csv.reader(handle))
    again = [n for n, row in enumerate(rows, start=2) if row == header]
    assert len(again) == 11
    report = load(lake, [path], LoadOptions(force=find_force("West Midlands")))
    (item,) = report.loaded
    assert (item.found.rows, item.found.rejected) == (len(rows), 11)
    assert report.wrong
    with lake.rejected_path(item.found.id).open(newline="", encoding="utf-8") as handle:
        listed = list(csv.DictReader(handle))
    assert [int(r["row"]) for r in listed] == again
    assert {r["got"] for r in listed} == {"the header row again"}
    (defect,) = (d for d in item.found.defects if d.check == "repeated_header")
    assert defect.rows == 11
    assert (item.found.key.months[0], item.found.key.months[-1]) == ("2016-06", "2017-05")
    assert len(item.found.key.months) == 12


@pytest.mark.parametrize("month", ["2016-06", "2017-06"])
def test_the_labels_of_2016_and_2017_are_all_known(lake, month):
    (item,) = load(lake, [OLD / f"{month}-west-midlands-stop-and-search.csv"]).loaded
    checks = {d.check for d in item.found.defects}
    assert "superseded_label" in checks
    assert "unrecognised_label" not in checks


@pytest.mark.parametrize(
    ("name", "force", "months", "rows"),
    [
        ("stops-Jan2023.json", "metropolitan", ("2023-01",), 165),
        ("metropolitan_stops_2025-03.json", "metropolitan", ("2025-03",), 3_824),
        ("stop_and_searches_2024-01.json", "leicestershire", ("2024-01",), 170),
    ],
)
def test_answers_of_the_api_are_read_with_the_force_said(lake, name, force, months, rows):
    report = load(lake, [API / name], LoadOptions(force=find_force(force)))
    (item,) = report.loaded
    assert (item.found.key.months, item.found.rows, item.found.rejected) == (months, rows, 0)
    assert "unrecognised_label" not in {d.check for d in item.found.defects}
