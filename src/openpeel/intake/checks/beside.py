"""What a check against the past or against other forces is given: how many records there are by force and month.

Nothing of the records themselves: the numbers come from the returns that are held, each of which keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from openpeel.standards import Standard

#: Makes the median absolute deviation of normally distributed values their standard deviation.
_TO_SD = 1.4826


@dataclass(frozen=True)
class Beside:
    """One return beside all that are held of its standard.

    `months` are those of the return ('2021-03'); `counts` is records by force and month, its own among them.
    """

    standard: Standard
    force: str
    months: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]

    @property
    def own(self) -> Mapping[str, int]:
        """The records of the return's force, by month."""
        return self.counts.get(self.force, {})

    def records(self, months: Sequence[str]) -> int:
        """How many records the force has in these months."""
        return sum(self.own[month] for month in months)


def spread(residuals: Sequence[float]) -> float:
    """A standard deviation that a few odd values do not move: 1.4826 times the median absolute deviation.

    >>> round(spread([-1, 0, 1, 100]), 4)
    1.4826
    """
    middle = median(residuals)
    return _TO_SD * median([abs(value - middle) for value in residuals])
