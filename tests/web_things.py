"""What Hertfordshire was asked for, handed in and is figured with: things for the walk over all pages. All is invented.

Each text that somebody wrote carries a mark that says whose eyes it is for: see `MARKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission, Role
from openpeel.web.collections import states as collection_states
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.notices.models import Notice
from openpeel.web.releases import states as release_states
from openpeel.web.releases.models import Alert, Release
from openpeel.web.returns import states as return_states
from openpeel.web.returns.models import HandedInFile, Query, Response, Return
from openpeel.web.trail.models import Event
from openpeel.web.trail.record import record
from web_people import HERTFORDSHIRE, MakePerson

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
STANDARD = "stop_and_search"

Sees = Callable[[Actor], bool]


def _sees_returns(actor: Actor) -> bool:
    own = actor.force == HERTFORDSHIRE and actor.may(Permission.SEE_OWN_RETURNS)
    return own or actor.may(Permission.SEE_ALL_RETURNS)


def _knows_people(actor: Actor) -> bool:
    manages = any(actor.may(p) for p in (Permission.MANAGE_PEOPLE, Permission.READ_TRAIL))
    return manages or actor.force == HERTFORDSHIRE or actor.may(Permission.SEE_ALL_RETURNS)


#: What stands in the texts, and who may meet it on any page at all.
MARKS: dict[str, Sees] = {
    "Zebra-Herts-Return": _sees_returns,
    "Zebra-Herts-Person": _knows_people,
    "Zebra-Herts-Alert": lambda actor: actor.may(Permission.SEE_ALERTS),
    "Zebra-Plan": lambda actor: actor.may(Permission.SEE_ALL_RETURNS),
    "Zebra-Trail": lambda actor: actor.may(Permission.READ_TRAIL),
    "zebra-frozen": lambda actor: actor.may(Permission.SEE_ALL_FIGURES),
    "zebra-shared": lambda actor: (
        actor.may(Permission.SEE_ALL_FIGURES) or actor.may(Permission.SEE_SHARED_FIGURES)
    ),
}


@dataclass(frozen=True)
class Things:
    """One of each, Hertfordshire's where it is a force's."""

    contributor: Person
    planned: Collection
    opened: Collection
    asked: Asked
    handed_in: Return
    file: HandedInFile
    query: Query
    frozen: Release
    shared: Release
    published: Release
    alert: Alert
    event: Event


def make_things(person: MakePerson) -> Things:
    """All of them, by people of their own."""
    contributor = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="Zebra-Herts-Person One")
    analyst = person(Role.ANALYST, name="An Analyst")
    planned = collection(analyst, "Zebra-Plan", state=collection_states.PLANNED)
    opened = collection(analyst, "Spring 2026")
    asked_for = asked(opened)
    asked(planned)
    handed = handed_in(asked_for, contributor)
    file = handed_in_file(handed)
    query = query_on(handed, contributor)
    releases = {
        state: release(analyst, name, state)
        for state, name in [
            (release_states.FROZEN, "zebra-frozen"),
            (release_states.SHARED, "zebra-shared"),
            (release_states.PUBLISHED, "spring-2026"),
        ]
    }
    alert = Alert.objects.create(
        release=releases[release_states.FROZEN],
        force=HERTFORDSHIRE,
        measure="stop_and_search.find_rate",
        kind="outlier",
        figure="x",
        said="Zebra-Herts-Alert: unlike other forces.",
    )
    Notice.objects.create(person=contributor, at=AT, subject="Zebra-Herts-Return", said="Look.", link="/")
    event = record(
        by=Actor(contributor),
        at=AT,
        action="hand in return",
        about=f"return {handed.key}",
        force=HERTFORDSHIRE,
        said="Zebra-Trail: handed in a return.",
    )
    return Things(
        contributor,
        planned,
        opened,
        asked_for,
        handed,
        file,
        query,
        *releases.values(),
        alert,
        event,
    )


def collection(by: Person, name: str, state: str = collection_states.OPEN) -> Collection:
    """A round from April to July 2026."""
    return Collection.objects.create(
        name=name,
        about=f"About {name}.",
        opens_on=date(2026, 4, 1),
        closes_on=date(2026, 7, 31),
        state=state,
        planned_by=by,
        planned_at=AT,
    )


def asked(of: Collection, force: str = HERTFORDSHIRE, standard: str = STANDARD) -> Asked:
    """The year ending 31 March 2026, asked of a force."""
    return Asked.objects.create(
        collection=of, standard=standard, force=force, start=date(2025, 4, 1), end=date(2026, 3, 31)
    )


def handed_in(
    of: Asked,
    by: Person,
    number: int = 1,
    state: str = return_states.CHECKED,
    mark: str = "Zebra-Herts-Return",
) -> Return:
    """A return that was checked."""
    return Return.objects.create(
        asked=of,
        number=number,
        state=state,
        handed_in_by=by,
        handed_in_at=AT,
        remark=f"{mark} remark",
        progress=100,
        checked_at=AT,
    )


def handed_in_file(of: Return, mark: str = "Zebra-Herts-Return") -> HandedInFile:
    """A small CSV, in the folder of what was handed in."""
    text = f"note\n{mark} file\n".encode()
    stored = f"{of.key}/0"
    kept = Path(settings.MEDIA_ROOT) / stored
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(text)
    return HandedInFile.objects.create(
        handed_in=of, place=0, name=f"{mark}.csv", sha256="0" * 64, bytes=len(text), stored=stored
    )


def query_on(of: Return, by: Person, mark: str = "Zebra-Herts-Return") -> Query:
    """A soft query that the force has answered."""
    made = Query.objects.create(
        of=of,
        check_name="same_row_twice",
        rows=3,
        message=f"{mark} query",
        state=return_states.ANSWERED,
    )
    Response.objects.create(query=made, kind="explain", text=f"{mark} answer", by=by, at=AT)
    return made


def release(by: Person, name: str, state: str) -> Release:
    """A release whose figures are worked out: none."""
    return Release.objects.create(
        name=name,
        about=f"About {name}.",
        ending=date(2026, 3, 31),
        state=state,
        frozen_by=by,
        frozen_at=AT,
        shared_at=None if state == release_states.FROZEN else AT,
        published_at=timezone.now() if state == release_states.PUBLISHED else None,
        figures_at=AT,
        progress=100,
    )
