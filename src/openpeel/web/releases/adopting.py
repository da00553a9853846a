"""Taking into the service a release that was made in the lake without it, such as that of the demonstration."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from openpeel.lake import Lake, open_release
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.releases.actions import keep
from openpeel.web.releases.models import Release


def adopt(*, name: str, ending: date, by: Actor, at: datetime, about: str = "") -> Release:
    """The row of the lake's release of that name, with the job of its figures in the queue; as it is where it is there.

    Raises UseError where the lake has no such release, or `ending` is not the last day of a month.
    """
    Period.year_ending(ending)
    frozen = open_release(Lake.open(settings.LAKE), name)
    kept = Release.objects.filter(name=name, lake_id=frozen.id).first()
    if kept is not None:
        return kept
    return keep(frozen, about=about, ending=ending, collection=None, by=by, at=at)
