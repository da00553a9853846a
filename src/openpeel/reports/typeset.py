"""Sets the document of a report as a tagged PDF with WeasyPrint. What it says is arranged in `pdf.py`.

PDF/UA-1 is asked of WeasyPrint, which tags headings, lists, tables, links and pictures with their alternatives; that
is no promise that every rule of that standard is kept.

This takes longer than everything else that a report is made of, and Python does one thing at a time: so this module
can also be run by itself, given a document and answering with a PDF. It imports little, so that it starts quickly.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpeel.errors import DataError, ReaderError, UseError
from openpeel.reports.charts_on_paper import charts_on_paper

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

#: Where the pictures of the document are said to be; no such host can exist (RFC 2606), and none is asked.
_PLACE = "http://report.invalid/"
_VARIANT = "pdf/ua-1"


@dataclass(frozen=True)
class Document:
    """What a PDF is made of: the page of HTML, and by the names that it calls them the charts and other pictures."""

    title: str
    html: str
    charts: Mapping[str, bytes]
    images: Mapping[str, bytes]


def typeset(document: Document) -> bytes:
    """The document as a PDF; see `pdf.pdf_bytes` for what is raised."""
    pictures = {**document.charts, **document.images}
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        raise UseError(
            f"the libraries that a PDF is made with are not here ({str(error).splitlines()[0]})",
            advice="On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from None
    # Drawn from what WeasyPrint would keep of pictures that it has seen before.
    fonts = FontConfiguration()
    charts = {_PLACE + name: chart for name, chart in charts_on_paper(document.charts, fonts).items()}
    said = _Messages()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(said)
    try:
        pdf: bytes = weasyprint.HTML(
            string=document.html, base_url=_PLACE, url_fetcher=_given(pictures)
        ).write_pdf(
            font_config=fonts,
            cache=charts,
            pdf_variant=_VARIANT,
            pdf_identifier=_identifier(document.html, pictures),
        )
    finally:
        logger.removeHandler(said)
    if said.errors:
        raise DataError(f"the PDF would not be whole: {'; '.join(said.errors)}", where=document.title)
    return pdf


def _identifier(html: str, pictures: Mapping[str, bytes]) -> bytes:
    """Different as soon as the document is."""
    digest = hashlib.sha256(html.encode())
    for name in sorted(pictures):
        digest.update(name.encode() + b"\0" + hashlib.sha256(pictures[name]).digest())
    return digest.hexdigest()[:32].encode()


def _given(pictures: Mapping[str, bytes]) -> URLFetcher:
    """What gives WeasyPrint these pictures and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Given(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            name = url.removeprefix(_PLACE)
            if url == name or name not in pictures:
                raise ValueError("not a picture of this report")
            kind = {"svg": "image/svg+xml", "png": "image/png"}.get(name.rpartition(".")[2], "image/jpeg")
            return URLFetcherResponse(url, pictures[name], {"Content-Type": kind})

    return Given()


class _Messages(logging.Handler):
    """Keeps what WeasyPrint calls an error; its warnings are about style that only a screen has."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(record.getMessage())


def _answer() -> None:
    """Makes the PDF of the document that comes in."""
    gc.disable()  # a process for one document ends before it is worth looking for what it no longer needs
    with suppress(OSError):  # said by `typeset`
        import weasyprint  # noqa: F401  # while what is to be laid out is on its way
    document: Document = pickle.load(sys.stdin.buffer)
    made: bytes | ReaderError
    try:
        made = typeset(document)
    except ReaderError as error:
        made = error
    sys.stdout.buffer.write(pickle.dumps(made))


if __name__ == "__main__":
    try:
        _answer()
    except KeyboardInterrupt:  # whoever started this process says so
        sys.exit(130)
