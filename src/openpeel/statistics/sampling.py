"""How many cases to audit, and how many of each stratum. Which cases those are is drawn in `draw.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import numpy as np

from openpeel.statistics.interval import normal_quantile

_MOST = 10**12

Method = Literal["proportional", "neyman", "equal"]


def half_width(
    n: int, expected: float, level: float = 0.95, population: int | None = None, deff: float = 1
) -> float:
    """The half-width of the interval that n cases give, if the proportion turns out as expected.

        h = z √(deff p (1 − p) / n · (N − n) / (N − 1)),   without the last factor where N is not given

    `expected` (p) is a share from 0 to 1, `population` (N) the number of cases there are, `deff` the design
    effect: how many times the variance of a simple random sample the design has. The result is a share.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., chapter 4.

    >>> print(f"{100 * half_width(226, 0.942):.1f}")
    3.0
    """
    _check(expected, population, deff)
    if n < 1 or (population is not None and n > population):
        raise ValueError(f"expected a sample of 1 or more, and no more than the population; got n={n}")
    rest = 1.0
    if population is not None:
        rest = (population - n) / (population - 1) if n < population else 0.0
    return normal_quantile(level) * math.sqrt(deff * expected * (1 - expected) / n * rest)


def sample_size(
    expected: float, margin: float, level: float = 0.95, population: int | None = None, deff: float = 1
) -> int:
    """The smallest number of cases whose `half_width` is no more than `margin`.

        n₀ = deff z² p (1 − p) / e²,   n = n₀ / (1 + (n₀ − 1) / N), rounded up

    `expected` (p) and `margin` (e) are shares strictly between 0 and 1: 0.9 ± 0.03. 0.5 is the expectation
    that needs most cases. With `population` (N) the answer is never more than N. The formula gives too few
    where a proportion near 0 or 1 makes the normal interval unsound: audit more than this says there.

    Raises ValueError for shares outside (0, 1), a population below 1 and a design effect that is not
    positive.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., formulas 4.1 and 4.2.

    >>> sample_size(0.5, 0.05), sample_size(0.5, 0.05, population=2000), sample_size(0.9, 0.03, deff=1.1)
    (385, 323, 423)
    """
    _check(expected, population, deff)
    if not 0 < margin < 1:
        raise ValueError(f"expected a margin between 0 and 1, such as 0.03; got margin={margin}")
    root = normal_quantile(level) * math.sqrt(deff * expected * (1 - expected)) / margin
    unlimited = min(root, 1e150) ** 2  # as good as endless, and no overflow
    # Beyond this, float64 could not tell n from n + 1 in the search below.
    if (unlimited if population is None else population) > _MOST:
        raise ValueError(f"expected a sample and a population of at most {_MOST:,} cases; got more")
    needed = unlimited if population is None else unlimited / (1 + (unlimited - 1) / population)
    # The formula's rounding may be one off on either side of a whole number; the half-width decides.
    n = max(math.floor(needed), 1) if population is None else min(max(math.floor(needed), 1), population)
    while half_width(n, expected, level, population, deff) > margin:
        n += 1
    while n > 1 and half_width(n - 1, expected, level, population, deff) <= margin:
        n -= 1
    return n


def stratified_half_width(
    sizes: Mapping[str, int],
    sample: Mapping[str, int],
    expected: Mapping[str, float],
    level: float = 0.95,
    deff: float = 1,
) -> float:
    """The half-width of the interval that a stratified sample gives, if the proportions turn out as expected.

        h = z √(deff Σ (Nₕ / N)² pₕ (1 − pₕ) / nₕ · (Nₕ − nₕ) / (Nₕ − 1))

    `sizes` (Nₕ), `sample` (nₕ) and `expected` (pₕ, a share from 0 to 1) are by stratum; `deff` is what clusters
    add to that. The result is a share; infinite where a stratum has cases and none is sampled.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., theorem 5.8.

    >>> sizes, sample = {"log": 800, "direct": 200}, {"log": 160, "direct": 40}
    >>> print(f"{stratified_half_width(sizes, sample, {'log': 0.8, 'direct': 0.95}):.4f}")
    0.0460
    """
    population = sum(sizes.values())
    variance = 0.0
    for stratum, size in sizes.items():
        n, p = sample[stratum], expected[stratum]
        if n == 0 and size:
            return math.inf
        if n < size:
            variance += (size / population) ** 2 * p * (1 - p) / n * (size - n) / (size - 1)
    return normal_quantile(level) * math.sqrt(deff * variance)


def stratified_sample_size(
    sizes: Mapping[str, int],
    expected: Mapping[str, float],
    margin: float,
    level: float = 0.95,
    method: Method = "proportional",
    minimum: int | Mapping[str, int] | None = None,
    deff: float = 1,
) -> dict[str, int]:
    """The allocation of the fewest cases whose `stratified_half_width` is no more than `margin`.

    Arguments are those of `allocate` and `stratified_half_width`; under 'neyman' Sₕ = √(pₕ (1 − pₕ)). Found by
    halving, so where rounding makes the half-width go up and down by a case, a case or two more may be said.
    Raises ValueError as `allocate` does, and for shares outside (0, 1).

    >>> stratified_sample_size({"log": 8000, "direct": 2000}, {"log": 0.8, "direct": 0.95}, 0.03)
    {'log': 444, 'direct': 111}
    """
    for share in expected.values():
        _check(share, None, deff)
    if not 0 < margin < 1:
        raise ValueError(f"expected a margin between 0 and 1, such as 0.03; got margin={margin}")
    sd = {stratum: math.sqrt(p * (1 - p)) for stratum, p in expected.items()} if method == "neyman" else None

    def allocated(n: int) -> dict[str, int]:
        return allocate(sizes, n, method, minimum, sd)

    enough = sum(sizes.values())
    too_few = max(sum(_minimums({s: int(n) for s, n in sizes.items()}, minimum).values()), 1) - 1
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if stratified_half_width(sizes, allocated(middle), expected, level, deff) <= margin:
            enough = middle
        else:
            too_few = middle
    return allocated(enough)


def allocate(
    sizes: Mapping[str, int],
    n: int,
    method: Method = "proportional",
    minimum: int | Mapping[str, int] | None = None,
    sd: Mapping[str, float] | None = None,
) -> dict[str, int]:
    """How many of n cases each stratum gets: exactly n in all, by largest remainder.

        'proportional'  nₕ ∝ Nₕ         'neyman'  nₕ ∝ Nₕ Sₕ         'equal'  nₕ ∝ 1

    `sizes` is the number of cases Nₕ in each stratum; no stratum is given more than it has, and none less
    than its `minimum`, one number for all or one for each stratum named (0 for the others). What a bound
    takes or leaves is shared among the others by the same rule, before rounding. `sd` is the standard
    deviation Sₕ in each stratum, for 'neyman' (√(p (1 − p)) for a share p); a stratum with 0 gets its
    minimum, and more only when all others are full. Equal remainders go to the stratum named first.

    Raises ValueError, naming the stratum, for what cannot be had: more cases than there are, a minimum above
    a stratum's size, minimums that sum to more than n; and for negative or missing numbers.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., sections 5.5 and 5.9.

    100 case files, at least 20 of which were closed with outcome 18:

    >>> allocate({"outcome 18": 900, "other": 8100}, 100)
    {'outcome 18': 10, 'other': 90}
    >>> allocate({"outcome 18": 900, "other": 8100}, 100, minimum={"outcome 18": 20})
    {'outcome 18': 20, 'other': 80}
    """
    most = {stratum: _whole(size, f"the size of {stratum}") for stratum, size in sizes.items()}
    least = _minimums(most, minimum)
    _check_possible(most, least, _whole(n, "n"))
    weight = _shares_wanted(most, method, sd)
    exact = _bounded_shares(weight, least, most, n)
    given = {stratum: math.floor(share) for stratum, share in exact.items()}
    # Sorting is stable: equal remainders stay in the order in which the strata were named.
    by_remainder = sorted(exact, key=lambda stratum: given[stratum] - exact[stratum])
    for stratum in by_remainder[: n - sum(given.values())]:
        given[stratum] += 1
    return given


def _bounded_shares(
    weight: dict[str, Fraction], least: dict[str, int], most: dict[str, int], n: int
) -> dict[str, Fraction]:
    """n in proportion to weight, in exact fractions, each share kept between its least and its most.

    Whoever is out of bounds is put on the bound and the others share again. In each round only the side on
    which more was out is put there, because that side's correction can only push the others further out.
    """
    fixed: dict[str, Fraction] = {}
    while len(fixed) < len(weight):
        free = [stratum for stratum in weight if stratum not in fixed]
        rest, total = n - sum(fixed.values()), sum(weight[stratum] for stratum in free)
        if total == 0:  # strata that vary in nothing, and all others are full: in proportion to their size
            weight = {**weight, **{stratum: Fraction(most[stratum]) for stratum in free}}
            total = sum((weight[stratum] for stratum in free), Fraction(0)) or Fraction(1)
        share = {stratum: Fraction(rest * weight[stratum], total) for stratum in free}
        below = {stratum: Fraction(least[stratum]) for stratum in free if share[stratum] < least[stratum]}
        above = {stratum: Fraction(most[stratum]) for stratum in free if share[stratum] > most[stratum]}
        if not below and not above:
            return {stratum: {**fixed, **share}[stratum] for stratum in weight}
        lacking = sum(bound - share[stratum] for stratum, bound in below.items())
        over = sum(share[stratum] - bound for stratum, bound in above.items())
        if lacking >= over:
            fixed.update(below)
        if over >= lacking:
            fixed.update(above)
    return {stratum: fixed[stratum] for stratum in weight}


def _shares_wanted(
    sizes: dict[str, int], method: Method, sd: Mapping[str, float] | None
) -> dict[str, Fraction]:
    if (sd is not None) != (method == "neyman"):
        raise ValueError(f"expected sd with method 'neyman' and with no other; got method={method!r}")
    if method == "proportional":
        return {stratum: Fraction(size) for stratum, size in sizes.items()}
    if method == "equal":
        return {stratum: Fraction(size > 0) for stratum, size in sizes.items()}
    if method != "neyman" or sd is None:
        raise ValueError(f"expected method 'proportional', 'neyman' or 'equal'; got {method!r}")
    _check_names(sd, sizes, "sd")
    for stratum in sizes:
        if not (math.isfinite(sd.get(stratum, math.nan)) and sd[stratum] >= 0):
            raise ValueError(f"expected an sd of 0 or more for {stratum}; got {sd.get(stratum)}")
    return {stratum: size * Fraction(float(sd[stratum])) for stratum, size in sizes.items()}


def _minimums(sizes: dict[str, int], minimum: int | Mapping[str, int] | None) -> dict[str, int]:
    if minimum is None:
        minimum = 0
    if not isinstance(minimum, Mapping):
        minimum = dict.fromkeys(sizes, minimum)
    _check_names(minimum, sizes, "minimum")
    return {stratum: _whole(minimum.get(stratum, 0), f"the minimum of {stratum}") for stratum in sizes}


def _check_possible(most: dict[str, int], least: dict[str, int], n: int) -> None:
    if n > sum(most.values()):
        raise ValueError(f"expected n of at most the {sum(most.values())} cases there are; got n={n}")
    for stratum, number in least.items():
        if number > most[stratum]:
            raise ValueError(
                f"expected a minimum of at most the {most[stratum]} cases of {stratum}; got {number}"
            )
    if sum(least.values()) > n:
        raise ValueError(f"expected n of at least the minimums, {sum(least.values())} in all; got n={n}")


def _check_names(given: Mapping[str, object], sizes: dict[str, int], what: str) -> None:
    for stratum in given:
        if stratum not in sizes:
            raise ValueError(f"expected {what} of one of the strata {', '.join(sizes)}; got {stratum}")


def _whole(number: int, what: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
        raise ValueError(f"expected {what} to be a whole number of 0 or more; got {number!r}")
    return int(number)


def _check(expected: float, population: int | None, deff: float) -> None:
    if not 0 < expected < 1:
        raise ValueError(f"expected a share between 0 and 1, such as 0.9; got expected={expected}")
    if population is not None and population < 1:
        raise ValueError(f"expected a population of 1 or more; got {population}")
    if not (deff > 0 and math.isfinite(deff)):
        raise ValueError(f"expected a design effect above 0; got deff={deff}")
