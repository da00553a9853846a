"""When "plus or minus" may be printed: 30 cases with, 30 without, 30 degrees of freedom, and nothing less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from openpeel.statistics.design import survey_design
from openpeel.statistics.survey import mean, proportion
from openpeel.statistics.survey_interval import wald_holds


def answers(cases: int, of: int) -> list[bool]:
    return [True] * cases + [False] * (of - cases)


def allowed(cases: int, of: int, **design: Any) -> bool:
    given = {"weights": [1] * of} if "population" not in design else {"strata": ["all"] * of}
    return bool(wald_holds(proportion(survey_design(**given, **design), answers(cases, of))))


@pytest.mark.parametrize(
    ("cases", "of", "holds"),
    [
        (22, 23, False),
        (65, 68, False),
        (90, 93, False),
        (213, 226, False),
        (197, 226, False),  # 29 without
        (196, 226, True),  # 30 without
        (29, 226, False),  # the property may be the rare side
        (30, 226, True),
        (170, 200, True),  # 30 by decimal fractions, which binary ones round
        (1015, 1150, True),
        (0, 226, False),
        (226, 226, False),
    ],
)
def test_an_audit_of_single_cases_needs_30_on_each_side(cases: int, of: int, holds: bool):
    assert allowed(cases, of) is holds


def test_a_share_in_everyone_is_not_subject_to_sampling():
    assert allowed(22, 23, population=23)
    assert allowed(23, 23, population=23)


def test_having_drawn_most_of_the_population_does_not_make_cases_more():
    # As precise as a simple random sample of 729, and yet three cases without; one case alone is left to chance.
    assert not allowed(65, 68, population=75)
    assert not allowed(300, 399, population=400)
    assert allowed(300, 399, population=4000)


def test_crimes_of_one_incident_that_agree_count_once():
    def pairs(without: int, of: int) -> bool:
        design = survey_design(weights=[1] * 2 * of, clusters=np.repeat(np.arange(of), 2))
        return bool(wald_holds(proportion(design, np.repeat(answers(of - without, of), 2))))

    assert not pairs(20, 100)  # 40 crimes without, in 20 incidents
    assert pairs(31, 100)


def test_unequal_weights_count_for_fewer_cases():
    def weighted(heavy: float) -> bool:
        design = survey_design(weights=[1.0] * 160 + [heavy] * 40)
        return bool(wald_holds(proportion(design, answers(30, 40) * 5)))

    assert weighted(1)  # 50 without
    assert not weighted(20)


@pytest.mark.parametrize(("batches", "holds"), [(12, False), (30, False), (31, True)])
def test_few_units_are_not_enough_however_many_cases_they_hold(batches: int, holds: bool):
    design = survey_design(weights=[1] * 20 * batches, clusters=np.repeat(np.arange(batches), 20))
    crimes = np.random.default_rng(1).permutation(answers(15 * batches, 20 * batches))
    estimate = proportion(design, crimes)
    assert estimate.df == batches - 1
    assert bool(wald_holds(estimate)) is holds


def test_each_group_is_judged_by_itself_and_an_empty_one_is_refused():
    design = survey_design(weights=[1] * 252)
    groups = ["all others"] * 226 + ["small"] * 23 + [None] * 3
    searches = answers(180, 226) + answers(22, 23) + answers(3, 3)
    by_group = wald_holds(proportion(design, searches, by=groups))
    assert by_group.tolist() == [True, False]
    nobody = wald_holds(proportion(design, searches, where=np.zeros(252, dtype=bool)))
    assert (nobody.shape, nobody.dtype, bool(nobody)) == ((), np.dtype(bool), False)


def test_an_error_that_cannot_be_estimated_is_no_permission():
    # Every case of one stratum and none of the other: standard error 0, though the cases differ.
    design = survey_design(weights=[1] * 200, strata=["log"] * 100 + ["direct"] * 100)
    estimate = proportion(design, answers(100, 200))
    assert np.isnan(estimate.n_effective)
    assert not wald_holds(estimate)


def test_only_proportions_are_judged():
    with pytest.raises(ValueError, match="expected the estimate of a proportion; got that of a mean"):
        wald_holds(mean(survey_design(weights=[1, 1]), [2, 3]))


@pytest.mark.parametrize(("needed", "enough"), [(30, True), (29, False)])
def test_30_is_the_fewest_with_which_the_interval_keeps_93_of_95_at_every_rate(needed: int, enough: bool):
    # Every possible sample, no simulation: samples of 120 to 1,200 and rates from 75 percent.
    lowest = 1.0
    for n in (120, 136, 149, 198, 250, 300, 514, 690, 870, 1000, 1197):
        x, rates = np.arange(n + 1), np.arange(0.75, 1, 0.001)
        p, truth = x / n, rates[n * (1 - rates) >= needed - 1e-9][:, None]
        half = stats.norm.ppf(0.975) * np.sqrt(p * (1 - p) / (n - 1))
        chance = stats.binom.pmf(x, n, truth)
        lowest = min(lowest, (chance * (np.abs(p - truth) <= half)).sum(axis=1).min())
    assert bool(lowest >= 0.93) is enough
