"""What is said of prevention: incidents, orders, plans, knives, diversion, members and volunteers."""

from datetime import date

import pytest

from measure_sample import YEAR, figures_of, release_of
from openpeel.figures import Settings
from openpeel.figures.rounding import number
from openpeel.measures import MEASURES, prevention
from openpeel.reference.periods import Period
from openpeel.standards import load_standard

DATES = {
    "asb_incident": "reported_on",
    "civil_order": "decided_on",
    "problem_solving_plan": "opened_on",
    "knife_event": "event_on",
    "diversion": "discussed_on",
    "community_member": "as_at",
    "volunteer": "as_at",
}
STOCKS = ("community_member", "volunteer")


@pytest.fixture(autouse=True)
def _measures(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *prevention.MEASURES))


def found(folder, standard, rows, *measures, period=YEAR, settings=None):
    """Figures from rows, each dated in the last month of the period unless it says when."""
    at = f"{period.end:%Y-%m}" + ("" if standard in STOCKS else "-01")
    dated = [{DATES[standard]: at, **row} for row in rows]
    months = f"{period.start:%Y-%m}..{period.end:%Y-%m}"
    release = release_of(folder, {(standard, "hertfordshire"): dated}, months=months)
    return figures_of(release, *measures, period=period, settings=settings)


def values(figures):
    return {key: f.value for key, f in figures.items()}


def of(n, **fields):
    return {"tally": n, **fields}


def test_the_published_rate_of_antisocial_behaviour_comes_out(tmp_path):
    """The published figure 'asb_rate': 24,935 incidents among 1,204,588 people."""
    period = Period.year_ending(date(2023, 3, 31))
    figures = found(tmp_path, "asb_incident", [of(24_935)], "asb_incidents_per_1000", period=period)
    figure = figures["asb_incidents_per_1000"]
    assert number(figure.value, figure.unit) == "20.7"


@pytest.mark.parametrize(
    ("seed", "measure", "printed"),
    [("stops_cost", "plan_costs", "£2,800"), ("stops_saving", "plan_savings", "£350k")],
)
def test_the_published_cost_and_saving_of_rubber_stops_come_out(tmp_path, seed, measure, printed):
    stops = {"problem": "Force's own", "saving_basis": "Estimated", "cost_year_1": 2800}
    stops |= {f"saving_year_{year}": 70_000 for year in range(1, 6)}
    figure = found(tmp_path, "problem_solving_plan", [stops], measure)[measure]
    assert number(figure.value, figure.unit) == printed, seed


@pytest.mark.parametrize(
    ("seed", "scheme", "people"),
    [
        ("special_constables", "special_constable", 157),
        ("service_volunteers", "service_volunteer", 87),
        ("drive_safe_volunteers", "drive_safe", 120),
        ("cadets", "cadet", 260),
        ("mini_police", "mini_police", 3244),
        ("emergency_volunteers", "emergency_service", 12),
    ],
)
def test_the_published_numbers_of_volunteers_are_those_of_the_last_month(tmp_path, seed, scheme, people):
    title = load_standard("volunteer").column("scheme").codes.title_of(scheme)
    rows = [of(people, scheme=title), of(5000, scheme=title, as_at="2024-02")]
    figure = found(tmp_path, "volunteer", rows, "volunteers")["volunteers", scheme]
    assert (figure.value, figure.unit) == (people, "volunteers"), seed


def test_the_published_number_of_members_moved_is_those_who_came_from_the_older_platform(tmp_path):
    """The published figure 'herts_connected_users'."""
    rows = [
        of(43_000, platform="Herts Connected", source_platform="OWL", asked=True, agreed=True),
        of(500, platform="Herts Connected"),
        of(43_000, platform="OWL", asked=True, agreed=False),
        of(9, platform="OWL", as_at="2024-02", source_platform="Email list"),
    ]
    wanted = ["messaging_members_moved", "messaging_members_agreed", "messaging_members"]
    figures = found(tmp_path, "community_member", rows, *wanted)
    assert figures["messaging_members_moved"].value == 43_000
    assert figures["messaging_members_agreed"].value == 50
    assert figures["messaging_members", "herts_connected"].value == 43_500
    assert figures["messaging_members", "owl"].value == 43_000


def test_members_are_told_for_every_1000_people_and_by_ethnicity_at_the_end(tmp_path):
    rows = [
        of(903_441, ethnicity="W1"),
        of(301_147, ethnicity="A4"),
        of(301_147, ethnicity="A4", as_at="2023-04"),
    ]
    wanted = ("messaging_members_per_1000", "messaging_members_ethnicity")
    figures = found(tmp_path, "community_member", rows, *wanted)
    assert figures["messaging_members_per_1000"].value == 1000
    assert figures["messaging_members_ethnicity", "asian"].value == 25
    assert figures["messaging_members_ethnicity", "white"].value == 75


def test_hours_and_awards_are_of_all_months_and_a_stage_is_of_the_last(tmp_path):
    special = {"scheme": "Special constable"}
    rows = [
        of(10, **special, hours=20, stage="Independent", duty="Roads policing", trained=True, ethnicity="B1"),
        of(30, **special, hours=0, stage="Accompanied", duty="Rural crime", trained=False, ethnicity="W1"),
        of(
            10,
            **special,
            hours=15.5,
            stage="Specialist",
            as_at="2023-05",
            award="Special constable of the year",
        ),
        of(40, scheme="Police cadet", award="None", trained=True, ethnicity="B1"),
        of(2, scheme="Police cadet", award="Volunteer of the month", as_at="2023-06"),
    ]
    wanted = [
        "volunteer_hours",
        "volunteer_hours_a_month",
        "volunteers_trained",
        "special_constable_stages",
        "special_constable_duties",
        "volunteer_awards",
        "volunteers_ethnicity",
    ]
    figures = found(tmp_path, "volunteer", rows, *wanted)
    # 10 × 20 + 30 × 0 + 10 × 15.5 hours, of 50 volunteers and months.
    assert figures["volunteer_hours"].value == 355
    assert figures["volunteer_hours_a_month", "special_constable"].value == 7.1
    assert figures["volunteers_trained"].value == 62.5
    assert figures["special_constable_stages", "independent"].value == 25
    assert figures["special_constable_stages", "specialist"].value == 0
    assert figures["special_constable_duties", "rural"].value == 75
    assert figures["volunteer_awards"].value == 12
    assert figures["volunteers_ethnicity", "black"].value == 62.5


def test_a_scheme_of_few_volunteers_is_withheld(tmp_path):
    rows = [of(3, scheme="Drive safe volunteer"), of(50, scheme="Police cadet"), of(60, scheme="Mini police")]
    figures = found(tmp_path, "volunteer", rows, "volunteers", settings=Settings())
    assert [figures["volunteers", s].value for s in ("drive_safe", "cadet", "mini_police")] == [
        None,
        None,
        60,
    ]


def test_antisocial_behaviour_by_category_risk_repeats_and_crime(tmp_path):
    rows = [
        of(12, category="Personal", risk_assessed=True, repeat_victim=True, crime_recorded=True),
        of(8, category="Personal", risk_assessed=False, repeat_victim=False, crime_recorded=False),
        of(20, category="Nuisance", risk_assessed=True, crime_recorded=True, case_review_asked=True),
        of(40, category="Environmental", case_review_asked=False),
        of(20),
    ]
    wanted = [
        "asb_risk_assessed",
        "asb_repeat_victims",
        "asb_personal_crime_recorded",
        "asb_case_reviews_asked",
    ]
    figures = found(tmp_path, "asb_incident", rows, *wanted, "asb_categories")
    assert [figures[w].value for w in wanted] == [80, 60, 60, 20]
    assert figures["asb_categories", "environmental"].value == 40
    assert figures["asb_categories", "blank"].value == 20


def test_an_interim_order_a_refusal_and_a_notice_are_told_apart(tmp_path):
    applied = {"applied_on": "2024-02-01"}
    rows = [
        of(9, order_type="CBO", decision="Granted", **applied, breaches=2, breaches_dealt_with=1),
        of(3, order_type="CBO", decision="Refused", **applied),
        of(7, order_type="CBO", decision="Interim", **applied, breaches=1),
        of(5, order_type="Closure order", decision="Withdrawn", **applied),
        of(27, order_type="CPN", decision="Issued", breaches=0, breaches_dealt_with=0),
        of(6, order_type="CPN", decision="Issued"),
    ]
    wanted = ["civil_orders_granted", "civil_orders_breached", "civil_order_breaches_dealt_with"]
    figures = found(tmp_path, "civil_order", rows, *wanted, "civil_orders")
    # 9 of 12 decided; 9 of 36 obtained and known; 9 of 18 breaches.
    assert [figures[w].value for w in wanted] == [75, 25, 50]
    assert figures["civil_orders", "criminal_behaviour_order"].value == 9
    assert figures["civil_orders", "protection_notice"].value == 33
    assert figures["civil_orders", "closure_order"].value == 0


def test_plans_by_step_review_panel_and_result(tmp_path):
    closed = {"closed_on": "2024-03-20"}
    rows = [
        of(5, problem="ASB", partners=True, review_due_on="2024-03-10", reviewed_on="2024-03-09", **closed)
        | {"analysis_sufficient": True, "assessment_sufficient": True, "assessed_on": "2024-03-15"}
        | {"result": "Solved", "panel_on": "2024-03-25", "panel_result": "Worked", "in_library": True}
        | {"incidents_before": 20, "incidents_after": 5},
        of(5, problem="ASB", partners=False, review_due_on="2024-03-10", reviewed_on="2024-03-09", **closed)
        | {"analysis_sufficient": True, "assessment_sufficient": False, "result": "Displaced"}
        | {"panel_on": "2024-03-25", "panel_result": "Worked", "in_library": False, "incidents_before": 90},
        of(10, problem="Rural crime", review_due_on="2024-03-10", **closed)
        | {"analysis_sufficient": False, "result": "Reduced", "incidents_before": 10, "incidents_after": 10},
        of(30, problem="Rural crime", result="Not assessed"),
    ]
    wanted = [
        "plans_with_partners",
        "plans_reviewed",
        "plan_analysis_sufficient",
        "plan_assessment_sufficient",
        "plans_closed_assessed",
        "plans_evaluated",
        "plans_problem_reduced",
        "plans_worked_in_library",
        "plan_incidents_after",
    ]
    both = ("problem_solving_plans", "plan_panel_findings")
    figures = found(tmp_path, "problem_solving_plan", rows, *wanted, *both)
    # Incidents: 5 × 5 + 10 × 10 = 125 after, of 5 × 20 + 10 × 10 = 200 before.
    assert [figures[w].value for w in wanted] == [50, 50, 50, 50, 25, 50, 75, 50, 62.5]
    assert figures["problem_solving_plans", "rural"].value == 40
    assert figures["plan_panel_findings", "worked"].value == 100


def test_costs_and_savings_are_those_of_all_five_years_and_measured_savings_are_told_apart(tmp_path):
    rows = [
        of(2, cost_year_1=100, cost_year_5=0.5, saving_year_2=1000.25, saving_basis="Measured"),
        of(1, cost_year_3=10, saving_year_4=-500, saving_basis="Estimated"),
        of(1, saving_year_1=300),
    ]
    wanted = ["plan_costs", "plan_savings", "plan_savings_measured"]
    figures = found(tmp_path, "problem_solving_plan", rows, *wanted)
    assert values(figures) == {"plan_costs": 211, "plan_savings": 1800.5, "plan_savings_measured": 2000.5}


def test_the_years_added_up_are_named_in_the_explanation():
    measure = next(m for m in prevention.MEASURES if m.id == "plan_savings_measured")
    said = measure.explained(None)[0]
    assert said.startswith("the sum of 'Saving in year 1', 'Saving in year 2'")
    assert said.endswith(
        "and 'Saving in year 5' over records where 'Basis of the savings' is Measured afterwards"
    )


def test_the_victim_of_a_knife_is_not_one_who_carries_it(tmp_path):
    rows = [
        of(1_204_588, kind="Knife-related incident", part="Carried"),
        of(1_204_588, kind="Knife-related incident", part="Victim"),
        of(1_204_588, kind="Related crime", part="Suspect"),
        of(1_204_588, kind="Knife-related incident"),
    ]
    figures = found(tmp_path, "knife_event", rows, "knife_incidents_per_100000", "knife_event_parts")
    assert figures["knife_incidents_per_100000"].value == 100_000
    assert figures["knife_event_parts", "victim"].value == 25


def test_a_habitual_knife_carrier_who_declines_should_have_a_plan(tmp_path):
    knife = {"programme": "Habitual knife carriers", "suitable": True, "offered": True}
    rows = [
        of(6, **knife, answer="Accepted", mentor=True, tag=False, safeguarding=True, ending="Completed"),
        of(2, **knife, answer="Accepted", mentor=False, tag=True, safeguarding=True, ending="Left early"),
        of(3, **knife, answer="Declined", plan_opened=True),
        of(1, **knife, answer="Declined", plan_opened=False),
        of(4, **knife, answer="No answer", plan_opened=False),
        of(16, programme="Drugs", suitable=True, offered=True, answer="Accepted", mentor=False, tag=False),
        of(8, programme="Drugs", suitable=True, offered=False),
        of(8, programme="Drugs", suitable=False, offered=False, answer="Declined"),
    ]
    wanted = [
        "diversions_offered",
        "diversions_accepted",
        "diversions_completed",
        "knife_diversions_accepted",
        "knife_diversions_mentored",
        "knife_diversions_tagged",
        "knife_diversions_safeguarded",
        "knife_carriers_declined_with_plan",
    ]
    figures = found(tmp_path, "diversion", rows, *wanted, "diversions_discussed")
    # 32 of 40 suitable; 24 of 32 offered; 6 of 8 ended; 8 of 16 knife carriers; then of 8, and 3 of 4.
    assert [figures[w].value for w in wanted] == [80, 75, 75, 50, 75, 25, 100, 75]
    assert figures["diversions_discussed", "knife_carriers"].value == 16


def test_a_tally_of_volunteers_and_the_same_volunteers_one_by_one_give_the_same_value(tmp_path):
    singly = [{"scheme": "Police cadet", "volunteer_reference": f"V{i}", "hours": 2} for i in range(6)]
    tallied = [of(6, scheme="Police cadet", hours=2)]
    for name, rows in (("tally", tallied), ("records", singly)):
        figures = found(tmp_path / name, "volunteer", rows, "volunteers", "volunteer_hours")
        assert (figures["volunteers", "cadet"].value, figures["volunteer_hours"].value) == (6, 12)


def test_a_stock_is_not_said_to_count_the_records_of_other_months_as_duplicates(tmp_path):
    rows = [{"scheme": "Police cadet", "volunteer_reference": f"V{i}"} for i in range(6)]
    rows += [{**row, "as_at": "2024-02"} for row in rows]
    figure = found(tmp_path, "volunteer", rows, "volunteers")["volunteers", "cadet"]
    assert figure.coverage.note == ""
