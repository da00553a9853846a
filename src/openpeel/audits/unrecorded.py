"""How many crimes a year were reported and not recorded: a rate put to the crimes recorded in the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpeel.audits.estimating import AuditEstimate
from openpeel.errors import UseError


@dataclass(frozen=True)
class Unrecorded:
    """How many crimes a year were reported and not recorded, from a rate and the crimes recorded in the year."""

    result: str
    title: str
    recorded: int
    value: float
    lower: float | None
    upper: float | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dict(self.__dict__)


def unrecorded(
    estimates: Sequence[AuditEstimate], recorded: Mapping[str, int], interval: str = "wilson"
) -> tuple[Unrecorded, ...]:
    """Crimes not recorded in a year: reported × (1 − p), where reported = recorded ÷ p.

    `recorded` are the crimes that the force recorded in the year, by the result that has their rate p. The bounds
    are those of the rate's interval, put through the same formula; the number recorded is taken as exact.
    Raises UseError for a result that has no such rate.
    """
    found = []
    by_id = {e.result.id: e for e in estimates if e.result.yearly and not e.group}
    for result, number in recorded.items():
        estimate = by_id.get(result)
        if estimate is None or not estimate.value or estimate.intervals is None:
            reason = f": {estimate.refused}" if estimate is not None and estimate.refused else ""
            raise UseError(
                f"there is no rate '{result}' from which unrecorded crimes can be estimated{reason}",
                where="--recorded",
                advice=f"Those there are: {', '.join(by_id) or 'none'}.",
            )
        lower, upper = estimate.intervals[interval]

        def missed(percent: float | None, number: int = number) -> float | None:
            return number * (100 - percent) / percent if percent else None

        value = missed(estimate.value)
        assert value is not None
        found.append(Unrecorded(result, estimate.title, number, value, missed(upper), missed(lower)))
    return tuple(found)
