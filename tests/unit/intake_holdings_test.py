"""A return is compared with what is held and with what is loaded beside it, in whatever order that comes."""

import json

import pytest

from intake_sample import HERTS, stop, write
from openpeel.intake.holdings import Holdings
from openpeel.intake.load import load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, Return
from openpeel.reference.forces import forces

MONTHS = [str(m) for m in parse_months("2020-03..2021-03")]


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def month(folder, name, number, force="hertfordshire"):
    rows = [stop(f"{name}-05T12:{i % 60:02}:{i // 60:02}+00:00") for i in range(number)]
    return write(folder / f"{name}-{force}-stop-and-search.csv", rows)


def year(folder, last=20):
    return [month(folder, m, 20 + i % 3) for i, m in enumerate(MONTHS[:-1])] + [
        month(folder, MONTHS[-1], last)
    ]


def odd(report, check="unlike_own_past"):
    return {i.found.key.months for i in report.loaded for d in i.found.defects if d.check == check}


def test_a_month_unlike_those_held_is_asked_about(lake, tmp_path):
    load(lake, year(tmp_path)[:-1])
    report = load(lake, [month(tmp_path, MONTHS[-1], 200)])
    assert odd(report) == {("2021-03",)}
    assert lake.read_return(report.loaded[0].found.id).defects == report.loaded[0].found.defects


def test_the_months_of_one_load_are_compared_in_whatever_order_they_are_named(lake, tmp_path):
    paths = year(tmp_path, last=200)
    assert odd(load(lake, list(reversed(paths)))) == {("2021-03",)}


def test_a_return_is_not_compared_with_the_one_it_replaces(lake, tmp_path):
    load(lake, year(tmp_path, last=200))
    report = load(lake, [month(tmp_path / "again", MONTHS[-1], 21)])
    assert [i.how for i in report.loaded] == ["superseded"]
    assert odd(report) == set()


def test_what_is_held_already_says_what_was_found_when_it_came(lake, tmp_path):
    paths = year(tmp_path, last=200)
    first = load(lake, paths)
    again = load(lake, paths)
    assert {i.how for i in again.loaded} == {"already held"}
    assert [i.found for i in again.loaded] == [i.found for i in first.loaded]


def test_forces_are_compared_month_by_month(lake, tmp_path):
    paths = [
        month(tmp_path, "2021-03", 30 if f.code == HERTS else 1, f.slug)
        for f in forces()[:20] + forces()[25:28]
    ]
    report = load(lake, paths)
    found = {
        i.found.key.force for i in report.loaded for d in i.found.defects if d.check == "unlike_other_forces"
    }
    assert HERTS in found


def test_a_damaged_or_older_return_is_not_compared_with_and_keeps_nothing_out(lake, tmp_path):
    reports = load(lake, year(tmp_path)[:-1])
    torn, older, *_ = [i.found for i in reports.loaded]
    (lake.root / "returns" / f"{torn.id}.json").write_text("{")
    path = lake.root / "returns" / f"{older.id}.json"
    raw = json.loads(path.read_text())
    del raw["counts"]
    path.write_text(json.dumps(raw))
    assert lake.read_return(older.id).counts is None
    (item,) = load(lake, [month(tmp_path, MONTHS[-1], 200)]).loaded
    held = Holdings(lake, lake.held()).beside(item.found)
    assert sorted(held.counts[HERTS]) == MONTHS[2:]


def test_a_return_of_an_earlier_version_can_still_be_read(lake, tmp_path):
    (item,) = load(lake, [month(tmp_path, "2021-03", 3)]).loaded
    raw = item.found.as_json()
    assert Return.from_json(json.loads(json.dumps(raw))) == item.found
    del raw["counts"]
    assert Return.from_json(raw).counts is None
    assert Return.from_json(raw).id == item.found.id
