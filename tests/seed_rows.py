"""Which figure stands for each line of the published report that is counted from records.

A line's value, numerator and denominator are those of the figure named here, or (DENOMINATORS) the sum of others.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from openpeel.reference.periods import Period

SEED = Path(__file__).parents[1].parent / "shared" / "seed" / "published_figures.csv"


def published():
    """The lines of the report by id, each number as it is printed."""
    if not SEED.is_file():
        pytest.skip("the table of the report's figures is not here")
    with SEED.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _year(text):
    return Period.year_ending(date.fromisoformat(text))


MARCH_2022 = _year("2022-03-31")
MARCH_2023 = _year("2023-03-31")
MARCH_2024 = _year("2024-03-31")
APRIL_2024 = _year("2024-04-30")
MAY_2024 = _year("2024-05-31")

#: Line → measure, group, period.
ROWS = {
    "linked_outcome": ("linked_outcome", None, MARCH_2023),
    "stop_search_count": ("searches", None, MARCH_2023),
    "stop_search_rate": ("searches_per_1000", None, MARCH_2023),
    "disproportionality_black": ("disproportionality", "black", MARCH_2023),
    "panel_cases_low": ("panel_cases", "stop_search", MARCH_2024),
    "panel_cases_high": ("panel_cases", "use_of_force", MARCH_2024),
    "hub_personnel": ("people_by_unit", "prevention_hub", MARCH_2024),
    "ambassadors": ("people_trained", "prevention_ambassador", APRIL_2024),
    "stops_cost": ("plan_costs", None, MARCH_2023),
    "stops_saving": ("plan_savings", None, MARCH_2023),
    "asb_rate": ("asb_incidents_per_1000", None, MARCH_2023),
    "herts_connected_users": ("messaging_members_moved", None, APRIL_2024),
    "special_constables": ("volunteers", "special_constable", MARCH_2024),
    "service_volunteers": ("volunteers", "service_volunteer", MARCH_2024),
    "drive_safe_volunteers": ("volunteers", "drive_safe", MARCH_2024),
    "cadets": ("volunteers", "cadet", MARCH_2024),
    "mini_police": ("volunteers", "mini_police", MARCH_2024),
    "emergency_volunteers": ("volunteers", "emergency_service", MARCH_2024),
    "calls_999_rate": ("calls_999_per_1000", None, APRIL_2024),
    "calls_999_answered": ("calls_999_answered_in_10_seconds", None, APRIL_2024),
    "calls_101_abandoned": ("calls_101_abandoned", None, MAY_2024),
    "csi_trained": ("people_trained", "scene_preservation", APRIL_2024),
    "outcome17_now": ("outcome_17", None, _year("2023-12-31")),
    "outcome17_before": ("outcome_17", None, _year("2022-12-31")),
    "dvpo_granted_jan_may_2024": ("dvpo_granted", None, Period(date(2024, 1, 1), date(2024, 5, 31))),
    "dvpo_rate_now": ("dvpo_granted_per_100000", None, _year("2023-09-30")),
    "dvpo_rate_before": ("dvpo_granted_per_100000", None, _year("2022-09-30")),
    "dvpo_breach_rate": ("dvpo_breaches_per_100000", None, _year("2023-09-30")),
    "dvpo_breach_share": ("dvpo_breaches_of_granted", None, _year("2023-09-30")),
    "released_under_investigation_before": ("released_under_investigation", None, MARCH_2022),
    "released_under_investigation_now": ("released_under_investigation", None, MARCH_2024),
    "wellbeing_champions": ("wellbeing_champions", None, MARCH_2024),
    "retention_referrals": ("retention_referrals", None, MAY_2024),
    "retention_stayed": ("retention_stayed", None, MAY_2024),
    "survey_discriminated": ("survey_discriminated_share", None, MARCH_2024),
    "survey_not_reported": ("survey_reported", "not", MARCH_2024),
    "survey_reported_formally": ("survey_reported", "formally", MARCH_2024),
    "survey_reported_informally": ("survey_reported", "informally", MARCH_2024),
    "survey_no_action": ("survey_action_taken", "no", MARCH_2024),
    "survey_fear_label": ("survey_not_reported_why", "troublemaker", MARCH_2024),
    "survey_nothing_would_happen": ("survey_not_reported_why", "nothing", MARCH_2024),
    "sergeants_trained": ("sergeants_trained", None, APRIL_2024),
    "survey_manager_training": ("survey_manager_training_share", None, MARCH_2024),
    "funding": ("funding", None, MARCH_2023),
    "funding_rate": ("funding_per_1000", None, MARCH_2023),
    "precept": ("precept_share", None, MARCH_2023),
    "reserves": ("reserves", None, MARCH_2023),
    "reserves_projected": ("reserves_projected", None, MARCH_2024),
    "general_reserve": ("general_reserve_share", None, MARCH_2024),
}

#: Line → the figures (measure, group) whose values add up to its denominator, where its own figure has none.
DENOMINATORS = {
    "survey_not_reported": [("survey_reporting_answered", None)],
    "survey_reported_formally": [("survey_reporting_answered", None)],
    "survey_reported_informally": [("survey_reporting_answered", None)],
    "survey_no_action": [("survey_action_taken", "yes"), ("survey_action_taken", "no")],
}

#: Line → the value that is the arithmetic truth, where the report contradicts itself. See docs/explanation/seed.md.
EXCEPTIONS = {
    "survey_discriminated": "16.3",  # 86 of 529 is 16.26 percent
    "stop_search_rate": "5.7",  # 6,887 searches of 1,204,588 people
}
