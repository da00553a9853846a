"""The audit figures of the inspectorate's report on Hertfordshire of 2024, from coded cases through the instruments.

The cases are invented so that as many of them have each answer as the report says; every number below is printed in
the report, and every number compared with it is counted or estimated.
"""

import csv
from pathlib import Path

import pytest

from audit_sample import begin, figures
from openpeel.audits.drawing import Plan
from openpeel.figures.rounding import shown

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "published_figures.csv"


def published():
    """The rows of the report, by id; the numbers are asserted below as they stand in the report."""
    if not SEED.is_file():
        pytest.skip("the table of the report's figures is not here")
    with SEED.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def a_of_b(row):
    return int(row["numerator"]), int(row["denominator"])


def take(cases, *numbers):
    """Split a list of cases into parts of these sizes, and the rest."""
    parts, at = [], 0
    for number in numbers:
        parts.append(cases[at : at + number])
        at += number
    return [*parts, cases[at:]]


@pytest.fixture(scope="module")
def searches(tmp_path_factory):
    audit = begin(tmp_path_factory.mktemp("searches"), "stop_search", {(): 6887}, 226)
    minority_yes, minority_no, missing, white = take([case for case, _ in audit.cases], 65, 3, 36)
    ethnicity = dict.fromkeys(minority_yes + minority_no, "black")
    ethnicity |= dict.fromkeys(missing, "missing") | dict.fromkeys(white, "white")
    without = {*minority_no, *white[:10]}
    clips = set(white[-10:])
    rows = []
    for case, _ in audit.cases:
        clip = {"clip": "viewed", "clip_professional": "no", "clip_grounds_explained": "yes"}
        rows.append(
            {
                "case": case,
                "grounds_recorded": "yes",
                "reasonable_grounds": "no" if case in without else "yes",
                "self_defined_ethnicity": ethnicity[case],
                "item_found": "no",
                "further_action": "no",
                **(clip if case in clips else {"clip": "not_chosen"}),
            }
        )
    return audit, audit.code(rows)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    path = tmp_path_factory.mktemp("earlier") / "2021.json"
    path.write_text('{"results": [{"id": "reasonable_grounds", "value": 80.8, "half_width": 5.7}]}')
    return path


def test_94_2_percent_of_searches_had_reasonable_grounds_give_or_take_3_0(searches):
    audit, coded = searches
    outcome = audit.estimate(coded)
    found = outcome.estimate("reasonable_grounds")
    row = published()["grounds_now"]
    assert found.denominator == int(row["denominator"]) == 226
    assert shown(found.value, "percent") == f"{row['value']}%" == "94.2%"
    assert f"{found.published:.1f}" == row["ci_points"] == "3.0"
    assert found.published_use == "with care"  # 13 of the 226 had no grounds


def test_that_is_a_statistically_significant_improvement_on_80_8_give_or_take_5_7(searches, earlier):
    audit, coded = searches
    (change,) = audit.estimate(coded, previous=earlier).changes
    assert change.verdict == published()["grounds_now"]["verdict"] == "statistically significant improvement"
    assert change.difference == pytest.approx(94.2478 - 80.8, abs=1e-4)
    assert change.lower > 0


def test_65_of_68_minority_searches_16_percent_missing_and_ten_clips(searches):
    audit, coded = searches
    found = figures(audit.estimate(coded))
    rows = published()
    minority, missing, clips = (
        found["grounds_minority"],
        found["self_defined_ethnicity_missing"],
        found["clips_viewed"],
    )
    assert (minority.value, minority.denominator) == a_of_b(rows["grounds_minority"]) == (65, 68)
    assert round(missing.value) == float(rows["self_defined_ethnicity_missing"]["value"]) == 16
    assert clips.value == int(rows["bwv_clips"]["numerator"]) == 10
    assert minority.lower is None  # a count of the cases audited says nothing of others
    assert "at least" not in clips.coverage.note


# What the report says of the 100 case files: the question, how often yes, of how many relevant.
FILES = {
    "triage_recorded": ("triage_recorded", 95, 98),
    "thrive_meaningful": ("triage_meaningful", 93, 95),
    "prioritisation_appropriate": ("prioritisation_appropriate", 91, 100),
    "repeat_check": ("repeat_check", 90, 93),
    "repeat_used": ("repeat_used", 27, 33),
    "vulnerable_check": ("vulnerable_check", 87, 94),
    "vulnerable_recorded": ("vulnerable_recorded", 27, 37),
    "evidence_led": ("evidence_led", 10, 12),
}
# Where a later question is asked of some only: how many of those asked before.
LED_TO = {"repeat_identified": 33, "vulnerable_identified": 37, "victim_withdrew": 12}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    sizes = {("outcome_18",): 27_000, ("other",): 43_000}
    audit = begin(tmp_path_factory.mktemp("files"), "victim_service", sizes, 100)
    wanted = {question: (yes, of) for question, yes, of in FILES.values()}
    asked = {}  # how often each question was asked so far
    rows = []
    for case, _ in audit.cases:
        row = {"case": case}
        for question in audit.instrument.questions:
            if all(row.get(name) in codes for name, codes in question.asked_when):
                nth = asked[question.id] = asked.get(question.id, 0) + 1
                yes, of = wanted.get(question.id, (LED_TO.get(question.id, 1000), 1000))
                row[question.id] = "yes" if nth <= yes else "no" if nth <= of else "not_relevant"
        rows.append(row)
    return audit, audit.code(rows)


@pytest.mark.parametrize("line", FILES)
def test_the_case_files_give_the_counts_of_the_report(files, line):
    audit, coded = files
    result, yes, of = FILES[line]
    figure = figures(audit.estimate(coded))[result]
    row = published()[line]
    assert (figure.value, figure.denominator) == a_of_b(row) == (yes, of)
    assert figure.method == "count"


def test_100_case_files_of_which_at_least_20_were_closed_with_outcome_18(files):
    audit, coded = files
    found = figures(audit.estimate(coded))
    assert found["case_files"].value == int(published()["vsa_case_files"]["numerator"]) == 100
    assert found["outcome_18"].value >= int(published()["vsa_outcome18_minimum"]["numerator"]) == 20


def test_where_outcome_18_is_rare_it_is_drawn_20_times_all_the_same(tmp_path):
    audit = begin(tmp_path, "victim_service", {("outcome_18",): 900, ("other",): 8100}, 100)
    assert [label for _, label in audit.cases].count("outcome_18") == 20


# The crimes due in a sample as precise as the report's intervals say: recorded, of how many due.
CRIMES = {
    "violence_with_injury": (140, 185),
    "other_sexual": (106, 118),
    "burglary": (149, 175),
    "fraud": (2, 9),
}
REPORTS = {("incident", "all"): 300_000, ("vulnerable", "all"): 67}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    plan = Plan(560, allocation="equal", minimum=(("incident / all", 493), ("vulnerable / all", 67)))
    audit = begin(tmp_path_factory.mktemp("reports"), "crime_data_integrity", REPORTS, plan)
    due = [(name, number < recorded) for name, (recorded, of) in CRIMES.items() for number in range(of)]
    of_incidents = iter(due)
    of_vulnerable = iter([("violence_without_injury", number < 22) for number in range(23)])
    rows = []
    for case, stratum in audit.cases:
        crime = next(of_vulnerable if stratum.startswith("vulnerable") else of_incidents, None)
        rows.append({"case": case, "crime_due": "no" if crime is None else "yes"} | _crime(crime))
    return audit, audit.code(rows)


def _crime(crime):
    if crime is None:
        return {}
    name, recorded = crime
    when = {"recorded_when": "within_24_hours", "right_class": "yes"} if recorded else {}
    return {"crime": "1", "class": name, "recorded": "yes" if recorded else "no", **when}


@pytest.mark.parametrize(
    ("line", "result"), [("cdi_all", "all_crime"), ("cdi_violence", "violence"), ("cdi_sexual", "sexual")]
)
def test_the_shares_of_crime_recorded_come_out_as_in_the_report(reports, line, result):
    audit, coded = reports
    found = audit.estimate(coded).estimate(result)
    row = published()[line]
    assert shown(found.value, "percent") == f"{row['value']}%"
    assert f"{found.published:.1f}" == row["ci_points"]


def test_of_67_records_of_vulnerable_people_22_of_23_crimes_were_recorded(reports):
    audit, coded = reports
    found = figures(audit.estimate(coded))
    row = published()["cdi_vulnerable"]
    crimes, records = found["vulnerable"], found["vulnerable_reviewed"]
    assert (crimes.value, crimes.denominator) == a_of_b(row) == (22, 23)
    assert (records.value, records.denominator) == (23, 67)


def test_22_of_23_as_a_rate_would_carry_the_warning_that_walds_interval_must_not_be_used(tmp_path):
    audit = begin(tmp_path, "stop_search", {(): 5000}, 23)
    rows = [
        {
            "case": case,
            "grounds_recorded": "yes",
            "reasonable_grounds": "yes" if number else "no",
            "self_defined_ethnicity": "white",
            "item_found": "no",
            "further_action": "no",
            "clip": "not_chosen",
        }
        for number, (case, _) in enumerate(audit.cases)
    ]
    found = audit.estimate(audit.code(rows)).estimate("reasonable_grounds")
    assert (found.numerator, found.denominator) == (22, 23)
    assert found.published_use == "must not be used"
    assert any("must not be used" in note for note in found.notes)


# Three forces whose number of reports audited is known: rate, published half-width, reports, in percent.
KNOWN = {
    "North Wales 2017": (88.3, 1.82, 1150),
    "Suffolk 2019": (91.0, 1.67, 1203),
    "Northumbria 2016": (92.72, 1.56, 1211),
}


@pytest.mark.parametrize("force", KNOWN)
def test_a_sample_of_two_routes_is_as_precise_as_the_published_ones_within_15_percent(tmp_path, force):
    percent, half_width, reports = KNOWN[force]
    sizes = {("incident", "all"): 20_000, ("direct", "all"): 8_000}
    audit = begin(tmp_path, "crime_data_integrity", sizes, reports)
    recorded = round(reports * percent / 100)
    # Not all in one stratum: every so-manyth report holds a crime that was not recorded.
    rows = [
        {"case": case, "crime_due": "yes"}
        | _crime(("burglary", (number + 1) * recorded // reports > number * recorded // reports))
        for number, (case, _) in enumerate(audit.cases)
    ]
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert found.value == pytest.approx(percent, abs=0.1)
    assert found.published == pytest.approx(half_width, rel=0.15)
