"""The PDF of a report: whole, tagged, the same each time, and made from nothing but the report."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from openpeel.errors import DataError, UseError
from openpeel.figures.rounding import shown
from openpeel.reports.arranged import report_charts
from openpeel.reports.drawings import drawings
from openpeel.reports.pdf import paper_html, pdf_beside, pdf_bytes
from openpeel.reports.report import Chapter, Prose, Report
from report_sample import TITLE, sample_report


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def drawn(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return drawings(report_charts(report), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def pdf(report: Report, drawn: dict[str, bytes]) -> bytes:
    return pdf_bytes(report, drawn)


@pytest.fixture(scope="module")
def document(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(pdf)
    yield opened
    opened.close()


def text_of(document: pypdfium2.PdfDocument) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in document]
    # A hyphen at the end of a line is one that was there: nothing is hyphenated.
    return " ".join(" ".join(pages).replace("\ufffe\r\n", "").replace("-\r\n", "-").split())


def elements(document: pypdfium2.PdfDocument) -> list[tuple[str, str]]:
    """Type and alternative text of every element of structure, page by page."""

    def said(read, element) -> str:  # type: ignore[no-untyped-def]
        buffer = ctypes.create_string_buffer(8192)
        length = read(element, buffer, len(buffer))
        return buffer.raw[: max(0, length - 2)].decode("utf-16-le")

    found: list[tuple[str, str]] = []

    def walk(element) -> None:  # type: ignore[no-untyped-def]
        if element:
            found.append(
                (
                    said(pdfium.FPDF_StructElement_GetType, element),
                    said(pdfium.FPDF_StructElement_GetAltText, element),
                )
            )
            for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
                walk(pdfium.FPDF_StructElement_GetChildAtIndex(element, place))

    for page in document:
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place))
        pdfium.FPDF_StructTree_Close(tree)
    return found


def unpacked(pdf: bytes) -> bytes:
    """The file with its streams as they are before they are made small."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            parts.append(stream)
    return b"\n".join(parts)


def test_it_is_tagged_and_says_its_language_its_title_and_that_it_asked_for_pdf_ua(
    pdf: bytes, document: pypdfium2.PdfDocument
) -> None:
    assert pdfium.FPDFCatalog_IsTagged(document)
    said = unpacked(pdf)
    for part in (
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/Lang (en-GB)",
        b"/DisplayDocTitle true",
        b'pdfuaid:part="1"',
    ):
        assert part in said, part
    about = document.get_metadata_dict()
    assert about["Title"] == TITLE
    assert about["Author"] == "openpeel"
    assert about["CreationDate"].startswith("D:20210601")


def test_headings_lists_tables_links_and_pictures_are_tagged_as_what_they_are(
    document: pypdfium2.PdfDocument, report: Report
) -> None:
    kinds = [kind for kind, _ in elements(document)]
    assert kinds.count("H1") == 1
    for kind in ("H2", "H3", "H4", "P", "L", "LI", "Table", "TH", "TD", "Caption", "Link", "BlockQuote"):
        assert kind in kinds, kind
    pictures = [alternative for kind, alternative in elements(document) if kind == "Figure"]
    assert len(pictures) == 3
    assert all(a.startswith("Hertfordshire Constabulary: ") for a in pictures)
    rate = report.figures[0].figure
    assert shown(rate.value, rate.unit) in pictures[0]


def test_every_printed_number_is_in_the_text_and_told_where_it_comes_from(
    document: pypdfium2.PdfDocument, report: Report
) -> None:
    text = text_of(document)
    for cited in report.figures:
        assert text.count(shown(cited.figure.value, cited.figure.unit)) >= 2
        assert cited.figure.id in text.replace(" ", "")
        assert cited.sentence in text
    for part in (
        TITLE,
        "Using powers & <force>",
        "a time limit in <law>",
        "A heading was wrong & is right.",
        "All of <them>.",
    ):
        assert part in text, part
    assert "&amp;" not in text
    assert "&lt;" not in text


def test_pages_are_numbered_and_the_contents_name_the_page_of_each_chapter(
    document: pypdfium2.PdfDocument,
) -> None:
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert "Page" not in pages[0]
    for number, text in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in text
        assert TITLE in text
    for title in ("Using powers & <force>", "About the data", "Where the numbers come from"):
        named = re.search(rf"{re.escape(title)}[ .]+(\d+)", pages[1])
        assert named, title
        assert pages[int(named[1]) - 1].startswith(title)


def test_behind_a_chart_is_the_row_of_the_force_and_in_a_table_are_all(report: Report) -> None:
    def row(force: str) -> str:
        return f'<th scope="row">{force}</th>'

    html = paper_html(report)
    tables = sum(block.kind == "table" and block.group is None for block in report.shown)
    assert (html.count(row("Kent")), tables) == (1, 2)  # the other table is of groups
    assert html.count(row("Hertfordshire")) == 3
    assert html.count(row("Mean of the 41 forces counted")) == 3


def test_every_link_within_it_leads_somewhere(report: Report) -> None:
    html = paper_html(report)
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="#([^"]*)"', html)
    assert len(links) > 20
    assert set(links) <= set(ids)
    assert '"figure:' not in html


def test_it_is_the_same_to_the_byte_in_another_process_on_another_day(
    pdf: bytes, drawn: dict[str, bytes], tmp_path: Path
) -> None:
    for name, svg in drawn.items():
        (tmp_path / name.replace("/", "!")).write_bytes(svg)
    code = (
        "import hashlib, sys, pathlib\nfrom report_sample import sample_report\n"
        "from openpeel.reports.pdf import pdf_bytes\n"
        "drawn = {p.name.replace('!', '/'): p.read_bytes() for p in pathlib.Path(sys.argv[1]).iterdir()}\n"
        "print(hashlib.sha256(pdf_bytes(sample_report(), drawn)).hexdigest())"
    )
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent / "src")])
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "SOURCE_DATE_EPOCH": "1",
    }
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(pdf).hexdigest()
    assert run.stderr == ""


def test_made_in_a_process_beside_it_is_the_same_and_fails_the_same(
    report: Report, drawn: dict[str, bytes], pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pdf_beside() as begin:
        assert begin(report, drawn)() == pdf
    with pdf_beside() as begin, pytest.raises(DataError, match="would not be whole"):
        begin(report, {})()
    monkeypatch.setattr("openpeel.reports.pdf.cores", lambda: 1)
    with pdf_beside() as begin:
        assert begin(report, drawn)() == pdf


def test_what_goes_wrong_beside_it_is_not_held_up_by_it(report: Report, drawn: dict[str, bytes]) -> None:
    with pytest.raises(ZeroDivisionError), pdf_beside():
        raise ZeroDivisionError


def test_another_report_is_another_document(report: Report, drawn: dict[str, bytes], pdf: bytes) -> None:
    other = pdf_bytes(replace(report, title="Another"), drawn)
    identifiers = [re.findall(rb"/ID \[([^\]]*)\]", content) for content in (pdf, other)]
    assert identifiers[0]
    assert identifiers[0] != identifiers[1]


def test_nothing_is_read_that_is_not_the_reports_own(
    report: Report, drawn: dict[str, bytes], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    for source in (
        secret.as_uri(),
        str(secret),
        "http://127.0.0.1:9/x.png",
        "../secret.svg",
        "images/not-there.png",
    ):
        prose = Prose(f'<p><img src="{source}" alt="A map"></p>')
        other = replace(report, chapters=(Chapter("One", "one", None, (prose,)),))
        with pytest.raises(DataError, match="would not be whole"):
            pdf_bytes(other, drawn)


def test_a_picture_of_the_report_is_in_it(report: Report, drawn: dict[str, bytes], tmp_path: Path) -> None:
    picture = tmp_path / "map.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    prose = Prose('<p><img src="images/map-1.svg" alt="A map of the &quot;county&quot;"></p>')
    other = replace(
        report, chapters=(Chapter("One", "one", None, (prose,)),), images=(("images/map-1.svg", picture),)
    )
    with pypdfium2.PdfDocument(pdf_bytes(other, drawn)) as document:
        assert ("Figure", 'A map of the "county"') in elements(document)


def test_weasyprint_warns_of_nothing_but_style_that_only_a_screen_has(
    report: Report, drawn: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf_bytes(report, drawn)
    screen = ("text-size-adjust", "print-color-adjust", "overflow-x", "fit-content", "media type")
    unexpected = [m for m in caplog.messages if not any(part in m for part in screen)]
    assert unexpected == []


def test_without_the_libraries_of_a_pdf_it_is_said_which_to_install(
    report: Report, drawn: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As WeasyPrint fails on a machine without Pango.
    (tmp_path / "weasyprint.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0'\\nand so on\")"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in [n for n in sys.modules if n.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UseError, match="libpango-1") as refused:
        pdf_bytes(report, drawn)
    assert "apt-get install libpango-1.0-0" in str(refused.value)
    with pytest.raises(UseError, match="libpango-1"), pdf_beside() as begin:
        begin(report, drawn)()
