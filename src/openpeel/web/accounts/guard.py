"""The guard of pages: each view says which permission it takes, and no view is without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission

View = Callable[..., HttpResponseBase]


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Let a person through who has any of the permissions; send others to sign in, or say that they may not.

    The view itself sees to it that only things within the permission's reach are found: what is another force's is
    'not found', so that its being there is not told. `view.needs` lists the permissions, for the test that walks all
    pages.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_on(request)
            if any(actor.may(permission) for permission in permissions):
                return view(request, *args, **kwargs)
            person = actor.person
            if person is None:
                return redirect_to_login(request.get_full_path())
            if not person.has_verified() and _would_do(person, permissions):
                return redirect_to_login(request.get_full_path(), reverse("accounts:second-factor"))
            raise PermissionDenied

        guarded.needs = permissions  # type: ignore[attr-defined]
        return guarded

    return guard


def actor_on(request: HttpRequest) -> Actor:
    """The actor of a request, as the middleware set it."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _would_do(person: Person, permissions: tuple[Permission, ...]) -> bool:
    """Whether the roles would let the person through after a second factor."""
    return any(not role.permissions.isdisjoint(permissions) for role in person.roles)
