"""An earlier audit set beside this one: what may be said of the change, and when nothing may.

The words 'statistically significant improvement' and their like come from `openpeel.statistics.change`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpeel.audits.estimating import LEVEL, AuditEstimate
from openpeel.audits.instrument import Instrument
from openpeel.errors import DataError, UseError
from openpeel.statistics.change import (
    change_verdict,
    newcombe,
    se_of_half_width,
    two_sample_z,
)
from openpeel.statistics.interval import Interval

#: With fewer cases on one side than this, a difference is not near enough to normal for a z test.
_FEWEST = 5

_EXAMPLE = (
    'A published result is written {"results": [{"id": "reasonable_grounds", "value": 80.8, "half_width": 5.7}]}, '
    "and what 'openpeel audit estimate --format json' prints can be given as it is."
)


@dataclass(frozen=True)
class EarlierResult:
    """A result of an earlier audit, in percent: its standard error, from a printed ± where only that is known.

    `numerator` and `denominator` are known where the cases were a simple random sample, else None. `fewer_side` is
    how many cases, of a simple random sample as precise, had the property or had it not, whichever is fewer.
    """

    value: float
    se: float
    numerator: int | None
    denominator: int | None
    fewer_side: float


@dataclass(frozen=True)
class EarlierAudit:
    """The results of an earlier audit by id. What it does not say of itself is None."""

    name: str
    instrument: str | None
    force: str | None
    series: int | None
    results: Mapping[str, EarlierResult]


@dataclass(frozen=True)
class Change:
    """A result less that of the earlier audit, in percentage points, and what may be said of it.

    `difference` and its bounds are of the z test; `newcombe` has Newcombe's bounds where both samples are simple
    random ones, and then the verdict is by them.
    """

    result: str
    title: str
    now: float
    earlier: float
    difference: float
    lower: float
    upper: float
    p: float
    newcombe: tuple[float, float] | None
    verdict: str
    note: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "result": self.result,
            "title": self.title,
            "now": self.now,
            "earlier": self.earlier,
            "difference": self.difference,
            "lower": self.lower,
            "upper": self.upper,
            "p": self.p,
            "newcombe": list(self.newcombe) if self.newcombe else None,
            "verdict": self.verdict,
            "note": self.note,
        }


def read_earlier(path: Path) -> EarlierAudit:
    """Read what an earlier audit found: this program's own JSON, or published results written down by hand.

    Raises UseError where it cannot be read, DataError where it is neither.
    """
    try:
        raw = json.loads(path.read_bytes())
    except OSError as error:
        raise UseError(f"the earlier audit cannot be read ({error.strerror})", where=str(path)) from None
    except (ValueError, RecursionError):
        raise DataError("expected JSON, got something else", where=str(path), advice=_EXAMPLE) from None
    results: dict[str, EarlierResult] = {}
    listed = raw.get("results") if isinstance(raw, dict) else None
    if not isinstance(listed, list) or not listed:
        raise DataError("expected a list of 'results', got none", where=str(path), advice=_EXAMPLE)
    for place, each in enumerate(listed, start=1):
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise DataError(f"expected result {place} to have an 'id'", where=str(path), advice=_EXAMPLE)
        if each.get("group") or each.get("value") is None:
            continue
        results[each["id"]] = _result(each, path)
    audit = raw["audit"] if isinstance(raw.get("audit"), dict) else raw
    return EarlierAudit(path.name, audit.get("instrument"), audit.get("force"), audit.get("series"), results)


def _result(raw: Mapping[str, Any], path: Path) -> EarlierResult:
    def number(key: str, least: float, most: float) -> float:
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise DataError(
                f"expected '{key}' of the result '{raw['id']}' to be a number from {least:g} to {most:g}, "
                f"got {value!r}",
                where=str(path),
                advice=_EXAMPLE,
            )
        return float(value)

    value = number("value", 0, 100)
    if raw.get("se") is not None:
        se = number("se", 0, 100)
    else:
        level = number("level", 0.5, 0.9999) if "level" in raw else LEVEL
        se = float(se_of_half_width(number("half_width", 0, 100), level))
    a, b = raw.get("numerator"), raw.get("denominator")
    simple = raw.get("simple") is True and isinstance(a, int) and isinstance(b, int) and 0 <= a <= b and b > 0
    fewer = _fewer_side(value, se, raw.get("every_case_audited") is True)
    return EarlierResult(value, se, a if simple else None, b if simple else None, fewer)


def _fewer_side(percent: float, se: float, of_all: bool) -> float:
    """min(p, 1 − p) × p (1 − p) / se²; infinite where every case was audited, 0 where no error is known."""
    if of_all:
        return math.inf
    p, error = percent / 100, se / 100
    return min(p, 1 - p) * p * (1 - p) / error**2 if error else 0.0


def changes(
    instrument: Instrument,
    force: str,
    estimates: Sequence[AuditEstimate],
    earlier: EarlierAudit,
    level: float = LEVEL,
) -> tuple[Change, ...]:
    """Every rate that both audits have.

    Raises DataError where the earlier audit is another one, of another force, or by rules that have changed since.
    """
    if earlier.instrument not in (None, instrument.id):
        raise DataError(
            f"expected an earlier audit '{instrument.id}', got '{earlier.instrument}'", where=earlier.name
        )
    if earlier.force not in (None, force):
        raise DataError(
            f"expected an earlier audit of {force}, got one of {earlier.force}", where=earlier.name
        )
    if earlier.series not in (None, instrument.series):
        raise DataError(
            f"the rules of '{instrument.title}' have changed since: this is series {instrument.series}, the earlier "
            f"audit is of series {earlier.series}, and the two cannot be compared",
            where=earlier.name,
        )
    note = "" if earlier.series is not None else "The earlier result is taken as found under the same rules."
    found = []
    for estimate in estimates:
        before = earlier.results.get(estimate.result.id)
        if before is None or estimate.group or estimate.value is None or estimate.se is None:
            continue
        found.append(_change(estimate, before, note, level))
    return tuple(found)


def _change(estimate: AuditEstimate, before: EarlierResult, note: str, level: float) -> Change:
    test = two_sample_z(estimate.value or 0.0, estimate.se or 0.0, before.value, before.se, level)
    interval: Interval = test.difference
    by_counts = None
    of_all = estimate.n_effective == math.inf
    few = min(_fewer_side(estimate.value or 0.0, estimate.se or 0.0, of_all), before.fewer_side) < _FEWEST
    if estimate.simple and before.numerator is not None and before.denominator is not None:
        score = newcombe(
            estimate.numerator, estimate.denominator, before.numerator, before.denominator, level
        )
        by_counts = (100 * float(score.lower), 100 * float(score.upper))
        interval = score
    better = estimate.result.better
    if by_counts is None and few:
        verdict, note = "not assessed", f"{note} Too few cases are on one side for a test.".strip()
    elif better == "neither":
        verdict, note = "not assessed", f"{note} Neither direction is better than the other.".strip()
    else:
        verdict = str(change_verdict(interval, better))
    return Change(
        result=estimate.result.id,
        title=estimate.title,
        now=estimate.value or 0.0,
        earlier=before.value,
        difference=float(test.difference.value),
        lower=float(test.difference.lower),
        upper=float(test.difference.upper),
        p=float(test.p),
        newcombe=by_counts,
        verdict=verdict,
        note=note,
    )
