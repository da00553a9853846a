"""Whether something about people is allowed now. Who may do it at all is said in `permissions.py`."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.conf import settings as axes_settings
from axes.models import AccessAttempt
from django.db.models import Sum

from openpeel.web.accounts.models import Person, RoleHeld
from openpeel.web.accounts.permissions import Role
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event

_BETWEEN_LINKS = timedelta(minutes=5)


def hold_last_administrator(person: Person) -> None:
    """Raise NotNow if the service would have no administrator without this person.

    The rows are locked, so that two administrators cannot take each other away at once. Call it in a transaction.
    """
    held = RoleHeld.objects.select_for_update().filter(role=Role.ADMINISTRATOR.value, person__is_active=True)
    holders = set(held.values_list("person_id", flat=True))
    if holders == {person.pk}:
        raise NotNow(
            f"{person.name} is the last administrator",
            advice="Make somebody else an administrator first: without one nobody could let people in.",
        )


def locked_until(email: str, at: datetime, address: str | None = None) -> datetime | None:
    """When an account that is locked can be tried again; None where it is not locked.

    With an `address`, locked for whoever tries from there; otherwise from anywhere.
    """
    cool_off = axes_settings.AXES_COOLOFF_TIME
    tried = AccessAttempt.objects.filter(username=email, attempt_time__gt=at - cool_off)
    if address is not None:
        tried = tried.filter(ip_address=address)
    by_address = tried.order_by().values("ip_address").annotate(failures=Sum("failures_since_start"))
    locked = [t["ip_address"] for t in by_address if t["failures"] >= axes_settings.AXES_FAILURE_LIMIT]
    last = tried.filter(ip_address__in=locked).order_by("-attempt_time").first()
    until: datetime | None = last.attempt_time + cool_off if last is not None else None
    return until


def may_ask_for_link(person: Person, at: datetime) -> bool:
    """Whether the last link was sent long enough ago: nobody's e-mail is to be flooded from the page that sends one."""
    return not Event.objects.filter(
        action="send password link", about=f"person {person.key}", at__gt=at - _BETWEEN_LINKS
    ).exists()
