"""How forces compare in one measure: the band of one standard deviation, control limits, over-dispersed limits.

The statistics are those of `openpeel.statistics`; which of them a kind of measure allows is said here. What the
comparison is made from, and what is withheld, is decided in `compute.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from openpeel.figures.figure import Figure, OwnLimits, Similar, Verdict
from openpeel.measures import Measure
from openpeel.measures.measure import Array, Estimates, Rate, RateRatio, Share
from openpeel.reference.forces import all_forces
from openpeel.statistics.comparison import Band, sd_band, verdicts
from openpeel.statistics.control_limits import (
    ControlLimits,
    Overdispersion,
    overdispersed,
    proportion_limits,
    rate_limits,
)

Mask = NDArray[np.bool_]

#: The three ways in which a force is judged, in the order in which they are told.
METHODS: tuple[Literal["sd", "control", "overdispersed"], ...] = ("sd", "control", "overdispersed")

_PLACE = {force.code: place for place, force in enumerate(all_forces())}
_NO_LIMITS = OwnLimits()
_SMALLEST = 5  # that `suppress` shows


class ComparingSettings(Protocol):
    """What of the settings of a computation says how forces are compared."""

    @property
    def sd(self) -> Literal["sample", "population"]:
        """Which standard deviation."""

    @property
    def forces(self) -> int:
        """How many forces it takes to compare at all."""

    @property
    def similar(self) -> Mapping[str, tuple[str, ...]] | None:
        """The forces that a force is most like, by code."""


@dataclass(frozen=True, eq=False)
class ForcesCompared:
    """One measure in one group, over all forces in the order of `all_forces`. `scale` brings limits to its unit."""

    value: Array
    counted: Mask
    band: Band | None
    plain: ControlLimits | None
    wide: Overdispersion | None
    scale: float
    no_limits_because: str
    groups: Mapping[str, tuple[str, ...]] | None
    _verdicts: Sequence[str] | None

    @property
    def centre(self) -> float | None:
        """The value of the forces counted taken together."""
        return None if self.plain is None else _number(self.plain.centre * self.scale)

    @property
    def phi(self) -> float | None:
        """How many times more than by chance the forces vary."""
        return None if self.wide is None else _number(self.wide.phi)

    @property
    def tau(self) -> float | None:
        """The standard deviation between forces, on the scale of `overdispersed`."""
        return None if self.wide is None else _number(self.wide.tau)

    def verdict(self, i: int) -> Verdict:
        """Where force `i` lies by the band of one standard deviation."""
        return "not assessed" if self._verdicts is None else cast(Verdict, self._verdicts[i])

    def control(self, i: int) -> OwnLimits:
        """The limits of force `i` by chance alone."""
        return self._limits(self.plain, i)

    def overdispersed(self, i: int) -> OwnLimits:
        """The limits of force `i` among forces that differ."""
        return self._limits(self.wide.limits if self.wide else None, i)

    def verdicts_differ(self, i: int) -> bool:
        """Whether the methods that assess force `i` at 95 percent say different things of it."""
        said = {self.verdict(i), self.control(i).verdict, self.overdispersed(i).verdict}
        return len(said - {"not assessed"}) > 1

    def similar(self, i: int) -> Similar:
        """Force `i` beside the forces it is most like; without numbers where no list names them."""
        listed = (self.groups or {}).get(all_forces()[i].code)
        if listed is None or self.band is None:
            return Similar()
        others = [self.value[_PLACE[code]] for code in listed if self.counted[_PLACE[code]]]
        if not others or not self.counted[i]:
            return Similar(counted=len(others), listed=len(listed))
        place = 1 + sum(bool(other > self.value[i]) for other in others)
        return Similar(sd_band(others).mean, place, len(others), len(listed))

    def _limits(self, limits: ControlLimits | None, i: int) -> OwnLimits:
        if limits is None or not self.counted[i]:
            return _NO_LIMITS
        inner, outer, scale = limits.inner, limits.outer, self.scale
        return OwnLimits(
            _number(inner.lower[i] * scale),
            _number(inner.upper[i] * scale),
            cast(Verdict, str(inner.verdict[i])),
            _number(outer.lower[i] * scale),
            _number(outer.upper[i] * scale),
            cast(Verdict, str(outer.verdict[i])),
        )


def compare_forces(
    measure: Measure, found: Estimates, counted: Mask, settings: ComparingSettings
) -> ForcesCompared:
    """Compare the forces that are `counted`; the others are in no mean and no limit, and are not assessed.

    `found` and `counted` have one element a force, in the order of `all_forces`. Fewer forces than the settings
    ask for, and a measure that is not one to compare, give no comparison.
    """
    value = np.where(counted, found.value, np.nan)
    if counted.sum() < settings.forces or not measure.compared:
        return ForcesCompared(value, counted, None, None, None, 1.0, "", settings.similar, None)
    band = sd_band(value, ddof=int(settings.sd == "sample"))
    because = no_limits_because(measure)
    plain = None if because else _control_limits(measure, found, counted)
    wide = overdispersed(plain) if plain else None
    scale = 100.0 if isinstance(measure, Share) else 1.0
    said = verdicts(value, band).tolist()
    return ForcesCompared(value, counted, band, plain, wide, scale, because, settings.similar, said)


def no_limits_because(measure: Measure) -> str:
    """Why a measure that is compared has no limits by chance, as the end of a sentence; '' where it has.

    Chance is binomial where cases are a part of cases, and Poisson where events happen among people. Of all else
    the counts do not say how far it moves a value.
    """
    if isinstance(measure, Share):
        return "those who answered chose to, and are no sample" if measure.volunteered else ""
    if isinstance(measure, Rate):
        return ""
    if isinstance(measure, RateRatio):
        return "a ratio of two rates has two counts that chance moves, and limits are made for one"
    return "a sum or a mean is no number of cases, and the counts do not say how it varies"


def gives_away(hidden: Array) -> bool:
    """Whether the sum of these counts, all that are withheld in a line, lets one of them be worked out.

    That is so unless `suppress` would leave it at that: two or more, 5 or more together, and not all of them 1.
    """
    together = hidden.sum()
    return len(hidden) > 0 and bool(len(hidden) < 2 or together < _SMALLEST or together <= len(hidden))


def judged(figure: Figure) -> dict[str, Verdict]:
    """The verdict on a figure by each of `METHODS`, and by the outer limits of the two that have them."""
    compared = figure.comparison
    return {
        "sd": compared.verdict,
        "control": compared.control.verdict,
        "control_outer": compared.control.outer_verdict,
        "overdispersed": compared.overdispersed.verdict,
        "overdispersed_outer": compared.overdispersed.outer_verdict,
    }


def judged_differently(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of one measure and group whose force the methods do not judge alike, in the order given."""
    return [f for f in figures if f.comparison.verdicts_differ]


def _control_limits(measure: Measure, found: Estimates, counted: Mask) -> ControlLimits:
    cases = np.where(counted, found.numerator, np.nan)
    out_of = np.where(counted, found.denominator, np.nan)
    if isinstance(measure, Rate):
        return rate_limits(cases, out_of, per=measure.per)
    return proportion_limits(cases, out_of)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
