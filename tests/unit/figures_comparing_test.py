"""How forces compare by three methods, each worked out a second time; and what must not move a comparison."""

import math
import random
import statistics
from datetime import date

import numpy as np
import pytest
from scipy import stats

from comparison_sample import CODES, counts_of, release_of
from openpeel.figures import Settings, compute_figures
from openpeel.figures.comparing import gives_away, judged, judged_differently, no_limits_because
from openpeel.figures.wording import limits_sentence, similar_sentence
from openpeel.measures import MEASURES, find_measure
from openpeel.measures.measure import Rate, Share
from openpeel.reference.periods import Period
from openpeel.reference.populations import mid_year_population

YEAR = Period.year_ending(date(2021, 3, 31))
MONTHS = tuple(str(m) for m in YEAR.months())
RATE = find_measure("searches_per_1000")
SHARE = find_measure("linked_outcome")
LONDON = "E23000034"
PEOPLE = mid_year_population(2020).by_force
LEVELS = {0.95: "", 0.998: "_outer"}


def rates(spread, seed=1):
    """Searches of each force: 5 per 1,000 people, times what forces differ by."""
    draw = np.random.default_rng(seed)
    return {c: int(draw.poisson(0.005 * PEOPLE[c] * draw.lognormal(0, spread))) for c in CODES}


def shares(spread, seed=1):
    draw = np.random.default_rng(seed)
    found = {}
    for code in CODES:
        base = int(draw.integers(40, 4_000))
        p = 1 / (1 + math.exp(-(draw.normal(-1.2, spread))))
        found[code] = (int(draw.binomial(base, p)), base)
    return found


def figures(measure, numbers, *, settings=None, held=None, order=None, period=YEAR):
    rows = [(code, "2020-05", row) for code, row in numbers.items()]
    if order is not None:
        random.Random(order).shuffle(rows)
    release = release_of(measure, MONTHS, held)
    found = compute_figures(release, counts_of(measure, rows), period, [measure], settings)
    return {f.force if f.group is None else (f.force, f.group): f for f in found}


def of_rates(numbers, **more):
    return figures(RATE, {c: {RATE.counted(None): n} for c, n in numbers.items()}, **more)


def of_shares(numbers, **more):
    rows = {c: {SHARE.counted(None): a, SHARE.base: n} for c, (a, n) in numbers.items()}
    return figures(SHARE, rows, **more)


@pytest.mark.parametrize("spread", [0.0, 0.3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rate_is_outside_its_limits_where_so_extreme_a_poisson_count_is_rare(spread, seed):
    numbers = rates(spread, seed)
    found = of_rates(numbers)
    counted = [c for c in CODES if c != LONDON]
    theta = sum(numbers[c] for c in counted) / sum(PEOPLE[c] for c in counted)
    for code in counted:
        said = judged(found[code])
        assert found[code].comparison.centre == pytest.approx(1000 * theta, rel=1e-12)
        for level, name in LEVELS.items():
            tail, mean = (1 - level) / 2, theta * PEOPLE[code]
            high = stats.poisson.sf(numbers[code] - 1, mean) < tail
            low = stats.poisson.cdf(numbers[code], mean) < tail
            assert said[f"control{name}"] == ("above" if high else "below" if low else "in range")


@pytest.mark.parametrize("spread", [0.0, 0.5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_share_is_outside_its_limits_where_so_extreme_a_binomial_count_is_rare(spread, seed):
    numbers = shares(spread, seed)
    found = of_shares(numbers)
    theta = sum(a for a, _ in numbers.values()) / sum(n for _, n in numbers.values())
    for code, (a, n) in numbers.items():
        figure = found[code]
        assert figure.comparison.centre == pytest.approx(100 * theta, rel=1e-12)
        for level, name in LEVELS.items():
            tail = (1 - level) / 2
            high, low = stats.binom.sf(a - 1, n, theta) < tail, stats.binom.cdf(a, n, theta) < tail
            assert judged(figure)[f"control{name}"] == ("above" if high else "below" if low else "in range")
        limits = figure.comparison.control
        quantiles = [100 * stats.binom.ppf(q, n, theta) / n for q in (0.025, 0.975)]
        assert limits.lower == pytest.approx(quantiles[0], abs=100.001 / n)
        assert limits.upper == pytest.approx(quantiles[1], abs=100.001 / n)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_wider_limits_are_those_of_the_published_formulas(seed):
    """Spiegelhalter (2005): winsorised z, phi, and tau by moments, for rates on the scale of the square root."""
    numbers = rates(0.3, seed)
    found = of_rates(numbers)
    counted = [c for c in CODES if c != LONDON]
    theta = sum(numbers[c] for c in counted) / sum(PEOPLE[c] for c in counted)
    expected = {c: theta * PEOPLE[c] for c in counted}
    z = [2 * (math.sqrt(numbers[c]) - math.sqrt(expected[c])) for c in counted]
    low, high = np.quantile(z, [0.1, 0.9])
    phi = sum(min(max(x, low), high) ** 2 for x in z) / len(z)
    s = {c: 1 / (2 * math.sqrt(expected[c])) for c in counted}
    w = [1 / x**2 for x in s.values()]
    tau_squared = (len(z) * phi - (len(z) - 1)) / (sum(w) - sum(x * x for x in w) / sum(w))
    about = found[counted[0]].comparison
    assert about.phi == pytest.approx(phi, rel=1e-9)
    assert about.tau == pytest.approx(math.sqrt(tau_squared), rel=1e-9)
    for code in counted:
        for quantile, name in ((1.959963984540054, ""), (3.090232306167813, "_outer")):
            reach = quantile * math.sqrt(s[code] ** 2 + tau_squared)
            lower, upper = 1000 * theta * max(1 - reach, 0) ** 2, 1000 * theta * (1 + reach) ** 2
            value = found[code].value
            expected_verdict = "above" if value > upper else "below" if value < lower else "in range"
            assert judged(found[code])[f"overdispersed{name}"] == expected_verdict
        assert found[code].comparison.overdispersed.outer_upper == pytest.approx(upper, rel=1e-9)


def test_forces_that_differ_by_chance_alone_get_no_wider_limits():
    about = of_rates(rates(0.0, seed=4))[CODES[0]].comparison
    assert about.phi < 1.2
    assert about.overdispersed == about.control or about.tau > 0


def test_the_forces_that_the_methods_judge_differently_are_those_with_two_verdicts():
    found = of_rates(rates(0.3))
    differing = {f.force for f in judged_differently(list(found.values()))}
    for code, figure in found.items():
        said = judged(figure)
        verdicts = {said[m] for m in ("sd", "control", "overdispersed")} - {"not assessed"}
        assert (code in differing) == (len(verdicts) > 1) == figure.comparison.verdicts_differ
    assert 0 < len(differing) < 43
    assert LONDON not in differing


@pytest.mark.parametrize("order", [1, 2])
def test_the_order_of_the_records_changes_nothing(order):
    numbers = rates(0.3)
    assert of_rates(numbers, order=order) == of_rates(numbers)
    some = shares(0.5)
    assert of_shares(some, order=order) == of_shares(some)


def test_the_values_of_forces_dealt_out_anew_keep_centre_and_deviation():
    """A share knows nothing of its force: the same 43 pairs make the same centre, whoever has them."""
    numbers = shares(0.5)
    pairs = list(numbers.values())
    random.Random(1).shuffle(pairs)
    ours, theirs = of_shares(numbers), of_shares(dict(zip(CODES, pairs, strict=True)))
    by_pair = {(f.numerator, f.denominator): f.comparison for f in theirs.values() if f.value is not None}
    for figure in ours.values():
        if figure.value is not None:
            assert figure.comparison.control == by_pair[figure.numerator, figure.denominator].control
            assert figure.comparison.verdict == by_pair[figure.numerator, figure.denominator].verdict


@pytest.mark.parametrize("left_out", ["left out on request", "months are missing", "of few residents"])
def test_a_force_that_is_left_out_is_in_no_centre(left_out):
    kent = "E23000032"
    who = LONDON if left_out == "of few residents" else kent
    more = {
        "left out on request": {"settings": Settings(leave_out=(kent,))},
        "months are missing": {"held": {kent: MONTHS[:11]}},
        "of few residents": {},
    }[left_out]
    one, other = rates(0.3), rates(0.3)
    other[who] *= 9
    ours, theirs = of_rates(one, **more), of_rates(other, **more)
    for code in CODES:
        a, b = ours[code].comparison, theirs[code].comparison
        assert (a.mean, a.sd, a.centre, a.phi, a.control, a.overdispersed) == (
            (b.mean, b.sd, b.centre, b.phi, b.control, b.overdispersed)
        )
    assert judged(ours[who]) == dict.fromkeys(judged(ours[who]), "not assessed")
    assert ours[who].comparison.control.lower is None


def outcomes(code, **numbers):
    measure = find_measure("outcome")
    row = {g.condition: 0 for g in measure.groups}
    row |= {measure.counted(measure.group(key)): n for key, n in numbers.items()}
    return row | {measure.base: sum(numbers.values())}


def nation_of_outcomes(**hertfordshire):
    draw = random.Random(1)
    rows = {
        c: outcomes(c, arrest=draw.randint(80, 140), caution=draw.randint(30, 60), no_further_action=700)
        for c in CODES
    }
    return rows | {"E23000027": outcomes("E23000027", no_further_action=900, **hertfordshire)}


def test_a_withheld_number_moves_no_number_that_is_printed():
    measure = find_measure("outcome")
    printed = []
    for arrest, caution in ((3, 20), (4, 19), (1, 22)):
        found = figures(measure, nation_of_outcomes(arrest=arrest, caution=caution))
        assert found["E23000027", "arrest"].method == "withheld"
        assert found["E23000027", "caution"].method == "withheld"
        printed.append({k: f.comparison for k, f in found.items() if k[1] in ("arrest", "caution")})
    assert printed[0] == printed[1] == printed[2]
    hidden = printed[0]["E23000027", "arrest"]
    assert (hidden.verdict, hidden.control.verdict, hidden.control.lower) == (
        "not assessed",
        "not assessed",
        None,
    )
    assert "Hertfordshire" in printed[0][CODES[0], "arrest"].forces_missing


def test_the_total_is_of_the_forces_shown():
    rows = nation_of_outcomes(arrest=3, caution=20)
    found = figures(find_measure("outcome"), rows)
    total = found[CODES[0], "arrest"].comparison.england_and_wales
    measure = find_measure("outcome")
    shown = [row for code, row in rows.items() if code != "E23000027"]
    arrests = sum(row[measure.counted(measure.group("arrest"))] for row in shown)
    assert total == pytest.approx(100 * arrests / sum(row[measure.base] for row in shown), rel=1e-12)


@pytest.mark.parametrize(
    ("hidden", "given_away"),
    [
        ([], False),
        ([3], True),
        ([20], True),
        ([2, 2], True),
        ([1, 1, 1, 1, 1], True),
        ([3, 4], False),
        ([0, 9], False),
    ],
)
def test_a_sum_gives_numbers_away_where_it_leaves_one_answer(hidden, given_away):
    assert gives_away(np.array(hidden, dtype=float)) == given_away


def test_every_measure_that_is_compared_has_limits_or_the_reason_why_not():
    for measure in MEASURES:
        because = no_limits_because(measure)
        events = isinstance(measure, Rate) or (isinstance(measure, Share) and not measure.volunteered)
        assert (because == "") == events, measure.id


def test_a_ratio_of_rates_has_the_band_alone_and_says_why():
    measure = find_measure("disproportionality")
    draw = random.Random(1)
    rows = {
        c: {g.condition: draw.randint(20, 90) for g in measure.groups} | {measure.reference.condition: 400}
        for c in CODES
    }
    figure = figures(measure, rows)["E23000032", "black"]
    assert figure.comparison.verdict != "not assessed"
    assert figure.comparison.control.verdict == "not assessed"
    assert "a ratio of two rates" in limits_sentence(figure)


def test_a_bare_count_is_compared_by_no_method():
    measure = find_measure("searches")
    found = figures(measure, {c: {measure.counted(None): 1000 + i} for i, c in enumerate(CODES)})
    assert set(judged(found["E23000032"]).values()) == {"not assessed"}
    assert limits_sentence(found["E23000032"]) == ""


def test_too_few_forces_are_compared_by_no_method():
    found = of_rates(dict(list(rates(0.3).items())[:9]), held=dict.fromkeys(CODES[9:], ()))
    assert {v for c in CODES for v in judged(found[c]).values()} == {"not assessed"}
    assert found[CODES[0]].comparison.centre is None


def test_the_words_follow_the_verdicts():
    for figure in of_rates(rates(0.3)).values():
        said, compared = limits_sentence(figure), figure.comparison
        if compared.control.verdict == "not assessed":
            assert said == ""
            continue
        words = {
            "above": "above what chance explains",
            "below": "below what chance explains",
            "in range": "no further off than chance explains",
        }
        assert words[compared.control.verdict] in said
        wide = compared.overdispersed.verdict
        assert (
            f"{'within' if wide == 'in range' else wide} the limits that allow for how forces differ" in said
        )
        assert ("do not say the same" in said) == compared.verdicts_differ
        assert said.count("though not at 99.8%") == sum(
            one.verdict != one.outer_verdict for one in (compared.control, compared.overdispersed)
        )


def test_a_force_is_set_beside_the_forces_it_is_most_like():
    kent, like = "E23000032", ("E23000027", "E23000028", "E23000029")
    found = of_rates(rates(0.3), settings=Settings(similar={kent: like}))
    similar = found[kent].comparison.similar
    assert similar.mean == pytest.approx(statistics.fmean(found[c].value for c in like), rel=1e-12)
    everyone = sorted([found[c].value for c in (kent, *like)], reverse=True)
    assert similar.place == 1 + everyone.index(found[kent].value)
    assert (similar.counted, similar.listed) == (3, 3)
    assert f"number {similar.place} of 4 from the top" in similar_sentence(found[kent])
    assert found["E23000027"].comparison.similar.listed == 0
    assert similar_sentence(found["E23000027"]) == ""


def test_a_similar_force_that_is_not_counted_is_in_no_mean():
    kent = "E23000032"
    settings = Settings(similar={kent: ("E23000027", LONDON)}, leave_out=(LONDON,))
    found = of_rates(rates(0.3), settings=settings)
    assert found[kent].comparison.similar.mean == found["E23000027"].value
    assert (found[kent].comparison.similar.counted, found[kent].comparison.similar.listed) == (1, 2)
    alone = of_rates(rates(0.3), settings=Settings(similar={kent: (LONDON,)}))[kent]
    assert alone.comparison.similar.mean is None
    assert "not compared with the 1 force" in similar_sentence(alone).replace("forces", "force")


def test_a_force_that_is_not_counted_has_no_place():
    found = of_rates(rates(0.3), settings=Settings(similar={LONDON: ("E23000027",)}))[LONDON]
    assert (found.comparison.similar.mean, found.comparison.similar.place) == (None, None)


def test_equal_values_share_a_place():
    kent, like = "E23000032", ("E23000027", "E23000028")
    numbers = shares(0.5) | dict.fromkeys((kent, *like), (30, 90))
    found = of_shares(numbers, settings=Settings(similar={kent: like}))
    assert found[kent].comparison.similar.place == 1
