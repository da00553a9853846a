"""An inspection with invented numbers about the real forces, for the tests of the page.

No assertion lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from openpeel.figures.figure import Comparison, Coverage, Figure, OwnLimits, Verdict
from openpeel.figures.rounding import shown
from openpeel.figures.trend import MonthValue, Trend
from openpeel.publishing.page import Group, Inspection, QualityRow, Section
from openpeel.reference.forces import Force, find_force, forces
from openpeel.reference.periods import Period

PERIOD = Period.year_ending(date(2021, 3, 31))
ETHNICITIES = ("Black or Black British", "Asian or Asian British", "Mixed", "Chinese or other")
OUTCOMES = (
    "A no further action disposal",
    "Arrest",
    "Community resolution",
    "Khat or cannabis warning",
    "Penalty notice for disorder",
    "Summons or charged by post",
    "Caution (simple or conditional)",
)


def figures(
    measure: str, unit: str, typical: float, *, group: str | None, among: Sequence[Force], seed: int
) -> tuple[Figure, ...]:
    """A figure for each force around `typical`; of ten forces or more the last two are not assessed."""
    random = np.random.default_rng(seed)
    spread = 0.12 if unit == "percent" else 0.35  # keeps shares below 100 percent
    values = [float(v) for v in random.lognormal(np.log(typical), spread, len(among))]
    left_out = len(among) - 2 if len(among) >= 10 else len(among)
    counted = np.array(values[:left_out])
    mean = float(counted.mean()) if len(counted) else None
    sd = float(counted.std(ddof=1)) if len(counted) > 1 else None
    missing = tuple(force.name for force in among[left_out:])
    made = []
    for place, (force, value) in enumerate(zip(among, values, strict=True)):
        absent = place >= left_out
        verdict: Verdict = "in range"
        if absent or mean is None or sd is None:
            verdict = "not assessed"
        elif abs(value - mean) > sd:
            verdict = "above" if value > mean else "below"
        made.append(
            Figure(
                id=f"{seed:02x}{place:02x}c0ffee5a17",
                measure=measure,
                title=measure,
                force=force.code,
                force_name=force.full_name,
                period_start=PERIOD.start,
                period_end=PERIOD.end,
                group=group,
                numerator=None if absent else float(round(value * 1200)),
                denominator=None if absent else 1_200_000.0,
                value=None if absent else value,
                lower=None if absent else value * 0.95,
                upper=None if absent else value * 1.05,
                level=0.95,
                method="Wilson score" if unit == "percent" else "Byar",
                unit=unit,
                comparison=Comparison(mean, mean, sd, verdict, len(counted), missing),
                coverage=Coverage(12, 5 if absent else 12, ""),
                release="2021-05",
                definition="d41d8cd98f",
            )
        )
    # The page may not depend on the order in which it is given the forces.
    return tuple(made[i] for i in random.permutation(len(made)))


def with_limits(figure: Figure, place: int) -> Figure:
    """The figure with invented limits around the mean, narrower for what stands later, and a size to go with them."""
    compared = figure.comparison
    if figure.value is None or compared.mean is None or compared.verdict == "not assessed":
        return figure
    near, mean = compared.mean * 0.4 / (place + 4) ** 0.5, compared.mean

    def limits(reach: float) -> OwnLimits:
        verdicts: list[Verdict] = [
            "above" if figure.value > mean + r else "below" if figure.value < mean - r else "in range"  # type: ignore[operator]
            for r in (reach, 1.6 * reach)
        ]
        inner, outer = verdicts
        return OwnLimits(mean - reach, mean + reach, inner, mean - 1.6 * reach, mean + 1.6 * reach, outer)

    narrow, wide = limits(near), limits(near + 0.3 * mean)
    differ = len({compared.verdict, narrow.verdict, wide.verdict}) > 1
    compared = replace(
        compared, centre=mean, control=narrow, overdispersed=wide, phi=9.1, tau=0.2, verdicts_differ=differ
    )
    return replace(figure, denominator=2e5 * (place + 4), comparison=compared)


def sample_trend(figure: Figure) -> Trend:
    """Two invented years of a force: one month is missing and one stands out."""
    random = np.random.default_rng(7)
    months = (*Period.year_ending(date(2020, 3, 31)).months(), *PERIOD.months())
    values: list[float | None] = [float(v) for v in random.normal(0.5, 0.03, len(months))]
    values[5], values[20] = None, 0.71
    return Trend(
        measure=figure.measure,
        title=figure.title,
        unit=figure.unit,
        force=figure.force,
        force_name=figure.force_name,
        group=None,
        months=tuple(
            MonthValue(
                month=str(month),
                numerator=None if value is None else round(value * 1200),
                denominator=None if value is None else 1_200_000,
                value=value,
                open_because="no return" if value is None else "",
                centre=0.5,
                lower=0.4,
                upper=0.6,
                signals=("outside", "wide_range") if value and value > 0.6 else (),
            )
            for month, value in zip(months, values, strict=True)
        ),
        rebases=(),
        no_lines_because="",
        note="",
        change=None,
        release=figure.release,
        definition=figure.definition,
    )


def completed(inspection: Inspection) -> Inspection:
    """The same with limits for measures without groups, and the first of them month by month."""
    sections = []
    for section in inspection.sections:
        if section.groups[0].key is None:
            group = section.groups[0]
            ordered = sorted(group.figures, key=lambda f: f.force)
            limited = tuple(with_limits(f, place) for place, f in enumerate(ordered))
            section = replace(section, groups=(replace(group, figures=limited),))
        sections.append(section)
    own = next(f for f in sections[0].groups[0].figures if f.force == inspection.force.code)
    trend = sample_trend(own)
    said = ("Month by month from April 2019 to March 2021, 1 of them left open, 1 month stands out.",)
    sections[0] = replace(sections[0], trend=trend, trend_sentences=said)
    return replace(inspection, sections=tuple(sections))


def across_areas(inspection: Inspection) -> Inspection:
    """The same about several kinds of record: its measures are of two areas of policing, by turns."""
    areas = ("powers", "prevention")
    sections = tuple(replace(s, area=areas[i % 2]) for i, s in enumerate(inspection.sections))
    kinds = ("Stop and search", "Use of force")
    quality = tuple(replace(row, kind=kinds[i % 2]) for i, row in enumerate(inspection.quality))
    return replace(inspection, subject="", sections=sections, quality=quality)


def sample_inspection(
    *,
    force: str = "Hertfordshire",
    among: Sequence[Force] | None = None,
    change: Callable[[Figure], Figure] = lambda figure: figure,
    force_is: Force | None = None,
) -> Inspection:
    """An inspection of `force` among the forces given; `change` is applied to every figure."""
    inspected = force_is or find_force(force)
    others = [f for f in forces() if f.code != inspected.code]
    chosen = list(among) if among is not None else sorted([inspected, *others[:42]], key=lambda f: f.code)
    seeds = iter(range(1, 100))

    def group(measure: str, unit: str, key: str | None, typical: float) -> Group:
        made = figures(measure, unit, typical, group=key, among=chosen, seed=next(seeds))
        return Group(key, key or measure, tuple(change(figure) for figure in made))

    def section(measure: str, title: str, unit: str, about: str, groups: Sequence[Group]) -> Section:
        return Section(
            measure=measure,
            title=title,
            about=about,
            source="invented returns in the release 2021-05; invented population estimates",
            unit=unit,
            sentences=(
                f"{inspected.full_name}: an invented sentence about {title.lower()}.",
                "This is in line with the mean of the forces counted.",
            ),
            groups=tuple(groups),
            notes=("13 records are exact duplicates of another and were counted.",),
        )

    rate, percent = "per 1,000 population", "percent"
    return Inspection(
        force=inspected,
        period=PERIOD,
        subject="stop and search",
        warning="",
        small_numbers="Numbers of people below 5 are withheld.",
        rule="The standard deviation is that of a sample (n − 1).",
        release="2021-05",
        release_id="sha256:9f2c51d07be3",
        made_on=date(2021, 6, 1),
        sections=(
            section(
                "searches_per_1000",
                "Stop and searches per 1,000 population",
                rate,
                "Searches of a person or vehicle over the resident population.",
                [group("searches_per_1000", rate, None, 5.5)],
            ),
            section(
                "linked_outcome",
                "Searches with a linked outcome",
                percent,
                "Searches whose outcome is linked to the object searched for, over all searches.",
                [group("linked_outcome", percent, None, 24.6)],
            ),
            section(
                "outcome",
                "Outcomes of searches",
                percent,
                "Searches with each outcome over all searches.",
                [group("outcome", percent, key, 60 / 3**place) for place, key in enumerate(OUTCOMES)],
            ),
            section(
                "disproportionality",
                "Disproportionality by ethnicity",
                "ratio",
                "The rate of searches of people of each ethnic group over the rate of White people.",
                [
                    group("disproportionality", "ratio", key, 4.1 - place)
                    for place, key in enumerate(ETHNICITIES)
                ],
            ),
        ),
        quality=tuple(
            QualityRow(
                month=str(month),
                file=f"{month}-{inspected.slug}-stop-and-search.csv",
                rows=601,
                accepted=600,
                rejected=1,
                duplicates=2,
                defects=("outcome missing: 4 rows", "no date: 1 row") if month.month == 5 else (),
            )
            for month in PERIOD.months()
        ),
        quality_notes=("Twelve of twelve months were handed in.",),
        format=shown,
    )
