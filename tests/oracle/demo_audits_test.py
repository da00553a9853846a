"""The audits of the demonstration against the inspectorate's report on Hertfordshire of 2024, digit for digit.

The answers are invented, so many of each as the report says or as it takes; every number compared with it is counted
or estimated from the files.
"""

import csv
import json
import statistics
from collections import Counter, defaultdict

import pytest

from command_line import done
from demo_audit_figures import ROWS, audit_figures, change_a_tenth
from openpeel.audits.codings import INVENTED
from openpeel.demo import audits, planting
from openpeel.demo.audits import AUDITS, audit_files, estimate_made, make_audits
from openpeel.errors import UseError
from seed_rows import published

SEED = 1
#: Said by inspectors of all that they saw, and not by the figure.
JUDGED = {"cdi_all": "inadequate"}
#: Printed as a minimum: there may be more.
AT_LEAST = "vsa_outcome18_minimum"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "audits"
    make_audits(folder, seed=SEED)
    return folder


@pytest.fixture(scope="module")
def found(made):
    return audit_figures(made)


def as_printed(row_id):
    """The cells that the report fills in and that a figure can say."""
    row = dict(published()[row_id])
    if row_id in JUDGED:
        assert row["verdict"] == JUDGED[row_id]
        row["verdict"] = ""
    cells = ("numerator", "denominator", "value", "ci_points", "verdict")
    return row, {name: row[name] for name in cells if row[name]}


@pytest.mark.parametrize("row_id", [row_id for row_id in ROWS if row_id != AT_LEAST])
def test_a_row_of_the_report_comes_out_as_printed(found, row_id):
    row, printed = as_printed(row_id)
    assert printed
    assert found[row_id].printed(row) == printed


def test_at_least_20_files_were_closed_with_outcome_18_and_the_audit_has_no_complaint(found):
    row = published()[AT_LEAST]
    assert (row["numerator"], row["verdict"]) == ("20", "at least")
    assert found[AT_LEAST].figure.value >= 20
    assert found[AT_LEAST].estimate.notes == ()


def test_the_numbers_asked_for_are_those_of_the_report():
    # Witness to the table itself: these stand in the report's text.
    rows = published()
    assert [rows[r]["value"] for r in ("cdi_all", "cdi_sexual", "cdi_violence")] == ["82.6", "89.8", "75.7"]
    assert [rows[r]["ci_points"] for r in ("grounds_now", "grounds_before")] == ["3.0", "5.7"]
    assert rows["grounds_now"]["verdict"] == "statistically significant improvement"


@pytest.mark.parametrize("seed", [2, 3, 2024])
def test_the_figures_do_not_hang_on_the_seed(tmp_path, found, seed):
    make_audits(tmp_path / "audits", seed=seed)
    again = audit_figures(tmp_path / "audits")
    for row_id in ROWS:
        row = published()[row_id]
        assert again[row_id].printed(row) == found[row_id].printed(row), row_id
    assert again["cdi_all"].figure.id != found["cdi_all"].figure.id


def test_the_published_interval_is_used_with_care_where_few_cases_are_on_one_side(found):
    used = {row_id: f.estimate.published_use for row_id, f in found.items() if f.estimate.published_use}
    assert used["grounds_now"] == used["cdi_sexual"] == "with care"
    assert used["cdi_all"] == used["cdi_violence"] == used["grounds_before"] == "may be used"


def test_crimes_of_all_kinds_of_report_are_weighted_by_how_many_such_reports_there_are(found):
    estimate = found["cdi_all"].estimate
    unweighted = 100 * estimate.numerator / estimate.denominator
    assert abs(estimate.value - unweighted) > 0.3  # sexual offences are few and were drawn more often


def test_when_a_tenth_of_the_answers_changes_every_figure_moves(tmp_path, found):
    make_audits(tmp_path / "audits", seed=SEED)
    change_a_tenth(tmp_path / "audits", seed=SEED)
    moved = audit_figures(tmp_path / "audits")
    for row_id in ROWS:
        row = published()[row_id]
        now, before = moved[row_id].printed(row), found[row_id].printed(row)
        assert any(now[cell] != before[cell] for cell in ("numerator", "value") if cell in before), row_id
    assert moved["grounds_now"].verdict == "no significant change"


def test_every_answer_is_marked_as_invented_and_every_figure_says_so(made, found):
    for files in audit_files(made):
        rows = read(files.codings)
        assert {row["coder"] for row in rows if row["list"] == "sample"} == {INVENTED}
    assert all("From invented codings." in f.figure.coverage.note for f in found.values())


def test_two_searches_were_out_of_scope_and_the_reserves_stand_in(made):
    files = next(f for f in audit_files(made) if f.name == "stop_search")
    (stratum,) = estimate_made(files).strata
    assert (stratum.cases, stratum.drawn, stratum.out_of_scope, stratum.examined) == (6887, 226, 2, 228)


CLASSES = {
    "cdi_violence": {"homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment"},
    "cdi_sexual": {"rape", "other_sexual"},
}


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row_id", ["cdi_all", "cdi_violence", "cdi_sexual"])
def test_the_shares_of_crime_recorded_are_those_of_the_textbook(made, row_id):
    """The ratio of two totals and its variance by linearisation, from the two sheets (Cochran 1977, 5A.1 and 6.11)."""
    here = made / "crime_data_integrity"
    routes = ("incident", "direct")
    sizes = Counter((r["route"], r["incident_type"]) for r in read(here / "list.csv") if r["route"] in routes)
    counts = defaultdict(lambda: defaultdict(lambda: [0, 0]))  # stratum, report: recorded, of how many due
    for row in read(here / "codings.csv"):
        if row["route"] not in routes or not (row["crime_due"] or row["unusable"]):
            continue
        of_report = counts[row["route"], row["incident_type"]][row["case"]]
        inside = row["class"] in CLASSES[row_id] if row_id in CLASSES else row["class"] not in ("", "fraud")
        of_report[0] += inside and row["recorded"] == "yes"
        of_report[1] += inside
    weight = {stratum: sizes[stratum] / len(reports) for stratum, reports in counts.items()}
    recorded, due = (
        sum(weight[s] * sum(report[i] for report in reports.values()) for s, reports in counts.items())
        for i in (0, 1)
    )
    share = recorded / due
    variance = 0.0
    for stratum, reports in counts.items():
        residuals = [x - share * y for x, y in reports.values()]
        n, of = len(residuals), sizes[stratum]
        variance += of * (of - n) / n * statistics.variance(residuals)
    row = published()[row_id]
    assert f"{100 * share:.1f}" == row["value"]
    assert f"{100 * 1.959964 * variance**0.5 / due:.1f}" == row["ci_points"]


def of_results(result):
    return {r["id"]: r for r in result.json["results"] if not r["group"]}


def test_the_command_line_estimates_the_share_of_crime_recorded(made):
    here = made / "crime_data_integrity"
    sheet = ("--codings", here / "codings.csv", "--frame", here / "frame.json")
    shown = done("audit", "estimate", "crime_data_integrity", *sheet, "--format", "json")
    result = of_results(shown)["all_crime"]
    assert (f"{result['value']:.1f}", f"{result['published_half_width']:.1f}") == ("82.6", "3.4")
    assert "INVENTED" in done("audit", "estimate", "crime_data_integrity", *sheet).out
    explained = done("explain", result["figure"]["id"], *sheet, "--format", "json").json
    assert explained["agrees"] is True
    assert done("audit", "verify", here / "draw.json").code == 0


def test_the_command_line_says_that_searches_have_improved_significantly(made):
    here = made / "stop_search"
    sheet = ("--codings", here / "codings.csv", "--frame", here / "frame.json")
    previous = ("--previous", here / "earlier.json")
    shown = done("audit", "estimate", "stop_search", *sheet, *previous, "--format", "json")
    result = of_results(shown)["reasonable_grounds"]
    assert (f"{result['value']:.1f}", f"{result['published_half_width']:.1f}") == ("94.2", "3.0")
    change = next(c for c in shown.json["changes"] if c["result"] == "reasonable_grounds")
    assert change["verdict"] == "statistically significant improvement"
    assert change["earlier"] == pytest.approx(100 * 147 / 182)
    assert change["newcombe"][0] > 0


def test_the_earlier_audit_is_what_the_command_prints_of_it(made):
    here = made / "stop_search_2021"
    sheet = ("--codings", here / "codings.csv", "--frame", here / "frame.json")
    printed = done("audit", "estimate", "stop_search", *sheet, "--format", "json").json
    for result in printed["results"]:
        del result["figure"], result["sentence"]
    assert json.loads((made / "stop_search" / "earlier.json").read_bytes()) == printed


def test_the_frame_is_what_the_command_makes_of_the_list(made, tmp_path):
    here = made / "victim_service"
    days = ("--from", "2023-12-01", "--to", "2024-02-29")
    made_of = ("--list", here / "list.csv", "--force", "hertfordshire", *days)
    done("audit", "frame", "victim_service", *made_of, "--out", tmp_path / "frame.json", "--seed", "1 2 3")
    assert (tmp_path / "frame.json").read_bytes() == (here / "frame.json").read_bytes()


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_draw_and_other_answers(made, tmp_path):
    make_audits(tmp_path / "same", seed=SEED)
    make_audits(tmp_path / "other", seed=SEED + 1)
    assert content(tmp_path / "same") == content(made)
    assert content(made).keys() == {
        "README.txt",
        "stop_search/earlier.json",
        *(
            f"{name}/{file}"
            for name in AUDITS
            for file in ("list.csv", "frame.json", "draw.json", "codings.csv")
        ),
    }
    other = content(tmp_path / "other")
    same = [name for name, held in content(made).items() if held == other[name]]
    assert not [name for name in same if name.endswith(("draw.json", "codings.csv"))]
    assert "victim_service/frame.json" not in same


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "mine.txt").write_text("keep")
    with pytest.raises(UseError, match="expected a new folder"):
        make_audits(tmp_path / "audits", seed=SEED)
    assert content(tmp_path) == {"audits/mine.txt": b"keep"}


def test_nothing_is_left_of_a_demonstration_that_could_not_be_written(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audits, "_readme", full)
    with pytest.raises(UseError, match="disk is full"):
        make_audits(tmp_path / "audits", seed=SEED)
    assert list(tmp_path.iterdir()) == []


def test_answers_are_planted_and_never_results():
    for name in AUDITS:
        plan = planting.read_plan(name)
        asked = {q.id for q in plan.instrument.questions} | {plan.instrument.each}
        assert {quota.question for quota in plan.quotas} <= asked
        assert not any(isinstance(number, float) for quota in plan.quotas for _, number in quota.give)


def test_a_plan_whose_numbers_are_not_those_of_the_cases_asked_is_refused(tmp_path, monkeypatch):
    plan = planting.read_plan("stop_search_2021")
    first = plan.quotas[0]
    monkeypatch.setattr(
        audits,
        "read_plan",
        lambda name: type(plan)(
            **{
                **plan.__dict__,
                "quotas": (type(first)(first.question, (), (("yes", 183),), ""), *plan.quotas[1:]),
            }
        ),
    )
    with pytest.raises(ValueError, match="'grounds_recorded' is for 183 cases, and 182 are asked"):
        make_audits(tmp_path / "audits", seed=SEED)
    assert not (tmp_path / "audits").exists()
