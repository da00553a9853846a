"""Releases and their figures, worked out once when a release is frozen and read from here by every page."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from openpeel.web.accounts.models import Person
from openpeel.web.collections.models import Collection
from openpeel.web.releases.states import FROZEN, PUBLISHED, RELEASE, SHARED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from openpeel.web.accounts.actor import Actor


class ReleaseManager(models.Manager["Release"]):
    """Finds releases."""

    def seen_by(self, actor: Actor) -> QuerySet[Release]:
        """Releases whose figures somebody may see: published ones, shared ones too, or all."""
        from openpeel.web.accounts.permissions import Permission

        if actor.may(Permission.SEE_ALL_FIGURES):
            return self.all()
        states = [PUBLISHED, SHARED] if actor.may(Permission.SEE_SHARED_FIGURES) else [PUBLISHED]
        return self.filter(state__in=states, figures_at__isnull=False)


class Release(models.Model):
    """A frozen set of accepted returns, of the same name in the lake.

    `ending` is the last day of the year that its figures are about. `figures_at` is when its figures were worked out;
    `figures_failed` says why they could not be.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.SlugField(max_length=64, unique=True)
    about = models.TextField(blank=True)
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.PROTECT, related_name="releases"
    )
    lake_id = models.CharField(max_length=16, blank=True)
    ending = models.DateField()
    invented = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=RELEASE.choices, default=FROZEN)
    frozen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    figures_at = models.DateTimeField(null=True)
    figures_failed = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ReleaseManager] = ReleaseManager()

    class Meta:
        ordering: ClassVar = ["-frozen_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        """Whether anybody may see its figures."""
        return self.state == PUBLISHED


class FigureTable(models.Model):
    """One measure, or one group of it, for all forces: `figures` are `Figure.as_json()`, in the order of the forces.

    `group` is blank for a measure as a whole; `place` is the group's place in the measure.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figure_tables")
    measure = models.CharField(max_length=100)
    group = models.CharField(max_length=100, blank=True)
    place = models.PositiveSmallIntegerField()
    figures = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "measure", "group"], name="one_table_of_a_group"),
        ]
        ordering: ClassVar = ["measure", "place"]

    def __str__(self) -> str:
        return f"{self.measure} {self.group} in {self.release}"


class ForceTable(models.Model):
    """All figures of one force in a release: `figures` are `Figure.as_json()` in the order of measures."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="force_tables")
    force = models.CharField(max_length=9)
    figures = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "force"], name="one_table_of_a_force"),
        ]

    def __str__(self) -> str:
        return f"{self.force} in {self.release}"


class TrendTable(models.Model):
    """A measure of one force month by month: `trend` is `Trend.as_json()`, with its change on the year before."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="trend_tables")
    measure = models.CharField(max_length=100)
    force = models.CharField(max_length=9)
    trend = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "measure", "force"], name="one_trend_of_a_force"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.force} in {self.release}"


class Alert(models.Model):
    """Something that an inspector should look into, about one force in one release.

    `kind` is one of KINDS, `said` a sentence without a name of a person, `figure` the id of the figure it rests on.
    """

    KINDS: ClassVar = [
        ("limit", "Past its limit"),
        ("outlier", "Unlike other forces"),
        ("fall", "Worse than the force's own past"),
        ("month", "A month out of the ordinary"),
        ("changed", "Later data changed a figure"),
    ]

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="alerts")
    force = models.CharField(max_length=9)
    measure = models.CharField(max_length=100)
    group = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    figure = models.CharField(max_length=200)
    said = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "force", "measure", "group", "kind"], name="an_alert_is_raised_once"
            ),
        ]
        ordering: ClassVar = ["force", "kind", "measure", "group"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.measure} of {self.force}"
