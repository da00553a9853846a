"""Collections: what is asked of which forces, for which period, by when."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Period
from openpeel.standards import Standard, load_standard
from openpeel.web.accounts.models import Person
from openpeel.web.collections.states import COLLECTION

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from openpeel.web.accounts.actor import Actor


class Collection(models.Model):
    """A round of returns, twice a year. Forces see it from the day it is opened.

    It is open up to and including `closes_on`. One that is opened again after that day keeps the day as `was_due_on`,
    so that what comes now is late. `version` goes up with each change: whoever changes an older one is told.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100, unique=True)
    about = models.TextField(blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    was_due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=COLLECTION.choices, default=COLLECTION.first)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-opens_on", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def due_on(self) -> date:
        """The last day on which a return is in time."""
        return self.was_due_on or self.closes_on


class AskedManager(models.Manager["Asked"]):
    """Finds what is asked of forces."""

    def seen_by(self, actor: Actor) -> QuerySet[Asked]:
        """What somebody may see: of all forces, of the own force once the collection is open, or nothing."""
        from openpeel.web.accounts.permissions import Permission

        if actor.may(Permission.SEE_ALL_RETURNS):
            return self.all()
        if actor.force and actor.may(Permission.SEE_OWN_RETURNS):
            return self.filter(force=actor.force).exclude(collection__state=COLLECTION.first)
        return self.none()


class Asked(models.Model):
    """One return that is asked of one force: a cell of the matrix of completeness.

    `standard` is the id of a standard, `force` the code of a force, from `start` to `end` the days of the period.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="asked")
    standard = models.CharField(max_length=50)
    force = models.CharField(max_length=9)
    start = models.DateField()
    end = models.DateField()

    objects: ClassVar[AskedManager] = AskedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "standard", "force"], name="asked_once_of_a_force"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="a_period_begins_before_it_ends"
            ),
        ]
        ordering: ClassVar = ["standard", "force"]

    def __str__(self) -> str:
        return f"{self.known_standard.title}, {self.known_force.name}, {self.period.label}"

    @property
    def known_standard(self) -> Standard:
        """The standard that is asked for."""
        return load_standard(self.standard)

    @property
    def known_force(self) -> Force:
        """The force that is asked."""
        return find_force(self.force)

    @property
    def period(self) -> Period:
        """The days that are asked about."""
        return Period(self.start, self.end)


class Reminder(models.Model):
    """That a force was reminded of what it owes, so that it is told once: of a collection's day, by the kind."""

    KINDS: ClassVar = [
        ("week", "a week before"),
        ("day", "the day before"),
        ("overdue", "the day after"),
    ]

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="reminders")
    force = models.CharField(max_length=9)
    kind = models.CharField(max_length=10, choices=KINDS)
    day = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "force", "kind", "day"], name="a_force_is_reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reminder of {self.collection} to {self.force}"
