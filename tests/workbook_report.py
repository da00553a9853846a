"""A report with invented numbers, built by hand from the inspection of `publishing_sample`.

No assertion lives here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from openpeel.figures.figure import WITHHELD, Comparison, Coverage, Figure
from openpeel.figures.rounding import shown
from openpeel.reports.report import Chapter, Cited, Correction, Prose, Report, Shown, Told
from publishing_sample import PERIOD, completed, sample_inspection

INSPECTION = completed(sample_inspection())
OWN = INSPECTION.force.code


def figure(name: str, unit: str, value: float | None, **changes: object) -> Figure:
    """A figure of the force of its own, compared with no other unless said."""
    made = Figure(
        id=f"{name}.hertfordshire.2020-04.2021-03.all.0123456789abcdef.c0ffee",
        measure=name,
        title=name.replace("_", " ").capitalize(),
        force=OWN,
        force_name=INSPECTION.force.full_name,
        period_start=PERIOD.start,
        period_end=PERIOD.end,
        group=None,
        numerator=value,
        denominator=None,
        value=value,
        lower=None,
        upper=None,
        level=0.95,
        method="count",
        unit=unit,
        comparison=Comparison(None, None, None, "not assessed", 0, ()),
        coverage=Coverage(12, 12, ""),
        release="0123456789abcdef",
        definition="d41d8cd98f",
    )
    return replace(made, **changes)


def withheld(f: Figure) -> Figure:
    return replace(f, numerator=None, denominator=None, value=None, lower=None, upper=None, method=WITHHELD)


OWN_FIGURES = (
    figure("calls_999_answered", "calls", 123_456.0),
    figure("total_gross_expenditure", "GBP", 301_234_567.89),
    figure("share_of_an_audit", "percent", 100 / 3, numerator=12.5, denominator=37.5, lower=20.1, upper=47.3),
    withheld(figure("few_people", "people", 3.0)),
    figure("nothing_known", "percent", None, coverage=Coverage(12, 0, "The release holds no return.")),
)


def cited(f: Figure, *, notes: Sequence[str] = ()) -> Cited:
    return Cited(
        figure=f,
        sentence=f"In {PERIOD.label}, {f.title.lower()} came to {shown(f.value, f.unit)}.",
        compared=(),
        counted="records that count",
        denominator="" if f.denominator is None else "all records",
        formula="numerator over denominator" if f.denominator is not None else "",
        source="Invented returns.",
        notes=tuple(notes),
        months=(("2020-04", 12.0), ("2020-05", None)),
        files=(("april.csv", "ab" * 32),),
    )


def sample_report(
    *,
    figures: Sequence[Figure] = OWN_FIGURES,
    charts: Sequence[Shown] | None = None,
    title: str = "How the force does",
    corrections: Sequence[Correction] = (),
    grade: str | None = "adequate",
    about: Sequence[tuple[str, str]] = (("Small numbers", "Numbers of people below 5 are withheld."),),
) -> Report:
    """Two chapters, the first with prose on every figure of its own, the second with charts and tables."""
    rate, linked, outcomes, ratio = INSPECTION.sections
    if charts is None:
        charts = (
            Shown("chart", "chart-rate", "Figure 1", rate, None, PERIOD),
            Shown("table", "table-outcomes", "Table 1", outcomes, None, PERIOD),
            Shown("chart", "chart-ratio", "Figure 2", ratio, ratio.groups[0].key, PERIOD),
            Shown("table", "table-linked", "Table 2", linked, None, PERIOD),
        )
    told = tuple(
        Told(f"It came to {shown(f.value, f.unit)}.", (f.id,), (f.measure,), "powers", line)
        for line, f in enumerate(figures, start=3)
    )
    prose = Prose("".join(f"<p>{t.text}</p>" for t in told))
    return Report(
        title=title,
        force=INSPECTION.force,
        period=PERIOD,
        release="march",
        release_id="0123456789abcdef",
        made_on=date(2024, 6, 1),
        chapters=(
            Chapter("Using powers", "powers", grade, (prose,)),
            Chapter("Beside other forces", "beside", None, tuple(charts)),
        ),
        figures=tuple(cited(f, notes=(f.coverage.note,) if f.coverage.note else ()) for f in figures),
        told=told,
        fixed=(),
        corrections=tuple(corrections),
        about=tuple(about),
        warning="These records are invented.",
    )
