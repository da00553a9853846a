"""Both workbooks say, cell by cell, what the tables of the report say: no number is lost, turned to text or added."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from odfdo import Document
from python_calamine import CalamineWorkbook

from openpeel.reports.cells import CONTENTS, COVER
from openpeel.reports.report import Correction
from openpeel.reports.tables import Tables, cover_rows, tables
from openpeel.reports.workbook_ods import workbook_ods
from openpeel.reports.workbook_xlsx import workbook_xlsx
from workbook_report import OWN_FIGURES, figure, sample_report

REPORT = sample_report(corrections=[Correction(date(2024, 7, 2), "A return was counted twice.")])


@pytest.fixture(scope="module")
def xlsx():
    return workbook_xlsx(REPORT)


@pytest.fixture(scope="module")
def ods():
    return workbook_ods(REPORT)


def expected(made: Tables):
    """Each sheet as a list of rows of the cells that it should have, without what fills a row up."""
    sheets = {COVER: [[made.cover.title], *([said] for said, _ in cover_rows(made.cover))]}
    for table in made.sheets:
        above = [[said] for said in table.above]
        sheets[table.sheet] = [*above, [c.title for c in table.columns], *map(list, table.rows)]
    return sheets


def by_openpyxl(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [_cut([_day(cell.value) for cell in row]) for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def by_calamine(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [
            _cut([None if cell == "" else cell for cell in row])
            for row in book.get_sheet_by_name(name).to_python()
        ]
        for name in book.sheet_names
    }


def by_odfdo(content):
    body = Document(io.BytesIO(content)).body
    return {
        sheet.name: [
            _cut([_day(c.value) if c.type != "float" else _number(c) for c in row.cells])
            for row in sheet.rows
        ]
        for sheet in body.tables
    }


def _number(cell):
    value = float(cell.value)
    return int(value) if value.is_integer() else value


def _day(value):
    return value.date() if isinstance(value, datetime) else value


def _cut(row):
    while row and row[-1] is None:
        row.pop()
    return row


def types(sheets):
    """The same with every cell's kind; a reader may give a whole number as a float."""
    return {
        name: [[float if isinstance(cell, int) else type(cell) for cell in row] for row in rows]
        for name, rows in sheets.items()
    }


READERS = [
    pytest.param("xlsx", by_openpyxl, id="xlsx by openpyxl"),
    pytest.param("xlsx", by_calamine, id="xlsx by calamine"),
    pytest.param("ods", by_calamine, id="ods by calamine"),
    pytest.param("ods", by_odfdo, id="ods by odfdo"),
]


@pytest.mark.parametrize(("kind", "read"), READERS)
def test_every_cell_is_read_back_as_it_was_said(kind, read, xlsx, ods):
    found = read({"xlsx": xlsx, "ods": ods}[kind])
    wanted = expected(tables(REPORT))
    assert list(found) == list(wanted)
    assert found == wanted
    assert types(found) == types(wanted)


@pytest.mark.parametrize("write", [workbook_xlsx, workbook_ods])
def test_the_same_report_makes_the_same_bytes(write):
    assert write(sample_report()) == write(sample_report())
    assert write(sample_report()) != write(replace(sample_report(), made_on=date(2024, 6, 2)))


def test_no_part_of_a_workbook_tells_when_it_was_written(xlsx, ods):
    for content in (xlsx, ods):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_workbook_is_what_its_name_says(xlsx, ods):
    def kind(content):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            first = package.infolist()[0]
            return first.filename, package.read(first)

    assert kind(ods) == ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    assert kind(xlsx)[0] == "[Content_Types].xml"


def test_an_ods_says_who_made_it_when_and_in_which_language(ods):
    document = Document(io.BytesIO(ods))
    meta = document.meta
    assert (meta.title, meta.language, meta.generator) == ("How the force does", "en-GB", "openpeel")
    assert meta.creation_date == datetime(2024, 6, 1)
    spoken = document.styles.get_elements("//style:default-style/style:text-properties")
    assert {(e.get_attribute("fo:language"), e.get_attribute("fo:country")) for e in spoken} == {("en", "GB")}
    assert not [part for part in document.parts if part.startswith(("Thumbnails", "Configurations2"))]


def test_an_xlsx_says_who_made_it_and_when(xlsx):
    said = openpyxl.load_workbook(io.BytesIO(xlsx)).properties
    assert (said.title, said.creator) == ("How the force does", "openpeel")
    assert said.created == said.modified == datetime(2024, 6, 1)


def test_every_table_has_a_name_a_marked_header_and_no_merged_cell(xlsx, ods):
    made = tables(REPORT).sheets
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    for table in made:
        sheet = book[table.sheet]
        (marked,) = sheet.tables.values()
        first = len(table.above) + 1
        assert (marked.name, marked.headerRowCount) == (table.name, 1)
        assert marked.ref.startswith(f"A{first}:")
        assert marked.ref.endswith(str(first + len(table.rows)))
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
    body = Document(io.BytesIO(ods)).body
    named = {
        e.get_attribute("table:name"): e.get_attribute("table:target-range-address")
        for e in body.get_elements("//table:database-range[@table:contains-header='true']")
    }
    assert list(named) == [t.name for t in made]
    for table in made:
        sheet = body.get_table(name=table.sheet)
        (header,) = sheet.get_elements("table:table-header-rows/table:table-row")
        assert [cell.value for cell in header.cells] == [c.title for c in table.columns]
        assert not sheet.get_elements(".//*[@table:number-columns-spanned]")
        first = len(table.above) + 1
        assert named[table.name].startswith(f"'{table.sheet}'.A{first}:")
        assert named[table.name].endswith(str(first + len(table.rows)))


def test_contents_lead_to_every_sheet(xlsx, ods):
    made = tables(REPORT)
    names = [t.sheet for t in made.sheets[1:]]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx))[CONTENTS]
    links = [cell.hyperlink.location for (cell, *_) in sheet.iter_rows() if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names]
    contents = Document(io.BytesIO(ods)).body.get_table(name=CONTENTS)
    assert [a.get_attribute("xlink:href") for a in contents.get_elements(".//text:a")] == [
        f"#'{name}'.A1" for name in names
    ]


def test_a_text_that_begins_like_a_formula_is_text():
    bad = ("=1+1", "+44 1", "-cmd|' /C calc'!A0", "@SUM(A1)", "{=1}", "https://example.org", "internal:A1")
    report = sample_report(
        figures=[figure(f"m{i}", "percent", 1.5, title=said) for i, said in enumerate(bad)]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook_xlsx(report)))
    cells = [book["Figures"].cell(row, 1) for row in range(book["Figures"].max_row - len(bad) + 1, 100)][
        : len(bad)
    ]
    assert [(c.value, c.data_type) for c in cells] == [(said, "s") for said in bad]
    assert not [c for c in cells if c.hyperlink]
    rows = list(Document(io.BytesIO(workbook_ods(report))).body.get_table(name="Figures").rows)[-len(bad) :]
    assert [(row.cells[0].value, row.cells[0].type, row.cells[0].formula) for row in rows] == [
        (said, "string", None) for said in bad
    ]


def test_numbers_are_shown_with_thousands_and_days_as_days(xlsx):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx))["Figures"]
    header = {
        cell.value: cell.column
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in ("Value", "Period: first day")
    }
    rows = range(sheet.max_row - len(OWN_FIGURES) + 1, sheet.max_row + 1)
    shown = [sheet.cell(row, header["Value"]).number_format for row in rows]
    assert shown == ["#,##0", "#,##0.0###", "#,##0.0###", "General", "General"]
    assert {sheet.cell(row, header["Period: first day"]).number_format for row in rows} == {"yyyy-mm-dd"}


def test_nothing_of_the_template_is_left_in_an_ods(ods):
    with zipfile.ZipFile(io.BytesIO(ods)) as package:
        assert [name for name in package.namelist() if b"Feuille" in package.read(name)] == []
        manifest = package.read("META-INF/manifest.xml").decode()
    assert "Thumbnails" not in manifest
    assert "Configurations2" not in manifest


@pytest.mark.parametrize("said", ["[a](b)", "[a](b) [c](d)", "$$1$$", "a$$$b", "–", "Ωμέγα"])
@pytest.mark.parametrize(("write", "read"), [(workbook_xlsx, by_calamine), (workbook_ods, by_odfdo)])
def test_a_text_that_a_library_would_take_for_something_else_stays_as_it_is(write, read, said):
    report = sample_report(
        figures=[figure("m", "percent", 1.5, title=said)], title=said, about=[(said, said)]
    )
    assert read(write(report)) == expected(tables(report))


def test_columns_are_as_wide_as_they_should_be_and_rows_show_all_of_their_text():
    said = "This is said at some length. " * 30
    report = sample_report(about=[("A long note", said)])
    made = tables(report)
    book = openpyxl.load_workbook(io.BytesIO(workbook_xlsx(report)))
    for table in made.sheets:
        sheet = book[table.sheet]
        widths = {n: d.width for d in sheet.column_dimensions.values() for n in range(d.min, d.max + 1)}
        for place, column in enumerate(table.columns, start=1):
            assert abs(widths[place] - column.width) < 1
    notes = made.sheets[1]
    height = book[notes.sheet].row_dimensions[len(notes.above) + 2].height
    assert height >= 15 * len(said) / notes.columns[-1].width
    document = Document(io.BytesIO(workbook_ods(report)))
    for table in made.sheets:
        styles = [column.style for column in document.body.get_table(name=table.sheet).columns]
        assert styles == [f"width-{column.width}" for column in table.columns]
        for style in styles:
            (looks,) = document.content.get_elements(f"//style:style[@style:name='{style}']/*")
            assert float(looks.get_attribute("style:column-width").removesuffix("cm")) > 0
