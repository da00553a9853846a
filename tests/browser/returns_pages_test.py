"""The pages of returns as a force and an analyst meet them in a browser: nothing cut off, usable by everyone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from openpeel.web.returns.models import Return
from web_people import django_db_setup, person, signed_in
from web_returns import Round, as_csv, asked_round, home, volunteer, volunteers, work

__all__ = ["asked_round", "django_db_setup", "home", "person", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])

# Playwright has a loop of its own in this thread, in which Django would not touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Opened = Callable[[Client, str, int], Page]


@pytest.fixture
def opened(chromium: Browser, live_server: Any) -> Iterator[Opened]:
    """Opens a page of the service as somebody, at a width; with OPENPEEL_SHOTS it is photographed too."""
    contexts = []

    def open_at(client: Client, path: str, width: int) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_at
    for context in contexts:
        context.close()


def _hold(page: Page, width: int, name: str) -> None:
    if shots := os.environ.get("OPENPEEL_SHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@WIDTHS
def test_every_page_fits_and_can_be_used_by_everyone(asked_round: Round, opened: Opened, width: int) -> None:
    force, approver, analyst = (
        asked_round.client(p) for p in (asked_round.contributor, asked_round.approver, asked_round.analyst)
    )
    hand_in = f"/returns/hand-in/{asked_round.asked.key}"

    def look(client: Client, path: str, name: str) -> None:
        _hold(opened(client, path, width), width, name)

    look(force, "/returns/", "own-empty")
    look(analyst, "/returns/", "review-empty")
    look(force, hand_in, "hand-in")
    refused = asked_round.hand_in(as_csv([volunteer(1, as_at="soon")]))
    look(force, refused.link, "refused")
    asked_round.accepted(as_csv(volunteers(30)))
    bad = [*volunteers(20), *volunteers(90, scheme="Special constable", as_at="soon")[20:]]
    asked_round.send({"the volunteers of our force as they stood at the end of March 2024.csv": as_csv(bad)})
    look(force, asked_round.last().link, "waiting")
    work()
    checked = asked_round.last()
    query = checked.queries.get(hard=True)
    look(force, checked.link, "checked")
    look(force, f"/returns/{checked.key}/rejected", "rejected")
    look(force, query.link, "query")
    for one in checked.queries.all():
        asked_round.answer(one, "ask for a waiver", "They have left, and their records with them.")
    look(approver, checked.link, "to-confirm")
    asked_round.confirm(checked)
    look(analyst, "/returns/", "review")
    look(analyst, query.link, "query-reply")
    look(analyst, checked.link, "to-review")
    for one in checked.queries.all():
        asked_round.reply(one, "waive", "They do no harm.")
    look(analyst, checked.link, "to-accept")
    look(force, "/returns/", "own")


def test_the_page_of_a_return_follows_its_check_until_it_is_done(asked_round: Round, opened: Opened) -> None:
    asked_round.send({"volunteers.csv": as_csv(volunteers())})
    page = opened(asked_round.client(asked_round.contributor), asked_round.last().link, 1280)
    assert "Waiting to be checked: 0%" in page.inner_text("[role=status]")
    Return.objects.update(state="checking", progress=45)
    page.wait_for_selector("text=Being checked: 45%")
    Return.objects.update(state="received")
    work()
    page.wait_for_selector("text=The checks ask nothing.")
