"""What analysts, and the day, do to collections: the only code that writes them.

Each action is one transaction with its event in the audit trail. Where somebody was first it raises NotNow and nothing
is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from openpeel.errors import UseError
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.models import Asked, Collection, Reminder
from openpeel.web.collections.policies import Plan, Wanted, faults, faults_of_more, forces_said, hold_to
from openpeel.web.collections.standing import standings
from openpeel.web.collections.states import CLOSED, COLLECTION, OPEN, PLANNED
from openpeel.web.look.jinja import day, moment
from openpeel.web.notices.telling import people_of, tell
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event
from openpeel.web.trail.record import record


def plan(*, plan: Plan, copied_from: Collection | None = None, by: Actor, at: datetime) -> Collection:
    """Plan a new collection. Raises UseError where the plan cannot be, NotNow where its name was just taken."""
    if by.person is None:
        raise UseError("expected a person who plans the collection, got a job of the service")
    hold_to(faults(plan, today=_day_of(at)))
    with _name_taken(), transaction.atomic():
        made = Collection.objects.create(
            name=plan.name,
            about=plan.about,
            opens_on=plan.opens_on,
            closes_on=plan.closes_on,
            copied_from=copied_from,
            planned_by=by.person,
            planned_at=at,
        )
        _ask(made, plan.wanted, plan.forces)
        copy = f", as a copy of {copied_from.name}" if copied_from is not None else ""
        record(
            by=by,
            at=at,
            action="plan collection",
            about=about(made),
            said=f"Planned the collection {made.name}{copy}.",
            after=plan.said,
        )
    return made


def change(*, collection: Collection, plan: Plan, version: int, by: Actor, at: datetime) -> None:
    """Change a collection that is planned; `version` is the one that was looked at."""
    hold_to(faults(plan, today=_day_of(at), besides=collection))
    with _name_taken(), transaction.atomic():
        changed = Collection.objects.filter(pk=collection.pk, state=PLANNED, version=version).update(
            name=plan.name,
            about=plan.about,
            opens_on=plan.opens_on,
            closes_on=plan.closes_on,
            version=version + 1,
        )
        if not changed:
            raise _somebody_was_first(collection)
        before = Plan.of(collection)
        collection.asked.all().delete()  # nothing is handed in before a collection opens
        _ask(collection, plan.wanted, plan.forces)
        record(
            by=by,
            at=at,
            action="change collection",
            about=about(collection),
            said=f"Changed the plan of the collection {plan.name}.",
            before=before.said,
            after=plan.said,
        )


def add(
    *,
    collection: Collection,
    wanted: Sequence[Wanted] = (),
    more_forces: Sequence[str] = (),
    closes_on: date,
    reason: str,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Ask for more in a collection that is open, or move its closing day. What is asked already stays asked."""
    hold_to(faults_of_more(collection, wanted, more_forces, closes_on, today=_day_of(at)))
    if not reason.strip():
        raise UseError("expected a reason for changing a collection that is open, got none")
    with transaction.atomic():
        changed = Collection.objects.filter(pk=collection.pk, state=OPEN, version=version).update(
            closes_on=closes_on, version=version + 1
        )
        if not changed:
            raise _somebody_was_first(collection)
        before = Plan.of(collection)
        everybody = sorted({*before.forces, *more_forces})
        _ask(collection, before.wanted, more_forces)
        _ask(collection, wanted, everybody)
        after = replace(
            before, wanted=(*before.wanted, *wanted), forces=tuple(everybody), closes_on=closes_on
        )
        record(
            by=by,
            at=at,
            action="add to collection",
            about=about(collection),
            said=f"Changed the open collection {collection.name}. Reason: {reason.strip()}",
            before=before.said,
            after=after.said,
        )
        everybody_is_told = bool(wanted) or closes_on != collection.closes_on
        tell(
            people=people_of(Permission.SEE_OWN_RETURNS, everybody if everybody_is_told else more_forces),
            subject=f"Changed: {collection.name}",
            said=f"What the collection {collection.name} asks of your force, or by when, has changed. "
            f"It closes on {day(closes_on)}.",
            link=reverse("collections:index"),
            at=at,
        )


def open_collection(*, collection: Collection, version: int, by: Actor, at: datetime) -> None:
    """Open a planned collection: forces see it, are told, and can hand in."""
    if collection.closes_on < _day_of(at):
        raise UseError(
            f"expected a collection that closes today or later, but {collection.name} was to close on "
            f"{day(collection.closes_on)}",
            advice="Change its days first.",
        )
    with transaction.atomic():
        opened = Collection.objects.filter(
            pk=collection.pk, state__in=COLLECTION.states_with("open"), version=version
        ).update(state=OPEN, version=version + 1)
        if not opened:
            raise _somebody_was_first(collection)
        codes = _forces_of(collection)
        record(
            by=by,
            at=at,
            action="open collection",
            about=about(collection),
            said=f"Opened the collection {collection.name} to {len(codes)} forces.",
            before=COLLECTION.said[PLANNED],
            after=COLLECTION.said[OPEN],
        )
        tell(
            people=people_of(Permission.SEE_OWN_RETURNS, codes),
            subject=f"Open: {collection.name}",
            said=f"The collection {collection.name} is open and asks for returns of your force. "
            f"It closes on {day(collection.closes_on)}.",
            link=reverse("collections:index"),
            at=at,
        )


def close_collection(*, collection: Collection, version: int, by: Actor, at: datetime) -> None:
    """Close a collection. Forces are told where a person closes it; the day closes it as they were told."""
    with transaction.atomic():
        closed = Collection.objects.filter(
            pk=collection.pk, state__in=COLLECTION.states_with("close"), version=version
        ).update(state=CLOSED, version=version + 1)
        if not closed:
            raise _somebody_was_first(collection)
        record(
            by=by,
            at=at,
            action="close collection",
            about=about(collection),
            said=f"Closed the collection {collection.name}.",
            before=COLLECTION.said[OPEN],
            after=COLLECTION.said[CLOSED],
        )
        if by.person is not None:
            tell(
                people=people_of(Permission.SEE_OWN_RETURNS, _forces_of(collection)),
                subject=f"Closed: {collection.name}",
                said=f"The collection {collection.name} is closed. Nothing more can be handed in for it, "
                "unless the inspectorate opens it again.",
                link=reverse("collections:index"),
                at=at,
            )


def open_again(
    *, collection: Collection, closes_on: date, reason: str, version: int, by: Actor, at: datetime
) -> None:
    """Open a closed collection again, up to a new closing day. What was due by now stays due then, and comes late."""
    today = _day_of(at)
    if closes_on < today:
        raise UseError(f"expected a closing day that is today or later, got {day(closes_on)}")
    if not reason.strip():
        raise UseError("expected a reason for opening a collection again, got none")
    with transaction.atomic():
        opened = Collection.objects.filter(
            pk=collection.pk, state__in=COLLECTION.states_with("open again"), version=version
        ).update(
            state=OPEN,
            closes_on=closes_on,
            was_due_on=collection.due_on if collection.due_on < today else None,
            version=version + 1,
        )
        if not opened:
            raise _somebody_was_first(collection)
        record(
            by=by,
            at=at,
            action="open collection again",
            about=about(collection),
            said=f"Opened the collection {collection.name} again until {day(closes_on)}. Reason: {reason.strip()}",
            before=f"{COLLECTION.said[CLOSED]}; it was to close on {day(collection.closes_on)}",
            after=f"{COLLECTION.said[OPEN]}; it closes on {day(closes_on)}",
        )
        tell(
            people=people_of(Permission.SEE_OWN_RETURNS, _forces_of(collection)),
            subject=f"Open again: {collection.name}",
            said=f"The collection {collection.name} is open again. It closes on {day(closes_on)}.",
            link=reverse("collections:index"),
            at=at,
        )


def remind(*, collection: Collection, kind: str, by: Actor, at: datetime) -> int:
    """Remind the forces that owe something, each once for a closing day. Returns how many were reminded now."""
    with transaction.atomic():
        # Whoever else reminds at this moment waits here, and then finds that it was done.
        locked = Collection.objects.select_for_update().get(pk=collection.pk)
        told = locked.reminders.filter(kind=kind, day=locked.closes_on).values_list("force", flat=True)
        cells = standings(Asked.objects.filter(collection=locked), today=_day_of(at))
        codes = sorted({cell.force for cell, found in cells if found.owed} - set(told))
        if not codes:
            return 0
        Reminder.objects.bulk_create(
            Reminder(collection=locked, force=code, kind=kind, day=locked.closes_on, sent_at=at)
            for code in codes
        )
        overdue = kind == "overdue"
        record(
            by=by,
            at=at,
            action="remind forces",
            about=about(locked),
            said=f"Reminded {len(codes)} forces of what they owe to the collection {locked.name}.",
            after=f"{dict(Reminder.KINDS)[kind]}: {forces_said(codes)}",
        )
        tell(
            people=people_of(Permission.SEE_OWN_RETURNS, codes),
            subject=f"{'Overdue' if overdue else 'Reminder'}: {locked.name}",
            said=(
                f"The collection {locked.name} closed on {day(locked.closes_on)}, and your force still has "
                "something to do for it. Please tell the inspectorate when it will be done."
                if overdue
                else f"The collection {locked.name} closes on {day(locked.closes_on)}, and your force still has "
                "something to do for it."
            ),
            link=reverse("collections:index"),
            at=at,
        )
    return len(codes)


def about(collection: Collection) -> str:
    """What the audit trail calls a collection."""
    return f"collection {collection.key}"


def _ask(collection: Collection, wanted: Iterable[Wanted], codes: Sequence[str]) -> None:
    Asked.objects.bulk_create(
        Asked(collection=collection, standard=w.standard, force=code, start=w.period.start, end=w.period.end)
        for w in wanted
        for code in codes
    )


def _forces_of(collection: Collection) -> list[str]:
    return sorted(set(collection.asked.values_list("force", flat=True)))


def _day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def _somebody_was_first(collection: Collection) -> NotNow:
    """Says what the collection is now, and what was done to it last, by whom and when."""
    now = Collection.objects.get(pk=collection.pk)
    last = Event.objects.filter(about=about(collection)).first()
    done = f" {last.said} That was {last.who}, on {moment(last.at)}." if last is not None else ""
    return NotNow(
        f"Nothing was changed: the collection is not as you saw it. It is now {now.get_state_display().lower()}.{done}",
        advice="Look at it again before you change it.",
    )


@contextmanager
def _name_taken() -> Iterator[None]:
    """Turns the database's refusal of a second collection of a name into words."""
    try:
        yield
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        raise NotNow(
            "a collection of that name was planned a moment ago", advice="Enter another name."
        ) from None
