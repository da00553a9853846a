"""The command line: each command parses, calls the library and prints. Nothing is decided or computed here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from openpeel import __version__
from openpeel.audit_cli import (
    CodingFiles,
    DrawFile,
    FrameFile,
    InstrumentOption,
    SingleCase,
    SingleCaseOption,
    audit_app,
    explain_audit,
)
from openpeel.claims_cli import claims
from openpeel.compare_cli import compare, trend
from openpeel.demo import generate, make_nation
from openpeel.errors import ReaderError, UseError
from openpeel.figures import SmallNumbers, compute_figures
from openpeel.figures.audited import is_of_audit
from openpeel.figures.explanation import counted_rows
from openpeel.figures.explanation import explain as explain_figure
from openpeel.figures.identity import parse_figure_id
from openpeel.figures.trend import headline_trends
from openpeel.intake.limits import Limits
from openpeel.intake.load import LoadOptions
from openpeel.intake.load import load as load_records
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, Release, create_release, open_engine, open_release, release_names
from openpeel.lake.store import disk_errors, write_whole
from openpeel.measures import MEASURES, Measure, find_measure, measures_on
from openpeel.measures.count import Counts, count_release
from openpeel.options import (
    LAKE,
    Deviation,
    EndingOption,
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
from openpeel.printing import (
    print_explanation,
    print_figures,
    print_load,
    print_measures,
    print_quality,
    print_release,
)
from openpeel.publishing.open_data import rows_as_csv
from openpeel.reference.forces import find_force
from openpeel.report_cli import report_app
from openpeel.service_cli import add_service
from openpeel.standard_cli import standards, template
from openpeel.standards import load_standard
from openpeel.terminal import Format, messages, print_rows, print_text, progress

app = typer.Typer(
    help="Inspect a police force: from its records to a report in which every number can be traced.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
release_app = typer.Typer(help="Freeze what the lake holds under a name.", no_args_is_help=True)
app.add_typer(release_app, name="release")
app.add_typer(audit_app, name="audit")
app.add_typer(report_app, name="report")
app.command()(standards)
app.command()(template)
app.command()(compare)
app.command()(trend)
app.command()(claims)
add_service(app)


@app.command()
def load(
    paths: Annotated[
        list[Path], typer.Argument(exists=True, help="CSV, zip, API JSON (each may be .gz) or a folder.")
    ],
    lake: LakeOption = LAKE,
    force: Annotated[str | None, typer.Option("--force", help="Whose records, if no file name says.")] = None,
    month: Annotated[
        str | None, typer.Option("--month", help="Of which months: 2021-03 or 2020-04..2021-03.")
    ] = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Files for the same force and months are one return.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Let a published table and a force's own return replace each other."),
    ] = False,
    encoding: Annotated[str, typer.Option("--encoding", help="How CSV files are encoded.")] = "utf-8",
    max_gib: Annotated[float, typer.Option("--max-gib", help="Largest zip or .gz, unpacked.")] = 4.0,
    max_ratio: Annotated[int, typer.Option("--max-ratio", help="Largest unpacked to packed size.")] = 200,
    format_: FormatOption = Format.table,
) -> None:
    """Read files into the lake; say what was taken and why not.

    The layout is recognised by the header, the force and month by the file's name.
    """
    limits = Limits(max_bytes=int(max_gib * 1024**3), max_ratio=max_ratio)
    options = LoadOptions(
        force=find_force(force) if force else None,
        months=parse_months(month) if month else None,
        parts=parts,
        replace=replace,
        encoding=encoding,
        limits=limits,
    )
    opened = Lake.open(lake, create=True)
    with progress("Loading") as tell:
        report = load_records(opened, paths, options, progress=tell)
    print_load(report, opened, format_)
    if report.wrong:
        raise typer.Exit(1)


@release_app.command("create")
def release_create(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    lake: LakeOption = LAKE,
    without_duplicates: Annotated[
        bool, typer.Option("--without-duplicates", help="Leave exact duplicates out of every figure.")
    ] = False,
    format_: FormatOption = Format.table,
) -> None:
    """Freeze what the lake holds. The same content gives the same release id."""
    release, new = create_release(
        Lake.open(lake), name, at=datetime.now(UTC), leave_out_duplicates=without_duplicates
    )
    if format_ is Format.table:
        print_text(
            f"Release '{release.name}' {'made' if new else 'is there already, with the same content'}."
        )
    print_release([release], format_)


@release_app.command("list")
def release_list(lake: LakeOption = LAKE, format_: FormatOption = Format.table) -> None:
    """List the releases of a lake."""
    opened = Lake.open(lake)
    print_release([open_release(opened, name) for name in release_names(opened)], format_)


@app.command()
def quality(
    lake: LakeOption = LAKE,
    force: ForceOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Say what was found in the data, force by force and month by month."""
    opened = Lake.open(lake)
    code = find_force(force).code if force else None
    returns = [opened.read_return(i) for key, i in sorted(opened.held().items()) if code in (None, key.force)]
    print_quality(returns, format_)


@app.command()
def figures(
    release: ReleaseOption,
    lake: LakeOption = LAKE,
    force: ForceOption = None,
    measure: Annotated[str | None, typer.Option("--measure", help="The id of a measure.")] = None,
    ending: EndingOption = None,
    engine: EngineOption = EngineName.duckdb,
    sd: SdOption = Deviation.sample,
    leave_out: LeaveOutOption = None,
    months: MonthsOption = None,
    similar_to: SimilarOption = None,
    smallest: SmallestOption = 5,
    round_to: RoundToOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Compute figures from a release."""
    frozen = open_release(Lake.open(lake), release)
    measures = [find_measure(measure)] if measure else _measures_in(frozen)
    chosen = find_force(force) if force else None
    settings = settings_of(sd, leave_out, months, similar_to, SmallNumbers(smallest, round_to))
    counts = _count(frozen, measures, engine)
    computed = compute_figures(frozen, counts, period_of(frozen, ending), measures, settings)
    kept = [f for f in computed if chosen is None or f.force == chosen.code]
    print_figures(kept, format_)


@app.command("measures")
def list_measures(
    measure: Annotated[str | None, typer.Argument(help="The id of a measure, to see it in full.")] = None,
    standard: Annotated[str | None, typer.Option("--standard", help="Those on one kind of record.")] = None,
    format_: FormatOption = Format.table,
) -> None:
    """List what is measured, or say all of one measure."""
    if standard is not None:
        load_standard(standard)
    listed = [find_measure(measure)] if measure else MEASURES if standard is None else measures_on([standard])
    print_measures(listed, format_, full=measure is not None)


@app.command()
def explain(
    figure_id: Annotated[str, typer.Argument(help="The id of a figure, as 'openpeel figures' prints it.")],
    lake: LakeOption = LAKE,
    engine: EngineOption = EngineName.duckdb,
    rows: Annotated[
        Path | None, typer.Option("--rows", help="Write where each counted row stands to this CSV file.")
    ] = None,
    codings: CodingFiles = None,
    frame: FrameFile = None,
    draw: DrawFile = None,
    single_case: SingleCaseOption = SingleCase.fail,
    instrument: InstrumentOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Say where a figure comes from, compute it again, and say whether it agrees.

    A figure of an audit is computed from --codings and --frame, any other from the lake.
    """
    if is_of_audit(parse_figure_id(figure_id).measure):
        explain_audit(figure_id, instrument, codings, frame, draw, single_case, rows, format_)
        return
    opened = Lake.open(lake)
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        found = explain_figure(opened, figure_id, counting)
        if rows is not None:
            listed = counted_rows(open_release(opened, found.release_name), found.figure, counting)
            with disk_errors(rows):
                write_whole(rows, rows_as_csv(("file", "sha256", "row", "duplicate"), listed))
    print_explanation(found, format_)
    if not found.agrees:
        raise typer.Exit(1)


@app.command()
def inspect(
    force: Annotated[str, typer.Argument(help="A force's name, slug or ONS code.")],
    release: ReleaseOption,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the pages to.")],
    lake: LakeOption = LAKE,
    ending: EndingOption = None,
    engine: EngineOption = EngineName.duckdb,
    sd: SdOption = Deviation.sample,
    leave_out: LeaveOutOption = None,
    months: MonthsOption = None,
    similar_to: SimilarOption = None,
    smallest: SmallestOption = 5,
    round_to: RoundToOption = None,
    made_on: Annotated[
        str | None, typer.Option("--made-on", help="The day printed on the pages.", show_default="today")
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    """Write the pages about a force: index.html, charts, figures.json and figures.csv."""
    # The charts take a third of a second to import, which the other commands need not wait for.
    from openpeel.publishing.assemble import assemble
    from openpeel.publishing.page import write_page

    chosen = find_force(force)
    frozen = open_release(Lake.open(lake), release)
    period = period_of(frozen, ending)
    day = parse_day(made_on, "--made-on") if made_on else datetime.now(UTC).date()
    settings = settings_of(sd, leave_out, months, similar_to, SmallNumbers(smallest, round_to))
    measures = _measures_in(frozen)
    counts = _count(frozen, measures, engine)
    computed = compute_figures(frozen, counts, period, measures, settings)
    trends = headline_trends(frozen, counts, measures, chosen, period, small=settings.small)
    inspection = assemble(
        frozen, computed, measures, chosen, period, settings=settings, made_on=day, trends=trends
    )
    with progress("Drawing") as tell:
        files = write_page(inspection, out, on_chart=tell)
    if format_ is Format.table:
        pages = sum(file.suffix == ".html" for file in files)
        written = "The page" if pages == 1 else f"{pages} pages"
        print_text(f"{written} about {chosen.full_name}, {period.label}: {out / 'index.html'}")
    else:
        print_rows([{"file": str(f)} for f in files], format_)


@app.command()
def demo(
    lake: Annotated[
        Path | None, typer.Option("--lake", help="Make the nation: a lake of its own, in this folder.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Or write stop-and-search files as the publisher does, to this one."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same records.")] = 1,
    scale: Annotated[float, typer.Option("--scale", min=0.001, help="1 is a nation of the real size.")] = 1.0,
    ending: Annotated[
        str, typer.Option("--ending", help="With --out: the last day of the last month.")
    ] = "2021-03-31",
    months: Annotated[
        int, typer.Option("--months", min=1, max=120, help="With --out: how many months.")
    ] = 12,
) -> None:
    """Make a demonstration nation: invented records of the forces, in every standard."""
    if (lake is None) == (out is None):
        raise UseError(
            "expected one of --lake and --out", advice="'openpeel demo --lake demo/lake' makes the nation."
        )
    with progress("Inventing") as tell:
        if lake is not None:
            reports = make_nation(lake, seed=seed, scale=scale, progress=tell)
        elif out is not None:
            files = generate(
                out, seed=seed, ending=parse_day(ending, "--ending"), months=months, size=scale, progress=tell
            )
    if lake is not None:
        rows = sum(report.rows for report in reports)
        returns = sum(len(report.loaded) for report in reports)
        print_text(f"An invented nation of {rows:,} rows in {returns:,} returns: {lake}")
    else:
        print_text(f"{len(files):,} files of invented records: {out}")


def _count(release: Release, measures: Sequence[Measure], engine: EngineName) -> dict[str, Counts]:
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        return count_release(release, measures, counting)


def _measures_in(release: Release) -> tuple[Measure, ...]:
    """The measures of which the release holds any records."""
    return measures_on({r.key.standard for r in release.returns})


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print_text(f"openpeel {__version__}")
        raise typer.Exit


def _run(arguments: Sequence[str]) -> int:
    # Not by calling `app`: that deals with Ctrl-C and a closed pipe in its own way, without a word.
    command = typer.main.get_command(app)
    try:
        with command.make_context("openpeel", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as left:
        return left.exit_code
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0 done, 1 wrong data, 2 wrong use, 3 failed."""
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        sys.exit(code)
    except ReaderError as error:
        messages.print(f"openpeel: {error}", markup=False)
        sys.exit(error.exit_code)
    except TyperException as error:  # a command or an option that is not there, missing or out of range
        if said := error.format_message():
            context = getattr(error, "ctx", None)
            command = context.command_path if context else "openpeel"
            messages.print(f"openpeel: {said.rstrip('.')}. See '{command} --help'.", markup=False)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        messages.print("openpeel: stopped. What was not finished has changed nothing.", markup=False)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has seen enough, as with 'openpeel figures … | head'.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("OPENPEEL_DEBUG"):
            raise
        # Only the kind of error: its text may repeat a cell of somebody's record.
        messages.print(
            f"openpeel: failed unexpectedly ({type(error).__name__}). This is a fault in openpeel, not in your data. "
            "Run the command again with OPENPEEL_DEBUG=1 in the environment and report what it prints, after "
            "taking out anything personal.",
            markup=False,
        )
        sys.exit(3)
