"""Comparing on the command line: all forces in a measure, and one force over time, for people and for programs."""

import csv
import io

import pytest

from command_line import done, run
from invented_records import write_month, write_year

FORCES = (
    *("hertfordshire", "kent", "essex", "surrey", "sussex", "norfolk"),
    *("suffolk", "cheshire", "dorset", "durham", "gwent", "cumbria"),
)
EARLIER = (*(f"2019-{m:02}" for m in range(4, 13)), "2020-01", "2020-02", "2020-03")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A year of twelve forces, and of Kent the year before as well but for one month. Tests only read it."""
    folder = tmp_path_factory.mktemp("compared")
    write_year(folder / "files", FORCES, count=30)
    for number, month in enumerate(EARLIER):
        write_month(folder / "files", "kent", month, count=34 + number % 3, seed=1)
        if month != "2019-09":
            write_month(folder / "files", "essex", month, count=34, seed=2)
    done("load", folder / "files", "--lake", folder / "lake")
    done("release", "create", "spring", "--lake", folder / "lake")
    return folder / "lake"


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def compare(lake, *more):
    return ("compare", *more, "--release", "spring", "--lake", lake)


def trend(lake, *more, force="kent"):
    return ("trend", *more, "--release", "spring", "--lake", lake, "--force", force)


def test_a_comparison_says_the_same_for_people_and_for_programs(lake):
    whole = done(*compare(lake, "linked_outcome", "--format", "json")).json
    rows = read_csv(done(*compare(lake, "linked_outcome", "--format", "csv")).out)
    said = done(*compare(lake, "linked_outcome")).out
    assert len(whole["forces"]) == len(rows) == 43
    assert [r["force"] for r in rows] == [f["force"] for f in whole["forces"]]
    assert list(rows[0]) == list(whole["forces"][0])
    assert whole["forces_counted"] == 12
    assert {f["control_verdict"] for f in whole["forces"] if f["value"] is None} == {"not assessed"}
    assert f"Mean of the {whole['forces_counted']} forces counted" in said
    assert whole["differing"] == [f["force"] for f in whole["forces"] if f["verdicts_differ"]]
    assert f"do not judge alike: {len(whole['differing'])}" in said


def test_the_comparison_is_that_of_the_figures(lake):
    by_id = {
        f["id"]: f for f in done("figures", "--release", "spring", "--lake", lake, "--format", "json").json
    }
    whole = done(*compare(lake, "linked_outcome", "--format", "json")).json
    for force in whole["forces"]:
        compared = by_id[force["id"]]["comparison"]
        assert force["value"] == by_id[force["id"]]["value"]
        assert force["verdict"] == compared["verdict"]
        for method in ("control", "overdispersed"):
            assert {k: force[f"{method}_{k}"] for k in compared[method]} == compared[method]


@pytest.mark.parametrize(
    ("method", "headings"),
    [
        ("sd", "force value one sd"),
        ("control", "force value limits by limits"),
        ("overdispersed", "force value wide limits by wide limits"),
        ("all", "force value one sd limits by limits wide limits by wide limits"),
    ],
)
def test_the_method_that_is_asked_for_is_printed(lake, method, headings):
    heading = done(*compare(lake, "linked_outcome", "--method", method)).out.splitlines()[1]
    assert " ".join(heading.split()) == headings


def test_a_comparison_of_a_part_keeps_back_what_is_withheld(lake):
    said = done(*compare(lake, "outcome", "--group", "community_resolution", "--format", "json")).json
    hidden = [f for f in said["forces"] if f["method"] == "withheld"]
    assert all(f["value"] is None and f["control_lower"] is None for f in hidden)
    assert said["group"] == "community_resolution"


def test_forces_are_set_beside_those_of_a_list(lake, tmp_path):
    listed = tmp_path / "similar.csv"
    listed.write_text("force,similar\nKent,Essex\nKent,Surrey\nKent,Wiltshire\n", encoding="utf-8")
    whole = done(*compare(lake, "linked_outcome", "--similar-to", listed, "--format", "json")).json
    value = {f["force_name"]: f["value"] for f in whole["forces"]}
    kent = next(f for f in whole["forces"] if f["force_name"] == "Kent Police")
    assert kent["similar_mean"] == pytest.approx((value["Essex Police"] + value["Surrey Police"]) / 2)
    assert (kent["similar_counted"], kent["similar_listed"]) == (2, 3)
    assert "of 3" in done(*compare(lake, "linked_outcome", "--similar-to", listed)).out
    assert run(*compare(lake, "linked_outcome", "--similar-to", tmp_path / "none.csv")).code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("searches",), "is a bare count, which grows with the force, and is not compared"),
        (("outcome",), "expected a group of 'outcome', got no group"),
        (("outcome", "--group", "arrests"), "expected a group of 'outcome', got the group 'arrests'"),
        (("linked_outcome", "--group", "arrest"), "'linked_outcome' has no groups"),
        (("nonsense",), "there is no measure 'nonsense'"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(lake, words, said):
    ran = run(*compare(lake, *words))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said


def test_a_trend_says_the_same_for_people_and_for_programs(lake):
    whole = done(*trend(lake, "linked_outcome", "--format", "json")).json
    rows = read_csv(done(*trend(lake, "linked_outcome", "--format", "csv")).out)
    said = done(*trend(lake, "linked_outcome")).said
    assert [m["month"] for m in whole["months"]] == [r["month"] for r in rows]
    assert len(rows) == 24
    assert [float(r["value"]) for r in rows] == [m["value"] for m in whole["months"]]
    assert whole["change"]["verdict"] in ("rise", "fall", "no significant change")
    assert f": {whole['change']['verdict'].replace('rise', 'a rise').replace('fall', 'a fall')}" in said
    assert "Month by month from April 2019 to March 2021" in said


def test_a_missing_month_is_left_open_and_its_year_is_not_compared(lake):
    whole = done(*trend(lake, "searches", "--format", "json", force="essex")).json
    assert [m["month"] for m in whole["months"] if m["value"] is None] == ["2019-09"]
    assert whole["change"]["verdict"] == "not assessed"
    said = done(*trend(lake, "searches", force="essex")).said
    assert "no return" in said
    assert "not assessed: the release holds 11 of 12 months of the year ending 31 March 2020" in said


def test_a_rebase_is_named_and_no_change_is_said_over_it(lake):
    whole = done(*trend(lake, "searches", "--rebase", "2020-04=a new form", "--format", "json")).json
    assert whole["rebases"] == [{"month": "2020-04", "reason": "a new form"}]
    assert len({m["centre"] for m in whole["months"]}) == 2
    said = done(*trend(lake, "searches", "--rebase", "2020-04=a new form")).said
    assert "New lines from April 2020 on: a new form." in said
    assert "not assessed: records are made in another way from 1 April 2020 on (a new form)" in said


def test_another_year_can_be_compared_with_and_the_months_can_begin_later(lake):
    ran = done(
        *trend(lake, "searches", "--from", "2020-04", "--before", "2020-03-31", "--format", "json")
    ).json
    assert ran["months"][0]["month"] == "2020-04"
    assert ran["change"]["before"]["period"] == {"start": "2019-04-01", "end": "2020-03-31"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("searches", "--rebase", "2020-04"), "--rebase: expected MONTH=REASON"),
        (("searches", "--rebase", "2020-04="), "--rebase: expected MONTH=REASON"),
        (("searches", "--rebase", "April=new"), "expected a month such as '2021-03'"),
        (("searches", "--rebase", "2018-04=new"), "--rebase: expected a re-base after 2019-04"),
        (("searches", "--from", "2021-13"), "expected a month from 1 to 12"),
        (("searches", "--from", "2021-04"), "expected months up to 2021-03"),
        (("searches", "--before", "2020-04-30"), "expected a period that ends before 2020-04-01"),
        (("searches", "--before", "2020-04-01"), "expected the last day of a month"),
        (("outcome",), "expected a group of 'outcome'"),
    ],
)
def test_a_trend_that_cannot_be_is_refused_with_the_reason(lake, words, said):
    ran = run(*trend(lake, *words))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said


def test_a_force_of_which_nothing_is_held_has_no_trend(lake):
    ran = run(*trend(lake, "searches", force="wiltshire"))
    assert ran.code == 2
    assert "no return of Wiltshire Police" in ran.said


def test_what_is_printed_for_people_fits_a_terminal_of_100_columns(lake):
    for ran in (
        done(*compare(lake, "linked_outcome")),
        done(*compare(lake, "searches_per_1000")),
        done(*trend(lake, "linked_outcome")),
    ):
        rows = [line.rstrip() for line in ran.out.split("\n\n")[0].splitlines()]
        assert max(map(len, rows)) <= 100


def test_the_page_shows_limits_and_months(lake, tmp_path):
    done("inspect", "kent", "--release", "spring", "--lake", lake, "--out", tmp_path / "page")
    html = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    whole = done(*compare(lake, "linked_outcome", "--format", "json")).json
    kent = next(f for f in whole["forces"] if f["force_name"] == "Kent Police")
    words = {
        "above": "above what chance",
        "below": "below what chance",
        "in range": "no further off than chance",
    }
    assert words[kent["control_verdict"]] in html
    assert "3-linked-outcome-limits-wide.svg" in html
    assert "3-linked-outcome-months-narrow.svg" in html
    assert "Month by month from April 2019 to March 2021" in html
    assert "Show the table behind these two charts" in html
