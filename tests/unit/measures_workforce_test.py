"""Measures of the workforce: in post, screened, supported, leaving, trained and surveyed. The rows are invented."""

from datetime import date

import pytest

from measure_sample import figures_of, release_of
from openpeel.figures import Settings
from openpeel.figures.rounding import shown
from openpeel.measures import MEASURES
from openpeel.measures.workforce import MEASURES as WORKFORCE
from openpeel.reference.periods import Period

TWO_THIRDS = 100 * 2 / 3
SINCE_JUNE = Period(date(2023, 6, 1), date(2024, 3, 31))
TO_APRIL = Period(date(2022, 10, 1), date(2024, 4, 30))


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *WORKFORCE))


def rows_of(date_column, day, *rows):
    """Tallies, all of one day or month: (how many, what they hold)."""
    return [{date_column: day, "tally": tally, **held} for tally, held in rows]


POST = [
    *rows_of(
        "as_at",
        "2024-03",
        (1000, {"worker_type": "officer", "fte": 1, "gender": "male", "ethnicity": "W1"}),
        (500, {"worker_type": "officer", "fte": 0.8, "gender": "female", "ethnicity": "A1"}),
        (350, {"worker_type": "staff", "fte": 0.5, "gender": "female"}),
        (150, {"worker_type": "staff", "fte": 1, "gender": "male", "ethnicity": "B1", "champion": "true"}),
    ),
    *rows_of("as_at", "2024-02", (999, {"worker_type": "officer", "fte": 1, "champion": "true"})),
]
SCREENINGS = rows_of(
    "due_in",
    "2023-09",
    (60, {"done_in": "2023-09", "result": "no_concern", "role": "firearms"}),
    (20, {"done_in": "2023-10", "result": "signs_of_trauma", "contacted": "true", "role": "firearms"}),
    (10, {"done_in": "2023-10", "result": "signs_of_trauma", "contacted": "false", "role": "firearms"}),
    (10, {"result": "declined", "role": "control_room"}),
)
INCIDENTS = rows_of(
    "incident_in",
    "2023-09",
    (40, {"offered": "true", "days_to_offer": 2, "accepted": "true"}),
    (40, {"offered": "true", "days_to_offer": 5, "accepted": "false"}),
    (20, {"offered": "false", "role": "safeguarding"}),
    (10, {}),
)
REFERRALS = rows_of(
    "referred_on",
    "2023-09-01",
    (129, {"outcome": "stayed", "came_from": "association"}),
    (21, {"outcome": "left", "came_from": "self"}),
)
LEAVERS = rows_of(
    "left_on",
    "2023-09-01",
    (60, {"kind": "resignation", "interview": "held", "reason": "pay", "service_band": "1_2"}),
    (30, {"kind": "retirement", "reason": "retirement", "service_band": "over_30"}),
    (10, {"kind": "transfer", "interview": "questionnaire", "service_band": "5_10"}),
)
APPLICATIONS = rows_of(
    "began_on",
    "2023-09-01",
    (
        30,
        {
            "supported": "true",
            "kind": "promotion",
            "outcome": "successful",
            "gender": "female",
            "ethnicity": "A1",
            "came_from": "association",
        },
    ),
    (
        10,
        {
            "supported": "true",
            "kind": "promotion",
            "outcome": "unsuccessful",
            "gender": "female",
            "ethnicity": "W1",
            "came_from": "self",
        },
    ),
    (
        20,
        {
            "supported": "false",
            "kind": "promotion",
            "outcome": "successful",
            "gender": "male",
            "ethnicity": "W1",
        },
    ),
    (20, {"supported": "false", "kind": "recruitment", "outcome": "unsuccessful", "gender": "male"}),
    (10, {"supported": "true", "kind": "mentoring", "outcome": "in_progress", "came_from": "self"}),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of people in post, support, leavers and applications."""
    rows = {
        "workforce": POST,
        "wellbeing_screening": SCREENINGS,
        "trauma_referral": INCIDENTS,
        "retention_referral": REFERRALS,
        "exit_interview": LEAVERS,
        "progression": APPLICATIONS,
    }
    folder = tmp_path_factory.mktemp("year")
    return release_of(folder, {(standard, "hertfordshire"): r for standard, r in rows.items()})


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("people_in_post", 2000),
        ("full_time_equivalent", 1725),
        ("officers_per_1000", 1000 * 1500 / 1_204_588),
        ("wellbeing_champions", 150),
        ("screening_done", 90.0),
        ("screening_signs_of_trauma", 100 * 30 / 90),
        ("screening_contacted", TWO_THIRDS),
        ("trim_offered", 80.0),
        ("trim_accepted", 50.0),
        ("trim_days_to_offer", 3.5),
        ("retention_referrals", 150),
        ("retention_stayed", 86.0),
        ("leavers", 100),
        ("leavers_resigned", 60.0),
        ("exit_interviews_held", 100 * 60 / 70),
        ("progression_supported_successful", 75.0),
        ("progression_other_successful", 50.0),
    ],
)
def test_what_the_year_comes_to(year, measure, expected):
    assert figures_of(year, measure)[measure].value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("workforce_gender", {"male": 57.5, "female": 42.5}),
        ("workforce_ethnicity", {"white": 50.0, "asian": 25.0, "black": 7.5, "blank": 17.5}),
        ("screening_not_done_role", {"control_room": 10}),
        ("trim_not_offered_role", {"safeguarding": 20}),
        ("retention_source", {"association": 86.0, "self": 14.0}),
        ("leaving_reason", {"pay": 60.0, "retirement": 30.0, "blank": 10.0}),
        ("leaving_service", {"1_2": 60.0, "over_30": 30.0, "5_10": 10.0}),
        ("progression_source", {"association": 60.0, "self": 40.0}),
        ("promotion_gender", {"female": TWO_THIRDS, "male": 100 / 3}),
        ("promotion_ethnicity", {"asian": 50.0, "white": 50.0}),
    ],
)
def test_how_the_year_is_broken_down(year, measure, expected):
    found = {group: f.value for (_, group), f in figures_of(year, measure).items()}
    assert {group: value for group, value in found.items() if value} == pytest.approx(expected, rel=1e-12)


def test_a_referral_not_yet_decided_neither_stayed_nor_left(tmp_path):
    rows = [*REFERRALS, *rows_of("referred_on", "2023-12-01", (50, {"outcome": "open"}))]
    release = release_of(tmp_path, {("retention_referral", "hertfordshire"): rows})
    found = figures_of(release, "retention_referrals", "retention_stayed")
    assert (found["retention_referrals"].value, found["retention_stayed"].value) == (200, 86.0)
    assert found["retention_stayed"].coverage.note == (
        "Rests on tallies that the force handed in, not on single records. Not known for 50 of 200 records (25.0%)."
    )


def test_a_tally_and_the_same_incidents_one_by_one_are_the_same(tmp_path):
    soon, later = {"offered": "true", "days_to_offer": 1}, {"offered": "true", "days_to_offer": 5}
    for name, rows in (
        ("tally", rows_of("incident_in", "2023-09", (3, soon), (1, later), (4, {"offered": "false"}))),
        (
            "records",
            [
                {"incident_in": "2023-09", **held}
                for held in [soon] * 3 + [later] + [{"offered": "false"}] * 4
            ],
        ),
    ):
        release = release_of(tmp_path / name, {("trauma_referral", "hertfordshire"): rows})
        found = figures_of(release, "trim_offered", "trim_days_to_offer")
        assert [f.value for f in found.values()] == [50.0, 2.0]


TRAINING = rows_of(
    "as_at",
    "2024-04-22",
    (
        60,
        {"course": "first_line_leader", "rank": "sergeant", "trained": "true", "rank_status": "substantive"},
    ),
    (20, {"course": "first_line_leader", "rank": "sergeant", "trained": "true", "rank_status": "temporary"}),
    (15, {"course": "first_line_leader", "rank": "sergeant", "trained": "true"}),
    (300, {"course": "first_line_leader", "rank": "sergeant", "trained": "false", "rank_status": "acting"}),
    (18, {"course": "first_line_leader", "rank": "sergeant", "trained": "false"}),
    (5, {"course": "first_line_leader", "rank": "constable", "trained": "true"}),
    (120, {"course": "scene_preservation", "rank": "constable", "trained": "true"}),
    (30, {"course": "scene_preservation", "rank": "constable", "trained": "false"}),
)
TRAINING_BEFORE = rows_of(
    "as_at", "2023-04-22", (400, {"course": "first_line_leader", "rank": "sergeant", "trained": "false"})
)


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    """Who was trained as it stood in two months a year apart."""
    rows = {("training", "hertfordshire"): [*TRAINING_BEFORE, *TRAINING]}
    return release_of(tmp_path_factory.mktemp("training"), rows, months="2022-10..2024-04")


def test_sergeants_trained_csi_trained_are_those_of_the_last_month(training):
    found = figures_of(training, "sergeants_trained", "people_trained", period=TO_APRIL)
    figure = found["sergeants_trained"]
    assert (figure.numerator, figure.denominator) == (95, 413)
    assert shown(figure.value, figure.unit) == "23.0%"
    courses = {
        group: found["people_trained", group].value for group in ("first_line_leader", "scene_preservation")
    }
    assert courses == {"first_line_leader": 100, "scene_preservation": 120}


def test_sergeants_are_told_apart_by_how_they_hold_the_rank(training):
    found = figures_of(training, "sergeants_trained_status", "sergeants_untrained_status", period=TO_APRIL)
    assert {k: f.value for k, f in found.items() if f.value} == {
        ("sergeants_trained_status", "substantive"): 60,
        ("sergeants_trained_status", "temporary"): 20,
        ("sergeants_trained_status", "blank"): 15,
        ("sergeants_untrained_status", "acting"): 300,
        ("sergeants_untrained_status", "blank"): 18,
    }


ANSWERS = rows_of(
    "closed_on",
    "2024-03-11",
    (86, {"question": "discriminated", "answer": "Yes"}),
    (443, {"question": "discriminated", "answer": "No"}),
    (4, {"question": "discriminated"}),
    (48, {"question": "reported: not", "answer": "Yes"}),
    (37, {"question": "reported: not", "answer": "No"}),
    (1, {"question": "reported: not"}),
    (8, {"question": "reported: formally", "answer": "Yes"}),
    (77, {"question": "reported: formally", "answer": "No"}),
    (19, {"question": "reported: informally", "answer": "Yes"}),
    (66, {"question": "reported: informally", "answer": "No"}),
    (8, {"question": "action taken", "answer": "Yes"}),
    (24, {"question": "action taken", "answer": "No"}),
    (13, {"question": "not reported: troublemaker", "answer": "Yes"}),
    (23, {"question": "not reported: nothing would happen", "answer": "Yes"}),
    (112, {"question": "manager training", "answer": "Yes", "line_manager": "true"}),
    (63, {"question": "manager training", "answer": "No", "line_manager": "true"}),
    (9, {"question": "manager training", "answer": "Yes", "line_manager": "false"}),
)


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """The answers of the published survey."""
    return release_of(tmp_path_factory.mktemp("survey"), {("survey_response", "hertfordshire"): ANSWERS})


@pytest.mark.parametrize(
    ("row", "part", "whole"),
    [
        ("survey_discriminated", (("survey_discriminated", "yes"), 86), ("survey_respondents", 529)),
        ("survey_not_reported", (("survey_reported", "not"), 48), ("survey_reporting_answered", 85)),
        ("survey_reported_formally", (("survey_reported", "formally"), 8), ("survey_reporting_answered", 85)),
        (
            "survey_reported_informally",
            (("survey_reported", "informally"), 19),
            ("survey_reporting_answered", 85),
        ),
        ("survey_no_action", (("survey_action_taken", "no"), 24), (("survey_action_taken", "yes"), 8)),
        ("survey_fear_label", (("survey_not_reported_why", "troublemaker"), 13), None),
        ("survey_nothing_would_happen", (("survey_not_reported_why", "nothing"), 23), None),
        (
            "survey_manager_training",
            (("survey_manager_training", "yes"), 112),
            (("survey_manager_training", "no"), 63),
        ),
    ],
)
def test_the_counts_of_the_published_survey(survey, row, part, whole):
    names = {key if isinstance(key, str) else key[0] for key, _ in (part, whole or part)}
    found = figures_of(survey, *names)
    assert found[part[0]].value == part[1], row
    assert whole is None or found[whole[0]].value == whole[1], row


def test_no_figure_of_a_survey_has_an_interval_or_is_compared(survey):
    of_survey = [m.id for m in WORKFORCE if m.standard == "survey_response"]
    figures = figures_of(survey, *of_survey).values()
    assert {(f.lower, f.upper, f.comparison.verdict) for f in figures} == {(None, None, "not assessed")}


def test_few_who_felt_discriminated_against_are_withheld(tmp_path):
    rows = rows_of(
        "closed_on",
        "2024-03-11",
        (3, {"question": "discriminated", "answer": "Yes"}),
        (40, {"question": "discriminated", "answer": "No"}),
    )
    release = release_of(tmp_path, {("survey_response", "hertfordshire"): rows})
    assert {f.method for f in figures_of(release, "survey_discriminated", settings=Settings()).values()} == {
        "withheld"
    }


@pytest.mark.parametrize(
    ("row", "measure", "printed"),
    [
        ("wellbeing_champions", "wellbeing_champions", "150"),
        ("retention_referrals", "retention_referrals", "150"),
        ("retention_stayed", "retention_stayed", "86.0%"),
    ],
)
def test_a_published_figure_comes_out_to_the_printed_digit(year, row, measure, printed):
    figure = figures_of(year, measure, period=SINCE_JUNE)[measure]
    assert shown(figure.value, figure.unit) == printed, row
