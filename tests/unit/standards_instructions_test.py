"""What a force is told about a column agrees with how the column is read."""

import tomllib

import pytest

from openpeel.intake.coding import Coder
from openpeel.standards import Code, load_standard, standard_ids
from openpeel.standards.instructions import (
    FIRST_YEAR,
    LAST_YEAR,
    blank_in_a_tally,
    exact,
    form,
    instructions,
    label_to_write,
    record_is,
    titles,
    values_to_write,
)
from openpeel.standards.standard import parse_standard


def column(settings):
    raw = tomllib.loads(f"""
    title = "Call"
    version = 1
    date = "month"
    columns = [
      {{ name = "month", title = "Month", type = "month", required = true }},
      {{ name = "asked", title = "Asked", {settings} }},
    ]
    """)
    return parse_standard("call", raw).column("asked")


def coded(standard, name, text):
    """What a cell is read as; None where its row is rejected. And whether a label was not known, or old."""
    coder = Coder(standard, [(name, 0)])
    values, accepted, _ = coder.code([[text]], [2])
    odd = sum(coder.labels.unrecognised.values()) + sum(coder.labels.superseded.values())
    return (values[name][0] if accepted else None), odd


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('type = "text"', "Text."),
        ('type = "boolean"', "True or False."),
        ('type = "timestamp"', "A date and time, such as 2021-03-31 14:05."),
        ('type = "date"', "A day, such as 2021-03-31."),
        ('type = "month"', "A month, such as 2021-03."),
        ('type = "code", codes = "gender"', "A value of the list 'Gender as recorded'."),
        ('type = "number"', "A number."),
        ('type = "number", unit = "GBP", least = 0', "A number, 0 or more, in GBP."),
        ('type = "number", most = 2.5', "A number, 2.5 or less."),
        (
            'type = "whole", least = 1, most = 1e6, unit = "seconds"',
            "A whole number, from 1 to 1,000,000, in seconds.",
        ),
    ],
)
def test_the_form_of_a_value_is_said_with_its_limits_and_unit(settings, said):
    assert form(column(settings)) == said


@pytest.mark.parametrize(("kind", "example"), [("timestamp", 16), ("date", 10), ("month", 7)])
def test_the_example_that_is_given_is_read(kind, example):
    standard = parse_standard(
        "call",
        {
            "title": "Call",
            "version": 1,
            "date": "when",
            "columns": [{"name": "when", "title": "When", "type": kind, "required": True}],
        },
    )
    said = form(standard.column("when")).removesuffix(".")
    value, _ = coded(standard, "when", said[-example:])
    assert value is not None
    for year, taken in (
        (FIRST_YEAR, True),
        (LAST_YEAR, True),
        (FIRST_YEAR - 1, False),
        (LAST_YEAR + 1, False),
    ):
        value, _ = coded(standard, "when", said[-example:].replace("2021", str(year)))
        assert (value is not None) is taken


@pytest.mark.parametrize("standard_id", standard_ids())
def test_each_value_that_is_offered_is_read_as_the_code_it_stands_for(standard_id):
    standard = load_standard(standard_id)
    for asked in standard.columns:
        offered = values_to_write(asked)
        expected = [c.code for c in asked.codes.codes] if asked.codes else [True, False][: len(offered)]
        assert [coded(standard, asked.name, value) for value in offered] == [(code, 0) for code in expected]
        assert len(offered) == len(set(offered))


@pytest.mark.parametrize("standard_id", standard_ids())
def test_there_is_an_instruction_for_each_column(standard_id):
    standard = load_standard(standard_id)
    told = instructions(standard)
    assert [t.title for t in told] == [c.title for c in standard.columns]
    assert [t.needed for t in told] == [c.required for c in standard.columns]
    assert [t.personal for t in told] == [c.personal for c in standard.columns]
    for instruction, asked in zip(told, standard.columns, strict=True):
        assert instruction.allowed
        assert asked.about.rstrip(".") in instruction.write
        assert instruction.write.endswith((".", "?", "!"))


def test_the_label_to_write_is_the_title_where_that_is_read_and_never_an_old_one():
    assert label_to_write(Code("a", "Title", ("First", "Title"))) == "Title"
    assert label_to_write(Code("a", "Title", ("First", "Second"))) == "First"
    assert label_to_write(Code("a", "Title", ())) == "a"
    assert label_to_write(Code("a", "Old", ("New",), superseded=("Old",))) == "New"


def test_a_bound_is_said_with_all_its_digits():
    assert [exact(x) for x in (0, 10.0, 1234567.0, 0.25)] == ["0", "10", "1,234,567", "0.25"]


def test_a_standard_that_says_little_is_told_in_few_lines():
    raw = {
        "title": "Call",
        "version": 1,
        "date": "month",
        "columns": [{"name": "month", "title": "Month", "type": "month", "required": True}],
    }
    assert [heading for heading, _ in record_is(parse_standard("call", raw))] == ["Standard", "When"]
    assert titles([]) == ""
    more = {**raw, "area": "responding", "about": "A call", "key": ["month"]}
    assert [heading for heading, _ in record_is(parse_standard("call", more))] == [
        *("Standard", "Area", "One record", "When", "Which"),
    ]


def test_what_tells_one_record_from_another_is_blank_in_a_tally_and_what_is_needed_is_not():
    raw = {
        "title": "Volunteer",
        "version": 1,
        "date": "month",
        "key": ["ref", "scheme", "month", "gender"],
        "columns": [
            {"name": "month", "title": "Month", "type": "month", "required": True},
            {"name": "ref", "title": "Reference", "type": "text"},
            {"name": "scheme", "title": "Scheme", "type": "text", "required": True},
            {"name": "gender", "title": "Gender", "type": "code", "codes": "gender"},
        ],
    }
    standard = parse_standard("volunteer", raw)
    assert [c.name for c in blank_in_a_tally(standard)] == ["ref"]
    assert titles(map(standard.column, standard.key[:3])) == "'Reference', 'Scheme' and 'Month'"
    assert dict(record_is(standard))["Which"].endswith(
        "'Month' and 'Gender' together say which record it is."
    )
