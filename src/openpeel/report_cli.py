"""The commands on reports: check a source, build it, say what changes between releases. Nothing is computed here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.errors import UseError
from openpeel.figures import SmallNumbers
from openpeel.lake import Lake, open_engine, open_release
from openpeel.options import (
    LAKE,
    Deviation,
    EngineName,
    EngineOption,
    ForceOption,
    FormatOption,
    LakeOption,
    LeaveOutOption,
    MonthsOption,
    ReleaseOption,
    RoundToOption,
    SdOption,
    SimilarOption,
    SmallestOption,
    parse_day,
    period_of,
    settings_of,
)
from openpeel.reference.forces import find_force
from openpeel.report_printing import print_changed, print_problems, print_references, print_resolved
from openpeel.terminal import Format, print_rows, print_text, progress

if (
    TYPE_CHECKING
):  # reading Markdown and drawing charts take time to import, which other commands need not wait for
    from openpeel.figures import Settings
    from openpeel.reports.built import Built
    from openpeel.reports.resolve import Resolved

report_app = typer.Typer(
    help="Check and build a report whose numbers are all references to figures.", no_args_is_help=True
)

SourceArgument = Annotated[Path, typer.Argument(help="The report, in Markdown with references to figures.")]
AuditsOption = Annotated[
    Path | None,
    typer.Option("--audits", help="The folder of its audits.", show_default="'audits' in the lake's folder"),
]
MadeOnOption = Annotated[
    str | None, typer.Option("--made-on", help="The day printed in the report.", show_default="today")
]


@report_app.command("check")
def report_check(
    source: SourceArgument,
    release: ReleaseOption,
    lake: LakeOption = LAKE,
    force: ForceOption = None,
    audits: AuditsOption = None,
    engine: EngineOption = EngineName.duckdb,
    sd: SdOption = Deviation.sample,
    leave_out: LeaveOutOption = None,
    months: MonthsOption = None,
    similar_to: SimilarOption = None,
    smallest: SmallestOption = 5,
    round_to: RoundToOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Say what would stop a report from being published, all at once. Writes nothing."""
    settings = settings_of(sd, leave_out, months, similar_to, SmallNumbers(smallest, round_to))
    found = _resolved(source, release, lake, force, audits, engine, settings, None)
    print_resolved(source, found, format_)
    if found.problems:
        raise typer.Exit(1)


@report_app.command("build")
def report_build(
    source: SourceArgument,
    release: ReleaseOption,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the report to.")],
    lake: LakeOption = LAKE,
    force: ForceOption = None,
    audits: AuditsOption = None,
    engine: EngineOption = EngineName.duckdb,
    sd: SdOption = Deviation.sample,
    leave_out: LeaveOutOption = None,
    months: MonthsOption = None,
    similar_to: SimilarOption = None,
    smallest: SmallestOption = 5,
    round_to: RoundToOption = None,
    made_on: MadeOnOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Write a report: web pages, PDF, spreadsheets and open data. Where anything is wrong, nothing is written."""
    from openpeel.lake.store import disk_errors
    from openpeel.reports.build import build

    settings = settings_of(sd, leave_out, months, similar_to, SmallNumbers(smallest, round_to))
    found = _resolved(source, release, lake, force, audits, engine, settings, made_on)
    if found.problems:
        print_problems(source, found.problems, format_)
        if format_ is Format.table:
            print_text(f"\nNothing was written to {out}.")
        raise typer.Exit(1)
    with progress("Drawing") as tell, disk_errors(out):
        files = build(found.report, out, on_chart=tell)
    if format_ is Format.table:
        about = f"The report on {found.report.force.full_name} with {len(found.report.figures)} figures"
        print_text(f"{about}: {out / 'index.html'}")
    else:
        print_rows([{"file": str(f)} for f in files], format_)


@report_app.command("diff")
def report_diff(
    before: Annotated[str, typer.Argument(help="A release, or the folder of a report that was built.")],
    after: Annotated[str, typer.Argument(help="Another one.")],
    report: Annotated[
        Path | None, typer.Option("--report", help="The source, where a release is named.")
    ] = None,
    lake: LakeOption = LAKE,
    force: ForceOption = None,
    audits: AuditsOption = None,
    engine: EngineOption = EngineName.duckdb,
    smallest: SmallestOption = 5,
    round_to: RoundToOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """List every sentence of a report whose figure changes between two releases, with both texts."""
    from openpeel.reports.built import RECORD, as_built, read_built
    from openpeel.reports.diff import changed_sentences

    settings = settings_of(Deviation.sample, None, None, None, SmallNumbers(smallest, round_to))

    def version(named: str) -> Built:
        if (Path(named) / RECORD).is_file():
            return read_built(Path(named))
        if report is None:
            raise UseError(
                f"'{named}' is not the folder of a report that was built",
                advice="To compare releases, name the source of the report with --report.",
            )
        return as_built(_resolved(report, named, lake, force, audits, engine, settings, None).report)

    print_changed(changed_sentences(version(before), version(after)), before, after, format_)


@report_app.command("references")
def report_references(format_: FormatOption = Format.table) -> None:
    """List the references that a report may print figures with."""
    print_references(format_)


def _resolved(
    source: Path,
    release: str,
    lake: Path,
    force: str | None,
    audits: Path | None,
    engine: EngineName,
    settings: Settings,
    made_on: str | None,
) -> Resolved:
    from openpeel.reports.audits_held import Audits
    from openpeel.reports.resolve import resolve
    from openpeel.reports.source import read_source

    if audits is not None and not audits.is_dir():
        raise UseError("expected a folder of audits, got none", where=f"--audits {audits}")
    own = lake / "audits"
    day = parse_day(made_on, "--made-on") if made_on else datetime.now(UTC).date()
    chosen = find_force(force) if force else None
    written = read_source(source)
    frozen = open_release(Lake.open(lake), release)
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        return resolve(
            written,
            frozen,
            counting,
            force=chosen,
            period=written.head.period or period_of(frozen, None),
            audits=Audits(audits or (own if own.is_dir() else None)),
            settings=settings,
            made_on=day,
        )
