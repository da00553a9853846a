"""Releases and their figures, worked out once when a release is frozen and read from here by every page."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from openpeel.web.accounts.models import Person
from openpeel.web.collections.models import Collection
from openpeel.web.releases.packed import PackedJSONField
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

    `ending` is the last day of the year that its figures are about. `figures_at` is when its figures were worked out,
    and `code_version` by which version of openpeel; `figures_failed` says why they could not be. `progress` is from 0
    to 100 while they are.
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
    shared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    figures_at = models.DateTimeField(null=True)
    code_version = models.CharField(max_length=40, blank=True)
    figures_failed = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ReleaseManager] = ReleaseManager()

    class Meta:
        ordering: ClassVar = ["-frozen_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(shared_by=None, shared_at=None)
                | models.Q(shared_by__isnull=False, shared_at__isnull=False),
                name="shared_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by=None, published_at=None)
                | models.Q(published_by__isnull=False, published_at__isnull=False),
                name="published_by_somebody_at_some_time",
            ),
            # What is shared or published has figures: nobody is told to look at what is not there.
            models.CheckConstraint(
                condition=models.Q(state=FROZEN) | models.Q(figures_at__isnull=False),
                name="figures_before_they_are_shared",
            ),
        ]

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
    figures = PackedJSONField()

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
    figures = PackedJSONField()

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
    trend = PackedJSONField()

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
