"""The commands that compare: all forces in one measure, and one force over time. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from openpeel.compare_printing import print_compared, print_trend
from openpeel.errors import UseError
from openpeel.figures import compute_figures
from openpeel.figures.own_past import Rebase, change_between, period_value
from openpeel.figures.trend import month_trend, with_change
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures import Measure, find_measure
from openpeel.measures.count import count_release
from openpeel.measures.measure import Group
from openpeel.options import (
    LAKE,
    Deviation,
    EndingOption,
    EngineName,
    EngineOption,
    FormatOption,
    LakeOption,
    LeaveOutOption,
    MonthsOption,
    ReleaseOption,
    SdOption,
    SimilarOption,
    parse_day,
    period_of,
    settings_of,
)
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period
from openpeel.terminal import Format, progress


class Method(StrEnum):
    """How a force is judged beside all forces."""

    sd = "sd"
    control = "control"
    overdispersed = "overdispersed"
    all = "all"


MeasureArgument = Annotated[str, typer.Argument(help="The id of a measure, as 'openpeel measures' lists it.")]
GroupOption = Annotated[
    str | None, typer.Option("--group", help="The part of the records, where the measure has groups.")
]


def compare(
    measure: MeasureArgument,
    release: ReleaseOption,
    lake: LakeOption = LAKE,
    ending: EndingOption = None,
    group: GroupOption = None,
    method: Annotated[
        Method, typer.Option("--method", help="One standard deviation, limits by chance, or wider ones.")
    ] = Method.all,
    similar_to: SimilarOption = None,
    sd: SdOption = Deviation.sample,
    leave_out: LeaveOutOption = None,
    months: MonthsOption = None,
    engine: EngineOption = EngineName.duckdb,
    format_: FormatOption = Format.table,
) -> None:
    """Compare all forces in one measure, and say where the methods differ."""
    chosen = find_measure(measure)
    part = _group(chosen, group)
    if not chosen.compared:
        raise UseError(
            f"'{chosen.title}' is a bare {chosen.kind}, which grows with the force, and is not compared",
            advice="Compare a share or a rate: 'openpeel measures' lists them.",
        )
    frozen = open_release(Lake.open(lake), release)
    period = period_of(frozen, ending)
    settings = settings_of(sd, leave_out, months, similar_to)
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        counts = count_release(frozen, [chosen], counting)
    figures = compute_figures(frozen, counts, period, [chosen], settings)
    print_compared([f for f in figures if f.group == (part.key if part else None)], method.value, format_)


def trend(
    measure: MeasureArgument,
    release: ReleaseOption,
    force: Annotated[str, typer.Option("--force", help="A force's name, slug or ONS code.")],
    lake: LakeOption = LAKE,
    group: GroupOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", help="The first month, such as 2019-04.", show_default="the first one held"),
    ] = None,
    ending: EndingOption = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", help="Last day of the year to compare with.", show_default="the year before"
        ),
    ] = None,
    rebase: Annotated[
        list[str] | None,
        typer.Option(
            "--rebase",
            help="MONTH=REASON: records are made in another way from that month on. Repeatable.",
        ),
    ] = None,
    engine: EngineOption = EngineName.duckdb,
    format_: FormatOption = Format.table,
) -> None:
    """Show a measure of one force month by month, which months stand out, and its change on the year before."""
    chosen = find_measure(measure)
    part = _group(chosen, group)
    whose = find_force(force)
    breaks = _rebases(rebase or ())
    frozen = open_release(Lake.open(lake), release)
    year = period_of(frozen, ending)
    earlier = year.year_before() if before is None else Period.year_ending(parse_day(before, "--before"))
    with progress("Counting") as tell, open_engine(engine.value) as counting:
        tell(0, 1)
        counts = count_release(frozen, [chosen], counting)[chosen.standard]
    found = month_trend(
        frozen,
        counts,
        chosen,
        whose,
        Month.of(year.end),
        group=part,
        first=Month.parse(first) if first else None,
        rebases=breaks,
    )
    now, then = (period_value(frozen, counts, chosen, whose, p, part) for p in (year, earlier))
    print_trend(with_change(found, change_between(chosen, now, then, breaks)), format_)


def _rebases(given: Sequence[str]) -> list[Rebase]:
    """MONTH=REASON. Raises UseError for anything else."""
    found = []
    for text in given:
        month, separator, reason = text.partition("=")
        if not separator or not reason.strip():
            raise UseError(
                f"expected MONTH=REASON, such as '2021-04=new recording rule', got '{text}'", where="--rebase"
            )
        found.append(Rebase(Month.parse(month.strip()), reason.strip()))
    return found


def _group(measure: Measure, key: str | None) -> Group | None:
    """The group that was asked for. Raises UseError where the measure has none of that name, or needs one."""
    known = [g.key for g in measure.groups]
    if key in known or (key is None and not known):
        return measure.group(key)
    got = "no group" if key is None else f"the group '{key}'"
    raise UseError(
        f"expected a group of '{measure.id}', got {got}" if known else f"'{measure.id}' has no groups",
        where="--group",
        advice=f"Its groups: {', '.join(known)}." if known else "Leave --group out.",
    )
