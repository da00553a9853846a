"""Kappa and AC against published worked examples, a plain definition, the jackknife and repeated samples."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from openpeel.statistics.agreement import Weights, agreement

# Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed., table 13.1: two diagnoses of 100.
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# R package irrCAC, data set cont3x3abstractors, with the results printed in its vignette.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
# SAS/STAT User's Guide, the FREQ procedure, agreement study: skin condition, terrible to clear.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
TABLES = [DIAGNOSES, ABSTRACTORS, SKIN, [[20, 5], [10, 15]], [[118, 5], [2, 0]]]
WEIGHTS: list[Weights] = ["nominal", "linear", "quadratic"]


def coded(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


def test_fleiss_published_kappa_and_its_interval():
    ours = agreement(*coded(DIAGNOSES)).kappa
    assert round(float(ours.value), 2) == 0.68
    assert (round(float(ours.lower), 2), round(float(ours.upper), 2)) == (0.50, 0.85)


def test_gwets_published_kappa_and_ac1_with_their_standard_errors():
    ours = agreement(*coded(ABSTRACTORS))
    assert float(ours.kappa.value) == pytest.approx(0.7964094, abs=5e-8)
    assert ours.kappa_se == pytest.approx(0.05891072, abs=5e-9)
    assert float(ours.ac.value) == pytest.approx(0.8493305, abs=5e-8)
    assert ours.ac_se == pytest.approx(0.04321747, abs=5e-9)


def test_sas_published_simple_and_weighted_kappa():
    simple, weighted = agreement(*coded(SKIN)), agreement(*coded(SKIN), "linear", [0, 1, 2, 3])
    assert [round(float(x), 4) for x in (simple.kappa.value, simple.kappa_se)] == [0.3449, 0.0724]
    assert [round(float(x), 4) for x in (simple.kappa.lower, simple.kappa.upper)] == [0.2030, 0.4868]
    assert [round(float(x), 4) for x in (weighted.kappa.value, weighted.kappa_se)] == [0.5082, 0.0655]
    assert [round(float(x), 4) for x in (weighted.kappa.lower, weighted.kappa.upper)] == [0.3798, 0.6366]


def weight_of(i: int, j: int, size: int, weights: Weights) -> float:
    if weights == "nominal":
        return float(i == j)
    return 1 - (abs(i - j) / (size - 1)) ** (1 if weights == "linear" else 2)


def by_definition(first: list[int], second: list[int], size: int, weights: Weights) -> tuple[float, float]:
    """Kappa and AC counted over cases and pairs of cases, with no table at all."""
    n = len(first)
    seen = sum(weight_of(a, b, size, weights) for a, b in zip(first, second, strict=True)) / n
    # Kappa's chance: the first coder's label of any case against the second coder's of any case.
    by_chance = sum(weight_of(a, b, size, weights) for a, b in product(first, second)) / n**2
    pooled = [(first.count(k) + second.count(k)) / (2 * n) for k in range(size)]
    total = sum(weight_of(i, j, size, weights) for i, j in product(range(size), repeat=2))
    gwet = total / (size * (size - 1)) * sum(share * (1 - share) for share in pooled)
    return (seen - by_chance) / (1 - by_chance), (seen - gwet) / (1 - gwet)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("table", TABLES)
def test_kappa_and_ac_are_what_their_definition_counts(table: list[list[int]], weights: Weights):
    size = len(table)
    ours = agreement(*coded(table), weights, range(size))
    kappa, ac = by_definition(*coded(table), size, weights)
    assert float(ours.kappa.value) == pytest.approx(kappa, rel=1e-12)
    assert float(ours.ac.value) == pytest.approx(ac, rel=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("table", TABLES)
def test_standard_errors_are_near_the_jackknife_in_large_samples(table: list[list[int]], weights: Weights):
    large = 20 * np.array(table)
    n, size = int(large.sum()), len(table)
    without, times = [], []
    for i, j in zip(*np.nonzero(large), strict=True):
        less = large.copy()
        less[i, j] -= 1
        left = agreement(*coded(less.tolist()), weights, range(size))
        without.append((float(left.kappa.value), float(left.ac.value)))
        times.append(large[i, j])
    spread = np.array(without) - np.average(without, axis=0, weights=times)
    jackknife = np.sqrt((n - 1) / n * (np.array(times)[:, None] * spread**2).sum(axis=0))
    ours = agreement(*coded(large.tolist()), weights, range(size))
    assert ours.kappa_se == pytest.approx(jackknife[0], rel=0.01)
    assert ours.ac_se == pytest.approx(jackknife[1], rel=0.01)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_95_percent_intervals_hold_the_truth_about_95_times_in_100(weights: Weights):
    rng = np.random.default_rng(9)
    population = np.array(SKIN) / np.sum(SKIN)
    truth = agreement(*coded(SKIN), weights, range(4))
    held = np.zeros(2)
    rounds = 1500
    for _ in range(rounds):
        drawn = rng.multinomial(300, population.ravel()).reshape(4, 4)
        ours = agreement(*coded(drawn.tolist()), weights, range(4))
        held += [
            part.lower <= whole.value <= part.upper
            for part, whole in ((ours.kappa, truth.kappa), (ours.ac, truth.ac))
        ]
    assert (abs(held / rounds - 0.95) < 0.02).all(), held / rounds
