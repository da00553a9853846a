"""The organisations there are: the inspectorate, the 43 forces, and for each its police and crime commissioner."""

from __future__ import annotations

from typing import Any

from openpeel.reference.forces import forces
from openpeel.web.accounts.permissions import Kind

INSPECTORATE = "The inspectorate"


def make_organisations(organisations: Any) -> int:
    """Make those that are missing; say how many were. `organisations` is the model, as it is or in a migration."""
    wanted = [(Kind.INSPECTORATE, "", INSPECTORATE)]
    for force in forces():
        wanted.append((Kind.FORCE, force.code, force.full_name))
        wanted.append((Kind.COMMISSIONER, force.code, f"Police and crime commissioner, {force.name}"))
    made = 0
    for kind, code, name in wanted:
        _, new = organisations.objects.get_or_create(kind=kind.name, force=code, defaults={"name": name})
        made += new
    return made
