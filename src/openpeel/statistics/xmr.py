"""One force over time: the XmR chart (individual values and moving ranges), its limits, and the rules it can break.

Months are compared with months of the same series. Two periods with their counts are compared in `own_past.py`,
forces with one another in `control_limits.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import pi, sqrt
from operator import attrgetter, index
from statistics import mean, median  # the standard library's, which sums exact fractions
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from openpeel.statistics.interval import Floats

Average = Literal["mean", "median"]
Flags = NDArray[np.bool_]

RULES = ("outside", "run", "two_of_three", "four_of_five", "wide_range")

# Of the distance of two independent normal values with standard deviation 1: mean (d2), standard deviation (d3)
# and median (d4). Tables print 1.128, 0.853 and 0.954; from these rounded numbers come the 2.66 and 3.268, and
# for medians 3.145 and 3.865, of the textbooks.
_D2 = 2 / sqrt(pi)
_D3 = sqrt(2 - 4 / pi)
_D4 = sqrt(2) * float(special.ndtri(0.75))

# Shorter runs are common by chance, and no published rule has them.
_SHORTEST_RUN = 6
# How far beyond a line a value may lie by rounding alone, in units of the last place, as in `comparison.py`.
_ROUNDING_UNITS = 8


@dataclass(frozen=True)
class Rebase:
    """A new baseline, from the value at `position` (counted from 0) on, and the `reason` for it."""

    position: int
    reason: str


@dataclass(frozen=True, eq=False)
class Xmr:
    """A series with its lines, and which of its points break which rule. All arrays have the series' shape (n,).

    - `value`, `centre`, `lower`, `upper`: the series, its centre line and natural process limits, in its unit.
    - `sigma`: what three of make the distance from centre to limit.
    - `moving_range`, `range_centre`, `range_upper`: the distance to the value before, its centre line and limit.
    - `baseline`: which values the lines are made from; `rebases`: where they start anew, in order of time.
    - The rules, true where a point is part of a signal: `outside` a limit; `run` on one side of the centre;
      `two_of_three` beyond two sigma; `four_of_five` beyond one sigma; `wide_range`, a moving range above its
      limit.

    Lines are NaN where there were too few values to make them, and no rule is broken there.
    """

    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    moving_range: Floats
    range_centre: Floats
    range_upper: Floats
    baseline: Flags
    rebases: tuple[Rebase, ...]
    outside: Flags
    run: Flags
    two_of_three: Flags
    four_of_five: Flags
    wide_range: Flags

    def broken(self) -> tuple[tuple[str, ...], ...]:
        """For each point, the names of the rules it breaks, in the order of `RULES`."""
        return tuple(
            tuple(rule for rule in RULES if getattr(self, rule)[point]) for point in range(len(self.value))
        )


def xmr(
    values: ArrayLike,
    *,
    average: Average = "mean",
    baseline: int | None = None,
    run: int = 8,
    rebases: Iterable[tuple[int, str]] = (),
    fewest: int = 12,
) -> Xmr:
    """The XmR chart of values in order of time: natural process limits, and what is more than their noise.

    With x̄ the mean of the baseline's values and R̄ that of its moving ranges |x_i − x_{i−1}|,

        sigma = R̄ / d2,   limits x̄ ± 3 sigma = x̄ ± 2.66 R̄,   range limit (1 + 3 d3 / d2) R̄ = 3.27 R̄

    d2 = 2 / √π and d3 = √(2 − 4 / π) are the mean and standard deviation of the distance of two normal
    values; they are not rounded here. With `average='median'` centre and R̃ are medians, less moved by a few
    wild months:

        sigma = R̃ / d4,   limits x̃ ± 3.14 R̃,   range limit (d2 + 3 d3) / d4 R̃ = 3.86 R̃,   d4 = √2 Φ⁻¹(3/4)

    A point breaks a rule where it is (`outside`) beyond a limit; (`run`) one of `run` or more successive
    points on one side of the centre, where a point on the line is on neither; (`two_of_three`, `four_of_five`)
    one of the 2 or more of 3, or 4 or more of 5, successive points that lie beyond two, or one, sigma on one
    side; (`wide_range`) when it is further from the point before than the range limit. A point on a line is
    not beyond it. The rules look for different things, and more rules raise more false alarms: a steady
    normal series breaks one of the first four every 92 points on average, the first alone every 370.

    - `values`: array-like in one dimension, NaN (or None) for a missing month. It is never filled: it has no
      moving range and neither has the next, and runs and groups of 3 and 5 end before it. A month that goes
      missing outside the baseline can take signals away and never adds one; within it, the lines change.
    - `baseline`: how many values, the first that are not missing, make the lines; None for all.
    - `run`: 8 in the Western Electric rules and Wheeler's; 7 in the NHS's Making Data Count; 9 in Nelson's.
    - `rebases`: (position, reason) of each value from which a new baseline starts, for a change in the process
      that is known from elsewhere. No moving range, run or group crosses it.
    - `fewest`: what a baseline needs in values, and half as many moving ranges. 12 is what the NHS's tools
      ask for. Where the first baseline has fewer, the lines before the first re-base are NaN.

    Limits are not cut off at 0, also where values cannot be negative. The values should be independent and of
    one kind of month: seasons show as runs. How many cases stand behind a value is not looked at.

    Raises ValueError for values that are infinite or not in one dimension, a `baseline` below `fewest`, a
    `run` below 6, `fewest` below 2, and a re-base that is outside the series, twice at one place, without a
    reason, or with too few values before the next.

    References: W. A. Shewhart (1931), Economic Control of Quality of Manufactured Product; Western Electric
    (1956), Statistical Quality Control Handbook; D. J. Wheeler (2000), Understanding Variation, 2nd edition;
    L. S. Nelson (1984), The Shewhart control chart: tests for special causes, Journal of Quality Technology
    16, 237-239; C. W. Champ and W. H. Woodall (1987), Exact results for Shewhart control charts with
    supplementary runs rules, Technometrics 29, 393-399 (the 92 and 370); NHS England, Making Data Count.

    Searches a month; in the fifteenth month a new unit began, and nobody says so:

    >>> months = [52, 48, 50, 53, 49, 47, 51, 50, 52, 48, 49, 51, None, 50, 68, 66]
    >>> chart = xmr(months, baseline=12)
    >>> print(f"{chart.centre[0]:.1f} ({chart.lower[0]:.1f} to {chart.upper[0]:.1f})")
    50.0 (43.0 to 57.0)
    >>> chart.broken()[13:]
    ((), ('outside', 'two_of_three', 'wide_range'), ('outside', 'two_of_three'))
    """
    series = _finite_or_missing(values)
    _check_settings(average, baseline, run, fewest)
    n = len(series)
    new = _in_order(rebases, n)
    starts = [0, *(rebase.position for rebase in new)]
    moving_range = np.full(n, np.nan)
    moving_range[1:] = np.abs(np.diff(series))
    moving_range[starts[1:]] = np.nan
    used = np.zeros(n, dtype=np.bool_)
    centre, sigma, range_centre, range_upper = lines = np.full((4, n), np.nan)
    signals = np.zeros((5, n), dtype=np.bool_)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], n], strict=True)):
        part = slice(start, end)
        present = ~np.isnan(series[part])
        used[part] = present & (np.cumsum(present) <= (n if baseline is None else baseline))
        points = series[part][used[part]].tolist()
        ranges = moving_range[part][used[part] & ~np.isnan(moving_range[part])].tolist()
        if len(points) >= fewest and len(ranges) >= fewest / 2:
            made = _lines(points, ranges, average)
            lines[:, part] = np.reshape(made, (4, 1))
            signals[:, part] = _signals(series[part], moving_range[part], made, run)
        elif number == 0:
            used[part] = False
        else:
            raise ValueError(
                f"expected {fewest} or more values and {fewest / 2:g} or more moving ranges from the re-base "
                f"at {start} ({new[number - 1].reason}) on; got {len(points)} and {len(ranges)}"
            )
    lower, upper = centre - 3 * sigma, centre + 3 * sigma
    return Xmr(
        series, centre, lower, upper, sigma, moving_range, range_centre, range_upper, used, new, *signals
    )


def _finite_or_missing(values: ArrayLike) -> Floats:
    array = np.array(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"expected values in one dimension, in order of time; got shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError("expected finite values, or NaN where one is missing; got an infinite one")
    return array


def _check_settings(average: Average, baseline: int | None, run: int, fewest: int) -> None:
    if average not in ("mean", "median"):
        raise ValueError(f"expected average='mean' or average='median'; got {average!r}")
    if run < _SHORTEST_RUN:
        raise ValueError(f"expected a run of {_SHORTEST_RUN} or more, such as 8; got run={run}")
    if fewest < 2:
        raise ValueError(f"expected fewest to be 2 or more, such as 12; got fewest={fewest}")
    if baseline is not None and baseline < fewest:
        raise ValueError(f"expected a baseline of at least fewest={fewest} values; got baseline={baseline}")


def _in_order(rebases: Iterable[tuple[int, str]], n: int) -> tuple[Rebase, ...]:
    new = sorted(
        (Rebase(index(position), reason) for position, reason in rebases), key=attrgetter("position")
    )
    for rebase in new:
        if not 0 < rebase.position < n:
            raise ValueError(
                f"expected a re-base from 1 to {n - 1}, within the series; got {rebase.position}"
            )
        if not rebase.reason.strip():
            raise ValueError(f"expected a reason for the re-base at {rebase.position}; got none")
    for one, other in pairwise(new):
        if one.position == other.position:
            raise ValueError(f"expected one re-base at {one.position}; got two")
    return tuple(new)


def _lines(points: list[float], ranges: list[float], average: Average) -> tuple[float, float, float, float]:
    """The centre, sigma, the centre of the moving ranges and their limit."""
    if average == "mean":
        centre, middle = mean(points), mean(ranges)
        sigma = middle / _D2
    else:
        centre, middle = median(points), median(ranges)
        sigma = middle / _D4
    return centre, sigma, middle, (_D2 + 3 * _D3) * sigma


def _signals(x: Floats, ranges: Floats, lines: tuple[float, float, float, float], run: int) -> Flags:
    """The five rules in the order of `RULES`, true for each point that is part of a signal; shape (5, n)."""
    centre, sigma, _, range_upper = lines
    slack = _ROUNDING_UNITS * np.finfo(np.float64).eps * max(np.nanmax(np.abs(x)), abs(centre) + 3 * sigma)
    away = x - centre
    # A missing month is on neither side.
    side = np.sign(np.where(np.abs(away) > slack, away, 0.0))
    one, two, three = (np.where(np.abs(away) > k * sigma + slack, side, 0.0) for k in (1, 2, 3))
    present = ~np.isnan(x)
    return np.array(
        [
            three != 0,
            _runs(side, run),
            _groups(two, present, size=3, enough=2),
            _groups(one, present, size=5, enough=4),
            ranges > range_upper + slack,
        ]
    )


def _runs(side: Floats, shortest: int) -> Flags:
    flags, place = np.zeros(len(side), dtype=np.bool_), 0
    for which, group in groupby(side.tolist()):
        length = len(list(group))
        if which and length >= shortest:
            flags[place : place + length] = True
        place += length
    return flags


def _groups(beyond: Floats, present: Flags, size: int, enough: int) -> Flags:
    flags = np.zeros(len(beyond), dtype=np.bool_)
    for start in range(len(beyond) - size + 1):
        group = slice(start, start + size)
        for side in (-1, 1):
            members = beyond[group] == side
            if present[group].all() and members.sum() >= enough:
                flags[group] |= members
    return flags
