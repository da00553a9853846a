"""Options that several commands share, and how a day is read from one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openpeel.errors import UseError
from openpeel.terminal import Format

LAKE = Path("lake")


class EngineName(StrEnum):
    """What counts."""

    duckdb = "duckdb"
    spark = "spark"


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


def parse_day(text: str, option: str) -> date:
    """The day that an option names. Raises UseError, naming the option, for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UseError(f"expected a day such as 2021-03-31, got '{text}'", where=option) from None
