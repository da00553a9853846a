"""A measure's definition: its hash changes with what it means, and not with how it is worded."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from openpeel.errors import UseError
from openpeel.measures import MEASURES, find_measure, measures_on, powers
from openpeel.measures.conditions import EVERY, Blank, Both, Filled, In, both
from openpeel.reference.periods import Period
from openpeel.reference.populations import mid_year_population
from openpeel.standards import load_standard


def test_the_measures_of_police_powers_are_those_promised():
    assert [m.id for m in powers.MEASURES] == [
        "searches",
        "searches_per_1000",
        "linked_outcome",
        "linked_outcome_unknown",
        "self_defined_ethnicity_missing",
        "self_defined_ethnicity_not_stated",
        "outcome",
        "object_of_search",
        "disproportionality",
        "audit_scope",
    ]


def test_no_two_measures_have_the_same_definition():
    assert len({m.definition for m in MEASURES}) == len(MEASURES)


def test_other_words_leave_the_definition_alone():
    measure = find_measure("linked_outcome")
    assert replace(measure, title="t", about="a", sentence="s", sources=()).definition == measure.definition


def test_another_base_is_another_definition():
    measure = find_measure("linked_outcome")
    assert replace(measure, base=EVERY).definition != measure.definition


def test_a_code_taken_out_of_a_group_is_another_definition():
    measure = find_measure("disproportionality")
    asian = measure.groups[0]
    fewer = replace(asian, condition=In("self_defined_ethnicity", asian.condition.values[1:]))
    assert replace(measure, groups=(fewer, *measure.groups[1:])).definition != measure.definition


def test_another_population_is_another_definition(monkeypatch):
    measure = find_measure("searches_per_1000")
    before = measure.definition
    monkeypatch.setattr(type(measure), "constants", lambda self: {"E23000027": 1})
    assert measure.definition != before


@pytest.mark.parametrize("year", [2020, 2022])
@pytest.mark.parametrize("measure_id", ["searches_per_1000", "funding_per_1000"])
def test_every_population_that_a_rate_may_be_over_is_in_its_definition(monkeypatch, measure_id, year):
    measure = find_measure(measure_id)
    before = measure.definition
    known = mid_year_population
    one_more = {**known(year).by_force, "E23000027": known(year).by_force["E23000027"] + 1}
    other = replace(known(year), by_force=one_more)
    monkeypatch.setattr(
        "openpeel.measures.measure.mid_year_population", lambda y: other if y == year else known(y)
    )
    assert measure.definition != before


@pytest.mark.parametrize("measure_id", ["searches_per_1000", "funding_per_1000"])
@pytest.mark.parametrize(
    ("end", "year", "said"),
    [
        (date(2021, 3, 31), 2020, "mid-2020"),
        (date(2022, 3, 31), 2020, "mid-2020, the nearest held to 2021"),
        (date(2023, 3, 31), 2022, "mid-2022"),
        (date(2024, 3, 31), 2022, "mid-2022, the nearest held to 2023"),
    ],
)
def test_the_words_and_the_source_of_a_rate_say_the_year_of_its_people(measure_id, end, year, said):
    measure, period = find_measure(measure_id), Period.year_ending(end)
    ons = "Office for National Statistics, mid-year population estimates"
    assert measure.explained(None, period)[1] == f"people living in the force area: {ons}, {said}"
    assert measure.sources_for(period) == (measure.sources[0], f"{ons}, mid-{year}")
    people = measure.estimate(lambda _: np.array([100.0]), [("E23000027",)], None, 0.95, period).denominator
    assert people == [mid_year_population(year).by_force["E23000027"]]


def test_what_is_counted_at_the_end_of_a_period_is_over_the_people_of_then():
    measure, period = find_measure("officers_per_1000"), Period.year_ending(date(2022, 3, 31))
    people = measure.estimate(lambda _: np.array([100.0]), [("E23000027",)], None, 0.95, period).denominator
    assert people == [1_204_588]
    assert measure.sources_for(period)[-1].endswith("mid-2022")
    assert measure.explained(None, period)[1].endswith("mid-2022")


def test_of_no_period_in_particular_a_rate_is_over_the_nearest_year_that_is_held():
    either = "mid-2020 or mid-2022, whichever is nearer to the"
    assert find_measure("searches_per_1000").explained(None)[1].endswith(f"{either} middle of the period")
    assert find_measure("officers_per_1000").explained(None)[1].endswith(f"{either} end of the period")


def test_another_standard_is_another_definition(monkeypatch):
    measure = find_measure("searches")
    before = measure.definition
    newer = replace(load_standard("stop_search"), version=2)
    monkeypatch.setattr("openpeel.measures.measure.load_standard", lambda _: newer)
    assert measure.definition != before


def test_chinese_people_are_counted_as_asian():
    assert "A4" in find_measure("disproportionality").group("asian").condition.values


@pytest.mark.parametrize("measure_id", ["outcome", "object_of_search"])
def test_the_groups_of_a_breakdown_are_every_record_once(measure_id):
    measure = find_measure(measure_id)
    column = {g.condition.column for g in measure.groups}
    codes = load_standard("stop_search").column(measure_id).codes.codes
    named = [v for g in measure.groups if isinstance(g.condition, In) for v in g.condition.values]
    assert column == {measure_id}
    assert sorted(named) == sorted([*(c.code for c in codes), "unrecognised"])
    assert measure.groups[-1].condition == Blank(measure_id)


def test_an_unknown_measure_is_refused_with_the_way_to_those_there_are():
    with pytest.raises(UseError, match="openpeel measures"):
        find_measure("arrests")


def test_a_condition_that_follows_from_another_is_left_out():
    yes = In("outcome_linked", (True,))
    assert both(EVERY, yes) == yes == both(yes, EVERY) == both(Filled("outcome_linked"), yes)
    assert both(Filled("outcome"), yes) == Both((Filled("outcome"), yes))


def test_conditions_can_be_read_aloud():
    standard = load_standard("stop_search")
    scope = find_measure("audit_scope").explained(None)
    assert scope[0] == (
        "'Legislation' is Section 1, Police and Criminal Evidence Act 1984 or Section 23, Misuse of Drugs Act 1971"
    )
    assert In("outcome_linked", (True,)).words(standard) == "'Outcome linked to object of search' is yes"
    assert Blank("outcome").words(standard) == "'Outcome' is blank"
    assert EVERY.words(standard) == "all stop and search records"


def test_no_two_measures_have_the_same_id_or_title():
    assert len({m.id for m in MEASURES}) == len(MEASURES)
    assert not [m.id for m in MEASURES if "." in m.id or "-" in m.id]  # ids of figures are split at both


def test_the_measures_on_a_standard_are_those_that_count_its_records():
    assert {m.standard for m in measures_on(["call", "bail"])} == {"call", "bail"}
    assert measures_on(["stop_search"]) == powers.MEASURES
    assert measures_on([]) == ()


def test_every_condition_of_every_measure_names_columns_that_its_standard_has():
    for measure in MEASURES:
        for counted in measure.conditions():
            assert counted.words(load_standard(measure.standard))


def test_values_of_one_column_that_no_record_can_have_at_once_are_not_counted():
    two = Both((In("outcome", ("arrest", "caution")), In("outcome", ("arrest", "other"))))
    assert two.parts() == (In("outcome", ("arrest",)),)
    assert Both((In("outcome", ("arrest",)), Blank("outcome"))).parts() == ()
