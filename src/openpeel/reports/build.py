"""Writes a report as one folder: pages, PDF, workbooks, open data and the record of it, all at once.

The one place where the outputs meet; how each is made is in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from openpeel.publishing.folder import replace_folder
from openpeel.reports.arranged import report_charts
from openpeel.reports.built import RECORD, hold_to_earlier, record_of
from openpeel.reports.drawings import cache_folder, drawings
from openpeel.reports.open_data import open_data_files
from openpeel.reports.pdf import in_pdf, pdf_beside
from openpeel.reports.report import Report
from openpeel.reports.site import Download, site_files
from openpeel.reports.workbook_ods import workbook_ods
from openpeel.reports.workbook_xlsx import workbook_xlsx

_TITLES = {
    "report.pdf": "The report as a PDF",
    "report.ods": "Its figures and tables as a spreadsheet (OpenDocument)",
    "report.xlsx": "Its figures and tables as a spreadsheet (Excel)",
    "data/figures.csv": "Its figures as CSV",
    "data/figures.json": "Its figures in full as JSON",
    "data/datapackage.json": "What the data are and how they are laid out",
}


def build(
    report: Report,
    out: Path,
    *,
    cache: Path | None = None,
    on_chart: Callable[[int, int], None] | None = None,
) -> tuple[Path, ...]:
    """Write a report to the folder `out` and give the paths of its files, `index.html` first.

    The folder appears at once or not at all, and the same report gives the same bytes. `cache` keeps drawings
    (None: where they are kept for the user). Raises UseError where the folder holds anything but an earlier report
    that this one may replace; see `built.hold_to_earlier`.
    """
    hold_to_earlier(report, out)
    return replace_folder(report_files(report, cache or cache_folder(), on_chart), out)


def report_files(
    report: Report, cache: Path, on_chart: Callable[[int, int], None] | None = None
) -> dict[str, bytes]:
    """Name within the folder → content, `index.html` first."""
    charts = report_charts(report)
    on_paper = [name for name in charts if in_pdf(name)]
    others = [name for name in charts if not in_pdf(name)]

    def draw(names: Sequence[str], before: int) -> dict[str, bytes]:
        def tell(done: int, _: int) -> None:
            if on_chart is not None:
                on_chart(before + done, len(charts))

        return drawings({name: charts[name] for name in names}, cache, on_chart=tell)

    with pdf_beside() as begin:
        # The PDF takes longest: it begins as soon as what stands in it is drawn.
        drawn = draw(on_paper, 0)
        pdf = begin(report, drawn)
        drawn |= draw(others, len(on_paper))
        beside = {
            "report.ods": workbook_ods(report),
            "report.xlsx": workbook_xlsx(report),
            **open_data_files(report),
        }
        beside["report.pdf"] = pdf()
    downloads = [Download(name, title, len(beside[name])) for name, title in _TITLES.items()]
    files = {**site_files(report, drawn, downloads=downloads), **beside}
    return {**files, RECORD: record_of(report, files)}
