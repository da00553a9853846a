"""Control limits against the binomial and Poisson counted out, published figures, and R's metafor run live."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest
from scipy import stats

from openpeel.statistics.comparison import sd_band, verdicts
from openpeel.statistics.control_limits import Limits, overdispersed, proportion_limits, rate_limits

LEVELS = [0.95, 0.998]
CASES = np.array([0, 2, 7, 20, 31, 300, 2_400, 90_000])
OF = np.array([1, 7, 12, 50, 60, 700, 6_000, 200_000])


def counted_out(distribution, highest: int, tail: float) -> tuple[float, float, float]:
    """Lower limit, upper limit and the upper one as published, from a table of all counts."""
    x = np.arange(-1, highest + 2)
    at_most, at_least = distribution.cdf(x), distribution.sf(x - 1)
    first_likely, first_unlikely = np.argmax(at_most > tail), np.argmax(at_least <= tail)
    lower = np.interp(
        tail, at_most[first_likely - 1 : first_likely + 1], x[first_likely] - np.array([1.0, 0])
    )
    two = slice(first_unlikely - 1, first_unlikely + 1)
    upper = np.interp(-tail, -at_least[two], x[two].astype(float))
    # Spiegelhalter (2005), A.1.1: r the quantile, α = (F(r) − p) / P(R = r), limit r − α.
    r = distribution.ppf(1 - tail)
    published = r - (distribution.cdf(r) - (1 - tail)) / distribution.pmf(r)
    return float(lower), float(upper), float(published)


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_limits_are_those_of_the_distribution_counted_out(kind: str):
    make = proportion_limits if kind == "proportion" else rate_limits
    exact, published = make(CASES, OF), make(CASES, OF, method="spiegelhalter")
    theta = CASES.sum() / OF.sum()
    for level, ours, theirs in zip(
        LEVELS, (exact.inner, exact.outer), (published.inner, published.outer), strict=True
    ):
        for place, n in enumerate(OF.tolist()):
            distribution = stats.binom(n, theta) if kind == "proportion" else stats.poisson(n * theta)
            highest = n if kind == "proportion" else int(n * theta + 20 * np.sqrt(n * theta) + 40)
            lower, upper, as_published = counted_out(distribution, highest, (1 - level) / 2)
            most = n if kind == "proportion" else np.inf
            assert ours.lower[place] * n == pytest.approx(max(lower, 0), rel=1e-9, abs=1e-9)
            assert ours.upper[place] * n == pytest.approx(min(upper, most), rel=1e-9)
            assert theirs.upper[place] * n == pytest.approx(max(as_published, 0), rel=1e-8, abs=1e-9)
            assert theirs.lower[place] == ours.lower[place]


@pytest.mark.parametrize("level", LEVELS)
def test_a_verdict_is_the_exact_one_sided_test(level: float):
    rng = np.random.default_rng(11)
    of = rng.integers(1, 60, 300)
    cases = rng.binomial(of, rng.beta(3, 5, 300))
    compared = proportion_limits(cases, of, levels=(level, 0.9999)).inner.verdict
    theta = cases.sum() / of.sum()
    for verdict, x, n in zip(compared.tolist(), cases.tolist(), of.tolist(), strict=True):
        high = stats.binomtest(x, n, theta, "greater").pvalue <= (1 - level) / 2
        low = stats.binomtest(x, n, theta, "less").pvalue <= (1 - level) / 2
        assert verdict == ("above" if high else "below" if low else "in range")
    assert set(compared.tolist()) == {"above", "below", "in range"}


# Seaton and Manktelow (2012), BMC Medical Research Methodology 12, 98: of limits with which a count in control is
# as extreme with at most 0.025, the median, least and greatest probability that it is, by expected events.
PUBLISHED = [
    (1, 50, (0.0186, 0.0, 0.0250), (0.0201, 0.0052, 0.0250)),
    (50, 100, (0.0215, 0.0172, 0.0250), None),
    (100, 500, (0.0233, 0.0194, 0.0250), None),
    (500, 1_000, (0.0239, 0.0224, 0.0250), None),
]


@pytest.mark.parametrize(("least", "most", "below", "above"), PUBLISHED)
def test_how_often_limits_are_passed_by_chance_is_as_published(least: int, most: int, below, above):
    expected = np.arange(least * 100 + (least > 1), most * 100 + 1) / 100
    # One more force makes the common rate 1, so that a force's exposure is its expected count.
    exposure = np.append(expected, np.ceil(expected.sum()) - expected.sum() + 1)
    counts = np.append(np.zeros(len(expected)), np.round(exposure.sum()))
    limits: Limits = rate_limits(counts, exposure).inner
    lower, upper = ((each * exposure)[:-1] for each in (limits.lower, limits.upper))
    for chance, printed in (
        (stats.poisson.cdf(np.ceil(lower) - 1, expected), below),
        (stats.poisson.sf(np.floor(upper), expected), above),
    ):
        if printed:
            assert (round(float(np.median(chance)), 4), *np.round([chance.min(), chance.max()], 4)) == printed


def test_normal_limits_are_three_standard_errors_by_hand():
    # θ = 0.5, n = 100: the standard error is 0.05; the quantiles 1.959964 and 3.090232 are in every table.
    halves = proportion_limits([50, 40, 60], [100, 100, 100], "normal")
    np.testing.assert_allclose(halves.inner.upper, 0.5 + 0.05 * 1.959964, atol=1e-7)
    np.testing.assert_allclose(halves.outer.lower, 0.5 - 0.05 * 3.090232, atol=1e-7)


def test_z_has_a_standard_deviation_of_one_where_there_is_only_chance():
    rng = np.random.default_rng(12)
    of = rng.integers(2_000, 50_000, 4_000)
    for z in (
        proportion_limits(rng.binomial(of, 0.1), of).z,
        rate_limits(rng.poisson(of * 0.01), of).z,
    ):
        assert np.std(z) == pytest.approx(1, abs=0.035)
        assert np.mean(z) == pytest.approx(0, abs=0.05)


# Pairs of forces symmetrical about one half: then the mean of the transformed values, weighted anyhow, is the target.
PAIRS = [(40, 60, 100), (35, 65, 100), (110, 190, 300), (480, 520, 1_000), (15, 35, 50)]
# R 4.2.2, metafor 3.8-1: rma(yi = asin(sqrt(x / n)), vi = 1 / (4 * n), method = "DL")
TAU_SQUARED, Q = 0.0085560706555807605, 90.531073279308274


def symmetrical() -> tuple[np.ndarray, np.ndarray]:
    cases = np.array([each for low, high, _ in PAIRS for each in (low, high)])
    return cases, np.array([n for _, _, n in PAIRS for _ in range(2)])


def in_r(cases: np.ndarray, of: np.ndarray) -> dict[str, float]:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed here: the stored numbers are compared all the same")
    x, n = (",".join(map(str, each.tolist())) for each in (cases, of))
    code = f"""
    if (!requireNamespace("metafor", quietly = TRUE)) quit(status = 7)
    x <- c({x}); n <- c({n})
    fit <- metafor::rma(yi = asin(sqrt(x / n)), vi = 1 / (4 * n), method = "DL")
    cat(sprintf('{{"tau2": %.17g, "q": %.17g}}', fit$tau2, fit$QE))
    """
    answer = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, timeout=60)
    if answer.returncode == 7:
        pytest.skip("R's metafor is not installed here: the stored numbers are compared all the same")
    assert answer.returncode == 0, answer.stderr
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def test_the_additive_variance_is_that_of_dersimonian_and_laird_in_r():
    cases, of = symmetrical()
    wider = overdispersed(proportion_limits(cases, of), "additive", winsorised=0)
    theirs = in_r(cases, of)
    assert wider.tau**2 == pytest.approx(theirs["tau2"], rel=1e-9)
    assert wider.phi * len(of) == pytest.approx(theirs["q"], rel=1e-9)


def test_the_additive_variance_is_what_r_gave_when_it_was_asked():
    cases, of = symmetrical()
    wider = overdispersed(proportion_limits(cases, of), "additive", winsorised=0)
    assert wider.tau**2 == pytest.approx(TAU_SQUARED, rel=1e-9)
    assert wider.phi * len(of) == pytest.approx(Q, rel=1e-9)


@pytest.mark.parametrize("part", [0.1, 0.2])
def test_phi_is_the_mean_square_of_z_pulled_in_as_scipy_does_it(part: float):
    # 21 forces, so that the quantiles at 0.1 and 0.2 are the third and the fifth value themselves.
    rng = np.random.default_rng(13)
    counts, people = rng.poisson(rng.gamma(20, 5, 21)), rng.integers(90, 110, 21)
    plain = rate_limits(counts, people)
    pulled_in = stats.mstats.winsorize(plain.z, (part - 1e-9, part - 1e-9))
    assert overdispersed(plain, winsorised=part).phi == pytest.approx(float(np.mean(pulled_in**2)), rel=1e-12)


def test_widened_limits_are_those_of_their_formula():
    counts, people = np.array([440, 580, 1_900, 690, 5_600, 1_400]), np.array([1, 1, 3, 1, 8, 2]) * 100_000
    plain = rate_limits(counts, people, per=1_000)
    expected = counts.sum() / people.sum() * people
    z = 2 * (np.sqrt(counts) - np.sqrt(expected))
    np.testing.assert_allclose(plain.z, z, rtol=1e-12)
    phi, w = np.mean(z**2), 4 * expected
    tau_squared = (6 * phi - 5) / (w.sum() - (w**2).sum() / w.sum())
    for model, se in (
        ("additive", np.sqrt(1 / w + tau_squared)),
        ("multiplicative", np.sqrt(phi / w)),
    ):
        wider = overdispersed(plain, model, winsorised=0)
        for quantile, ours in (
            (1.959963984540054, wider.limits.inner),
            (3.090232306167813, wider.limits.outer),
        ):
            np.testing.assert_allclose(ours.upper, plain.centre * (1 + quantile * se) ** 2, rtol=1e-9)
            reach = np.maximum(1 - quantile * se, 0)
            np.testing.assert_allclose(ours.lower, plain.centre * reach**2, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(wider.limits.z, (np.sqrt(counts / expected) - 1) / se, rtol=1e-9)


def test_forces_that_truly_differ_pass_additive_limits_as_often_as_their_level_says():
    rng = np.random.default_rng(14)
    inner, plain_inner, taus = [], [], []
    for _ in range(300):
        people = rng.integers(20_000, 400_000, 43)
        counts = rng.poisson(0.01 * people * rng.normal(1, 0.15, 43) ** 2)
        plain = rate_limits(counts, people)
        wider = overdispersed(plain, winsorised=0)
        taus.append(wider.tau)
        inner.append(np.mean(wider.limits.inner.verdict != "in range"))
        plain_inner.append(np.mean(plain.inner.verdict != "in range"))
    assert np.mean(taus) == pytest.approx(0.15, abs=0.01)
    assert np.mean(inner) == pytest.approx(0.05, abs=0.01)
    assert np.mean(plain_inner) > 0.5, "with plain limits most forces would stand out"


@pytest.mark.parametrize(
    ("spread", "table"), [(0.0, [12, 2, 0, 2, 0]), (0.3, [13, 40, 39, 5, 1])], ids=["chance", "differ"]
)
def test_so_many_forces_stand_out_as_the_page_about_comparing_says(spread: float, table: list[int]):
    rng = np.random.default_rng(18)
    outside = []
    for _ in range(200):
        people = rng.integers(400_000, 3_000_000, 43)
        plain = rate_limits(rng.poisson(0.005 * np.exp(rng.normal(0, spread, 43)) * people), people, 1_000)
        wider = overdispersed(plain).limits
        outside.append(
            [
                np.sum(words != "in range")
                for words in (
                    verdicts(plain.value, sd_band(plain.value)),
                    plain.inner.verdict,
                    plain.outer.verdict,
                    wider.inner.verdict,
                    wider.outer.verdict,
                )
            ]
        )
    assert np.round(np.mean(outside, axis=0)).tolist() == table


def test_pulling_in_the_outermost_tenth_takes_a_third_of_a_normal_spread():
    # Of z², what is within the quantiles stays, and the two tenths beyond become the quantile's square.
    edge = stats.norm.isf(0.1)
    kept = stats.norm.expect(lambda z: z**2, lb=-edge, ub=edge) + 0.2 * edge**2
    assert kept == pytest.approx(2 / 3, abs=0.02)
    assert 2 * stats.norm.sf(1.959964 * np.sqrt(kept)) == pytest.approx(0.11, abs=0.005)
    assert 2 * stats.norm.sf(3.090232 * np.sqrt(kept)) == pytest.approx(1 / 90, abs=0.001)
    rng = np.random.default_rng(19)
    counts = rng.poisson(40_000 * rng.normal(1, 0.05, 20_000) ** 2)
    plain = rate_limits(counts, np.full(20_000, 40_000.0))
    ratio = overdispersed(plain).phi / overdispersed(plain, winsorised=0).phi
    assert ratio == pytest.approx(kept, abs=0.01)


def test_overdispersion_is_seldom_found_where_there_is_only_chance():
    rng = np.random.default_rng(15)
    people = rng.integers(20_000, 400_000, 43)
    applied = [overdispersed(rate_limits(rng.poisson(0.01 * people), people)).applied for _ in range(200)]
    assert np.mean(applied) < 0.06
