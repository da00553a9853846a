"""Pages of the service in a browser: usable by everyone, on a telephone, without scripts, with nothing forbidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Role
from openpeel.web.trail.record import record
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, SignIn

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
EVERYTHING = (Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST)
BY_NOBODY = [
    "/",
    "/account/sign-in",
    "/account/password/forgotten",
    "/account/password/choose/MQ/wrong",
    "/account/permissions",
    "/nowhere",
]
BY_SOMEBODY = [
    "/",
    "/account/",
    "/account/password",
    "/account/people",
    "/account/people/add",
    "/account/people/add?organisation={organisation}",
    "/account/people/{key}",
    "/audit-trail/",
    "/audit-trail/?since=soon",
    "/audit-trail/events/1",
    "/releases/nothing",
]

Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server: Any) -> Iterator[Opened]:
    """Opens a page of the service at a width, with a client's session; what a browser complains of fails the test."""
    contexts, said = [], []

    def open_at(path: str, width: int, client: Any = None, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="en-GB"
        )
        contexts.append(context)
        if client is not None:
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [text for text in said if "status of 404" not in text and "status of 403" not in text] == []


def _fits_and_is_usable_by_all(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@WIDTHS
@pytest.mark.parametrize("path", BY_NOBODY)
def test_a_page_for_anybody_is_usable_by_all(opened: Opened, path: str, width: int) -> None:
    _fits_and_is_usable_by_all(opened(path, width), width)


@WIDTHS
@pytest.mark.parametrize("path", BY_SOMEBODY)
def test_a_page_for_people_is_usable_by_all(
    opened: Opened, person: MakePerson, signed_in: SignIn, path: str, width: int
) -> None:
    client = signed_in(person(*EVERYTHING, name="Alexandra Example-Longname"))
    other = person(Role.CONTRIBUTOR, Role.APPROVER, force=HERTFORDSHIRE, name="Ada Example")
    said = "Changed the roles of Ada Example."
    about = f"person {other.key}"
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    record(
        by=Actor(other),
        at=at,
        action="change roles",
        about=about,
        said=said,
        before="no role",
        after="approver",
    )
    page = opened(path.format(key=other.key, organisation=other.organisation.pk), width, client)
    _fits_and_is_usable_by_all(page, width)


@WIDTHS
def test_a_form_that_was_wrong_is_usable_by_all(opened: Opened, live_server: Any, width: int) -> None:
    page = opened("/account/sign-in", width)
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").get_by_role("link", name="Enter your e-mail address").is_visible()
    _fits_and_is_usable_by_all(page, width)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_sets_up_a_second_factor_and_comes_to_where_they_wanted(
    opened: Opened, person: MakePerson, scripts: bool
) -> None:
    auditor = person(Role.AUDITOR)
    page = opened("/audit-trail/", 375, scripts=scripts)
    page.get_by_label("E-mail address").fill(auditor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Begin").click()
    picture = page.get_by_role("img", name="QR code")
    assert picture.bounding_box()["width"] > 100  # type: ignore[index]
    if scripts:
        _fits_and_is_usable_by_all(page, 375)
    device = TOTPDevice.objects.get(user=auditor)
    page.get_by_label("Code").fill(f"{totp(device.bin_key):06}")
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_role("main").get_by_role("listitem").count() == 10
    if scripts:
        _fits_and_is_usable_by_all(page, 375)
    page.get_by_text("I have kept them").click()
    assert page.get_by_role("heading", name="Audit trail", level=1).is_visible()


def test_the_menu_of_a_telephone_works_with_scripts_and_without(
    opened: Opened, person: MakePerson, signed_in: SignIn
) -> None:
    client = signed_in(person(*EVERYTHING))
    with_scripts = opened("/", 375, client)
    people = with_scripts.get_by_role("navigation").get_by_role("link", name="People")
    assert not people.is_visible()
    with_scripts.get_by_role("button", name="Menu").click()
    assert people.is_visible()
    without = opened("/", 375, client, scripts=False)
    assert without.get_by_role("navigation").get_by_role("link", name="People").is_visible()
