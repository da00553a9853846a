"""The commands of `openpeel audit`: each parses, calls the library and prints. Nothing is computed here."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openpeel.audit_printing import (
    print_audit_explanation,
    print_comparison,
    print_coverage,
    print_draw,
    print_frame,
    print_instrument,
    print_instruments,
    print_outcome,
    print_size,
    print_verified,
)
from openpeel.audits import find_instrument, instrument_ids, load_instrument
from openpeel.audits.comparing import compare_forces
from openpeel.audits.drawing import Plan, committed_to, draw_cases, plan_of_strata, read_draw, what_is_wrong
from openpeel.audits.files import draw_beside, frame_beside, sheet_bytes, write_draw, write_frame
from openpeel.audits.frame import About, AuditFrame, read_frame
from openpeel.audits.framing import frame_of_list, frame_of_release
from openpeel.audits.instrument import Instrument
from openpeel.audits.outcome import AuditOutcome, Options, estimate_audit, hold_to_instrument
from openpeel.audits.sizing import Sizing, audit_coverage, size_audit
from openpeel.audits.strata_file import read_strata
from openpeel.errors import UseError
from openpeel.figures.audited import explain_audited
from openpeel.figures.identity import parse_figure_id
from openpeel.lake import Lake, open_engine, open_release
from openpeel.lake.store import disk_errors, write_whole
from openpeel.options import LAKE, EngineName, EngineOption, FormatOption, LakeOption, parse_day
from openpeel.publishing.audit_rows import write_rows_behind
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.terminal import Format, print_text, progress

audit_app = typer.Typer(
    help="Audit a sample of cases: how many, which, and what their codings add up to.", no_args_is_help=True
)


class AllocationName(StrEnum):
    """How cases are shared among strata."""

    proportional = "proportional"
    neyman = "neyman"
    equal = "equal"


class MethodName(StrEnum):
    """How cases are drawn."""

    random = "random"
    systematic = "systematic"


class IntervalOption(StrEnum):
    """Which interval is printed."""

    wilson = "wilson"
    korn_graubard = "korn_graubard"
    logit = "logit"
    wald = "wald"


class SingleCase(StrEnum):
    """What a stratum with a single case adds to the error."""

    fail = "fail"
    certainty = "certainty"
    adjust = "adjust"
    average = "average"


class AgainstName(StrEnum):
    """What each force is set against."""

    mean = "mean"
    each_other = "each other"


class CorrectionName(StrEnum):
    """How p values are corrected for how many questions were asked."""

    holm = "holm"
    benjamini_hochberg = "benjamini-hochberg"
    none = "none"


InstrumentArgument = Annotated[
    str,
    typer.Argument(help="An audit, such as stop_search, or the path of a TOML file."),
]
AuditedForce = Annotated[str | None, typer.Option("--force", help="A force's name, slug or ONS code.")]
From = Annotated[str | None, typer.Option("--from", help="First day of the cases' period.")]
To = Annotated[str | None, typer.Option("--to", help="Last day of the cases' period.")]
ReleaseOfCases = Annotated[str | None, typer.Option("--release", help="The release that holds the cases.")]
ListOfCases = Annotated[Path | None, typer.Option("--list", help="A CSV file that lists the cases instead.")]
Incomplete = Annotated[
    list[str] | None,
    typer.Option("--incomplete", help="A stratum of which not every case is listed. Repeatable."),
]
Seed = Annotated[
    str, typer.Option("--seed", help="Text that decides the draw, such as numbers of a public throw.")
]
Committed = Annotated[
    str | None, typer.Option("--commitment", help="What was published before the draw; checked against it.")
]
StrataFile = Annotated[
    Path | None,
    typer.Option("--strata", help="A CSV file of strata: stratum, cases, expected, minimum."),
]
Allocation = Annotated[
    AllocationName, typer.Option("--allocation", help="How cases are shared among strata.")
]
Expected = Annotated[
    float | None, typer.Option("--expected", help="Share expected, such as 0.9; 0.5 is the safest.")
]
CasesThereAre = Annotated[int | None, typer.Option("--frame", min=1, help="How many cases there are.")]
Level = Annotated[float, typer.Option("--level", help="Confidence level.")]
CodingFiles = Annotated[
    list[Path] | None, typer.Option("--codings", help="A filled-in coding sheet. Repeatable.")
]
FrameFile = Annotated[Path | None, typer.Option("--frame", help="The frame that the cases were drawn from.")]
DrawFile = Annotated[
    Path | None, typer.Option("--draw", help="The draw.", show_default="the one beside the frame")
]
SingleCaseOption = Annotated[
    SingleCase,
    typer.Option("--single-case", help="A stratum with a single case: refuse it, or how to treat it."),
]
InstrumentOption = Annotated[
    str | None,
    typer.Option(
        "--instrument", help="The TOML file of your own audit.", show_default="the one of the figure"
    ),
]


@audit_app.command("list")
def audit_list(format_: FormatOption = Format.table) -> None:
    """List the audits that come with openpeel."""
    print_instruments([load_instrument(i) for i in instrument_ids()], format_)


@audit_app.command("show")
def audit_show(instrument: InstrumentArgument, format_: FormatOption = Format.table) -> None:
    """Say what an audit asks of a case, when, and what is counted from the answers."""
    print_instrument(find_instrument(instrument), format_)


@audit_app.command("size")
def audit_size(
    margin: Annotated[float, typer.Option("--margin", help="Half-width wanted, such as 0.03.")],
    expected: Expected = None,
    frame: CasesThereAre = None,
    strata: StrataFile = None,
    allocation: Allocation = AllocationName.proportional,
    level: Level = 0.95,
    deff: Annotated[float, typer.Option("--deff", help="Design effect, for cases in clusters.")] = 1.0,
    format_: FormatOption = Format.table,
) -> None:
    """Say how many cases an audit needs, and how many of each stratum."""
    sizing = Sizing(margin, expected, frame, allocation.value, level, deff)
    print_size(size_audit(sizing, read_strata(strata) if strata else ()), format_)


@audit_app.command("coverage")
def audit_coverage_(
    size: Annotated[int, typer.Option("--size", min=1, help="How many cases.")],
    expected: Expected = None,
    frame: CasesThereAre = None,
    strata: StrataFile = None,
    allocation: Allocation = AllocationName.proportional,
    level: Level = 0.95,
    replicates: Annotated[
        int, typer.Option("--replicates", min=100, max=100_000, help="How many audits to simulate.")
    ] = 5000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")] = 1,
    format_: FormatOption = Format.table,
) -> None:
    """Simulate an audit over and over: how often would each interval hold the truth?"""
    sizing = Sizing(0.5, expected, frame, allocation.value, level)
    known = read_strata(strata) if strata else ()
    print_coverage(audit_coverage(sizing, size, known, replicates=replicates, seed=seed), format_)


@audit_app.command("frame")
def audit_frame(
    instrument: InstrumentArgument,
    out: Annotated[Path, typer.Option("--out", help="The JSON file to write, such as cases.frame.json.")],
    force: AuditedForce = None,
    from_: From = None,
    to: To = None,
    release: ReleaseOfCases = None,
    list_: ListOfCases = None,
    incomplete: Incomplete = None,
    seed: Annotated[
        str | None, typer.Option("--seed", help="Print the commitment for this seed, to be published.")
    ] = None,
    lake: LakeOption = LAKE,
    engine: EngineOption = EngineName.duckdb,
    format_: FormatOption = Format.table,
) -> None:
    """Write down every case that may be drawn, before any is."""
    found = find_instrument(instrument)
    made = _frame(found, force, from_, to, release, list_, incomplete, lake, engine)
    committed = None if seed is None else committed_to(made, seed)
    write_frame(out, made)
    print_frame(made, out, committed, format_)


@audit_app.command("draw")
def audit_draw(
    instrument: InstrumentArgument,
    size: Annotated[int, typer.Option("--size", min=1, help="How many cases.")],
    seed: Seed,
    out: Annotated[Path, typer.Option("--out", help="The coding sheet to write, such as cases.csv.")],
    force: AuditedForce = None,
    from_: From = None,
    to: To = None,
    release: ReleaseOfCases = None,
    list_: ListOfCases = None,
    frame: Annotated[
        Path | None, typer.Option("--frame", help="A frame made before, instead of a release or a list.")
    ] = None,
    incomplete: Incomplete = None,
    method: Annotated[MethodName, typer.Option("--method", help="How cases are drawn.")] = MethodName.random,
    allocation: Allocation = AllocationName.proportional,
    strata: StrataFile = None,
    reserve: Annotated[
        int | None,
        typer.Option(
            "--reserve", min=0, help="Reserves of each stratum.", show_default="a tenth of its cases"
        ),
    ] = None,
    commitment_: Committed = None,
    lake: LakeOption = LAKE,
    engine: EngineOption = EngineName.duckdb,
    format_: FormatOption = Format.table,
) -> None:
    """Draw the cases of an audit: a sheet to code them on, and beside it the frame and the draw."""
    found = find_instrument(instrument)
    if frame is None:
        made = _frame(found, force, from_, to, release, list_, incomplete, lake, engine)
    else:
        if any(option is not None for option in (force, from_, to, release, list_, incomplete)):
            raise UseError(
                "expected no force, days, release or list beside a frame, which has its own", where="--frame"
            )
        made = read_frame(frame)
        hold_to_instrument(found, made, str(frame))
    plan = plan_of_strata(
        found,
        made,
        Plan(size, method.value, allocation.value, reserve=reserve),
        read_strata(strata) if strata else (),
    )
    drawn = draw_cases(made, plan, seed)
    if commitment_ is not None and commitment_.strip().lower() != drawn.commitment:
        raise UseError(
            f"this frame and this seed have the commitment {drawn.commitment}, not the one given",
            where="--commitment",
            advice="Nothing was drawn.",
        )
    print_draw(drawn, write_draw(out, found, made, drawn), format_)


@audit_app.command("verify")
def audit_verify(
    draw: Annotated[Path, typer.Argument(help="A draw, such as cases.draw.json.")],
    frame: Annotated[
        Path | None, typer.Option("--frame", help="Its frame.", show_default="the one beside the draw")
    ] = None,
    commitment_: Committed = None,
    format_: FormatOption = Format.table,
) -> None:
    """Draw again from frame and seed, and say whether the same cases come out."""
    drawn = read_draw(draw)
    of_frame = read_frame(frame or frame_beside(draw))
    wrong = what_is_wrong(drawn, of_frame, None if commitment_ is None else commitment_.strip().lower())
    print_verified(drawn, of_frame, wrong, format_)
    if wrong:
        raise typer.Exit(1)


@audit_app.command("estimate")
def audit_estimate(
    instrument: InstrumentArgument,
    codings: CodingFiles = None,
    frame: FrameFile = None,
    draw: DrawFile = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help="What an earlier audit found, as JSON: says what changed."),
    ] = None,
    interval: Annotated[
        IntervalOption, typer.Option("--interval", help="Which interval.")
    ] = IntervalOption.wilson,
    single_case: SingleCaseOption = SingleCase.fail,
    standard: Annotated[
        list[str] | None,
        typer.Option("--standard", help="RESULT=PERCENT: set a rate against a fixed standard."),
    ] = None,
    recorded: Annotated[
        list[str] | None,
        typer.Option("--recorded", help="RESULT=NUMBER of crimes recorded in the year: how many were not."),
    ] = None,
    rows: Annotated[
        Path | None, typer.Option("--rows", help="Write which case counts where to this CSV file.")
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    """Say what the codings of an audit add up to: estimates, intervals, changes, agreement."""
    options = Options(
        interval.value,
        single_case.value,
        tuple((name, _percent(text)) for name, text in _pairs(standard, "--standard")),
        tuple((name, _count(text)) for name, text in _pairs(recorded, "--recorded")),
    )
    outcome = _outcome(find_instrument(instrument), codings, frame, draw, previous, options)
    if rows is not None:
        write_rows_behind(rows, outcome, outcome.estimates)
    print_outcome(outcome, format_)


@audit_app.command("compare")
def audit_compare(
    audits: Annotated[
        list[Path],
        typer.Argument(help="What 'estimate --format json' printed, a file a force."),
    ],
    result: Annotated[str, typer.Option("--result", help="The rate to compare.")],
    against: Annotated[
        AgainstName, typer.Option("--against", help="The mean of all, or each other.")
    ] = AgainstName.mean,
    correction: Annotated[
        CorrectionName, typer.Option("--correction", help="For how many questions are asked at once.")
    ] = CorrectionName.holm,
    format_: FormatOption = Format.table,
) -> None:
    """Compare a rate between the audits of several forces."""
    found = compare_forces(audits, result, against=against.value, correction=correction.value)
    print_comparison(found, format_)


@audit_app.command("invent")
def audit_invent(
    instrument: InstrumentArgument,
    draw: Annotated[Path, typer.Argument(help="A draw, such as cases.draw.json.")],
    out: Annotated[Path, typer.Option("--out", help="The filled-in sheet to write.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answers.")] = 1,
    frame: Annotated[
        Path | None, typer.Option("--frame", help="Its frame.", show_default="the one beside the draw")
    ] = None,
) -> None:
    """Fill in a coding sheet with invented answers, marked as such, to try the rest out."""
    from openpeel.demo.codings import invent_codings

    found, drawn, of_frame = (
        find_instrument(instrument),
        read_draw(draw),
        read_frame(frame or frame_beside(draw)),
    )
    hold_to_instrument(found, of_frame, str(frame or frame_beside(draw)))
    if out.exists():
        raise UseError("there is a file of this name already", where=str(out), advice="Choose another name.")
    with disk_errors(out):
        write_whole(out, sheet_bytes(invent_codings(found, of_frame, drawn, seed)))
    print_text(f"Invented codings: {out}")


def explain_audit(
    figure_id: str,
    instrument: str | None,
    codings: list[Path] | None,
    frame: Path | None,
    draw: Path | None,
    single_case: SingleCase,
    rows: Path | None,
    format_: Format,
) -> None:
    """Compute a figure of an audit again and say whether it agrees; the part of `openpeel explain` for audits."""
    measure = parse_figure_id(figure_id).measure
    used = find_instrument(instrument or measure.partition("-")[0])
    if not codings or frame is None:
        raise UseError(
            "this is a figure of an audit, and comes from its codings and its frame",
            where=measure,
            advice="Give them with --codings and --frame.",
        )
    found = explain_audited(
        figure_id,
        lambda interval: _outcome(used, codings, frame, draw, None, Options(interval, single_case.value)),
    )
    if rows is not None:
        write_rows_behind(rows, found.outcome, [found.estimate])
    print_audit_explanation(found, format_)
    if not found.agrees:
        raise typer.Exit(1)


def _frame(
    instrument: Instrument,
    force: str | None,
    from_: str | None,
    to: str | None,
    release: str | None,
    list_: Path | None,
    incomplete: list[str] | None,
    lake: Path,
    engine: EngineName,
) -> AuditFrame:
    for name, given in (("--force", force), ("--from", from_), ("--to", to)):
        if given is None:
            raise UseError("expected whose cases these are and of which days, got none", where=name)
    if (release is None) == (list_ is None):
        raise UseError(
            "expected one of a release, a list and a frame of the cases", where="--release, --list, --frame"
        )
    period = Period(parse_day(from_ or "", "--from"), parse_day(to or "", "--to"))
    about = About.of(instrument, find_force(force or "").code, period)
    if list_ is not None:
        return frame_of_list(list_, about, instrument, incomplete or ())
    frozen = open_release(Lake.open(lake), release or "")
    with progress("Listing") as tell, open_engine(engine.value) as opened:
        tell(0, 1)
        return frame_of_release(frozen, about, instrument, opened, incomplete or ())


def _outcome(
    instrument: Instrument,
    codings: list[Path] | None,
    frame: Path | None,
    draw: Path | None,
    previous: Path | None,
    options: Options,
) -> AuditOutcome:
    if not codings:
        raise UseError("expected a filled-in coding sheet, got none", where="--codings")
    if frame is None:
        raise UseError("expected the frame that the cases were drawn from, got none", where="--frame")
    return estimate_audit(
        instrument, codings, frame, draw or draw_beside(frame), previous=previous, options=options
    )


def _pairs(given: list[str] | None, option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in given or ():
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise UseError(f"expected RESULT=NUMBER, got '{text}'", where=option)
        pairs.append((name, value))
    return pairs


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise UseError(f"expected a percentage from 0 to 100, got '{text}'", where="--standard")
    return percent


def _count(text: str) -> int:
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 13):
        raise UseError(f"expected a whole number of crimes, got '{text[:30]}'", where="--recorded")
    return int(digits)
