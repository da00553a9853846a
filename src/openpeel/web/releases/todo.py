"""What there is to do about releases."""

from __future__ import annotations

from django.urls import reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Permission
from openpeel.web.look.todo import Item, todo
from openpeel.web.releases.models import Release
from openpeel.web.releases.states import FROZEN, SHARED


@todo
def to_share(actor: Actor) -> list[Item]:
    """Frozen releases whose figures are there, or could not be worked out."""
    if not actor.may(Permission.MAKE_RELEASES):
        return []
    frozen = Release.objects.filter(state=FROZEN)
    failed = [
        Item(f"See why the figures of {release.name} could not be worked out", _page(release))
        for release in frozen.exclude(figures_failed="")
    ]
    ready = frozen.filter(figures_at__isnull=False)
    return [*failed, *(Item(f"Share {release.name} with forces", _page(release)) for release in ready)]


@todo
def to_publish(actor: Actor) -> list[Item]:
    """Releases that forces have seen."""
    if not actor.may(Permission.PUBLISH_RELEASES):
        return []
    return [
        Item(f"Publish {release.name}", _page(release)) for release in Release.objects.filter(state=SHARED)
    ]


@todo
def to_look_at(actor: Actor) -> list[Item]:
    """Releases that are shared with the force's approvers."""
    if not actor.may(Permission.SEE_SHARED_FIGURES, actor.force):
        return []
    return [
        Item(f"Look at the figures of {release.name} before they are published", _page(release))
        for release in Release.objects.seen_by(actor).filter(state=SHARED)
    ]


def _page(release: Release) -> str:
    return reverse("releases:show", args=[release.name])
