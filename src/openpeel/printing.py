"""What the command line says of loads, data, releases and figures, for people or as data. Nothing is computed here."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from openpeel.figures import Figure
from openpeel.figures.explanation import Explanation
from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import number, shown
from openpeel.figures.wording import comparison_sentence, limits_sentence, sentence
from openpeel.intake.load import LoadReport
from openpeel.intake.rows import counted
from openpeel.lake import Lake, Release, Return
from openpeel.measures import Measure, find_measure
from openpeel.publishing.open_data import as_csv
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.standards import load_standard
from openpeel.terminal import Format, print_json, print_rows, print_text

#: Rejected rows and files not taken that are printed in full; the rest is counted, and the file named.
SHOWN = 10


def print_load(report: LoadReport, lake: Lake, how: Format) -> None:
    """What a load took and did not take."""
    if how is Format.json:
        print_json(
            {
                "loaded": [
                    {"return": i.found.id, "how": i.how, "changed": i.changed, **i.found.as_json()}
                    for i in report.loaded
                ],
                "not_taken": [
                    {"name": n.name, "reason": n.reason, "wrong": n.wrong} for n in report.not_taken
                ],
            }
        )
        return
    if how is Format.csv:
        print_quality([i.found for i in report.loaded], how)
        return
    if report.loaded:
        for title, rows in _load_rows(report).items():
            print_rows(rows, how, title=title)
            print_text()
        counts = {
            word: sum(i.how == word for i in report.loaded) for word in ("new", "superseded", "already held")
        }
        said = ", ".join(f"{n:,} {_HOW[word]}" for word, n in counts.items() if n)
        print_text(f"{counted(len(report.loaded), 'return')}, {counted(report.rows, 'row')}: {said}.")
        if any(i.found.defects for i in report.loaded):
            print_text("What was found in the data: openpeel quality")
    _print_changes(report)
    _print_rejected(report, lake)
    for title, wrong in (("Not taken", True), ("Left alone", False)):
        some = [n for n in report.not_taken if n.wrong is wrong]
        if some:
            print_text(f"\n{title}: {len(some):,}", bold=True)
            for n in some[:SHOWN]:
                print_text(f"  {n.reason if n.reason.startswith(n.name) else f'{n.name}: {n.reason}'}")
            if len(some) > SHOWN:
                print_text(f"  … and {len(some) - SHOWN:,} more; --format json lists all.")


_HOW = {
    "new": "new",
    "superseded": "in place of earlier ones, which stay",
    "already held": "held already and left alone",
}


def _load_rows(report: LoadReport) -> dict[str, list[dict[str, Any]]]:
    """One row per force, under the title of each standard."""
    grouped: dict[tuple[str, str], list[Return]] = {}
    for item in report.loaded:
        grouped.setdefault((item.found.key.standard, item.found.key.force), []).append(item.found)
    tables: dict[str, list[dict[str, Any]]] = {}
    # Only published tables leave numbers out; others need no column for it.
    any_not_given = any(item.found.not_given for item in report.loaded)
    for (standard, force), returns in grouped.items():
        months = sorted({m for r in returns for m in r.key.months})
        tables.setdefault(load_standard(standard).title, []).append(
            {
                "force": _force_name(force),
                "months": months[0] if len(months) == 1 else f"{months[0]} to {months[-1]} ({len(months)})",
                "rows": sum(r.rows for r in returns),
                "accepted": sum(r.accepted for r in returns),
                "rejected": sum(r.rejected for r in returns),
                **({"not given": sum(r.not_given for r in returns)} if any_not_given else {}),
                "duplicates": sum(r.duplicates for r in returns),
                "findings": sum(len(r.defects) for r in returns),
            }
        )
    return tables


def _print_changes(report: LoadReport) -> None:
    changes = [i for i in report.loaded if i.how == "superseded"]
    if changes:
        print_text("\nChanged", bold=True)
    for item in changes[:SHOWN]:
        print_text(f"  {_force_name(item.found.key.force)}, {item.found.key.months[0]}: {item.changed}")
    if len(changes) > SHOWN:
        print_text(f"  … and {len(changes) - SHOWN:,} more; --format json lists all.")


def _print_rejected(report: LoadReport, lake: Lake) -> None:
    total = sum(i.found.rejected for i in report.loaded)
    if not total:
        return
    print_text(f"\nRejected rows: {total:,}", bold=True)
    left = SHOWN
    for item in report.loaded:
        if item.found.rejected and left > 0:
            path = lake.rejected_path(item.found.id)
            with path.open(newline="", encoding="utf-8") as handle:
                for row in list(csv.DictReader(handle))[:left]:
                    column = f", column '{row['column']}'" if row["column"] else ""
                    print_text(
                        f"  {row['file']}, row {row['row']}{column}: expected {row['expected']}, got {row['got']}"
                    )
                    left -= 1
            print_text(f"  All of them: {path}")


def print_quality(returns: Sequence[Return], how: Format) -> None:
    """What was found in the data: a row per return and finding, and one for each return without any."""
    if how is Format.table:
        _print_findings(returns)
        return
    rows = []
    for r in returns:
        about = {
            "standard": r.key.standard,
            "force": r.key.force,
            "force_name": _force_name(r.key.force),
            "months": _span(r),
            "rows": r.rows,
            "accepted": r.accepted,
            "rejected": r.rejected,
            "not_given": r.not_given,
            "duplicates": r.duplicates,
        }
        for defect in r.defects or (None,):
            rows.append(
                {
                    **about,
                    "defect": defect.check if defect else "",
                    "defect_rows": defect.rows if defect else 0,
                    "message": defect.message if defect else "",
                }
            )
    print_rows(rows, how)


def _print_findings(returns: Sequence[Return]) -> None:
    """A table for each force and standard, with what was found, by name, in its last column."""
    for (standard, force), own in groupby(returns, key=lambda r: (r.key.standard, r.key.force)):
        rows: list[dict[str, Any]] = []
        for r in own:
            for i, found in enumerate([f"{d.check}: {d.message}" for d in r.defects] or ["–"]):
                again = i > 0  # the numbers stand beside the first message only
                rows.append(
                    {
                        "months": "" if again else _span(r),
                        "rows": None if again else r.rows,
                        "rejected": None if again else r.rejected,
                        **({"not given": None if again else r.not_given} if r.published else {}),
                        "found": found,
                    }
                )
        print_rows(rows, Format.table, title=f"{_force_name(force)}: {load_standard(standard).title}")
        print_text()


def _span(found: Return) -> str:
    months = found.key.months
    return months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"


def print_release(releases: Sequence[Release], how: Format) -> None:
    """What releases there are."""
    print_rows(
        [
            {
                "name": r.name,
                "id": r.id,
                "made_at": r.made_at.isoformat(timespec="seconds"),
                "returns": len(r.returns),
                "records": sum(x.accepted for x in r.returns),
                "duplicates": "left out" if r.leave_out_duplicates else "counted",
            }
            for r in releases
        ],
        how,
    )


def print_measures(measures: Sequence[Measure], how: Format, *, full: bool) -> None:
    """What is measured: a line each, or (`full`, or as data) all that there is to say of it."""
    rows = []
    for m in measures:
        counted, over, formula = m.explained(m.groups[0] if m.groups else None)
        rows.append(
            {
                "measure": m.id,
                "title": m.title,
                "area": load_standard(m.standard).area,
                "standard": m.standard,
                "kind": m.kind,
                "unit": m.unit,
                "better": m.better,
                "limit": f"{m.limit.rule} {m.limit.value:g} ({m.limit.source})" if m.limit else "",
                "comparable_from": m.comparable_from.isoformat() if m.comparable_from else "",
                "counted_at_the_end": m.stock,
                "groups": [g.key for g in m.groups],
                "about": m.about,
                "numerator": counted,
                "denominator": over,
                "value": formula,
                "sources": list(m.sources),
                "definition": m.definition,
            }
        )
    if how is Format.table and full:
        for row in rows:
            for name, value in row.items():
                said = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
                print_text(f"{name.replace('_', ' '):<20}{said or '–'}")
        return
    if how is Format.table:
        short = ("measure", "standard", "unit", "title")
        rows = [{name: row[name] for name in short} for row in rows]
    print_rows(rows, how)


def print_figures(figures: Sequence[Figure], how: Format) -> None:
    """Figures as a list of the printed values, or in full."""
    if how is Format.json:
        print_json([f.as_json() for f in figures])
    elif how is Format.csv:
        sys.stdout.write(as_csv(figures).decode())
    elif figures:
        _print_figures(figures)


def _print_figures(figures: Sequence[Figure]) -> None:
    """A line for each figure and, as ids are long and there to be copied, another for its id.

    Those of one force stand under their measure, group by group; those of many under their group, force by force.
    """
    one_force = len({f.force for f in figures}) == 1
    about = Period(figures[0].period_start, figures[0].period_end).label
    only = f"{figures[0].force_name}, " if one_force else ""
    header = ("", "value", f"{100 * figures[0].level:g}% interval", "mean", "verdict", "months")
    headings = [find_measure(f.measure).title if one_force else f.title for f in figures]
    lines = [
        _figure_line(f, f.title.removeprefix(f"{h}: ") if one_force and f.group else "")
        for f, h in zip(figures, headings, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(header, *lines, strict=True)]
    title = f"{only}{about}, release {figures[0].release}"
    print_text(title[0].upper() + title[1:], bold=True)
    print_text("  " + _aligned(header, widths))
    for heading, own in groupby(zip(headings, figures, lines, strict=True), key=lambda found: found[0]):
        print_text(f"\n{heading}", bold=True)
        for _, figure, line in own:
            print_text("  " + _aligned(line, widths))
            print_text(f"    {figure.id}", style="dim")
    comparable = [f.comparison for f in figures if find_measure(f.measure).compared]
    if comparable and all(c.mean is None for c in comparable):
        at_most = max(c.forces_counted for c in comparable)
        print_text(
            f"\nNot compared: {counted(at_most, 'force')} of 43 returned enough months of this year.\n"
            "Name another year with --ending, or ask for fewer months with --months."
        )


def _figure_line(figure: Figure, group: str) -> tuple[str, ...]:
    unit, coverage, mean = figure.unit, figure.coverage, figure.comparison.mean
    value = shown(figure.value, unit)
    if figure.value is None and not coverage.months_present:
        value = "no return"
    if figure.method == WITHHELD:
        value = WITHHELD
    interval = ""
    if figure.lower is not None:
        interval = f"{number(figure.lower, unit)} to {number(figure.upper, unit)}"
    return (
        group or _force_name(figure.force),
        value,
        interval,
        "" if mean is None else shown(mean, unit),
        figure.comparison.verdict,
        f"{coverage.months_present}/{coverage.months_expected}",
    )


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of a line at the widths of their columns; the second one, a value, stands to the right."""
    return "  ".join(
        c.rjust(w) if i == 1 else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def print_explanation(found: Explanation, how: Format) -> None:
    """Where a figure comes from; as CSV, the files it comes from."""
    if how is Format.json:
        print_json(found.as_json())
        return
    if how is Format.csv:
        print_rows(found.as_json()["files"], how)
        return
    figure = found.figure
    print_text(figure.title, bold=True)
    told = (sentence(figure), comparison_sentence(figure), limits_sentence(figure), figure.coverage.note)
    for said in told:
        if said:
            print_text(said)
    print_text("\nHow it is made", bold=True)
    print_text(f"  numerator    {_exact(figure.numerator)}  {found.counted}")
    if found.denominator:
        print_text(f"  denominator  {_exact(figure.denominator)}  {found.denominator}")
    print_text(f"  value        {_exact(figure.value)}  = {found.formula}")
    if figure.lower is not None:
        bounds = f"{_exact(figure.lower)} to {_exact(figure.upper)}"
        print_text(f"  interval     {bounds}  ({figure.method}, {100 * figure.level:g}%)")
    print_text(f"  definition   {figure.definition}  {figure.measure}")
    print_text(f"  release      {figure.release}  {found.release_name}")
    print_text(f"  duplicates   {'left out' if found.leave_out_duplicates else 'counted'}")
    print_text("\nCounted by month (numerator)", bold=True)
    print_rows(
        [
            {
                "month": m.month,
                "records": WITHHELD if m.numerator is None else m.numerator,
                "return": "held" if m.return_held else "missing",
            }
            for m in found.months
        ],
        how,
    )
    print_text("\nFiles", bold=True)
    print_rows(
        [
            {
                "rows": WITHHELD if f["rows"] is None else f["rows"],
                "accepted": WITHHELD if f["accepted"] is None else f["accepted"],
                "sha256_begins": f["sha256"][:12],
                "file": f["name"],
            }
            for f in found.as_json()["files"]
        ],
        how,
    )
    print_text()
    for name in found.altered_files:
        print_text(f"The file {name} in the lake is no longer what the release froze.", bold=True)
    if found.altered_files:
        print_text("Bring it back from a backup, or load the return's file again.")
    if found.asked == figure.id:
        print_text("Computed again from the records: it agrees to the last digit.", bold=True)
    else:
        print_text(f"Computed again, it does NOT agree: the id is now {figure.id}", bold=True)


def _exact(value: float | None) -> str:
    """A number with all its digits."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else repr(value)


def _force_name(code: str) -> str:
    return find_force(code).name
