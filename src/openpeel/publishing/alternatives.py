"""Charts put into words: the text alternatives, which state the finding for whoever does not see the picture."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.figures.figure import WITHHELD, Figure, OwnLimits, Verdict
from openpeel.figures.rounding import closely
from openpeel.publishing.axis import Show
from openpeel.publishing.charts import interval_shown, one_sd_limits, short_name
from openpeel.publishing.control_charts import in_funnel
from openpeel.publishing.inspection import Scope, Section

NOTHING = "–"
_FINDING: dict[Verdict, str] = {
    "above": "above the range of forces",
    "below": "below the range of forces",
    "in range": "within the range of forces",
    "not assessed": "not assessed against other forces",
}


def forces_in_words(
    scope: Scope, section: Section, own: Figure | None, bars: Sequence[Figure], show: Show
) -> str:
    """A force among all: its value, how it stands, the mean, and who is at either end."""
    name = scope.force.full_name
    if own is None or own.value is None:
        parts = [f"{name}: no value."]
    else:
        value = shown_with_unit(own.value, section.unit, scope)
        said = f"{name}: {value} {interval_shown(own, show)}".strip()
        parts = [f"{said}, {_FINDING[own.comparison.verdict]}."]
    comparison = (own or bars[0]).comparison
    limits = one_sd_limits(comparison)
    if comparison.mean is not None:
        mean = f"The mean of the {comparison.forces_counted} forces counted is {show(comparison.mean)}"
        between = f"; the range is {show(max(0.0, limits[0]))} to {show(limits[1])}" if limits else ""
        parts.append(f"{mean}{between}.")
    if len(bars) > 1:
        top, bottom = bars[0], bars[-1]
        parts.append(
            f"Highest is {short_name(top)} with {show(top.value)}, "
            f"lowest {short_name(bottom)} with {show(bottom.value)}."
        )
    return " ".join(parts)


def funnel_in_words(scope: Scope, own: Figure | None, figures: Sequence[Figure]) -> str:
    """A force between its limits, and how many others are outside theirs."""
    name = scope.force.full_name
    placed = in_funnel(figures)
    said = [f"{name}: no limits."]
    if own is not None and own in placed:
        narrow, wide = own.comparison.control, own.comparison.overdispersed
        said = [
            f"{name}: {by_limits(narrow, own.unit).lower()} by limits of chance at 95%, "
            f"{by_limits(wide, own.unit).lower()} by limits that allow for how forces differ."
        ]
    outside = sum(f.comparison.control.verdict in ("above", "below") for f in placed)
    wide_outside = sum(f.comparison.overdispersed.verdict in ("above", "below") for f in placed)
    said.append(
        f"Of {len(placed)} forces {outside} are outside the limits of chance and {wide_outside} outside the wider ones."
    )
    return " ".join(said)


def groups_in_words(scope: Scope, groups: Sequence[tuple[str, Figure]], show: Show) -> str:
    """The groups of a force, largest first."""
    said = [
        f"{title} {show(figure.value)}, {_FINDING[figure.comparison.verdict]}"
        if figure.value is not None
        else f"{title} is withheld"
        if figure.method == WITHHELD
        else f"{title} has no value"
        for title, figure in groups
    ]
    return f"{scope.force.full_name}: {'; '.join(said)}."


def by_limits(limits: OwnLimits, unit: str) -> str:
    """'Above (0.4 to 0.6)', the limits at 95 percent; a star where the outer ones do not say so."""
    if limits.lower is None:
        return NOTHING
    star = " *" if limits.verdict != limits.outer_verdict else ""
    bounds = " to ".join(closely(bound, unit, limits.apart) for bound in (limits.lower, limits.upper))
    return f"{limits.verdict.capitalize()}{star} ({bounds})"


def shown_with_unit(value: float, unit: str, scope: Scope) -> str:
    """A value for the middle of a sentence: '5.7 per 1,000 population', '64.0%', '3.4 times'."""
    printed = scope.format(value, unit)
    return printed if unit in ("percent", "ratio") else f"{printed} {unit}"
