"""The walk: every page of the service, as every kind of visitor, held to the tables of permissions.

`pages()` lists what the resolver knows, so that a new page is walked without anybody's doing; `ARGUMENTS` says what its
address is filled with, and a page that is not listed there fails.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.models import Asked
from openpeel.web.explore.charts import stamp
from web_things import MARKS, STANDARD, Things

MEASURE, CHART = "searches_per_1000", "sd-wide.svg"

#: Views without `needs`, by name, and why.
OPEN_TO_ALL: dict[str, str] = {}


@dataclass(frozen=True)
class Argument:
    """What an address is filled with, and who may see the thing that it names. `force`: it is Hertfordshire's alone."""

    value: Callable[[Things], Any]
    seen: Callable[[Things, Actor], bool] = lambda things, actor: True
    force: bool = False


def _sees_asked(things: Things, actor: Actor) -> bool:
    return Asked.objects.seen_by(actor).filter(pk=things.asked.pk).exists()


def _sees_frozen(things: Things, actor: Actor) -> bool:
    return actor.may(Permission.SEE_ALL_FIGURES)


def _sees_shared(things: Things, actor: Actor) -> bool:
    return actor.may(Permission.SEE_ALL_FIGURES) or actor.may(Permission.SEE_SHARED_FIGURES)


def _sees_nobody(things: Things, actor: Actor) -> bool:
    return False


ASKED = Argument(lambda t: t.asked.key, _sees_asked, force=True)
RETURN = Argument(lambda t: t.handed_in.key, _sees_asked, force=True)
QUERY = Argument(lambda t: t.query.key, _sees_asked, force=True)
FROZEN = Argument(lambda t: t.frozen.name, _sees_frozen)
SHARED = Argument(lambda t: t.shared.name, _sees_shared)
PUBLISHED = Argument(lambda t: t.published.name)


def _always(value: Any) -> tuple[Argument, ...]:
    return (Argument(lambda t: value),)


#: By the name of the page, or else of its app, and the name of the argument. Each of several is tried.
ARGUMENTS: dict[tuple[str, str], tuple[Argument, ...]] = {
    ("accounts", "key"): (Argument(lambda t: t.contributor.key),),
    ("accounts:choose-password", "uidb64"): _always("MQ"),
    ("accounts:choose-password", "token"): _always("no-token"),
    ("trail", "number"): (Argument(lambda t: t.event.number),),
    ("notices", "key"): (Argument(lambda t: t.notice.key, _sees_nobody),),
    ("collections", "key"): (Argument(lambda t: t.opened.key), Argument(lambda t: t.planned.key)),
    ("collections", "standard"): _always(STANDARD),
    ("collections", "kind"): _always("csv"),
    ("returns", "key"): (RETURN,),
    ("returns:hand-in", "key"): (ASKED,),
    ("returns:template", "key"): (ASKED,),
    ("returns:template", "kind"): _always("csv"),
    ("returns:query", "key"): (QUERY,),
    ("returns", "place"): _always(0),
    ("releases", "name"): (FROZEN, SHARED, PUBLISHED),
    ("releases", "force"): _always("hertfordshire"),
    ("explore", "measure"): _always(MEASURE),
    ("explore", "form"): _always("csv"),
    ("explore", "force"): _always("hertfordshire"),
    ("explore:chart", "release"): (PUBLISHED,),
    ("explore:chart", "stamp"): (Argument(lambda t: stamp(t.published)),),
    ("explore:chart", "name"): _always(CHART),
    # Whoever asks: the API has what is published, and nothing else.
    ("api:v1", "name"): (
        Argument(lambda t: t.frozen.name, _sees_nobody),
        Argument(lambda t: t.shared.name, _sees_nobody),
        PUBLISHED,
    ),
    ("api:v1", "measure"): _always(MEASURE),
    ("api:v1", "id"): (Argument(lambda t: "no-figure", _sees_nobody),),
    ("api:v1", "rest"): (Argument(lambda t: "nothing", _sees_nobody),),
}

_OF_FROZEN = Argument(lambda t: f"release={t.frozen.name}", _sees_frozen)
_OF_SHARED = Argument(lambda t: f"release={t.shared.name}", _sees_shared)
_NOT_BY_API = Argument(lambda t: f"release={t.shared.name}", _sees_nobody)
_FROZEN_LATER = Argument(lambda t: f"earlier={t.published.name}&later={t.frozen.name}", _sees_frozen)
_FROZEN_EARLIER = Argument(lambda t: f"earlier={t.frozen.name}&later={t.published.name}", _sees_frozen)

#: What else is asked for in the address of a page.
QUERIES: dict[str, tuple[Argument, ...]] = {
    "explore:measure": (_OF_FROZEN, _OF_SHARED),
    "explore:download": (_OF_FROZEN, _OF_SHARED),
    "explore:force": (_OF_FROZEN, _OF_SHARED),
    "explore:force-download": (_OF_FROZEN, _OF_SHARED),
    "releases:compare": (_FROZEN_LATER, _FROZEN_EARLIER),
    "releases:compare-csv": (_FROZEN_LATER, _FROZEN_EARLIER),
    "api:v1:list_figures": (_NOT_BY_API,),
    "api:v1:list_measures": (_NOT_BY_API,),
    "api:v1:list_trends": (_NOT_BY_API,),
}


@dataclass(frozen=True)
class Address:
    """One address of a page, and what it is filled with."""

    path: str
    filled: tuple[Argument, ...]

    def is_seen_by(self, things: Things, actor: Actor) -> bool:
        """Whether everything that it names is there for somebody."""
        return all(argument.seen(things, actor) for argument in self.filled)

    @property
    def of_a_force(self) -> bool:
        """Whether it names something that is Hertfordshire's alone."""
        return any(argument.force for argument in self.filled)


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

    def fillings(self) -> list[dict[str, Argument]]:
        """All that its address can be filled with. Raises LookupError for an argument that is not in ARGUMENTS."""
        app = self.name.rsplit(":", 1)[0]
        choices = []
        for name in self.arguments:
            found = ARGUMENTS.get((self.name, name)) or ARGUMENTS.get((app, name))
            if found is None:
                raise LookupError(
                    f"say in web_walk.ARGUMENTS what '{name}' of the page '{self.name}' is filled with"
                )
            choices.append(found)
        return [dict(zip(self.arguments, chosen, strict=True)) for chosen in product(*choices)]

    def addresses(self, things: Things) -> Iterator[Address]:
        """Each of its addresses."""
        for filling in self.fillings():
            path = reverse(self.name, kwargs={name: a.value(things) for name, a in filling.items()})
            filled = tuple(filling.values())
            yield Address(path, filled)
            for query in QUERIES.get(self.name, ()):
                yield Address(f"{path}?{query.value(things)}", (*filled, query))


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


def walk(visitor: Visitor, things: Things, method: str) -> list[str]:
    """What is wrong with any page for this visitor: one sentence each."""
    return [
        f"{method} {address.path} as {visitor.name}: {wrong}"
        for page in pages()
        for address in page.addresses(things)
        for wrong in _visit(page, address, visitor, things, method)
    ]


def _visit(page: Page, address: Address, visitor: Visitor, things: Things, method: str) -> Iterator[str]:
    actor = visitor.actor
    status, target, body = ask(visitor, method, address.path)
    if status >= 500:
        yield f"failed with {status}"
    if status == 200:
        yield from (
            f"shows {mark}" for mark, may_meet in MARKS.items() if mark in body and not may_meet(actor)
        )
    if page.name in OPEN_TO_ALL:
        return
    if page.needs is None:
        yield "the view has no `needs`"
    elif not any(actor.may(permission) for permission in page.needs):
        yield from _turned_away(page, visitor, status, target)
    elif not address.is_seen_by(things, actor):
        if status not in (400, 403, 404, 405):
            yield f"expected 404 for what they may not see, got {status}"
    elif status == 302 and target.startswith(reverse("accounts:sign-in")) and visitor.person is not None:
        yield "sent to sign in, and they are signed in"
    elif method == "GET" and status not in (200, 302, 404, 405):
        yield f"expected a page, got {status}"


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


def ask(visitor: Visitor, method: str, path: str) -> tuple[int, str, str]:
    """Status, where it sends to, and text. What the visit changed is undone: the next visitor finds the same things."""
    cookies = copy.deepcopy(visitor.client.cookies)
    with transaction.atomic():
        found = (visitor.client.get if method == "GET" else visitor.client.post)(path)
        whole = b"".join(found.streaming_content) if found.streaming else found.content
        transaction.set_rollback(True)
    visitor.client.cookies = cookies
    headers = " ".join(f"{name}: {value}" for name, value in found.items())
    return found.status_code, found.get("Location", ""), headers + whole.decode("utf-8", errors="replace")
