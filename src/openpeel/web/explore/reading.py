"""Says in the audit trail that figures were read which are not published."""

from __future__ import annotations

from django.utils import timezone

from openpeel.web.accounts.actor import Actor
from openpeel.web.releases.models import Release
from openpeel.web.trail.record import record

ACTION = "read unpublished figures"


def record_reading(actor: Actor, release: Release, what: str, force: str = "") -> None:
    """Record that somebody read `what` ('the measure …') of a release, once a page; nothing where it is published.

    `force` is the code of the force that the page is about.
    """
    if release.is_published:
        return
    record(
        by=actor,
        at=timezone.now(),
        action=ACTION,
        about=f"release {release.key}",
        said=f"Read {what} in the release '{release.name}', which is not published.",
        force=force,
    )
