"""The page as a reader meets it in a browser: nothing missing, nothing cut off, usable by everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])


@pytest.fixture
def opened(chromium: Browser, published: Path) -> Iterator[Callable[[int], Page]]:
    """Opens the page from the disk at a width; what was opened is closed after the test."""
    pages = []

    def open_at(width: int) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.goto((published / "index.html").as_uri())
        return page

    yield open_at
    for page in pages:
        page.close()


@WIDTHS
def test_nothing_has_to_be_scrolled_sideways(opened: Callable[[int], Page], width: int) -> None:
    page = opened(width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@WIDTHS
def test_nothing_is_asked_of_the_network_or_of_another_folder(
    chromium: Browser, published: Path, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((published / "index.html").as_uri())
    page.close()
    home = published.as_uri() + "/"
    assert asked
    assert [url for url in asked if not url.startswith((home, "data:,"))] == []


def test_the_page_says_everything_with_scripts_forbidden(chromium: Browser, published: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((published / "index.html").as_uri())
    assert page.locator("h2", has_text="Stop and searches per 1,000 population").is_visible()
    assert page.locator("figure img").first.is_visible()
    context.close()


@WIDTHS
def test_axe_finds_no_breach_of_wcag_2_aa(opened: Callable[[int], Page], width: int) -> None:
    page = opened(width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(page, options=options)
    breaches = [
        (breach["id"], [node["html"] for node in breach["nodes"]]) for breach in found.response["violations"]
    ]
    assert breaches == []


@WIDTHS
def test_every_chart_is_there_in_the_shape_for_the_screen(opened: Callable[[int], Page], width: int) -> None:
    images = opened(width).evaluate(
        "[...document.images].map(i => ({file: i.currentSrc, width: i.naturalWidth, alt: i.alt}))"
    )
    shape = "wide" if width > 640 else "narrow"
    assert len(images) == 11
    assert all(image["width"] > 0 and image["alt"] for image in images)
    assert all(image["file"].endswith(f"-{shape}.svg") for image in images)


def test_each_line_of_the_contents_leads_to_its_heading(opened: Callable[[int], Page]) -> None:
    page = opened(1280)
    links = page.locator("nav a").all()
    assert len(links) == 8
    for link in links:
        target = (link.get_attribute("href") or "").removeprefix("#")
        heading = page.locator(f"[id='{target}']")
        assert heading.evaluate("e => e.tagName") == "H2"
        assert heading.inner_text() == link.inner_text()
        link.click()
        assert heading.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_a_keyboard_user_can_skip_to_the_content(opened: Callable[[int], Page]) -> None:
    page = opened(1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("href", ["figures.csv", "figures.json", "all-forces.csv"])
def test_the_data_that_the_page_offers_lies_beside_it(
    opened: Callable[[int], Page], published: Path, href: str
) -> None:
    assert opened(1280).locator(f"#data ~ ul a[href='{href}']").count() == 1
    assert (published / href).stat().st_size > 0


def test_on_paper_no_chart_is_cut_by_the_end_of_a_page(opened: Callable[[int], Page]) -> None:
    page = opened(1280)
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('figure')].every(f => getComputedStyle(f).breakInside === 'avoid')"
    )
    assert page.evaluate("[...document.images].every(i => i.getBoundingClientRect().height < 970)")
    assert not page.locator("details").first.is_visible()
    assert page.locator(".paper").is_visible()
