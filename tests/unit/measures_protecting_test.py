"""Measures of protecting people: orders and their breaches, MARACs, and what victims said. The rows are invented."""

from datetime import date

import pytest

from measure_sample import figures_of, release_of
from openpeel.figures.rounding import shown
from openpeel.measures import MEASURES
from openpeel.measures.protecting import MEASURES as PROTECTING
from openpeel.reference.periods import Period

HERTS = "E23000027"
DAY = "2023-09-01"
TWO_THIRDS = 100 * 2 / 3
AGENCIES = (
    "police",
    "idva",
    "childrens_social_care",
    "adult_social_care",
    "housing",
    "health",
    "mental_health",
    "substance_misuse",
    "probation",
    "education",
)


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *PROTECTING))


def step(what, tally, **more):
    return {"type": "dvpo", "step": what, "happened_on": DAY, "tally": tally, **more}


def referral(tally, **more):
    return {"received_on": DAY, "tally": tally, **more}


def answer(tally, **more):
    return {"answered_on": DAY, "tally": tally, **more}


ORDERS = [
    step("considered", 30, decision="to_seek"),
    step("considered", 10, decision="suitable_not_sought"),
    step("considered", 25, decision="not_suitable"),
    step("applied", 18, in_time="true"),
    step("applied", 2, in_time="false"),
    step("applied", 4),
    step("granted", 40),
    step("granted", 10, type="dapo"),
    step("granted", 3, type=""),
    step("check", 12, check_result="complied"),
    step("check", 3, check_result="breach_found"),
    step("check", 4, check_result="not_seen"),
    step("check", 1, check_result="not_done"),
    step("check", 7),
    step("breach", 6, breach_outcome="fined"),
    step("breach", 6, breach_outcome="committed"),
    step("breach", 8, type="dapo"),
]
REFERRALS = [
    referral(60, agency="police", heard_in_time="true", repeat="true", chair="police", crimes_disclosed="0"),
    referral(
        30,
        agency="idva",
        heard_in_time="false",
        repeat="false",
        chair="housing",
        crimes_disclosed="2",
        crimes_recorded="1",
        crimes_recorded_late="0.5",
        crimes_not_recorded="0.5",
    ),
    referral(
        10,
        agency="housing",
        crimes_disclosed="4",
        crimes_recorded="3",
        crimes_recorded_late="1",
        crimes_not_recorded="0",
    ),
]
ANSWERS = [
    answer(
        40,
        victim_group="domestic_abuse",
        overall="completely",
        contact="very",
        action="fairly",
        informed="neither",
        treatment="completely",
        put_right="true",
        change="training",
        victim_told="true",
    ),
    answer(
        40,
        victim_group="burglary",
        overall="fairly",
        contact="fairly",
        action="neither",
        informed="very_dissatisfied",
        treatment="very_dissatisfied",
        put_right="false",
        change="none",
    ),
    answer(
        20,
        overall="fairly_dissatisfied",
        contact="not_applicable",
        action="completely_dissatisfied",
        informed="fairly",
        treatment="very",
        change="policy",
        victim_told="false",
    ),
]


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of orders, referrals and answers."""
    rows = {"protection_order": ORDERS, "marac_referral": REFERRALS, "victim_feedback": ANSWERS}
    folder = tmp_path_factory.mktemp("year")
    return release_of(folder, {(standard, "hertfordshire"): r for standard, r in rows.items()})


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("dvpo_granted", 40),
        ("dvpo_breaches", 12),
        ("protection_orders_granted", 50),
        ("protection_order_sought", 75.0),
        ("protection_order_heard_in_time", 90.0),
        ("protection_order_checks_made", 75.0),
        ("marac_referrals", 100),
        ("marac_heard_in_time", TWO_THIRDS),
        ("marac_repeat", TWO_THIRDS),
        ("marac_police_chaired", TWO_THIRDS),
        ("marac_crimes_disclosed", 100),
        ("marac_crimes_recorded_in_time", 60.0),
        ("marac_crimes_not_recorded", 15.0),
        ("victim_feedback_answers", 100),
        ("victims_satisfied_overall", 80.0),
        ("victims_satisfied_contact", 100.0),
        ("victims_satisfied_action", 40.0),
        ("victims_satisfied_informed", 20.0),
        ("victims_satisfied_treatment", 60.0),
        ("victim_feedback_put_right", 50.0),
        ("victim_feedback_changed_something", 60.0),
        ("victim_feedback_told", TWO_THIRDS),
    ],
)
def test_what_the_year_comes_to(year, measure, expected):
    assert figures_of(year, measure)[measure].value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("protection_order_breach_outcome", {"fined": 30.0, "committed": 30.0, "blank": 40.0}),
        ("marac_agency", {"police": 60.0, "idva": 30.0, "housing": 10.0}),
        ("victim_feedback_group", {"domestic_abuse": 40.0, "burglary": 40.0, "blank": 20.0}),
    ],
)
def test_how_the_year_is_broken_down(year, measure, expected):
    found = {group: f.value for (_, group), f in figures_of(year, measure).items()}
    assert {group: value for group, value in found.items() if value} == expected
    assert sum(found.values()) == 100


def test_a_satisfaction_that_did_not_apply_is_no_answer(year):
    figure = figures_of(year, "victims_satisfied_contact")["victims_satisfied_contact"]
    assert (figure.numerator, figure.denominator) == (80, 80)
    assert figure.coverage.note.endswith("Not known for 20 of 100 records (20.0%).")


def test_each_agency_is_counted_by_its_own_attendance(tmp_path):
    """Ten rows of ten referrals: the first agency is at all of them, the next at nine, the last at one."""
    rows = [
        referral(10, **{f"{a}_attended": str(j < 10 - i).lower() for i, a in enumerate(AGENCIES)})
        for j in range(10)
    ]
    rows.append(referral(50))
    release = release_of(tmp_path, {("marac_referral", "hertfordshire"): rows})
    found = figures_of(release, *(f"marac_attended_by_{a}" for a in AGENCIES))
    assert [f.value for f in found.values()] == [100, 90, 80, 70, 60, 50, 40, 30, 20, 10]


def test_a_tally_and_the_same_referrals_one_by_one_are_the_same(tmp_path):
    wanted = ("marac_referrals", "marac_heard_in_time", "marac_crimes_disclosed", "marac_crimes_not_recorded")
    one = {"agency": "idva", "crimes_disclosed": "2", "crimes_recorded": "1", "crimes_not_recorded": "1"}
    tally = [referral(3, heard_in_time="true", **one), referral(1, heard_in_time="false", **one)]
    records = [
        {"referral_reference": f"M{i}", "received_on": DAY, "heard_in_time": heard, **one}
        for i, heard in enumerate(("true", "true", "true", "false"))
    ]
    values = [
        [f.value for f in figures_of(release, *wanted).values()]
        for release in (
            release_of(tmp_path / "tally", {("marac_referral", "hertfordshire"): tally}),
            release_of(tmp_path / "records", {("marac_referral", "hertfordshire"): records}),
        )
    ]
    assert values == [[4, 75.0, 8, 50.0]] * 2


def test_a_notice_and_a_step_of_another_kind_are_no_order_granted(tmp_path):
    rows = [step("granted", 7), step("granted", 5, type="dvpn"), step("applied", 9), step("order_served", 7)]
    release = release_of(tmp_path, {("protection_order", "hertfordshire"): rows})
    assert figures_of(release, "dvpo_granted")["dvpo_granted"].value == 7


SEED_ORDERS = [
    step("granted", 13, happened_on="2022-03-01"),
    step("granted", 112, happened_on="2023-03-01"),
    step("breach", 9, happened_on="2023-03-01"),
    step("granted", 153, happened_on="2024-03-01"),
]
NOW = Period.year_ending(date(2023, 9, 30))
BEFORE = Period.year_ending(date(2022, 9, 30))
JAN_TO_MAY = Period(date(2024, 1, 1), date(2024, 5, 31))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The orders that the published report speaks of."""
    rows = {("protection_order", "hertfordshire"): SEED_ORDERS}
    return release_of(tmp_path_factory.mktemp("published"), rows, months="2021-10..2024-05")


@pytest.mark.parametrize(
    ("row", "measure", "period", "printed"),
    [
        ("dvpo_granted_jan_may_2024", "dvpo_granted", JAN_TO_MAY, "153"),
        ("dvpo_rate_now", "dvpo_granted", NOW, "112"),
        ("dvpo_rate_now", "dvpo_granted_per_100000", NOW, "9.3"),
        ("dvpo_rate_before", "dvpo_granted", BEFORE, "13"),
        ("dvpo_rate_before", "dvpo_granted_per_100000", BEFORE, "1.1"),
        ("dvpo_breach_rate", "dvpo_breaches", NOW, "9"),
        ("dvpo_breach_rate", "dvpo_breaches_per_100000", NOW, "0.7"),
    ],
)
def test_a_published_figure_comes_out_to_the_printed_digit(published, row, measure, period, printed):
    figure = figures_of(published, measure, period=period)[measure]
    assert shown(figure.value, figure.unit) == printed, row


def test_a_rate_per_100000_is_of_the_people_of_the_force_area(published):
    figure = figures_of(published, "dvpo_breaches_per_100000", period=NOW)["dvpo_breaches_per_100000"]
    assert figure.value == pytest.approx(100_000 * 9 / 1_204_588, rel=1e-12)
