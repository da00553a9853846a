"""Several pages as a reader meets them in a browser: each usable by everyone, and all leading to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = ("index.html", "powers.html", "prevention.html", "data.html")
WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
EACH = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def opened(chromium: Browser, several: Path) -> Iterator[Callable[[str, int], Page]]:
    """Opens one of the pages from the disk at a width, everything unfolded; closed after the test."""
    pages = []

    def open_at(name: str, width: int) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.goto((several / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return page

    yield open_at
    for page in pages:
        page.close()


@EACH
@WIDTHS
def test_nothing_has_to_be_scrolled_sideways(
    opened: Callable[[str, int], Page], name: str, width: int
) -> None:
    assert opened(name, width).evaluate("document.documentElement.scrollWidth") <= width


@EACH
@WIDTHS
def test_axe_finds_no_breach_of_wcag_2_aa(opened: Callable[[str, int], Page], name: str, width: int) -> None:
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(opened(name, width), options=options)
    breaches = [
        (breach["id"], [node["html"] for node in breach["nodes"]]) for breach in found.response["violations"]
    ]
    assert breaches == []


@EACH
def test_nothing_is_asked_of_the_network_or_of_another_folder(
    chromium: Browser, several: Path, name: str
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((several / name).as_uri())
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith((several.as_uri() + "/", "data:,"))] == []


def test_from_the_first_page_to_a_measure_and_back_without_scripts(chromium: Browser, several: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((several / "index.html").as_uri())
    first = page.locator(".matters a").first
    title = first.inner_text()
    first.click()
    assert page.url.partition("#")[0] == (several / "powers.html").as_uri()
    anchor = page.url.partition("#")[2]
    assert page.locator(f"[id='{anchor}']").inner_text() == title
    page.locator(".trail a").click()
    assert page.url == (several / "index.html").as_uri()
    context.close()


@EACH
def test_a_keyboard_user_can_skip_to_the_content(opened: Callable[[str, int], Page], name: str) -> None:
    page = opened(name, 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@WIDTHS
def test_every_chart_is_there_in_the_shape_for_the_screen(
    opened: Callable[[str, int], Page], width: int
) -> None:
    images = opened("powers.html", width).evaluate(
        "[...document.images].map(i => ({file: i.currentSrc, width: i.naturalWidth, alt: i.alt}))"
    )
    shape = "wide" if width > 640 else "narrow"
    assert images
    assert all(image["width"] > 0 and image["alt"] for image in images)
    assert all(image["file"].endswith(f"-{shape}.svg") for image in images)
