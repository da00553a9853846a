"""Numbers and words of comparison that a writer typed: what is prose, and what a figure has to say."""

import pytest

from report_lake import HEAD, resolved

CALLS = "calls_999_answered_in_10_seconds"
SHARE = f'{{{{ share("{CALLS}") }}}}'
WAIT = '{{ value("calls_101_waiting_seconds") }}'  # above the mean of the forces
HANDLING = '{{ value("call_handling_seconds", group="101") }}'  # below it
SEARCHES = '{{ rate("searches_per_1000") }}'
GROUNDS = '{{ estimate("reasonable_grounds", audit="stop_search") }}'  # better than in the audit before
RESULTS = '{{ estimate("item_found", audit="stop_search") }}'  # no significant change


@pytest.fixture
def problems(report_lake, tmp_path):
    def one(text, **options):
        return resolved(report_lake, tmp_path / "report.md", f"{text}\n", **options).problems

    return one


@pytest.mark.parametrize(
    "text",
    [
        "On 31 March 2023, in 2014, in April 2024 and in 2023–2025.",
        "The power is in section 136, and outcome 18 is another thing.",
        "All 43 forces answer 999 calls, and we look at ten areas of policing.",
        "Calls are to be answered within 10 seconds, and searches reviewed within the last 12 months.",
        "A two-day course, a three-year plan, the first and the third of them, no one and one officer.",
        f"There were {SEARCHES} searches per 1,000 population.",
        "## 2023 in brief\n\nText.",
    ],
)
def test_numbers_that_are_no_figures_are_recognised(problems, text):
    assert not problems(text)


@pytest.mark.parametrize(
    ("text", "number", "column"),
    [
        ("The force answered 81.5% of calls.", "81.5%", 20),
        ("It made 128 searches.", "128", 9),
        ("It trained five officers.", "five", 12),
        ("It trained twenty-three officers.", "twenty-three", 12),
        ("Callers waited for 12 minutes.", "12", 20),
        ("It cost £2,800.", "£2,800", 9),
        ("Half of them agreed.", "Half", 1),
        ("About ½ of them agreed.", "½", 7),
        ("It made ٣ searches.", "٣", 9),
        ("It made `128` searches.", "128", 10),
        ("- It made **128** searches.", "128", 13),
        ("## The force made 128 searches\n\nText.", "128", 19),
        ("::: note It made 128 searches\nText.\n:::", "128", 18),
        ("[It made 128 searches](https://example.org/128)", "128", 10),
        (f"The force made {SEARCHES}0 searches.", "0", 47),
    ],
)
def test_a_number_that_was_typed_stops_the_report(problems, text, number, column):
    (found,) = problems(text)
    assert f"the number '{number}' is typed" in found.message
    assert (found.line, found.column) == (7, column)
    assert f'fixed("{number}", because=' in found.advice


def test_a_number_in_the_title_stops_the_report(problems):
    (found,) = problems("Text.", head=HEAD.replace("A report", "The force made 128 searches"))
    assert found.line == 2


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("The force answered 81.5% of 999 calls.", f'{{{{ share("{CALLS}") }}}}'),
        ("It answered 3,030 calls within 10 seconds.", f'{{{{ of("{CALLS}") }}}}'),
        ("It made 128 searches.", '{{ count("searches") }}'),
        ("Nine people had a community resolution.", '{{ of("outcome", group="community_resolution") }}'),
        ("Grounds were reasonable in 94.2%.", '{{ share("reasonable_grounds", audit="stop_search") }}'),
    ],
)
def test_the_figures_that_a_typed_number_may_be_are_named(problems, text, reference):
    (found,) = problems(text)
    assert reference in found.advice


def test_a_number_that_no_figure_comes_to_says_so(problems):
    (found,) = problems("It made 987,654 searches.")
    assert "No figure held comes to it" in found.advice


def test_a_number_that_was_marked_as_no_figure_is_left(problems):
    assert not problems('Within {{ fixed("72 hours", because="the limit in law") }} of it.')


def test_a_second_percent_sign_is_noticed(problems):
    (found,) = problems(f"It answered {SHARE}%.")
    assert "prints its percent sign itself" in found.message
    assert not problems('{{ rate("searches_per_1000") }} percent-free.')


PROSE = [
    "There are three-year plans, areas for improvement, and a wish to improve how crime is recorded.",
    "Training can increase confidence. The force has improved its processes since our last inspection.",
    "The programme is in line with the standards of the College of Policing.",
    "Supervisors above the rank of sergeant do more than they have to.",
    "The number of investigations was reduced, and demand fell away.",
    f"Of {SHARE} of calls, many callers said the service improved their day.",
    f"With {SHARE} answered, leaders increased scrutiny of the rest.",
    f"People were {SEARCHES} more likely than others to be searched.",
    "The force requires improvement at responding to the public. No change was made to the rota.",
]


@pytest.mark.parametrize("text", PROSE)
def test_ordinary_prose_is_no_comparison(problems, text):
    assert not problems(text)


@pytest.mark.parametrize(
    "text",
    [
        f"It answered {SHARE}, in line with other forces.",
        f"It answered {SHARE}. This is in line with the average for forces in England and Wales.",
        f"It answered {SHARE}, below the national standard.",
        f"Callers waited {WAIT} seconds, longer than in other forces.",
        f"Callers waited {WAIT} seconds, above the average of all forces.",
        f"A call took {HANDLING} seconds, less than the average.",
        f'It answered {SHARE}, close to the mean of {{{{ average("{CALLS}") }}}}.',
        f"Grounds were reasonable in {GROUNDS}. This is a statistically significant improvement.",
        f"The share with reasonable grounds rose to {GROUNDS}.",
        f"In {RESULTS} something was found, with no significant change since our previous audit.",
        f'{SEARCHES} is higher than {{{{ rate("calls_999_per_1000") }}}}.'.replace("higher", "lower"),
    ],
)
def test_words_that_a_verdict_bears_out_may_be_typed(problems, text):
    assert not problems(text)


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        (f"It answered {SHARE}, higher than other forces.", "higher than", "in line with"),
        (f"It answered {SHARE}. This was lower than the average.", "lower than", "in line with"),
        (f"It answered {SHARE}, above the national standard.", "above", "does not stand so"),
        (f"Callers waited {WAIT} seconds, in line with other forces.", "in line with", "higher than"),
        (
            f"Callers waited {WAIT} seconds, significantly higher than other forces.",
            "significantly",
            "higher than",
        ),
        (f"Callers waited {WAIT} seconds, better than other forces.", "better than", "higher than"),
        (f"A call took {HANDLING} seconds, above average.", "above", "lower than"),
        (
            "It is significantly higher than in other forces.",
            "significantly higher than",
            "no figure stands beside",
        ),
        (f"Grounds were reasonable in {GROUNDS}, a fall since the previous audit.", "a fall", "improvement"),
        (f"The share fell to {GROUNDS}.", "fell", "improvement"),
        (
            f"In {RESULTS} something was found. This is a significant improvement.",
            "significant",
            "no significant",
        ),
        (f"In {RESULTS} something was found. The share rose to {RESULTS}.", "rose", "no significant change"),
        ("This is a statistically significant improvement.", "statistically", "none stands beside it"),
        (
            f'{SEARCHES} is higher than {{{{ rate("calls_999_per_1000") }}}}.',
            "higher than",
            "do not stand so",
        ),
        (
            f"The number of searches per head has fallen to {SHARE} since the year before.",
            "fallen",
            "not assessed",
        ),
        (
            'A rate of {{ share("outcome", group="summons") }} is lower than in other forces.',
            "lower",
            "not compared",
        ),
    ],
)
def test_words_against_the_verdict_stop_the_report_and_say_what_it_is(problems, text, words, right):
    (found,) = problems(text)
    assert words in found.message.partition("' ")[0]
    assert right in found.message
    assert found.column == text.index(words) + 1 or words in text[found.column - 1 :]
    assert "{{" in found.advice or "Leave" in found.advice


def test_words_that_compare_no_figure_may_be_marked(problems):
    marked = '{{ fixed("in line with other forces", because="of its structure, not of a figure") }}'
    assert not problems(f"It answered {SHARE} and is organised {marked}.")


def test_a_number_in_the_same_sentence_of_another_paragraph_lends_no_verdict(problems):
    assert problems(f"It answered {SHARE}.\n\nThis is in line with other forces.")
