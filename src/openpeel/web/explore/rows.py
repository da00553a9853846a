"""What stands in tables of figures and is said of them, as printed, and why there is no value where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpeel.figures.figure import WITHHELD, Figure, Verdict
from openpeel.figures.rounding import closely, number, shown
from openpeel.figures.trend import Trend
from openpeel.figures.wording import (
    SIGNALS,
    comparison_sentence,
    limit_sentence,
    limits_sentence,
    not_assessed_because,
    sentence,
    similar_sentence,
)
from openpeel.measures import Measure
from openpeel.publishing.alternatives import by_limits
from openpeel.publishing.charts import interval_shown, one_sd_limits, short_name
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month
from openpeel.web.explore.choices import Method

NOTHING = "–"
STANDS: dict[Verdict, str] = {
    "above": "▲ Above",
    "below": "▼ Below",
    "in range": "In range",
    "not assessed": "Not assessed",
}


@dataclass(frozen=True)
class FigureRow:
    """One figure as printed. `verdicts` are those by one standard deviation, control and over-dispersed limits."""

    figure: Figure
    force: str
    slug: str
    title: str
    numerator: str
    denominator: str
    value: str
    interval: str
    verdicts: tuple[str, str, str]
    stands: str
    marked: bool


@dataclass(frozen=True)
class MonthRow:
    """One month of a force as printed."""

    month: str
    value: str
    counted: str
    limits: str
    stands_out: str


def row_of(figure: Figure, force: str = "") -> FigureRow:
    """A figure for a table; marked where it is that of `force` (a code)."""
    compared = figure.comparison
    return FigureRow(
        figure=figure,
        force=short_name(figure),
        slug=find_force(figure.force).slug,
        title=figure.title,
        numerator=count(figure.numerator),
        denominator=count(figure.denominator),
        value=value_of(figure),
        interval=interval_shown(figure, lambda value: number(value, figure.unit)).strip("()") or NOTHING,
        verdicts=(
            STANDS[compared.verdict] if compared.mean is not None else NOTHING,
            by_limits(compared.control, figure.unit),
            by_limits(compared.overdispersed, figure.unit),
        ),
        stands=STANDS[compared.verdict],
        marked=figure.force == force,
    )


def force_rows(figures: Sequence[Figure], force: str) -> tuple[FigureRow, ...]:
    """All forces, largest value first, then those without one by name; of others than the 43, those with a value."""
    listed = [f for f in figures if f.value is not None or find_force(f.force).kind == "territorial"]
    ordered = sorted(
        listed, key=lambda f: (f.value is None, -(f.value if f.value is not None else 0.0), short_name(f))
    )
    return tuple(row_of(figure, force) for figure in ordered)


def month_rows(trend: Trend) -> tuple[MonthRow, ...]:
    """The months of a trend, the last first."""

    def printed(value: float | None) -> str:
        return closely(value, trend.unit, trend.apart)

    return tuple(
        MonthRow(
            month=Month.parse(m.month).label,
            value=m.open_because or printed(m.value),
            counted=count(m.numerator),
            limits=NOTHING if m.lower is None else f"{printed(m.lower)} to {printed(m.upper)}",
            stands_out="; ".join(SIGNALS[signal] for signal in m.signals) or NOTHING,
        )
        for m in reversed(trend.months)
    )


def value_of(figure: Figure) -> str:
    """The value as printed; 'withheld', or a dash where there is none."""
    return WITHHELD if figure.method == WITHHELD else shown(figure.value, figure.unit)


def unit_after(unit: str) -> str:
    """What of a unit follows a printed value: '64.0%' and '£131k' say theirs already."""
    return "" if unit in ("percent", "ratio") else unit.removeprefix("GBP").strip()


def count(value: float | None) -> str:
    """A count in whole numbers; the parts of a ratio of rates keep two decimals."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def said_of(measure: Measure, figure: Figure) -> tuple[str, ...]:
    """The finding about a force and how it stands among all, in sentences."""
    if figure.value is None and measure.compared:
        return (sentence(figure),)
    told = (sentence, limit_sentence, comparison_sentence, limits_sentence, similar_sentence)
    return tuple(said for tell in told if (said := tell(figure)))


def said_of_all(figures: Sequence[Figure], method: Method) -> str:
    """What a chart of all forces shows, for whoever does not see it; nothing of a force whose number is withheld."""
    with_value = sorted((f for f in figures if f.value is not None), key=lambda f: (-(f.value or 0), f.force))
    if not with_value:
        return "No force has a value."
    first, compared = with_value[0], with_value[0].comparison
    unit = first.unit
    said = []
    if method.key == "sd":
        limits = one_sd_limits(compared)
        if compared.mean is not None:
            span = (
                f"; one standard deviation around it is from {number(max(0.0, limits[0]), unit)} to "
                f"{shown(limits[1], unit)}"
                if limits
                else ""
            )
            said.append(
                f"The mean of the {compared.forces_counted} forces counted is {shown(compared.mean, unit)}{span}."
            )
        verdicts = [f.comparison.verdict for f in with_value]
    else:
        if compared.no_limits_because:
            return f"Limits by chance are not assessed: {compared.no_limits_because}."
        centre = next((f.comparison.centre for f in with_value if f.comparison.centre is not None), None)
        if centre is not None:
            said.append(f"The value of all forces counted taken together is {shown(centre, unit)}.")
        verdicts = [
            (f.comparison.control if method.key == "control" else f.comparison.overdispersed).verdict
            for f in with_value
        ]
    above, below, inside = (verdicts.count(v) for v in ("above", "below", "in range"))
    if above + below + inside:
        said.append(f"{above} above the range, {inside} within it, {below} below.")
    drawn = [f for f, v in zip(with_value, verdicts, strict=True) if v != "not assessed"] or with_value
    top, bottom = drawn[0], drawn[-1]
    if len(drawn) > 1:
        said.append(
            f"Highest is {short_name(top)} with {shown(top.value, unit)}, "
            f"lowest {short_name(bottom)} with {shown(bottom.value, unit)}."
        )
    return " ".join(said)


def not_assessed(figures: Sequence[Figure]) -> tuple[tuple[str, str], ...]:
    """(forces, why) for those of the 43 forces that the comparison leaves out, with one reason together."""
    names: dict[str, list[str]] = {}
    for figure in sorted(figures, key=short_name):
        if figure.comparison.verdict == "not assessed" and find_force(figure.force).kind == "territorial":
            names.setdefault(not_assessed_because(figure), []).append(short_name(figure))
    return tuple((", ".join(those), why) for why, those in names.items())
