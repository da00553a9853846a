"""The pages of a report as a reader meets them: at a desk, on a phone, with a keyboard alone, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from openpeel.publishing.folder import replace_folder
from openpeel.reports.arranged import figure_name, report_charts
from openpeel.reports.drawings import drawings
from openpeel.reports.site import site_files
from report_sample import sample_report

pytestmark = pytest.mark.browser

FIGURE = f"figures/{figure_name(sample_report().figures[-1].figure.id)}.html"
PAGES = (
    "index.html",
    "using-powers-force.html",
    "chapter-index.html",
    "numbers.html",
    "about-the-data.html",
    FIGURE,
)
WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desktop", "phone"])
EACH = pytest.mark.parametrize("name", PAGES)

#: What a keyboard must reach, in the order of the page: what can be seen of links, folds and what scrolls.
REACHABLE = "a[href], summary, [tabindex='0']"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = sample_report()
    folder = tmp_path_factory.mktemp("site")
    files = site_files(report, drawings(report_charts(report), folder / "cache"))
    replace_folder(files, folder / "report")
    return folder / "report"


@pytest.fixture
def opened(chromium: Browser, site: Path) -> Iterator[Callable[[str, int], Page]]:
    """Opens one of the pages from the disk at a width, everything unfolded; closed after the test."""
    pages = []

    def open_at(name: str, width: int) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.goto((site / name).as_uri())
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
def test_axe_finds_nothing_by_any_of_its_rules(
    opened: Callable[[str, int], Page], name: str, width: int
) -> None:
    found = Axe().run(opened(name, width))
    breaches = [
        (breach["id"], [node["html"] for node in breach["nodes"]]) for breach in found.response["violations"]
    ]
    assert breaches == []


@EACH
def test_the_keyboard_reaches_everything_in_the_order_of_the_page(
    opened: Callable[[str, int], Page], name: str
) -> None:
    page = opened(name, 1280)
    expected = page.evaluate(
        f"""() => [...document.querySelectorAll("{REACHABLE}")].map((e, i) => {{ e.dataset.place = i; return i; }})"""
    )
    reached = []
    for _ in expected:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("Number(document.activeElement.dataset.place)"))
    assert reached == expected


def test_all_folds_open_with_the_keyboard_and_show_their_table(chromium: Browser, site: Path) -> None:
    page = chromium.new_page()
    page.goto((site / "using-powers-force.html").as_uri())
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details table").first.is_visible()
    page.close()


@EACH
def test_nothing_is_asked_of_the_network_or_of_another_folder(
    chromium: Browser, site: Path, name: str
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / name).as_uri())
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith((site.as_uri() + "/", "data:,"))] == []


def test_from_the_first_page_to_where_a_number_comes_from_and_back_without_scripts(
    chromium: Browser, site: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Using powers & <force>").first.click()
    number = page.locator("a.figure").first
    printed = number.inner_text()
    number.click()
    assert page.locator("h1").inner_text() == "Where does this come from?"
    assert page.locator(".large b").inner_text() == printed
    page.get_by_role("link", name="Using powers & <force>").click()
    assert page.url == (site / "using-powers-force.html").as_uri()
    page.locator(".trail a").first.click()
    assert page.url == (site / "index.html").as_uri()
    context.close()


@WIDTHS
def test_every_chart_is_there_in_the_shape_for_the_screen(
    opened: Callable[[str, int], Page], width: int
) -> None:
    images = opened("using-powers-force.html", width).evaluate(
        "[...document.images].map(i => ({file: i.currentSrc, width: i.naturalWidth, alt: i.alt}))"
    )
    shape = "wide" if width > 640 else "narrow"
    assert len(images) == 2
    assert all(image["width"] > 0 and image["alt"] for image in images)
    assert all(image["file"].endswith(f"-{shape}.svg") for image in images)


def test_on_paper_a_page_leaves_out_what_only_a_screen_can_do(opened: Callable[[str, int], Page]) -> None:
    page = opened("using-powers-force.html", 1280)
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert not page.locator("details").first.is_visible()
    assert page.locator("img").first.is_visible()
    decoration = page.locator("a.figure").first.evaluate("e => getComputedStyle(e).textDecorationLine")
    assert decoration == "none"
