"""Standards on protecting people, offenders, the workforce and leadership: what is personal, taken, rejected.

The rows are invented. Each is written as a force would hand it in: one cell for each title, in their order.
"""

from datetime import date, datetime
from itertools import pairwise

import pytest

from openpeel.intake.coding import Coder
from openpeel.standards import UNRECOGNISED, load_standard, plain, standard_ids

PERSONAL = {
    "protection_order": {"order_reference", "crime_reference", "subject_reference"},
    "marac_referral": {"referral_reference", "victim_reference", "dash_score", "repeat"},
    "suspect": {
        "suspect_reference",
        "crime_reference",
        "harm_score",
        "risk",
        "domestic_abuse",
        "sexual_offending",
        "child_at_risk",
        "violence",
        "weapons",
        "officer",
        "action",
    },
    "bail": {"bail_reference", "person_reference", "crime_reference", "officer", "manager", "lesson"},
    "voluntary_attendance": {
        "attendance_reference",
        "crime_reference",
        "officer",
        "gender",
        "age_range",
        "ethnicity",
    },
    "sex_offender_visit": {"visit_reference", "offender_reference", "risk", "officer"},
    "sex_offender_review": {"review_reference", "offender_reference", "risk", "reviewer"},
    "child_referral": {"referral_reference", "crime_reference", "risk"},
    "wellbeing_screening": {"result", "contacted"},
    "trauma_referral": {"passed_on"},
    "retention_referral": {"referral_reference", "years_of_service", "service_band", "gender", "ethnicity"},
    "exit_interview": {"leaver_reference", "years_of_service", "service_band", "gender", "ethnicity"},
    "progression": {"application_reference", "characteristic", "gender", "ethnicity", "disability"},
    "training": {"learner_reference"},
    "policy_acknowledgement": {"reader_reference"},
    "collaboration": set(),
    "finance": set(),
    "change": set(),
    "survey_response": {"respondent", "answer", "worker_type", "line_manager"},
    "workforce": {"service_band", "gender", "ethnicity", "disability"},
}

AREAS = {
    "protecting": {"protection_order", "marac_referral"},
    "offenders": {
        "suspect",
        "bail",
        "voluntary_attendance",
        "sex_offender_visit",
        "sex_offender_review",
        "child_referral",
    },
    "workforce": {
        "wellbeing_screening",
        "trauma_referral",
        "retention_referral",
        "exit_interview",
        "progression",
        "training",
        "survey_response",
        "workforce",
    },
    "leadership": {"policy_acknowledgement", "collaboration", "finance", "change"},
}

ROWS = {
    "protection_order": "PO/7|CR/19|S/3|DVPO|Check|2024-03-11|2024-03-12 18:00|2024-03-11 21:40|True|||2024-04-02"
    "|Breach found|",
    "marac_referral": "M/41|V/8|2024-02-01|Housing|Visible high risk|15|True|2024-02-20|2024-02-15|True|True|2|3|1|1|1"
    "|Police|True|True|False|True|False|True|True|False|True|False",
    "suspect": "W/12|CR/20|Named suspect|2024-01-09|False|True|Violence against the person|19.5"
    "|Cambridge Crime Harm Index|High|True|False|True|False|False|Proactive team|2291|Called at the address"
    "|2024-01-20|2024-01-27|True|2024-01-15|Inspector|2024-01-29|Arrested",
    "bail": "B/5|P/5|CR/21|Bail|Detention after arrest|2024-01-02|2024-01-02|2024-04-02|Custody officer|True|True"
    "|Theft offences|False|1142|1190|True|2024-03-19|2024-04-03|Bail lapsed|True|2024-04-08|True|Date was not kept",
    "voluntary_attendance": "VA/6|CR/22|Sexual offences|False|2024-02-11|01/03/2024|True|False|Not suitable|Sergeant"
    "|False|Seizure of a device or exhibit|1142|Male|18-24|Asian/Asian British - Indian",
    "sex_offender_visit": "RV/31|RO/9|Visit|Very high|Active management|2024-03-01|2024-03-04|True|False|2024-03-04"
    "|Offender seen|False|3310",
    "sex_offender_review": "RR/2|RO/9|Medium|2024-03-01|2024-03-01|True|True|3301|Sergeant|4|100"
    "|Copy of an earlier review|False|2023-11-20|0",
    "child_referral": "CO/77|CR/23|NCA|2024-03-01T09:12:00|High|2024-03-04T09:00:00|2024-03-01T10:00:00"
    "|2024-03-02T12:30:00|True|True|True|2024-03-03T09:00:00|2024-03-02T13:00:00|True|True|2024-03-05T16:20:00",
    "wellbeing_screening": "2024-03|Child online safeguarding|Police staff|Regular screening in the role|2024-04"
    "|Signs of trauma|True",
    "trauma_referral": "2024-03|Other death|Response|Special constable|Line manager|True|2|True|True|4.5|True|False",
    "retention_referral": "RT/3|2023-07-03|Staff association or network|Police officer|Constable|3.5|3 to 4 years"
    "|Workload|True|Stayed|2023-09-01|Female|Black/African/Caribbean/Black British - African",
    "exit_interview": "L/14|2024-02-29|Police officer|Constable|2|2 to 3 years|Voluntary resignation|Held"
    "|Shifts, or work and family life|Pay or pension|False|True|Female|White - Irish",
    "progression": "A/61|2024-01-15|Promotion|Police officer|Sergeant|True|Sex|True|The person|Assessed or interviewed"
    "|Unsuccessful|2024-03-22|Female|White - Irish|False",
    "training": "2024-04-22|4107|First-line leaders|Police officer|Sergeant|Acting|2023-12-01|False||2024-05-13",
    "policy_acknowledgement": "Victim needs assessment|C/4|2291|Police officer|Constable|2024-01-08|2024-01-31"
    "|2024-01-30|True|True|False|Followed in part|2024-03-15",
    "collaboration": "2023-03-31|S22A/1|Joint protective services|Specialist operations|Other police forces|3"
    "|2012-04-01|2027-03-31|2023-04-01|2022-10-11|4100000|650000.5",
    "finance": "2023-03|Precept|Actual|102600000",
    "change": "C/9|Safeguarding command reorganised|Structure|Protecting vulnerable people|2023-11-02|2024-01-08|False"
    "|Referrals to children's social care|Managing offenders and suspects|social_care_in_time|No effect|2024-04-08"
    "|2024-04-05|Worse",
    "survey_response": "PEEL 2024|2024-03-11|70631|reported: formally|True|discriminated|No|Police officer|False",
    "workforce": "2024-03|Police officer|Sergeant|Substantive|Prevention hub||True|False|0.8|10 to 15 years|Female"
    "|White - Irish|False",
}

IDS = sorted(PERSONAL)

#: What cannot be a value, by type. A label of no list is no such thing: it is kept as not recognised.
BROKEN = {
    "boolean": ["maybe", "2"],
    "timestamp": ["2024-03-01", "2024-02-30 10:00", "2024-03-01 24:00", "yesterday"],
    "date": ["2024-02-30", "03/31/2024", "0202-03-01", "2024-03-01 10:00"],
    "month": ["2024-13", "March 2024", "2024-03-01"],
    "number": ["about 3", "nan", "1_000", "£4"],
    "whole": ["2.5", "two"],
}


def cells(standard_id):
    return ROWS[standard_id].split("|")


def coded(standard_id, row):
    """One row under the header of the standard's titles: its values, what was rejected, and the coder."""
    standard = load_standard(standard_id)
    coder = Coder(standard, [(c.name, i) for i, c in enumerate(standard.columns)])
    values, _, rejected = coder.code([row], [2])
    return {name: v[0] for name, v in values.items() if v}, rejected, coder


def with_cell(standard_id, name, cell):
    names = [c.name for c in load_standard(standard_id).columns]
    return [cell if n == name else c for n, c in zip(names, cells(standard_id), strict=True)]


def columns(*types):
    return [
        pytest.param(i, c.name, id=f"{i}-{c.name}")
        for i in IDS
        for c in load_standard(i).columns
        if c.type in types
    ]


@pytest.mark.parametrize("standard_id", IDS)
def test_each_standard_says_its_area_what_a_record_is_and_a_title_for_every_column(standard_id):
    standard = load_standard(standard_id)
    assert standard_id in AREAS[standard.area]
    assert standard.title
    assert 60 < len(standard.about) < 400
    assert standard.about.endswith(".")
    assert all(c.title[0].isupper() and not c.title.endswith(".") for c in standard.columns)
    assert all(c.about.endswith(".") for c in standard.columns if c.about)


def test_every_standard_is_in_one_area():
    assert sorted(i for ids in AREAS.values() for i in ids) == IDS == sorted(ROWS)


@pytest.mark.parametrize("standard_id", IDS)
def test_a_header_belongs_to_one_standard(standard_id):
    titles = {plain(c.title) for c in load_standard(standard_id).columns}
    same = [i for i in standard_ids() if {plain(c.title) for c in load_standard(i).columns} == titles]
    assert same == [standard_id]


@pytest.mark.parametrize("standard_id", IDS)
def test_whatever_is_about_a_person_or_leads_to_one_is_marked_personal(standard_id):
    assert {c.name for c in load_standard(standard_id).columns if c.personal} == PERSONAL[standard_id]


@pytest.mark.parametrize("standard_id", ["wellbeing_screening", "trauma_referral", "workforce"])
def test_well_being_and_strength_are_handed_in_without_anything_that_says_who_or_which_day(standard_id):
    standard = load_standard(standard_id)
    assert not standard.key
    assert not {c.name for c in standard.columns if c.type in ("text", "date", "timestamp")}


def test_the_words_of_a_review_of_a_sex_offender_cannot_be_handed_in():
    texts = {c.name for c in load_standard("sex_offender_review").columns if c.type == "text"}
    assert texts == {"review_reference", "offender_reference", "reviewer"}


@pytest.mark.parametrize("standard_id", IDS)
def test_a_well_formed_row_is_taken_and_every_label_is_known(standard_id):
    standard = load_standard(standard_id)
    row = cells(standard_id)
    assert len(row) == len(standard.columns)
    values, rejected, coder = coded(standard_id, row)
    assert not rejected
    assert not coder.labels.unrecognised
    assert not coder.labels.superseded
    assert [n for n, v in values.items() if v is None] == [
        c.name for c, cell in zip(standard.columns, row, strict=True) if not cell
    ]


@pytest.mark.parametrize(
    ("standard_id", "name", "value"),
    [
        ("protection_order", "type", "dvpo"),
        ("protection_order", "happened_on", date(2024, 3, 11)),
        ("marac_referral", "route", "visible_high_risk"),
        ("bail", "authority", "custody_officer"),
        ("voluntary_attendance", "interview_on", date(2024, 3, 1)),
        ("voluntary_attendance", "ethnicity", "A1"),
        ("child_referral", "checks_done_at", datetime(2024, 3, 2, 12, 30)),
        ("wellbeing_screening", "due_in", date(2024, 3, 1)),
        ("training", "rank_status", "acting"),
        ("finance", "amount", 102_600_000.0),
        ("survey_response", "answer", "No"),
    ],
)
def test_a_cell_is_read_as_what_it_says(standard_id, name, value):
    assert coded(standard_id, cells(standard_id))[0][name] == value


@pytest.mark.parametrize(("standard_id", "name"), columns(*BROKEN))
def test_a_broken_value_is_rejected_with_its_column_and_never_repeated(standard_id, name):
    column = load_standard(standard_id).column(name)
    for cell in BROKEN[column.type]:
        values, (rejected,), _ = coded(standard_id, with_cell(standard_id, name, cell))
        assert not values
        assert (rejected.row, rejected.column) == (2, column.title)
        if column.personal:
            assert rejected.got == f"text of {len(cell)} character{'s' * (len(cell) > 1)}"


@pytest.mark.parametrize(("standard_id", "name"), columns("number", "whole"))
def test_a_number_beyond_what_can_be_is_rejected_and_the_last_that_can_be_is_taken(standard_id, name):
    column = load_standard(standard_id).column(name)
    for bound, beyond in ((column.least, -1), (column.most, 1)):
        if bound is None:
            continue
        assert not coded(standard_id, with_cell(standard_id, name, str(bound)))[1]
        _, (rejected,), _ = coded(standard_id, with_cell(standard_id, name, str(bound + beyond)))
        assert rejected.column == column.title


def test_only_money_and_what_it_saves_may_be_negative():
    unbounded = {
        (i, c.name)
        for i in IDS
        for c in load_standard(i).columns
        if c.type in ("number", "whole") and c.least is None
    }
    assert unbounded == {("finance", "amount"), ("collaboration", "saving")}


@pytest.mark.parametrize(("standard_id", "name"), columns("code"))
def test_a_label_of_no_list_is_kept_as_not_recognised_and_each_title_is_a_label(standard_id, name):
    values, rejected, coder = coded(standard_id, with_cell(standard_id, name, "Zebra"))
    assert not rejected
    assert values[name] == UNRECOGNISED
    assert coder.labels.unrecognised == {name: 1}
    codes = load_standard(standard_id).column(name).codes
    if codes.id not in ("ethnicity", "age_range"):  # printed by others, who have labels of their own
        assert all(codes.by_label()[c.title] == c.code for c in codes.codes)


@pytest.mark.parametrize("standard_id", IDS)
def test_a_tally_that_says_only_what_it_must_is_taken(standard_id):
    standard = load_standard(standard_id)
    row = [cell if c.required else "" for c, cell in zip(standard.columns, cells(standard_id), strict=True)]
    values, rejected, _ = coded(standard_id, row)
    assert not rejected
    assert {n for n, v in values.items() if v is not None} == {c.name for c in standard.columns if c.required}


REQUIRED = {
    "protection_order": {"step", "happened_on"},
    "bail": {"status", "began_on"},
    "training": {"as_at", "course"},
    "policy_acknowledgement": {"policy", "told_on"},
    "finance": {"year", "kind", "basis", "amount"},
    "survey_response": {"closed_on", "question"},
    "workforce": {"as_at", "worker_type"},
}


@pytest.mark.parametrize("standard_id", IDS)
def test_no_more_is_required_than_a_record_means_nothing_without(standard_id):
    standard = load_standard(standard_id)
    required = {c.name for c in standard.columns if c.required}
    assert required == REQUIRED.get(standard_id, {standard.date})
    for name in required:
        _, (rejected,), _ = coded(standard_id, with_cell(standard_id, name, " "))
        assert (rejected.column, rejected.got) == (standard.column(name).title, "a blank")


@pytest.mark.parametrize("standard_id", IDS)
def test_the_checks_that_every_standard_asks_for_are_asked_for(standard_id):
    standard = load_standard(standard_id)
    names = [name for name, _ in standard.checks]
    assert {"repeated_header", "outside_month", "exact_duplicate", "unrecognised_label"} <= set(names)
    assert ("same_key_twice" in names) is bool(standard.key)
    assert ("midnight" in names) is (standard.column(standard.date).type == "timestamp")


ORDERED = [(i, dict(s)["columns"]) for i in IDS for n, s in load_standard(i).checks if n == "dates_in_order"]


@pytest.mark.parametrize(("standard_id", "names"), ORDERED)
def test_times_that_are_put_in_order_are_of_one_type_and_so_are_those_of_the_row_above(standard_id, names):
    standard = load_standard(standard_id)
    assert {standard.column(n).type for n in names} in ({"date"}, {"timestamp"})
    values = coded(standard_id, cells(standard_id))[0]
    filled = [values[n] for n in names if values[n] is not None]
    assert all(a <= b for a, b in pairwise(filled))


def test_crimes_disclosed_at_a_marac_are_recorded_before_it_late_or_not_at_all():
    ((total, parts),) = [
        (dict(s)["total"], dict(s)["parts"])
        for n, s in load_standard("marac_referral").checks
        if n == "adds_up"
    ]
    values = coded("marac_referral", cells("marac_referral"))[0]
    assert values[total] == sum(values[p] for p in parts) == 3


def counted(standard_id, rows, **wanted):
    """How many records the rows stand for that have these values; each row is its number and its cells."""
    total = 0
    for number, given in rows:
        row = [given.get(c.name, "") for c in load_standard(standard_id).columns]
        values, rejected, _ = coded(standard_id, row)
        assert not rejected
        total += number * all(values[name] == value for name, value in wanted.items())
    return total


def test_orders_granted_and_breaches_recorded_in_a_year_are_told_apart():
    rows = [
        (112, {"step": "Granted", "type": "DVPO", "happened_on": "2023-09-01"}),
        (9, {"step": "Breach", "type": "DVPO", "happened_on": "2023-09-01"}),
        (4, {"step": "Granted", "type": "DAPO", "happened_on": "2023-09-01"}),
    ]
    granted = counted("protection_order", rows, step="granted", type="dvpo")
    breached = counted("protection_order", rows, step="breach", type="dvpo")
    assert (granted, breached, round(100 * breached / granted)) == (112, 9, 8)


def test_sergeants_trained_are_counted_where_nobody_knows_whether_they_were_acting():
    told = {"as_at": "2024-04-22", "course": "First-line leaders", "rank": "Sergeant"}
    rows = [(95, {**told, "trained": "True"}), (318, {**told, "trained": "False"})]
    assert counted("training", rows, trained=True) == 95
    assert counted("training", rows, rank="sergeant") == 413
    assert counted("training", rows, trained=True, rank_status=None) == 95


def test_reserves_of_one_year_and_those_projected_for_the_next_are_not_mixed_up():
    rows = [
        (1, {"year": "2023-03", "kind": "Total reserves", "basis": "Actual", "amount": "24300000"}),
        (1, {"year": "2024-03", "kind": "Total reserves", "basis": "Projected", "amount": "19700000"}),
    ]
    assert counted("finance", rows, kind="reserves", basis="actual", amount=24_300_000) == 1
    assert counted("finance", rows, kind="reserves", year=date(2024, 3, 1), amount=19_700_000) == 1


def test_an_answer_of_several_is_a_question_of_its_own_so_each_has_its_respondents():
    told = {"closed_on": "2024-03-11", "asked": "True"}
    rows = [
        (8, {**told, "question": "reported: formally", "answer": "Yes"}),
        (77, {**told, "question": "reported: formally", "answer": "No"}),
        (19, {**told, "question": "reported: informally", "answer": "Yes"}),
        (66, {**told, "question": "reported: informally", "answer": "No"}),
    ]
    assert counted("survey_response", rows, question="reported: formally", answer="Yes") == 8
    assert counted("survey_response", rows, question="reported: formally") == 85
    assert counted("survey_response", rows, question="reported: informally") == 85
