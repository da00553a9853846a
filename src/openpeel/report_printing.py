"""What the command line says of reports, for people or as data. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpeel.terminal import Format, print_json, print_rows, print_text

if TYPE_CHECKING:  # only shapes; the command that was called has imported what it needs
    from openpeel.reports.diff import ChangedSentence
    from openpeel.reports.problems import Problem
    from openpeel.reports.resolve import Resolved


def print_problems(source: Path, problems: Sequence[Problem], how: Format) -> None:
    """What stops a report, one by one, where an editor can jump to it."""
    if how is not Format.table:
        print_rows([p.__dict__ for p in problems], how)
        return
    for problem in problems:
        print_text(f"{source}:{problem.line}:{problem.column}: {problem}")
    count = len(problems)
    print_text(
        f"\n{count} {'thing stops' if count == 1 else 'things stop'} this report from being published."
    )


def print_resolved(source: Path, found: Resolved, how: Format) -> None:
    """What stops a report, or that nothing does."""
    report = found.report
    if how is Format.json:
        print_json(
            {
                "report": str(source),
                "force": report.force.code,
                "release": report.release,
                "release_id": report.release_id,
                "figures": len(report.figures),
                "sentences": len(report.told),
                "fixed": [f.__dict__ for f in report.fixed],
                "problems": [p.__dict__ for p in found.problems],
            }
        )
    elif found.problems or how is Format.csv:
        print_problems(source, found.problems, how)
    else:
        fixed = f", {len(report.fixed)} marked as no figures" if report.fixed else ""
        print_text(
            f"Nothing stops {source}: {len(report.figures)} figures of {report.force.full_name} in "
            f"{len(report.told)} sentences{fixed}, release '{report.release}' ({report.release_id})."
        )


def print_changed(changed: Sequence[ChangedSentence], before: str, after: str, how: Format) -> None:
    """The sentences whose figure changes."""
    from openpeel.reports.diff import rows

    if how is Format.json:
        print_json([c.as_json() for c in changed])
        return
    if how is Format.csv:
        print_rows(rows(changed), how)
        return
    for sentence in changed:
        print_text(f"{sentence.chapter}, line {sentence.line}", bold=True)
        if sentence.reads_alike:
            print_text(f"  reads alike: {sentence.after}")
        else:
            print_text(f"  - {sentence.before or '(no such sentence)'}")
            print_text(f"  + {sentence.after or '(no such sentence)'}")
        for figure in sentence.figures:
            by = f" ({figure.by})" if figure.by else ""
            print_text(f"    {figure.key}: {figure.said}{by}")
    count = len(changed)
    said = (
        "No sentence changes"
        if not count
        else f"{count} {'sentence changes' if count == 1 else 'sentences change'}"
    )
    print_text(f"{said} between {before} and {after}.")


def print_references(how: Format) -> None:
    """The references there are."""
    from openpeel.reports.references import NAMES

    print_rows(
        [{"reference": n.name, "prints": n.prints, "options": list(n.options)} for n in NAMES.values()], how
    )
