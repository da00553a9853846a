"""How often each interval holds the truth: audits drawn over and over from a population that is known.

The estimates and intervals are those of `survey.py` and `survey_interval.py`, not made again here. The
scenarios that are run, and what follows from them, are in `scripts/make_coverage_page.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from openpeel.statistics.design import Codes, survey_design
from openpeel.statistics.interval import Floats, Interval, check_level
from openpeel.statistics.sampling import Method, allocate
from openpeel.statistics.survey import SurveyEstimate, proportion
from openpeel.statistics.survey_interval import (
    korn_graubard,
    logit_interval,
    rarer_side,
    survey_wald,
    wald_holds,
    wilson_effective,
)

METHODS: Mapping[str, Callable[[SurveyEstimate, float], Interval]] = {
    "Wald": lambda estimate, level: survey_wald(estimate, level, "normal"),
    "Wald, t": survey_wald,
    "Wilson, effective n": wilson_effective,
    "logit": logit_interval,
    "Korn-Graubard": korn_graubard,
}
# Not an interval of its own, but what an analyst does who publishes Wald's where it may be used.
BY_RULE = "Wald by the rule, else Wilson"

# Replicates estimated in one pass. Variances hold a matrix of replicates by all their strata, which grows with
# the square of this; below 50 the overhead of each pass shows.
_BATCH = 50
# A bound that differs from the truth by rounding only, as in a census, holds it.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Scenario:
    """A population in H strata and the sample that an audit draws from it, without replacement.

    - `sizes` (H): the sampling units in each stratum, N_h: cases or, where `crimes` says so, incidents.
    - `rates` (H): the share of the crimes of each stratum with the property, p_h, from 0 to 1.
    - `sampled` (H): the units drawn from each stratum, n_h.
    - `crimes`: the shares of the units that consist of 1, 2, … crimes; (1.0,) where a unit is one case.
      All crimes of a unit that is drawn are audited: it is a cluster.
    - `correlation` (ρ): that of the property between two crimes of one unit, from 0 to below 1.

    The population is finite and nothing in it is drawn: of a stratum's units with a crimes each, the share in
    which b crimes have the property is the beta-binomial with mean p_h and correlation ρ,

        C(a, b) Π_{i<b} (p_h (1 − ρ) + iρ) Π_{j<a−b} ((1 − p_h)(1 − ρ) + jρ) / Π_{k<a} (1 − ρ + kρ),

    in whole units by largest remainder. `truth` is the rate in that population, which differs from the
    `rates` by the rounding. Raises ValueError for lengths that differ, a sample larger than its stratum or
    of one unit out of more, and shares or a correlation outside their range.

    Reference: R. L. Prentice (1986), Binary regression using an extended beta-binomial distribution, Journal
    of the American Statistical Association 81, 321-327.

    >>> Scenario(sizes=(90, 10), rates=(0.9, 0.8), sampled=(18, 5)).truth
    0.89
    """

    sizes: tuple[int, ...]
    rates: tuple[float, ...]
    sampled: tuple[int, ...]
    crimes: tuple[float, ...] = (1.0,)
    correlation: float = 0.0

    def __post_init__(self) -> None:
        if not len(self.sizes) == len(self.rates) == len(self.sampled) > 0:
            raise ValueError(
                "expected sizes, rates and sampled of one length, one for each stratum; got"
                f" {len(self.sizes)}, {len(self.rates)} and {len(self.sampled)}"
            )
        for size, drawn in zip(self.sizes, self.sampled, strict=True):
            if drawn != int(drawn) or size != int(size) or not min(2, size) <= drawn <= size:
                raise ValueError(
                    f"expected a sample of 2 units or more, and no more than there are; got {drawn} of {size}"
                )
        if not all(0 <= rate <= 1 for rate in self.rates):
            raise ValueError(f"expected rates from 0 to 1; got {self.rates}")
        if not all(share >= 0 for share in self.crimes) or abs(sum(self.crimes) - 1) > 1e-9:
            raise ValueError(f"expected shares of units by number of crimes that sum to 1; got {self.crimes}")
        if not 0 <= self.correlation < 1:
            raise ValueError(f"expected a correlation from 0 to below 1; got {self.correlation}")

    @classmethod
    def of(
        cls,
        rate: float,
        n: int,
        strata: int,
        *,
        population: int = 10_000,
        odds_ratio: float = 1,
        allocation: Method = "proportional",
        crimes: tuple[float, ...] = (1.0,),
        correlation: float = 0.0,
    ) -> Scenario:
        """The scenario of an audit in a few numbers.

        The strata have sizes in the proportion 1 : 2 : … : `strata`. Their rates have log odds equally far
        apart, and the odds in the largest stratum are `odds_ratio` times those in the smallest (1: all strata
        are alike); together they have the `rate`, weighted by size. `n` and `population` are crimes; where
        `crimes` makes incidents of them, the incidents drawn are n over the mean crimes of an incident,
        rounded. `allocation` is that of `allocate`, with two units or more in each stratum; 'neyman' takes
        √(p_h (1 − p_h)).

        Raises ValueError for a rate outside (0, 1), an odds ratio not above 0, and whatever `allocate` and
        `Scenario` refuse.

        >>> audit = Scenario.of(0.9, 120, 3, odds_ratio=4, allocation="equal")
        >>> audit.sizes, audit.sampled, [round(rate, 3) for rate in audit.rates]
        ((1667, 3333, 5000), (40, 40, 40), [0.8, 0.889, 0.941])
        """
        if not 0 < rate < 1 or not 0 < odds_ratio < np.inf:
            raise ValueError(
                f"expected a rate between 0 and 1 and an odds ratio above 0; got {rate} and {odds_ratio}"
            )
        of_each = float(np.dot(crimes, np.arange(1, len(crimes) + 1)))
        share = np.arange(1, strata + 1) / (strata * (strata + 1) / 2)
        sizes = _in_whole(share * round(population / of_each), round(population / of_each))
        steps = np.log(odds_ratio) * np.linspace(-0.5, 0.5, strata) if strata > 1 else np.zeros(1)
        far = abs(np.log(odds_ratio)) + abs(special.logit(rate)) + 1

        def too_high(centre: float) -> float:
            return float(sizes @ special.expit(centre + steps) / sizes.sum() - rate)

        rates = special.expit(optimize.brentq(too_high, -far, far) + steps)
        drawn = allocate(
            {str(number): int(size) for number, size in enumerate(sizes)},
            round(n / of_each),
            allocation,
            minimum=2,
            sd={str(number): float(np.sqrt(p * (1 - p))) for number, p in enumerate(rates)}
            if allocation == "neyman"
            else None,
        )
        return cls(
            tuple(map(int, sizes)), tuple(map(float, rates)), tuple(drawn.values()), crimes, correlation
        )

    @property
    def kinds(self) -> tuple[Codes, Codes]:
        """The kinds of unit there can be: their crimes, and how many of those have the property; shape (K)."""
        each = [(a, b) for a in range(1, len(self.crimes) + 1) for b in range(a + 1)]
        crimes, having = np.array(each, dtype=np.int64).T
        return crimes, having

    @property
    def units(self) -> Codes:
        """How many units of each kind are in each stratum; shape (H, K)."""
        return np.array(
            [
                _in_whole(size * self._shares(rate), size)
                for size, rate in zip(self.sizes, self.rates, strict=True)
            ]
        )

    @property
    def truth(self) -> float:
        """The share of all crimes of the population that have the property, from 0 to 1."""
        crimes, having = self.kinds
        of_each_kind = self.units.sum(axis=0)
        return float(of_each_kind @ having) / float(of_each_kind @ crimes)

    def _shares(self, rate: float) -> Floats:
        rho, shares = self.correlation, []
        for crimes, having in zip(*self.kinds, strict=True):
            with_it, without = np.arange(having), np.arange(crimes - having)
            above = np.prod(rate * (1 - rho) + with_it * rho) * np.prod(
                (1 - rate) * (1 - rho) + without * rho
            )
            below = np.prod(1 - rho + np.arange(crimes) * rho)
            shares.append(self.crimes[crimes - 1] * special.comb(crimes, having) * above / below)
        return np.array(shares, dtype=np.float64)


@dataclass(frozen=True)
class MethodCoverage:
    """What one interval did over all replicates. All but `width` are shares of the replicates, from 0 to 1.

    - `held`: the interval held the truth; `error` is the Monte Carlo standard error of that share.
    - `below`, `above`: it lay wholly below or above the truth. `undefined`: there was no interval (bounds
      NaN), which holds nothing. The four sum to 1.
    - `width`: the mean width of the intervals there were, a share from 0 to 1; NaN where there were none.
    """

    held: float
    error: float
    below: float
    above: float
    undefined: float
    width: float


@dataclass(frozen=True)
class SimulatedCoverage:
    """How often each interval held the `truth` of a scenario, by name of the method.

    - `methods`: the names are those of `METHODS` and, last, `BY_RULE`.
    - `wald_allowed`: the share of the replicates for which `wald_holds` is true.
    - `rarer`: the cases with or without the property, whichever are fewer, counted as in `wald_holds`: the
      median over the replicates, of those in which they can be counted.
    """

    truth: float
    replicates: int
    level: float
    wald_allowed: float
    rarer: float
    methods: Mapping[str, MethodCoverage]


def coverage(
    scenario: Scenario, replicates: int, generator: np.random.Generator, level: float = 0.95
) -> SimulatedCoverage:
    """The audit drawn `replicates` times, and how often each interval at `level` held the rate of the population.

        held = R⁻¹ Σ_r [ lower_r ≤ P ≤ upper_r ],   error = √(held (1 − held) / R)

    P is `scenario.truth`. Each replicate is a stratified sample without replacement, of clusters where units
    have several crimes, and goes through `survey_design` (with its finite population correction),
    `proportion` and each interval. The same generator state gives the same result.

    Raises ValueError for fewer than 1 replicate and a level outside (0, 1).

    Reference: L. D. Brown, T. T. Cai and A. DasGupta (2001), Interval estimation for a binomial proportion,
    Statistical Science 16, 101-133.

    Of 68 cases, three or so without the property:

    >>> small = Scenario.of(0.956, 68, 1)
    >>> found = coverage(small, 2000, np.random.default_rng(1)).methods
    >>> for name in ("Wald", "Wilson, effective n"):
    ...     print(f"{name}: {100 * found[name].held:.0f} of 100 intervals hold the truth")
    Wald: 81 of 100 intervals hold the truth
    Wilson, effective n: 97 of 100 intervals hold the truth
    """
    check_level(level)
    if replicates < 1:
        raise ValueError(f"expected 1 replicate or more; got {replicates}")
    units, truth = scenario.units, scenario.truth
    estimates = [
        _replicates(scenario, units, min(_BATCH, replicates - done), generator)
        for done in range(0, replicates, _BATCH)
    ]
    bounds = {
        name: _bounds([method(estimate, level) for estimate in estimates]) for name, method in METHODS.items()
    }
    allowed = np.concatenate([wald_holds(estimate) for estimate in estimates])
    bounds[BY_RULE] = np.where(allowed, bounds["Wald"], bounds["Wilson, effective n"])
    rarer = np.concatenate([rarer_side(estimate) for estimate in estimates])
    return SimulatedCoverage(
        truth=truth,
        replicates=replicates,
        level=level,
        wald_allowed=float(allowed.mean()),
        rarer=float(np.median(known)) if len(known := rarer[~np.isnan(rarer)]) else np.nan,
        methods={name: _counted(pair, truth) for name, pair in bounds.items()},
    )


def _replicates(
    scenario: Scenario, units: Codes, count: int, generator: np.random.Generator
) -> SurveyEstimate:
    """`count` audits, laid out as one design in which each is a domain with strata of its own."""
    crimes, having = scenario.kinds
    # Units of a kind are alike, so what is drawn of a stratum is how many of each kind: (count, H, K).
    drawn = np.stack(
        [
            generator.multivariate_hypergeometric(there, sampled, size=count)
            for there, sampled in zip(units, scenario.sampled, strict=True)
        ],
        axis=1,
    )
    strata, kinds = len(scenario.sizes), len(crimes)
    cell = np.repeat(np.arange(drawn.size), drawn.ravel())  # of each unit: replicate, stratum and kind
    stratum, kind = np.divmod(cell, kinds)
    unit = np.repeat(np.arange(len(cell)), crimes[kind])  # of each crime
    place = np.arange(len(unit)) - (np.cumsum(crimes[kind]) - crimes[kind])[unit]
    of = stratum[unit]
    design = survey_design(
        strata=of,
        clusters=unit if crimes.max() > 1 else None,
        population=np.array(scenario.sizes)[of % strata],
    )
    return proportion(design, place < having[kind][unit], by=of // strata)


def _bounds(intervals: list[Interval]) -> Floats:
    """Lower and upper bounds of all replicates; shape (2, R)."""
    return np.concatenate([np.stack([each.lower, each.upper]) for each in intervals], axis=1)


def _counted(bounds: Floats, truth: float) -> MethodCoverage:
    lower, upper = bounds
    below, above = upper < truth - _ROUNDING, lower > truth + _ROUNDING
    undefined = np.isnan(lower) | np.isnan(upper)
    held = float((~below & ~above & ~undefined).mean())
    return MethodCoverage(
        held=held,
        error=float(np.sqrt(held * (1 - held) / len(lower))),
        below=float(below.mean()),
        above=float(above.mean()),
        undefined=float(undefined.mean()),
        width=float((upper - lower)[~undefined].mean()) if not undefined.all() else np.nan,
    )


def _in_whole(shares: Floats, total: int) -> NDArray[Any]:
    """The numbers rounded down, and the largest remainders up, so that they sum to `total`."""
    # What falls short of a whole number by rounding is one: 0.9 × 90 may be 80.99….
    whole = np.floor(shares + 1e-9).astype(np.int64)
    by_remainder = np.argsort(whole - shares, kind="stable")
    whole[by_remainder[: total - whole.sum()]] += 1
    return whole
