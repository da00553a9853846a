"""Measures of offenders and suspects: sought, bailed, interviewed, visited and reviewed. The rows are invented."""

from datetime import date

import pytest

from measure_sample import figures_of, release_of
from openpeel.figures import Settings
from openpeel.figures.rounding import shown
from openpeel.measures import MEASURES
from openpeel.measures.offenders import MEASURES as OFFENDERS
from openpeel.reference.periods import Period

DAY = "2023-09-01"
TIME = "2023-09-01T10:30:00+01:00"


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *OFFENDERS))


def rows_of(date_column, *rows, day=DAY):
    """Tallies, all of one day: (how many, what they hold)."""
    return [{date_column: day, "tally": tally, **held} for tally, held in rows]


SUSPECTS = rows_of(
    "since",
    (
        20,
        {
            "outstanding": "true",
            "risk": "high",
            "domestic_abuse": "true",
            "harm_score": 100,
            "reviewed": "true",
        },
    ),
    (30, {"outstanding": "true", "risk": "low", "weapons": "true", "reviewed": "false"}),
    (10, {"outstanding": "true", "risk": "low", "harm_score": 5, "reviewed": "true"}),
    (6, {"outstanding": "true", "risk": "low", "harm_score": 1}),
    (15, {"outstanding": "false", "ending": "arrested", "risk": "high", "domestic_abuse": "true"}),
    (5, {"outstanding": "false", "ending": "surrendered", "reviewed": "false"}),
)
SPELLS = rows_of(
    "began_on",
    (40, {"status": "bail", "ending": "charged", "victim_asked": "true", "reminded": "true"}),
    (
        10,
        {
            "status": "bail",
            "ending": "lapsed",
            "victim_asked": "false",
            "reminded": "false",
            "lapse_reviewed": "true",
            "safeguarding_checked": "true",
        },
    ),
    (10, {"status": "bail", "ending": "lapsed", "safeguarding_checked": "false"}),
    (20, {"status": "bail", "victim_asked": "true", "reminded": "false"}),
    (8, {"status": "rui", "before": "bail", "authority": "superintendent"}),
    (2, {"status": "rui", "before": "bail", "authority": "inspector"}),
    (5, {"status": "rui", "before": "lapsed", "authority": "none"}),
    (100, {"status": "rui", "before": "detention", "authority": "custody_officer", "victim_asked": "false"}),
)
ATTENDANCES = rows_of(
    "interview_on",
    (
        50,
        {
            "offence_group": "violence",
            "suitability": "suitable",
            "lost_opportunity": "none",
            "safeguarding_considered": "true",
        },
    ),
    (
        30,
        {
            "offence_group": "sexual",
            "suitability": "not_suitable",
            "lost_opportunity": "device",
            "safeguarding_considered": "false",
        },
    ),
    (20, {"offence_group": "theft", "suitability": "not_assessed", "lost_opportunity": "samples"}),
)
VISITS = rows_of(
    "due_on",
    (70, {"task": "visit", "done": "true", "in_time": "true"}),
    (10, {"task": "visit", "done": "true", "in_time": "false"}),
    (20, {"task": "visit", "done": "false", "in_time": "false"}),
    (9, {"task": "risk_assessment", "done": "true", "in_time": "true"}),
    (1, {"task": "risk_assessment", "done": "false", "in_time": "false"}),
)
REVIEWS = rows_of(
    "due_on",
    (60, {"substance": "own_words", "in_time": "true", "pnd_checked": "true", "characters": 500}),
    (20, {"substance": "number_only", "in_time": "false", "pnd_checked": "false", "characters": 6}),
    (10, {"substance": "template", "in_time": "true", "pnd_checked": "false"}),
    (10, {}),
)
_TOLD = {"children_found": "true", "social_care_sent": "true"}
REPORTS = rows_of(
    "received_at",
    (40, {"checks_done": "true", "checks_in_time": "true", "social_care_in_time": "true", **_TOLD}),
    (10, {"checks_done": "true", "checks_in_time": "false", "social_care_in_time": "false", **_TOLD}),
    (
        10,
        {
            "checks_done": "false",
            "children_found": "true",
            "social_care_sent": "false",
            "social_care_in_time": "false",
        },
    ),
    (40, {"checks_done": "true", "checks_in_time": "true", "children_found": "false"}),
    day=TIME,
)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of all six kinds of record."""
    rows = {
        "suspect": SUSPECTS,
        "bail": SPELLS,
        "voluntary_attendance": ATTENDANCES,
        "sex_offender_visit": VISITS,
        "sex_offender_review": REVIEWS,
        "child_referral": REPORTS,
    }
    folder = tmp_path_factory.mktemp("year")
    return release_of(folder, {(standard, "hertfordshire"): r for standard, r in rows.items()})


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("suspects_outstanding", 66),
        ("suspects_without_harm_score", 100 * 30 / 66),
        ("suspects_not_reviewed", 50.0),
        ("suspects_low_risk_not_reviewed", 75.0),
        ("released_under_investigation", 115),
        ("bailed", 80),
        ("bail_victim_asked", 100 * 60 / 70),
        ("bail_reminded", 100 * 40 / 70),
        ("bail_lapsed", 100 * 20 / 60),
        ("bail_lapse_reviewed", 100.0),
        ("bail_lapse_safeguarding", 50.0),
        ("bail_to_investigation_authorised", 80.0),
        ("voluntary_attendances", 100),
        ("voluntary_attendance_assessed", 80.0),
        ("voluntary_attendance_suitable", 62.5),
        ("voluntary_attendance_opportunity_lost", 50.0),
        ("voluntary_attendance_safeguarding", 62.5),
        ("sex_offender_visits_in_time", 70.0),
        ("sex_offender_visits_not_made", 20),
        ("sex_offender_assessments_in_time", 90.0),
        ("sex_offender_reviews_in_time", 100 * 70 / 90),
        ("sex_offender_reviews_say_nothing", 100 * 30 / 90),
        ("sex_offender_pnd_checked", 100 * 60 / 90),
        ("sex_offender_review_length", 376.5),
        ("child_referrals", 100),
        ("child_checks_waiting", 10),
        ("child_checks_in_time", 100 * 80 / 90),
        ("child_social_care_told", 100 * 50 / 60),
        ("child_social_care_in_time", 100 * 40 / 60),
    ],
)
def test_what_the_year_comes_to(year, measure, expected):
    assert figures_of(year, measure)[measure].value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("suspects_outstanding_risk", {"high": 20, "low": 46}),
        ("suspects_outstanding_flag", {"domestic_abuse": 20, "weapons": 30}),
        ("suspects_ending", {"arrested": 75.0, "surrendered": 25.0}),
        ("voluntary_attendance_offence", {"violence": 50.0, "sexual": 30.0, "theft": 20.0}),
        (
            "sex_offender_review_substance",
            {"own_words": 60.0, "number_only": 20.0, "template": 10.0, "blank": 10.0},
        ),
    ],
)
def test_how_the_year_is_broken_down(year, measure, expected):
    found = {group: f.value for (_, group), f in figures_of(year, measure).items()}
    assert {group: value for group, value in found.items() if value} == expected


def test_bail_that_lapsed_is_not_taken_for_a_release_that_somebody_authorised(tmp_path):
    rows = rows_of(
        "began_on",
        (1, {"status": "rui", "before": "bail", "authority": "chief_superintendent"}),
        (9, {"status": "rui", "before": "lapsed", "authority": "none"}),
    )
    release = release_of(tmp_path, {("bail", "hertfordshire"): rows})
    figure = figures_of(release, "bail_to_investigation_authorised")["bail_to_investigation_authorised"]
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_a_suspect_found_counts_no_longer_as_outstanding_whatever_the_flags(year):
    flags = figures_of(year, "suspects_outstanding_flag")
    assert flags["suspects_outstanding_flag", "domestic_abuse"].value == 20


def test_few_suspects_at_a_level_of_risk_are_withheld(tmp_path):
    rows = rows_of(
        "since",
        (2, {"outstanding": "true", "risk": "very_high"}),
        (40, {"outstanding": "true", "risk": "low"}),
    )
    release = release_of(tmp_path, {("suspect", "hertfordshire"): rows})
    found = figures_of(release, "suspects_outstanding_risk", settings=Settings())
    assert found["suspects_outstanding_risk", "very_high"].method == "withheld"


def test_a_tally_and_the_same_visits_one_by_one_are_the_same(tmp_path):
    wanted = ("sex_offender_visits_in_time", "sex_offender_visits_not_made")
    made = {"task": "visit", "done": "true", "in_time": "true"}
    missed = {"task": "visit", "done": "false", "in_time": "false"}
    records = [
        {"visit_reference": f"V{i}", "due_on": DAY, **held}
        for i, held in enumerate((made, made, made, missed))
    ]
    for name, rows in (("tally", rows_of("due_on", (3, made), (1, missed))), ("records", records)):
        release = release_of(tmp_path / name, {("sex_offender_visit", "hertfordshire"): rows})
        assert [f.value for f in figures_of(release, *wanted).values()] == [75.0, 1]


@pytest.mark.parametrize(
    ("row", "ending", "printed"),
    [
        ("released_under_investigation_before", date(2022, 3, 31), "6,691"),
        ("released_under_investigation_now", date(2024, 3, 31), "1,668"),
    ],
)
def test_a_published_figure_comes_out_to_the_printed_digit(tmp_path, row, ending, printed):
    rows = [
        *rows_of("began_on", (6691, {"status": "rui"}), day="2021-11-05"),
        *rows_of("began_on", (1668, {"status": "rui"}), (900, {"status": "bail"}), day="2023-11-05"),
    ]
    release = release_of(tmp_path, {("bail", "hertfordshire"): rows}, months="2021-04..2024-03")
    period = Period.year_ending(ending)
    figure = figures_of(release, "released_under_investigation", period=period)[
        "released_under_investigation"
    ]
    assert shown(figure.value, figure.unit) == printed, row
