"""Adding to the audit trail."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from openpeel.web.accounts.actor import Actor
from openpeel.web.trail.models import Event, Head


def record(
    *,
    by: Actor,
    at: datetime,
    action: str,
    about: str,
    said: str,
    force: str = "",
    before: str = "",
    after: str = "",
) -> Event:
    """Add an event, in the transaction of the change that it tells of: both happen or neither.

    `action` is a verb with its thing, 'accept return'; `said` a sentence in the past, 'Accepted the return …'.
    """
    with transaction.atomic():
        head, _ = Head.objects.select_for_update().get_or_create(pk=1)
        event = Event(
            number=head.number + 1,
            at=at.astimezone(UTC),
            who=by.name,
            person=by.person.key if by.person is not None else None,
            address=by.address,
            action=action,
            about=about,
            force=force,
            said=said,
            before=before,
            after=after,
            previous=head.hash,
        )
        event.hash = event.computed_hash()
        event.save(force_insert=True)
        head.number, head.hash = event.number, event.hash
        head.save()
    return event
