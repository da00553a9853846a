"""The pages of collections and notices as analysts and people at forces meet them in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from openpeel.reference.forces import forces
from openpeel.standards import standard_ids
from openpeel.web.accounts.actor import Actor
from openpeel.web.collections import actions
from openpeel.web.collections.models import Asked, Collection
from web_collections import a_plan, handed_in, open_now, planned
from web_people import HERTFORDSHIRE, MakePerson, Role, SignIn, django_db_setup, person, signed_in

__all__ = ["django_db_setup", "person", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])

#: Every page, by who looks at it; {open}, {planned}, {closed} are the keys of collections.
PAGES = {
    "list": ("analyst", "/collections/"),
    "new": ("analyst", "/collections/new"),
    "copy": ("analyst", "/collections/new?copy={open}"),
    "planned": ("analyst", "/collections/{planned}"),
    "change": ("analyst", "/collections/{planned}/change"),
    "open": ("analyst", "/collections/{planned}/open"),
    "matrix": ("analyst", "/collections/{open}"),
    "matrix of one force": ("analyst", "/collections/{open}?force=E23000027"),
    "matrix of one state": ("analyst", "/collections/{open}?stage=queries"),
    "matrix of nothing": ("analyst", "/collections/{open}?overdue=on"),
    "add": ("analyst", "/collections/{open}/add"),
    "close": ("analyst", "/collections/{open}/close"),
    "open again": ("analyst", "/collections/{closed}/open-again"),
    "overdue": ("analyst", "/collections/{closed}"),
    "own": ("contributor", "/collections/"),
    "standard": ("contributor", "/collections/standards/stop_search"),
    "notices": ("contributor", "/notices/"),
    "no notices": ("analyst", "/notices/"),
}


@pytest.fixture
def service(person: MakePerson, signed_in: SignIn, live_server: Any) -> SimpleNamespace:
    """An open collection of the whole nation in every state, a planned one, and one that closed with much overdue."""
    analyst = person(Role.ANALYST, name="Anna Analyst")
    contributor = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="Kim Contributor")
    standards = standard_ids()[:12]  # axe looks at each cell
    collection = open_now(analyst, standards=standards, name="Autumn round")
    Asked.objects.bulk_create(
        Asked(collection=collection, standard=s, force=f.code, start="2025-01-01", end="2025-12-31")
        for s in standards
        for f in forces()
        if not collection.asked.filter(force=f.code, standard=s).exists()
    )
    states = ("received", "refused", "checked", "checked", "confirmed", "accepted", "sent_back", "accepted")
    for i, asked in enumerate(collection.asked.order_by("force")[:260]):
        queries = ("open",) if i % 8 == 3 else ()
        handed_in(asked, contributor, states[i % 8], at=timezone.now(), queries=queries)
    for i, asked in enumerate(collection.asked.filter(force=HERTFORDSHIRE, returns=None)[:6]):
        handed_in(asked, contributor, states[i % 8], at=timezone.now())
    at = timezone.now() - timedelta(days=60)
    today = at.date()
    past = planned(
        analyst,
        a_plan("Spring round", opens_on=today, closes_on=today + timedelta(days=30)),
        at,
    )
    actions.open_collection(collection=past, version=1, by=Actor(analyst), at=at)
    actions.close_collection(collection=past, version=2, by=Actor(job="turn of the day"), at=timezone.now())
    actions.remind(collection=past, kind="overdue", by=Actor(job="turn of the day"), at=timezone.now())
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = planned(
        analyst,
        a_plan("Next round", opens_on=tomorrow, closes_on=tomorrow + timedelta(days=50)),
        timezone.now(),
    )
    return SimpleNamespace(
        url=live_server.url,
        keys={"open": collection.key, "planned": later.key, "closed": Collection.objects.get(pk=past.pk).key},
        clients={"analyst": signed_in(analyst), "contributor": signed_in(contributor)},
    )


@pytest.fixture
def opened(chromium: Browser, service: SimpleNamespace) -> Iterator[Any]:
    """Opens a page by its name at a width, as the person who it is for; closed after the test."""
    contexts = []

    def open_at(name: str, width: int) -> Page:
        who, path = PAGES[name]
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        client: Client = service.clients[who]
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": service.url}])
        page = context.new_page()
        page.goto(service.url + path.format(**service.keys))
        return page

    yield open_at
    for context in contexts:
        context.close()


@WIDTHS
def test_every_page_is_usable_by_everyone_and_fits(opened: Any, width: int) -> None:
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    breaches, too_wide, titles, faults = [], [], [], []
    for name in PAGES:
        page: Page = opened(name, width)
        page.on("pageerror", lambda error, name=name: faults.append((name, str(error))))
        page.reload()
        if folder := os.environ.get("OPENPEEL_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name.replace(' ', '-')}-{width}.png", full_page=True)
        found = Axe().run(page, options=options)
        breaches += [
            (name, breach["id"], [node["html"][:200] for node in breach["nodes"]][:3])
            for breach in found.response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(name)
        titles.append(page.title())
    assert breaches == []
    assert too_wide == []
    assert faults == []
    assert len(set(titles)) >= len(PAGES) - 4  # the matrix is one page with four filters


def test_the_matrix_refreshes_by_itself_and_says_what_has_changed(
    opened: Any, service: SimpleNamespace, person: MakePerson
) -> None:
    page: Page = opened("matrix", 1280)
    page.clock.install()
    page.reload()
    summary = page.locator("#completeness-summary")
    before = summary.text_content()
    asked = Asked.objects.filter(collection__key=service.keys["open"], returns=None).first()
    assert asked is not None
    handed_in(asked, person(Role.CONTRIBUTOR, force=asked.force), "accepted", at=timezone.now())
    page.locator(".openpeel-matrix-wide").evaluate("e => (e.scrollLeft = 200)")
    page.clock.fast_forward(31_000)
    page.wait_for_function(
        "before => document.querySelector('#completeness-summary').textContent !== before", arg=before
    )
    assert page.locator(".openpeel-matrix-wide").evaluate("e => e.scrollLeft") == 200
    assert summary.get_attribute("aria-live") == "polite"


def test_the_matrix_prints_with_every_cell_named(opened: Any) -> None:
    page: Page = opened("matrix of one force", 1280)
    page.emulate_media(media="print")
    cell = page.locator(".openpeel-cell").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content").strip('"').rstrip() != "none"
    assert page.locator(".openpeel-matrix thead").is_hidden()
    assert page.locator("form.openpeel-filters").is_hidden()
