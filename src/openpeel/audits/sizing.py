"""How many cases an audit needs, before there is a frame. The formulas are in `openpeel.statistics.sampling`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openpeel.audits.strata_file import PlannedStratum
from openpeel.errors import UseError
from openpeel.statistics.coverage import Scenario, SimulatedCoverage, coverage
from openpeel.statistics.sampling import (
    Method,
    allocate,
    half_width,
    sample_size,
    stratified_half_width,
    stratified_sample_size,
)

#: With one case a stratum says nothing of how much cases differ.
AT_LEAST = 2


@dataclass(frozen=True)
class Sizing:
    """What is wanted: a half-width `margin` around a share `expected`, of `cases` cases if their number is known."""

    margin: float
    expected: float | None
    cases: int | None
    allocation: Method = "proportional"
    level: float = 0.95
    deff: float = 1.0


@dataclass(frozen=True)
class SizedStratum:
    """How many of the cases of a stratum; `cases` is None where that is not known."""

    label: str
    cases: int | None
    expected: float
    n: int


@dataclass(frozen=True)
class AuditSize:
    """How many cases in all, the half-width that they give, and how many of each stratum."""

    n: int
    cases: int | None
    half_width: float
    strata: tuple[SizedStratum, ...]


def size_audit(sizing: Sizing, strata: Sequence[PlannedStratum] = ()) -> AuditSize:
    """The fewest cases that give the margin. Raises UseError, naming the option, for what cannot be worked out."""
    try:
        return _stratified(sizing, strata) if strata else _simple(sizing)
    except ValueError as error:
        raise UseError(str(error)) from None
    except OverflowError:
        raise UseError(
            "expected a margin that some number of cases can give, and a number there can be"
        ) from None


def audit_coverage(
    sizing: Sizing, size: int, strata: Sequence[PlannedStratum] = (), *, replicates: int = 5000, seed: int = 1
) -> SimulatedCoverage:
    """How often each interval would hold the truth, if the audit of `size` cases turned out as expected.

    The margin of `sizing` plays no part. Without its `cases`, there are taken to be a hundred times as many as are
    audited. The same seed gives the same answer. Raises UseError for what cannot be worked out.
    """
    try:
        if strata:
            sizes, expected = _known(sizing, strata)
        else:
            sizes = {"": sizing.cases or 100 * size}
            expected = {"": _expected(sizing)}
        sd = {label: math.sqrt(p * (1 - p)) for label, p in expected.items()}
        minimum = {label: min(AT_LEAST, cases) for label, cases in sizes.items()}
        drawn = allocate(
            sizes, size, sizing.allocation, minimum, sd if sizing.allocation == "neyman" else None
        )
        scenario = Scenario(tuple(sizes.values()), tuple(expected.values()), tuple(drawn.values()))
        return coverage(scenario, replicates, np.random.Generator(np.random.Philox(seed)), sizing.level)
    except ValueError as error:
        raise UseError(str(error)) from None


def _simple(sizing: Sizing) -> AuditSize:
    share = _expected(sizing)
    n = sample_size(share, sizing.margin, sizing.level, sizing.cases, sizing.deff)
    width = half_width(n, share, sizing.level, sizing.cases, sizing.deff)
    return AuditSize(n, sizing.cases, width, (SizedStratum("", sizing.cases, share, n),))


def _expected(sizing: Sizing) -> float:
    if sizing.expected is None:
        raise UseError("expected a share, such as 0.9 (0.5 is the safest), got none", where="--expected")
    return sizing.expected


def _stratified(sizing: Sizing, strata: Sequence[PlannedStratum]) -> AuditSize:
    sizes, expected = _known(sizing, strata)
    minimum = {s.label: min(max(s.minimum or 0, AT_LEAST), sizes[s.label]) for s in strata}
    shared = stratified_sample_size(
        sizes, expected, sizing.margin, sizing.level, sizing.allocation, minimum, sizing.deff
    )
    width = stratified_half_width(sizes, shared, expected, sizing.level, sizing.deff)
    return AuditSize(
        sum(shared.values()),
        sum(sizes.values()),
        0.0 if math.isclose(width, 0) else width,
        tuple(SizedStratum(label, sizes[label], expected[label], n) for label, n in shared.items()),
    )


def _known(sizing: Sizing, strata: Sequence[PlannedStratum]) -> tuple[dict[str, int], dict[str, float]]:
    """How many cases each stratum has, and the share expected in it."""
    sizes: dict[str, int] = {}
    expected: dict[str, float] = {}
    for stratum in strata:
        share = sizing.expected if stratum.expected is None else stratum.expected
        if not stratum.cases:
            raise UseError(f"expected how many cases the stratum '{stratum.label}' has", where="--strata")
        if share is None:
            raise UseError(
                f"expected a share for the stratum '{stratum.label}', got none",
                where="--expected",
                advice="Give one for all with --expected, or one for each in the file of strata.",
            )
        sizes[stratum.label], expected[stratum.label] = stratum.cases, share
    if sizing.cases is not None and sizing.cases != sum(sizes.values()):
        raise UseError(
            f"expected the {sum(sizes.values()):,} cases of the strata, got {sizing.cases:,}", where="--frame"
        )
    return sizes, expected
