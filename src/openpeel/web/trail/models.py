"""The audit trail: what happened, in a table to which rows are only ever added, each chained to the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.db import models

#: The hash before the first event.
BEGINNING = "0" * 64


class Event(models.Model):
    """One thing that somebody did. `hash` covers all the other columns and the hash of the event before.

    The database refuses to change or take away a row (a trigger, made with the table). `about` is the kind and key of
    the thing ('return 6f…'), `force` the code of the force it is about, `before` and `after` say in words what
    changed. No personal column of a record is ever in it; `who` is the name of the person who acted.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=120)
    person = models.UUIDField(null=True, db_index=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=120, db_index=True)
    force = models.CharField(max_length=9, blank=True, db_index=True)
    said = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"event {self.number}"

    def computed_hash(self) -> str:
        """The SHA-256 that `hash` has to be: of the other columns as JSON, in this order, and the previous hash."""
        columns: list[Any] = [
            self.number,
            self.at.isoformat(timespec="microseconds"),
            self.who,
            str(self.person) if self.person else None,
            self.address,
            self.action,
            self.about,
            self.force,
            self.said,
            self.before,
            self.after,
            self.previous,
        ]
        return hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).hexdigest()


class Head(models.Model):
    """The one row that says which event is the last: whoever adds the next one locks it first."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=BEGINNING)

    def __str__(self) -> str:
        return f"head at {self.number}"
