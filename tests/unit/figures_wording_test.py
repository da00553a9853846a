"""What is printed: rounding, sentences, and words of comparison that come from the verdict alone."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpeel.figures import Comparison, Coverage, Figure
from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import number, rounded, shown
from openpeel.figures.wording import (
    comparison_sentence,
    largest_sentence,
    not_assessed_because,
    sentence,
)
from openpeel.measures import MEASURES, find_measure

FIGURE = Figure(
    id="searches_per_1000.hertfordshire.2020-04.2021-03.all.01234567.0123456789",
    measure="searches_per_1000",
    title="Stop and searches per 1,000 population",
    force="E23000027",
    force_name="Hertfordshire Constabulary",
    period_start=date(2020, 4, 1),
    period_end=date(2021, 3, 31),
    group=None,
    numerator=9000,
    denominator=1_195_672,
    value=7.527,
    lower=7.37,
    upper=7.68,
    level=0.95,
    method="Byar",
    unit="per 1,000 population",
    comparison=Comparison(9.6, 13.5, 2.0, "below", 41, ("Greater Manchester", "Metropolitan Police")),
    coverage=Coverage(12, 12, ""),
    release="0123456789abcdef",
    definition="0123456789ab",
)


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (100 * 86 / 529, "percent", "16.3%"),  # a published report prints 16.2
        (100 * 112 / 175, "percent", "64.0%"),
        (12.25, "percent", "12.3%"),
        (16.35, "percent", "16.4%"),
        (100 * 102.6 / 251.8, "percent", "40.7%"),
        (99.96, "percent", "100.0%"),
        (5.65, "per 1,000 population", "5.7"),
        (3.44, "ratio", "3.4 times"),
        (9205, "searches", "9,205"),
        (158.64, "minutes", "158.6"),
        (1_200_241.0, "minutes", "1,200,241"),
        (0, "percent", "0.0%"),
        (None, "percent", "–"),
    ],
)
def test_values_are_printed_with_one_decimal_and_halves_go_up(value, unit, printed):
    assert shown(value, unit) == printed


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_percentage_is_rounded_as_the_exact_fraction_would_be(part, whole):
    exact = Fraction(100 * part, whole)
    printed = Fraction(str(rounded(100 * part / whole, 1)))
    assert abs(printed - exact) <= Fraction(1, 20)
    if (exact * 20).denominator == 1 and (exact * 20).numerator % 2:  # exactly half way
        assert printed > exact


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.2, "waited 1 second on"), (11.0, "waited 11 seconds on"), (0.3, "waited 0 seconds on")],
)
def test_one_second_is_no_plural(value, said):
    waited = replace(
        FIGURE, measure="calls_999_waiting_seconds", unit="seconds", value=value, lower=None, upper=None
    )
    assert said in sentence(waited)


def test_a_number_without_its_unit():
    assert number(64.04, "percent") == "64.0"


def test_the_finding_names_period_force_value_and_interval():
    assert sentence(FIGURE) == (
        "In the year ending 31 March 2021, Hertfordshire Constabulary recorded 7.5 stop and searches per 1,000 "
        "population (95% confidence interval 7.4 to 7.7)."
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (
            "above",
            "higher than the mean of the 41 forces counted, 13.5: more than one standard deviation (2.0) away",
        ),
        (
            "below",
            "lower than the mean of the 41 forces counted, 13.5: more than one standard deviation (2.0) away",
        ),
        (
            "in range",
            "in line with the mean of the 41 forces counted, 13.5: within one standard deviation (2.0)",
        ),
    ],
)
def test_words_of_comparison_come_from_the_verdict(verdict, words):
    figure = replace(FIGURE, comparison=replace(FIGURE.comparison, verdict=verdict))
    assert words in comparison_sentence(figure)


def test_a_figure_that_is_not_assessed_says_why():
    compared = replace(FIGURE.comparison, verdict="not assessed")
    for figure, reason in [
        (replace(FIGURE, coverage=Coverage(12, 9, "")), "9 of 12 months"),
        (replace(FIGURE, value=None, coverage=Coverage(12, 0, "")), "no return of the force"),
        (replace(FIGURE, value=None), "no records to work it out from"),
        (replace(FIGURE, value=None, method=WITHHELD), "the number is small and is withheld"),
        (replace(FIGURE, force="BTP"), "not one of the 43 forces"),
        (
            replace(FIGURE, comparison=replace(compared, mean=None, forces_counted=1)),
            "only 1 of the 43 forces can be counted",
        ),
        (FIGURE, "left out of the comparison"),
    ]:
        compared_figure = replace(figure, comparison=replace(figure.comparison, verdict="not assessed"))
        assert reason in not_assessed_because(compared_figure)
        assert reason in comparison_sentence(compared_figure)


def test_a_figure_without_a_value_says_so_and_prints_no_number():
    said = sentence(replace(FIGURE, value=None, lower=None, upper=None, numerator=None, method=WITHHELD))
    assert "has no value for Hertfordshire Constabulary" in said
    assert "7" not in said


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.id)
def test_every_measure_can_be_told_in_a_sentence(measure):
    for group in measure.groups or (None,):
        figure = replace(
            FIGURE,
            measure=measure.id,
            unit=measure.unit,
            group=group.key if group else None,
            title=measure.title,
        )
        said = sentence(figure)
        assert said.startswith("In the year ending 31 March 2021, ")
        assert said.endswith(".")
        assert "{" not in said
        assert "None" not in said


def test_a_breakdown_is_told_by_its_three_largest_groups():
    shares = {
        "arrest": 11.0,
        "no_further_action": 76.2,
        "caution": 0.6,
        "community_resolution": 8.7,
        "summons": None,
    }
    figures = [
        replace(FIGURE, measure="outcome", unit="percent", group=g, value=v) for g, v in shares.items()
    ]
    assert largest_sentence(figures) == (
        "In the year ending 31 March 2021, the largest parts of Hertfordshire Constabulary searches were "
        "'No further action' (76.2%), 'Arrest' (11.0%) and 'Community resolution' (8.7%)."
    )
    assert largest_sentence(figures[-1:]) == ""


def test_a_bare_count_is_told_beside_the_total_and_not_compared():
    figure = replace(FIGURE, measure="searches", unit="searches", value=9000)
    figure = replace(figure, comparison=Comparison(400_000, None, None, "not assessed", 41, ()))
    assert find_measure("searches").compared is False
    assert comparison_sentence(figure) == "The 41 forces that could be counted recorded 400,000."
