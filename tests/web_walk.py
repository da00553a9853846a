"""The walk: every page of the service, as every kind of visitor, held to the tables of permissions.

`pages()` lists what the resolver knows, so that a new page is walked without anybody's doing; `ARGUMENTS` says what its
address is filled with, and a page that is not listed there fails.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.models import Asked
from openpeel.web.releases.models import Release
from openpeel.web.returns.models import Return
from web_things import MARKS, Things

#: Views without `needs`, by name or by the name's beginning, and why.
OPEN_TO_ALL: dict[str, str] = {
    "operations:health": "a machine asks whether the process lives; says nothing of anything",
    "operations:ready": "a machine asks whether the database answers; says nothing of anything",
    "operations:metrics": "a machine reads counts, with a token of its own",
}


@dataclass(frozen=True)
class Argument:
    """What an address is filled with, and who may see the thing that it names. `force` is the code of whose it is."""

    value: Callable[[Things], Any]
    seen: Callable[[Things, Actor], bool] = lambda things, actor: True
    force: bool = False


def _sees_asked(things: Things, actor: Actor) -> bool:
    return Asked.objects.seen_by(actor).filter(pk=things.asked.pk).exists()


def _sees_return(things: Things, actor: Actor) -> bool:
    return Return.objects.seen_by(actor).filter(pk=things.handed_in.pk).exists()


def _sees_frozen(things: Things, actor: Actor) -> bool:
    return Release.objects.seen_by(actor).filter(pk=things.frozen.pk).exists()


ASKED = Argument(lambda t: t.asked.key, _sees_asked, force=True)
RETURN = Argument(lambda t: t.handed_in.key, _sees_return, force=True)
QUERY = Argument(lambda t: t.query.key, _sees_return, force=True)
COLLECTION = Argument(lambda t: t.opened.key, lambda t, actor: True)
FROZEN = Argument(lambda t: t.frozen.key, _sees_frozen)

#: By the name of the page, or of its app, and the name of the argument. The page's name goes before its app's.
ARGUMENTS: dict[tuple[str, str], Argument] = {
    ("accounts", "key"): Argument(lambda t: t.contributor.key),
    ("accounts:choose-password", "uidb64"): Argument(lambda t: "MQ"),
    ("accounts:choose-password", "token"): Argument(lambda t: "no-token"),
    ("trail", "number"): Argument(lambda t: t.event.number),
    ("collections", "key"): COLLECTION,
    ("returns", "key"): RETURN,
    ("releases", "key"): FROZEN,
}


@dataclass(frozen=True)
class Page:
    """A page: its name with its namespaces, the names of its arguments, and its view."""

    name: str
    arguments: tuple[str, ...]
    view: Any

    @property
    def needs(self) -> tuple[Permission, ...] | None:
        """The permissions of which a visitor needs one; None where the view says none."""
        return getattr(self.view, "needs", None)

    def filled(self) -> dict[str, Argument]:
        """What its address is filled with. Raises LookupError for an argument that is not in ARGUMENTS."""
        app = self.name.rsplit(":", 1)[0]
        found = {}
        for name in self.arguments:
            argument = ARGUMENTS.get((self.name, name)) or ARGUMENTS.get((app, name))
            if argument is None:
                raise LookupError(
                    f"say in web_walk.ARGUMENTS what '{name}' of the page '{self.name}' is filled with"
                )
            found[name] = argument
        return found


@dataclass(frozen=True)
class Visitor:
    """Somebody who walks: what they are called here, and their browser. `person` is None for nobody."""

    name: str
    client: Client
    person: Person | None

    @property
    def actor(self) -> Actor:
        """Who they are to the service; with the second factor, if they gave it."""
        return Actor(self.person)


def pages() -> list[Page]:
    """Every page of the resolver, through all that is included."""
    return list(_pages(get_resolver(), ""))


def _pages(resolver: URLResolver, namespace: str) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _pages(entry, inner)
        elif isinstance(entry, URLPattern):
            names = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            yield Page(f"{namespace}{entry.name or entry.pattern}", names, entry.callback)


def opens_to_all(page: Page) -> bool:
    """Whether the page is named as one that needs no permission."""
    return any(
        page.name == name or (name.endswith(":") and page.name.startswith(name)) for name in OPEN_TO_ALL
    )


def walk(visitor: Visitor, things: Things, method: str) -> list[str]:
    """What is wrong with any page for this visitor: one sentence each."""
    return [wrong for page in pages() for wrong in _visit(page, visitor, things, method)]


def _visit(page: Page, visitor: Visitor, things: Things, method: str) -> Iterator[str]:
    filled = page.filled()
    actor = visitor.actor
    path = reverse(page.name, kwargs={name: argument.value(things) for name, argument in filled.items()})
    status, target, body = _ask(visitor, method, path)
    here = f"{method} {page.name} as {visitor.name}: "
    if status >= 500:
        yield here + f"failed with {status}"
    if status == 200:
        for mark, may_meet in MARKS.items():
            if mark in body and not may_meet(actor):
                yield here + f"shows {mark}"
    if opens_to_all(page):
        return
    if page.needs is None:
        yield here + "the view has no `needs`"
    elif not any(actor.may(permission) for permission in page.needs):
        yield from (here + said for said in _turned_away(page, visitor, status, target))
    elif not all(argument.seen(things, actor) for argument in filled.values()):
        if status not in (403, 404, 405):
            yield here + f"expected 404 for what they may not see, got {status}"
    elif (
        status in (301, 302, 303)
        and target.startswith(reverse("accounts:sign-in"))
        and visitor.person is not None
    ):
        yield here + "sent to sign in, and they are signed in"
    elif method == "GET" and status not in (200, 302, 404, 405):
        yield here + f"expected a page, got {status}"


def _turned_away(page: Page, visitor: Visitor, status: int, target: str) -> Iterator[str]:
    """What is wrong with how somebody is turned away who has none of the permissions."""
    if visitor.person is None:
        if status != 302 or not target.startswith(reverse("accounts:sign-in")):
            yield f"expected to be sent to sign in, got {status}"
    elif not visitor.person.has_verified() and _holds(visitor.person, page):
        if status != 302 or not target.startswith(reverse("accounts:second-factor")):
            yield f"expected to be sent to the second factor, got {status}"
    elif status != 403:
        yield f"expected 403, got {status}"


def _holds(person: Person, page: Page) -> bool:
    return any(not role.permissions.isdisjoint(page.needs or ()) for role in person.roles)


def _ask(visitor: Visitor, method: str, path: str) -> tuple[int, str, str]:
    """Status, where it sends to, and text. What the visit changed is undone: the next visitor finds the same things."""
    cookies = copy.deepcopy(visitor.client.cookies)
    with transaction.atomic():
        ask = visitor.client.get if method == "GET" else visitor.client.post
        found = ask(path)
        whole = b"".join(found.streaming_content) if found.streaming else found.content
        transaction.set_rollback(True)
    visitor.client.cookies = cookies
    headers = " ".join(f"{name}: {value}" for name, value in found.items())
    return found.status_code, found.get("Location", ""), headers + whole.decode("utf-8", errors="replace")
