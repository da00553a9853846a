"""Who does something, and from where: what every action is told with `by=`, and what the audit trail keeps."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import ANYBODY, Permission


@dataclass(frozen=True)
class Actor:
    """A person, nobody who is known (`person` None), or a job of the service (`job` says which)."""

    person: Person | None = None
    address: str = ""
    job: str = ""

    @property
    def name(self) -> str:
        """What the audit trail calls them."""
        if self.person is not None:
            return self.person.name
        return f"the service ({self.job})" if self.job else "somebody who is not signed in"

    @property
    def force(self) -> str:
        """The code of the force that they work for; blank for all others."""
        return self.person.force if self.person is not None else ""

    def may(self, permission: Permission, force: str | None = None) -> bool:
        """Whether they may do that, to what is a force's where one is named (its code)."""
        return permission in ANYBODY if self.person is None else self.person.may(permission, force)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks for a page."""
    user = request.user
    return Actor(user if isinstance(user, Person) else None, address_of(request))


def address_of(request: HttpRequest) -> str:
    """The address that a request came from.

    What a proxy says of it counts only for as many proxies as there are: anybody can write the header.
    """
    proxies: int = settings.ENVIRONMENT.proxies
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= proxies:
            return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
