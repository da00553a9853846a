"""Finding events. They are paged by number, from the newest on: no page moves when events are added."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from openpeel.reference.forces import find_force
from openpeel.spreadsheet import spreadsheet_cell
from openpeel.web.trail.models import Event

PER_PAGE = 50
#: The columns of the export, in the order of the hash.
COLUMNS = (
    "number",
    "at",
    "who",
    "person",
    "address",
    "action",
    "about",
    "force",
    "said",
    "before",
    "after",
    "previous",
    "hash",
)


@dataclass(frozen=True)
class Page:
    """Events from the newest on. `newer` and `older` are the numbers to go on from; None at an end."""

    events: list[Event]
    newer: int | None
    older: int | None


def find(wanted: Mapping[str, Any]) -> QuerySet[Event]:
    """The events that the cleaned data of a SearchForm ask for, newest first."""
    found = Event.objects.order_by("-number")
    if who := str(wanted.get("who") or "").strip():
        found = found.filter(who__icontains=who)
    if action := wanted.get("action"):
        found = found.filter(action=action)
    if about := str(wanted.get("about") or "").strip():
        found = found.filter(about__icontains=about)
    if force := wanted.get("force"):
        found = found.filter(force=force)
    if since := wanted.get("since"):
        found = found.filter(at__gte=_midnight(since))
    if until := wanted.get("until"):
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    for word in str(wanted.get("words") or "").split():
        found = found.filter(Q(said__icontains=word) | Q(before__icontains=word) | Q(after__icontains=word))
    return found


def page(found: QuerySet[Event], before: int | None = None, after: int | None = None) -> Page:
    """The page of events before a number, or after one; the newest where neither is given."""
    if after is not None:
        ahead = list(found.filter(number__gt=after).order_by("number")[: PER_PAGE + 1])
        events = ahead[:PER_PAGE][::-1]
        more_newer, more_older = len(ahead) > PER_PAGE, True
    else:
        behind = found if before is None else found.filter(number__lt=before)
        ahead = list(behind[: PER_PAGE + 1])
        events = ahead[:PER_PAGE]
        more_newer, more_older = before is not None, len(ahead) > PER_PAGE
    if not events:
        return Page([], None, None)
    return Page(
        events,
        events[0].number if more_newer else None,
        events[-1].number if more_older else None,
    )


def said(wanted: Mapping[str, Any]) -> str:
    """A search in words, for the event that tells of it: 'action “sign in”, force Hertfordshire'; 'everything'."""
    labels = {"who": "person", "about": "thing", "since": "from", "until": "to"}
    parts = []
    for name, value in wanted.items():
        if value:
            shown = find_force(str(value)).name if name == "force" else value
            parts.append(f"{labels.get(name, name)} “{shown}”")
    return ", ".join(parts) or "everything"


def rows(found: QuerySet[Event]) -> Iterator[str]:
    """The events as lines of CSV, with a header; no cell is taken for a formula. Not all are in memory at once."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for event in found.iterator(chunk_size=2_000):
        values = (event.at.isoformat() if c == "at" else getattr(event, c) for c in COLUMNS)
        yield writer.writerow([spreadsheet_cell(value) for value in values])


class _Line:
    """What `csv` writes into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
