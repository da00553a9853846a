"""The checks of a return are those its standard asks for, in its order."""

from pathlib import Path

import pytest

from intake_sample import batch, stop, stops
from openpeel.intake import checks
from openpeel.intake.checks import ALWAYS, CHECKS, COMPARING, run_checks
from openpeel.intake.checks.batch import of_rows


def test_each_check_is_in_the_registry_under_the_name_of_its_file_and_has_its_tests():
    files = {path.stem for path in Path(checks.__file__).parent.glob("*.py")} - {
        "__init__",
        "batch",
        "beside",
    }
    assert files == CHECKS.keys()
    tests = {path.name for path in Path(__file__).parent.glob("check_*_test.py")}
    assert {f"check_{name}_test.py" for name in CHECKS} <= tests


def test_what_is_always_checked_is_in_the_registry_and_so_is_what_compares():
    assert set(ALWAYS) | set(COMPARING) <= CHECKS.keys()


def test_a_clean_return_has_no_defects():
    assert run_checks(batch(stops(100))) == ()


def test_defects_stand_in_the_order_of_the_standard():
    rows = [stop("2021-02-28T00:00:00.5", latitude="")] * 20 + [stop()]
    said = [d.check for d in run_checks(batch(rows, repeated_headers=1, unrecognised={"outcome": 1}))]
    assert said == [
        "repeated_header",
        "outside_month",
        "fraction_of_second",
        "exact_duplicate",
        "unrecognised_label",
        "no_coordinates",
    ]


@pytest.mark.parametrize(
    ("rows", "total", "said"),
    [
        (0, 7, "0 of 7 rows (0%)"),
        (7, 7, "7 of 7 rows (100%)"),
        (1, 1_000, "1 of 1,000 rows (under 1%)"),
        (1_999, 2_000, "1,999 of 2,000 rows (over 99%)"),
        (1, 3, "1 of 3 rows (33%)"),
    ],
)
def test_a_share_is_none_or_all_only_where_it_is(rows, total, said):
    assert of_rows(rows, total) == said
