"""Puts together what the page about one force says: its figures, the prose about them, and the state of its data.

The prose itself is worded in `figures/wording.py`; how the page looks is `page.py` and the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openpeel.figures.compute import Settings
from openpeel.figures.explanation import returns_behind
from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.figures.trend import Trend
from openpeel.figures.withholding import SmallNumbers, withheld_returns
from openpeel.figures.wording import (
    change_sentence,
    comparison_sentence,
    largest_sentence,
    limit_sentence,
    limits_sentence,
    sentence,
    similar_sentence,
    trend_sentence,
)
from openpeel.lake import Release
from openpeel.measures import Measure
from openpeel.publishing.inspection import Group, Inspection, QualityRow, Section
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month, Period
from openpeel.standards import load_standard

#: Above a page that invented records are counted in, about whatever force.
INVENTED = "These records are invented for demonstration. Nothing on this page says anything about a real police force."


def assemble(
    release: Release,
    figures: Sequence[Figure],
    measures: Sequence[Measure],
    force: Force,
    period: Period,
    *,
    settings: Settings,
    made_on: date,
    trends: Mapping[str, Trend] | None = None,
) -> Inspection:
    """The inspection of one force from the figures of all forces, as `compute_figures` gives them.

    `trends` are those of the force by measure, as `headline_trends` gives them.
    """
    standards = {m.standard for m in measures}
    by_measure: dict[str, list[Figure]] = {}
    for figure in figures:
        by_measure.setdefault(figure.measure, []).append(figure)
    return Inspection(
        force=force,
        period=period,
        subject=load_standard(min(standards)).title.lower() if len(standards) == 1 else "",
        release=release.name,
        release_id=release.id,
        made_on=made_on,
        sections=tuple(
            section_of(
                measure,
                by_measure.get(measure.id, ()),
                force,
                period,
                release,
                settings.small,
                (trends or {}).get(measure.id),
            )
            for measure in measures
        ),
        quality=_quality(release, measures, force, period, settings.small),
        quality_notes=_quality_notes(release, measures, force, period),
        format=shown,
        small_numbers=settings.small.sentence,
        rule=comparison_rule(settings, measures, period),
        warning=INVENTED if is_invented(release) else "",
    )


def is_invented(release: Release) -> bool:
    """Whether any of its records are."""
    return any(r.invented for r in release.returns)


def comparison_rule(settings: Settings, measures: Sequence[Measure], period: Period) -> str:
    """The choices that the inspectorate's rule leaves open, as they were made here."""
    deviation = "a sample (n − 1)" if settings.sd == "sample" else "a population (n)"
    expected = len(period.months())
    months = settings.months or expected
    said = [
        f"The standard deviation is that of {deviation}.",
        f"A force is in the comparison if the release holds its returns for {months} of the {expected} months"
        if months < expected
        else f"A force is in the comparison if the release holds its returns for all {expected} months",
    ]
    said[-1] += f", and no comparison is made among fewer than {settings.forces} forces."
    if settings.leave_out is None:
        kept_out = sorted({find_force(code).name for m in measures for code in m.leave_out})
        if kept_out:
            names = " and ".join(kept_out)
            said.append(
                f"Where residents are the denominator, {names} is left out: few live there and many come."
            )
    elif settings.leave_out:
        said.append(f"Left out on request: {', '.join(find_force(c).name for c in settings.leave_out)}.")
    return " ".join(said)


def section_of(
    measure: Measure,
    figures: Sequence[Figure],
    force: Force,
    period: Period,
    release: Release,
    small: SmallNumbers,
    trend: Trend | None = None,
) -> Section:
    """The section of one measure, from its figures of all forces."""
    own = [f for f in figures if f.force == force.code]
    parts: list[tuple[str | None, str]] = [(g.key, g.title) for g in measure.groups] or [
        (None, measure.title)
    ]
    groups = [Group(key, title, tuple(f for f in figures if f.group == key)) for key, title in parts]
    # A group that no force has a record in says nothing; its figures are in the data all the same.
    groups = [g for g in groups if any(f.numerator or f.method == WITHHELD for f in g.figures)] or groups[:1]
    return Section(
        measure=measure.id,
        title=measure.title,
        about=measure.about,
        source=source_of(measure, period, release),
        unit=measure.unit,
        sentences=_sentences(measure, own),
        groups=tuple(groups),
        notes=_notes(own, small),
        trend=trend,
        trend_sentences=_over_time(trend) if trend else (),
        area=load_standard(measure.standard).area,
    )


def source_of(measure: Measure, period: Period, release: Release) -> str:
    """What the figures of a measure are made from, as it stands under a chart."""
    source = "; ".join(measure.sources_for(period))
    if is_invented(release):
        source = f"invented records, in place of {source}"
    return f"{source[:1].upper()}{source[1:]}. Release '{release.name}' ({release.id})."


def _sentences(measure: Measure, own: Sequence[Figure]) -> tuple[str, ...]:
    if not measure.groups:
        told = (sentence, limit_sentence, comparison_sentence, limits_sentence, similar_sentence)
        missing = (
            sentence,
        )  # it says why there is no value, and nothing can be compared for the same reason
        return tuple(
            s
            for f in own
            for tell in (missing if f.value is None and measure.compared else told)
            if (s := tell(f))
        )
    if measure.unit == "ratio":
        return tuple(
            " ".join(s for s in (sentence(f), comparison_sentence(f), similar_sentence(f)) if s) for f in own
        )
    return (largest_sentence(own) or sentence(own[0]),)


def _over_time(trend: Trend) -> tuple[str, ...]:
    said = [change_sentence(trend.change, trend.unit)] if trend.change else []
    return (*said, trend_sentence(trend), *([trend.note] if trend.note else []))


def _notes(own: Sequence[Figure], small: SmallNumbers) -> tuple[str, ...]:
    """What to know of the records, each thing once; the notes of groups differ in their numbers alone."""
    whole = [f for f in own if f.group is None]
    if whole:
        return tuple(f.coverage.note for f in whole if f.coverage.note)
    notes = []
    first = next((f for f in own if f.method != WITHHELD), None)
    if first and first.coverage.note:
        notes.append(f"{first.title.rpartition(': ')[2]}: {first.coverage.note}")
    hidden = [f.title.rpartition(": ")[2] for f in own if f.method == WITHHELD]
    if hidden:
        notes.append(
            f"Withheld, because a count is below {small.smallest} or would give such a count away: "
            f"{', '.join(hidden)}."
        )
    return tuple(notes)


def _quality(
    release: Release, measures: Sequence[Measure], force: Force, period: Period, small: SmallNumbers
) -> tuple[QualityRow, ...]:
    """The state of the files. A month of few records of people is not counted, nor are its defects."""
    returns = list(dict.fromkeys(r for m in measures for r in returns_behind(release, m, force.code, period)))
    return tuple(
        QualityRow(
            month=r.key.months[0] if len(r.key.months) == 1 else f"{r.key.months[0]} to {r.key.months[-1]}",
            file=", ".join(s.name.rpartition("/")[2].rpartition("!")[2] for s in r.sources),
            rows=None if hidden else r.rows,
            accepted=None if hidden else r.accepted,
            rejected=None if hidden else r.rejected,
            duplicates=None if hidden else r.duplicates,
            defects=tuple(
                d.check.replace("_", " ") + ("" if hidden else f": {d.message}") for d in r.defects
            ),
            kind=load_standard(r.key.standard).title,
        )
        for r, hidden in zip(returns, withheld_returns(returns, small), strict=True)
    )


def _spans(months: Sequence[str]) -> str:
    """'April 2023 to June 2023, September 2023': months after one another are told by the first and the last."""
    runs: list[list[Month]] = []
    for month in map(Month.parse, months):
        if runs and runs[-1][-1].next() == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(r[0].label if len(r) == 1 else f"{r[0].label} to {r[-1].label}" for r in runs)


def _quality_notes(
    release: Release, measures: Sequence[Measure], force: Force, period: Period
) -> tuple[str, ...]:
    notes = [
        "A record counts in the month of the date that is printed in it. Published times are in UTC, so a file "
        "may hold a few records of the month before; the return for the month after the period is listed for "
        "that reason.",
        "Exact duplicates are left out in this release."
        if release.leave_out_duplicates
        else "Exact duplicates are counted in this release, because records have no key and two people searched "
        "at once may give the same row twice.",
    ]
    standards = dict.fromkeys(m.standard for m in measures)
    for standard in standards:
        # Of what is counted at the end of the year alone, the returns of other months are not asked for.
        expected = {str(x) for m in measures if m.standard == standard for x in m.counted_in(period).months()}
        held = {m for r in release.of(standard, force.code) for m in r.key.months}
        absent = sorted(expected - held)
        if absent:
            of = f" of '{load_standard(standard).title}'" if len(standards) > 1 else ""
            notes.insert(0, f"The release holds no return{of} for {_spans(absent)}.")
    return tuple(notes)
