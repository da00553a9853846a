"""The figure: a computed value that may be printed, with all that a reader needs to check it.

Only the shape and its JSON form live here; how figures are made is in `compute.py`, how they are
rounded and worded in `rounding.py` and `wording.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

Verdict = Literal["above", "below", "in range", "not assessed"]

#: The method of a figure whose number is too small to be printed.
WITHHELD = "withheld"


@dataclass(frozen=True)
class OwnLimits:
    """The limits of one force in the figure's unit, made from its own denominator, and where its value lies.

    `lower`, `upper` and `verdict` are at 95 percent, those called outer at 99.8.
    """

    lower: float | None = None
    upper: float | None = None
    verdict: Verdict = "not assessed"
    outer_lower: float | None = None
    outer_upper: float | None = None
    outer_verdict: Verdict = "not assessed"

    @property
    def apart(self) -> float | None:
        """How far the limits at 95 percent lie from one another."""
        return None if self.lower is None or self.upper is None else self.upper - self.lower


@dataclass(frozen=True)
class Similar:
    """The force beside those it is most like, by a list that somebody gave; it is not in `mean` itself.

    `place` is that of the force among them and itself, 1 for the largest value. `counted` of the `listed` forces
    could be counted.
    """

    mean: float | None = None
    place: int | None = None
    counted: int = 0
    listed: int = 0


@dataclass(frozen=True)
class Comparison:
    """How the force stands among all forces that could be counted, in the figure's unit.

    `mean` is the unweighted mean of the forces counted and `sd` their standard deviation; `verdict` is
    'above' or 'below' when the force is more than one `sd` from `mean`. `centre` is the value that the forces
    counted have together, around which `control` limits are made from chance alone; `overdispersed` ones allow
    for forces that differ, by `phi` and `tau` of `statistics.control_limits.overdispersed`. `no_limits_because`
    says why there are none. `verdicts_differ` where the three methods, at 95 percent, do not say the same.
    """

    england_and_wales: float | None
    mean: float | None
    sd: float | None
    verdict: Verdict
    forces_counted: int
    forces_missing: tuple[str, ...]
    centre: float | None = None
    control: OwnLimits = OwnLimits()
    overdispersed: OwnLimits = OwnLimits()
    phi: float | None = None
    tau: float | None = None
    no_limits_because: str = ""
    verdicts_differ: bool = False
    similar: Similar = Similar()


@dataclass(frozen=True)
class Coverage:
    """For how many months of the period the release holds a return, and what to know about the records."""

    months_expected: int
    months_present: int
    note: str


@dataclass(frozen=True)
class Figure:
    """One value about one force, period and group. Field by field in `docs/reference/figure.md`."""

    id: str
    measure: str
    title: str
    force: str
    force_name: str
    period_start: date
    period_end: date
    group: str | None
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    level: float
    method: str
    unit: str
    comparison: Comparison
    coverage: Coverage
    release: str
    definition: str
    limit: float | None = None
    limit_rule: str | None = None
    limit_source: str | None = None
    limit_met: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """The figure as plain JSON values; dates are ISO."""
        record = _as_dict(self)
        record["period_start"] = self.period_start.isoformat()
        record["period_end"] = self.period_end.isoformat()
        record["comparison"]["forces_missing"] = list(self.comparison.forces_missing)
        return record


def _as_dict(part: Any) -> dict[str, Any]:
    """As `asdict`, which copies every value and takes five times as long; a page writes tens of thousands."""
    found = {}
    for field in fields(part):
        value = getattr(part, field.name)
        found[field.name] = _as_dict(value) if is_dataclass(value) else value
    return found
