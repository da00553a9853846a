"""Comparisons against published worked examples and against R, run live where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest
from scipy import stats

from openpeel.statistics.change import Correction, adjusted_p, newcombe, several_forces, two_sample_z

# Newcombe (1998), table II, method 10: the eight worked contrasts (a of m, b of n) with four decimals.
PUBLISHED = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]

P_VALUES = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
P_VALUES += [0.5719, 0.6528, 0.7590, 1.0]  # the fifteen of Benjamini and Hochberg (1995), section 3.3


@pytest.mark.parametrize(("a", "m", "b", "n", "lower", "upper"), PUBLISHED)
def test_newcombes_published_examples(a: int, m: int, b: int, n: int, lower: float, upper: float):
    ours = newcombe(a, m, b, n)
    assert (round(float(ours.lower), 4), round(float(ours.upper), 4)) == (lower, upper)


def test_benjamini_and_hochberg_find_four_and_holm_three_in_their_published_example():
    assert (adjusted_p(P_VALUES, "benjamini-hochberg") <= 0.05).sum() == 4
    assert (adjusted_p(P_VALUES, "holm") <= 0.05).sum() == 3


@pytest.mark.parametrize(
    ("correction", "in_r"), [("holm", "holm"), ("benjamini-hochberg", "BH"), ("none", "none")]
)
def test_corrections_are_those_of_p_adjust_in_r(correction: Correction, in_r: str):
    rng = np.random.default_rng(3)
    for p in (np.array(P_VALUES), rng.uniform(size=60) ** 3, np.round(rng.uniform(size=40), 1)):
        np.testing.assert_allclose(adjusted_p(p, correction), in_r_adjusted(p, in_r), rtol=1e-12)


def in_r_adjusted(p: np.ndarray, method: str) -> list[float]:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed here: the stored numbers are compared all the same")
    given = ",".join(repr(float(each)) for each in p)
    code = f'cat("[", paste(sprintf("%.17g", p.adjust(c({given}), "{method}")), collapse=","), "]")'
    answer = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True, timeout=60)
    numbers: list[float] = json.loads(answer.stdout)
    return numbers


def test_corrections_are_those_that_r_gave_when_it_was_asked():
    # R 4.2.2, p.adjust(p, "holm") and p.adjust(p, "BH")
    holm = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1]
    hochberg = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571429, 0.0638571428571429, 0.0645]
    hochberg += [0.0765, 0.486, 0.581181818181818, 0.714875, 0.753230769230769, 0.813214285714286, 1]
    np.testing.assert_allclose(adjusted_p(P_VALUES, "holm"), holm, rtol=1e-12)
    np.testing.assert_allclose(adjusted_p(P_VALUES, "benjamini-hochberg"), hochberg, rtol=1e-12)


def test_corrections_are_those_of_scipy():
    p = np.random.default_rng(5).uniform(size=100) ** 2
    np.testing.assert_allclose(
        adjusted_p(p, "benjamini-hochberg"), stats.false_discovery_control(p), rtol=1e-12
    )


def test_no_more_than_the_level_is_called_significant_when_nothing_differs():
    rng = np.random.default_rng(20)
    se = rng.uniform(0.5, 2, (2, 20_000))
    values = rng.normal(90, se)
    p = two_sample_z(values[0], se[0], values[1], se[1]).p
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_holm_holds_the_chance_of_one_false_word_about_any_of_43_forces():
    rng = np.random.default_rng(21)
    se = rng.uniform(0.5, 2, 43)
    rounds = [several_forces(rng.normal(90, se), se) for _ in range(2000)]
    wrong = np.mean([(each.adjusted < 0.05).any() for each in rounds])
    uncorrected = np.mean([(each.p < 0.05).any() for each in rounds])
    assert wrong < 0.065, "0.05 and three standard errors of 2,000 rounds"
    assert uncorrected > 0.5, "without correction most rounds would accuse somebody"
