"""Figures in words. A word of comparison comes from the verdict and from nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import number, shown
from openpeel.measures import find_measure
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period

#: A breakdown is told in prose by so many of its groups; the table has them all.
IN_A_SENTENCE = 3

_VERDICTS = {
    "above": "higher than",
    "below": "lower than",
    "in range": "in line with",
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
    keeps = "This keeps to" if figure.limit_met else "This does not keep to"
    return f"{keeps} the standard of {figure.limit_rule} {shown(figure.limit, figure.unit)} ({figure.limit_source})."


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
