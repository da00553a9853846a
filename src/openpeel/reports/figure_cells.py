"""The columns and cells that say a figure, wherever it stands in a table."""

from __future__ import annotations

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.reports.cells import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, Cell, Column, number, text

#: What `about_cells` says.
ABOUT = (
    Column("printed_value", "Printed value", "text", "The value as the report prints it, rounded."),
    Column("value", "Value", "number", "The value as computed, not rounded."),
    Column("unit", "Unit", "text", "The unit of value, interval, mean and limits.", 24),
    Column("numerator", "Numerator", "number", "What was counted."),
    Column("denominator", "Denominator", "number", "What it is a share, rate or mean of."),
    Column("lower", "Interval: lower", "number", "The lower end of the confidence interval."),
    Column("upper", "Interval: upper", "number", "The upper end of the confidence interval."),
    Column("level", "Interval: level (percent)", "number", "The level of the confidence interval."),
    Column("method", "Method", "text", "How the interval was made; 'count' where there is none.", 22),
    Column(
        "england_and_wales", "England and Wales", "number", "The value of all forces counted, taken together."
    ),
    Column("mean", "Mean of forces", "number", "The unweighted mean of the forces counted."),
    Column("sd", "Standard deviation of forces", "number", "Of the values of the forces counted."),
    Column(
        "verdict",
        "Compared with forces",
        "text",
        "Above or below: more than one standard deviation from the mean.",
    ),
)
#: What `limit_cells` says.
LIMITS = (
    Column("control_lower", "Limits by chance: lower", "number", "The lower control limit at 95 percent."),
    Column("control_upper", "Limits by chance: upper", "number", "The upper control limit at 95 percent."),
    Column("control_verdict", "By limits of chance", "text", "Where the value lies by these limits."),
    Column("wide_lower", "Wider limits: lower", "number", "The same, allowing for how forces differ anyway."),
    Column("wide_upper", "Wider limits: upper", "number", "The same, allowing for how forces differ anyway."),
    Column("wide_verdict", "By wider limits", "text", "Where the value lies by these limits."),
)


def about_cells(f: Figure, *, without_denominator: bool = False) -> tuple[Cell, ...]:
    """The value as printed and in full with its parts, its interval, and what forces have."""
    withheld = f.method == WITHHELD
    absent = CONFIDENTIAL if withheld else NOT_AVAILABLE
    # What a figure with a value does not have, it has not by its nature; but for what its value is of.
    by_nature = NOT_APPLICABLE if f.value is not None else absent
    numerator = CONFIDENTIAL if f.value is not None else absent  # counts are rounded, and it would tell them
    denominator = by_nature if f.numerator is not None else numerator
    compared = f.comparison
    not_compared = NOT_AVAILABLE if compared.forces_counted else NOT_APPLICABLE
    return (
        absent if f.value is None else text(shown(f.value, f.unit)),
        number(f.value, absent),
        text(f.unit),
        number(f.numerator, numerator),
        number(f.denominator, NOT_APPLICABLE if without_denominator else denominator),
        number(f.lower, by_nature),
        number(f.upper, by_nature),
        number(100 * f.level, NOT_APPLICABLE) if f.lower is not None else by_nature,
        absent if withheld else text(f.method),
        number(compared.england_and_wales, not_compared),
        number(compared.mean, not_compared),
        number(compared.sd, not_compared),
        compared.verdict,
    )


def limit_cells(f: Figure) -> tuple[Cell, ...]:
    """The limits at 95 percent, by chance and wider, and where the value lies by them."""
    without = CONFIDENTIAL if f.method == WITHHELD else NOT_AVAILABLE
    return tuple(
        cell
        for limits in (f.comparison.control, f.comparison.overdispersed)
        for cell in (number(limits.lower, without), number(limits.upper, without), limits.verdict)
    )


def group_cell(f: Figure) -> str:
    """The group in words, which a grouped figure's title ends with."""
    return NOT_APPLICABLE if f.group is None else text(f.title.rpartition(": ")[2] or f.group)
