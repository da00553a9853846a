"""Adding people from the command line: the first administrator has to come from somewhere."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from openpeel.errors import UseError
from openpeel.reference.forces import find_force
from openpeel.web.accounts.actions import add_person
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.mailing import password_path
from openpeel.web.accounts.models import Organisation
from openpeel.web.accounts.organisations import make_organisations
from openpeel.web.accounts.permissions import Kind, Role


def add_from_command_line(
    *, email: str, name: str, role: str, at: datetime, force: str = "", site: str = ""
) -> str:
    """Add a person with a role; returns the link with which they choose a password, to be handed to them.

    `force` is a code or name, for a role that is held in a force or at its commissioner. Raises UseError for a role
    or force that there is not, and for an address that is none or has an account.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise UseError(f"expected an e-mail address, got '{email}'") from None
    if not name.strip():
        raise UseError("expected the name of the person", advice="Give it with --name.")
    try:
        held = Role(role.strip().casefold())
    except ValueError:
        names = ", ".join(r.value for r in Role)
        raise UseError(f"there is no role '{role}'", advice=f"The roles are {names}.") from None
    make_organisations(Organisation)
    at_inspectorate = held.kind is Kind.INSPECTORATE
    if at_inspectorate and force:
        raise UseError(f"the role {held.value} is held at the inspectorate, not in a force")
    if not at_inspectorate and not force:
        raise UseError(f"the role {held.value} is held in a force", advice="Name it with --force.")
    code = find_force(force).code if force else ""
    organisation = Organisation.objects.filter(kind=held.kind.name, force=code).first()
    if organisation is None:
        raise UseError(f"there is no organisation for the force '{force}'")
    by = Actor(job="command line")
    person = add_person(
        by=by, at=at, organisation=organisation, email=email, name=name, roles=[held], site=site
    )
    return site + password_path(person)
