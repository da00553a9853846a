"""Telling people something, in the service and by e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission, Role
from openpeel.web.notices.models import Notice


def tell(*, people: Iterable[Person], subject: str, said: str, link: str, at: datetime) -> None:
    """Tell people something in the transaction of what they are told; the e-mail follows.

    `link` is the path of a page, '/returns/…'. No figure and nothing about a record is put in an e-mail: `said` tells
    what there is to do, and the page says the rest to whoever signs in.
    """
    Notice.objects.bulk_create(
        Notice(person=person, subject=subject, said=said, link=link, at=at) for person in people
    )


def people_who_may(permission: Permission, force: str = "") -> list[Person]:
    """Everybody who holds a role with that permission; those of one force where its code is given."""
    roles = [role.value for role in Role if permission in role.permissions]
    found = Person.objects.filter(is_active=True, held__role__in=roles).distinct()
    return list(found.filter(organisation__force=force) if force else found)
