"""A number in prose is set beside the figure that it is about, and only called wrong where that is certain."""

from __future__ import annotations

from datetime import date

import pytest

from openpeel.claims import Checked, Document, Passage, Place, Verdict, check
from openpeel.claims.held import against_held, wanted
from openpeel.figures.figure import WITHHELD, Comparison, Coverage, Figure
from openpeel.measures import find_measure
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period

MARCH_2023 = Period.year_ending(date(2023, 3, 31))
MARCH_2024 = Period.year_ending(date(2024, 3, 31))
KENT = find_force("kent")


def document(*passages: str) -> Document:
    return Document(
        "a.txt",
        tuple(Passage(text, (0,), (Place(None, line, 1),)) for line, text in enumerate(passages, 1)),
    )


def figure(measure, value, period=MARCH_2023, group=None, *, of=(None, None), present=12, withheld=False):
    """A figure as a release would give it."""
    about = find_measure(measure)
    return Figure(
        id=f"{measure}.{group}.{period}",
        measure=measure,
        title=f"{about.title}: {about.group(group).title}" if group else about.title,
        force=KENT.code,
        force_name=KENT.full_name,
        period_start=period.start,
        period_end=period.end,
        group=group,
        numerator=of[0],
        denominator=of[1],
        value=None if withheld else value,
        lower=None,
        upper=None,
        level=0.95,
        method=WITHHELD if withheld else "count",
        unit=about.unit,
        comparison=Comparison(None, None, None, "not assessed", 0, ()),
        coverage=Coverage(12, present, ""),
        release="r",
        definition="d",
    )


def beside(prose, *figures, default=MARCH_2024, said=False) -> list[Checked]:
    """The claims of some prose that a figure speaks of."""
    told = document(*([prose] if isinstance(prose, str) else prose))
    found = against_held(told, check(told), figures, default=default, default_said=said)
    return [one for one in found if one.figure]


ANSWERED = (
    "In the year ending 31 March 2023, the force answered 81.5 percent of its 999 calls within ten seconds."
)


def test_a_number_that_is_the_one_held_holds_and_names_the_figure():
    (found,) = beside(ANSWERED, figure("calls_999_answered_in_10_seconds", 81.46))
    assert found.verdict is Verdict.holds
    assert found.figure == f"calls_999_answered_in_10_seconds.None.{MARCH_2023}"
    assert found.claim.text == "81.5 percent"
    assert "81.460" in found.arithmetic


def test_a_number_that_is_not_the_one_held_contradicts_and_says_what_would_be_right():
    (found,) = beside(ANSWERED, figure("calls_999_answered_in_10_seconds", 79.96))
    assert found.verdict is Verdict.contradicts
    assert found.right == "80.0 percent"
    assert "999 calls answered within 10 seconds" in found.because


def test_a_number_that_was_cut_off_rounds_wrong():
    (found,) = beside(ANSWERED, figure("calls_999_answered_in_10_seconds", 81.58))
    assert (found.verdict, found.right, found.rule) == (Verdict.rounds_wrong, "81.6 percent", "truncation")


def test_a_figure_of_another_period_is_left_alone():
    assert beside(ANSWERED, figure("calls_999_answered_in_10_seconds", 79.9, MARCH_2024)) == []


def test_a_figure_that_rests_on_some_months_only_calls_nothing_wrong():
    assert beside(ANSWERED, figure("calls_999_answered_in_10_seconds", 79.9, present=11)) == []


@pytest.mark.parametrize(
    "prose",
    [
        # a standard, a mean, other forces
        "In the year ending 31 March 2023, 90 percent of 999 calls should be answered within ten seconds.",
        "In the year ending 31 March 2023, the average for 999 calls answered within ten seconds was 90 percent.",
        "In the year ending 31 March 2023, other forces answered 90 percent of 999 calls within ten seconds.",
        # a part of what is measured, a place
        "In the year ending 31 March 2023, 90 percent of 999 calls on domestic abuse were answered within ten seconds.",
        "In the year ending 31 March 2023, 90 percent of its 999 calls from Dover were answered within ten seconds.",
        # less than exact
        "In the year ending 31 March 2023, nearly 90 percent of its 999 calls were answered within ten seconds.",
        # two of which either may be it
        "In the year ending 31 March 2023, 90 percent, then 91 percent of 999 calls were answered within 10 seconds.",
        # something else
        "In the year ending 31 March 2023, 90 percent of cases were closed.",
        # what was sampled
        "In the year ending 31 March 2023, 90 percent of audited 999 calls were answered within ten seconds.",
    ],
)
def test_a_number_that_may_be_about_something_else_is_not_called_wrong(prose):
    assert beside(prose, figure("calls_999_answered_in_10_seconds", 81.46)) == []


def test_a_number_of_an_unnamed_period_is_only_called_wrong_when_the_period_was_asked_for():
    prose = "The force answered 90 percent of its 999 calls within ten seconds."
    held = figure("calls_999_answered_in_10_seconds", 81.46, MARCH_2024)
    assert beside(prose, held) == []
    (found,) = beside(prose, held, said=True)
    assert found.verdict is Verdict.contradicts
    right = beside(prose.replace("90", "81.5"), held)
    assert [one.verdict for one in right] == [Verdict.holds]


def test_each_number_of_a_sentence_finds_its_own_period():
    prose = (
        "In the year ending 31 March 2024, it recorded 20.7 antisocial behaviour incidents per 1,000 population. "
        "In the previous year, it recorded 18.1 antisocial behaviour incidents per 1,000 population."
    )
    now = figure("asb_incidents_per_1000", 20.7, MARCH_2024)
    before = figure("asb_incidents_per_1000", 18.1, MARCH_2023)
    assert {one.claim.text[:4]: one.figure for one in beside(prose, now, before)} == {
        "20.7": now.id,
        "18.1": before.id,
    }


def test_a_month_in_which_something_happened_is_not_the_period_of_a_number():
    prose = "In the year ending 31 March 2023, after rules changed in May 2022, it carried out 360 stop and searches."
    held = figure("searches", 360)
    assert [one.figure for one in beside(prose, held)] == [held.id]


def test_the_unit_tells_a_rate_from_a_count():
    prose = "In the year ending 31 March 2023, the force carried out 6,887 stop and searches."
    count, rate = figure("searches", 6887), figure("searches_per_1000", 6.9)
    assert [one.figure for one in beside(prose, count, rate)] == [count.id]


def test_a_claim_that_is_wrong_already_also_says_what_the_records_give():
    prose = "In the year ending 31 March 2023, the force made 95 of 413 sergeants first-line leaders (29 percent)."
    held = figure("sergeants_trained", 23.0, MARCH_2023, of=(95, 413))
    (found,) = beside(prose, held)
    assert found.verdict is Verdict.contradicts
    assert found.figure == held.id


def test_two_numbers_are_those_of_a_share():
    prose = "By 31 March 2023, 95 out of 413 sergeants had received first-line leader training."
    held = figure("sergeants_trained", 23.0, MARCH_2024, of=(95, 413))
    (found,) = beside(prose, held)
    assert (found.verdict, found.figure) == (Verdict.holds, held.id)
    assert "95 of 413" in found.arithmetic


def test_an_item_of_a_list_is_a_group_of_a_measure():
    prose = ("The force has:", "157 special constables;", "87 police service volunteers.")
    held = [
        figure("volunteers", 157, MARCH_2024, "special_constable"),
        figure("volunteers", 80, MARCH_2024, "service_volunteer"),
    ]
    found = beside(prose, *held)
    assert [(one.claim.text, one.figure) for one in found] == [("157", held[0].id)]
    asked = beside(prose, *held, said=True)
    assert [(one.claim.text, one.verdict) for one in asked] == [
        ("157", Verdict.holds),
        ("87", Verdict.contradicts),
    ]


def test_the_name_of_the_force_itself_narrows_nothing():
    prose = ANSWERED.replace("the force", "Kent Police").replace("81.5", "90")
    held = figure("calls_999_answered_in_10_seconds", 81.46)
    assert [one.verdict for one in beside(prose, held)] == [Verdict.contradicts]
    assert beside(prose.replace("Kent", "Essex"), held) == []


def test_an_abbreviation_is_read_as_the_name_it_stands_for():
    prose = "Between January and May 2024 it had granted 153 DVPOs."
    held = figure("dvpo_granted", 153, Period(date(2024, 1, 1), date(2024, 5, 31)))
    assert [one.verdict for one in beside(prose, held)] == [Verdict.holds]


def test_large_amounts_may_be_rounded_to_their_noughts_and_small_ones_not():
    prose = "In the year ending 31 March 2023, total funding was £209,000 per 1,000 population."
    assert [one.verdict for one in beside(prose, figure("funding_per_1000", 209_034.2))] == [Verdict.holds]
    assert [one.verdict for one in beside(prose, figure("funding_per_1000", 209_734.2))] == [
        Verdict.contradicts
    ]
    counted = "In the year ending 31 March 2023, the force carried out 150 stop and searches."
    assert [one.verdict for one in beside(counted, figure("searches", 147))] == [Verdict.contradicts]


def test_a_withheld_figure_is_never_told():
    prose = "In the year ending 31 March 2023, the force carried out 3 stop and searches."
    for printed in ("3", "4"):
        found = beside(prose.replace("3 stop", f"{printed} stop"), figure("searches", 3, withheld=True))
        assert [(one.verdict, one.right, one.arithmetic) for one in found] == [
            (Verdict.cannot_be_checked, "", "")
        ]
        assert "withheld" in found[0].because


def test_claims_without_a_figure_stay_as_they_were():
    told = document("Of 200 cases, 50 (26 percent) were late.", ANSWERED)
    before = check(told)
    after = against_held(told, before, [], default=MARCH_2024)
    assert after == before


def test_only_what_the_prose_may_be_about_is_counted():
    asked = wanted(document(ANSWERED), MARCH_2024)
    assert list(asked) == [MARCH_2023]
    assert find_measure("calls_999_answered_in_10_seconds") in asked[MARCH_2023]
    assert len(asked[MARCH_2023]) < 15
    assert wanted(document("No number."), MARCH_2024) == {}
