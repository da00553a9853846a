"""Proving that the audit trail is whole: that no event was changed, taken out, put in or cut off.

The chain proves it against everybody who cannot work the hashes out anew. Whoever can write to the database could do
that, for all events after one that they changed; against that helps an anchor, the number and hash of a late event that
somebody keeps elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Subquery

from openpeel.errors import DataError, UseError
from openpeel.web.trail.models import BEGINNING, Event, Head

_CHUNK = 2_000


@dataclass(frozen=True)
class Anchor:
    """The number and the hash of an event, as somebody keeps them outside of the service."""

    number: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Anchor:
        """From 'NUMBER:HASH', as it is printed. Raises UseError."""
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip().casefold())
        if found is None:
            raise UseError(
                f"expected an anchor like 128:6f0c…, a number and 64 characters of a hash, got '{text}'",
                advice="An anchor is the last line of what `openpeel audit-trail verify` printed before.",
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Verified:
    """The trail is whole, up to and with `last`: to be kept elsewhere as an anchor. `last` is None before any event."""

    events: int
    last: Anchor | None


@dataclass(frozen=True)
class Broken:
    """The trail does not hold: the number of the first event that shows it, and what is wrong in words."""

    number: int
    said: str


def verify(anchor: Anchor | None = None) -> Verified | Broken:
    """Go through the whole trail, a few thousand events in memory at a time. Events may be added meanwhile."""
    head = Head.objects.filter(pk=1).first() or Head(number=0, hash=BEGINNING)
    events = Event.objects.filter(number__lte=head.number).order_by("number").iterator(chunk_size=_CHUNK)
    last = _follow(events, anchor)
    if isinstance(last, Broken):
        return last
    if last.number < head.number:
        gone = _gone(last.number + 1, head.number)
        return Broken(last.number + 1, f"The trail was cut off: {gone}.")
    if last.hash != head.hash:
        return Broken(
            last.number, f"Event {last.number} is not the one that was added last: it was written anew."
        )
    newest = Subquery(Head.objects.filter(pk=1).values("number")[:1])
    past = Event.objects.filter(number__gt=newest).order_by("number").first()
    if past is None and not Head.objects.exists():
        past = Event.objects.order_by("number").first()
    if past is not None:
        return Broken(past.number, f"Event {past.number} was put in behind the last that the service added.")
    if anchor is not None and anchor.number > last.number:
        return Broken(
            last.number + 1,
            f"The trail was cut off: your anchor is event {anchor.number}, and the last that is here is {last.number}.",
        )
    return Verified(last.number, last if last.number else None)


def verified(anchor: str = "") -> str:
    """What `openpeel audit-trail verify` prints of a trail that is whole. Raises DataError for one that is not."""
    found = verify(Anchor.read(anchor) if anchor else None)
    if isinstance(found, Broken):
        raise DataError(
            found.said,
            where=f"audit trail, event {found.number}",
            advice="Keep the database as it is, and compare it with a backup: docs/explanation/audit-trail.md.",
        )
    if found.last is None:
        return "The audit trail is empty."
    events = "1 event is" if found.events == 1 else f"All {found.events:,} events are"
    beyond = " The anchor holds." if anchor else ""
    return f"{events} whole.{beyond} Keep this anchor outside of the service:\n{found.last}"


def _follow(events: Iterable[Event], anchor: Anchor | None) -> Anchor | Broken:
    """The last event, if each follows from the one before and is as it was written."""
    last = Anchor(0, BEGINNING)
    for event in events:
        if event.number != last.number + 1:
            gone = _gone(last.number + 1, event.number - 1)
            return Broken(last.number + 1, f"{gone[0].upper()}{gone[1:]}, and event {event.number} is there.")
        if event.computed_hash() != event.hash:
            return Broken(
                event.number, f"Event {event.number} was changed: its contents do not give its hash."
            )
        if event.previous != last.hash:
            return Broken(
                event.number,
                f"Event {event.number} does not follow from event {last.number}: one of the two was written anew.",
            )
        last = Anchor(event.number, event.hash)
        if anchor is not None and anchor.number == last.number and anchor.hash != last.hash:
            return Broken(
                last.number,
                f"Event {last.number} is not the one of your anchor: it, or one before it, was written anew.",
            )
    return last


def _gone(first: int, last: int) -> str:
    return f"event {first} is gone" if first == last else f"events {first} to {last} are gone"
