"""What is counted and how it is estimated: one module per area of policing, and the list of all measures."""

from collections.abc import Iterable

from openpeel.errors import UseError
from openpeel.measures import (
    arrests,
    investigating,
    leadership,
    offenders,
    powers,
    prevention,
    protecting,
    responding,
    scrutiny,
    workforce,
)
from openpeel.measures.measure import Measure

#: Every measure there is, in the order a report goes through them.
MEASURES: tuple[Measure, ...] = (
    *powers.MEASURES,
    *scrutiny.MEASURES,
    *arrests.MEASURES,
    *prevention.MEASURES,
    *responding.MEASURES,
    *investigating.MEASURES,
    *protecting.MEASURES,
    *offenders.MEASURES,
    *workforce.MEASURES,
    *leadership.MEASURES,
)


def measures_on(standards: Iterable[str]) -> tuple[Measure, ...]:
    """The measures that count records of these standards, in the order of a report."""
    held = frozenset(standards)
    return tuple(m for m in MEASURES if m.standard in held)


def find_measure(measure_id: str) -> Measure:
    """The measure of that id. Raises UseError, naming those there are."""
    found = next((m for m in MEASURES if m.id == measure_id), None)
    if found is None:
        raise UseError(
            f"there is no measure '{measure_id}'",
            advice="'openpeel measures' lists those there are.",
        )
    return found


__all__ = ["MEASURES", "Measure", "find_measure", "measures_on"]
