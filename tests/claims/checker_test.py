"""What a reader of results is told: where, what is wrong, what would be right, and which other claim is in the way."""

import pytest

from openpeel.claims import Document, Passage, Place, Verdict, check


def checked(*texts):
    return check(
        Document("text", tuple(Passage(t, (0,), (Place(None, n, 1),)) for n, t in enumerate(texts, 1)))
    )


def flags(*texts):
    return [c for c in checked(*texts) if c.verdict in (Verdict.contradicts, Verdict.rounds_wrong)]


def test_a_claim_stands_at_its_line_though_the_paragraph_goes_over_several():
    passage = Passage(
        "We read the files. In all, 16.2 percent (86 of 529) said so.",
        (0, 19, 39),
        (Place(4, 10, 1), Place(4, 11, 3), Place(4, 12, 1)),
    )
    (found,) = check(Document("a.pdf", (passage,)))
    assert found.claim.text == "16.2 percent (86 of 529)"
    assert found.claim.place == Place(4, 11, 3 + passage.text.index("16.2") - 19)


def test_a_wrong_rounding_is_told_with_the_right_one_and_the_rule_behind_it():
    (found,) = flags("In all, 16.2 percent (86 of 529) said so.")
    assert (found.right, found.rule) == ("16.3 percent", "truncation")
    assert found.arithmetic == "86 ÷ 529 = 16.26 percent"
    assert "16.26 rounds to 16.3, not 16.2" in found.because


def test_a_number_rounded_up_is_explained_too():
    (found,) = flags("In all, 12.4 percent (37 of 300) said so.")
    assert (found.right, found.rule) == ("12.3 percent", "rounding up")


def test_where_no_rule_explains_a_number_none_is_named():
    (found,) = flags("In all, 16.4 percent (86 of 529) said so.")
    assert (found.verdict, found.right, found.rule) == (Verdict.rounds_wrong, "16.3 percent", "")


def test_an_exact_half_may_go_either_way_and_the_way_is_named():
    (up,) = checked("In all, 12.3 percent (49 of 400) said so.")
    (even,) = checked("In all, 12.2 percent (49 of 400) said so.")
    assert (up.verdict, up.rule) == (Verdict.holds, "")
    assert (even.verdict, even.rule) == (Verdict.holds, "halves to even")


RATES = (
    "In the year ending 31 March 2023, it had 112 orders, which equated to 9.3 per 100,000 population.",
    "In the year ending 31 March 2023, it received £251.8 million, which was £209,000 per 1,000 population.",
)


def test_a_rate_that_two_others_rule_out_names_one_of_them_and_where_it_stands():
    (found,) = flags(
        *RATES, "In the year ending 31 March 2023, it made 6,887 searches, or 5.5 per 1,000 population."
    )
    assert found.claim.place.line == 3
    assert found.against.place.line == 2
    assert "1,240,901 to 1,263,670 people" in found.arithmetic
    assert "1,202,000 to 1,208,000 people" in found.because


def test_a_population_may_grow_by_one_percent_a_year():
    """5.5 implies at least 1.241 million: 2.7 percent above the 1.208 million of the others."""
    searches = "In the year ending 31 March {}, it made 6,887 searches, or 5.5 per 1,000 population."
    assert flags(*RATES, searches.format(2023))
    assert flags(*RATES, searches.format(2024))
    assert not flags(*RATES, searches.format(2026))


def test_forces_that_are_named_have_populations_of_their_own():
    assert not flags(
        "Norshire Constabulary had 3,000 thefts, which is 3.0 per 1,000 population.",
        "Southmere Police had 3,000 thefts, which is 2.0 per 1,000 population.",
    )
    assert flags(
        "Norshire Constabulary had 3,000 thefts, which is 3.0 per 1,000 population.",
        "Norshire Constabulary had 3,000 assaults, which is 2.0 per 1,000 population.",
    )


def test_always_names_the_count_that_contradicts_it():
    (found,) = flags(
        "Supervisors always review custody records.",
        "A supervisor had reviewed custody records in 9 of 12 cases.",
    )
    assert found.claim.text == "always review custody records"
    assert (found.against.said, found.against.place.line) == ("9 of 12", 2)


@pytest.mark.parametrize(
    "statement",
    [
        "Supervisors should always review custody records.",
        "Supervisors don’t always review custody records.",
        "The force needs to make sure that supervisors always review custody records.",
        "If supervisors always review custody records, faults are found.",
        "Supervisors nearly always review custody records.",
    ],
)
def test_a_wish_or_a_denial_is_not_contradicted_by_a_count(statement):
    assert not flags(statement, "A supervisor had reviewed custody records in 9 of 12 cases.")


def test_what_is_said_twice_with_different_numbers_is_told_of_at_the_second():
    said = "In the year ending 31 March 2023, {} percent of emergency incidents were attended in time."
    (found,) = flags(said.format("41.5"), said.format("45.1"))
    assert found.claim.place.line == 2
    assert found.against.place.line == 1


def test_a_rounder_number_for_the_same_thing_is_no_contradiction():
    said = "In the year ending 31 March 2023, {} percent of emergency incidents were attended in time."
    assert not flags(said.format("41.5"), said.format("42"))


def test_a_whole_that_stands_elsewhere_is_found_by_its_words():
    (found,) = [
        c
        for c in checked(
            "It received a total of £251.8 million in funding. Reserves were £24.3 million.",
            "The precept makes up 40.7 percent of its total funding, which is £102.6 million.",
        )
        if c.claim.kind == "share of money"
    ]
    assert found.verdict is Verdict.holds
    assert found.claim.said == "£102.6 million = 40.7 percent of £251.8 million"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("In the year ending 31 March 2023, 9 of 12 were open.", "year ending 31 March 2023"),
        (
            "Between 24 October 2022 and 22 April 2024, 9 of 12 were open.",
            "24 October 2022 and 22 April 2024",
        ),
        ("In April 2024, 9 of 12 were open.", "April 2024"),
        ("We found that 9 of 12 were open in 2022/23.", "2022/23"),
        ("This began in 2021. Now 9 of 12 are open.", ""),
    ],
)
def test_a_claim_says_of_when_it_is(text, period):
    (found,) = [c for c in checked(text) if c.claim.kind == "count of a whole"]
    assert found.claim.period == period


def test_a_claim_says_what_it_is_about():
    (found,) = checked("We found that 95 out of 413 sergeants received this training.")
    assert found.claim.about == "We found that sergeants received this training"


def test_a_text_without_numbers_makes_no_claims():
    assert checked("The force is good at this.", "", "No one told us.") == ()


def test_a_long_row_of_numbers_takes_no_long_time():
    """Data that is no prose: 20,000 numbers in one passage, and each of them alone."""
    assert len(checked(" ".join(f"{n}.5" for n in range(20_000)))) == 20_000


@pytest.mark.parametrize(
    "said", ["a statistically significant improvement", "no statistically significant change"]
)
def test_significance_near_the_line_is_left_alone(said):
    """|93.0 − 88.0| = 5.0, and √(3.0² + 4.0²) = 5.0."""
    text = f"It was 93.0 percent (+/- 3.0 percent), {said} from 88.0 percent (+/- 4.0 percent)."
    (found,) = [c for c in checked(text) if c.claim.kind == "significance"]
    assert found.verdict is Verdict.cannot_be_checked


@pytest.mark.parametrize(
    "text",
    [
        "There were 5.7 searches per 1,000 people (95% confidence interval 5.6 to 5.9).",
        "95 had been on it by the end of April 2024. This is lower than the mean of the 42 forces counted, 101.0.",
        "The stops cost £2,800. Over the years that the plan looks ahead they are expected to save £350k.",
    ],
)
def test_numbers_that_only_stand_near_one_another_are_not_set_against_one_another(text):
    assert flags(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We put it at 94.2% (95% confidence interval 80.1 to 90.6).",
        "95 had been on it by the end of April 2024. This is lower than the mean of 87.",
        "The stops cost £2,800. This is higher than the average of £350k.",
    ],
)
def test_numbers_that_are_set_beside_one_another_are_held_to_it(text):
    assert len(flags(text)) == 1


def test_a_cell_that_goes_over_a_page_is_not_held_to_say_all_that_it_is_about():
    cut = "In March 2023 to May 2023, the constabulary recorded an estimated {} (95% confidence"
    assert flags(cut.format("82.6%"), cut.format("75.7%")) == []
    whole = "In March 2023 to May 2023, the constabulary recorded an estimated {} of crimes."
    assert len(flags(whole.format("82.6%"), whole.format("75.7%"))) == 1


def test_a_part_that_is_larger_than_its_whole_is_told_as_that():
    (found,) = flags("In all, 110 percent (55 of 50) said so.")
    assert found.because == "55 is more than 50, of which it is said to be a part"


def test_a_rate_that_only_one_of_several_rules_out_is_left_alone():
    """246 at 20.0 are 1,227,000 to 1,233,000 people: too many for the funding, not for 13 at 1.1 and nine at 0.7."""
    assert not flags(
        *(
            f"In the year ending 31 March 2023, it {said} population."
            for said in (
                "received £251.8 million, which was £209,000 per 1,000",
                "had 13 orders, which equated to 1.1 per 100,000",
                "had nine breaches, which equated to 0.7 per 100,000",
                "had 246 notices, which equated to 20.0 per 100,000",
            )
        )
    )


def test_always_is_not_about_a_count_that_shares_a_word_with_it():
    assert not flags(
        "Supervisors always review custody records.", "Crime records were kept in 9 of 12 cases."
    )


def test_two_numbers_of_one_paragraph_are_taken_to_be_two_things():
    said = "In the year ending 31 March 2023, {} percent of emergency incidents were attended in time."
    assert not flags(f"{said.format('41.5')} {said.format('45.1')}")


def test_a_change_to_the_same_number_is_left_alone():
    (found,) = checked("The backlog rose from 40 to 40.")
    assert found.verdict is Verdict.cannot_be_checked


def test_a_number_is_part_of_one_count_only():
    assert [c.claim.said for c in checked("It was 3 of 10 of 20 teams.")] == ["3 of 10", "20"]


def test_a_claim_does_not_go_on_into_what_a_later_sentence_says():
    (found,) = checked(
        "As Dr. Lee said, 9 of 12 were open. It is e.g. 75 percent of the time that they close."
    )[:1]
    assert found.claim.said == "9 of 12"
