"""Which forces stand out from all forces, and which do not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpeel.statistics import sd_band, verdicts


def test_a_force_above_the_line_stands_out_and_one_on_the_line_does_not():
    band = sd_band([3.0, 5.0, 7.0])
    assert (band.mean, band.sd, band.lower, band.upper, band.counted) == (5.0, 2.0, 3.0, 7.0, 3)
    assert verdicts([2.9, 3.0, 5.0, 7.0, 7.1], band).tolist() == [
        "below",
        "in range",
        "in range",
        "in range",
        "above",
    ]


def test_the_population_standard_deviation_is_the_narrower_band():
    values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
    assert sd_band(values, ddof=0).sd == 2.0
    assert sd_band(values).sd == pytest.approx(math.sqrt(32 / 7), rel=1e-15)


def test_the_mean_counts_every_force_once_and_leaves_out_the_missing():
    with_missing = sd_band([1.0, None, 2.0, math.nan, 6.0])
    assert with_missing == sd_band([1.0, 2.0, 6.0])
    assert (with_missing.mean, with_missing.counted) == (3.0, 3)


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("value", [0.1, 1 / 3, 94.2, 1e-300, -0.7, 1e15 + 0.3])
@pytest.mark.parametrize("forces", [2, 3, 43])
def test_forces_that_are_all_equal_are_all_in_range(value: float, forces: int, ddof: int):
    band = sd_band([value] * forces, ddof)
    assert (band.mean, band.sd) == (value, 0.0)
    assert set(verdicts([value] * forces, band)) == {"in range"}


def test_rates_that_are_equal_but_for_rounding_are_all_in_range():
    rates = [100 * (1 / 3), 100 / 3, (2 * 100 / 6), 33.333333333333336, 33.33333333333333]
    assert len(set(rates)) > 1
    assert set(verdicts(rates, sd_band(rates))) == {"in range"}


@pytest.mark.parametrize(
    "pair", [(0.1, 0.7), (1.1, 2.3), (0.07, 94.2), (1e-9, 1.0), (-0.3, 0.1), (1 / 3, 2 / 7)]
)
def test_two_forces_lie_exactly_on_the_population_lines_and_so_in_range(pair: tuple[float, float]):
    assert set(verdicts(pair, sd_band(pair, ddof=0))) == {"in range"}


def test_a_difference_in_the_tenth_digit_is_a_difference():
    band = sd_band([3.0, 5.0, 7.0])
    assert verdicts([7.0 + 1e-9, 3.0 - 1e-9], band).tolist() == ["above", "below"]


def test_the_order_of_the_forces_does_not_matter():
    values = [94.2, 1e9, 0.1, 91.7, 0.3, 88.25, 1e-9]
    assert sd_band(values) == sd_band(values[::-1]) == sd_band(sorted(values))


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("values", [[], [4.2], [4.2, None]])
def test_fewer_than_two_forces_cannot_be_compared(values: list[float | None], ddof: int):
    band = sd_band(values, ddof)
    assert band.counted == sum(value is not None for value in values)
    assert math.isnan(band.sd)
    assert math.isnan(band.lower)
    assert math.isnan(band.upper)
    assert verdicts([4.2, 100.0], band).tolist() == ["not assessed", "not assessed"]


def test_a_force_that_could_not_be_counted_is_not_assessed():
    assert verdicts([None, 5.0], sd_band([3.0, 5.0, 7.0])).tolist() == ["not assessed", "in range"]


def test_verdicts_keep_the_shape_of_the_values():
    band = sd_band([3.0, 5.0, 7.0])
    assert verdicts(np.zeros((4, 2)), band).shape == (4, 2)
    assert verdicts(100.0, band).item() == "above"
    assert verdicts([], band).shape == (0,)


def test_what_cannot_be_compared_is_refused_in_words():
    with pytest.raises(ValueError, match=r"expected ddof 1 \(sample\) or 0 \(population\); got ddof=2"):
        sd_band([1.0, 2.0, 3.0], ddof=2)
    with pytest.raises(
        ValueError, match=r"expected values in one dimension, one a force; got shape \(2, 2\)"
    ):
        sd_band(np.ones((2, 2)))
    with pytest.raises(ValueError, match="expected finite values"):
        sd_band([1.0, math.inf])
    with pytest.raises(ValueError, match="expected finite values"):
        verdicts([-math.inf], sd_band([1.0, 2.0]))
