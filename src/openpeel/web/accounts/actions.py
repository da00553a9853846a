"""What changes people and what they may do. Nothing else writes these tables; each change has its event."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from axes.utils import reset as forget_failures
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.errors import UseError
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.mailing import mail_password_link
from openpeel.web.accounts.models import Organisation, Person, RoleHeld
from openpeel.web.accounts.permissions import Role
from openpeel.web.accounts.policies import hold_last_administrator
from openpeel.web.jobs.queue import enqueue
from openpeel.web.states import NotNow
from openpeel.web.trail.record import record

RECOVERY_CODES = 10


@transaction.atomic
def add_person(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Collection[Role],
    site: str,
) -> Person:
    """Add somebody, who is sent a link with which to choose a password. `site` is 'https://host', for the link."""
    email = email.strip().casefold()
    if Person.objects.filter(email=email).exists():
        raise UseError("somebody with this e-mail address has an account already")
    _hold_kind(organisation, roles)
    person = Person(email=email, name=name.strip(), organisation=organisation)
    person.set_unusable_password()
    person.save()
    RoleHeld.objects.bulk_create(RoleHeld(person=person, role=role.value) for role in roles)
    _record(by, at, "add person", person, f"Added {person.name} to {organisation}.", after=_said(roles))
    enqueue(mail_password_link, str(person.key), site, True)
    return person


@transaction.atomic
def send_password_link(*, by: Actor, at: datetime, person: Person, site: str) -> None:
    """Send somebody a link with which to choose a password; the one that they have stays until then."""
    _record(
        by, at, "send password link", person, f"Sent {person.name} a link with which to choose a password."
    )
    enqueue(mail_password_link, str(person.key), site, not person.has_usable_password())


@transaction.atomic
def set_password(*, by: Actor, at: datetime, person: Person, password: str) -> None:
    """Give somebody the password that they chose. All their other sessions end, because they rest on the old one."""
    person.set_password(password)
    person.save(update_fields=["password"])
    _record(by, at, "set password", person, f"{person.name} chose a password.")


@transaction.atomic
def set_roles(*, by: Actor, at: datetime, person: Person, roles: Collection[Role]) -> None:
    """Give and take roles until the person holds these. Raises NotNow for the last administrator."""
    _hold_kind(person.organisation, roles)
    held = {Role(role) for role in person.held.select_for_update().values_list("role", flat=True)}
    wanted = set(roles)
    if held == wanted:
        return
    if Role.ADMINISTRATOR in held - wanted:
        hold_last_administrator(person)
    person.held.filter(role__in=[role.value for role in held - wanted]).delete()
    RoleHeld.objects.bulk_create(RoleHeld(person=person, role=role.value) for role in wanted - held)
    said = f"Changed the roles of {person.name}."
    _record(by, at, "change roles", person, said, before=_said(held), after=_said(wanted))


@transaction.atomic
def deactivate(*, by: Actor, at: datetime, person: Person) -> None:
    """Let somebody in no longer. What they did stays, and so does their account."""
    hold_last_administrator(person)
    _switch(person, to=False)
    _record(by, at, "deactivate person", person, f"Deactivated {person.name}.", "active", "not active")


@transaction.atomic
def reactivate(*, by: Actor, at: datetime, person: Person) -> None:
    """Let somebody in again, with the roles that they had."""
    _switch(person, to=True)
    _record(by, at, "reactivate person", person, f"Reactivated {person.name}.", "not active", "active")


@transaction.atomic
def unlock(*, by: Actor, at: datetime, person: Person) -> None:
    """Let somebody try to sign in again at once, from every address."""
    forget_failures(username=person.email)
    _record(by, at, "unlock account", person, f"Unlocked the account of {person.name}.")


@transaction.atomic
def begin_second_factor(*, by: Actor, at: datetime, person: Person) -> TOTPDevice:
    """Make a secret for an app. It counts from the moment that a code was given which the app made from it."""
    if second_factor_of(person) is not None:
        raise NotNow("a second factor is set up already", advice="Remove it first.")
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    made: TOTPDevice = TOTPDevice.objects.create(user=person, name="app", confirmed=False)
    _record(by, at, "begin second factor", person, f"{person.name} began to set up a second factor.")
    return made


def confirm_second_factor(*, by: Actor, at: datetime, person: Person, code: str) -> list[str] | None:
    """Have the second factor count, if the code is right: the recovery codes, to be shown once. None if it is wrong."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    # Not within the transaction of what follows: a wrong code is counted even so.
    if device is None or verify_token(person, device.persistent_id, code) is None:
        return None
    with transaction.atomic():
        if not TOTPDevice.objects.filter(pk=device.pk, confirmed=False).update(confirmed=True):
            return None
        codes = _new_recovery_codes(person)
        _record(by, at, "set up second factor", person, f"{person.name} set up a second factor.")
    return codes


def give_second_factor(*, by: Actor, at: datetime, person: Person, code: str) -> Any:
    """The device that a code is right for: the app or, once for each, a recovery code. None if it is wrong."""
    code = code.replace(" ", "").casefold()
    kind = TOTPDevice if code.isdecimal() else StaticDevice
    device = kind.objects.filter(user=person, confirmed=True).first()
    right = verify_token(person, device.persistent_id, code) if device is not None else None
    if right is None:
        _record(
            by, at, "fail second factor", person, f"{person.name} gave a second factor that was not right."
        )
    else:
        how = "a code from the app" if kind is TOTPDevice else "a recovery code"
        _record(by, at, "give second factor", person, f"{person.name} gave a second factor: {how}.")
    return right


@transaction.atomic
def remove_second_factor(*, by: Actor, at: datetime, person: Person) -> None:
    """Forget the app and the recovery codes, so that others can be set up: the telephone is lost or a new one."""
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    _record(by, at, "remove second factor", person, f"Removed the second factor of {person.name}.")


def second_factor_of(person: Person) -> TOTPDevice | None:
    """The app that a person's codes come from; None before one is set up."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=person, confirmed=True).first()
    return found


def _new_recovery_codes(person: Person) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery codes", confirmed=True)
    codes: list[str] = []
    while len(codes) < RECOVERY_CODES:
        code = StaticToken.random_token()
        if not code.isdecimal():  # all digits would be taken for a code from the app
            codes.append(code)
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _switch(person: Person, *, to: bool) -> None:
    if not Person.objects.filter(pk=person.pk, is_active=not to).update(is_active=to):
        raise NotNow(f"{person.name} is {'active' if to else 'deactivated'} already")
    person.is_active = to


def _hold_kind(organisation: Organisation, roles: Collection[Role]) -> None:
    for role in roles:
        if role not in organisation.roles:
            raise UseError(f"the role {role.value} is not held in {organisation}")


def _said(roles: Collection[Role]) -> str:
    return ", ".join(role.value for role in Role if role in roles) or "no role"


def _record(
    by: Actor, at: datetime, action: str, person: Person, said: str, before: str = "", after: str = ""
) -> None:
    record(
        by=by,
        at=at,
        action=action,
        about=f"person {person.key}",
        force=person.force,
        said=said,
        before=before,
        after=after,
    )
