"""Our intervals against every number in the published test results of Public Health England's R package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from openpeel.statistics import byar, rate, wilson

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "oracles" / "phe"
SAME = {"rtol": 1e-9, "atol": 0.0, "equal_nan": True}
METHODS = {"Exact": "exact Poisson", "Byars": "Byar", None: ""}


def rows(workbook: str, sheet: str, expected: int) -> list[dict[str, Any]]:
    """The rows of one sheet by column heading; other than the expected number of them is a failure."""
    path = FOLDER / workbook
    if not path.is_file():
        pytest.skip(f"the published test results of PHEindicatormethods are not here: {workbook}")
    heading, *lines = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    found = [
        dict(zip(heading, line, strict=True)) for line in lines if any(cell is not None for cell in line)
    ]
    assert len(found) == expected, f"expected {expected} cases in {workbook}, {sheet}; got {len(found)}"
    return found


def column(cases: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([case[name] for case in cases], dtype=np.float64)


def test_every_sheet_of_the_published_workbooks_is_compared():
    compared = {
        "testdata_Proportion.xlsx": ["testdata_Prop", "testdata_Prop_g"],
        "testdata_Rate.xlsx": ["testdata_Rate", "testdata_Rate_g"],
        "testdata_Byars_Wilson.xlsx": ["testdata_B_W"],
    }
    for workbook, sheets in compared.items():
        if not (FOLDER / workbook).is_file():
            pytest.skip(f"the published test results of PHEindicatormethods are not here: {workbook}")
        assert openpyxl.load_workbook(FOLDER / workbook, read_only=True).sheetnames == sheets


@pytest.mark.parametrize(("level", "suffix"), [(0.95, "95_0cl"), (0.998, "99_8cl")])
def test_proportions_have_the_published_wilson_intervals(level: float, suffix: str):
    cases = rows("testdata_Proportion.xlsx", "testdata_Prop", 19)
    ours = wilson(column(cases, "Numerator"), column(cases, "Denominator"), level)
    multiplier = column(cases, "multiplier")
    np.testing.assert_allclose(ours.value * multiplier, column(cases, "value"), **SAME)
    np.testing.assert_allclose(ours.lower * multiplier, column(cases, f"lower{suffix}"), **SAME)
    np.testing.assert_allclose(ours.upper * multiplier, column(cases, f"upper{suffix}"), **SAME)
    assert np.isnan(ours.value).sum() == 3, "three areas have no numerator or no denominator"


def test_proportions_of_grouped_areas_have_the_published_wilson_intervals():
    cases = rows("testdata_Proportion.xlsx", "testdata_Prop_g", 11)
    assert {case["confidence"] for case in cases} == {"95%"}
    ours = wilson(column(cases, "Numerator"), column(cases, "Denominator"), 0.95)
    np.testing.assert_allclose(ours.value, column(cases, "value"), **SAME)
    np.testing.assert_allclose(ours.lower, column(cases, "lowercl"), **SAME)
    np.testing.assert_allclose(ours.upper, column(cases, "uppercl"), **SAME)


@pytest.mark.parametrize(("level", "suffix"), [(0.95, "95_0cl"), (0.998, "99_8cl")])
@pytest.mark.parametrize(("per", "expected"), [(100, 8), (100_000, 12)])
def test_rates_have_the_published_exact_and_byar_intervals(
    level: float, suffix: str, per: int, expected: int
):
    every = rows("testdata_Rate.xlsx", "testdata_Rate", 20)
    cases = [case for case in every if case["multiplier"] == per]
    assert len(cases) == expected
    ours = rate(column(cases, "Numerator"), column(cases, "Denominator"), per, level)
    np.testing.assert_allclose(ours.value, column(cases, "value"), **SAME)
    np.testing.assert_allclose(ours.lower, column(cases, f"lower{suffix}"), **SAME)
    np.testing.assert_allclose(ours.upper, column(cases, f"upper{suffix}"), **SAME)
    assert ours.method.tolist() == [METHODS[case["method"]] for case in cases]


def test_rates_of_grouped_areas_have_the_published_exact_and_byar_intervals():
    cases = rows("testdata_Rate.xlsx", "testdata_Rate_g", 12)
    assert {(case["multiplier"], case["confidence"]) for case in cases} == {(100_000, "95%")}
    ours = rate(column(cases, "Numerator"), column(cases, "Denominator"), 100_000, 0.95)
    np.testing.assert_allclose(ours.value, column(cases, "value"), **SAME)
    np.testing.assert_allclose(ours.lower, column(cases, "lowercl"), **SAME)
    np.testing.assert_allclose(ours.upper, column(cases, "uppercl"), **SAME)
    assert ours.method.tolist() == [METHODS[case["method"]] for case in cases]


@pytest.mark.parametrize(
    ("method", "confidence", "expected"),
    [("Byars", "95%", 3), ("Byars", "99.8%", 4), ("Wilson", "95%", 3), ("Wilson", "99.8%", 3)],
)
def test_the_formulas_by_themselves_have_the_published_bounds(method: str, confidence: str, expected: int):
    every = rows("testdata_Byars_Wilson.xlsx", "testdata_B_W", 13)
    cases = [case for case in every if (case["method"], case["confidence"]) == (method, confidence)]
    assert len(cases) == expected
    level = {"95%": 0.95, "99.8%": 0.998}[confidence]
    x = column(cases, "x")
    ours = byar(x, level) if method == "Byars" else wilson(x, column(cases, "n"), level)
    np.testing.assert_allclose(ours.lower, column(cases, "lowercl"), **SAME)
    np.testing.assert_allclose(ours.upper, column(cases, "uppercl"), **SAME)
