"""What every page is given: who looks at it, and the navigation they may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from openpeel.web.accounts.guard import actor_on
from openpeel.web.accounts.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation, for those who have any of the permissions."""

    text: str
    page: str
    needs: tuple[Permission, ...]


NAVIGATION = (
    Entry("Explore", "explore:index", (Permission.SEE_PUBLISHED,)),
    Entry("Collections", "collections:index", (Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)),
    Entry("Returns", "returns:index", (Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)),
    Entry("Releases", "releases:index", (Permission.SEE_PUBLISHED,)),
    Entry("Alerts", "releases:alerts", (Permission.SEE_ALERTS,)),
    Entry("People", "accounts:people", (Permission.MANAGE_PEOPLE,)),
    Entry("Audit trail", "trail:index", (Permission.READ_TRAIL,)),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor` and `navigation` for the templates."""
    if not hasattr(request, "actor"):  # a fault before the middleware came to its turn
        return {"actor": None, "navigation": []}
    actor = actor_on(request)
    entries: list[dict[str, Any]] = []
    for entry in NAVIGATION:
        if any(actor.may(permission) for permission in entry.needs):
            href = path_of(entry.page)
            if href is not None:
                entries.append({"text": entry.text, "href": href})
    # The page of alerts lies under that of releases: the longest that fits is where one is.
    here = max((e["href"] for e in entries if request.path.startswith(e["href"])), key=len, default=None)
    for entry_shown in entries:
        entry_shown["active"] = entry_shown["href"] == here
    return {"actor": actor, "navigation": entries}


def path_of(page: str) -> str | None:
    """The path of a page by its name; None where this service has no such page."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return None
