"""What the command line says of forces compared and of a force over time. Nothing is computed here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from openpeel.figures import Figure
from openpeel.figures.comparing import judged, judged_differently
from openpeel.figures.figure import WITHHELD, OwnLimits
from openpeel.figures.rounding import closely, number, shown
from openpeel.figures.trend import MonthValue, Trend
from openpeel.figures.wording import SIGNALS, change_sentence, trend_sentence
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.terminal import Format, print_json, print_rows, print_text

#: The two methods that give each force limits of its own, as the columns of a table are headed.
_METHODS = {"control": "limits", "overdispersed": "wide limits"}


def print_compared(figures: Sequence[Figure], method: str, how: Format) -> None:
    """All forces in one measure and group, largest value first, each with its verdicts."""
    ordered = sorted(
        figures, key=lambda f: (-f.value if f.value is not None else math.inf, find_force(f.force).name)
    )
    territorial = [f for f in ordered if find_force(f.force).kind == "territorial"]
    if how is Format.json:
        print_json(_compared(territorial))
    elif how is Format.csv:
        print_rows([_as_row(f) for f in territorial], how)
    else:
        _print_compared(territorial, method)


def _compared(figures: Sequence[Figure]) -> dict[str, Any]:
    first = figures[0]
    about = first.comparison
    return {
        "measure": first.measure,
        "title": first.title,
        "unit": first.unit,
        "group": first.group,
        "period_start": first.period_start.isoformat(),
        "period_end": first.period_end.isoformat(),
        "release": first.release,
        "definition": first.definition,
        "england_and_wales": about.england_and_wales,
        "mean": about.mean,
        "sd": about.sd,
        "centre": about.centre,
        "phi": about.phi,
        "tau": about.tau,
        "no_limits_because": about.no_limits_because,
        "forces_counted": about.forces_counted,
        "forces_missing": list(about.forces_missing),
        "forces": [_as_row(f) for f in figures],
        "differing": [f.force for f in judged_differently(figures)],
    }


def _as_row(figure: Figure) -> dict[str, Any]:
    """A force as data: the same names as in the figure, flat."""
    compared = figure.comparison
    row: dict[str, Any] = {
        "force": figure.force,
        "force_name": figure.force_name,
        "id": figure.id,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": figure.value,
        "method": figure.method,
        "months_present": figure.coverage.months_present,
        "verdict": compared.verdict,
    }
    for name in _METHODS:
        limits: OwnLimits = getattr(compared, name)
        row |= {
            f"{name}_lower": limits.lower,
            f"{name}_upper": limits.upper,
            f"{name}_verdict": limits.verdict,
            f"{name}_outer_lower": limits.outer_lower,
            f"{name}_outer_upper": limits.outer_upper,
            f"{name}_outer_verdict": limits.outer_verdict,
        }
    similar = compared.similar
    return row | {
        "verdicts_differ": compared.verdicts_differ,
        "similar_mean": similar.mean,
        "similar_place": similar.place,
        "similar_counted": similar.counted,
        "similar_listed": similar.listed,
    }


def _print_compared(figures: Sequence[Figure], method: str) -> None:
    first = figures[0]
    about, unit = first.comparison, first.unit
    period = Period(first.period_start, first.period_end).label
    asked = ("sd", "control", "overdispersed") if method == "all" else (method,)
    listed = any(f.comparison.similar.listed for f in figures)
    lines = [_line(f, asked, with_similar=listed) for f in figures]
    print_rows(lines, Format.table, title=f"{first.title}, {period}")
    print_text()
    if about.england_and_wales is not None:
        print_text(f"England and Wales together: {shown(about.england_and_wales, unit)}")
    if about.mean is None:
        print_text(f"Not compared: {about.forces_counted} of 43 forces can be counted.")
        return
    if "sd" in asked:
        print_text(
            f"Mean of the {about.forces_counted} forces counted, each once: {shown(about.mean, unit)}, "
            f"standard deviation {number(about.sd, unit)}"
        )
    if set(_METHODS) & set(asked):
        _print_limits(figures)
    differing = judged_differently(figures)
    if len(asked) > 1 and not about.no_limits_because:
        names = ", ".join(find_force(f.force).name for f in differing)
        print_text(
            f"\nForces that the three methods, at 95%, do not judge alike: {len(differing)}", bold=True
        )
        if names:
            print_text(names)


def _print_limits(figures: Sequence[Figure]) -> None:
    unit, about = figures[0].unit, figures[0].comparison
    if about.no_limits_because:
        print_text(f"By limits not assessed: {about.no_limits_because}.")
    if about.centre is None:
        return
    widths = [f.comparison.control.apart for f in figures if f.comparison.control.apart is not None]
    print_text(
        f"Their value taken together, the centre of the limits: {closely(about.centre, unit, min(widths))}"
    )
    if about.phi is not None:
        more = "as much as chance alone makes" if about.phi <= 1 else "times what chance alone makes"
        print_text(f"How much they vary (phi): {about.phi:.2f} {more}")
    print_text("Limits are those at 95%. * beyond them and not beyond those at 99.8%")


def _line(figure: Figure, asked: Sequence[str], *, with_similar: bool) -> dict[str, Any]:
    compared, said = figure.comparison, judged(figure)
    value = closely(figure.value, figure.unit, compared.control.apart)
    line: dict[str, Any] = {
        "force": find_force(figure.force).name,
        "value": WITHHELD if figure.method == WITHHELD else value,
    }
    if "sd" in asked:
        line["one_sd"] = said["sd"]
    for name, heading in _METHODS.items():
        if name in asked:
            limits: OwnLimits = getattr(compared, name)
            bounds = [closely(x, figure.unit, limits.apart) for x in (limits.lower, limits.upper)]
            line[heading] = " to ".join(bounds) if limits.lower is not None else ""
            only_inner = said[name] != said[f"{name}_outer"]
            line[f"by {heading}"] = said[name] + (" *" if only_inner else "")
    similar = compared.similar
    if with_similar:
        line["similar"] = closely(similar.mean, figure.unit, compared.control.apart)
        line["place"] = f"{similar.place} of {similar.counted + 1}" if similar.place else ""
    return line


def print_trend(trend: Trend, how: Format) -> None:
    """A force month by month, and its change; as CSV the months alone."""
    if how is Format.json:
        print_json(trend.as_json())
        return
    if how is Format.csv:
        print_rows(trend.as_json()["months"], how)
        return
    lines = [
        {
            "month": m.month,
            "value": m.open_because or closely(m.value, trend.unit, trend.apart),
            "counted": _counts(m.numerator, m.denominator),
            "limits": _limits(m, trend),
            "stands_out": "; ".join(SIGNALS[s] for s in m.signals),
        }
        for m in trend.months
    ]
    print_rows(lines, Format.table, title=f"{trend.title}, {trend.force_name}")
    print_text()
    if trend.note:
        print_text(trend.note)
    print_text(trend_sentence(trend))
    for rebase in trend.rebases:
        print_text(f"New lines from {rebase.month.label} on: {rebase.reason}.")
    if trend.change is not None:
        print_text(change_sentence(trend.change, trend.unit))


def _limits(month: MonthValue, trend: Trend) -> str:
    if month.lower is None:
        return ""
    return " to ".join(closely(bound, trend.unit, trend.apart) for bound in (month.lower, month.upper))


def _counts(numerator: float | None, denominator: float | None) -> str:
    if numerator is None:
        return ""
    return f"{numerator:,.0f}" if denominator is None else f"{numerator:,.0f} of {denominator:,.0f}"
