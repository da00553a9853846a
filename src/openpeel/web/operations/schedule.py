"""What is done by the clock, every minute. Each part may be done twice, and by two machines at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connections
from django.utils import timezone

from openpeel.web.collections.days import turn_of_day
from openpeel.web.jobs import leases
from openpeel.web.jobs.worker import AWAY
from openpeel.web.notices.mailing import mail_left_over

logger = logging.getLogger("openpeel.schedule")
MINUTE = 60.0
#: For how long finished jobs are kept to be looked at, and failures to sign in to be counted.
JOBS_KEPT, FAILURES_KEPT = timedelta(days=30), timedelta(days=7)

Part = Callable[[datetime], object]


def _collections(now: datetime) -> None:
    turn_of_day(timezone.localdate(now), now)


def _mail(now: datetime) -> None:
    if now.minute % 30 == 0:  # oftener, and what waits in the queue already would be put there again
        mail_left_over(now)


def _sessions(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()


def _failures_to_sign_in(now: datetime) -> None:
    AccessAttempt.objects.filter(attempt_time__lt=now - FAILURES_KEPT).delete()


PARTS: dict[str, Part] = {
    "take up again": leases.take_up_again,
    "bring forward": lambda now: leases.bring_forward(),
    "turn of the day": _collections,
    "mail left over": _mail,
    "clear sessions": _sessions,
    "forget finished jobs": lambda now: leases.forget(now - JOBS_KEPT),
    "forget failures to sign in": _failures_to_sign_in,
}


def one_minute(now: datetime) -> bool:
    """Do each part; one that fails keeps no other from being done. True where all were done."""
    well = True
    for name, part in PARTS.items():
        try:
            close_old_connections()
            part(now)
        except AWAY:
            logger.warning("the database is away", extra={"job": name})
            connections.close_all()
            well = False
        except Exception:
            logger.exception("a timed job failed", extra={"job": name})
            well = False
    return well


def every_minute(stop: threading.Event) -> None:
    """Go on until told to stop."""
    while True:
        one_minute(timezone.now())
        if stop.wait(MINUTE):
            return
