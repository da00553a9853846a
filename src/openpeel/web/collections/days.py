"""What the days do to collections: they open and close by themselves, and forces are reminded of what they owe."""

from __future__ import annotations

import logging
from datetime import date, datetime

from openpeel.web.accounts.actor import Actor
from openpeel.web.collections.actions import close_collection, open_collection, remind
from openpeel.web.collections.models import Collection
from openpeel.web.collections.states import CLOSED, OPEN, PLANNED
from openpeel.web.states import NotNow

_LOG = logging.getLogger(__name__)
_THE_DAY = Actor(job="turn of the day")


def turn_of_day(today: date, at: datetime) -> None:
    """Open and close the collections whose day it is, and remind forces. Doing it again on the same day does nothing.

    A day on which the service did not run is made up for, and a reminder for which it is too late is left out. A
    planned collection whose closing day has passed is left alone: an analyst moves its days.
    """
    for collection in Collection.objects.filter(state=PLANNED, opens_on__lte=today, closes_on__gte=today):
        try:
            open_collection(collection=collection, version=collection.version, by=_THE_DAY, at=at)
        except NotNow:
            _LOG.info("an analyst was first: %s", collection.key)
    for collection in Collection.objects.filter(state=OPEN, closes_on__lt=today):
        try:
            close_collection(collection=collection, version=collection.version, by=_THE_DAY, at=at)
        except NotNow:
            _LOG.info("an analyst was first: %s", collection.key)
    for collection in Collection.objects.filter(state=OPEN):
        kind = _reminder(collection, today)
        if kind:
            remind(collection=collection, kind=kind, by=_THE_DAY, at=at)
    for collection in Collection.objects.filter(state=CLOSED, closes_on__lt=today):
        remind(collection=collection, kind="overdue", by=_THE_DAY, at=at)


def _reminder(collection: Collection, today: date) -> str:
    """The kind of reminder that this day is for; blank where it is for none."""
    left = (collection.closes_on - today).days
    whole = (collection.closes_on - collection.opens_on).days
    if 2 <= left <= 7 < whole:  # forces have only just been told of one that is as short as that
        return "week"
    return "day" if left == 1 else ""
