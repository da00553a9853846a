"""An inspection with invented numbers about the real forces, for the tests of the page.

No assertion lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from openpeel.figures.figure import Comparison, Coverage, Figure, Verdict
from openpeel.figures.rounding import shown
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
