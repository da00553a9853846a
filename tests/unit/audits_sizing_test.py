"""How many cases an audit needs, and how they are shared among strata."""

import math

import pytest

from audit_sample import begin
from openpeel.audits.drawing import Plan
from openpeel.audits.sizing import Sizing, size_audit
from openpeel.audits.strata_file import PlannedStratum, read_strata
from openpeel.errors import DataError, UseError
from openpeel.statistics.sampling import stratified_half_width

STRATA = (
    PlannedStratum("log", 8000, 0.8, None),
    PlannedStratum("direct", 1950, 0.95, None),
    PlannedStratum("vulnerable", 50, 0.9, None),
)


def test_nine_in_ten_to_within_three_points_takes_385_cases_and_fewer_of_a_small_frame():
    assert size_audit(Sizing(0.03, 0.9, None)).n == 385  # Cochran: 1.96² × 0.09 ÷ 0.03² = 384.1
    of_frame = size_audit(Sizing(0.03, 0.9, 6887))
    assert of_frame.n == math.ceil(384.15 / (1 + 383.15 / 6887)) == 364
    assert of_frame.half_width <= 0.03


@pytest.mark.parametrize("allocation", ["proportional", "neyman", "equal"])
def test_the_fewest_cases_that_give_the_margin_are_found(allocation):
    found = size_audit(Sizing(0.03, None, None, allocation), STRATA)
    assert found.half_width <= 0.03
    assert sum(s.n for s in found.strata) == found.n
    assert all(s.n >= 2 for s in found.strata)
    sizes, expected = {s.label: s.cases for s in STRATA}, {s.label: s.expected for s in STRATA}
    fewer = {s.label: s.n for s in found.strata}
    fewer["log"] -= max(3, found.n // 100)
    assert stratified_half_width(sizes, fewer, expected) > 0.03


def test_neyman_needs_no_more_cases_than_sharing_in_proportion():
    proportional, neyman = (
        size_audit(Sizing(0.03, None, None, how), STRATA).n for how in ("proportional", "neyman")
    )
    assert neyman <= proportional


def test_one_share_may_be_expected_for_all_strata_and_must_be_for_those_without_one():
    strata = (PlannedStratum("log", 8000, None, None), PlannedStratum("direct", 2000, 0.9, None))
    assert size_audit(Sizing(0.03, 0.9, None), strata).n > 300
    with pytest.raises(UseError, match="'log'"):
        size_audit(Sizing(0.03, None, None), strata)


@pytest.mark.parametrize(
    ("sizing", "said"),
    [
        (Sizing(0.03, None, None), "--expected"),
        (Sizing(0.03, 1.0, None), "share between 0 and 1"),
        (Sizing(0.0, 0.9, None), "margin between 0 and 1"),
        (Sizing(0.03, 0.9, None, level=1.0), "level between 0 and 1"),
        (Sizing(0.03, 0.9, None, deff=0.0), "design effect above 0"),
    ],
)
def test_what_cannot_be_sized_is_wrong_use_in_words(sizing, said):
    with pytest.raises(UseError, match=said):
        size_audit(sizing)


def test_strata_that_do_not_add_up_to_the_frame_are_refused():
    with pytest.raises(UseError, match="10,000 cases of the strata, got 9,000"):
        size_audit(Sizing(0.03, None, 9000), STRATA)
    with pytest.raises(UseError, match="'x'"):
        size_audit(Sizing(0.03, 0.9, None), (PlannedStratum("x", 0, None, None),))


def strata_file(tmp_path, text):
    path = tmp_path / "strata.csv"
    path.write_text(text)
    return path


def test_a_file_of_strata_says_what_it_knows(tmp_path):
    found = read_strata(strata_file(tmp_path, 'stratum,cases,expected\na,"1,200",0.9\nb,,\n'))
    assert found == (PlannedStratum("a", 1200, 0.9, None), PlannedStratum("b", None, None, None))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stratum,size\na,5\n", "expected the columns stratum, cases, expected, minimum"),
        ("stratum,cases\na,5\na,6\n", "row 3, column 'stratum'"),
        ("stratum,cases\n,5\n", "row 2, column 'stratum'"),
        ("stratum,cases\na,-5\n", "row 2, column 'cases'.*whole number"),
        ("stratum,expected\na,90\n", "row 2, column 'expected'.*between 0 and 1"),
        ("stratum,expected\na,nan\n", "row 2, column 'expected'"),
        ("stratum,cases\na\n", "row 2"),
        ("stratum,cases\n", "one stratum or more"),
    ],
)
def test_what_is_wrong_in_a_file_of_strata_is_said_by_row_and_column(tmp_path, text, said):
    with pytest.raises(DataError, match=said):
        read_strata(strata_file(tmp_path, text))


def test_reserves_are_a_tenth_of_each_stratum_and_no_more_than_are_left(tmp_path):
    audit = begin(
        tmp_path,
        "crime_data_integrity",
        {("incident", "a"): 500, ("direct", "b"): 12},
        Plan(40, "random", "equal", (("direct / b", 12),)),
    )
    found = {s.label: (len(s.sample), len(s.reserve)) for s in audit.draw.drawn.strata}
    assert found["direct / b"] == (20, 0) or found["direct / b"] == (12, 0)
    sample, reserves = found["incident / a"]
    assert reserves == math.ceil(sample / 10)


def test_every_stratum_gets_two_cases_or_all_it_has(tmp_path):
    sizes = {("incident", "rare"): 3, ("incident", "common"): 9000, ("direct", "single"): 1}
    audit = begin(tmp_path, "crime_data_integrity", sizes, 100)
    drawn = {s.label: len(s.sample) for s in audit.draw.drawn.strata}
    assert drawn == {"incident / rare": 2, "incident / common": 97, "direct / single": 1}
