"""Numbers are found where they stand, with their value, and those that are no figures are told apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpeel.claims.numbers import Kind, Role, numbers_in


def amounts(text):
    return [(n.text, n.value) for n in numbers_in(text) if n.role is Role.amount]


@pytest.mark.parametrize(
    ("text", "kind", "value", "decimals"),
    [
        ("16.2 percent", Kind.percent, "16.2", 1),
        ("16.25%", Kind.percent, "16.25", 2),
        ("64 per cent", Kind.percent, "64", 0),
        ("nine percent", Kind.percent, "9", 0),
        ("3.0 percentage points", Kind.points, "3.0", 1),
        ("£251.8 million", Kind.money, "251800000", 1),
        ("£1.25bn", Kind.money, "1250000000", 2),
        ("£12.6m", Kind.money, "12600000", 1),
        ("£2,800", Kind.money, "2800", 0),
        ("£40k", Kind.money, "40000", 0),
        ("6,887", Kind.plain, "6887", 0),
        ("1.2 million", Kind.plain, "1200000", 1),
        ("twenty-three", Kind.word, "23", 0),
        ("two hundred and twenty-six", Kind.word, "226", 0),
        ("three thousand", Kind.word, "3000", 0),
        ("two thirds", Kind.fraction, str(Decimal(2) / 3), 0),
        ("three-quarters", Kind.fraction, "0.75", 0),
        ("half", Kind.fraction, "0.5", 0),
    ],
)
def test_a_number_is_read_as_it_is_meant(text, kind, value, decimals):
    (number,) = numbers_in(f"This was {text} of them.")
    assert (number.text, number.kind, number.value, number.decimals) == (text, kind, Decimal(value), decimals)


def test_a_range_keeps_both_ends():
    (number,) = numbers_in("Each panel looks at 30–40 cases.")
    assert (number.text, number.kind, number.value, number.upper) == ("30–40", Kind.range, 30, 40)


def test_the_step_of_a_number_is_that_of_its_last_printed_digit():
    assert numbers_in("£251.8 million")[0].step == 100_000
    assert numbers_in("16.2 percent")[0].step == Decimal("0.1")
    assert numbers_in("6,887")[0].step == 1


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("On 31 March 2023 it ended.", Role.date),
        ("On 1 January it began.", Role.date),
        ("Since April 2024 it has.", Role.date),
        ("In 2022, we said so.", Role.date),
        ("The 2021 Census says so.", Role.date),
        ("In 2023 forces answered.", Role.date),
        ("The year 2022/23 was long.", Role.date),
        ("The framework of 2023–2025 holds.", Role.date),
        ("The Police Act 1996 says so.", Role.date),
        ("The shift ends at 9.30pm.", Role.time),
        ("It opens at 08:00.", Role.time),
        ("A two-day course began.", Role.duration),
        ("They answer within ten seconds.", Role.duration),
        ("In the last 12 months nothing changed.", Role.duration),
        ("A 17-year-old was held.", Role.duration),
        ("Powers under section 136 are used.", Role.name),
        ("It closed them with outcome 18.", Role.name),
        ("As Figure 3 shows, it fell.", Role.name),
        ("They answer 999 calls.", Role.name),
        ("The proportion of 999 calls is low.", Role.name),
        ("Calls to 101 are given up.", Role.name),
        ("Its 999 performance is good.", Role.name),
        ("The number of 101 calls grew.", Role.name),
        ("This is phase one.", Role.name),
        ("The CO19 team came.", Role.none),
        ("They are first-line leaders.", Role.name),
        ("The 3rd panel met.", Role.name),
        ("A three-tier model is used.", Role.name),
        ("Ring 01632 960 123 for help.", Role.name),
        ("All 43 forces took part.", Role.fixed),
        ("There are ten areas of policing.", Role.fixed),
        ("1. The first item", Role.item),
        ("No one was told.", Role.none),
        ("We heard of one example.", Role.none),
    ],
)
def test_a_number_that_is_no_figure_is_no_amount(text, role):
    numbers = numbers_in(text)
    assert amounts(text) == []
    if role is not Role.none:
        assert numbers[0].role is role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 90 of 101 cases it was done.", [("90", 90), ("101", 101)]),
        ("Of the 101 cases, 40 were open.", [("101", 101), ("40", 40)]),
        ("A third of them answered.", [("A third", Decimal(1) / 3)]),
        ("It had 2000 officers.", [("2000", 2000)]),
        ("Section 1 and 23 officers were named.", [("23", 23)]),
        ("It has ten people.", [("ten", 10)]),
        ("One in five calls was lost.", [("One", 1), ("five", 5)]),
        ("Calls took 12 minutes.", [("12", 12)]),
        ("155 calls to 999 per 1,000 population", [("155", 155)]),
        ("In October 2022, 6,691 people were released.", [("6,691", 6691)]),
        ("In May 12 officers may leave.", []),
    ],
)
def test_an_amount_is_told_from_what_only_looks_like_a_name_or_a_date(text, expected):
    assert amounts(text) == expected


def test_a_blank_at_which_no_line_may_break_is_a_blank():
    text = "16.2\u00a0percent of £3.5\u202fmillion on 31\u00a0March\u00a02023 in a two\u2011day course"
    assert [(n.text, str(n.kind), str(n.role)) for n in numbers_in(text)] == [
        ("16.2\u00a0percent", "percent", "amount"),
        ("£3.5\u202fmillion", "money", "amount"),
        ("31\u00a0March\u00a02023", "plain", "date"),
        ("two", "word", "duration"),
    ]


def test_the_second_of_several_names_is_a_name_too():
    assert amounts("Outcomes 15 and 16 rose, and so did sections 1, 18 and 23.") == []


def test_the_base_of_a_rate_is_told_from_what_is_rated():
    numbers = numbers_in("That is 9.3 orders per 100,000 population and £209,000 per 1,000.")
    assert [(n.text, n.role) for n in numbers] == [
        ("9.3", Role.amount),
        ("100,000", Role.base),
        ("£209,000", Role.amount),
        ("1,000", Role.base),
    ]


WORDS = (
    "12 1,000 £3.5m 16% percent of the one third March 2023 – - . ( ) +/- section 999 nine hundred and ten a"
)
PIECES = st.sampled_from(WORDS.split())


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_every_number_is_the_very_words_it_points_at_and_none_overlaps(text):
    end = 0
    for number in numbers_in(text):
        assert text[number.start : number.end] == number.text
        assert number.start >= end
        end = number.end
