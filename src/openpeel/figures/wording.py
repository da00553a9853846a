"""Figures in words. A word of comparison comes from the verdict and from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openpeel.figures.figure import WITHHELD, Figure, OwnLimits, Verdict
from openpeel.figures.own_past import Change, PastVerdict
from openpeel.figures.rounding import closely, number, rounded, shown
from openpeel.figures.trend import MonthValue, Trend
from openpeel.measures import find_measure
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period

#: A breakdown is told in prose by so many of its groups; the table has them all.
IN_A_SENTENCE = 3

_VERDICTS = {
    "above": "higher than",
    "below": "lower than",
    "in range": "in line with",
}
_BY_CHANCE: dict[Verdict, str] = {
    "above": "above what chance explains for a force of its size",
    "below": "below what chance explains for a force of its size",
    "in range": "no further off than chance explains for a force of its size",
}
_AMONG_UNLIKE: dict[Verdict, str] = {
    "above": "above the limits that allow for how forces differ anyway",
    "below": "below the limits that allow for how forces differ anyway",
    "in range": "within the limits that allow for how forces differ anyway",
}
#: What each rule of a control chart is in words, as it stands after the name of a month.
SIGNALS = {
    "outside": "outside the limits",
    "run": "in a run of 8 or more on one side of the centre",
    "two_of_three": "one of 2 in 3 far from the centre",
    "four_of_five": "one of 4 in 5 away from the centre",
    "wide_range": "a wider step than usual from the month before",
}
#: A measure's sentence has its unit in the plural: '1 seconds on average'.
_ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (second|minute|hour|day)s\b")
_PAST: dict[PastVerdict, str] = {
    "rise": "a rise",
    "fall": "a fall",
    "no significant change": "no significant change",
}


def sentence(figure: Figure) -> str:
    """The finding: 'In the year ending 31 March 2021, Hertfordshire Constabulary recorded …'."""
    measure = find_measure(figure.measure)
    period = Period(figure.period_start, figure.period_end)
    group = measure.group(figure.group)
    if figure.value is None:
        about = f"'{figure.title}' has no value for {figure.force_name}"
        return f"In {period.label}, {about}: {no_value_because(figure)}."
    said = measure.sentence.format(
        force=figure.force_name, value=shown(figure.value, figure.unit), group=group.title if group else ""
    )
    said = _ONE_OF_MANY.sub(r"1 \1", said)
    interval = ""
    if figure.lower is not None and figure.upper is not None:
        interval = (
            f" ({100 * figure.level:g}% confidence interval "
            f"{number(figure.lower, figure.unit)} to {number(figure.upper, figure.unit)})"
        )
    return f"In {period.label}, {said}{interval}."


def largest_sentence(figures: Sequence[Figure]) -> str:
    """The largest groups of a breakdown in one sentence; empty where none has a value."""
    with_value = sorted((f for f in figures if f.value), key=lambda f: -(f.value or 0))[:IN_A_SENTENCE]
    if not with_value:
        return ""
    first = with_value[0]
    measure = find_measure(first.measure)
    period = Period(first.period_start, first.period_end)
    parts = [
        f"'{group.title}' ({shown(f.value, f.unit)})" for f in with_value if (group := measure.group(f.group))
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"In {period.label}, the largest parts of {first.force_name} {measure.noun} were {listed}."


def limit_sentence(figure: Figure) -> str:
    """Whether the value keeps to the standard it is held to; empty where there is none, or no value."""
    if figure.limit is None or figure.limit_met is None:
        return ""
    met = "it is met" if figure.limit_met else "it is missed"
    return f"The standard is {figure.limit_rule} {shown(figure.limit, figure.unit)} ({figure.limit_source}): {met}."


def no_value_because(figure: Figure) -> str:
    """Why a figure has no value, as the end of a sentence."""
    if figure.method == WITHHELD:
        return "the number is small and is withheld"
    if figure.coverage.months_present == 0:
        return "the release holds no return of the force for this period"
    return "there are no records to work it out from"


def comparison_sentence(figure: Figure) -> str:
    """How the force stands among the forces; empty where the measure is not one to compare."""
    compared = figure.comparison
    measure = find_measure(figure.measure)
    if not measure.compared:
        if compared.england_and_wales is None:
            return ""
        total = shown(compared.england_and_wales, figure.unit)
        return f"The {compared.forces_counted} forces that could be counted recorded {total}."
    if compared.verdict == "not assessed" or compared.mean is None or compared.sd is None:
        return f"It is not compared with other forces: {not_assessed_because(figure)}."
    how = _VERDICTS[compared.verdict]
    mean, sd = shown(compared.mean, figure.unit), number(compared.sd, figure.unit)
    further = (
        f"more than one standard deviation ({sd}) away from it"
        if compared.verdict != "in range"
        else f"within one standard deviation ({sd}) of it"
    )
    return f"This is {how} the mean of the {compared.forces_counted} forces counted, {mean}: {further}."


def comparison_words(figure: Figure) -> str:
    """How the value stands to the mean of the forces: 'in line with', 'higher than'; '' where it is not compared."""
    return "" if figure.comparison.verdict == "not assessed" else _VERDICTS[figure.comparison.verdict]


def not_assessed_because(figure: Figure) -> str:
    """Why a figure is not compared, as the end of a sentence."""
    coverage, compared = figure.coverage, figure.comparison
    if figure.value is None:
        return no_value_because(figure)
    if find_force(figure.force).kind != "territorial":
        return "it is not one of the 43 forces of England and Wales"
    if coverage.months_present < coverage.months_expected:
        return f"the release holds {coverage.months_present} of {coverage.months_expected} months"
    if compared.mean is None:
        return f"only {compared.forces_counted} of the 43 forces can be counted"
    return "the force was left out of the comparison"


def limits_sentence(figure: Figure) -> str:
    """What control limits say beside the band, and whether they agree; empty where there is no comparison.

    Where the three methods differ, why they do: they answer three questions.
    """
    compared = figure.comparison
    if compared.verdict == "not assessed":
        return ""
    if compared.no_limits_because:
        return f"Limits by chance are not assessed: {compared.no_limits_because}."
    if compared.control.verdict == "not assessed" or compared.centre is None:
        return ""
    narrow, wide = compared.control, compared.overdispersed
    said = (
        f"Against {closely(compared.centre, figure.unit, narrow.apart)}{_sign(figure.unit)}, the value of all forces "
        f"counted taken together, it is {_BY_CHANCE[narrow.verdict]} ({_limits(narrow, figure.unit)} at "
        f"95%{_outer(narrow)}), and {_AMONG_UNLIKE[wide.verdict]} ({_limits(wide, figure.unit)}{_outer(wide)})."
    )
    if compared.verdicts_differ:
        said += " The three ways of comparing do not say the same of this force, as they do not ask the same."
    return said


def similar_sentence(figure: Figure) -> str:
    """The force beside those it is most like; empty where no list was given, or nothing can be said."""
    similar = figure.comparison.similar
    if not similar.listed:
        return ""
    of = f"the {similar.listed} forces listed as most similar"
    if similar.mean is None or similar.place is None:
        return f"It is not compared with {of}: {similar.counted} of them can be."
    counted = "" if similar.counted == similar.listed else f", of which {similar.counted} can be counted"
    return (
        f"The mean of {of}{counted} is {shown(similar.mean, figure.unit)}; among them and itself it is number "
        f"{similar.place} of {similar.counted + 1} from the top."
    )


def change_sentence(change: Change, unit: str) -> str:
    """Whether the value rose or fell, with the interval; why that is not assessed where it is not."""
    before = change.before.period.label
    if change.verdict == "not assessed" or change.measured is None:
        return f"A change since {before} is not assessed: {change.because}."
    was, now = (closely(one.value, unit, _apart(change)) + _sign(unit) for one in (change.before, change.now))
    level = f"{100 * change.level:g}% confidence interval"
    if change.change is None:  # nothing was counted before, and no ratio to nothing exists
        return f"From {was} in {before} to {now}: {_PAST[change.verdict]}."
    if change.measured == "difference":
        bounds = f"{rounded(change.lower or 0.0, 1)} to {rounded(change.upper or 0.0, 1)}"
        points = rounded(change.change, 1)
        size = f"{f'{points:+}' if points else abs(points)} percentage points ({level} {bounds})"
    else:
        upper = f"to {rounded(change.upper, 2)}" if change.upper is not None else "or more"
        size = (
            f"{rounded(change.change, 2)} times as much ({level} {rounded(change.lower or 0.0, 2)} {upper})"
        )
    return f"From {was} in {before} to {now}: {_PAST[change.verdict]}, {size}."


def change_words(change: Change) -> str:
    """What may be said of a change: 'a rise', 'no significant change'; '' where it is not assessed."""
    return "" if change.verdict == "not assessed" else _PAST[change.verdict]


def _apart(change: Change) -> float | None:
    """How wide the interval of the change is, in the unit of the values."""
    if change.lower is None or change.upper is None:
        return None
    return (change.upper - change.lower) * (
        1.0 if change.measured == "difference" else change.before.value or 0.0
    )


def trend_sentence(trend: Trend) -> str:
    """What the control chart of the months shows."""
    about = _span(trend)
    if trend.no_lines_because:
        return f"{about}: no limits are drawn, because {trend.no_lines_because}."
    signals = trend.signals
    last = next(m for m in reversed(trend.months) if m.centre is not None)
    sign = _sign(trend.unit)
    centre = f"The centre is {closely(last.centre, trend.unit, trend.apart)}{sign}"
    limits = " to ".join(closely(x, trend.unit, trend.apart) for x in (last.lower, last.upper))
    if not signals:
        return f"{about}, no month stands out. {centre}, the limits are {limits}."
    shown_first = sorted(signals, key=lambda m: "outside" not in m.signals)[:IN_A_SENTENCE]
    named = "; ".join(_month_said(m, trend) for m in sorted(shown_first, key=lambda m: m.month))
    more = f"; and {len(signals) - len(shown_first)} more" if len(signals) > len(shown_first) else ""
    stand = "month stands" if len(signals) == 1 else "months stand"
    return f"{about}, {len(signals)} {stand} out: {named}{more}. {centre}, the limits are {limits}."


def _span(trend: Trend) -> str:
    first, last = (Month.parse(trend.months[i].month).label for i in (0, -1))
    open_ = sum(m.value is None for m in trend.months)
    left_open = f", {open_} of them left open" if open_ else ""
    return f"Month by month from {first} to {last}{left_open}"


def _month_said(month: MonthValue, trend: Trend) -> str:
    rules = ", ".join(SIGNALS[rule] for rule in month.signals)
    value = closely(month.value, trend.unit, trend.apart) + _sign(trend.unit)
    return f"{Month.parse(month.month).label} ({value}: {rules})"


def _limits(limits: OwnLimits, unit: str) -> str:
    return f"{closely(limits.lower, unit, limits.apart)} to {closely(limits.upper, unit, limits.apart)}"


def _sign(unit: str) -> str:
    return shown(0.0, unit).removeprefix(number(0.0, unit))


def _outer(limits: OwnLimits) -> str:
    """Where the outer limits say something else, which of the two that is."""
    if limits.verdict == limits.outer_verdict:
        return ""
    return ", though not at 99.8%"
