"""What a built report says of itself in `report.json`: its release, figures and sentences, corrections and files.

It is what two built reports are compared by, and what a folder is known by when another report is to take its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpeel.errors import UseError
from openpeel.publishing.folder import REPORT_RECORD
from openpeel.reports.report import Correction, Report, Told

RECORD = REPORT_RECORD


@dataclass(frozen=True)
class Built:
    """A report as its sentences and figures, whether read from a folder or just resolved. `name` is for people.

    `figures` are the JSON forms of the figures by id.
    """

    name: str
    force: str
    release: str
    release_id: str
    made_on: date
    corrections: tuple[Correction, ...]
    told: tuple[Told, ...]
    figures: Mapping[str, Mapping[str, Any]]


def as_built(report: Report) -> Built:
    """A report that was just resolved."""
    return Built(
        name=f"release '{report.release}'",
        force=report.force.code,
        release=report.release,
        release_id=report.release_id,
        made_on=report.made_on,
        corrections=report.corrections,
        told=report.told,
        figures={c.figure.id: c.figure.as_json() for c in report.figures},
    )


def record_of(report: Report, files: Iterable[str]) -> bytes:
    """The content of `report.json`; `files` are the names of all other files of the folder."""
    built = as_built(report)
    record = {
        "title": report.title,
        "force": report.force.code,
        "force_name": report.force.full_name,
        "period_start": report.period.start.isoformat(),
        "period_end": report.period.end.isoformat(),
        "release": report.release,
        "release_id": report.release_id,
        "made_on": report.made_on.isoformat(),
        "corrections": [{"on": c.on.isoformat(), "note": c.note} for c in report.corrections],
        "told": [
            {
                "text": t.text,
                "figures": list(t.figures),
                "keys": list(t.keys),
                "chapter": t.chapter,
                "line": t.line,
            }
            for t in report.told
        ],
        "fixed": [{"text": f.text, "because": f.because, "line": f.line} for f in report.fixed],
        "figures": list(built.figures.values()),
        "files": sorted({*files, RECORD}),
    }
    return (json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read_built(folder: Path) -> Built:
    """The report that stands in a folder. Raises UseError where there is none, or its record was changed by hand."""
    path = folder / RECORD
    try:
        raw = json.loads(path.read_bytes())
        return Built(
            name=str(folder),
            force=raw["force"],
            release=raw["release"],
            release_id=raw["release_id"],
            made_on=date.fromisoformat(raw["made_on"]),
            corrections=tuple(
                Correction(date.fromisoformat(c["on"]), str(c["note"])) for c in raw["corrections"]
            ),
            told=tuple(
                Told(t["text"], tuple(t["figures"]), tuple(t["keys"]), t["chapter"], t["line"])
                for t in raw["told"]
            ),
            figures={f["id"]: f for f in raw["figures"]},
        )
    except OSError as error:
        raise UseError(
            f"expected a report that openpeel built, got none ({error.strerror})",
            where=str(path),
            advice="'openpeel report build' writes one.",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UseError(
            "expected what 'openpeel report build' writes, got something else",
            where=str(path),
            advice="Build the report again to a new folder.",
        ) from None


def hold_to_earlier(report: Report, folder: Path) -> None:
    """Raise UseError where a report may not take the place of the one in a folder.

    A published report keeps its release and what was said of its corrections: another release needs a new correction
    that is dated on or after the day on which the one before was made.
    """
    late = next((c for c in report.corrections if c.on > report.made_on), None)
    if late is not None:
        raise UseError(
            f"the correction of {late.on} is dated after the day of the report, {report.made_on}",
            where="corrections",
            advice="Put the date right, or give the day with --made-on.",
        )
    if not (folder / RECORD).is_file():
        return
    earlier = read_built(folder)
    advice = "Name a new folder."
    if earlier.force != report.force.code:
        raise UseError(
            f"the folder holds a report on another force ({earlier.force})", where=str(folder), advice=advice
        )
    gone = next((c for c in earlier.corrections if c not in report.corrections), None)
    if gone is not None:
        raise UseError(
            f"the report in the folder carries a correction of {gone.on} that this one does not",
            where=str(folder),
            advice=f"Keep it in the head: [[corrections]], on = {gone.on}, note = {json.dumps(gone.note)}.",
        )
    new = [c for c in report.corrections if c not in earlier.corrections and c.on >= earlier.made_on]
    if earlier.release_id != report.release_id and not new:
        raise UseError(
            f"the folder holds the report of the release '{earlier.release}' ({earlier.release_id}), made on "
            f"{earlier.made_on}, and a published report keeps its release",
            where=str(folder),
            advice=f"Name a new folder; or, to correct that report, write into the head of the source [[corrections]], "
            f'on = {report.made_on} and note = "what was put right" ({earlier.made_on} or later).',
        )
