"""The invented searches of one force and month: their layout, their labels, and that chance is the seed's alone."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from openpeel.demo.defects import PLANTED
from openpeel.demo.draws import Draws, shares_up_to
from openpeel.demo.profiles import inventions, profile
from openpeel.demo.records import force_month
from openpeel.reference.forces import find_force, forces
from openpeel.reference.periods import Month
from openpeel.reference.populations import mid_year_population
from openpeel.reference.tables import read_table
from openpeel.standards import load_standard

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "police_uk" / "all_forces_2021-03"
KENT = find_force("kent")
JULY = Month(2020, 7)


def rows_of(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8"), newline="")))


@pytest.fixture(scope="module")
def kent_in_july() -> list[dict[str, str]]:
    return rows_of(force_month(1, KENT, JULY))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert force_month(1, KENT, JULY) == force_month(1, KENT, JULY)
    assert force_month(1, KENT, JULY) != force_month(2, KENT, JULY)


def test_the_bytes_are_those_that_were_made_on_the_machine_where_this_was_written() -> None:
    """Change the digest together with anything invented; a change that nobody meant is what it is there for."""
    made = hashlib.sha256(force_month(1, KENT, JULY)).hexdigest()
    assert made[:16] == "b477f6717a733fdc"


def test_every_force_and_month_has_searches_of_its_own() -> None:
    files = {
        force_month(1, find_force(force), Month(2020, month), size=0.1)
        for force in ("kent", "essex", "btp")
        for month in (7, 8)
    }
    assert len(files) == 6


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the folder shared/data is missing")
def test_header_and_line_ends_are_the_publishers() -> None:
    published = (PUBLISHED / "2021-03-kent-stop-and-search.csv").read_bytes()
    made = force_month(1, KENT, JULY)
    assert made.splitlines(keepends=True)[0] == published.splitlines(keepends=True)[0]
    assert made.endswith(b"\n")
    assert b"\r" not in made


def test_every_label_is_in_the_code_list_of_its_column_and_printed_today() -> None:
    printed_in_16_plus_1 = {
        row["label"] for row in read_table("ethnicity_labels.csv").rows if row["code_set"] == "16+1"
    }
    coded = [column for column in load_standard("stop_search").columns if column.codes]
    assert len(coded) == 8
    for force in ("metropolitan", "kent", "btp"):
        rows = rows_of(force_month(1, find_force(force), JULY))
        for column in coded:
            assert column.codes is not None
            codes = {code.code for code in column.codes.codes}
            labels = {row[column.title] for row in rows} - {""}
            assert labels <= column.codes.by_label().keys() - codes
            assert not labels & (column.codes.superseded_labels() | printed_in_16_plus_1)


def test_every_code_that_is_drawn_has_a_row_of_weights_for_whatever_it_depends_on() -> None:
    for name, invention in inventions().items():
        parents = inventions()[invention.given].codes if invention.given else ("",)
        assert invention.weights.shape == (len(parents), len(invention.codes)), name
        assert (invention.weights.sum(axis=1) > 0).all(), name
        assert invention.tilts.keys() <= set(invention.codes), name


def test_rows_stand_in_the_order_of_time(kent_in_july: list[dict[str, str]]) -> None:
    times = [row["Date"] for row in kent_in_july]
    assert times == sorted(times)


def test_the_first_hour_of_a_month_in_summer_time_is_printed_in_the_month_before() -> None:
    metropolitan = find_force("metropolitan")
    in_summer = Counter(row["Date"][:10] for row in rows_of(force_month(1, metropolitan, JULY)))
    in_winter = Counter(row["Date"][:10] for row in rows_of(force_month(1, metropolitan, Month(2020, 12))))
    assert {day for day in in_summer if not day.startswith("2020-07")} == {"2020-06-30"}
    assert 0 < in_summer["2020-06-30"] < 0.01 * in_summer.total()
    assert all(day.startswith("2020-12") for day in in_winter)


@pytest.mark.parametrize(("month", "missing"), [(Month(2021, 3), "2021-03-31T23"), (Month(2020, 10), "")])
def test_the_clocks_change_on_the_last_sunday_of_march_and_october(month: Month, missing: str) -> None:
    hours = {row["Date"][:13] for row in rows_of(force_month(1, find_force("metropolitan"), month))}
    first, last = month.start, datetime.combine(month.end, datetime.min.time())
    if missing:  # ends in summer time: the last hour in UTC belongs to the local April
        assert missing not in hours
        assert f"{last:%Y-%m-%d}T22" in hours
    else:  # begins in summer time and ends without
        assert f"{first - timedelta(days=1)}T23" in hours
        assert f"{last:%Y-%m-%d}T23" in hours


def test_searches_peak_in_the_afternoon_and_evening() -> None:
    rows = rows_of(force_month(1, find_force("metropolitan"), JULY))
    hours = Counter(int(row["Date"][11:13]) for row in rows)
    evening = sum(hours[hour] for hour in range(16, 22))
    morning = sum(hours[hour] for hour in range(4, 10))
    assert evening > 4 * morning


def test_every_place_is_on_a_grid_of_a_twentieth_of_a_degree(kent_in_july: list[dict[str, str]]) -> None:
    places = {(row["Latitude"], row["Longitude"]) for row in kent_in_july} - {("", "")}
    for latitude, longitude in places:
        assert 51 <= float(latitude) < 54
        assert -3 <= float(longitude) < 0
        assert (Fraction(latitude) * 20).denominator == (Fraction(longitude) * 20).denominator == 1
    assert len(places) > 50


def test_a_search_of_a_vehicle_alone_is_of_nobody(kent_in_july: list[dict[str, str]]) -> None:
    vehicles = [row for row in kent_in_july if row["Type"] == "Vehicle search"]
    of_a_person = ("Gender", "Age range", "Self-defined ethnicity", "Officer-defined ethnicity")
    assert vehicles
    assert not any(row[title] for row in vehicles for title in of_a_person)


def test_the_power_follows_the_object_and_the_outcome_goes_with_what_was_found(
    kent_in_july: list[dict[str, str]],
) -> None:
    def share(title: str, label: str, given: str, value: str) -> float:
        rows = [row for row in kent_in_july if row[given] == value and row[title]]
        return sum(row[title] == label for row in rows) / len(rows)

    drugs, weapons = "Controlled drugs", "Offensive weapons"
    drugs_act = "Misuse of Drugs Act 1971 (section 23)"
    assert share("Legislation", drugs_act, "Object of search", drugs) > 0.95
    assert share("Legislation", drugs_act, "Object of search", weapons) == 0
    linked = "Outcome linked to object of search"
    nothing = share(linked, "True", "Outcome", "A no further action disposal")
    assert nothing < 0.3 < share(linked, "True", "Outcome", "Arrest")


def test_one_to_six_percent_of_rows_repeat_an_earlier_one() -> None:
    for force in ("metropolitan", "west-midlands", "kent", "essex"):
        rows = [tuple(row.values()) for row in rows_of(force_month(1, find_force(force), JULY))]
        assert 0.01 < 1 - len(set(rows)) / len(rows) < 0.065


def test_the_number_of_rows_grows_with_the_size() -> None:
    whole, tenth = (len(rows_of(force_month(1, KENT, JULY, size=size))) for size in (1.0, 0.1))
    assert tenth == pytest.approx(whole / 10, abs=1)


def test_a_month_without_a_search_is_a_header_alone() -> None:
    file = force_month(1, find_force("city-of-london"), JULY, size=0.001)
    assert file.count(b"\n") == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_most_forces_search_3_to_9_in_1000_residents_a_year_and_two_stand_out(seed: int) -> None:
    residents = mid_year_population(2020).by_force
    rates = sorted(1000 * profile(seed, f).searches_a_year / residents[f.code] for f in forces())
    assert rates[0] >= 3
    assert rates[-3] <= 9 + 1e-9
    assert rates[-2:] == pytest.approx([13, 15])


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_two_that_stand_out_are_of_middling_size_and_have_nothing_planted(seed: int) -> None:
    residents = mid_year_population(2020).by_force
    standing_out = [f for f in forces() if profile(seed, f).searches_a_year > 0.012 * residents[f.code]]
    assert len(standing_out) == 2
    assert not {f.slug for f in standing_out} & PLANTED.keys()
    assert all(500_000 <= residents[f.code] <= 1_500_000 for f in standing_out)


def test_how_much_more_often_black_people_are_searched_differs_between_forces_from_2_to_6_times() -> None:
    ratios = []
    for name in ("metropolitan", "west-midlands", "kent", "essex", "hertfordshire", "south-wales"):
        shares = dict(zip(inventions()["ethnic_group"].codes, _steps(name), strict=True))
        census = _residents(name)
        ratios.append((shares["black"] / census["black"]) / (shares["white"] / census["white"]))
    assert min(ratios) >= 2
    assert max(ratios) <= 6
    assert max(ratios) > 1.3 * min(ratios)


def _steps(force: str) -> list[float]:
    cumulative = profile(1, find_force(force)).shares["ethnic_group"][0]
    steps: list[float] = np.diff(cumulative, prepend=0.0).tolist()
    return steps


def _residents(force: str) -> dict[str, int]:
    code = find_force(force).code
    row = next(row for row in read_table("census_2021_ethnicity.csv").rows if row["code"] == code)
    return {group: int(row[group]) for group in ("black", "white")}


def test_what_is_drawn_has_the_shares_of_its_weights() -> None:
    picked = Draws(1, "a test").pick(shares_up_to([1, 0, 3]), 40_000)
    assert (np.bincount(picked, minlength=3) / 40_000).tolist() == pytest.approx([0.25, 0, 0.75], abs=0.01)


def test_what_depends_on_something_is_drawn_from_the_row_of_its_own() -> None:
    table = shares_up_to([[1, 0], [1, 1]])
    given = np.repeat([0, 1], 20_000)
    picked = Draws(1, "a test").pick_given(table, given)
    assert picked[:20_000].sum() == 0
    assert picked[20_000:].mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("kent",), ("essex",)), (("kent", "2020-07"), ("kent", "2020-08")), (("a", "b", "c"), ("a", "b", "d"))],
)
def test_other_words_give_an_unrelated_stream(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    first, second = (Draws(1, *words).uniform(10_000) for words in (one, other))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.04
