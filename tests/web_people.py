"""People of every role, signed in, for the tests of the service. All are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.web.accounts.models import Organisation, Person, RoleHeld
from openpeel.web.accounts.permissions import Kind, Role
from openpeel.web.trail.guarding import unguard

HERTFORDSHIRE, BEDFORDSHIRE = "E23000027", "E23000026"
PASSWORD = "a long invented password"

MakePerson = Callable[..., Person]
SignIn = Callable[[Person], Client]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Emptying a table between tests is what the guard of the audit trail forbids; its own tests put it back."""
    with django_db_blocker.unblock():
        unguard(connection)


@pytest.fixture
def person(db: None) -> MakePerson:
    """Makes a person with roles: person(Role.CONTRIBUTOR, force=HERTFORDSHIRE), person(Role.ANALYST)."""

    def make(*roles: Role, force: str = "", name: str = "") -> Person:
        kind = roles[0].kind if roles else Kind.FORCE if force else Kind.INSPECTORATE
        organisation, _ = Organisation.objects.get_or_create(
            kind=kind.name, force=force, defaults={"name": f"{kind.value} {force}".strip()}
        )
        called = (
            name or f"{' and '.join(r.value for r in roles) or 'nobody'} {force} {Person.objects.count() + 1}"
        )
        email = f"{called.replace(' ', '-').casefold()}@example.org"
        made = Person.objects.create_user(email, called, organisation, PASSWORD)
        for role in roles:
            RoleHeld.objects.create(person=made, role=role.value)
        return made

    return make


@pytest.fixture
def signed_in() -> SignIn:
    """A client on which a person is signed in, with the second factor where a role needs one."""

    def sign_in(someone: Person) -> Client:
        client = Client()
        client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
        if someone.needs_second_factor:
            device, _ = TOTPDevice.objects.get_or_create(
                user=someone, name="default", defaults={"confirmed": True}
            )
            session = client.session
            session["otp_device_id"] = device.persistent_id
            session.save()
        return client

    return sign_in
