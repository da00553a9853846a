"""Telling people something, in the service and by e-mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission, Role
from openpeel.web.jobs.queue import enqueue
from openpeel.web.notices.mailing import mail_notice
from openpeel.web.notices.models import Notice

_SUBJECT_LENGTH = 120


def tell(*, people: Iterable[Person], subject: str, said: str, link: str, at: datetime) -> None:
    """Tell people something in the transaction of what they are told; the e-mail follows.

    `link` is the path of a page, '/returns/…'. No figure and nothing about a record is put in an e-mail: `said` tells
    what there is to do, and the page says the rest to whoever signs in.
    """
    line = " ".join(subject.split())[
        :_SUBJECT_LENGTH
    ]  # a line break would begin another header of the e-mail
    notices = [Notice(person=person, subject=line, said=said, link=link, at=at) for person in people]
    Notice.objects.bulk_create(notices)
    for notice in notices:
        enqueue(mail_notice, str(notice.key))


def people_who_may(permission: Permission, force: str = "") -> list[Person]:
    """Everybody who holds a role with that permission; those of one force where its code is given."""
    found = _holding(permission)
    return list(found.filter(organisation__force=force) if force else found)


def people_of(permission: Permission, forces: Collection[str]) -> list[Person]:
    """Everybody of these forces (their codes) who holds a role with that permission."""
    return list(_holding(permission).filter(organisation__force__in=forces))


def _holding(permission: Permission) -> QuerySet[Person]:
    roles = [role.value for role in Role if permission in role.permissions]
    return Person.objects.filter(is_active=True, held__role__in=roles).distinct()
