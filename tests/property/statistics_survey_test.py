"""What holds for estimates from any survey design whatever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.statistics.design import Design, post_stratify, survey_design
from openpeel.statistics.proportion import wilson
from openpeel.statistics.replication import bootstrap_variance, jackknife_variance
from openpeel.statistics.survey import mean, proportion, ratio, total
from openpeel.statistics.survey_interval import korn_graubard, logit_interval, survey_wald, wilson_effective

settings.register_profile("survey", deadline=None, max_examples=60)
quick = settings(settings.get_profile("survey"))

CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@st.composite
def samples(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a design with 1 to 4 strata of 2 to 4 clusters each, and variables measured on it."""
    strata, clusters = [], []
    for stratum in range(draw(st.integers(1, 4))):
        for _ in range(draw(st.integers(2, 4))):
            size = draw(st.integers(1, 3))
            strata += [stratum] * size
            clusters += [max(clusters, default=-1) + 1] * size
    generator = np.random.Generator(np.random.Philox(draw(st.integers(0, 2**32 - 1))))
    n = len(strata)
    sampled = np.array([len({c for c, s in zip(clusters, strata, strict=True) if s == h}) for h in strata])
    more = generator.integers(0, 20, max(strata) + 1)[strata]
    return {
        "design": {
            "weights": generator.uniform(0.5, 20, n),
            "strata": np.array(strata),
            "clusters": np.array(clusters),
            "population": sampled + more if draw(st.booleans()) else None,
        },
        "y": generator.normal(10, 5, n),
        "x": generator.uniform(1, 9, n),
        "has": generator.random(n) < draw(st.sampled_from([0.1, 0.5, 0.9])),
        "domain": generator.choice(["a", "b", "c"], n),
        "order": generator.permutation(n),
    }


def everything(design: Design, sample: dict[str, Any]) -> list[np.ndarray]:
    y, x, by = sample["y"], sample["x"], sample["domain"]
    estimates = [total(design, y), mean(design, y), ratio(design, y, x), proportion(design, sample["has"])]
    estimates += [mean(design, y, by=by), total(design, x, by=by)]
    return [part for e in estimates for part in (e.value, e.se, e.df, e.n, e.deff_with_replacement)]


@quick
@given(samples())
def test_the_order_of_the_observations_changes_nothing(sample: dict[str, Any]):
    order = sample["order"]
    shuffled = {name: values[order] for name, values in sample.items() if name not in ("design", "order")}
    arguments = {n: v if v is None else v[order] for n, v in sample["design"].items()}
    for ours, again in zip(
        everything(survey_design(**sample["design"]), sample),
        everything(survey_design(**arguments), shuffled),
        strict=True,
    ):
        np.testing.assert_allclose(ours, again, **CLOSE)


@quick
@given(samples(), st.floats(1e-3, 1e3))
def test_means_and_ratios_do_not_depend_on_the_scale_of_the_weights(sample: dict[str, Any], factor: float):
    design = survey_design(**sample["design"])
    scaled = survey_design(**sample["design"] | {"weights": sample["design"]["weights"] * factor})
    y, x = sample["y"], sample["x"]
    for ours, again in [
        (mean(design, y), mean(scaled, y)),
        (ratio(design, y, x), ratio(scaled, y, x)),
    ]:
        np.testing.assert_allclose([ours.value, ours.se], [again.value, again.se], **CLOSE)
    np.testing.assert_allclose(factor * total(design, y).se, total(scaled, y).se, rtol=1e-9)


@quick
@given(samples())
def test_a_census_has_no_sampling_error(sample: dict[str, Any]):
    design = survey_design(**sample["design"] | {"population": None, "sampling_fraction": 1.0})
    assert total(design, sample["y"]).se == mean(design, sample["y"], by=sample["domain"]).se.max() == 0
    share = proportion(design, sample["has"])
    for interval in (wilson_effective, korn_graubard):
        assert interval(share).lower == interval(share).upper == share.value


@quick
@given(samples())
def test_the_totals_of_domains_add_up_to_the_total(sample: dict[str, Any]):
    design = survey_design(**sample["design"])
    domains, whole = total(design, sample["y"], by=sample["domain"]), total(design, sample["y"])
    np.testing.assert_allclose(domains.value.sum(), whole.value, rtol=1e-9)
    assert domains.n.sum() == whole.n


@quick
@given(samples(), st.booleans())
def test_all_domains_at_once_are_each_domain_alone(sample: dict[str, Any], known_sizes: bool):
    design, by = survey_design(**sample["design"]), sample["domain"]
    if known_sizes:
        design = post_stratify(design, sample["has"], dict.fromkeys(sample["has"].tolist(), 70.0))
    together = ratio(design, sample["y"], sample["x"], by=by)
    assert together.domains is not None
    alone = [ratio(design, sample["y"], sample["x"], where=by == label) for label in together.domains]
    np.testing.assert_allclose(together.value, [each.value for each in alone], **CLOSE)
    np.testing.assert_allclose(together.se, [each.se for each in alone], **CLOSE)
    np.testing.assert_array_equal(together.df, [each.df for each in alone])


@quick
@given(samples())
def test_the_variance_of_a_total_is_that_of_the_textbook(sample: dict[str, Any]):
    """By loops over strata and clusters, as a textbook on sampling writes it."""
    arguments, y = sample["design"], sample["y"]
    expected = 0.0
    for h in set(arguments["strata"].tolist()):
        inside = arguments["strata"] == h
        sums = [
            (arguments["weights"] * y)[arguments["clusters"] == c].sum()
            for c in set(arguments["clusters"][inside].tolist())
        ]
        unsampled = 1.0
        if arguments["population"] is not None:
            unsampled -= len(sums) / arguments["population"][inside][0]
        expected += unsampled * len(sums) * np.var(sums, ddof=1)
    ours = total(survey_design(**arguments), y).se ** 2
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)


@quick
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.integers(0, 100))
def test_a_simple_random_sample_has_the_simple_formula(values: list[float], unsampled: int):
    n, population = len(values), len(values) + unsampled
    ours = mean(survey_design(weights=[population / n] * n, population=population), values)
    expected = np.sqrt((1 - n / population) * np.var(values, ddof=1) / n)
    np.testing.assert_allclose(ours.se, expected, rtol=1e-9, atol=1e-9)
    if unsampled and np.std(values) > 1e-3:
        np.testing.assert_allclose(ours.deff, 1, rtol=1e-6)


@quick
@given(st.integers(0, 50), st.integers(2, 50))
def test_a_simple_random_sample_has_the_simple_wilson_interval(cases: int, others: int):
    ours = wilson_effective(
        proportion(survey_design(weights=[3] * (cases + others)), [1] * cases + [0] * others)
    )
    simple = wilson(cases, cases + others)
    np.testing.assert_allclose([ours.lower, ours.upper], [simple.lower, simple.upper], rtol=1e-9, atol=1e-15)


@quick
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.integers(0, 20))
def test_the_jackknife_of_a_mean_from_a_simple_random_sample_is_linearisation(values: list[float], more: int):
    design = survey_design(weights=[2] * len(values), population=len(values) + more)
    jackknife = jackknife_variance(design, lambda changed: mean(changed, values).value)
    np.testing.assert_allclose(np.sqrt(jackknife), mean(design, values).se, rtol=1e-7, atol=1e-7)


@quick
@given(samples())
def test_the_jackknife_of_a_total_is_linearisation(sample: dict[str, Any]):
    design, y, by = survey_design(**sample["design"]), sample["y"], sample["domain"]
    jackknife = jackknife_variance(design, lambda changed: total(changed, y, by=by).value)
    np.testing.assert_allclose(np.sqrt(jackknife), total(design, y, by=by).se, rtol=1e-7, atol=1e-7)


@quick
@given(samples(), st.sampled_from([0.5, 0.95, 0.998]))
def test_intervals_are_in_order_and_those_for_proportions_within_0_and_1(
    sample: dict[str, Any], level: float
):
    share = proportion(survey_design(**sample["design"]), sample["has"], by=sample["domain"])
    for interval in (wilson_effective, korn_graubard, logit_interval, survey_wald):
        ours = interval(share, level)
        known = ~np.isnan(ours.lower)
        assert (ours.lower[known] <= ours.value[known] + 1e-12).all()
        assert (ours.value[known] <= ours.upper[known] + 1e-12).all()
        if interval is not survey_wald:
            assert (ours.lower[known] >= 0).all()
            assert (ours.upper[known] <= 1).all()
    normal = survey_wald(share, level, distribution="normal")
    within = ~np.isnan(survey_wald(share, level).lower)
    assert (normal.upper[within] <= survey_wald(share, level).upper[within]).all()


@pytest.mark.parametrize("population", [None, 12])
def test_the_bootstrap_comes_near_linearisation_and_repeats_itself(population: int | None):
    """4,000 replicates: the relative standard error of the variance is near √(2 / 4000) = 2 percent."""
    generator = np.random.Generator(np.random.Philox(20))
    strata = generator.permutation(np.repeat(np.arange(5), [4, 6, 8, 10, 12]))
    y, x = generator.gamma(4, 2, 40), generator.gamma(20, 1, 40)
    design = survey_design(weights=generator.uniform(1, 3, 40), strata=strata, population=population)
    ours = [
        bootstrap_variance(
            design,
            lambda changed: [
                np.dot(changed.weights, y) / np.dot(changed.weights, x),
                np.dot(changed.weights, y),
            ],
            4000,
            np.random.Generator(np.random.Philox(21)),
        )
        for _ in range(2)
    ]
    np.testing.assert_array_equal(ours[0], ours[1])
    linearised = [ratio(design, y, x).se ** 2, total(design, y).se ** 2]
    np.testing.assert_allclose(ours[0], linearised, rtol=0.1)


def test_the_bootstrap_leaves_alone_what_was_counted_in_full_and_a_single_psu():
    design = survey_design(strata=["a", "a", "b"], population={"a": 2, "b": 9}, single_psu="certainty")
    draws = np.random.Generator(np.random.Philox(1))
    assert bootstrap_variance(design, lambda changed: changed.weights, 20, draws).tolist() == [0, 0, 0]
