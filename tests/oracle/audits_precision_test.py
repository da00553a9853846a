"""Audits as precise as published ones, and the warnings that go with their intervals. All cases are invented.

The figures of the report on Hertfordshire are in `demo_audits_test.py`.
"""

import pytest

from audit_sample import begin


def test_where_outcome_18_is_rare_it_is_drawn_20_times_all_the_same(tmp_path):
    audit = begin(tmp_path, "victim_service", {("outcome_18",): 900, ("other",): 8100}, 100)
    assert [label for _, label in audit.cases].count("outcome_18") == 20


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
    rows = []
    for number, (case, _) in enumerate(audit.cases):
        row = {"case": case, "crime_due": "yes", "crime": "1", "class": "burglary", "recorded": "no"}
        if (number + 1) * recorded // reports > number * recorded // reports:
            row |= {"recorded": "yes", "recorded_when": "within_24_hours", "right_class": "yes"}
        rows.append(row)
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert found.value == pytest.approx(percent, abs=0.1)
    assert found.published == pytest.approx(half_width, rel=0.15)
