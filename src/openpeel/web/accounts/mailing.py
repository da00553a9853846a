"""The e-mail with a link with which somebody chooses a password."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from openpeel.web.accounts.models import Person
from openpeel.web.jobs.queue import job

_FIRST = """Somebody has made an account for you in openpeel.

Choose a password here:
"""
_AGAIN = """You, or somebody who knows your e-mail address, asked for a new password for openpeel.

Choose one here:
"""
_AFTER = """
The link works once, for three days. If it has run out, ask for another on the page for signing in, under
"I do not know my password".

If you did not expect this e-mail, do nothing.
"""


@job
def mail_password_link(key: str, site: str, first: bool) -> None:
    """Send it. The link is made here, so that it is not kept in the queue; done twice, a person has two e-mails."""
    person = Person.objects.filter(key=key, is_active=True).first()
    if person is None:
        return
    subject = "Your account in openpeel" if first else "A new password for openpeel"
    body = f"{_FIRST if first else _AGAIN}\n{site}{password_path(person)}\n{_AFTER}"
    send_mail(subject, body, None, [person.email])


def password_path(person: Person) -> str:
    """The path of the page where the person chooses a password. It works once, and as long as Django's setting says."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("accounts:choose-password", args=[uid, default_token_generator.make_token(person)])
