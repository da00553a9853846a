"""The report as one tagged PDF, made from the same templates and the same arrangement as its pages.

PDF/UA-1 is asked of WeasyPrint, which tags headings, lists, tables, links and pictures with their alternatives; that
is no promise that every rule of that standard is kept.

Laying out takes longer than everything else that a report is made of, and Python does one thing at a time: so this
module can also be run by itself, given a report and answering with a PDF, while the rest is made.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from openpeel.errors import DataError, ReaderError, UseError
from openpeel.publishing.page import templates
from openpeel.reports.arranged import Addresses, arrange_report, figure_name, free_anchor, report_images
from openpeel.reports.charts_on_paper import charts_on_paper
from openpeel.reports.report import Report
from openpeel.threads import cores

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

#: Where the pictures of the document are said to be; no such host can exist (RFC 2606), and none is asked.
_PLACE = "http://report.invalid/"
_VARIANT = "pdf/ua-1"


def pdf_bytes(report: Report, drawings: Mapping[str, bytes]) -> bytes:
    """The whole report as a PDF: cover, contents, chapters, the data, and where each number comes from.

    `drawings` are as for `site.site_files`. Nothing is read but the pictures of the report and the fonts of this
    machine, and no network is asked. The same report gives the same bytes with the same fonts and WeasyPrint.
    Raises UseError where the libraries are missing that WeasyPrint needs, and DataError for a picture that is not
    there, is none, or has no words for who cannot see it.
    """
    html = paper_html(report)
    pictures = {**drawings, **report_images(report)}
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
    charts = {_PLACE + name: chart for name, chart in charts_on_paper(drawings, fonts).items()}
    said = _Messages()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(said)
    try:
        pdf: bytes = weasyprint.HTML(string=html, base_url=_PLACE, url_fetcher=_given(pictures)).write_pdf(
            font_config=fonts, cache=charts, pdf_variant=_VARIANT, pdf_identifier=_identifier(html, pictures)
        )
    finally:
        logger.removeHandler(said)
    if said.errors:
        raise DataError(f"the PDF would not be whole: {'; '.join(said.errors)}", where=report.title)
    return pdf


def in_pdf(drawing: str) -> bool:
    """Whether a drawing, by its name, is one of those that stand in the PDF: a sheet is wide."""
    return drawing.endswith("-wide.svg")


@contextmanager
def pdf_beside() -> Iterator[Callable[[Report, Mapping[str, bytes]], Callable[[], bytes]]]:
    """Gives what begins to make a PDF in a process of its own, and what that gives waits for it; see `pdf_bytes`.

    The process gets itself ready while the drawings are still being made. With one core there is no other process,
    and the PDF is made when it is asked for.
    """
    if cores() == 1:
        yield lambda report, drawings: lambda: pdf_bytes(report, drawings)
        return
    path = os.pathsep.join(p for p in sys.path if p)
    process = subprocess.Popen(
        [sys.executable, "-m", "openpeel.reports.pdf"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    with ThreadPoolExecutor(1) as thread, process:

        def begin(report: Report, drawings: Mapping[str, bytes]) -> Callable[[], bytes]:
            answer = thread.submit(process.communicate, pickle.dumps((report, dict(drawings))))
            return lambda: _opened(answer.result()[0])

        try:
            yield begin
        finally:
            process.kill()  # it has answered, or nobody waits for it any more


def _opened(answer: bytes) -> bytes:
    if not answer:
        raise RuntimeError("the process that makes the PDF ended before its time")
    made: bytes | ReaderError = pickle.loads(answer)  # from our own process, which had it from us
    if isinstance(made, ReaderError):
        raise made
    return made


def _answer() -> None:
    """Makes the PDF of the report that comes in."""
    gc.disable()  # a process for one document ends before it is worth looking for what it no longer needs
    with suppress(OSError):  # said by `pdf_bytes`
        import weasyprint  # noqa: F401  # while what is to be laid out is on its way
    report, drawings = pickle.load(sys.stdin.buffer)
    made: bytes | ReaderError
    try:
        made = pdf_bytes(report, drawings)
    except ReaderError as error:
        made = error
    sys.stdout.buffer.write(pickle.dumps(made))


def paper_html(report: Report) -> str:
    """The document that the PDF is made of."""

    def addresses(_: str | None) -> Addresses:
        return Addresses(
            figure=lambda figure: f"#_from.{figure_name(figure)}",
            anchor=lambda name: f"#{free_anchor(name)}",
            chapter=lambda slug: f"#{free_anchor(slug)}",
        )

    arranged = arrange_report(report, addresses, paper=True)
    environment = templates(("openpeel.reports",), it=report, made_on=report.made_on, paper=True)
    return environment.get_template("report_paper.html.jinja").render(report=arranged, root="")


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


if __name__ == "__main__":
    try:
        _answer()
    except KeyboardInterrupt:  # whoever started this process says so
        sys.exit(130)
