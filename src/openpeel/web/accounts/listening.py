"""Records in the audit trail what Django and axes tell of: signing in and out, failures, accounts that are locked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from openpeel.web.accounts.actor import Actor, address_of
from openpeel.web.accounts.models import Person
from openpeel.web.trail.record import record


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    """Somebody signed in."""
    _about(user, request, "sign in", f"{user.name} signed in.")


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    """Somebody signed out; `user` is None where the session had run out before."""
    if user is not None:
        _about(user, request, "sign out", f"{user.name} signed out.")


@receiver(user_login_failed)
def not_signed_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody could not sign in. axes was told first, and has counted the failure.

    What was typed is not kept: people type a password where the address belongs.
    """
    email = str(credentials.get("username") or "")
    person = Person.objects.filter(email=email.strip().casefold()).first()
    by = Actor(address=address_of(request) if request is not None else "")
    about = f"person {person.key}" if person is not None else "an address that is not known"
    whom = f"as {person.name}" if person is not None else "with an address that is not known"
    force = person.force if person is not None else ""
    at = timezone.now()
    failures = getattr(request, "axes_failures_since_start", None)
    locked = bool(getattr(request, "axes_locked_out", False))
    if locked and failures is None:
        said = f"Somebody tried to sign in {whom} while that was locked."
        record(by=by, at=at, action="try a locked account", about=about, force=force, said=said)
        return
    said = f"Somebody failed to sign in {whom}."
    record(by=by, at=at, action="fail to sign in", about=about, force=force, said=said)
    if locked:
        said = f"Signing in {whom} from that address was locked after {failures} failures."
        record(by=by, at=at, action="lock account", about=about, force=force, said=said)


def _about(person: Person, request: HttpRequest, action: str, said: str) -> None:
    record(
        by=Actor(person, address_of(request)),
        at=timezone.now(),
        action=action,
        about=f"person {person.key}",
        force=person.force,
        said=said,
    )
