"""An office program opens both workbooks and shows the same in them, cell by cell, numbers with their thousands."""

from __future__ import annotations

import csv
import shutil
import subprocess

import pypdfium2
import pytest

from openpeel.reports.cells import COVER
from openpeel.reports.tables import tables
from openpeel.reports.workbook_ods import workbook_ods
from openpeel.reports.workbook_xlsx import workbook_xlsx
from workbook_report import sample_report

OFFICE = shutil.which("soffice")
#: Comma, double quotes, UTF-8, from the first row, every sheet a file.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
WRITERS = {"report.xlsx": workbook_xlsx, "report.ods": workbook_ods}
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """Settings of the program that nobody else uses."""
    return tmp_path_factory.mktemp("profile")


def converted(folder, name, report, kind, profile):
    """The files that the program makes of a workbook."""
    (folder / name).write_bytes(WRITERS[name](report))
    out = folder / f"from-{name}"
    asked = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir", out]
    subprocess.run([OFFICE, *asked, folder / name], check=True, capture_output=True, timeout=180)
    return sorted(out.iterdir())


def rows_of(file):
    with file.open(newline="", encoding="utf-8") as lines:
        return [[cell for cell in row if cell] for row in csv.reader(lines)]


@pytest.mark.parametrize("name", WRITERS)
def test_an_office_program_finds_every_cell_of_every_sheet(tmp_path, profile, name):
    made = tables(sample_report())
    found = {
        file.stem.partition("-")[2]: rows_of(file)
        for file in converted(tmp_path, name, sample_report(), AS_CSV, profile)
    }
    assert set(found) == {COVER, *(t.sheet for t in made.sheets)}
    for table in made.sheets:
        above = [[said] for said in table.above]
        header = [c.title for c in table.columns]
        assert found[table.sheet] == [*above, header, *([str(cell) for cell in row] for row in table.rows)]


@pytest.mark.parametrize("name", WRITERS)
def test_on_paper_numbers_have_their_thousands_and_few_decimals(tmp_path, profile, name):
    (paper,) = converted(tmp_path, name, sample_report(charts=[]), "pdf", profile)
    document = pypdfium2.PdfDocument(paper)
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for number in ("301,234,567.89", "123,456", "33.3333", "2020-04-01"):
        assert number in said
    assert "33.33333" not in said
