"""Months in which a force has many more or far fewer records for its population than other forces have.

The z is robust, as in `unlike_own_past.py`; the threshold is ours, and higher because forces differ. Where few live and
many come a rate by residents says nothing: the City of London is neither compared nor asked about.
"""

from statistics import median

from openpeel.intake.checks.beside import Beside, spread
from openpeel.lake import Defect
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period
from openpeel.reference.populations import population_for

_PER = 100_000
_SHOWN = 6


def check(
    beside: Beside, *, z: float = 5.0, forces: int = 10, leave_out: tuple[str, ...] = ("city-of-london",)
) -> list[Defect]:
    """Name the months in which the rate lies z or more from the others', of which there have to be so many."""
    left_out = {find_force(force).code for force in leave_out}
    told = []
    odd = []
    for month in beside.months:
        people = population_for(Period.month(Month.parse(month))).by_force
        population = {c: n for c, n in people.items() if c not in left_out}
        rates = {
            f: _PER * c[month] / population[f]
            for f, c in beside.counts.items()
            if month in c and f in population
        }
        own = rates.pop(beside.force, None)
        if own is None or len(rates) < forces:
            continue
        middle = median(rates.values())
        # A count varies by chance at least as much as its square root.
        expected = max(middle * population[beside.force] / _PER, 1.0)
        by_chance = _PER * expected**0.5 / population[beside.force]
        if abs(own - middle) / max(spread(list(rates.values())), by_chance) >= z:
            odd.append(month)
            told.append(f"{own:,.1f} in {month} against {middle:,.1f}")
    if not odd:
        return []
    more = f", and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
    said = (
        f"the number of records per {_PER:,} people is unlike that of other forces: "
        f"{', '.join(told[:_SHOWN])} in the middle{more}"
    )
    return [Defect("unlike_other_forces", beside.records(odd), said)]
