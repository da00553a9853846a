"""The XmR chart against a published example, the constants' definitions, and the rules read word by word."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from openpeel.statistics.xmr import RULES, xmr

# NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2: flow rates, ten batches.
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_the_published_example_of_flow_rates():
    chart = xmr(NIST, fewest=10)
    assert round(chart.centre[0], 2) == 50.81
    assert round(chart.range_centre[0], 4) == 1.8778
    # The handbook rounds d2 to 1.128, which makes the limits a thousandth wider.
    assert (chart.upper[0], chart.lower[0]) == pytest.approx((55.8041, 45.8159), abs=0.003)
    assert set(chart.broken()) == {()}


def test_the_factors_are_those_of_the_distance_of_two_normal_values():
    distance = stats.halfnorm(scale=math.sqrt(2))

    def moment(power: int) -> float:
        density = stats.norm(scale=math.sqrt(2)).pdf
        return float(integrate.quad(lambda d: 2 * d**power * density(d), 0, 40)[0])

    d2, d3, d4 = moment(1), math.sqrt(moment(2) - moment(1) ** 2), distance.ppf(0.5)
    assert (round(d2, 3), round(d3, 3), round(d4, 3)) == (1.128, 0.853, 0.954), "as in every table"
    months = [10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9]
    by_mean, by_median = xmr(months), xmr(months, average="median")
    mean_range, median_range = by_mean.range_centre[0], by_median.range_centre[0]
    assert by_mean.upper[0] - by_mean.centre[0] == pytest.approx(3 / d2 * mean_range, rel=1e-9)
    assert by_mean.range_upper[0] == pytest.approx((d2 + 3 * d3) / d2 * mean_range, rel=1e-9)
    assert by_median.upper[0] - by_median.centre[0] == pytest.approx(3 / d4 * median_range, rel=1e-9)
    assert by_median.range_upper[0] == pytest.approx((d2 + 3 * d3) / d4 * median_range, rel=1e-9)
    # 2.66, 3.27, 3.14 and 3.86 in print, from constants rounded to three decimals.
    assert (3 / d2, (d2 + 3 * d3) / d2) == pytest.approx((2.660, 3.268), abs=0.003)
    assert (3 / d4, (d2 + 3 * d3) / d4) == pytest.approx((3.145, 3.865), abs=0.003)


def word_by_word(
    values: list[float], centre: float, sigma: float, range_limit: float, run: int
) -> list[set[str]]:
    """The rules as they are said, one month after the other, slowly."""
    months = len(values)
    broken: list[set[str]] = [set() for _ in values]

    def there(*places: int) -> bool:
        return all(0 <= place < months and not math.isnan(values[place]) for place in places)

    for month in range(months):
        if there(month) and abs(values[month] - centre) > 3 * sigma:
            broken[month].add("outside")
        if there(month - 1, month) and abs(values[month] - values[month - 1]) > range_limit:
            broken[month].add("wide_range")
        for side in (1, -1):
            above = [there(m) and side * (values[m] - centre) > 0 for m in range(months)]
            for rule, length, enough, reach in (
                ("run", run, run, 0.0),
                ("two_of_three", 3, 2, 2 * sigma),
                ("four_of_five", 5, 4, sigma),
            ):
                window = range(month, month + length)
                if not there(*window):
                    continue
                members = [m for m in window if above[m] and side * (values[m] - centre) > reach]
                if len(members) >= enough:
                    for member in members:
                        broken[member].add(rule)
    return broken


@pytest.mark.parametrize("average", ["mean", "median"])
@pytest.mark.parametrize("run", [6, 8])
def test_the_rules_are_broken_where_they_are_word_by_word(average, run: int):
    rng = np.random.default_rng(16)
    seen: set[str] = set()
    for _ in range(150):
        months = np.round(rng.normal(100, 10, 40) + np.repeat(rng.normal(0, 8, 8), 5), 1)
        months[rng.random(40) < 0.06] = np.nan
        chart = xmr(months, average=average, run=run)
        known = months[~np.isnan(months)]
        ranges = np.abs(np.diff(months))
        ranges = ranges[~np.isnan(ranges)]
        if average == "mean":
            centre, sigma = known.mean(), ranges.mean() / 1.1283791671
            range_limit = 3.2665313 * ranges.mean()
        else:
            centre, sigma = np.median(known), np.median(ranges) / 0.9538725524
            range_limit = 3.8641263 * np.median(ranges)
        expected = word_by_word(months.tolist(), centre, sigma, range_limit, run)
        assert [set(rules) for rules in chart.broken()] == expected
        seen = seen.union(*expected)
    assert seen == set(RULES), "every rule was broken somewhere"


def test_a_steady_force_breaks_a_limit_about_once_in_370_months():
    months = np.random.default_rng(17).normal(50, 5, 30_000)
    chart = xmr(months, fewest=12)
    outside = 2 * stats.norm.sf(3)
    assert chart.outside.mean() == pytest.approx(outside, abs=4 * math.sqrt(outside / 30_000))
    assert chart.sigma[0] == pytest.approx(5, rel=0.02)
