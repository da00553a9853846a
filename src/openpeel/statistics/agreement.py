"""How far two coders of the same cases agree, beyond what guessing would give. Who is right is not known here."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpeel.statistics.interval import Floats, Interval, as_interval, normal_quantile

Weights = Literal["nominal", "linear", "quadratic"]


@dataclass(frozen=True, eq=False)
class Agreement:
    """What two coders' labels have in common.

    `table[i, j]` counts the cases that the first coder gave `categories[i]` and the second `categories[j]`.
    `counted` cases have both codings; `left_out` lack one or both. `observed` is the (weighted) share of
    agreement, from 0 to 1; `kappa` and `ac` hold chance-corrected agreement with intervals, 0-d, truncated
    to −1 to 1, and `kappa_se` and `ac_se` their standard errors. NaN is a number that does not exist.
    """

    observed: float
    kappa: Interval
    kappa_se: float
    ac: Interval
    ac_se: float
    table: NDArray[np.int64]
    categories: tuple[Hashable, ...]
    counted: int
    left_out: int


def agreement(
    first: Iterable[Hashable | None],
    second: Iterable[Hashable | None],
    weights: Weights = "nominal",
    categories: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> Agreement:
    """Observed agreement, Cohen's kappa and Gwet's AC of two coders who each coded the same cases.

    With p the table of shares, r and c its row and column sums, q categories, π = (r + c) / 2, and the
    weight w (1 on the diagonal):

        observed    pₒ = Σ w p
        kappa       (pₒ − pₑ) / (1 − pₑ)   with   pₑ = Σᵢⱼ wᵢⱼ rᵢ cⱼ
        AC          (pₒ − pᵧ) / (1 − pᵧ)   with   pᵧ = Σᵢⱼ wᵢⱼ Σᵢ πᵢ (1 − πᵢ) / (q (q − 1))

    Weights are wᵢⱼ = 0 ('nominal', where AC is AC1 and pᵧ = Σ π (1 − π) / (q − 1)), 1 − |i − j| / (q − 1)
    ('linear') or 1 − (i − j)² / (q − 1)² ('quadratic'; AC is AC2). Kappa falls far below the observed
    agreement where nearly all cases belong to one category, as in most audits; AC does not. Report both.

    The intervals are estimate ± z se, se from the large-sample variances for cases that are a simple random
    sample: Fleiss, Cohen and Everitt's for kappa, Gwet's for AC. Both give a se of 0 for full agreement,
    which then says nothing about doubt.

    `first` and `second` are labels of any hashable kind, case by case in one order; None or NaN is a coding
    that is missing, and such a case is left out. `categories` lists the labels that were open to the coders,
    for weights in their order. It must be given for weights; without it, the labels that were used count.
    One category only: kappa is undefined (NaN), AC is 1. No case: all NaN.

    Raises ValueError for coders with different numbers of cases, a label that is not among `categories`, a
    category listed twice, weights without categories, and a level outside (0, 1).

    References: J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 37-46; J. Cohen (1968), Weighted kappa, Psychological Bulletin 70, 213-220; J. L. Fleiss,
    J. Cohen and B. S. Everitt (1969), Large sample standard errors of kappa and weighted kappa, Psychological
    Bulletin 72, 323-327; K. L. Gwet (2008), Computing inter-rater reliability and its variance in the
    presence of high agreement, British Journal of Mathematical and Statistical Psychology 61, 29-48;
    K. L. Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 4, for AC2.

    Two auditors on ten searches, of which one coded nine:

    >>> auditor = ["yes"] * 7 + ["no"] * 3
    >>> second = ["yes"] * 6 + ["no", "no", "no", None]
    >>> both = agreement(auditor, second)
    >>> print(f"{both.observed:.3f} of {both.counted}, {both.left_out} left out")
    0.889 of 9, 1 left out
    >>> print(f"kappa {both.kappa.value:.3f} ({both.kappa.lower:.3f} to {both.kappa.upper:.3f})")
    kappa 0.727 (0.242 to 1.000)
    >>> print(f"AC1 {both.ac.value:.3f} ({both.ac.lower:.3f} to {both.ac.upper:.3f})")
    AC1 0.814 (0.450 to 1.000)
    """
    z = normal_quantile(level)
    table, labels, left_out = _cross_table(list(first), list(second), weights, categories)
    counted, weight = int(table.sum()), _weights(len(labels), weights)
    shares = table / counted if counted else np.full(table.shape, np.nan)
    observed = float((weight * shares).sum()) if counted else np.nan
    kappa, kappa_se = _kappa(shares, weight, observed, counted)
    ac, ac_se = _ac(shares, weight, observed, counted)
    return Agreement(
        observed,
        _truncated(kappa, z * kappa_se, level, f"Cohen's kappa, {weights}"),
        kappa_se,
        _truncated(ac, z * ac_se, level, "Gwet's AC1" if weights == "nominal" else f"Gwet's AC2, {weights}"),
        ac_se,
        table,
        labels,
        counted,
        left_out,
    )


def _cross_table(
    first: list[Hashable | None],
    second: list[Hashable | None],
    weights: Weights,
    categories: Sequence[Hashable] | None,
) -> tuple[NDArray[np.int64], tuple[Hashable, ...], int]:
    if len(first) != len(second):
        raise ValueError(f"expected two codings of each case; got {len(first)} and {len(second)} cases")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if not (_is_missing(a) or _is_missing(b))]
    if categories is None:
        if weights != "nominal":
            raise ValueError(f"expected categories, in their order, for {weights} weights; got none")
        categories = list(dict.fromkeys(label for pair in pairs for label in pair))
    place = {label: number for number, label in enumerate(categories)}
    if len(place) < len(categories):
        raise ValueError(f"expected each category once; got {list(categories)}")
    table = np.zeros((len(place), len(place)), dtype=np.int64)
    try:
        for a, b in pairs:
            table[place[a], place[b]] += 1
    except KeyError as error:
        raise ValueError(f"expected a label among {list(categories)}; got {error.args[0]!r}") from None
    return table, tuple(categories), len(first) - len(pairs)


def _is_missing(label: Hashable | None) -> bool:
    # NaN, of whatever type, is what differs from itself.
    return label is None or label != label


def _weights(size: int, weights: Weights) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    if weights == "nominal":
        return np.eye(size)
    if weights == "linear":
        return np.asarray(1 - apart)
    if weights == "quadratic":
        return np.asarray(1 - apart**2)
    raise ValueError(f"expected weights 'nominal', 'linear' or 'quadratic'; got {weights!r}")


def _kappa(shares: Floats, weight: Floats, observed: float, counted: int) -> tuple[float, float]:
    """Cohen's kappa and its standard error: Fleiss, Cohen and Everitt (1969)."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    # One category used by both leaves nothing to correct for; asked of the counts, not of a rounded sum.
    if counted == 0 or np.count_nonzero(rows + columns) < 2:
        return np.nan, np.nan
    chance = float(rows @ weight @ columns)
    by_row, by_column = weight @ columns, rows @ weight
    spread = weight * (1 - chance) - np.add.outer(by_row, by_column) * (1 - observed)
    variance = (shares * spread**2).sum() - (observed * chance - 2 * chance + observed) ** 2
    # Rounding may leave a variance of nothing, such as that of full agreement, just below 0.
    return (observed - chance) / (1 - chance), _root(variance / counted) / (1 - chance) ** 2


def _ac(shares: Floats, weight: Floats, observed: float, counted: int) -> tuple[float, float]:
    """Gwet's AC1 or AC2 and its standard error: Gwet (2008), the variance for two raters, with weights."""
    size = len(shares)
    if counted == 0:
        return np.nan, np.nan
    if size == 1:
        return 1.0, 0.0
    usual = (shares.sum(axis=1) + shares.sum(axis=0)) / 2
    scale = weight.sum() / (size * (size - 1))
    chance = scale * float((usual * (1 - usual)).sum())
    value = (observed - chance) / (1 - chance)
    # What one case in cell (i, j) adds to the chance agreement.
    of_case = scale * (1 - np.add.outer(usual, usual) / 2)
    influence = weight - 2 * (1 - value) * of_case
    variance = (shares * influence**2).sum() - (observed - 2 * (1 - value) * chance) ** 2
    return float(value), _root(variance / counted) / (1 - chance)


def _root(variance: float) -> float:
    return float(np.sqrt(max(variance, 0.0)))


def _truncated(value: float, reach: float, level: float, method: str) -> Interval:
    return as_interval(value, np.maximum(value - reach, -1.0), np.minimum(value + reach, 1.0), level, method)
