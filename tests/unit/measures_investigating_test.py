"""What is said of investigating: recording in time, outcomes, supervision, and the service to victims."""

from datetime import date

import pytest

from measure_sample import YEAR, figures_of, release_of
from openpeel.figures.rounding import number
from openpeel.measures import MEASURES, investigating
from openpeel.reference.periods import Period

DATES = {"recorded_crime": "recorded_at", "investigation": "opened_on"}


@pytest.fixture(autouse=True)
def _measures(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *investigating.MEASURES))


def found(folder, standard, rows, *measures, period=YEAR):
    """Figures from rows, each dated in the last month of the period unless it says when."""
    at = f"{period.end:%Y-%m}-01" + (" 10:15:30" if standard == "recorded_crime" else "")
    dated = [{DATES[standard]: at, **row} for row in rows]
    months = f"{period.start:%Y-%m}..{period.end:%Y-%m}"
    release = release_of(folder, {(standard, "hertfordshire"): dated}, months=months)
    return figures_of(release, *measures, period=period)


def values(figures):
    return {key: f.value for key, f in figures.items()}


def of(n, **fields):
    return {"tally": n, **fields}


def outcome(n, kind, **fields):
    return of(n, victim_based=True, outcome_type=kind, **fields)


EXPIRED = "Prosecution time limit expired"
NONE_YET = "Not yet assigned"
CHARGED = "Charged/Summonsed"


@pytest.mark.parametrize(
    ("seed", "end", "expired", "others", "printed"),
    [
        ("outcome17_now", date(2023, 12, 31), 5, 995, "0.5"),
        ("outcome17_before", date(2022, 12, 31), 12, 988, "1.2"),
    ],
)
def test_the_published_share_of_outcome_17_comes_out(tmp_path, seed, end, expired, others, printed):
    rows = [outcome(expired, EXPIRED), outcome(others, CHARGED)]
    figure = found(tmp_path, "recorded_crime", rows, "outcome_17", period=Period.year_ending(end))[
        "outcome_17"
    ]
    assert number(figure.value, figure.unit) == printed, seed


def test_evidence_led_is_10_of_12_cases_and_a_victim_who_did_not_withdraw_is_none(tmp_path):
    """The published figure 'evidence_led'."""
    rows = [
        of(10, victim_withdrew=True, evidence_led_considered=True),
        of(2, victim_withdrew=True, evidence_led_considered=False),
        of(8, victim_withdrew=False, evidence_led_considered=False),
        of(4, victim_withdrew=True),
    ]
    figures = found(tmp_path, "investigation", rows, "evidence_led_considered", "victim_withdrew")
    figure = figures["evidence_led_considered"]
    assert (figure.numerator, figure.denominator) == (10, 12)
    # 16 of 24 withdrew.
    assert figures["victim_withdrew"].value == pytest.approx(200 / 3)


def test_a_crime_without_an_outcome_or_cancelled_or_against_society_is_not_in_the_share_of_outcome_17(
    tmp_path,
):
    rows = [
        outcome(1, EXPIRED),
        outcome(3, CHARGED),
        outcome(6, NONE_YET),
        of(5, victim_based=False, outcome_type=EXPIRED),
        outcome(7, EXPIRED, cancelled_on="2024-03-05"),
        of(9, victim_based=True),
    ]
    figures = found(tmp_path, "recorded_crime", rows, "outcome_17", "outcome_not_yet_assigned")
    assert values(figures) == {"outcome_17": 25, "outcome_not_yet_assigned": 60}


def test_the_time_limit_of_summary_offences_is_told_of_them_alone(tmp_path):
    rows = [
        outcome(1, EXPIRED, summary_only=True),
        outcome(4, CHARGED, summary_only=True),
        outcome(5, EXPIRED, summary_only=False),
        outcome(5, EXPIRED),
    ]
    assert values(found(tmp_path, "recorded_crime", rows, "summary_outcome_17")) == {"summary_outcome_17": 20}


def test_outcomes_are_shares_of_crimes_that_have_one(tmp_path):
    rows = [outcome(15, CHARGED), outcome(5, EXPIRED), outcome(80, NONE_YET)]
    figures = found(tmp_path, "recorded_crime", rows, "crime_outcomes")
    assert figures["crime_outcomes", "1"].value == 75
    assert figures["crime_outcomes", "17"].value == 25
    assert ("crime_outcomes", "0") not in figures


def test_a_cancelled_crime_is_told_apart_from_those_that_stand(tmp_path):
    rows = [
        of(1_204_588, offence_group="Robbery", offence_subgroup="Robbery"),
        of(1_204_588, cancelled_on="2024-03-05", offence_group="Fraud"),
    ]
    figures = found(
        tmp_path,
        "recorded_crime",
        rows,
        "recorded_crimes_per_1000",
        "recorded_crimes_by_offence",
        "crime_records_cancelled",
    )
    assert figures["recorded_crimes_per_1000"].value == 1000
    assert figures["recorded_crimes_by_offence", "robbery"].value == 1_204_588
    assert figures["recorded_crimes_by_offence", "fraud"].value == 0
    assert figures["crime_records_cancelled"].value == 50


def test_a_crime_disclosed_at_a_marac_is_a_partners_and_one_told_by_the_victim_is_not(tmp_path):
    rows = [
        of(7, disclosed_by="Victim", recorded_within_24_hours=True),
        of(1, disclosed_by="MARAC", recorded_within_24_hours=True),
        of(1, disclosed_by="MARAC", recorded_within_24_hours=False),
        of(1, disclosed_by="Health", recorded_within_24_hours=False),
        of(1, disclosed_by="Health", recorded_within_24_hours=False),
        of(5, disclosed_by="Health", recorded_within_24_hours=False, cancelled_on="2024-03-05"),
        of(5, disclosed_by="Health"),
    ]
    wanted = ["crimes_recorded_in_24_hours", "partner_crimes_recorded_in_24_hours"]
    assert list(values(found(tmp_path, "recorded_crime", rows, *wanted)).values()) == [
        pytest.approx(800 / 11),
        25,
    ]


def test_reviews_and_updates_are_counted_and_not_the_investigations_that_owe_them(tmp_path):
    rows = [
        of(2, reviews_due=4, reviews_done=1, updates_due=1, updates_done=1),
        of(1, reviews_due=2, reviews_done=2, updates_due=6, updates_done=2),
        of(3, reviews_due=9, updates_due=9),
        of(3, reviews_done=9, updates_done=9),
    ]
    figures = found(tmp_path, "investigation", rows, "supervision_reviews_done", "victim_updates_done")
    # 2 × 1 + 2 of 2 × 4 + 2 reviews; 2 × 1 + 2 of 2 × 1 + 6 updates.
    assert values(figures) == {"supervision_reviews_done": 40, "victim_updates_done": 50}


SERVED = {
    "investigation_timely": "timely",
    "enquiries_complete": "enquiries_complete",
    "supervision_effective": "supervision_effective",
    "needs_assessed": "needs_assessed",
    "support_request_recorded": "support_request_recorded",
    "protective_order_considered": "protective_order_considered",
    "wish_auditable": "wish_auditable",
    "victim_view_sought": "view_sought",
    "outcome_right": "outcome_right",
    "outcome_rationale_recorded": "rationale_recorded",
    "outcome_supervised": "outcome_supervised",
    "victim_told_outcome": "victim_told_outcome",
}


def test_each_question_of_a_case_is_told_of_the_cases_in_which_it_was_asked(tmp_path):
    # The question at place i is yes in i + 1 cases, no in 19 − i, and blank in 3.
    rows = [
        {column: case <= i for i, column in enumerate(SERVED.values())} | {"tally": 1} for case in range(20)
    ]
    figures = found(tmp_path, "investigation", [*rows, of(3)], *SERVED)
    assert list(values(figures).values()) == [5 * (i + 1) for i in range(12)]


def test_a_personal_statement_that_the_victim_declined_was_offered(tmp_path):
    rows = [
        of(2, personal_statement="Made"),
        of(1, personal_statement="Declined"),
        of(1, personal_statement="Not offered"),
        of(6, personal_statement="Not applicable"),
        of(6),
    ]
    figures = found(tmp_path, "investigation", rows, "personal_statement_offered")
    assert values(figures) == {"personal_statement_offered": 75}


def test_a_tally_of_crimes_and_the_same_crimes_one_by_one_give_the_same_value(tmp_path):
    tallied = [outcome(1, EXPIRED), outcome(4, CHARGED)]
    singly = [
        {"victim_based": True, "outcome_type": kind, "crime_reference": f"C{i}"}
        for i, kind in enumerate([EXPIRED, CHARGED, CHARGED, CHARGED, CHARGED])
    ]
    for name, rows in (("tally", tallied), ("records", singly)):
        assert found(tmp_path / name, "recorded_crime", rows, "outcome_17")["outcome_17"].value == 20


def test_every_measure_is_of_a_standard_of_its_area():
    assert {m.standard for m in investigating.MEASURES} == set(DATES)
