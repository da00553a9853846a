"""Returns as forces hand them in: their files, what was found in them, what was asked and answered.

Nothing is ever overwritten: a later return is a row of its own, and the earlier one keeps its files.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from openpeel.web.accounts.models import Person
from openpeel.web.collections.models import Asked
from openpeel.web.returns.states import QUERY, RETURN

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from openpeel.web.accounts.actor import Actor


class ReturnManager(models.Manager["Return"]):
    """Finds returns."""

    def seen_by(self, actor: Actor) -> QuerySet[Return]:
        """The returns that somebody may see."""
        return self.filter(asked__in=Asked.objects.seen_by(actor))


class Return(models.Model):
    """One return of one force, the `number`th that it handed in for what was asked.

    `progress` is from 0 to 100 while it is checked. `refused_because` says why it could not be read, one reason a
    line; `passed_over` names what in its files was no part of it, with the reason. `found` is what
    the lake knows of it once it was checked, as `openpeel.lake.Return.as_json` has it, and `lake_id` the return's id
    there: it is in the lake once it is accepted and `in_lake_at` is set; `not_in_lake_because` says what stood in the
    way. `difference` says what it changes beside what the lake held when it was checked (`difference.py`).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="returns")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=RETURN.choices, default=RETURN.first)
    handed_in_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    remark = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    passed_over = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    refused_because = models.TextField(blank=True)
    lake_id = models.CharField(max_length=16, blank=True)
    found = models.JSONField(null=True)
    difference = models.JSONField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sent_back_because = models.TextField(blank=True)
    in_lake_at = models.DateTimeField(null=True)
    not_in_lake_because = models.TextField(blank=True)

    objects: ClassVar[ReturnManager] = ReturnManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "number"], name="returns_are_numbered"),
        ]
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.asked}, return {self.number}"

    @property
    def link(self) -> str:
        """The path of its page."""
        return reverse("returns:show", args=[self.key])

    @property
    def is_late(self) -> bool:
        """Whether it was handed in after the last day of its collection."""
        return timezone.localtime(self.handed_in_at).date() > self.asked.collection.closes_on

    @property
    def rejected_rows(self) -> int:
        """How many of its rows were rejected; 0 before it was checked."""
        return int(self.found["rejected"]) if self.found else 0


class HandedInFile(models.Model):
    """A file of a return, kept byte for byte under `stored`; never served from that folder.

    `name` is what the person called it, and no path; `stored` is a name of our own in MEDIA_ROOT.
    """

    handed_in = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    stored = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handed_in", "place"], name="files_are_numbered")
        ]

    def __str__(self) -> str:
        return self.name


class Query(models.Model):
    """What a check found in a return and asks the force about.

    A `hard` one is about rows that were rejected: only a correction (a new return) or a waiver takes it away.
    `check_name` is that of the check, 'rejected_rows' for a hard one.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="queries")
    check_name = models.CharField(max_length=50)
    hard = models.BooleanField(default=False)
    rows = models.PositiveIntegerField()
    message = models.TextField()
    state = models.CharField(max_length=20, choices=QUERY.choices, default=QUERY.first)

    class Meta:
        ordering: ClassVar = ["-hard", "pk"]

    def __str__(self) -> str:
        return f"query on {self.of}: {self.check_name}"

    @property
    def link(self) -> str:
        """The path of its page."""
        return reverse("returns:query", args=[self.key])

    @property
    def title(self) -> str:
        """What it is about, in words: 'Rejected rows'."""
        return self.check_name.replace("_", " ").capitalize()


class Response(models.Model):
    """One turn of the talk about a query: the force's answer, or what the analyst says to it."""

    KINDS: ClassVar = [
        ("explain", "The data are right, and this is why"),
        ("correct", "We will hand in a correction"),
        ("ask for a waiver", "It cannot be put right; please waive it"),
        ("ask again", "Asked again"),
        ("settle", "Settled"),
        ("waive", "Waived"),
    ]

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=20, choices=KINDS)
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.query}"
