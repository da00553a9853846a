"""Options that several commands share, and what is made of them: a day, a period, how forces are compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openpeel.errors import UseError
from openpeel.figures import Settings, SmallNumbers
from openpeel.figures.similar import read_similar
from openpeel.figures.withholding import WITHHOLD
from openpeel.lake import Release
from openpeel.measures import MEASURES
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period
from openpeel.terminal import Format

LAKE = Path("lake")


class EngineName(StrEnum):
    """What counts."""

    duckdb = "duckdb"
    spark = "spark"


class Deviation(StrEnum):
    """Which standard deviation."""

    sample = "sample"
    population = "population"


LakeOption = Annotated[
    Path,
    typer.Option("--lake", envvar="OPENPEEL_LAKE", help="The folder of the lake.", show_default="./lake"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="What counts the records.")]
ReleaseOption = Annotated[str, typer.Option("--release", help="The name of a release.")]
ForceOption = Annotated[str | None, typer.Option("--force", help="A force's name, slug or ONS code.")]
SmallestOption = Annotated[
    int, typer.Option("--smallest", help="Numbers of people below this are withheld; 1 shows them all.")
]
RoundToOption = Annotated[
    int | None,
    typer.Option("--round-to", help="Round every count to a multiple of this instead, such as 5."),
]

EndingOption = Annotated[
    str | None, typer.Option("--ending", help="Last day of the year to count, such as 2021-03-31.")
]
SdOption = Annotated[Deviation, typer.Option("--sd", help="Standard deviation of the comparison.")]
LeaveOutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--leave-out",
        help="A force to keep out of the comparison. Repeatable; 'none' keeps all in.",
        show_default="city-of-london where people are counted",
    ),
]
MonthsOption = Annotated[
    int | None,
    typer.Option("--months", help="Months of the year a force needs to be compared.", show_default="12"),
]
SimilarOption = Annotated[
    Path | None,
    typer.Option(
        "--similar-to",
        help="CSV with the columns force and similar: which forces each force is most like.",
        dir_okay=False,
    ),
]
_NOBODY = "none"


def parse_day(text: str, option: str) -> date:
    """The day that an option names. Raises UseError, naming the option, for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UseError(f"expected a day such as 2021-03-31, got '{text}'", where=option) from None


def settings_of(
    sd: Deviation,
    leave_out: Sequence[str] | None,
    months: int | None,
    similar_to: Path | None,
    small: SmallNumbers = WITHHOLD,
) -> Settings:
    """How forces are compared, as the options say. Raises UseError for a force or a list that is none."""
    codes = None
    if leave_out:
        codes = tuple(find_force(f).code for f in leave_out if f != _NOBODY)
    return Settings(
        sd="sample" if sd is Deviation.sample else "population",
        leave_out=codes,
        months=months,
        small=small,
        similar=read_similar(similar_to) if similar_to else None,
    )


def period_of(release: Release, ending: str | None) -> Period:
    """The year that was asked for; else the one that ends with the last month any force has a return for."""
    if ending is not None:
        return Period.year_ending(parse_day(ending, "--ending"))
    standards = {m.standard for m in MEASURES}
    months = [m for r in release.returns if r.key.standard in standards for m in r.key.months]
    if not months:
        raise UseError(
            f"the release '{release.name}' holds no records that a measure counts",
            advice=f"Load returns of {', '.join(sorted(standards))} and make a new release.",
        )
    return Period.year_ending(Month.parse(max(months)).end)
