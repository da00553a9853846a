"""What a return would change in what is known of its force: rows, and measures with their values before and after.

Plain JSON values, kept with the return:

    {"rows": "1 record new, 2 gone, 340 as before",
     "before": ["6f…"],                                   ids of the returns that it would supersede
     "measures": [{"title": …, "group": … or "", "unit": …, "before": V or null, "after": V or null}]}

with V = {"value", "numerator", "denominator"}, null where the number is too small to be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from openpeel.figures.withholding import WITHHOLD, withheld_together
from openpeel.lake import Lake, Return, open_engine
from openpeel.measures import measures_on
from openpeel.measures.count import Counts, count, no_counts, wanted_conditions
from openpeel.measures.measure import Area, Group, Measure
from openpeel.reference.periods import Period
from openpeel.standards import load_standard

_LEVEL = 0.95


def difference(found: Return, changed: str, staging: Lake, main: Lake, period: Period) -> dict[str, Any]:
    """What changes when a return, looked at in staging, takes its place in the main lake.

    `changed` says it of the rows. Measures are worked out for the force and the period.
    """
    key = found.key
    held = [
        main.read_return(return_id)
        for k, return_id in sorted(main.held().items())
        if (k.standard, k.force) == (key.standard, key.force)
    ]
    before = [r for r in held if not set(r.key.months).isdisjoint(key.months)]
    told: dict[str, Any] = {"rows": changed, "before": [r.id for r in before], "measures": []}
    if any(r.standard_hash != load_standard(key.standard).hash for r in held):
        return told  # read under another version of the standard: not to be counted by this one's measures
    measures = measures_on([key.standard])
    old = _counts(measures, [(main, r) for r in held])
    new = _counts(measures, [*((main, r) for r in held if r not in before), (staging, found)])
    areas: list[Area] = [(key.force,)]
    hidden_before, hidden_after = (
        withheld_together(measures, counts, period, areas, WITHHOLD) for counts in (old, new)
    )
    for measure in measures:
        groups: Sequence[Group | None] = measure.groups or (None,)
        for i, group in enumerate(groups):
            values = [_value(measure, counts, areas, group, period) for counts in (old, new)]
            if values[0] == values[1]:
                continue
            shown = [
                None if hidden[measure.id][0, i] else value
                for hidden, value in zip((hidden_before, hidden_after), values, strict=True)
            ]
            if shown != [None, None]:
                told["measures"].append(
                    {
                        "title": measure.title,
                        "group": group.title if group else "",
                        "unit": measure.unit,
                        "before": shown[0],
                        "after": shown[1],
                    }
                )
    return told


def _counts(measures: Sequence[Measure], returns: Sequence[tuple[Lake, Return]]) -> Counts:
    conditions = wanted_conditions(measures)
    if not returns:
        return no_counts(conditions)
    with open_engine("duckdb") as engine:
        frame = engine.scan([lake.part_path(r.key.standard, r.part) for lake, r in returns])
        return count(frame, conditions, tallied=any(r.tallied for _, r in returns))


def _value(
    measure: Measure, counts: Counts, areas: list[Area], group: Group | None, period: Period
) -> dict[str, float | None]:
    estimates = measure.estimate(
        counts.within(measure.counted_in(period), areas), areas, group, _LEVEL, period
    )
    numbers = {
        "value": estimates.value[0],
        "numerator": estimates.numerator[0],
        "denominator": estimates.denominator[0],
    }
    return {name: None if np.isnan(number) else float(number) for name, number in numbers.items()}
