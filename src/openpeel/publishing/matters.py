"""What is worth a reader's eye in one measure of a force: the rule by which charts are drawn, and a sentence of it.

Sentences about a figure in full are in `figures/wording.py`; here it is said in a line, for a list of many.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.figures.figure import Figure, Verdict
from openpeel.figures.rounding import closely, shown
from openpeel.figures.trend import Trend
from openpeel.publishing.inspection import Section

#: The last months of a trend, in which what stands out is news.
RECENT = 12
#: So many groups are named in a line.
_NAMED = 3

#: The rule, as it stands on the pages that it is applied to.
RULE = (
    "A chart is drawn where there is something to see in it. All forces are drawn where this one is more than one "
    "standard deviation from their mean, or outside the limits that allow for how forces differ anyway, or where a "
    "standard is set for the value; the groups of a measure where one of them is so. Months are drawn where the value "
    "rose or fell on the year before, or a month of the last twelve stands out. To be outside the limits of chance "
    "alone is no reason, because with many cases nearly every force is. Every other measure has its sentences and "
    "its table."
)

_OUTSIDE: tuple[Verdict, ...] = ("above", "below")


def stands_apart(figure: Figure) -> bool:
    """Whether a chart of all forces has something to show: by the rule above."""
    compared = figure.comparison
    outside = compared.verdict in _OUTSIDE or compared.overdispersed.verdict in _OUTSIDE
    return outside or (figure.limit is not None and figure.value is not None)


def moved(trend: Trend | None) -> bool:
    """Whether a chart of months has something to show: by the rule above."""
    if trend is None or trend.no_lines_because:
        return False
    change = trend.change
    return (change is not None and change.verdict in ("rise", "fall")) or _recent(trend) > 0


def matter(section: Section, own: Sequence[Figure]) -> str:
    """What matters in a measure, to follow its title: ' (5.3) is above …'; '' where nothing does.

    `own` are the figures of the inspected force, in the order of the groups.
    """
    said = _of_groups(own) if section.groups[0].key is not None else _of_whole(own)
    said += _over_time(section.trend)
    if not said:
        return ""
    value = (
        f" ({_with_unit(own[0])})"
        if section.groups[0].key is None and own and own[0].value is not None
        else ""
    )
    return f"{value}: {'; '.join(said)}."


def _of_whole(own: Sequence[Figure]) -> list[str]:
    said = []
    for figure in own:
        compared = figure.comparison
        if figure.limit is not None and figure.limit_met is False:
            said.append(f"misses the standard ({figure.limit_rule} {shown(figure.limit, figure.unit)})")
        band, wide = compared.verdict, compared.overdispersed.verdict
        if band in _OUTSIDE:
            also = ", and by the limits that allow for how forces differ too" if wide == band else ""
            said.append(
                f"{band} the range of forces, whose mean is {shown(compared.mean, figure.unit)}{also}"
            )
        elif wide in _OUTSIDE:
            said.append(f"{wide} the limits that allow for how forces differ, though in the range of forces")
    return said


def _of_groups(own: Sequence[Figure]) -> list[str]:
    said = []
    for verdict in _OUTSIDE:
        names = [f"‘{f.title.rpartition(': ')[2]}’" for f in own if f.comparison.verdict == verdict]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            said.append(f"{_listed(names[:_NAMED], more)} {verdict} the range of forces")
    return said


def _over_time(trend: Trend | None) -> list[str]:
    if trend is None or not moved(trend):
        return []
    said = []
    change = trend.change
    if change is not None and change.verdict in ("rise", "fall"):
        apart = None
        if change.lower is not None and change.upper is not None:
            scale = 1.0 if change.measured == "difference" else change.before.value or 0.0
            apart = (change.upper - change.lower) * scale
        sign = "%" if trend.unit == "percent" else ""
        was, now = (closely(one.value, trend.unit, apart) + sign for one in (change.before, change.now))
        said.append(f"a {change.verdict} from {was} to {now} on the year before")
    recent = _recent(trend)
    if recent:
        months = min(RECENT, len(trend.months))
        each = recent == months
        stand = "stands" if recent == 1 or each else "stand"
        said.append(f"{'each' if each else recent} of the last {months} months {stand} out")
    return said


def _recent(trend: Trend) -> int:
    return sum(bool(m.signals) for m in trend.months[-RECENT:])


def _with_unit(figure: Figure) -> str:
    return shown(figure.value, figure.unit)


def _listed(names: Sequence[str], more: str) -> str:
    if more:
        return f"{', '.join(names)}{more}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
