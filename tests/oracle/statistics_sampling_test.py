"""The planned half-width against every sample there is of a small population."""

from __future__ import annotations

from itertools import combinations
from statistics import mean, pstdev

import pytest

from openpeel.statistics.interval import normal_quantile
from openpeel.statistics.sampling import half_width


@pytest.mark.parametrize("n", [1, 2, 5, 8, 9])
def test_the_half_width_is_that_of_the_shares_of_all_samples_of_nine_cases(n: int):
    cases = [1, 1, 1, 1, 1, 1, 0, 0, 0]
    shares = [mean(sample) for sample in combinations(cases, n)]
    expected = normal_quantile(0.95) * pstdev(shares)
    assert half_width(n, 6 / 9, population=9) == pytest.approx(expected, rel=1e-12, abs=1e-15)
