"""The pages of a report: every number leads to where it comes from, and every link to something that is there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest

from openpeel.errors import UseError
from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import shown
from openpeel.reports.arranged import figure_name, report_charts
from openpeel.reports.placing import placed
from openpeel.reports.report import Chapter, Prose, Report
from openpeel.reports.site import Download, chapter_files, site_files
from report_sample import TITLE, cite, link, sample_report

DOWNLOADS = (
    Download("report.pdf", "The report as a PDF", 2_123_456),
    Download("figures.csv", "Figures <csv>", 999),
)


class Page(HTMLParser):
    """Start tags with their attributes, ids, and the text of a page as a reader has it."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(html.decode())
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text += f"{data} "

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if "id" in a]


def drawn(report: Report) -> dict[str, bytes]:
    """A stand-in for each drawing: what they look like is said in other tests."""
    return dict.fromkeys(report_charts(report), b'<svg xmlns="http://www.w3.org/2000/svg"/>')


def made(report: Report) -> dict[str, bytes]:
    return site_files(report, drawn(report), downloads=DOWNLOADS)


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def site(report: Report) -> dict[str, bytes]:
    return made(report)


@pytest.fixture(scope="module")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content) for name, content in site.items() if name.endswith(".html")}


def target(page: str, href: str) -> tuple[str, str]:
    """The file within the folder that a link leads to, and the place in it."""
    file, _, anchor = href.partition("#")
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / file).parts if file else PurePosixPath(page).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts), anchor


def test_there_is_a_page_for_each_chapter_each_figure_and_the_data(
    report: Report, site: dict[str, bytes]
) -> None:
    assert next(iter(site)) == "index.html"
    expected = {
        "index.html",
        "using-powers-force.html",
        "chapter-index.html",
        "numbers.html",
        "about-the-data.html",
    }
    assert {name for name in site if "/" not in name} == expected
    names = {figure_name(c.figure.id) for c in report.figures}
    assert {n for n in site if n.startswith("figures/")} == {
        f"figures/{n}{end}" for n in names for end in (".html", ".json")
    }


def test_every_link_leads_to_a_file_and_a_place_that_are_there(
    site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    beside = {d.file for d in DOWNLOADS}
    followed = 0
    for name, page in pages.items():
        for attributes in page.of("a", "img", "source"):
            for address in (attributes.get("href"), attributes.get("src"), attributes.get("srcset")):
                if address is None or address.startswith("https://example.org/"):
                    continue
                file, anchor = target(name, address)
                assert file in site or file in beside, (name, address)
                if anchor:
                    assert anchor in pages[file].ids, (name, address)
                followed += 1
    assert followed > 150


def test_no_id_is_on_a_page_twice(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name


def test_each_number_of_the_prose_leads_to_the_page_of_its_figure(
    report: Report, site: dict[str, bytes]
) -> None:
    by_name = {figure_name(c.figure.id): c.figure for c in report.figures}
    found = 0
    for name, content in site.items():
        if name.endswith(".html") and "/" not in name:
            for file, text in re.findall(
                r'<a class="figure" href="figures/([^"]+)\.html">([^<]*)</a>', content.decode()
            ):
                figure = by_name[unescape(file)]
                assert unescape(text) == shown(figure.value, figure.unit)
                found += 1
    assert found >= 2 * len(report.figures)  # in the list of numbers, and in prose, tables and charts


def test_the_page_of_a_figure_says_all_that_is_known_of_it_and_nothing_of_another(
    report: Report, site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    for cited in report.figures:
        figure = cited.figure
        name = f"figures/{figure_name(figure.id)}.html"
        text = pages[name].text
        assert figure.numerator is not None
        assert figure.denominator is not None
        said = (
            shown(figure.value, figure.unit).partition(" ")[0],
            f"{figure.numerator:,.0f}",
            f"{figure.denominator:,.0f}",
            cited.sentence,
            *cited.compared,
            cited.counted,
            cited.denominator,
            cited.formula,
            cited.source,
            *cited.notes,
            f"openpeel explain {figure.id}",
            report.release_id,
            *(f"{file} SHA-256 {digest}" for file, digest in cited.files),
        )
        for part in said:
            assert part in text, (name, part)
        assert not [c.figure.id for c in report.figures if c is not cited and c.figure.id in text]
        assert "Printed in" in text
        record = json.loads(site[name.replace(".html", ".json")])
        assert record["figure"] == figure.as_json()
        assert record["months"][1] == {"month": "2020-05", "numerator": None}
    assert "May 2020 withheld" in text
    assert "April 2020 1,204" in text


def test_a_figure_that_is_withheld_has_a_page_without_a_number(report: Report) -> None:
    hidden = replace(
        report.figures[0].figure, value=None, lower=None, upper=None, numerator=None, denominator=None
    )
    hidden = replace(hidden, method=WITHHELD)
    cited = replace(cite(hidden), months=(), sentence="The number is small and is withheld.", compared=())
    content = made(replace(report, figures=(cited, *report.figures[1:])))[
        f"figures/{figure_name(hidden.id)}.html"
    ]
    text = Page(content).text
    assert "withheld" in text
    assert "Counted in each month" not in text
    assert "It is not compared with other forces." in text
    assert "None" not in text


def test_a_figure_of_an_audit_names_its_audit_and_no_release(report: Report) -> None:
    audited = replace(cite(report.figures[0].figure), audit="stop_search", months=(), compared=())
    files = made(replace(report, figures=(audited, *report.figures[1:])))
    name = figure_name(audited.figure.id)
    text = Page(files[f"figures/{name}.html"]).text
    assert "Audit stop_search Definition" in text
    assert f"openpeel explain {audited.figure.id} --codings FILE --frame FILE" in text
    record = json.loads(files[f"figures/{name}.json"])
    assert (record["audit"], record["release"]) == ("stop_search", None)
    assert "Not compared" in Page(files["numbers.html"]).text


def test_titles_and_texts_are_escaped_and_said_in_full(
    report: Report, site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    for name, page in pages.items():
        content = site[name].decode()
        assert "<Hertfordshire>" not in content
        assert "<force>" not in content
        assert "<these>" not in content
        assert "&amp;amp;" not in content
        assert TITLE in page.text
    assert (
        "<title>Stop &amp; search in &lt;Hertfordshire&gt;: &#34;fair and effective&#34; – openpeel</title>"
        in site["index.html"].decode()
    )


def test_the_first_page_has_what_a_reader_looks_for_first(pages: dict[str, Page]) -> None:
    text = pages["index.html"].text
    for part in (
        "Hertfordshire Constabulary, the year ending 31 March 2021",
        "These records are invented for demonstration.",
        "2 July 2021: A heading was wrong & is right.",
        "Using powers & <force> Requires improvement",
        "Index Good",
        "The force made 5.2 searches per 1,000 people",
        "The report as a PDF (2.1 MB)",
        "Figures <csv> (1 kB)",
        "Of 13 figures for Hertfordshire Constabulary, compared with the range of forces: ",
    ):
        assert part in text, part


def test_a_chapter_says_its_grade_its_headings_and_where_to_go_on(pages: dict[str, Page]) -> None:
    text = pages["using-powers-force.html"].text
    assert "Grade: Requires improvement How often & why Main reasons" in text
    assert "Area for improvement Write down why" in text
    assert "Next: Index" in text
    assert "Before: Using powers & <force>" in pages["chapter-index.html"].text
    text = pages["chapter-index.html"].text
    assert "Cause of concern Something." in text
    assert "Cause of concern Cause of concern" not in text


def test_headings_go_down_one_level_at_a_time(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_a_chart_has_words_that_state_the_finding_and_a_table_behind_it(
    report: Report, pages: dict[str, Page]
) -> None:
    page = pages["using-powers-force.html"]
    alts = [a["alt"] or "" for a in page.of("img")]
    rate = report.figures[0].figure
    assert len(alts) == 2
    assert alts[0].startswith(
        f"Hertfordshire Constabulary: {shown(rate.value, rate.unit)} per 1,000 population ("
    )
    assert "within the range of forces" in alts[0]
    assert "Show the table behind Figure 1" in page.text
    assert len(page.of("table")) == 2
    assert "Table 1. Searches with a linked outcome, by force" in pages["chapter-index.html"].text


def test_in_a_table_of_forces_the_forces_own_value_alone_leads_to_where_it_comes_from(
    report: Report, site: dict[str, bytes]
) -> None:
    rate = report.figures[0].figure
    _, _, behind = site["using-powers-force.html"].decode().partition("<details>")
    table = behind.partition("</table>")[0]
    assert re.findall(r'href="([^"]*)"', table) == [f"figures/{figure_name(rate.id)}.html"]


def test_the_page_about_the_data_has_the_paragraphs_and_the_numbers_that_are_no_figures(
    pages: dict[str, Page],
) -> None:
    text = pages["about-the-data.html"].text
    for part in (
        "They are invented. All of <them>.",
        "28 days a time limit in <law>",
        "sha256:9f2c51d07be3",
        "2 July 2021",
    ):
        assert part in text, part


def test_the_same_report_gives_the_same_bytes_and_another_day_other_ones(
    report: Report, site: dict[str, bytes]
) -> None:
    assert made(sample_report()) == site
    assert made(replace(report, made_on=date(2021, 6, 2)))["index.html"] != site["index.html"]


def test_no_two_chapters_have_one_page_and_none_has_that_of_another_kind(report: Report) -> None:
    slugs = ("index", "chapter-index", "numbers", "about-the-data")
    chapters = tuple(Chapter(slug, slug, None, (Prose("<p>Text.</p>"),)) for slug in slugs)
    files = chapter_files(replace(report, chapters=chapters))
    assert len(set(files.values()) | {"index.html", "numbers.html", "about-the-data.html"}) == 7


def test_a_report_without_a_summary_has_all_its_chapters_on_pages(report: Report) -> None:
    files = made(replace(report, chapters=report.chapters[1:]))
    assert "Summary" in Page(files["index.html"]).text  # the grades
    assert "using-powers-force.html" in files


def test_a_picture_of_the_prose_is_among_the_files_and_its_absence_is_said(
    report: Report, tmp_path: Path
) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(b"\x89PNG")
    with_picture = replace(report, images=(("images/map-1.png", picture),))
    assert made(with_picture)["images/map-1.png"] == b"\x89PNG"
    picture.unlink()
    with pytest.raises(UseError):
        made(with_picture)


def test_a_link_to_a_figure_that_the_report_does_not_hold_is_never_published(report: Report) -> None:
    other = link(report.figures[0].figure).replace("figure:searches", "figure:researches")
    broken = Chapter("Broken", "broken", None, (Prose(f"<p>{other}</p>"),))
    with pytest.raises(KeyError):
        made(replace(report, chapters=(*report.chapters, broken)))


def test_placing_changes_nothing_but_links_ids_levels_and_tables() -> None:
    html = '<p>a &lt; b &amp; c&#8217;d <em>e</em><br><img src="images/x.png" alt="a &quot;map&quot;"></p>'
    assert placed(html, figure=str, anchor=lambda a: f"#{a}").html == html
    odd = 'a.b?"&c'
    linked = placed(
        f'<a class="figure" href="figure:{escape(odd)}">1</a>', figure=lambda f: f"<{f}>", anchor=str
    ).html
    assert linked == f'<a class="figure" href="{escape(f"<{odd}>")}">1</a>'


def test_the_name_of_a_file_is_the_id_and_never_leads_out_of_its_folder() -> None:
    usual = "searches_per_1000.hertfordshire.2020-04.2021-03.all.5f0c2a9b.71e3d0c42a-smallest10"
    assert figure_name(usual) == usual
    odd = {figure_name(name) for name in ("../a", "..-a", "a/b", "a-b", "a b", ".a", "a" * 300 + "/")}
    assert len(odd) == 7
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name) and len(name) < 120 for name in odd)
