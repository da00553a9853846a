"""The pages of releases and alerts as people meet them in a browser: usable by everyone, at a desk and on a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.releases.states import PUBLISHED
from web_people import MakePerson, SignIn, django_db_setup, person, signed_in
from web_releases import AT, MakeRelease, analyst, lake, release

__all__ = ["analyst", "django_db_setup", "lake", "person", "release", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

#: Every page, by what is kept of its picture.
PAGES = {
    "list": "/releases/",
    "new": "/releases/new",
    "published": "/releases/of/first",
    "frozen": "/releases/of/second",
    "in-the-making": "/releases/of/third",
    "failed": "/releases/of/fourth",
    "share": "/releases/of/second/share",
    "not-now": "/releases/of/third/share",
    "compare": "/releases/compare",
    "compared": "/releases/compare?earlier=first&later=second",
    "years-differ": "/releases/compare?earlier=first&later=first",
    "alerts": "/releases/alerts",
    "alerts-of": "/releases/alerts/hertfordshire",
}


def _opened(chromium: Browser, address: str, client: Client | None, width: int) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    if client is not None:
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": address}])
    return context.new_page()


def _look(page: Page, name: str, width: int) -> None:
    """Keep a picture where a folder is named for it."""
    if folder := os.environ.get("OPENPEEL_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@WIDTHS
def test_every_page_is_whole_and_usable_by_everyone(
    chromium: Browser,
    live_server: Any,
    release: MakeRelease,
    analyst: Person,
    signed_in: SignIn,
    lake: Path,
    width: int,
) -> None:
    release("first", figures=True, state=PUBLISHED, about="What forces had handed in by 1 June.")
    release("second", figures=True, frozen_at=AT.replace(month=8))
    manifest = (lake / "releases" / "second.json").read_text()
    for name in ("third", "fourth"):
        (lake / "releases" / f"{name}.json").write_text(manifest.replace('"second"', f'"{name}"', 1))
    release("third", progress=42)
    release("fourth", figures_failed="The release 'fourth' holds a return read under another version.")
    wrong: dict[str, Any] = {}
    for who in ("analyst", "public"):
        page = _opened(chromium, live_server.url, signed_in(analyst) if who == "analyst" else None, width)
        for name, path in PAGES.items():
            if who == "public" and name not in ("list", "published", "compare"):
                continue
            about = f"{name}-{who}"
            answer = page.goto(f"{live_server.url}{path}")
            assert answer is not None
            assert answer.status == 200, about
            _look(page, about, width)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong[about] = "wider than the screen"
            found = Axe().run(page, options=_OPTIONS).response["violations"]
            if found:
                wrong[f"{about} by axe"] = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
        page.context.close()
    assert wrong == {}


def test_a_release_is_shared_and_published_by_clicking(
    chromium: Browser,
    live_server: Any,
    release: MakeRelease,
    analyst: Person,
    person: MakePerson,
    signed_in: SignIn,
) -> None:
    release("first", figures=True)
    page = _opened(chromium, live_server.url, signed_in(analyst), 1280)
    page.goto(f"{live_server.url}/releases/of/first")
    page.get_by_role("button", name="Share with forces").click()
    page.get_by_role("button", name="Share with forces").click()
    assert page.get_by_text("Shared with forces: first.").is_visible()
    page.context.close()
    page = _opened(chromium, live_server.url, signed_in(person(Role.PUBLISHER)), 1280)
    page.goto(f"{live_server.url}/releases/of/first")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    assert page.get_by_text("Published: first.").is_visible()
    page.context.close()
    page = _opened(chromium, live_server.url, None, 375)
    page.goto(f"{live_server.url}/releases/")
    page.get_by_role("link", name="first", exact=True).click()
    assert page.get_by_role("heading", name="Release first").is_visible()
    page.context.close()
