"""The report as one PDF, made from the same templates and the same arrangement as its pages.

How it is laid out is in `typeset.py`, in another process where there are cores for it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from openpeel.errors import ReaderError
from openpeel.publishing.page import templates
from openpeel.reports.arranged import Addresses, arrange_report, figure_name, free_anchor, report_images
from openpeel.reports.report import Report
from openpeel.reports.typeset import Document, typeset
from openpeel.threads import cores


def pdf_bytes(report: Report, drawings: Mapping[str, bytes]) -> bytes:
    """The whole report as a PDF: cover, contents, chapters, the data, and where each number comes from.

    `drawings` are as for `site.site_files`. Nothing is read but the pictures of the report and the fonts of this
    machine, and no network is asked. The same report gives the same bytes with the same fonts and WeasyPrint.
    Raises UseError where the libraries are missing that WeasyPrint needs, and DataError for a picture that is not
    there, is none, or has no words for who cannot see it.
    """
    return typeset(_document(report, drawings))


def _document(report: Report, drawings: Mapping[str, bytes]) -> Document:
    return Document(report.title, paper_html(report), dict(drawings), report_images(report))


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
        [sys.executable, "-m", "openpeel.reports.typeset"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    with ThreadPoolExecutor(1) as thread, process:

        def begin(report: Report, drawings: Mapping[str, bytes]) -> Callable[[], bytes]:
            answer = thread.submit(process.communicate, pickle.dumps(_document(report, drawings)))
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
