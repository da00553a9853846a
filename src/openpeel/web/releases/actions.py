"""What changes a release: freezing, sharing, publishing, and having its figures worked out again."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from openpeel.errors import UseError
from openpeel.lake import Lake, create_release
from openpeel.lake import Release as LakeRelease
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.models import Collection
from openpeel.web.jobs.queue import enqueue
from openpeel.web.notices.telling import people_who_may, tell
from openpeel.web.releases.models import Release
from openpeel.web.releases.policies import cannot_because
from openpeel.web.releases.states import PUBLISHED, RELEASE, SHARED
from openpeel.web.releases.working_out import work_out
from openpeel.web.states import NotNow
from openpeel.web.trail.record import record


def freeze(
    *,
    name: str,
    about: str,
    ending: date,
    collection: Collection | None,
    by: Actor,
    at: datetime,
) -> Release:
    """Freeze what the lake holds under a name, and have its figures for the year worked out.

    The lake's release is made first: where the row cannot be written after it, freezing again finds it, and takes it
    if the lake holds the same still. Raises UseError where there is nothing to freeze, the name is in use with other
    content or the last day is not that of a month, and NotNow where there is a release of that name.
    """
    Period.year_ending(ending)
    if Release.objects.filter(name=name).exists():
        raise NotNow(f"there is a release '{name}' already", advice="Choose another name.")
    frozen, _ = create_release(Lake.open(settings.LAKE), name, at=at)
    return keep(frozen, about=about, ending=ending, collection=collection, by=by, at=at)


def keep(
    frozen: LakeRelease,
    *,
    about: str,
    ending: date,
    collection: Collection | None,
    by: Actor,
    at: datetime,
) -> Release:
    """Keep the row of a release of the lake. Raises NotNow where there is one of its name."""
    with transaction.atomic():
        release, new = Release.objects.get_or_create(
            name=frozen.name,
            defaults={
                "about": about,
                "collection": collection,
                "lake_id": frozen.id,
                "ending": ending,
                "invented": any(r.invented for r in frozen.returns),
                "frozen_by": _person(by),
                "frozen_at": at,
            },
        )
        if not new:
            raise NotNow(f"there is a release '{frozen.name}' already", advice="Choose another name.")
        enqueue(work_out, str(release.key))
        record(
            by=by,
            at=at,
            action="freeze release",
            about=f"release {release.key}",
            said=f"Froze {len(frozen.returns):,} returns as the release '{release.name}', for "
            f"{Period.year_ending(ending).label}.",
            after=frozen.id,
        )
    return release


def work_out_again(*, release: Release, by: Actor, at: datetime) -> None:
    """Have figures worked out that could not be before. Raises NotNow where they are there or in the making."""
    with transaction.atomic():
        mine = (
            Release.objects.filter(pk=release.pk, figures_at=None)
            .exclude(figures_failed="")
            .update(figures_failed="", progress=0)
        )
        if not mine:
            raise NotNow("its figures are there already, or are being worked out")
        enqueue(work_out, str(release.key))
        record(
            by=by,
            at=at,
            action="work out figures again",
            about=f"release {release.key}",
            said=f"Had the figures of the release '{release.name}' worked out again.",
            before=release.figures_failed,
        )


def share(*, release: Release, by: Actor, at: datetime) -> None:
    """Let every force's approvers see the figures, and tell them. Raises NotNow where it has none, or is shared."""
    with transaction.atomic():
        _move(release, "share", to=SHARED, by=by, at=at)
        tell(
            people=people_who_may(Permission.SEE_SHARED_FIGURES),
            subject=f"Look at your figures before they are published: {release.name}",
            said=f"The figures for {Period.year_ending(release.ending).label} are shared with forces before they are "
            "published. Look at your force's figures and at what changed. If any is wrong, tell us by replying to this "
            "message, and say which and why.",
            link=reverse("releases:show", args=[release.name]),
            at=at,
        )


def publish(*, release: Release, by: Actor, at: datetime) -> None:
    """Let everybody see the figures. Raises NotNow where it is not shared, or is published."""
    with transaction.atomic():
        _move(release, "publish", to=PUBLISHED, by=by, at=at)
        tell(
            people=people_who_may(Permission.SEE_SHARED_FIGURES),
            subject=f"Figures are published: {release.name}",
            said=f"The figures for {Period.year_ending(release.ending).label} that were shared with you are published.",
            link=reverse("releases:show", args=[release.name]),
            at=at,
        )


def _move(release: Release, name: str, *, to: str, by: Actor, at: datetime) -> None:
    """Make a move and record it, where nobody made it before."""
    before = RELEASE.said[release.state]
    mine = Release.objects.filter(
        pk=release.pk, state__in=RELEASE.states_with(name), figures_at__isnull=False
    ).update(**{"state": to, f"{to}_by": _person(by), f"{to}_at": at})
    if not mine:
        now = Release.objects.select_related("shared_by", "published_by").get(pk=release.pk)
        raise NotNow(f"the release '{release.name}' cannot be {to} now", advice=cannot_because(now, name))
    release.refresh_from_db()
    record(
        by=by,
        at=at,
        action=f"{name} release",
        about=f"release {release.key}",
        said=f"{RELEASE.said[to]}: the release '{release.name}'.",
        before=before,
        after=RELEASE.said[to],
    )


def _person(by: Actor) -> Person:
    if by.person is None:
        raise UseError("expected a person who freezes, shares or publishes a release, got none")
    return by.person
