"""What the command line says of audits, for people or as data. Nothing is computed here."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openpeel.audits.agreeing import QuestionAgreement
from openpeel.audits.comparing import ForceResult, PairOfForces
from openpeel.audits.drawing import AuditDraw
from openpeel.audits.frame import AuditFrame
from openpeel.audits.instrument import Instrument, When
from openpeel.audits.outcome import AuditOutcome
from openpeel.audits.sizing import AuditSize
from openpeel.figures.audited import AuditExplanation, audit_figures, audit_sentence
from openpeel.figures.rounding import number
from openpeel.publishing.open_data import as_csv
from openpeel.reference.forces import find_force
from openpeel.statistics.coverage import METHODS, SimulatedCoverage
from openpeel.terminal import Format, print_json, print_rows, print_text

_PERCENT = "percent"


def print_instruments(instruments: Sequence[Instrument], how: Format) -> None:
    """The audits that there are."""
    rows = [
        {
            "audit": i.id,
            "version": i.version,
            "title": i.title,
            "case": i.case,
            "cases_from": i.frame.standard or "a list",
            "questions": len(i.questions),
            "results": len(i.results),
        }
        for i in instruments
    ]
    print_rows(rows, how)


def print_instrument(instrument: Instrument, how: Format) -> None:
    """What an audit asks and counts; as CSV, its questions."""
    questions = [
        {
            "question": q.id,
            "asked_of": q.each or instrument.case,
            "text": q.text,
            "answers": [f"{code}: {title}" for code, title in q.answers],
            "not_relevant": list(q.not_relevant),
            "asked_when": _when(q.asked_when),
            "answered_by": next(s.answered_by for s in instrument.sections if s.id == q.section),
            "personal": q.personal,
        }
        for q in instrument.questions
    ]
    results = [
        {
            "result": r.id,
            "title": r.title,
            "kind": r.kind,
            "counts": f"{r.question}: {' or '.join(r.counts)}",
            "of": list(r.of),
            "where": _when(r.where),
            "unless": _when(r.unless),
            "by": r.by,
        }
        for r in instrument.results
    ]
    if how is Format.csv:
        print_rows(questions, how)
        return
    columns = [
        {"column": c.name, "title": c.title, "values": [code for code, _ in c.answers]}
        for c in instrument.frame.columns
    ]
    if how is Format.json:
        about = {"id": instrument.id, "title": instrument.title, "version": instrument.version}
        about |= {"series": instrument.series, "definition": instrument.hash, "about": instrument.about}
        print_json({**about, "strata_by": columns, "questions": questions, "results": results})
        return
    print_text(f"{instrument.title}, version {instrument.version} ({instrument.hash})", bold=True)
    print_text(instrument.about)
    if columns:
        print_text("\nStrata by: " + "; ".join(f"{c.name} ({c.title})" for c in instrument.frame.columns))
    for section in instrument.sections:
        each = f", of each {section.each}" if section.each else ""
        print_text(f"\n{section.title} ({section.answered_by}{each})", bold=True)
        for question in instrument.questions:
            if question.section != section.id:
                continue
            print_text(f"  {question.id}: {question.text}")
            print_text(f"    {' | '.join(question.codes)}", style="dim")
            if question.asked_when:
                print_text(f"    asked when {_when(question.asked_when)}", style="dim")
    print_text("\nWhat is counted", bold=True)
    for result in instrument.results:
        way = "estimated for all cases" if result.kind == "rate" else "a of b, of the cases audited"
        print_text(f"  {result.id}: {result.title} ({way})")


def print_size(size: AuditSize, how: Format) -> None:
    """How many cases."""
    rows = [{"stratum": s.label, "cases": s.cases, "expected": s.expected, "draw": s.n} for s in size.strata]
    if how is Format.json:
        print_json({"draw": size.n, "cases": size.cases, "half_width": size.half_width, "strata": rows})
        return
    if how is Format.csv:
        print_rows(rows, how)
        return
    of = f" of {size.cases:,}" if size.cases else ""
    print_text(f"Draw {size.n:,} cases{of}: ±{100 * size.half_width:.1f} percentage points.", bold=True)
    if len(size.strata) > 1:
        print_rows(rows, how)
    print_text("This counts on as many usable cases. Where few cases will be on one side, audit more.")


def print_coverage(found: SimulatedCoverage, how: Format) -> None:
    """How often each interval held the truth."""
    rows = [
        {
            "interval": name,
            "held": _share(m.held),
            "missed_too_high": _share(m.above),
            "missed_too_low": _share(m.below),
            "none": _share(m.undefined),
            "mean_width": _share(m.width),
        }
        for name, m in found.methods.items()
        if name in METHODS
    ]
    if how is Format.json:
        about = {"truth": found.truth, "replicates": found.replicates, "level": found.level}
        print_json({**about, "percentages": rows})
        return
    if how is Format.csv:
        print_rows(rows, how)
        return
    print_text(
        f"{found.replicates:,} audits of cases of which {100 * found.truth:.1f}% have the property: "
        f"how many of 100 intervals at {100 * found.level:g}% held that.",
        bold=True,
    )
    print_rows(rows, how)
    error = 100 * max(m.error for m in found.methods.values())
    print_text(f"Each percentage is known to {error:.1f} points or better (one standard error).")


def _share(share: float) -> float | None:
    return None if math.isnan(share) else round(100 * share, 1)


def print_frame(frame: AuditFrame, path: Path, committed: str | None, how: Format) -> None:
    """A frame that was written."""
    strata = [
        {"stratum": s.label, "cases": len(s.cases), "list_complete": "yes" if s.complete else "no"}
        for s in frame.strata
    ]
    if how is Format.json:
        print_json({"frame": str(path), "hash": frame.hash, "commitment": committed, "strata": strata})
        return
    if how is Format.csv:
        print_rows(strata, how)
        return
    print_text(f"Frame of {len(frame.frame.ids):,} cases: {path}", bold=True)
    if len(strata) > 1:
        print_rows(strata, how)
    for what, left_out in frame.source.get("left_out", {}).items():
        if left_out:
            print_text(f"Left out, {what.replace('_', ' ')}: {left_out:,}")
    for month in frame.source.get("months_missing", ()):
        print_text(f"No return for {month}.")
    print_text(f"Hash        {frame.hash}")
    if committed:
        print_text(f"Commitment  {committed}")
        print_text("Publish the commitment now, and the seed after the draw.")


def print_draw(draw: AuditDraw, files: tuple[Path, Path, Path], how: Format) -> None:
    """A draw that was written."""
    strata = _strata(draw)
    if how is Format.json:
        sheet, frame, drawn = map(str, files)
        about = {"sheet": sheet, "frame": frame, "draw": drawn, "frame_hash": draw.drawn.frame_hash}
        print_json({**about, "seed": draw.drawn.seed, "commitment": draw.commitment, "strata": strata})
        return
    if how is Format.csv:
        print_rows(strata, how)
        return
    total = sum(s["drawn"] for s in strata)
    print_text(f"{total:,} cases drawn, {sum(s['reserves'] for s in strata):,} in reserve.", bold=True)
    if len(strata) > 1:
        print_rows(strata, how)
    print_text(f"  {files[0]}  to be filled in, a row a case")
    print_text(f"  {files[1]}  every case that could be drawn")
    print_text(f"  {files[2]}  what was drawn, and how")
    print_text(f"Anyone with the last two can repeat it: openpeel audit verify {files[2]}")


def _strata(draw: AuditDraw) -> list[dict[str, Any]]:
    sizes = dict(draw.sizes)
    return [
        {"stratum": s.label, "cases": sizes[s.label], "drawn": len(s.sample), "reserves": len(s.reserve)}
        for s in draw.drawn.strata
    ]


def print_verified(draw: AuditDraw, frame: AuditFrame, wrong: Sequence[str], how: Format) -> None:
    """Whether a draw is what its frame and seed give."""
    if how is not Format.table:
        found = {"verified": not wrong, "frame_hash": frame.hash, "seed": draw.drawn.seed}
        found |= {"commitment": draw.commitment, "wrong": list(wrong)}
        print_rows([found], how) if how is Format.csv else print_json(found)
        return
    for sentence in wrong:
        print_text(sentence)
    if wrong:
        print_text("The draw is NOT what frame and seed give.", bold=True)
        return
    drawn = sum(len(s.sample) for s in draw.drawn.strata)
    print_text(f"Drawn again: the same {drawn:,} of {len(frame.frame.ids):,} cases come out.", bold=True)
    print_text(f"Frame       {frame.hash}\nSeed        {draw.drawn.seed}\nCommitment  {draw.commitment}")


def print_outcome(outcome: AuditOutcome, how: Format) -> None:
    """What an audit found; as CSV, its figures."""
    figures = audit_figures(outcome)
    if how is Format.csv:
        sys.stdout.write(as_csv(figures).decode())
        return
    if how is Format.json:
        content = outcome.as_json()
        by_result = {(f.measure.partition("-")[2], f.group or ""): f for f in figures}
        for result in content["results"]:
            figure = by_result.get((result["id"], result["group"]))
            result["figure"] = figure.as_json() if figure else None
            result["sentence"] = audit_sentence(outcome, figure) if figure else ""
        print_json(content)
        return
    about = outcome.draw.about
    print_text(
        f"{outcome.instrument.title}: {find_force(about.force).full_name}, {about.period.label}", bold=True
    )
    if outcome.invented:
        print_text("These codings are INVENTED, to show how it works.", bold=True)
    print_rows(
        [
            {
                "stratum": s.label or "all",
                "cases": s.cases,
                "drawn": s.drawn,
                "examined": s.examined,
                "out_of_scope": s.out_of_scope,
                "not_auditable": s.not_auditable,
            }
            for s in outcome.strata
        ],
        how,
    )
    _print_rates(outcome, {f.title: f.id for f in figures})
    _print_counts(outcome, {f.title: f.id for f in figures})
    _print_comparisons(outcome)
    if outcome.agreements:
        print_text("\nHow far two coders agreed", bold=True)
        print_rows([_agreement(a) for a in outcome.agreements], how)


def print_audit_explanation(found: AuditExplanation, how: Format) -> None:
    """Where a figure of an audit comes from; as CSV, what became of the cases of each stratum."""
    if how is Format.json:
        print_json(found.as_json())
        return
    figure, estimate, outcome = found.figure, found.estimate, found.outcome
    strata = [
        {**asdict(s), "label": s.label or "all", "complete": "yes" if s.complete else "no"}
        for s in outcome.strata
    ]
    if how is Format.csv:
        print_rows(strata, how)
        return
    print_text(figure.title, bold=True)
    for said in (found.sentence, figure.coverage.note):
        if said:
            print_text(said)
    print_text("\nHow it is made", bold=True)
    print_text(
        f"  numerator    {estimate.numerator:,}  {estimate.result.question}: {_or(estimate.result.counts)}"
    )
    where = _when(estimate.result.where)
    only = f", where {where}" if where else ""
    print_text(
        f"  denominator  {estimate.denominator:,}  {estimate.result.question}: {_or(estimate.result.of)}{only}"
    )
    if estimate.value is None:
        print_text(f"  value        {estimate.numerator:,}  = numerator")
    else:
        print_text(f"  value        {estimate.value!r}  = 100 × weighted numerator ÷ weighted denominator")
        print_text(
            f"  interval     {figure.lower!r} to {figure.upper!r}  ({figure.method}, {100 * figure.level:g}%)"
        )
    print_text(f"  definition   {figure.definition}  {figure.measure}")
    print_text(
        f"  release      {figure.release}" if outcome.frame.source.get("release") else "  cases        a list"
    )
    print_text(f"  frame        {outcome.frame.hash}")
    print_text(f"  seed         {outcome.draw.drawn.seed}")
    print_text("\nCases: each examined stands for cases ÷ examined of its stratum", bold=True)
    print_rows(strata, how)
    print_text("\nCodings", bold=True)
    print_rows([{"rows": f.rows, "sha256_begins": f.sha256[:12], "file": f.name} for f in outcome.files], how)
    print_text()
    if found.agrees:
        print_text("Computed again from the codings: it agrees to the last digit.", bold=True)
    else:
        print_text(f"Computed again, it does NOT agree: the id is now {figure.id}", bold=True)


def _or(codes: Sequence[str]) -> str:
    return " or ".join(codes)


def _print_rates(outcome: AuditOutcome, ids: Mapping[str, str]) -> None:
    rates = [e for e in outcome.estimates if e.result.kind == "rate"]
    if not rates:
        return
    print_text("\nEstimated for all cases", bold=True)
    for estimate in rates:
        a_of_b = f"{estimate.numerator:,} of {estimate.denominator:,}"
        if estimate.value is None:
            print_text(f"  {estimate.title}: no estimate, because {estimate.refused} ({a_of_b} reviewed)")
            continue
        lower, upper = (estimate.intervals or {})[outcome.options.interval]
        bounds = f"{_percent(lower)} to {_percent(upper)}" if lower is not None else "no interval"
        printed = (
            f"as usually published ±{number(estimate.published, _PERCENT)}"
            if estimate.published_use != "must not be used"
            else ""
        )
        print_text(
            f"  {estimate.title}: {_percent(estimate.value)}%  ({bounds})  {a_of_b}"
            + (f"  {printed}" if printed else "")
        )
        for note in estimate.notes:
            print_text(f"    {note}")
        print_text(f"    {ids[estimate.title]}", style="dim")


def _print_counts(outcome: AuditOutcome, ids: Mapping[str, str]) -> None:
    counts = [e for e in outcome.estimates if e.result.kind == "count"]
    if not counts:
        return
    print_text("\nOf the cases audited, and of no others", bold=True)
    for estimate in counts:
        print_text(f"  {estimate.title}: {estimate.numerator:,} of {estimate.denominator:,}")
        for note in estimate.notes:
            print_text(f"    {note}")
        print_text(f"    {ids[estimate.title]}", style="dim")


def _print_comparisons(outcome: AuditOutcome) -> None:
    if outcome.changes:
        print_text("\nSince the earlier audit", bold=True)
    for change in outcome.changes:
        bounds = change.newcombe or (change.lower, change.upper)
        print_text(
            f"  {change.title}: {_percent(change.now)}% after {_percent(change.earlier)}%, "
            f"{change.difference:+.1f} points ({bounds[0]:+.1f} to {bounds[1]:+.1f}): {change.verdict}"
        )
        if change.note:
            print_text(f"    {change.note}")
    if outcome.standards:
        print_text("\nAgainst a fixed standard", bold=True)
    for standard in outcome.standards:
        words = {"above": "shown to be above it", "below": "shown to be below it"}
        print_text(
            f"  {standard.title}: {_percent(standard.value)}%, the standard is {standard.standard:g}%: "
            f"{words.get(standard.verdict, 'neither shown to be above it nor below it')}"
        )
    if outcome.unrecorded:
        print_text("\nCrimes not recorded in a year", bold=True)
    for missed in outcome.unrecorded:
        bounds_said = "" if missed.lower is None else f" ({missed.lower:,.0f} to {_or_more(missed.upper)})"
        print_text(f"  {missed.title}: {missed.value:,.0f}{bounds_said}, with {missed.recorded:,} recorded")


def _or_more(upper: float | None) -> str:
    return "no upper bound" if upper is None else f"{upper:,.0f}"


def _agreement(found: QuestionAgreement) -> dict[str, Any]:
    content = found.as_json()
    return {
        "question": found.question,
        "coded_twice": found.found.counted,
        "agreed": f"{100 * found.found.observed:.1f}%",
        "kappa": _coefficient(content["kappa"]),
        "AC1": _coefficient(content["ac1"]),
    }


def _coefficient(found: Mapping[str, float | None]) -> str:
    value, lower, upper = found["value"], found["lower"], found["upper"]
    if value is None:
        return "–"
    return f"{value:.2f}" if lower is None or upper is None else f"{value:.2f} ({lower:.2f} to {upper:.2f})"


def print_comparison(found: Sequence[ForceResult] | Sequence[PairOfForces], how: Format) -> None:
    """How forces differ in one rate."""
    rows = [each.as_json() for each in found]
    if how is not Format.table:
        print_rows(rows, how)
        return
    for row in rows:
        row.pop("force", None)
        row["differs"] = "differs" if row["differs"] else "not shown to differ"
    print_rows(
        [{name: round(v, 4) if isinstance(v, float) else v for name, v in row.items()} for row in rows], how
    )


def _percent(value: float | None) -> str:
    return number(value, _PERCENT)


def _when(when: When) -> str:
    return " and ".join(f"{name} is {' or '.join(codes)}" for name, codes in when)
