"""Notices: what a person is told in the service and by e-mail."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from openpeel.web.accounts.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from openpeel.web.accounts.actor import Actor


class NoticeManager(models.Manager["Notice"]):
    """Finds notices."""

    def seen_by(self, actor: Actor) -> QuerySet[Notice]:
        """The own ones: nobody sees another's."""
        return self.none() if actor.person is None else self.filter(person=actor.person)


class Notice(models.Model):
    """One thing that one person is told, with the page it is about. `mailed_at` is when the e-mail was handed over."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    subject = models.CharField(max_length=120)
    said = models.TextField()
    link = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeManager] = NoticeManager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"notice {self.key}"
