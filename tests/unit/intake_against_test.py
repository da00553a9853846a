"""Files looked at in a lake of their own, against the lake that they would be loaded into."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intake_sample import HERTS, MARCH, snapshot, stops, write
from openpeel.errors import UseError
from openpeel.intake.load import Loaded, LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.intake.sources import Named
from openpeel.lake import Lake, ReturnKey
from openpeel.reference.forces import find_force

ASKED = LoadOptions(
    force=find_force("hertfordshire"),
    months=parse_months("2021-03"),
    standard="stop_search",
    parts=True,
    replace=True,
)
KEY = ReturnKey("stop_search", HERTS, ("2021-03",))


@pytest.fixture
def main(tmp_path: Path) -> Lake:
    return Lake.open(tmp_path / "main", create=True)


@pytest.fixture
def staging(tmp_path: Path) -> Lake:
    return Lake.open(tmp_path / "staging", create=True)


def looked_at(main: Lake, staging: Lake, *paths: Path) -> Loaded:
    """What is found of files that are looked at; the main lake must stay as it was, to the last byte."""
    before = snapshot(main)
    (item,) = load(staging, paths, ASKED, against=main).loaded
    assert snapshot(main) == before
    return item


def test_what_is_looked_at_is_in_the_lake_of_staging_alone(main: Lake, staging: Lake, tmp_path: Path) -> None:
    item = looked_at(main, staging, write(tmp_path / MARCH, [*stops(3), ["too", "short"]]))
    assert (item.how, item.found.accepted, item.found.rejected) == ("new", 3, 1)
    assert staging.held() == {KEY: item.found.id}
    assert staging.rejected_path(item.found.id).exists()
    assert main.held() == {}


def test_a_return_has_the_same_id_once_it_is_loaded(main: Lake, staging: Lake, tmp_path: Path) -> None:
    parts = [
        write(tmp_path / "a.csv", [*stops(3), ["too", "short"]]),
        write(tmp_path / "b.csv", stops(2)[1:]),
    ]
    item = looked_at(main, staging, *parts)
    assert load(main, parts[::-1], ASKED).loaded[0].found == item.found
    assert main.held() == {KEY: item.found.id}


def test_the_difference_is_to_what_the_main_lake_holds(main: Lake, staging: Lake, tmp_path: Path) -> None:
    (first,) = load(main, [write(tmp_path / MARCH, stops(5))], ASKED).loaded
    item = looked_at(main, staging, write(tmp_path / "again.csv", stops(7)[1:]))
    assert (item.how, item.changed) == ("superseded", "2 records new, 1 gone, 4 as before")
    assert main.held() == {KEY: first.found.id}


def test_what_the_main_lake_holds_is_said_to_be_held_and_can_be_looked_at(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    path = write(tmp_path / MARCH, stops(5))
    (first,) = load(main, [path], ASKED).loaded
    item = looked_at(main, staging, path)
    assert (item.how, item.changed, item.found.id) == ("already held", "", first.found.id)
    assert staging.held() == {KEY: first.found.id}


def test_a_return_is_compared_with_the_past_in_the_main_lake(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    for month in parse_months("2020-02..2021-02"):
        load(
            main,
            [write(tmp_path / f"{month}-hertfordshire-stop-and-search.csv", stops(40, str(month)))],
            LoadOptions(),
        )
    item = looked_at(main, staging, write(tmp_path / MARCH, stops(4)))
    assert [d.check for d in item.found.defects] == ["unlike_own_past"]
    assert "4 in 2021-03 against 40 usually" in item.found.defects[0].message


def test_looking_twice_comes_to_the_same(main: Lake, staging: Lake, tmp_path: Path) -> None:
    path = write(tmp_path / MARCH, [*stops(3), ["too", "short"]])
    first = looked_at(main, staging, path)
    before = snapshot(staging)
    assert looked_at(main, staging, path) == first
    assert snapshot(staging) == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "2021-03-kent-stop-and-search.csv",
            "expected records of Hertfordshire, which is asked for them, got a file named after Kent",
        ),
        (
            "2021-04-stop-and-search.csv",
            "expected records of 2021-03, which are asked for, got a file named after 2021-04",
        ),
    ],
)
def test_another_file_than_the_one_asked_for_is_refused_in_words_of_what_was_asked(
    main: Lake, staging: Lake, tmp_path: Path, name: str, told: str
) -> None:
    report = load(staging, [write(tmp_path / name, stops(3))], ASKED, against=main)
    assert (report.loaded, report.wrong) == ([], True)
    assert told in report.not_taken[0].reason
    assert "--" not in report.not_taken[0].reason


def test_another_standard_than_the_one_asked_for_is_refused(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    path = write(tmp_path / "calls.csv", [], ["Call reference", "Call offered at", "Line", "Shift"])
    (refused,) = load(staging, [path], ASKED, against=main).not_taken
    assert refused.wrong
    assert "expected records of 'Stop and search', got a file of 'Call to the control room'" in refused.reason


def test_a_header_that_is_not_known_sends_the_reader_to_the_template(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    (refused,) = load(
        staging, [write(tmp_path / "x.csv", [], ["Shoes", "Ships"])], ASKED, against=main
    ).not_taken
    assert refused.reason.endswith("Use the template of 'Stop and search'.")


def test_a_file_is_called_by_the_name_it_is_given_and_not_by_that_of_the_disk(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    kept = write(tmp_path / "0f3c", [*stops(3), ["too", "short"]])
    (item,) = load(staging, [Named(kept, MARCH)], ASKED, against=main).loaded
    assert item.found.sources[0].name == MARCH
    assert "0f3c" not in staging.rejected_path(item.found.id).read_text()
    (refused,) = load(staging, [Named(kept, "2021-03 kent.csv")], ASKED, against=main).not_taken
    assert refused.name == "2021-03 kent.csv"


def test_how_long_another_load_may_keep_one_waiting_can_be_said(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    path = write(tmp_path / MARCH, stops(3))
    with main.writing(), pytest.raises(UseError, match=r"for over 0\.1 s"):
        load(main, [path], ASKED, wait_seconds=0.1)


def test_a_return_that_is_no_longer_the_one_that_was_checked_stays_out(
    main: Lake, staging: Lake, tmp_path: Path
) -> None:
    path = write(tmp_path / MARCH, stops(3))
    item = looked_at(main, staging, path)
    before = snapshot(main)
    write(path, stops(4))
    report = load(main, [path], replace(ASKED, checked=item.found.id))
    assert (report.loaded, report.wrong, snapshot(main)) == ([], True, before)
    assert "that was checked" in report.not_taken[0].reason
    write(path, stops(3))
    assert load(main, [path], replace(ASKED, checked=item.found.id)).loaded[0].found == item.found
