"""A standard says what a record looks like; whoever writes one wrongly is told which column is wrong."""

import copy
import re
import tomllib
from dataclasses import replace

import pytest

from openpeel.errors import UseError
from openpeel.intake.checks import ALWAYS, CHECKS
from openpeel.standards import load_standard, plain, standard_ids
from openpeel.standards.standard import Code, CodeList, _unambiguous, load_code_list, parse_standard

MINIMAL = """
title = "Complaint"
version = 1
date = "received"
key = ["number"]
columns = [
  { name = "number", title = "Number", type = "text" },
  { name = "received", title = "Received", type = "timestamp", required = true },
  { name = "gender", title = "Gender", type = "code", codes = "gender", personal = true },
]
checks = [{ name = "blank_column", columns = ["gender"], share = 0.5, rows = 20 }]
"""


def minimal():
    return tomllib.loads(MINIMAL)


def test_a_well_formed_standard_is_read_as_written():
    standard = parse_standard("complaint", minimal())
    assert (standard.title, standard.date, standard.key) == ("Complaint", "received", ("number",))
    assert [c.name for c in standard.columns if c.personal] == ["gender"]
    assert standard.column("gender").codes.title_of("female") == "Female"
    with pytest.raises(KeyError):
        standard.column("officer")


def wrong(path, value):
    """A standard in which one thing is something else; None takes it out."""
    raw = minimal()
    *way, last = path
    place = raw
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["columns", 0, "type"], "string", "column 'number' has type 'string', expected one of text, code"),
        (["columns", 0, "type"], None, "column 'number' has no 'type'"),
        (["columns", 0, "title"], None, "column 'number' has no 'title'"),
        (["columns", 0, "name"], None, "column 1 has no 'name'"),
        (
            ["columns", 0, "codes"],
            "gender",
            "column 'number' needs a code list if, and only if, it is a code",
        ),
        (["columns", 2, "codes"], None, "column 'gender' needs a code list"),
        (
            ["columns", 2, "codes"],
            "sexes",
            "column 'gender' wants the code list 'sexes', which does not exist",
        ),
        (["columns", 2, "private"], True, "column 'gender' has 'private', which means nothing here"),
        (["columns", 2, "personal"], "no", "column 'gender' has personal = 'no', expected true or false"),
        (["columns", 1, "required"], 1, "column 'received' has required = 1, expected true or false"),
        (["columns", 0, "name"], "gender", "column 'gender' is named twice"),
        (["columns", 0, "title"], "GENDER ", "column 'number' has the title of another"),
        (["columns", 0, "name"], "record_month", "column 'record_month' is a name that intake uses itself"),
        (["date"], "closed", "column 'closed' is not among the columns"),
        (["key"], ["reference"], "column 'reference' is not among the columns"),
        (["checks", 0, "columns"], ["rank"], "column 'rank' is not among the columns"),
        (["checks", 0, "column"], "rank", "column 'rank' is not among the columns"),
        (
            ["date"],
            "number",
            "column 'number' is the date, expected a timestamp, date or month that is required",
        ),
        (
            ["columns", 1, "required"],
            None,
            "column 'received' is the date, expected a timestamp, date or month",
        ),
        (["columns"], None, "there is no 'columns'"),
        (["title"], None, "there is no 'title'"),
        (["version"], None, "there is no 'version'"),
        (["date"], None, "there is no 'date'"),
    ],
)
def test_a_malformed_standard_is_refused_and_the_column_named(path, value, said):
    with pytest.raises(ValueError, match=re.escape(f"standard complaint: {said}")):
        parse_standard("complaint", wrong(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["title"], "Complaints"),
        (["version"], 2),
        (["key"], []),
        (["checks", 0, "share"], 0.6),
        (["checks", 0, "name"], "midnight"),
        (["checks"], None),
        (["columns", 0, "title"], "No."),
        (["columns", 0, "name"], "reference_number"),
        (["columns", 0, "type"], "number"),
        (["columns", 0, "personal"], True),
        (["columns", 0, "required"], True),
        (["columns", 2, "codes"], "search_type"),
        (["columns", 2], {"name": "officer", "title": "Officer", "type": "text"}),
    ],
)
def test_the_hash_changes_with_anything_the_standard_says(path, value):
    raw = wrong(path, value)
    names = {c["name"] for c in raw["columns"]}
    raw["key"] = [k for k in raw["key"] if k in names]
    for check in raw.get("checks", []):
        check["columns"] = [n for n in check["columns"] if n in names]
    before = parse_standard("complaint", minimal()).hash
    assert parse_standard("complaint", raw).hash != before


def test_the_hash_changes_with_a_single_label_of_a_code_list():
    before = parse_standard("complaint", minimal())
    gender = before.column("gender")
    male = replace(gender.codes.codes[0], superseded=("M",))
    codes = replace(gender.codes, codes=(male, *gender.codes.codes[1:]))
    columns = (*before.columns[:2], replace(gender, codes=codes))
    assert replace(before, columns=columns).hash != before.hash


def test_the_hash_is_the_same_for_the_same_content():
    raw = minimal()
    raw["checks"] = [dict(reversed(check.items())) for check in copy.deepcopy(raw["checks"])]
    assert parse_standard("complaint", raw).hash == parse_standard("complaint", minimal()).hash


def test_each_standard_that_is_shipped_can_be_read_and_has_a_hash_of_its_own():
    standards = [load_standard(i) for i in standard_ids()]
    assert {"crime", "outcome", "stop_search", "call", "bail", "finance"} < set(standard_ids())
    assert len({s.title for s in standards}) == len(standards)
    assert len({s.hash for s in standards}) == len(standards)
    assert all(re.fullmatch("[0-9a-f]{12}", s.hash) for s in standards)


def test_each_standard_asks_for_checks_that_exist():
    assert {name for i in standard_ids() for name, _ in load_standard(i).checks} <= CHECKS.keys()


def test_each_check_that_exists_is_asked_for_or_always_made():
    assert {name for i in standard_ids() for name, _ in load_standard(i).checks} | set(
        ALWAYS
    ) == CHECKS.keys()


def test_an_unknown_standard_is_refused_with_those_there_are():
    with pytest.raises(
        UseError, match=r"no standard 'arrests'.*The standards are arrest, asb_incident, bail, call"
    ):
        load_standard("arrests")


LISTS = sorted(
    {c.codes.id for i in standard_ids() for c in load_standard(i).columns if c.codes}, key=lambda name: name
)


@pytest.mark.parametrize("list_id", LISTS)
def test_each_label_stands_for_one_code_however_it_is_written(list_id):
    codes = load_code_list(list_id)
    meant = {}
    for code in codes.codes:
        for label in (code.code, *code.labels, *code.superseded):
            assert meant.setdefault(plain(label), code.code) == code.code
    assert len({c.code for c in codes.codes}) == len(codes.codes)
    assert codes.by_label().keys() >= codes.superseded_labels()


@pytest.mark.parametrize(
    "labels", [["Arrest", "Arrest"], ["Arrest", "ARREST"], ["Drugs warning", "Drugs  warning"]]
)
def test_a_label_for_two_codes_is_refused(labels):
    codes = CodeList("outcome", "Outcome", tuple(Code(f"c{i}", "", (s,)) for i, s in enumerate(labels)))
    with pytest.raises(ValueError, match="stands for two codes"):
        _unambiguous(codes)


@pytest.mark.parametrize("label", ["", "Unrecognised"])
def test_neither_a_blank_nor_the_word_for_unknown_labels_can_be_a_label(label):
    with pytest.raises(ValueError, match="cannot be a label"):
        _unambiguous(CodeList("outcome", "Outcome", (Code("arrest", "Arrest", (label,)),)))
