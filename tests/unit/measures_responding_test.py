"""What is said of responding: answering, callbacks, triage, attendance, and section 136 detentions."""

from datetime import date

import pytest

from measure_sample import YEAR, figures_of, release_of
from openpeel.figures import Settings
from openpeel.figures.rounding import number
from openpeel.figures.wording import limit_sentence
from openpeel.measures import MEASURES, responding
from openpeel.reference.periods import Period

DATES = {
    "call": "offered_at",
    "callback": "offered_at",
    "incident": "called_at",
    "detention_136": "detained_at",
}


@pytest.fixture(autouse=True)
def _measures(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *responding.MEASURES))


def found(folder, standard, rows, *measures, period=YEAR, settings=None):
    """Figures from rows, each dated in the last month of the period unless it says when."""
    at = f"{period.end:%Y-%m}-01 10:15:30"
    dated = [{DATES[standard]: at, **row} for row in rows]
    months = f"{period.start:%Y-%m}..{period.end:%Y-%m}"
    release = release_of(folder, {(standard, "hertfordshire"): dated}, months=months)
    return figures_of(release, *measures, period=period, settings=settings)


def values(figures):
    return {key: f.value for key, f in figures.items()}


def of(n, **fields):
    return {"tally": n, **fields}


def yes(column, n, of_all, **fields):
    """A tally of so many records with yes, and the rest with no."""
    return [of(n, **{column: True}, **fields), of(of_all - n, **{column: False}, **fields)]


SEED = {
    "calls_999_rate": ("call", [of(186_711, line="999")], "calls_999_per_1000", "155.0"),
    "calls_999_answered": (
        "call",
        yes("answered_within_10_seconds", 815, 1000, line="999"),
        "calls_999_answered_in_10_seconds",
        "81.5",
    ),
    "calls_101_abandoned": (
        "call",
        [of(141, line="101", ended="Abandoned"), of(859, line="101", ended="Answered")],
        "calls_101_abandoned",
        "14.1",
    ),
}
SEED_PERIODS = {"calls_101_abandoned": Period.year_ending(date(2024, 5, 31))}


@pytest.mark.parametrize("seed", SEED)
def test_a_published_figure_of_calls_comes_out_to_the_printed_digit(tmp_path, seed):
    standard, rows, measure, printed = SEED[seed]
    period = SEED_PERIODS.get(seed, Period.year_ending(date(2024, 4, 30)))
    figure = found(tmp_path, standard, rows, measure, period=period)[measure]
    assert number(figure.value, figure.unit) == printed


COUNTED = {
    "repeat_check": ("repeat_checked", "repeat_checked", {}, 90, 93),
    "repeat_used": ("repeat_used", "repeat_used", {"repeat_found": True}, 27, 33),
    "vulnerable_check": ("vulnerability_checked", "vulnerability_checked", {}, 87, 94),
    "vulnerable_recorded": (
        "vulnerability_recorded",
        "vulnerability_recorded",
        {"vulnerable_found": True},
        27,
        37,
    ),
    "triage_recorded": ("triage_recorded", "triage_recorded", {}, 95, 98),
    "thrive_meaningful": ("triage_meaningful", "triage_meaningful", {"triage_recorded": True}, 93, 95),
    "prioritisation_appropriate": ("grade_appropriate", "grade_appropriate", {}, 91, 100),
}


@pytest.mark.parametrize("seed", COUNTED)
def test_published_x_of_y_calls_comes_out_and_incidents_not_asked_about_change_nothing(tmp_path, seed):
    measure, column, given, part, whole = COUNTED[seed]
    figure = found(tmp_path, "incident", [*yes(column, part, whole, **given), of(50)], measure)[measure]
    assert (figure.numerator, figure.denominator) == (part, whole)


def test_a_repeat_victim_not_found_or_a_triage_not_made_is_not_in_the_next_question(tmp_path):
    rows = [
        of(3, repeat_found=False, repeat_used=False, triage_recorded=False, triage_meaningful=False),
        of(4, repeat_found=True, repeat_used=True, vulnerable_found=False, vulnerability_recorded=False),
        of(1, repeat_found=True, repeat_used=False, vulnerable_found=True, vulnerability_recorded=True),
        of(2, triage_recorded=True, triage_meaningful=True),
    ]
    figures = found(tmp_path, "incident", rows, "repeat_used", "triage_meaningful", "vulnerability_recorded")
    assert values(figures) == {"repeat_used": 80, "triage_meaningful": 100, "vulnerability_recorded": 100}


@pytest.mark.parametrize(("in_time", "met", "said"), [(90, True, "it is met"), (89, False, "it is missed")])
def test_the_national_standard_for_999_is_met_at_90_percent(tmp_path, in_time, met, said):
    rows = yes("answered_within_10_seconds", in_time, 100, line="999")
    figure = found(tmp_path, "call", rows, "calls_999_answered_in_10_seconds")[
        "calls_999_answered_in_10_seconds"
    ]
    assert figure.limit_met is met
    assert limit_sentence(figure) == (
        f"The standard is at least 90.0% (national call handling standards): {said}."
    )


@pytest.mark.parametrize(("gave_up", "met"), [(9, True), (10, False)])
def test_abandonment_has_to_be_below_10_percent_and_not_at_it(tmp_path, gave_up, met):
    rows = [of(gave_up, line="101", ended="Gave up"), of(100 - gave_up, line="101", ended="Answered")]
    assert found(tmp_path, "call", rows, "calls_101_abandoned")["calls_101_abandoned"].limit_met is met


def test_a_caller_who_hung_up_after_the_web_form_message_is_not_an_abandoned_call(tmp_path):
    rows = [
        of(70, line="101", ended="Answered"),
        of(10, line="101", ended="Abandoned"),
        of(8, line="101", ended="Diverted", message_route="Web form"),
        of(7, line="101", ended="Callback accepted"),
        of(5, line="101", ended="Hung up"),
        of(40, line="101"),
        of(30, line="999", ended="Abandoned"),
    ]
    wanted = ["abandoned", "diverted", "hung_up_unknown", "callback"]
    figures = found(tmp_path, "call", rows, *(f"calls_101_{w}" for w in wanted))
    # 100 calls with an end; 10 gave up, and of 5 the force cannot tell.
    assert [figures[f"calls_101_{w}"].value for w in wanted] == [15, 8, 5, 7]


def test_a_call_put_through_by_a_switchboard_is_held_to_no_limit_for_forces_without_one(tmp_path):
    rows = [
        of(1, line="101", ended="Abandoned", through_switchboard=False),
        of(9, line="101", ended="Answered", through_switchboard=False),
        of(10, line="101", ended="Answered"),
        of(3, line="101", ended="Abandoned", through_switchboard=True),
        of(1, line="101", ended="Answered", through_switchboard=True),
    ]
    figures = found(tmp_path, "call", rows, "calls_101_abandoned", "calls_101_abandoned_after_switchboard")
    assert values(figures) == {"calls_101_abandoned": 5, "calls_101_abandoned_after_switchboard": 75}
    assert figures["calls_101_abandoned_after_switchboard"].limit is None


def test_a_999_call_of_which_the_time_is_not_said_is_not_late_but_unknown(tmp_path):
    rows = [*yes("answered_within_10_seconds", 3, 4, line="999"), of(1, line="999"), of(9, line="101")]
    figures = found(
        tmp_path, "call", rows, "calls_999_answered_in_10_seconds", "calls_999_answer_time_unknown"
    )
    assert values(figures) == {"calls_999_answered_in_10_seconds": 75, "calls_999_answer_time_unknown": 20}


def test_each_shift_is_told_by_its_own_calls(tmp_path):
    rows = [
        *yes("answered_within_10_seconds", 9, 10, line="999", shift="Early"),
        *yes("answered_within_10_seconds", 8, 10, line="999", shift="Late"),
        *yes("answered_within_10_seconds", 1, 2, line="999", shift="Night"),
    ]
    wanted = [f"calls_999_answered_in_10_seconds_{s}" for s in ("early", "late", "night")]
    assert list(values(found(tmp_path, "call", rows, *wanted)).values()) == [90, 80, 50]


def test_a_mean_weighs_a_tally_by_its_calls_and_leaves_out_those_who_gave_up(tmp_path):
    rows = [
        of(3, line="999", ended="Answered", waiting_seconds=4, transfer_seconds=1, handling_seconds=100),
        of(1, line="999", ended="Answered", waiting_seconds=8, transfer_seconds=3, handling_seconds=300),
        of(1, line="999", ended="Abandoned", waiting_seconds=99),
        of(2, line="101", ended="Answered", waiting_seconds=60, handling_seconds=400),
        of(6, line="101", ended="Answered", waiting_seconds=20, handling_seconds=400),
        of(6, line="Switchboard", ended="Answered", handling_seconds=30),
        of(6, line="Other", ended="Answered"),
    ]
    wanted = ["calls_999_waiting_seconds", "calls_999_transfer_seconds", "calls_101_waiting_seconds"]
    figures = found(tmp_path, "call", rows, *wanted, "call_handling_seconds")
    assert [figures[w].value for w in wanted] == [5, 1.5, 30]
    assert figures["call_handling_seconds", "101"].value == 400
    # Four 999 calls are few, so they and the next smallest line are withheld.
    figures = found(tmp_path / "again", "call", rows, "call_handling_seconds", settings=Settings())
    assert figures["call_handling_seconds", "999"].method == "withheld"
    assert figures["call_handling_seconds", "101"].value == 400


def test_calls_to_101_are_told_for_every_1000_people(tmp_path):
    # 1,204,588 people live in Hertfordshire.
    figures = found(tmp_path, "call", [of(1_204_588, line="101"), of(7, line="999")], "calls_101_per_1000")
    assert values(figures) == {"calls_101_per_1000": 1000}


def test_a_tally_of_calls_and_the_same_calls_one_by_one_give_the_same_value(tmp_path):
    tallied = [of(2, line="101", ended="Abandoned"), of(3, line="101", ended="Answered")]
    singly = [
        {"line": row["line"], "ended": row["ended"], "call_reference": f"{i}-{j}"}
        for i, row in enumerate(tallied)
        for j in range(row["tally"])
    ]
    for name, rows in (("tally", tallied), ("records", singly)):
        figure = found(tmp_path / name, "call", rows, "calls_101_abandoned")["calls_101_abandoned"]
        assert (figure.numerator, figure.denominator, figure.value) == (2, 5, 40)


def test_a_callback_that_was_not_accepted_has_no_service_level_and_no_result(tmp_path):
    rows = [
        of(4, accepted=True, within_service_level=True, place_kept=True, result="Spoken to"),
        of(2, accepted=True, within_service_level=True, place_kept=False, result="No answer"),
        of(2, accepted=True, within_service_level=False, place_kept=False, result="Rang again"),
        of(2, accepted=False, within_service_level=False, place_kept=False, result="Not made"),
        of(5),
    ]
    wanted = [
        "callbacks_accepted",
        "callbacks_in_service_level",
        "callbacks_place_kept",
        "callbacks_spoken_to",
    ]
    assert values(found(tmp_path, "callback", rows, *wanted)) == dict(
        zip(wanted, [80, 75, 50, 50], strict=True)
    )


def test_attendance_is_told_by_grade_by_handover_and_by_continuity_car(tmp_path):
    rows = [
        of(6, grade="Immediate", arrived_in_target=True, at_handover=False),
        of(2, grade="Immediate", arrived_in_target=False, at_handover=False),
        of(3, grade="Priority", arrived_in_target=True, at_handover=True, continuity_car=True),
        of(1, grade="Priority", arrived_in_target=False, at_handover=True, continuity_car=True),
        of(6, grade="Priority", arrived_in_target=False, at_handover=True, continuity_car=False),
        of(1, grade="Scheduled", arrived_in_target=True),
        of(9, grade="Immediate"),
    ]
    wanted = ["immediate", "priority", "scheduled", "at_handover", "besides_handover", "continuity_car"]
    figures = found(tmp_path, "incident", rows, *(f"arrived_in_target_{w}" for w in wanted))
    assert [figures[f"arrived_in_target_{w}"].value for w in wanted] == [75, 30, 100, 30, 75, 75]


def test_incidents_by_grade_regrading_and_delays(tmp_path):
    rows = [
        of(10, grade="Emergency", regrading_justified=True, victim_told_of_delay=False),
        of(30, grade="Prompt", regrading_justified=False, victim_told_of_delay=True),
        of(60),
    ]
    figures = found(
        tmp_path, "incident", rows, "incident_grades", "regrading_justified", "victim_told_of_delay"
    )
    assert figures["incident_grades", "immediate"].value == 10
    assert figures["incident_grades", "blank"].value == 60
    assert (figures["regrading_justified"].value, figures["victim_told_of_delay"].value) == (25, 75)


def test_incidents_are_told_for_every_1000_people(tmp_path):
    figures = found(tmp_path, "incident", [of(2_409_176)], "incidents_per_1000")
    assert values(figures) == {"incidents_per_1000": 2000}


def test_right_care_counts_only_incidents_to_which_the_policy_applied(tmp_path):
    rows = [
        of(2, right_care=True, response="Attended", officer_minutes=45),
        of(1, right_care=True, response="Attended by appointment", officer_minutes=30.5),
        of(5, right_care=True, response="Passed to another agency"),
        of(8, right_care=False, response="Attended", officer_minutes=60),
        of(4),
    ]
    wanted = ["right_care_incidents", "right_care_attended", "right_care_officer_minutes"]
    assert list(values(found(tmp_path, "incident", rows, *wanted)).values()) == [50, 37.5, 120.5]


def test_section_136_detentions_and_the_time_until_handover(tmp_path):
    rows = [
        of(6, place="A&E", waiting_minutes=100, officer_minutes=300, handed_over_in_target=False)
        | {"conveyed_by": "Police vehicle", "advice_sought": False},
        of(2, place="A&E", waiting_minutes=20, officer_minutes=50, handed_over_in_target=True)
        | {"conveyed_by": "Ambulance", "advice_sought": True},
        of(8, place="Section 136 suite", waiting_minutes=30, officer_minutes=50, handed_over_in_target=True)
        | {"conveyed_by": "Ambulance", "advice_sought": True},
        of(4, conveyed_by="Already there"),
        of(5, place="Custody", conveyed_by="Other"),
    ]
    wanted = [
        "detentions_136",
        "detention_136_advice_sought",
        "detention_136_ambulance",
        "detention_136_handed_over_in_target",
        "detention_136_waiting_minutes",
        "detention_136_officer_minutes",
    ]
    figures = found(tmp_path, "detention_136", rows, *wanted, "detention_136_waiting_minutes_by_place")
    # Waiting: 6 × 100 + 2 × 20 + 8 × 30 = 880 over 16; officers: 1,800 + 100 + 400.
    assert [figures[w].value for w in wanted] == [25, 62.5, pytest.approx(1000 / 21), 62.5, 55, 2300]
    assert figures["detention_136_waiting_minutes_by_place", "emergency_department"].value == 80
    assert figures["detention_136_waiting_minutes_by_place", "health_based"].value == 30


def test_places_of_safety_and_detentions_for_every_100000_people(tmp_path):
    rows = [of(602_294, place="Hospital ward"), of(602_294, place="Private home")]
    figures = found(tmp_path, "detention_136", rows, "detentions_136_per_100000", "detention_136_places")
    assert figures["detentions_136_per_100000"].value == 100_000
    assert figures["detentions_136_per_100000"].unit == "per 100,000 population"
    assert figures["detention_136_places", "home"].value == 50
