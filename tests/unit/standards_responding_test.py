"""Records of responding, prevention, powers, investigating and victims take a row as an officer fills it in.

All rows are invented. A row is written `column=cell; column=cell`, by the names of the standard.
"""

import csv
import gzip
from itertools import combinations
from pathlib import Path

import pytest

from openpeel.intake.coding import Coder
from openpeel.intake.rows import counted
from openpeel.standards import UNRECOGNISED, load_standard, plain, standard_ids

HOME_OFFICE = Path(__file__).parents[3] / "shared" / "data" / "home_office"

ROWS = {
    "call": """
        call_reference=CALL-1; offered_at=2024-03-05T08:04:11; line=101; through_switchboard=False;
        ended=Hung up after a recorded message on another contact route; message_route=Web form;
        seconds_from_message=2; transfer_seconds=1.5; waiting_seconds=48; answered_within_10_seconds=False;
        handling_seconds=0; shift=Early; incident_reference=INC-1""",
    "callback": """
        callback_reference=CB-1; call_reference=CALL-1; offered_at=2024-03-05T08:04:30; line=101; accepted=True;
        place_kept=True; due_at=2024-03-05T09:04:30; first_tried_at=2024-03-05T08:40:00; attempts=1;
        result=Spoken to; within_service_level=True""",
    "incident": """
        incident_reference=INC-1; called_at=2024-03-05T14:02:00; came_by=999; opened_as=Concern for safety;
        closed_as=Domestic; domestic_abuse=True; first_grade=Priority; grade=Emergency; regrading_justified=True;
        triage_recorded=True; triage_meaningful=True; grade_appropriate=False; repeat_checked=True;
        repeat_found=True; repeat_used=False; vulnerability_checked=True; vulnerable_found=True;
        vulnerability_recorded=False; target_minutes=15; dispatched_at=2024-03-05T14:05:00;
        arrived_at=2024-03-05T14:21:00; arrived_in_target=False; victim_told_of_delay=False; response=Attended;
        right_care=False; officer_minutes=90; asb_category=Personal; crime_recorded=True;
        crime_recorded_at=2024-03-05T20:00:00; crime_reference=CR-1; continuity_car=True; shift=Late;
        at_handover=True; district=Invented District""",
    "recorded_crime": """
        crime_reference=CR-1; incident_reference=INC-1; offence_group=Violence against the person;
        offence_subgroup=Violence without injury; offence_code=105A; victim_based=True; domestic_abuse=True;
        vulnerable_victim=True; disclosed_by=MARAC; committed_from=2024-03-01; committed_to=2024-03-02;
        reported_at=2024-03-04T10:00:00; recorded_at=2024-03-06T09:30:00; recorded_within_24_hours=False;
        cancelled_on=2024-05-01; summary_only=True; time_limit_on=2024-09-01; outcome_type=17;
        outcome_on=2024-09-02; district=Invented District""",
    "investigation": """
        crime_reference=CR-1; opened_on=06/03/2024; closed_on=01/09/2024; officer=PC 0001; supervisor=PS 0002;
        team=Local crime unit; offence_group=Violence against the person; domestic_abuse=True; timely=False;
        enquiries_complete=True; reviews_due=6; reviews_done=4; last_review_on=2024-08-20;
        next_review_on=2024-09-20; supervision_effective=False; updates_due=12; updates_done=9;
        last_update_on=2024-08-25; next_update_on=2024-09-08; needs_assessed=True; support_request_recorded=False;
        personal_statement=Offered and declined; protective_order_considered=True; victim_withdrew=True;
        evidence_led_considered=True; wish_auditable=True; view_sought=True;
        outcome_type=Prosecution time limit expired; outcome_right=True; rationale_recorded=True;
        outcome_supervised=False; victim_told_outcome=True""",
    "use_of_force": """
        report_reference=UOF-1; incident_reference=INC-1; person_reference=P-1; officer=0001; team=Response A;
        used_at=2024-03-05T14:25:00; place=Street / Highway; stop_search=True; reason=Effect search;
        impact_factor=Alcohol; conduct=Passive resistance; age=18-34; gender=Male; perceived_ethnicity=Asian;
        self_defined_ethnicity=A1; disability=None; tactical_communication=True;
        handcuffing=Non-compliant handcuffing; limb_or_body_restraints=False; ground_restraint=True;
        unarmed_skills=True; baton=None; irritant_spray=Drawn; spit_guard=False; shield=False; ced=Red-dot;
        aep=None; firearm=None; dog=None; other_tactic=False; grounds_recorded=False; body_worn_video=True;
        person_injury=Minor; officer_injury=None; officer_assaulted=False; arrested=False; other_outcome=None""",
    "supervision_review": """
        review_reference=SR-1; kind=Stop and search; record_reference=SS-1; event_on=2024-03-05;
        due_on=2024-03-12; done_on=2024-03-20; done=True; in_time=False; supervisor=PS 0002; officer=PC 0001;
        team=Response A; grounds_sufficient=True; conduct_professional=True; feedback=Both;
        feedback_on=2024-03-21; referred_to=Officer safety training""",
    "panel_case": """
        panel_case_reference=PANEL-1; panel=Use of force; meeting_on=2024-05-14; chosen=By the theme of the meeting;
        theme=Force used without arrest; record_reference=UOF-1; event_on=2024-03-05; video_seen=True;
        members_present=9; verdict=Not appropriate; learning=True; officer=PC 0001; feedback=Improvement;
        feedback_on=2024-05-20; referred_to=None""",
    "asb_incident": """
        incident_reference=INC-2; reported_on=2024-03-08; category=Personal; behaviour=Rowdy/Nuisance Neighbours;
        district=Invented District; risk_assessed=True; repeat_victim=True; vulnerable_victim=False;
        case_review_asked=False; crime_recorded=True; crime_recorded_on=2024-03-09; crime_reference=CR-2;
        plan_reference=PLAN-1""",
    "civil_order": """
        order_reference=ORD-1; order_type=CBO; applicant=CPS; team=Community support unit;
        district=Invented District; against=Adult; subject_reference=P-1; age_range=25-34; applied_on=2024-02-01;
        decided_on=2024-03-01; decision=Granted; served_on=2024-03-01; ends_on=2026-03-01; breaches=2;
        breaches_dealt_with=1; plan_reference=PLAN-1""",
    "problem_solving_plan": """
        plan_reference=PLAN-1; opened_on=2023-01-09; problem=Force's own; subject_reference=PLACE-1;
        owner=PS 0002; team=Fleet; district=Invented District; partners=False; scanned_on=2023-01-20;
        analysed_on=2023-02-10; responded_on=2023-03-01; assessed_on=2024-03-01; review_due_on=2023-06-01;
        reviewed_on=2023-06-05; analysis_sufficient=True; assessment_sufficient=False; feedback_given=True;
        closed_on=2024-04-01; result=Problem reduced; panel_on=2024-05-16; panel_result=Promising;
        in_library=True; months_compared=12; incidents_before=31; incidents_after=4; cost_year_1=2800;
        cost_year_2=0; cost_year_3=0; cost_year_4=0; cost_year_5=0; saving_year_1=70000; saving_year_2=70000;
        saving_year_3=70000; saving_year_4=70000; saving_year_5=70000; saving_basis=Estimated""",
    "knife_event": """
        event_reference=CR-3; person_reference=P-2; event_on=2024-02-11; kind=Knife-related incident;
        part=Carried; offence_group=Possession of weapons offences; knife_found=True; age_range=10-17;
        gender=Male; ethnicity=W1; district=Invented District""",
    "diversion": """
        diversion_reference=DIV-1; person_reference=P-2; programme=Habitual knife carriers;
        discussed_on=2024-03-04; suitable=True; offered=True; offered_on=2024-03-06; answer=Declined;
        answered_on=2024-03-12; manager=PC 0003; mentor=False; course=False; hardship_funding=False; tag=True;
        tagged_on=2024-03-14; tag_removed_on=2024-06-14; safeguarding=True; plan_opened=True;
        plan_reference=PLAN-2; ended_on=2024-09-01; ending=Completed; age_range=10-17; gender=Male;
        ethnicity=W1""",
    "detention_136": """
        detention_reference=136-1; incident_reference=INC-3; detained_at=2024-03-05T22:10:00; advice_sought=True;
        conveyed_by=Police vehicle; place=Section 136 suite; arrived_at=2024-03-05T22:50:00;
        handed_over_at=2024-03-06T04:20:00; handed_over_in_target=False; waiting_minutes=330;
        officers_waiting=2; officer_minutes=740; result=Detained in hospital; age_range=25-34; gender=Female;
        ethnicity=B1""",
    "community_member": """
        member_reference=M-1; as_at=2024-04; platform=Herts Connected; source_platform=OWL; joined_on=2019-06-01;
        moved_on=2024-04-15; asked=True; agreed=True; district=Invented District; small_area=E01099999;
        coordinator=False; age_range=Over 34; gender=Female; ethnicity=A4""",
    "volunteer": """
        volunteer_reference=V-1; scheme=Special constable; as_at=2024-03; joined_on=2021-09-01; hours=24.5;
        duty=Roads policing; stage=Independent; stage_reached_on=2022-11-01; trained=True;
        award=Special constable of the year; district=Invented District; age_range=25-34; gender=Female;
        ethnicity=M1""",
    "victim_feedback": """
        response_reference=VF-1; answered_on=2024-06-03; survey=Echo; crime_reference=CR-1;
        victim_group=Domestic abuse; vulnerable_victim=True; age_range=25-34; gender=Female; ethnicity=W2;
        contact=Very satisfied; action=Fairly satisfied; informed=Very dissatisfied;
        treatment=Completely satisfied; overall=Fairly satisfied; comment=An invented comment; put_right=True;
        change=Training; changed_on=2024-09-01; victim_told=False""",
}

PERSONAL = {
    "call": "call_reference incident_reference",
    "callback": "callback_reference call_reference",
    "incident": "incident_reference repeat_found vulnerable_found crime_reference",
    "recorded_crime": "crime_reference incident_reference vulnerable_victim",
    "investigation": "crime_reference officer supervisor personal_statement victim_withdrew",
    "use_of_force": """report_reference incident_reference person_reference officer impact_factor conduct age gender
        perceived_ethnicity self_defined_ethnicity disability person_injury officer_injury officer_assaulted
        other_outcome""",
    "supervision_review": "review_reference record_reference supervisor officer feedback referred_to",
    "panel_case": "panel_case_reference record_reference officer feedback referred_to",
    "asb_incident": "incident_reference repeat_victim vulnerable_victim crime_reference plan_reference",
    "civil_order": "order_reference against subject_reference age_range breaches plan_reference",
    "problem_solving_plan": "plan_reference subject_reference owner",
    "knife_event": "event_reference person_reference part age_range gender ethnicity",
    "diversion": """diversion_reference person_reference suitable answer manager course hardship_funding safeguarding
        plan_reference ending age_range gender ethnicity""",
    "detention_136": "detention_reference incident_reference result age_range gender ethnicity",
    "community_member": """member_reference joined_on moved_on agreed small_area coordinator age_range gender
        ethnicity""",
    "volunteer": "volunteer_reference joined_on stage stage_reached_on award age_range gender ethnicity",
    "victim_feedback": """response_reference crime_reference vulnerable_victim age_range gender ethnicity contact
        action informed treatment overall comment""",
}

REQUIRED = {
    "call": "offered_at line",
    "callback": "offered_at",
    "incident": "called_at",
    "recorded_crime": "recorded_at",
    "investigation": "opened_on",
    "use_of_force": "used_at",
    "supervision_review": "kind due_on",
    "panel_case": "panel meeting_on",
    "asb_incident": "reported_on",
    "civil_order": "order_type decided_on",
    "problem_solving_plan": "opened_on",
    "knife_event": "event_on kind",
    "diversion": "discussed_on",
    "detention_136": "detained_at",
    "community_member": "as_at",
    "volunteer": "scheme as_at",
    "victim_feedback": "answered_on",
}

#: What cannot be a value of the type, however it is read.
BROKEN = {
    "boolean": ["perhaps", "1"],
    "timestamp": ["2024-02-30T10:00:00", "05/03/2024"],
    "date": ["31/02/2024", "2024-13-01", "5 March"],
    "month": ["2024-13", "March 2024"],
    "number": ["many", "nan"],
    "whole": ["2.5", "many"],
}

AREAS = {
    "responding", "prevention", "powers", "investigating", "protecting", "offenders", "workforce", "leadership",
    "victims",
}  # fmt: skip

each_standard = pytest.mark.parametrize("standard_id", ROWS)


def cells_of(standard_id):
    """The invented row, by column name."""
    pairs = (pair.split("=", 1) for pair in ROWS[standard_id].split(";"))
    return {" ".join(name.split()): " ".join(cell.split()) for name, cell in pairs}


def coded(standard_id, cells):
    """Accepted values by column, rejected rows and label counts of one row under a header of those columns alone."""
    standard = load_standard(standard_id)
    names = list(cells)
    order = [(c.name, names.index(c.name) if c.name in cells else None) for c in standard.columns]
    coder = Coder(standard, order)
    values, _, rejected = coder.code([list(cells.values())], [2])
    return values, rejected, coder.labels


def columns_of(*types):
    """Each (standard, column) of these types."""
    return [(i, c.name) for i in ROWS for c in load_standard(i).columns if c.type in types]


@each_standard
def test_a_standard_says_its_area_and_what_one_record_is(standard_id):
    standard = load_standard(standard_id)
    assert standard.area in AREAS
    assert standard.about.startswith("One ")
    assert standard.about.endswith(".")
    assert all(c.title[0].isupper() and c.title == " ".join(c.title.split()) for c in standard.columns)
    assert all(c.about == "" or c.about.endswith(".") for c in standard.columns)


@each_standard
def test_every_column_about_or_identifying_a_person_is_personal(standard_id):
    found = {c.name for c in load_standard(standard_id).columns if c.personal}
    assert found == set(PERSONAL[standard_id].split())


@each_standard
def test_references_and_free_text_are_personal(standard_id):
    standard = load_standard(standard_id)
    open_text = {"team", "district", "offence_code"}
    texts = {c.name for c in standard.columns if c.type == "text" and not c.personal}
    assert texts <= open_text
    assert all(standard.column(name).personal for name in standard.key if name.endswith("reference"))


@each_standard
def test_only_what_a_tally_has_too_is_required(standard_id):
    standard = load_standard(standard_id)
    assert {c.name for c in standard.columns if c.required} == set(REQUIRED[standard_id].split())
    assert not any(c.required and c.personal for c in standard.columns)


@each_standard
def test_a_row_in_its_own_layout_is_taken_whole(standard_id):
    standard = load_standard(standard_id)
    cells = cells_of(standard_id)
    assert list(cells) == [c.name for c in standard.columns]
    values, rejected, labels = coded(standard_id, cells)
    assert rejected == []
    assert [name for name, value in values.items() if value == [None]] == []
    assert not +labels.unrecognised
    assert not +labels.superseded


@each_standard
def test_a_tally_of_which_only_the_required_columns_are_filled_is_taken(standard_id):
    required = {name: cells_of(standard_id)[name] for name in REQUIRED[standard_id].split()}
    blank = dict.fromkeys((c.name for c in load_standard(standard_id).columns), "")
    for cells in (required, blank | required):
        values, rejected, _ = coded(standard_id, cells)
        assert rejected == []
        assert {name for name, value in values.items() if value != [None]} == set(required)


@pytest.mark.parametrize(("standard_id", "name"), columns_of(*BROKEN))
def test_a_broken_value_is_rejected_and_the_column_named(standard_id, name):
    column = load_standard(standard_id).column(name)
    broken = list(BROKEN[column.type])
    broken += [str(column.least - 1)] if column.least is not None else []
    broken += [str(column.most + 1)] if column.most is not None else []
    for cell in broken:
        values, rejected, _ = coded(standard_id, cells_of(standard_id) | {name: cell})
        assert [(r.row, r.column) for r in rejected] == [(2, column.title)], cell
        assert not any(values.values())
        if column.personal:
            assert rejected[0].got == f"text of {counted(len(cell), 'character')}"


@pytest.mark.parametrize(("standard_id", "name"), columns_of("code"))
def test_a_label_of_no_list_is_kept_as_unrecognised(standard_id, name):
    values, rejected, labels = coded(standard_id, cells_of(standard_id) | {name: "No such label"})
    assert rejected == []
    assert values[name] == [UNRECOGNISED]
    assert +labels.unrecognised == {name: 1}


@pytest.mark.parametrize(
    ("standard_id", "name"), [(i, name) for i, names in REQUIRED.items() for name in names.split()]
)
def test_a_blank_where_a_value_is_required_is_rejected(standard_id, name):
    _, rejected, _ = coded(standard_id, cells_of(standard_id) | {name: " "})
    assert [r.column for r in rejected] == [load_standard(standard_id).column(name).title]


@each_standard
def test_each_title_of_a_code_is_also_a_label(standard_id):
    for column in load_standard(standard_id).columns:
        if column.codes and column.codes.id not in ("ethnicity", "age_range"):
            assert [c.title for c in column.codes.codes if c.title not in c.labels] == [], column.name


@each_standard
def test_the_checks_that_every_return_needs_are_asked_for(standard_id):
    standard = load_standard(standard_id)
    asked = [name for name, _ in standard.checks]
    assert {"repeated_header", "outside_month", "unrecognised_label", "same_key_twice"} <= set(asked)
    assert standard.key
    assert ("midnight" in asked) == (standard.column(standard.date).type == "timestamp")
    for name, settings in standard.checks:
        if name == "dates_in_order":
            columns = dict(settings)["columns"]
            assert len(columns) > 1
            assert len({standard.column(c).type for c in columns}) == 1, (
                "times of a day and of a minute mixed"
            )


@each_standard
def test_the_dates_of_the_invented_row_are_in_order(standard_id):
    values, _, _ = coded(standard_id, cells_of(standard_id))
    for name, settings in load_standard(standard_id).checks:
        if name == "dates_in_order":
            dates = [values[c][0] for c in dict(settings)["columns"]]
            assert dates == sorted(dates)


def test_no_two_standards_have_the_same_header():
    headers = {i: {plain(c.title) for c in load_standard(i).columns} for i in standard_ids()}
    assert [pair for pair in combinations(headers, 2) if headers[pair[0]] == headers[pair[1]]] == []


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Hung up after a recorded message on another contact route", "diverted"),
        ("Diverted", "diverted"),
        ("Gave up", "abandoned"),
        ("Abandoned", "abandoned"),
        ("Left the queue for a callback", "callback"),
        ("Hung up", "hung_up"),
    ],
)
def test_a_caller_who_hung_up_after_the_web_form_message_is_not_an_abandoned_call(printed, code):
    values, _, _ = coded("call", cells_of("call") | {"ended": printed})
    assert values["ended"] == [code]


def test_a_check_that_was_not_made_differs_from_one_that_found_nobody():
    not_made, _, _ = coded("incident", cells_of("incident") | {"repeat_checked": "False", "repeat_found": ""})
    found_nobody, _, _ = coded("incident", cells_of("incident") | {"repeat_found": "False"})
    assert (not_made["repeat_checked"], not_made["repeat_found"]) == ([False], [None])
    assert (found_nobody["repeat_checked"], found_nobody["repeat_found"]) == ([True], [False])


def test_a_volunteer_cannot_give_more_hours_than_the_longest_month_has():
    assert coded("volunteer", cells_of("volunteer") | {"hours": "744"})[1] == []
    assert coded("volunteer", cells_of("volunteer") | {"hours": "744.5"})[1] != []


def test_a_plan_may_lose_money_and_cannot_cost_less_than_nothing():
    plan = cells_of("problem_solving_plan")
    assert coded("problem_solving_plan", plan | {"saving_year_2": "-500"})[0]["saving_year_2"] == [-500]
    assert coded("problem_solving_plan", plan | {"cost_year_2": "-500"})[1] != []


def test_the_outcome_types_are_those_of_the_home_office_from_0_to_22():
    outcomes = load_standard("recorded_crime").column("outcome_type").codes
    assert [c.code for c in outcomes.codes] == [str(number) for number in range(23)]


def test_the_six_volunteering_schemes_are_told_apart():
    assert len(load_standard("volunteer").column("scheme").codes.codes) == 6


@pytest.mark.skipif(not HOME_OFFICE.is_dir(), reason="the Home Office files are not in ../shared/data")
def test_outcome_types_and_offence_groups_are_named_as_the_home_office_prints_them():
    crime = load_standard("recorded_crime")
    lists = {name: crime.column(name).codes for name in ("offence_group", "offence_subgroup", "outcome_type")}
    read = {name: {plain(k): v for k, v in codes.by_label().items()} for name, codes in lists.items()}
    with gzip.open(HOME_OFFICE / "outcomes_year_ending_2018-03.csv.gz", "rt", encoding="utf-8-sig") as text:
        rows = csv.DictReader(text)
        printed = {
            (r["outcome_type"], r["outcome_description"], r["offence_group"], r["offence_subgroup"])
            for r in rows
        }
    printed = {row for row in printed if "NA" not in row}
    assert len(printed) > 100
    for number, outcome, group, subgroup in printed:
        assert read["outcome_type"][plain(outcome)] == number
        assert plain(group) in read["offence_group"]
        assert plain(subgroup) in read["offence_subgroup"]
