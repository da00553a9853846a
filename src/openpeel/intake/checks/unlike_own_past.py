"""Months with many more or far fewer records than the same force had before.

How far a month lies from its force's past is told as a robust z: its distance from a median, in standard deviations
worked out from the median absolute deviation. That a z of 3.5 or more is odd is the rule of Iglewicz and Hoaglin (How
to Detect and Handle Outliers, 1993); how much past is asked for is ours.
"""

from collections.abc import Mapping
from statistics import median

from openpeel.intake.checks.beside import Beside, spread
from openpeel.lake import Defect

_SHOWN = 6


def check(beside: Beside, *, z: float = 3.5, months: int = 12, at_most: int = 36) -> list[Defect]:
    """Name the months that lie z or more from the past, which has to be of at least so many months.

    Of a longer past only the latest `at_most` months are looked at. Where the same month of an earlier year is among
    them, it is compared with that, so that what happens every December is not odd.
    """
    own = beside.own
    odd = []
    told = []
    for month in (m for m in beside.months if m in own):
        past = {m: own[m] for m in sorted(m for m in own if m < month)[-at_most:]}
        if len(past) >= months and abs(_z(own, month, past)) >= z:
            odd.append(month)
            told.append(f"{own[month]:,} in {month} against {_usual(past, month):,.0f}")
    if not odd:
        return []
    more = f", and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
    said = f"the number of records is unlike the force's own past: {', '.join(told[:_SHOWN])} usually{more}"
    return [Defect("unlike_own_past", beside.records(odd), said)]


def _z(own: Mapping[str, int], month: str, past: dict[str, int]) -> float:
    usual = _usual(past, month)
    middle = median(past.values())
    residuals = []
    for m, count in past.items():
        same = _same_month(past, m)
        residuals.append(count - (middle if same is None else same))
    # Counts vary by chance at least as much as their square root.
    return float((own[month] - usual) / max(spread(residuals), max(usual, 1.0) ** 0.5))


def _usual(past: dict[str, int], month: str) -> float:
    same = _same_month(past, month)
    return float(median(past.values())) if same is None else same


def _same_month(past: dict[str, int], month: str) -> float | None:
    """The median of this month in the other years of the past; None where there are none."""
    same = [count for m, count in past.items() if m[5:] == month[5:] and m != month]
    return float(median(same)) if same else None
