"""What is counted and how it is estimated: one module per area of policing, and the list of all measures."""

from openpeel.errors import UseError
from openpeel.measures import powers
from openpeel.measures.measure import Measure

#: Every measure there is, in the order a report goes through them.
MEASURES: tuple[Measure, ...] = (*powers.MEASURES,)


def find_measure(measure_id: str) -> Measure:
    """The measure of that id. Raises UseError, naming those there are."""
    found = next((m for m in MEASURES if m.id == measure_id), None)
    if found is None:
        raise UseError(
            f"there is no measure '{measure_id}'",
            advice=f"The measures are {', '.join(m.id for m in MEASURES)}.",
        )
    return found


__all__ = ["MEASURES", "Measure", "find_measure"]
