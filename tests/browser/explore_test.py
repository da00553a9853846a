"""The pages of figures in a browser: accessible, readable on a phone, and of use without a mouse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from openpeel.web.accounts.permissions import Role
from web_explore import MakeFigures, computed, explored
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, django_db_setup, person

__all__ = ["computed", "django_db_setup", "explored", "person"]

# Playwright runs a loop in this thread, and Django takes its own calls of the database for ones from within it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/explore/",
    "/explore/?force=hertfordshire",
    "/explore/?area=powers&force=hertfordshire",
    "/explore/?q=unicorn",
    "/explore/measures/searches_per_1000?force=hertfordshire",
    "/explore/measures/searches_per_1000?force=hertfordshire&method=control",
    "/explore/measures/searches_per_1000?method=overdispersed",
    "/explore/measures/searches",
    "/explore/measures/outcome?force=hertfordshire",
    "/explore/forces/hertfordshire",
    "/api/",
)


@pytest.fixture
def opened(chromium: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a page of the service at a width: opened('/explore/', 375)."""
    contexts = []

    def open_at(path: str, width: int = 1280) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_of_figures_break_no_rule_of_accessibility_and_fit(
    explored: MakeFigures, opened: Any, width: int
) -> None:
    explored()
    titles = set()
    for path in PAGES:
        page = opened(path, width)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        titles.add(page.title())
    assert len(titles) == len(PAGES)


def test_charts_load_and_a_phone_gets_those_of_its_own(explored: MakeFigures, opened: Any) -> None:
    explored()
    for width, shape in ((1280, "wide"), (375, "narrow")):
        page = opened("/explore/measures/searches_per_1000?force=hertfordshire", width)
        picture = page.locator(".openpeel-figure img").first
        picture.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.openpeel-figure img').complete")
        assert picture.evaluate("i => i.naturalWidth") > 300
        assert f"sd-{shape}.svg" in picture.evaluate("i => i.currentSrc")
        assert "Hertfordshire" in picture.get_attribute("alt")


def test_a_force_and_a_method_are_chosen_with_the_keyboard(explored: MakeFigures, opened: Any) -> None:
    explored()
    page = opened("/explore/measures/searches_per_1000")
    page.get_by_label("Force", exact=True).focus()
    page.keyboard.type("Hert")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**force=hertfordshire**")
    assert page.get_by_role("heading", name="Hertfordshire Constabulary").is_visible()
    page.get_by_role("link", name="Control limits").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**method=control**")
    assert "force=hertfordshire" in page.url
    assert page.get_by_role("link", name="Control limits").get_attribute("aria-current") == "page"


def test_what_is_not_published_says_so_to_who_may_see_it(
    explored: MakeFigures, opened: Any, person: MakePerson
) -> None:
    explored(state="shared")
    someone = person(Role.APPROVER, force=HERTFORDSHIRE)
    page = opened("/account/sign-in")
    page.get_by_label("E-mail").or_(page.locator("[name=username]")).first.fill(someone.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/explore/forces/hertfordshire")
    assert page.get_by_text("Not published").is_visible()
    assert Axe().run(page).violations_count == 0
