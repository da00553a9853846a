"""Handing notices over as e-mails, one job for each: an address that fails holds nobody else up."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from openpeel.web.jobs.queue import enqueue, job
from openpeel.web.notices.models import Notice

_LEFT_OVER_AFTER = timedelta(minutes=30)
_GIVEN_UP_AFTER = timedelta(days=7)


@job
def mail_notice(key: str) -> None:
    """Hand one notice over as an e-mail, and write down that it was.

    The mail server and the database cannot agree in one transaction. That it was handed over is written down the
    moment after, in a transaction of its own, so a job that is done again sends nothing. What remains: a worker that is
    killed within that moment, or a server that takes the e-mail and then fails to say so, and the person has it twice.
    The other order could lose an e-mail, which is worse.
    """
    notice = Notice.objects.select_related("person").filter(key=uuid.UUID(key), mailed_at=None).first()
    if notice is None or not notice.person.is_active:
        return
    message = EmailMessage(
        subject=notice.subject,
        body=f"{notice.said}\n\n{settings.ENVIRONMENT.address}{notice.link}\n\n"
        "You are told this because of your role in openpeel. Nobody reads answers to this address.\n",
        to=[notice.person.email],
        # Known to be the same e-mail, should it be handed over twice.
        headers={"Message-ID": f"<{notice.key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}>"},
    )
    message.send()
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())


def mail_left_over(at: datetime) -> int:
    """Put in the queue again what was not handed over: the mail server was away. Called every half an hour.

    After a week it is given up; the notice itself stays. Returns how many.
    """
    left = Notice.objects.filter(
        mailed_at=None,
        person__is_active=True,
        at__lt=at - _LEFT_OVER_AFTER,
        at__gt=at - _GIVEN_UP_AFTER,
    )
    keys = list(left.values_list("key", flat=True))
    for key in keys:
        enqueue(mail_notice, str(key))
    return len(keys)
