"""Which months of a trend are withheld, so that no small count can be read or worked out from it.

Which figures are is decided in `withholding.py`; here that is kept up where the same records are told month by month.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openpeel.figures.comparing import gives_away
from openpeel.figures.withholding import SmallNumbers, guarded_numbers
from openpeel.figures.withholding import withheld_months as withheld_of_a_total
from openpeel.lake import Release
from openpeel.measures import Measure
from openpeel.measures.count import Counts
from openpeel.measures.measure import Array, Group
from openpeel.reference.forces import Force
from openpeel.reference.periods import Month, Period
from openpeel.statistics.disclosure import Mask


def withheld_months(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    months: Sequence[Month],
    group: Group | None,
    small: SmallNumbers,
) -> Mask:
    """Which months of a group are not shown; see `withheld_by_group`."""
    place = measure.groups.index(group) if group else 0
    found: Mask = withheld_by_group(release, counts, measure, force, months, small)[:, place]
    return found


def withheld_by_group(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    months: Sequence[Month],
    small: SmallNumbers,
) -> Mask:
    """Which months are not shown, so that no small count can be read or worked out: months by groups (one column
    where the measure has none).

    The figures of years and of the other groups are published too, and what is shown can be taken from them: so in
    each month, and in each run of twelve, those withheld must be enough for one another, and nothing is shown of a
    year whose own number is small. It is decided over all months that are held, whichever were asked for, so that
    two trends do not give away what one does not.
    """
    if not measure.of_people or small.smallest == 1:
        return np.zeros((len(months), max(1, len(measure.groups))), dtype=np.bool_)
    held = [Month.parse(m) for r in release.of(measure.standard, force.code) for m in r.key.months]
    every = Period(min([*held, *months]).start, max([*held, *months]).end).months()
    area = (force.code,)
    hidden = withheld_of_a_total(measure, counts, every, area, small).T
    # Of each month, group and number behind the value, such as a share's numerator and the rest of its base.
    numbers = np.array([guarded_numbers(measure, counts, Period.month(m), area) for m in every])
    # Years that the records begin or end in have figures as well, of the months there are.
    years = [slice(max(0, end - 12), min(end, len(every))) for end in range(1, len(every) + 12)]
    for year in years:
        hidden[year] |= small.is_small(numbers[year].sum(axis=0)).any(axis=-1)
    cells = np.clip(numbers.min(axis=-1), 0, None)
    before = -1
    while before < hidden.sum():
        before = int(hidden.sum())
        for year in years:
            for place in range(hidden.shape[1]):
                hidden[year, place] = _enough(cells[year, place], hidden[year, place])
        if measure.groups:
            for i in range(len(every)):
                hidden[i] = _enough(numbers[i, :, 0], hidden[i])
    asked = [every.index(m) for m in months]
    found: Mask = hidden[asked]
    return found


def _enough(cells: Array, hidden: Mask) -> Mask:
    """Those withheld and, smallest first, as many more as keep each of them from being worked out."""
    more = hidden.copy()
    for place in np.argsort(np.where(cells == 0, np.inf, cells), kind="stable"):
        if not gives_away(cells[more]):
            break
        more[place] = True
    return more
