"""The whole round as people go through it in a browser: planned, handed in badly, put right, answered, confirmed,
accepted, frozen, shared, published, looked at. Nothing is done but by pressing what the pages offer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page, expect

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.trail.models import Event
from openpeel.web.trail.verify import Verified, verify
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, PASSWORD, MakePerson, django_db_setup, person
from web_returns import as_csv, home, volunteer, volunteers, work

__all__ = ["django_db_setup", "home", "person"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "Zebedee-Quickfoot-of-Hertford"


@pytest.fixture(autouse=True)
def _the_browser_runs_in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright has a loop of its own here, in which Django would not touch the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, url: str, width: int) -> None:
        self.page: Page = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB"
        ).new_page()
        self.url = url
        self.page.goto(url)

    def sign_in(self, who: Person) -> None:
        """By password and, where a role wants one, a second factor that is set up now."""
        self.page.goto(self.url + "/account/sign-in")
        self.page.get_by_label("E-mail address").fill(who.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        if who.needs_second_factor:
            self.page.goto(self.url + "/account/second-factor/set-up")
            self.press("Begin")
            device = TOTPDevice.objects.get(user=who)
            self.page.get_by_label("Code", exact=True).fill(f"{TOTP(device.bin_key).token():06}")
            self.press("Go on")
        self.page.goto(self.url)

    def follow(self, text: str) -> None:
        """Follow the link that says so, though it may look like a button."""
        link = self.page.locator("a:visible").filter(has_text=text).first
        menu = self.page.get_by_role("button", name="Menu")
        if not link.count() and menu.is_visible():
            menu.click()
        link.click()
        self.look()

    def press(self, text: str) -> None:
        """Press the button that says so."""
        self.page.get_by_role("button", name=text, exact=True).first.click()
        self.look()

    def look(self) -> None:
        """The page fits the screen and is usable by everyone."""
        self.page.wait_for_load_state()
        width = self.page.viewport_size
        assert width is not None
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width["width"], self.page.url
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def sees(self, text: str) -> None:
        """The page says so."""
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Iterator[Callable[[int], Visitor]]:
    """Makes somebody at a browser of the given width."""
    there: list[Visitor] = []

    def come(width: int = 1280) -> Visitor:
        there.append(Visitor(chromium, live_server.url, width))
        return there[-1]

    yield come
    for each in there:
        each.page.context.close()


def _file(folder: Path, name: str, rows: list[list[str]]) -> Path:
    path = folder / name
    path.write_bytes(as_csv(rows))
    return path


@pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
def test_a_round_from_the_plan_to_the_published_figure(
    home: Path, person: MakePerson, visitor: Callable[[int], Visitor], width: int
) -> None:
    assert os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    anna = person(Role.ANALYST, name="Anna Analyst")
    kim = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="Kim Contributor")
    ava = person(Role.APPROVER, force=HERTFORDSHIRE, name="Ava Approver")
    paul = person(Role.PUBLISHER, name="Paul Publisher")
    person(Role.CONTRIBUTOR, force=BEDFORDSHIRE, name="Bea Contributor")

    analyst = visitor(width)
    analyst.sign_in(anna)
    analyst.follow("Collections")
    analyst.follow("Plan a collection")
    page = analyst.page
    page.get_by_label("Name").fill("Spring round")
    page.get_by_label("Opening day").fill("2026-11-24")
    page.get_by_label("Closing day").fill("2099-12-31")
    page.get_by_label("Period", exact=True).fill("March 2024")
    page.get_by_label("Volunteer", exact=True).check()
    page.get_by_label("Only those chosen below").check()
    page.get_by_label("Hertfordshire").check()
    page.get_by_label("Opening day").fill("2099-01-31")
    analyst.press("Save the plan")
    analyst.follow("Open now")
    analyst.press("Open the collection")
    work()

    contributor = visitor(width)
    contributor.sign_in(kim)
    contributor.follow("Collections")
    contributor.follow("Hand in")
    bad = [*volunteers(28), volunteer(29, as_at=SECRET), volunteer(30, as_at="later")]
    contributor.page.get_by_label("The files of the return").set_input_files(_file(home, "bad.csv", bad))
    contributor.press("Hand in")
    work()
    contributor.page.reload()
    contributor.sees("2 were rejected")
    contributor.follow("See the rejected rows")
    contributor.sees("bad.csv")
    assert SECRET not in contributor.page.content()

    contributor.page.goto(contributor.url)
    contributor.follow("Collections")
    contributor.follow("Hand in")
    good = [*volunteers(29), volunteer(30, gender="")]
    contributor.page.get_by_label("The files of the return").set_input_files(_file(home, "good.csv", good))
    contributor.press("Hand in")
    work()
    contributor.page.reload()
    contributor.sees("30 can be taken")
    queries = contributor.page.locator("dt a").all_text_contents()
    there = contributor.page.url
    for query in queries:
        contributor.page.goto(there)
        contributor.page.locator("dt a").nth(queries.index(query)).click()
        contributor.page.get_by_label("The data are right, and this is why").check()
        contributor.page.get_by_label("Say more").fill("It was counted by hand.")
        contributor.press("Send the answer")

    approver = visitor(width)
    approver.sign_in(ava)
    approver.page.goto(there)
    approver.page.get_by_label("I confirm for the force").check()
    approver.press("Confirm the return")
    approver.sees("Confirmed by the force")

    analyst.page.goto(there)
    for place in range(len(queries)):
        analyst.page.goto(there)
        analyst.page.locator("dt a").nth(place).click()
        analyst.page.get_by_label("Settled").check()
        analyst.press("Send the reply")
    analyst.page.goto(there)
    analyst.press("Accept the return")
    work()
    analyst.page.reload()
    analyst.sees("Accepted")

    analyst.follow("Releases")
    analyst.follow("Freeze a release")
    analyst.page.get_by_label("Name").fill("spring")
    analyst.page.get_by_label("Last day of the year").fill("31 March 2024")
    analyst.press("Freeze")
    work()
    analyst.page.reload()
    analyst.follow("Share with forces …")
    analyst.press("Share with forces")

    public = visitor(width)
    public.page.goto(public.url + "/releases/of/spring")
    public.sees("Page not found")

    publisher = visitor(width)
    publisher.sign_in(paul)
    publisher.follow("Releases")
    publisher.follow("spring")
    publisher.follow("Publish …")
    publisher.press("Publish")

    public.page.goto(public.url)
    public.follow("Explore")
    public.page.goto(public.url + "/explore/measures/volunteers?force=hertfordshire")
    public.look()

    assert isinstance(verify(), Verified)
    said = " ".join(Event.objects.values_list("said", flat=True))
    assert SECRET not in said
