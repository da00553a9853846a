"""Which months of a trend are withheld, so that no small count can be read or worked out from it.

Which figures are is decided in `compute.py`; here that is kept up where the same records are told month by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from openpeel.figures.comparing import gives_away
from openpeel.figures.compute import Mask, withheld_groups
from openpeel.lake import Release
from openpeel.measures import Measure
from openpeel.measures.conditions import Condition
from openpeel.measures.count import Counts
from openpeel.measures.measure import Array, Group
from openpeel.reference.forces import Force, all_forces
from openpeel.reference.periods import Month, Period


def withheld_months(
    release: Release,
    counts: Counts,
    measure: Measure,
    force: Force,
    months: Sequence[Month],
    group: Group | None,
) -> Mask:
    """Which months are not shown, so that no small count can be read or worked out.

    A month is withheld where its figure would be. The figures of years and of the other groups are published too,
    and what is shown can be taken from them: so in each month, and in each run of twelve, those withheld must be
    enough for one another, and nothing is shown of a year whose own figure is withheld. It is decided over all
    months that are held, whichever were asked for, so that two trends do not give away what one does not.
    """
    behind = [measure.people_counted(g) for g in measure.groups]
    if group is None or None in behind:
        return np.zeros(len(months), dtype=np.bool_)
    held = [Month.parse(m) for r in release.of(measure.standard, force.code) for m in r.key.months]
    every = Period(min([*held, *months]).start, max([*held, *months]).end).months()
    cells = np.array([_people(release, counts, force, m, behind) for m in every])
    hidden = np.array([withheld_row(release, counts, measure, force, Period.month(m)) for m in every])
    # Years that the records begin or end in have figures as well, of the months there are.
    years = [slice(max(0, end - 12), min(end, len(every))) for end in range(1, len(every) + 12)]
    for year in years:
        period = Period(every[year][0].start, every[year][-1].end)
        hidden[year] |= withheld_row(release, counts, measure, force, period)
    before = -1
    while before < hidden.sum():
        before = int(hidden.sum())
        for i in range(len(every)):
            hidden[i] = _enough(cells[i], hidden[i])
        for year in years:
            for place in range(len(behind)):
                hidden[year, place] = _enough(cells[year, place], hidden[year, place])
    asked = [every.index(m) for m in months]
    return cast(Mask, hidden[asked, measure.groups.index(group)])


def withheld_row(release: Release, counts: Counts, measure: Measure, force: Force, period: Period) -> Mask:
    """Which groups of a measure are withheld for a force in a period."""
    place = [f.code for f in all_forces()].index(force.code)
    return cast(Mask, withheld_groups(release, counts, period, measure)[place])


def _enough(cells: Array, hidden: Mask) -> Mask:
    """Those withheld and, smallest first, as many more as keep each of them from being worked out."""
    more = hidden.copy()
    for place in np.argsort(np.where(cells == 0, np.inf, cells), kind="stable"):
        if not gives_away(cells[more]):
            break
        more[place] = True
    return more


def _people(
    release: Release, counts: Counts, force: Force, month: Month, behind: Sequence[Condition | None]
) -> list[float]:
    count = counts.within(
        Period.month(month), [(force.code,)], leave_out_duplicates=release.leave_out_duplicates
    )
    return [float(count(condition)[0]) for condition in behind if condition is not None]
