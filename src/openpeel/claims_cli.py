"""The command that looks for claims in prose and says which do not hold. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from openpeel.claims import check
from openpeel.claims.claim import Checked
from openpeel.claims.document import Document
from openpeel.claims.held import against_held, wanted
from openpeel.claims.reading import read_document
from openpeel.claims_printing import WRONG, print_claims
from openpeel.errors import UseError
from openpeel.figures import Figure, compute_figures
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures.count import count_release
from openpeel.options import (
    LAKE,
    EndingOption,
    EngineName,
    EngineOption,
    ForceOption,
    FormatOption,
    LakeOption,
    parse_day,
    period_of,
)
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.terminal import Format, progress

Found = list[tuple[Document, Sequence[Checked]]]


def claims(
    files: Annotated[
        list[Path],
        typer.Argument(help="Reports as text (.txt), Markdown (.md), web page (.html), PDF or Word (.docx)."),
    ],
    all_claims: Annotated[
        bool, typer.Option("--all", help="List every claim, not only those that do not hold.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="How text files are encoded.", show_default="utf-8")
    ] = None,
    release: Annotated[
        str | None, typer.Option("--release", help="Set the claims beside the figures of this release too.")
    ] = None,
    force: ForceOption = None,
    lake: LakeOption = LAKE,
    ending: EndingOption = None,
    engine: EngineOption = EngineName.duckdb,
    format_: FormatOption = Format.table,
) -> None:
    """Find the claims that prose makes with numbers, and say which do not hold.

    With --release and --force, claims are also set beside what the records of that force say.
    """
    if (release is None) != (force is None):
        raise UseError(
            "expected both --release and --force, got one of them",
            advice="Figures that are held are those of one force in one release.",
        )
    with progress("Reading and checking") as tell:
        found: Found = []
        for done, path in enumerate(files):
            tell(2 * done, 2 * len(files))
            document = read_document(path, encoding=encoding)
            tell(2 * done + 1, 2 * len(files))
            found.append((document, check(document)))
    if release is not None and force is not None:
        found = _beside_held(found, release, force, lake, ending, engine)
    print_claims(found, format_, all_claims=all_claims)
    if any(one.verdict in WRONG for _, checked in found for one in checked):
        raise typer.Exit(1)


def _beside_held(
    found: Found, release: str, force: str, lake: Path, ending: str | None, engine: EngineName
) -> Found:
    """The same claims, set beside the figures of a force that the claims may be about."""
    whose = find_force(force)
    frozen = open_release(Lake.open(lake), release)
    said = Period.year_ending(parse_day(ending, "--ending")) if ending else None
    default = said or period_of(frozen, None)
    asked = [wanted(document, default) for document, _ in found]
    measures = list(dict.fromkeys(m for each in asked for of in each.values() for m in of))
    held: list[Figure] = []
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        counts = count_release(frozen, measures, counting)
        periods = sorted({period for each in asked for period in each})
        for done, period in enumerate(periods):
            tell(done, len(periods))
            of_period = list(dict.fromkeys(m for each in asked for m in each.get(period, ())))
            computed = compute_figures(frozen, counts, period, of_period)
            held += [f for f in computed if f.force == whose.code]
    return [
        (document, against_held(document, checked, held, default=default, default_said=said is not None))
        for document, checked in found
    ]
