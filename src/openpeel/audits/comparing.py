"""Audits set beside a fixed standard, and beside those of other forces.

An audit and an earlier one of the same force are compared in `earlier.py`. Nothing here says that a force improved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from openpeel.audits.estimating import LEVEL, AuditEstimate
from openpeel.errors import DataError, UseError
from openpeel.reference.forces import find_force
from openpeel.statistics.change import (
    Against,
    Correction,
    against_threshold,
    several_forces,
    threshold_verdict,
)


@dataclass(frozen=True)
class AgainstStandard:
    """A result beside a fixed standard, in percent: 'above' or 'below' it is shown, or 'not shown'."""

    result: str
    title: str
    value: float
    standard: float
    difference: float
    lower: float
    upper: float
    p: float
    verdict: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dict(self.__dict__)


def against(
    estimates: Sequence[AuditEstimate], standards: Mapping[str, float], level: float = LEVEL
) -> tuple[AgainstStandard, ...]:
    """Results beside fixed standards, by result id. Raises UseError for a result that there is none of."""
    found = []
    by_id = {e.result.id: e for e in estimates if not e.group}
    for result, standard in standards.items():
        estimate = by_id.get(result)
        if estimate is None or estimate.value is None or estimate.se is None:
            rates = [e.result.id for e in by_id.values() if e.value is not None]
            raise UseError(
                f"there is no rate '{result}' to set against a standard",
                where="--standard",
                advice=f"There are: {', '.join(rates) or 'none'}.",
            )
        test = against_threshold(estimate.value, estimate.se, standard, level)
        found.append(
            AgainstStandard(
                result=result,
                title=estimate.title,
                value=estimate.value,
                standard=standard,
                difference=float(test.difference.value),
                lower=float(test.difference.lower),
                upper=float(test.difference.upper),
                p=float(test.p),
                verdict=str(threshold_verdict(test.difference)),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class ForceResult:
    """One force among several: its rate in percent, how far it is from the mean of all, and the corrected p."""

    force: str
    value: float
    se: float
    difference: float
    p: float
    adjusted_p: float
    differs: bool

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"force_name": find_force(self.force).name, **self.__dict__}


@dataclass(frozen=True)
class PairOfForces:
    """Two forces: how far the first is from the second in percentage points, and the corrected p."""

    first: str
    second: str
    difference: float
    p: float
    adjusted_p: float
    differs: bool

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dict(self.__dict__)


def compare_forces(
    paths: Sequence[Path],
    result: str,
    *,
    against: Against = "mean",
    correction: Correction = "holm",
    level: float = LEVEL,
) -> list[ForceResult] | list[PairOfForces]:
    """One result of the audits of several forces, as `openpeel audit estimate --format json` printed them.

    Each against the unweighted mean of all, or each against each. `differs` is whether the p corrected for how
    many questions were asked is below 1 - level. Raises UseError for fewer than two forces or a file that cannot be
    read, DataError where an audit has no such rate, is of another instrument or version, or a force comes twice.
    """
    if len(paths) < 2:
        raise UseError(f"expected the audits of two forces or more, got {len(paths)}")
    found: dict[str, tuple[float, float]] = {}
    kinds = set()
    for path in paths:
        force, kind, value, se = _audited(path, result)
        if force in found:
            raise DataError(f"the force {find_force(force).name} comes twice", where=str(path))
        found[force] = (value, se)
        kinds.add(kind)
    if len(kinds) > 1:
        said = " and ".join(f"'{name}' series {series}" for name, series in sorted(kinds))
        raise DataError(f"expected audits by the same rules, got {said}")
    forces = list(found)
    values, ses = (np.array(part) for part in zip(*found.values(), strict=True))
    test = several_forces(values, ses, against, correction)
    if against == "mean":
        return [
            ForceResult(force, v, se, d, p, adjusted, adjusted < 1 - level)
            for force, v, se, d, p, adjusted in zip(
                forces,
                *(part.tolist() for part in (values, ses, test.difference, test.p, test.adjusted)),
                strict=True,
            )
        ]
    return [
        PairOfForces(
            find_force(forces[i]).name,
            find_force(forces[j]).name,
            float(test.difference[i, j]),
            float(test.p[i, j]),
            float(test.adjusted[i, j]),
            bool(test.adjusted[i, j] < 1 - level),
        )
        for i in range(len(forces))
        for j in range(i + 1, len(forces))
    ]


def _audited(path: Path, result: str) -> tuple[str, tuple[str, int], float, float]:
    """Force, (instrument, series), value and standard error of one audit."""
    try:
        raw = json.loads(path.read_bytes())
        audit = raw["audit"]
        kind = (str(audit["instrument"]), int(audit["series"]))
        force = find_force(audit["force"]).code
        found: dict[str, Any] = next((r for r in raw["results"] if r["id"] == result and not r["group"]), {})
        value, se, refused = (found[key] if found else None for key in ("value", "se", "refused"))
        if not all(number is None or _is_percentage(number) for number in (value, se)):
            raise ValueError
    except OSError as error:
        raise UseError(f"this audit cannot be read ({error.strerror})", where=str(path)) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, UseError):
        raise DataError(
            "expected what 'openpeel audit estimate --format json' prints, got something else",
            where=str(path),
        ) from None
    if value is None or se is None:
        raise DataError(
            f"this audit has no rate '{result}'" + (f": {refused}" if refused else ""), where=str(path)
        )
    return force, kind, float(value), float(se)


def _is_percentage(number: Any) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= 100
