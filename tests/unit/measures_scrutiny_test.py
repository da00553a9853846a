"""What is said of scrutiny: supervisors' reviews, external panels, and the use of force."""

import pytest

from measure_sample import figures_of, release_of
from openpeel.measures import MEASURES, scrutiny

DATES = {
    "supervision_review": {"due_on": "2024-03-31"},
    "panel_case": {"meeting_on": "2024-03-12"},
    "use_of_force": {"used_at": "2024-03-12 21:15:30"},
}


@pytest.fixture(autouse=True)
def _measures(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *scrutiny.MEASURES))


def found(folder, standard, rows, *measures):
    dated = [{**DATES[standard], **row} for row in rows]
    return figures_of(release_of(folder, {(standard, "hertfordshire"): dated}), *measures)


def of(n, **fields):
    return {"tally": n, **fields}


def test_the_published_30_to_40_cases_of_a_panel_come_out_and_each_panel_counts_its_own(tmp_path):
    """The published figures 'panel_cases_low' and 'panel_cases_high'."""
    rows = [of(30, panel="Stop and search"), of(40, panel="Use of force")]
    figures = found(tmp_path, "panel_case", rows, "panel_cases")
    assert figures["panel_cases", "stop_search"].value == 30
    assert figures["panel_cases", "use_of_force"].value == 40
    assert figures["panel_cases", "body_worn_video"].value == 0


def test_a_review_done_late_is_done_and_one_not_done_is_not_in_time(tmp_path):
    rows = [
        of(6, kind="Stop and search", done=True, in_time=True),
        of(3, kind="Stop and search", done=True, in_time=False),
        of(1, kind="Stop and search", done=False, in_time=False),
        of(9, kind="Stop and search"),
        of(4, kind="BWV", done=True, in_time=True),
        of(1, kind="BWV", done=False, in_time=False),
        of(1, kind="Use of force", done=True, in_time=False),
        of(1, kind="Use of force", done=False, in_time=False),
    ]
    kinds = ("searches", "video", "force")
    wanted = [f"{kind}_reviews_{what}" for what in ("done", "in_time") for kind in kinds]
    figures = found(tmp_path, "supervision_review", rows, *wanted, "video_clips_reviewed")
    assert [figures[w].value for w in wanted] == [90, 80, 50, 60, 80, 0]
    assert figures["video_clips_reviewed"].value == 4


def test_what_supervisors_found_and_told_the_officer(tmp_path):
    rows = [
        of(4, kind="Stop and search", done=True, grounds_sufficient=True, conduct_professional=True)
        | {"feedback": "Positive"},
        of(1, kind="Stop and search", done=True, grounds_sufficient=False, conduct_professional=True)
        | {"feedback": "Improvement"},
        of(3, kind="BWV", done=True, grounds_sufficient=False, conduct_professional=False, feedback="None"),
        of(5, kind="BWV", done=False, feedback="None"),
        of(2, kind="Use of force", done=True, conduct_professional=True, feedback="Both"),
        of(7, kind="Use of force", done=True),
    ]
    wanted = ["review_grounds_sufficient", "review_conduct_professional", "review_feedback_given"]
    figures = found(tmp_path, "supervision_review", rows, *wanted)
    assert [figures[w].value for w in wanted] == [80, 70, 70]


def test_a_case_about_which_the_panel_could_not_tell_is_neither_appropriate_nor_not(tmp_path):
    rows = [
        of(10, chosen="Random", verdict="Green", video_seen=True, learning=False, members_present=8),
        of(5, chosen="Random", verdict="Amber", video_seen=True, learning=True, feedback="Both")
        | {"members_present": 8},
        of(5, chosen="Random", verdict="Red", video_seen=False, learning=True, feedback="None")
        | {"members_present": 11},
        of(5, chosen="Random", verdict="Cannot tell", learning=True),
        of(25, chosen="Theme", verdict="Red", learning=False, feedback="Improvement"),
        of(50, chosen="Theme"),
    ]
    rows = [{"panel": "Use of force", **row} for row in rows]
    wanted = [
        "panel_random_appropriate",
        "panel_video_seen",
        "panel_learning_fed_back",
        "panel_members_present",
    ]
    figures = found(tmp_path, "panel_case", rows, *wanted, "panel_case_choice", "panel_verdicts")
    # 15 of 20; 15 of 20; 5 of 10; (10 × 8 + 5 × 8 + 5 × 11) ÷ 20.
    assert [figures[w].value for w in wanted] == [75, 75, 50, 8.75]
    assert figures["panel_case_choice", "theme"].value == 75
    assert figures["panel_verdicts", "not_appropriate"].value == 60
    assert figures["panel_verdicts", "cannot_tell"].value == 10


def test_equipment_that_was_only_shown_is_no_tactic_used(tmp_path):
    rows = [
        of(
            5,
            handcuffing="Compliant",
            ced="Red-dot",
            baton="Drawn",
            dog="Deployed",
            tactical_communication=True,
        ),
        of(5, handcuffing="Non-compliant", ced="Fired", baton="Used", irritant_spray="Used", spit_guard=True),
        of(5, handcuffing="None", ced="Drive stun", dog="Bite", aep="Fired", firearm="Fired", shield=True),
        of(5, limb_or_body_restraints=True, ground_restraint=True, unarmed_skills=True, other_tactic=True),
    ]
    figures = found(tmp_path, "use_of_force", rows, "force_tactics")
    fives = {key: f.value for (_, key), f in figures.items()}
    assert (fives.pop("handcuffing"), fives.pop("ced")) == (50, 50)
    assert len(fives) == 12
    assert set(fives.values()) == {25}


def test_what_is_not_known_of_a_use_of_force_is_not_taken_as_no(tmp_path):
    rows = [
        of(6, arrested=True, conduct="Compliant", stop_search=True, grounds_recorded=True)
        | {"body_worn_video": True, "person_injury": "Minor", "officer_injury": "None"},
        of(2, arrested=False, conduct="Passive resistance", stop_search=False, grounds_recorded=False)
        | {"body_worn_video": False, "person_injury": "None", "officer_injury": "Severe"},
        of(12, person_injury="Not known", officer_injury="Unknown", self_defined_ethnicity="NS"),
    ]
    wanted = [
        "force_without_arrest",
        "force_on_compliant",
        "force_in_stop_search",
        "force_grounds_recorded",
        "force_on_video",
        "force_person_injured",
        "force_officer_injured",
        "force_self_defined_ethnicity_missing",
    ]
    figures = found(tmp_path, "use_of_force", rows, *wanted)
    assert [figures[w].value for w in wanted] == [25, 75, 75, 75, 75, 75, 25, 40]
    assert figures["force_without_arrest"].coverage.note.endswith("Not known for 12 of 20 records (60.0%).")


def test_reports_of_force_for_every_1000_people_and_by_perceived_ethnicity(tmp_path):
    rows = [of(903_441, perceived_ethnicity="White"), of(301_147, perceived_ethnicity="Don't know")]
    figures = found(tmp_path, "use_of_force", rows, "force_reports_per_1000", "force_ethnicity")
    assert figures["force_reports_per_1000"].value == 1000
    assert figures["force_ethnicity", "not_known"].value == 25


def test_a_tally_of_reports_and_the_same_reports_one_by_one_give_the_same_value(tmp_path):
    singly = [{"arrested": i > 0, "report_reference": f"R{i}"} for i in range(5)]
    tallied = [of(1, arrested=False), of(4, arrested=True)]
    for name, rows in (("tally", tallied), ("records", singly)):
        assert (
            found(tmp_path / name, "use_of_force", rows, "force_without_arrest")["force_without_arrest"].value
            == 20
        )
