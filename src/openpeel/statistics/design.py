"""How a sample was drawn, checked and coded once: strata, clusters, weights and population sizes.

What is estimated from it, and with what error, is in `survey.py`; here is no variable of interest.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpeel.statistics.interval import Floats

Codes = NDArray[np.int64]

SinglePsu = Literal["fail", "certainty", "adjust", "average"]


@dataclass(frozen=True, eq=False)
class Design:
    """A one-stage sample of n observations in P primary sampling units (PSUs) in H strata.

    Made by `survey_design`, which checks what it is given; `post_stratify` makes another from it.

    - `weights` (n): how many of the population each observation stands for.
    - `psu` (n): the PSU of each observation, 0 to P − 1; `psu_stratum` (P): its stratum, 0 to H − 1.
    - `sampled` (H): the PSUs sampled in each stratum, n_h. `fraction` (H): their share of all PSUs of
      that stratum, f_h = n_h / N_h, and 0 where the population is taken as unlimited.
    - `single_psu`: what a stratum with a single PSU adds to a variance, see `survey_design`.
    - `post_stratum` (n) and `post_totals` (G): the post-stratum of each observation, 0 to G − 1, and its
      known size; None without post-stratification.
    """

    weights: Floats
    psu: Codes
    psu_stratum: Codes
    sampled: Floats
    fraction: Floats
    single_psu: SinglePsu
    post_stratum: Codes | None = None
    post_totals: Floats | None = None

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs less strata, the rule of Korn and Graubard (1999) and of R's `degf`."""
        return len(self.psu_stratum) - len(self.sampled)

    @property
    def stratum(self) -> Codes:
        """The stratum of each observation, 0 to H − 1; shape (n)."""
        return self.psu_stratum[self.psu]

    @property
    def is_of_elements(self) -> bool:
        """Whether each observation is a PSU of its own, as without clusters."""
        return len(self.psu_stratum) == len(self.psu)


def survey_design(
    *,
    weights: ArrayLike | None = None,
    probabilities: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: ArrayLike | Mapping[Any, float] | None = None,
    sampling_fraction: ArrayLike | Mapping[Any, float] | None = None,
    nest: bool = False,
    single_psu: SinglePsu = "fail",
) -> Design:
    """The design of a simple, stratified or one-stage cluster sample (clusters may be stratified).

    All array-likes have one element per observation, shape (n).

    - `weights`, or the selection `probabilities` whose reciprocals they are. With neither, every PSU of a
      stratum had the same chance and stands for N_h / n_h, which needs `population` or `sampling_fraction`.
    - `strata`, `clusters`: identifiers of any hashable kind. Without strata there is one; without clusters
      each observation is its own PSU. A cluster lies in one stratum; `nest=True` says that the same
      identifier in two strata is two clusters.
    - `population`: the number of PSUs (observations where there are no clusters) in the population of the
      stratum, N_h, or `sampling_fraction`, n_h / N_h: one number for every stratum, one per observation, or
      a mapping from stratum to number. They give the finite population correction 1 − f_h; without them
      sampling is taken as with replacement. Of a cluster sample further sampled within its clusters
      only this first stage enters the variance (the ultimate cluster approximation).
    - `single_psu`: a stratum with one sampled PSU (of more than one) has no variance of its own.
      'fail' refuses such a design, naming the stratum. 'certainty' takes its PSU as certain to be drawn:
      it adds nothing. 'adjust' takes its deviation from the grand mean of the linearised values instead
      of the stratum's; that is 0 for means and ratios, and for totals 0 is taken too, as in R, which
      errs on the large side. 'average' gives it the average variance of the other strata in which the
      domain occurs (NaN where there is none). These are R's `options(survey.lonely.psu=)`.

    Raises ValueError, naming what was expected and what was given, for lengths that differ, missing values,
    weights that are not above 0, a population smaller than its sample or not constant in its stratum, a
    cluster in two strata, a stratum of the population in which nothing was sampled, and a stratum with a
    single PSU under 'fail'.

    References: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapters 3 and 4;
    Lumley (2010), Complex Surveys, chapters 2 and 3; for the degrees of freedom Korn and Graubard (1999),
    Analysis of Health Surveys, chapter 5.

    Three of 30 calls to the control room and two of ten made online:

    >>> design = survey_design(strata=["call"] * 3 + ["web"] * 2, population={"call": 30, "web": 10})
    >>> design.weights, design.fraction, design.degrees_of_freedom
    (array([10., 10., 10.,  5.,  5.]), array([0.1, 0.2]), 3)
    """
    if single_psu not in get_args(SinglePsu):
        raise ValueError(f"expected single_psu to be one of {get_args(SinglePsu)}; got {single_psu!r}")
    size = _common_length(
        weights=weights,
        probabilities=probabilities,
        strata=strata,
        clusters=clusters,
        population=population,
        sampling_fraction=sampling_fraction,
    )
    names, stratum = (
        coded("strata", strata) if strata is not None else (np.array(["all"]), np.zeros(size, np.int64))
    )
    psu = np.arange(size)
    if clusters is not None:
        psu = coded("clusters", clusters)[1]
        if nest:
            psu = np.unique(psu * len(names) + stratum, return_inverse=True)[1]
    psu_stratum = _stratum_of_each(psu, stratum, names, clusters)
    sampled = np.bincount(psu_stratum, minlength=len(names)).astype(np.float64)
    fraction = _fraction(population, sampling_fraction, names, stratum, sampled)
    lonely = (sampled == 1) & (fraction < 1)
    if single_psu == "fail" and lonely.any():
        raise ValueError(
            f"expected two or more PSUs in each stratum; got one in stratum {names[lonely][0]!s}"
            " (choose single_psu='certainty', 'adjust' or 'average', or merge strata)"
        )
    return Design(
        _weights(weights, probabilities, fraction[stratum]), psu, psu_stratum, sampled, fraction, single_psu
    )


def post_stratify(design: Design, groups: ArrayLike, totals: Mapping[Any, float]) -> Design:
    """The design with its weights scaled so that each group has its known size in the population.

        w'_i = w_i N_g / Σ_g w_i,   for observation i in group g

    In variances the linearised values are then taken as deviations from their weighted mean in the group,
    as R's `postStratify` does: what differs only between groups is no longer subject to sampling.

    `groups` has shape (n), of any hashable kind; `totals` maps each group to its size, in the unit that
    the weights count. Raises ValueError for a group without a total, a total without a group in the sample,
    a total not above 0, and a design that is post-stratified already.

    References: Särndal, Swensson and Wretman (1992), chapter 7; Lumley (2010), chapter 7.

    >>> calls = survey_design(weights=[10, 10, 10, 10])
    >>> post_stratify(calls, ["day", "day", "day", "night"], {"day": 24, "night": 16}).weights
    array([ 8.,  8.,  8., 16.])
    """
    if design.post_stratum is not None:
        raise ValueError("expected a design not yet post-stratified; cross the two groupings instead")
    names, group = coded("groups", groups)
    if len(group) != len(design.psu):
        raise ValueError(f"expected a group for each of {len(design.psu)} observations; got {len(group)}")
    sizes = _per_stratum("totals", totals, names, group)
    if not ((sizes > 0) & (sizes < np.inf)).all():
        raise ValueError(f"expected totals above 0 and finite; got {sizes.min():g}")
    return replace(
        design,
        weights=scaled_to(design.weights, group, sizes),
        post_stratum=group,
        post_totals=sizes,
    )


def scaled_to(weights: Floats, group: Codes, totals: Floats) -> Floats:
    """The weights (n) scaled to sum to `totals` (G) over the groups coded 0 to G − 1 in `group` (n).

    Raises ValueError for a group whose weights are all 0, as in a replicate that leaves it out.
    """
    sums = np.bincount(group, weights, len(totals))
    if not (sums > 0).all():
        raise ValueError(f"expected weight in every post-stratum; got none in number {sums.argmin()}")
    return weights * (totals / sums)[group]


def coded(name: str, values: ArrayLike) -> tuple[NDArray[Any], Codes]:
    """The distinct identifiers, sorted where they can be, and each observation's position among them.

    Raises ValueError for missing identifiers (None or NaN) and more than one dimension.
    """
    given = one_dimension(name, values)
    missing = is_missing(given)
    if missing.any():
        raise ValueError(f"expected no missing {name}; got {missing.sum()}, first at {missing.argmax()}")
    if given.dtype.kind in "biufmM":
        names, codes = np.unique(given, return_inverse=True)
        return names, codes.astype(np.int64)
    # Hashing each identifier is ten times faster than sorting a million of them as Python objects.
    every = given.tolist()
    distinct = list(dict.fromkeys(every))
    with suppress(TypeError):  # of kinds that do not compare, such as 1 and "1": in order of appearance
        distinct = sorted(distinct)
    position = {label: code for code, label in enumerate(distinct)}
    names = np.empty(len(distinct), dtype=object)
    names[:] = distinct
    codes = np.fromiter(map(position.__getitem__, every), np.int64, len(every))
    return names.astype(given.dtype), codes


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value is NaN, NaT or None."""
    if values.dtype.kind == "O":
        return np.asarray((values != values) | (values == None), dtype=np.bool_)  # noqa: E711 - by element
    if values.dtype.kind in "fcmM":
        return np.asarray(values != values)  # NaN and NaT are the values that differ from themselves
    return np.zeros(values.shape, dtype=np.bool_)


def one_dimension(name: str, values: ArrayLike) -> NDArray[Any]:
    """The values as an array of shape (n), tuples kept as identifiers; ValueError for another shape."""
    if isinstance(values, list) and values and isinstance(values[0], tuple):
        given = np.empty(len(values), dtype=object)
        given[:] = values
        return given
    given = np.asarray(values)
    if (
        isinstance(values, list | tuple)
        and given.dtype.kind in "US"
        and not all(isinstance(v, str) for v in values)
    ):
        given = np.array(values, dtype=object)  # numpy would have turned None and 1 into text
    if given.ndim != 1:
        raise ValueError(f"expected {name} with one value per observation; got shape {given.shape}")
    return given


def _common_length(**given: Any) -> int:
    sizes = {
        name: len(one_dimension(name, values))
        for name, values in given.items()
        if values is not None and not isinstance(values, Mapping) and np.ndim(values) > 0
    }
    if not sizes:
        raise ValueError("expected weights, probabilities, strata or clusters, one per observation; got none")
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise ValueError(f"expected one length for all observations; got {shown}")
    if 0 in sizes.values():
        raise ValueError("expected one or more observations; got none")
    return next(iter(sizes.values()))


def _stratum_of_each(psu: Codes, stratum: Codes, names: NDArray[Any], clusters: ArrayLike | None) -> Codes:
    psu_stratum = np.empty(psu.max() + 1, dtype=np.int64)
    psu_stratum[psu] = stratum
    elsewhere = psu_stratum[psu] != stratum
    if elsewhere.any() and clusters is not None:
        at = elsewhere.argmax()
        raise ValueError(
            f"expected each cluster in one stratum; got {one_dimension('clusters', clusters)[at]!s} in"
            f" {names[stratum[at]]!s} and {names[psu_stratum[psu[at]]]!s} (if they are two, nest=True)"
        )
    return psu_stratum


def _per_stratum(name: str, given: Any, names: NDArray[Any], stratum: Codes) -> Floats:
    """One number per stratum, from a number, a mapping, or an array constant within each stratum."""
    if isinstance(given, Mapping):
        without = [label for label in names.tolist() if label not in given]
        if without:
            raise ValueError(f"expected {name} for each stratum or group; got none for {without[0]!s}")
        unsampled = set(given) - set(names.tolist())
        if unsampled:
            raise ValueError(
                f"expected {name} of what was sampled; got {min(map(str, unsampled))}, which was not"
            )
        given = np.array([given[label] for label in names.tolist()], dtype=np.float64)[stratum]
    each = np.broadcast_to(np.asarray(given, dtype=np.float64), stratum.shape)
    if np.isnan(each).any():
        raise ValueError(f"expected no missing {name}; got NaN at {np.isnan(each).argmax()}")
    result = np.empty(len(names), dtype=np.float64)
    result[stratum] = each
    varies = result[stratum] != each
    if varies.any():
        at = varies.argmax()
        raise ValueError(
            f"expected one {name} per stratum; got {each[at]:.15g} and {result[stratum[at]]:.15g}"
            f" in stratum {names[stratum[at]]!s}"
        )
    return result


def _fraction(population: Any, fraction: Any, names: NDArray[Any], stratum: Codes, sampled: Floats) -> Floats:
    if population is None and fraction is None:
        return np.zeros(len(names))
    if population is None:
        share = _per_stratum("sampling_fraction", fraction, names, stratum)
        if not ((share > 0) & (share <= 1)).all():
            raise ValueError(
                f"expected sampling_fraction above 0, at most 1; got {share.min():g} to {share.max():g}"
            )
        return share
    if fraction is not None:
        raise ValueError("expected population or sampling_fraction; got both")
    size = _per_stratum("population", population, names, stratum)
    small = size < sampled
    if small.any():
        raise ValueError(
            f"expected a population no smaller than its sample; got {size[small][0]:.15g}"
            f" for {sampled[small][0]:.0f} sampled PSUs in stratum {names[small][0]!s}"
        )
    return sampled / size


def _weights(weights: Any, probabilities: Any, fraction: Floats) -> Floats:
    if weights is not None and probabilities is not None:
        raise ValueError("expected weights or probabilities; got both")
    if weights is None and probabilities is None:
        if not (fraction > 0).all():
            raise ValueError("expected weights, probabilities, or a finite population; got none of them")
        return 1 / fraction
    name = "weights" if probabilities is None else "probabilities"
    numbers = np.asarray(weights if probabilities is None else probabilities)
    if numbers.dtype.kind not in "biuf":
        raise ValueError(f"expected numbers for {name}; got {numbers.dtype.name}")
    numbers = np.array(np.broadcast_to(numbers, fraction.shape), dtype=np.float64)
    bad = ~((numbers > 0) & (numbers < np.inf))
    if bad.any():
        raise ValueError(f"expected {name} above 0 and finite; got {numbers[bad][0]:g} at {bad.argmax()}")
    if probabilities is None:
        return numbers
    if (numbers > 1).any():
        raise ValueError(f"expected probabilities of at most 1; got {numbers.max():g}")
    return 1 / numbers
