"""A load that is killed at any moment leaves the lake as it was, and the next one does what it should have done."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import KILLED, contents, done, finish, start
from invented_records import write_year, write_zip
from openpeel.lake import Lake, ReturnKey

FORCES = ("hertfordshire", "kent")
FRACTIONS = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99]
#: A load makes a lake by its 1st move of a file; each of 24 returns then takes 3, and `held.json` the 74th and last.
MOVES = [1, 2, 3, 4, 38, 73, 74]


@dataclass(frozen=True)
class Undisturbed:
    """Two zips of the same 24 force-months, the second with other records, and what comes of loading both in peace."""

    seconds: float
    first: Path
    second: Path
    after_first: dict[ReturnKey, str]
    after_second: dict[ReturnKey, str]
    first_id: str
    second_id: str


@pytest.fixture(scope="module")
def peace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peace")
    lake = folder / "lake"
    first = write_zip(folder / "first.zip", write_year(folder / "first", FORCES, count=60))
    second = write_zip(folder / "second.zip", write_year(folder / "second", FORCES, count=70))
    begun = time.monotonic()
    assert finish(start("load", first, "--lake", lake)).code == 0
    seconds = time.monotonic() - begun
    after_first, first_id = Lake.open(lake).held(), freeze(lake, "first")
    done("load", second, "--lake", lake)
    after_second, second_id = Lake.open(lake).held(), freeze(lake, "second")
    assert len(after_first) == len(after_second) == 24
    return Undisturbed(seconds, first, second, after_first, after_second, first_id, second_id)


def freeze(lake, name):
    return done("release", "create", name, "--lake", lake, "--format", "json").json[0]["id"]


def kill_after(seconds, *arguments):
    """Start a command and kill it so many seconds later, as `kill -9` does; it may have ended before."""
    process = start(*arguments)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()


def is_as_if_nothing_had_happened(peace, lake):
    """The first load, done again, gives what it gives in peace."""
    done("load", peace.first, "--lake", lake)
    assert Lake.open(lake).held() == peace.after_first
    assert freeze(lake, "after") == peace.first_id
    assert not [name for name in contents(lake) if name.startswith("incoming/")]


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_a_first_load_that_is_killed_leaves_nothing_held(peace, tmp_path, fraction):
    lake = tmp_path / "lake"
    kill_after(peace.seconds * fraction, "load", peace.first, "--lake", lake)
    assert Lake.open(lake, create=True).held() in ({}, peace.after_first)
    is_as_if_nothing_had_happened(peace, lake)


@pytest.mark.parametrize("move", MOVES)
def test_a_first_load_that_dies_before_its_last_move_leaves_nothing_held(peace, tmp_path, move):
    lake = tmp_path / "lake"
    assert finish(start("load", peace.first, "--lake", lake, dies_at_move=move)).code == KILLED
    assert Lake.open(lake, create=True).held() == {}
    is_as_if_nothing_had_happened(peace, lake)


def test_the_last_move_of_a_load_is_the_one_that_makes_it_held(peace, tmp_path):
    lake = tmp_path / "lake"
    assert finish(start("load", peace.first, "--lake", lake, dies_at_move=MOVES[-1] + 1)).code == 0
    assert Lake.open(lake).held() == peace.after_first


@pytest.mark.parametrize("fraction", FRACTIONS[4:])
def test_a_killed_load_of_later_returns_leaves_all_the_earlier_or_all_the_later_ones(
    peace, tmp_path, fraction
):
    lake = tmp_path / "lake"
    is_as_if_nothing_had_happened(peace, lake)
    kill_after(peace.seconds * fraction, "load", peace.second, "--lake", lake)
    assert Lake.open(lake).held() in (peace.after_first, peace.after_second)
    later_returns_can_be_loaded(peace, lake)


@pytest.mark.parametrize("move", MOVES[:-1])
def test_a_load_of_later_returns_that_dies_before_its_last_move_leaves_all_the_earlier_ones(
    peace, tmp_path, move
):
    lake = tmp_path / "lake"
    is_as_if_nothing_had_happened(peace, lake)
    assert finish(start("load", peace.second, "--lake", lake, dies_at_move=move)).code == KILLED
    assert Lake.open(lake).held() == peace.after_first
    later_returns_can_be_loaded(peace, lake)


def later_returns_can_be_loaded(peace, lake):
    """And the release made before counts what it counted."""
    before = done(
        "figures", "--release", "after", "--lake", lake, "--measure", "searches", "--format", "json"
    ).json
    done("load", peace.second, "--lake", lake)
    assert Lake.open(lake).held() == peace.after_second
    assert freeze(lake, "second") == peace.second_id
    after = done(
        "figures", "--release", "after", "--lake", lake, "--measure", "searches", "--format", "json"
    ).json
    assert before == after
