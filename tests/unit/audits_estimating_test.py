"""What codings add up to: weights, domains, refusals and warnings, by small audits that can be worked out by hand."""

import pytest

from audit_sample import begin, figures
from openpeel.audits.drawing import Plan
from openpeel.audits.outcome import Options
from openpeel.audits.unrecorded import unrecorded
from openpeel.errors import DataError, UseError

SEARCH = {
    "grounds_recorded": "yes",
    "self_defined_ethnicity": "white",
    "item_found": "no",
    "further_action": "no",
    "clip": "not_chosen",
}


def search(case, grounds, **more):
    return {"case": case, **SEARCH, "reasonable_grounds": grounds, **more}


def crime(recorded, number="1", name="burglary"):
    found = {"recorded_when": "within_24_hours", "right_class": "yes"} if recorded else {}
    return {"crime": number, "class": name, "recorded": "yes" if recorded else "no", **found}


TWO_ROUTES = {("incident", "all"): 900, ("direct", "all"): 100}
EQUALLY = Plan(40, allocation="equal")


def routes(folder, **settings):
    """Of 20 incidents 10 crimes were recorded, of 20 direct reports all."""
    audit = begin(folder, "crime_data_integrity", TWO_ROUTES, EQUALLY, **settings)
    rows, seen = [], {}
    for case, stratum in audit.cases:
        seen[stratum] = seen.get(stratum, 0) + 1
        recorded = stratum.startswith("direct") or seen[stratum] <= 10
        rows.append({"case": case, "crime_due": "yes", **crime(recorded)})
    return audit, audit.code(rows)


def test_each_stratum_counts_for_as_many_cases_as_it_has(tmp_path):
    audit, coded = routes(tmp_path)
    found = audit.estimate(coded).estimate("all_crime")
    assert (found.numerator, found.denominator) == (30, 40)
    # 0.9 × 50 % + 0.1 × 100 %, and not 30 of 40
    assert found.value == pytest.approx(55)
    # The direct route does not vary; of the other, (1 − f) p (1 − p) / (n − 1) for its share of 0.9.
    assert found.se == pytest.approx(100 * 0.9 * ((1 - 20 / 900) * 0.25 / 19) ** 0.5)


def test_an_incomplete_list_has_no_known_share_and_no_overall_rate(tmp_path):
    audit, coded = routes(tmp_path, incomplete=["incident / all"])
    outcome = audit.estimate(coded)
    found = outcome.estimate("all_crime")
    assert found.value is None
    assert "incident / all" in found.refused
    assert "not complete" in found.refused
    assert "all_crime" not in figures(outcome)
    assert found.denominator == 40  # what was reviewed is still said


def test_crimes_not_recorded_in_a_year_are_those_reported_times_the_share_missed(tmp_path):
    audit, coded = routes(tmp_path)
    outcome = audit.estimate(coded)
    rate = outcome.estimate("all_crime")
    (missed,) = unrecorded(outcome.estimates, {"all_crime": 31_448})
    reported = 31_448 / (rate.value / 100)
    assert missed.value == pytest.approx(reported * (1 - rate.value / 100))
    assert missed.lower < missed.value < missed.upper


def test_the_published_example_of_35_900_crimes_reported_gives_over_4_400_missed():
    from types import SimpleNamespace

    rate = SimpleNamespace(
        result=SimpleNamespace(id="all_crime", yearly=True),
        group="",
        title="",
        value=87.6,
        refused="",
        intervals={"wilson": (86.0, 89.1)},
    )
    (missed,) = unrecorded([rate], {"all_crime": round(35_900 * 0.876)})
    assert missed.value == pytest.approx(4452, abs=1)


def test_a_rate_that_no_result_has_cannot_tell_of_unrecorded_crimes(tmp_path):
    audit, coded = routes(tmp_path)
    with pytest.raises(UseError, match="all_crime, violence, sexual, other"):
        audit.estimate(coded, options=Options(recorded=(("rape", 5),)))


def test_a_crime_belongs_to_its_report_so_that_reports_and_not_crimes_are_the_sample(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", {("incident", "all"): 5000}, 30)
    rows = []
    for number, (case, _) in enumerate(audit.cases):
        rows.append({"case": case, "crime_due": "yes"} | crime(number % 3 > 0, "1"))
        rows += [{"case": case} | crime(number % 3 > 0, str(n)) for n in (2, 3)]
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert (found.numerator, found.denominator) == (60, 90)
    assert found.df == 29
    # Three crimes that share one fate tell no more than one: the design effect is 3 but for n − 1 and the fpc.
    assert found.deff == pytest.approx(3 * (89 / 90) * (30 / 29) * (1 - 30 / 5000))
    assert not found.simple


def test_a_report_without_a_crime_is_in_the_design_and_in_no_share(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", {("incident", "all"): 5000}, 30)
    rows = [
        {"case": case, "crime_due": "yes"} | crime(number != 3)
        if number < 12
        else {"case": case, "crime_due": "no"}
        for number, (case, _) in enumerate(audit.cases)
    ]
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert (found.numerator, found.denominator) == (11, 12)
    assert found.value == pytest.approx(100 * 11 / 12)


def test_fraud_is_not_in_all_crime_and_a_class_is_counted_by_itself(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", {("incident", "all"): 5000}, 30)
    names = ["fraud", "rape", "violence_with_injury"]
    rows = [
        {"case": case, "crime_due": "yes"} | crime(number % 2 == 0, name=names[number % 3])
        for number, (case, _) in enumerate(audit.cases)
    ]
    found = figures(audit.estimate(audit.code(rows)))
    assert found["all_crime"].denominator == 20
    assert found["sexual"].denominator == found["violence"].denominator == found["rape"].denominator == 10
    assert found["unrecorded", "fraud"].value == 5
    assert ("unrecorded", "burglary") not in found
    assert "other" not in found  # none was reviewed, so nothing is estimated


def test_a_case_out_of_scope_stands_for_others_and_one_not_auditable_for_none(tmp_path):
    sizes = {("incident", "all"): 900, ("direct", "all"): 100}
    audit = begin(tmp_path, "crime_data_integrity", sizes, Plan(40, allocation="equal", reserve=10))
    rows, seen = [], {}
    for case, stratum in audit.cases:
        seen[stratum] = seen.get(stratum, 0) + 1
        if stratum.startswith("incident") and seen[stratum] <= 5:
            rows.append({"case": case, "unusable": "out_of_scope"})
        elif stratum.startswith("direct") and seen[stratum] <= 5:
            rows.append({"case": case, "unusable": "The record cannot be read"})
        else:
            rows.append({"case": case, "crime_due": "yes", **crime(stratum.startswith("direct"))})
    outcome = audit.estimate(audit.code(rows))
    incident, direct = (
        next(s for s in outcome.strata if s.label.startswith(r)) for r in ("incident", "direct")
    )
    assert (incident.examined, incident.out_of_scope, direct.examined, direct.not_auditable) == (20, 5, 15, 5)
    # In scope are 15 of 20 incidents, 675 of 900, none recorded; all 100 direct reports were.
    assert outcome.estimate("all_crime").value == pytest.approx(100 * 100 / (675 + 100))


def test_every_case_audited_leaves_nothing_to_chance(tmp_path):
    audit = begin(tmp_path, "stop_search", {(): 12}, 12)
    rows = [search(case, "no" if n < 3 else "yes") for n, (case, _) in enumerate(audit.cases)]
    found = audit.estimate(audit.code(rows)).estimate("reasonable_grounds")
    assert (found.value, found.se) == (75, 0)
    assert set(found.intervals["wilson"]) == {75}
    assert found.notes == ()


def test_one_case_from_a_stratum_is_refused_unless_a_rule_for_it_is_named(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", TWO_ROUTES, EQUALLY)
    rows, kept = [], set()
    for case, stratum in audit.cases:
        first = stratum not in kept or stratum.startswith("incident")
        kept.add(stratum)
        answers = {"crime_due": "yes", **crime(len(rows) % 4 > 0)}
        rows.append({"case": case, **(answers if first else {"unusable": "cannot_be_audited"})})
    coded = audit.code(rows)
    with pytest.raises(DataError, match="two cases or more of the stratum 'direct / all', got one"):
        audit.estimate(coded)
    by_rule = audit.estimate(coded, options=Options(single_psu="certainty")).estimate("all_crime")
    assert by_rule.se > 0


def test_a_stratum_of_which_nothing_could_be_audited_leaves_no_overall_rate(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", TWO_ROUTES, EQUALLY)
    rows = [
        {"case": case, "crime_due": "yes", **crime(True)}
        if stratum.startswith("incident")
        else {"case": case, "unusable": "cannot_be_audited"}
        for case, stratum in audit.cases
    ]
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert found.value is None
    assert "direct / all" in found.refused


def test_a_systematic_draw_says_how_its_error_was_worked_out(tmp_path):
    audit = begin(tmp_path, "stop_search", {(): 500}, Plan(50, method="systematic"))
    rows = [search(case, "yes" if n % 3 else "no") for n, (case, _) in enumerate(audit.cases)]
    found = audit.estimate(audit.code(rows)).estimate("reasonable_grounds")
    assert any("equal distances" in note for note in found.notes)


def test_fewer_clips_than_the_audit_asks_for_is_said(tmp_path):
    audit = begin(tmp_path, "stop_search", {(): 500}, 20)
    viewed = {"clip": "viewed", "clip_professional": "yes", "clip_grounds_explained": "yes"}
    rows = [search(case, "yes", **(viewed if n < 8 else {})) for n, (case, _) in enumerate(audit.cases)]
    found = audit.estimate(audit.code(rows)).estimate("clips_viewed")
    assert found.notes == ("The audit asks for at least 10; there are 8.",)


def test_item_found_and_what_came_of_it_are_three_results(tmp_path):
    audit = begin(tmp_path, "stop_search", {(): 500}, 20)
    rows = []
    for n, (case, _) in enumerate(audit.cases):
        found = {"item_found": "yes", "linked_to_reason": "yes" if n < 4 else "no"} if n < 6 else {}
        action = {"further_action": "yes", "outcome_linked": "missing" if n < 3 else "yes"} if n < 5 else {}
        rows.append(search(case, "yes", **found, **action))
    found = figures(audit.estimate(audit.code(rows)))
    assert [
        (found[r].numerator, found[r].denominator)
        for r in ("item_found", "linked_to_reason", "outcome_linked")
    ] == [
        (6, 20),
        (4, 6),
        (2, 2),
    ]


def test_answers_that_agree_within_strata_have_no_interval_and_say_why(tmp_path):
    audit = begin(tmp_path, "crime_data_integrity", TWO_ROUTES, EQUALLY)
    rows = [
        {"case": case, "crime_due": "yes", **crime(stratum.startswith("direct"))}
        for case, stratum in audit.cases
    ]
    found = audit.estimate(audit.code(rows)).estimate("all_crime")
    assert found.value == pytest.approx(10)
    assert found.intervals["wilson"] == (None, None)
    assert any("no interval" in note for note in found.notes)
