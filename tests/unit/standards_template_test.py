"""The template of a standard asks for what the standard is read by: no column, value or limit more or less."""

import csv
import io
import json
import re
import tomllib
import zipfile
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel

from openpeel.intake.coding import Coder
from openpeel.standards import load_standard, standard_ids
from openpeel.standards.instructions import FIRST_YEAR, LAST_YEAR, NUMBER_OF_RECORDS, values_to_write
from openpeel.standards.standard import NUMBERS, parse_standard
from openpeel.standards.template import header, table_schema, template_files
from openpeel.standards.template_workbook import LAST_ROW, LISTS, NOTES, RECORDS, workbook

EVERY_KIND = tomllib.loads(
    """
title = "Call"
version = 1
area = "responding"
about = "A call, =whatever it was about."
date = "received"
key = ["ref"]
columns = [
  { name = "ref", title = "Reference", type = "text", personal = true },
  { name = "received", title = "Received", type = "timestamp", required = true },
  { name = "day", title = "Day", type = "date" },
  { name = "month", title = "Month", type = "month" },
  { name = "gender", title = "Gender", type = "code", codes = "gender", personal = true },
  { name = "again", title = "Gender as seen by whoever took the call", type = "code", codes = "gender" },
  { name = "urgent", title = "Urgent", type = "boolean" },
  { name = "wait", title = "Wait", type = "number", least = 0.0, most = 10.5, unit = "seconds" },
  { name = "cost", title = "Cost", type = "number" },
  { name = "people", title = "People", type = "whole", least = 1 },
  { name = "change", title = "Change", type = "whole", about = "MANY WORDS" },
]
""".replace("MANY WORDS", "As a difference. " * 40)
)


def every_kind():
    return parse_standard("call", EVERY_KIND)


def all_standards():
    return [every_kind(), *map(load_standard, standard_ids())]


each_standard = pytest.mark.parametrize("standard", all_standards(), ids=lambda s: s.id)


made = cache(workbook)


def opened(standard):
    return load_workbook(io.BytesIO(made(standard)))


def rules(sheet):
    """Column letter → what may be typed there."""
    return {re.sub(r"\d.*", "", str(rule.sqref)): rule for rule in sheet.data_validations.dataValidation}


def listed(book, rule):
    """The values of the range that a list is taken from."""
    name, cells = rule.formula1.split("!")
    return [cell.value for row in book[name][cells.replace("$", "")] for cell in row]


def taken(standard, column, text):
    return bool(Coder(standard, [(column.name, 0)]).code([[text]], [2])[1])


@each_standard
def test_the_csv_is_the_header_and_nothing_else(standard):
    assert list(csv.reader(io.StringIO(header(standard).decode()))) == [[c.title for c in standard.columns]]
    assert header(standard).endswith(b"\r\n")


@each_standard
def test_the_first_sheet_is_the_header_and_nothing_else(standard):
    book = opened(standard)
    assert book.sheetnames[:2] == [RECORDS, NOTES]
    assert book.active.title == RECORDS
    rows = [[c.value for c in row if c.value is not None] for row in book[RECORDS].iter_rows()]
    assert [row for row in rows if row] == [[c.title for c in standard.columns]]


@each_standard
def test_another_reader_of_workbooks_finds_the_same(standard):
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(made(standard)))
    assert book.sheet_names[0] == RECORDS
    assert book.get_sheet_by_index(0).to_python() == [[c.title for c in standard.columns]]


@each_standard
def test_what_may_be_typed_is_said_for_every_column_but_text_down_to_the_last_row(standard):
    found = rules(opened(standard)[RECORDS])
    kinds = {
        "code": "list",
        "boolean": "list",
        "number": "decimal",
        "whole": "whole",
        "date": "date",
        "timestamp": "date",
        "month": "custom",
    }
    expected = {
        get_column_letter(i): kinds[c.type] for i, c in enumerate(standard.columns, 1) if c.type != "text"
    }
    assert {letter: rule.type for letter, rule in found.items()} == expected
    for i, column in enumerate(standard.columns, 1):
        if rule := found.get(get_column_letter(i)):
            assert range_boundaries(str(rule.sqref)) == (i, 2, i, LAST_ROW + 1)
            assert rule.allowBlank is not column.required
            assert rule.prompt.startswith("Needed. ") is column.required
            assert rule.error


@each_standard
def test_each_value_of_a_drop_down_list_is_read_as_its_own_code(standard):
    book = opened(standard)
    found = rules(book[RECORDS])
    for i, column in enumerate(standard.columns, 1):
        if column.type not in ("code", "boolean"):
            continue
        values = listed(book, found[get_column_letter(i)])
        assert tuple(values) == values_to_write(column)
        coder = Coder(standard, [(column.name, 0)])
        coded, accepted, rejected = coder.code([[value] for value in values], range(2, len(values) + 2))
        assert (len(accepted), rejected) == (len(values), [])
        assert coded[column.name] == ([c.code for c in column.codes.codes] if column.codes else [True, False])
        assert (coder.labels.unrecognised.total(), coder.labels.superseded.total()) == (0, 0)


@each_standard
def test_a_cell_is_stopped_where_its_row_would_be_rejected_and_asked_about_where_it_would_be_kept(standard):
    found = rules(opened(standard)[RECORDS])
    for i, column in enumerate(standard.columns, 1):
        if rule := found.get(get_column_letter(i)):
            kept = taken(standard, column, "what nobody would write")
            assert rule.errorStyle == ("warning" if kept else None), (
                column.name
            )  # to stop is what is not said


@each_standard
def test_the_limits_of_numbers_and_days_are_those_that_are_read(standard):
    found = rules(opened(standard)[RECORDS])
    for i, column in enumerate(standard.columns, 1):
        rule = found.get(get_column_letter(i))
        if column.type in NUMBERS:
            least, most = rule.formula1, rule.formula2
            assert taken(standard, column, least)
            assert taken(standard, column, most)
            if column.least is not None:
                assert not taken(standard, column, str(float(least) - 1))
            if column.most is not None:
                assert not taken(standard, column, str(float(most) + 1))
        elif column.type in ("date", "timestamp"):
            step = timedelta(days=1) if column.type == "date" else timedelta(seconds=1)
            least, most = (from_excel(float(f)) for f in (rule.formula1, rule.formula2))
            for moment, whether in ((least, True), (most, True), (least - step, False), (most + step, False)):
                shown = (
                    moment.date().isoformat() if column.type == "date" else moment.isoformat(" ", "seconds")
                )
                assert taken(standard, column, shown) is whether


def test_the_limits_of_days_are_whole_years():
    found = rules(opened(every_kind())[RECORDS])
    assert from_excel(float(found["C"].formula1)).date() == date(FIRST_YEAR, 1, 1)
    assert from_excel(float(found["C"].formula2)).date() == date(LAST_YEAR, 12, 31)
    assert from_excel(float(found["B"].formula2)) == datetime(LAST_YEAR, 12, 31, 23, 59, 59)
    assert found["D"].formula1 == (
        'AND(LEN(D2)=7,MID(D2,5,1)="-",ISNUMBER(DATEVALUE(D2&"-01")),LEFT(D2,4)>="1990",LEFT(D2,4)<="2099")'
    )


@each_standard
def test_what_is_typed_in_a_cell_stays_what_it_is(standard):
    sheet = opened(standard)[RECORDS]
    formats = {
        get_column_letter(i): {
            "timestamp": "yyyy-mm-dd hh:mm:ss",
            "date": "yyyy-mm-dd",
            "number": "General",
            "whole": "0",
        }.get(c.type, "@")
        for i, c in enumerate(standard.columns, 1)
    }
    assert {letter: sheet.column_dimensions[letter].number_format for letter in formats} == formats


@each_standard
def test_the_workbook_can_be_read_out_and_holds_no_formula(standard):
    book = opened(standard)
    assert book.properties.title == f"Return: {standard.title}"
    assert standard.hash in book.properties.subject
    assert book.properties.creator == "openpeel"
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert len(sheet.tables) == 1
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert not list(sheet._images)
        table = next(iter(sheet.tables.values()))
        assert table.headerRowCount == 1
        assert not table.autoFilter
    assert book[RECORDS].freeze_panes == "A2"
    assert all(cell.font.bold for cell in book[RECORDS][1])


@each_standard
def test_the_notes_say_of_each_column_what_to_write_and_whether_it_is_needed_and_personal(standard):
    sheet = opened(standard)[NOTES]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    at = rows.index(("Column", "What to write", "Allowed values", "Unit", "Needed", "Personal"))
    told = rows[at + 1 :]
    assert [row[0] for row in told] == [c.title for c in standard.columns]
    for row, column in zip(told, standard.columns, strict=True):
        assert all(row)
        assert row[3] == (column.unit or "none")
        assert row[4:] == ("yes" if column.required else "no", "yes" if column.personal else "no")
        if column.codes:
            assert row[2] == "; ".join(values_to_write(column))
    prose = dict(row[:2] for row in rows[1:at] if row[0])
    assert f"'{NUMBER_OF_RECORDS}'" in prose["Tallies"]
    assert f"'{standard.column(standard.date).title}'" in prose["When"]
    if standard.about:
        assert standard.about in prose["One record"]
    references = [c for c in map(standard.column, standard.key) if c.type == "text" and not c.required]
    assert all(f"'{c.title}'" in prose["Tallies"] for c in references)
    assert prose["Tallies"].count("'") == 2 * (len(references) + 1)


def test_a_list_that_two_columns_share_is_written_once():
    book = opened(every_kind())
    assert [cell.value for cell in book[LISTS][1]] == ["Gender as recorded", "True or False"]
    found = rules(book[RECORDS])
    assert found["E"].formula1 == found["F"].formula1 == f"{LISTS}!$A$2:$A$4"


def test_a_standard_without_a_list_has_no_sheet_of_lists():
    raw = {**EVERY_KIND, "columns": [c for c in EVERY_KIND["columns"] if c["name"] in ("ref", "received")]}
    assert opened(parse_standard("call", raw)).sheetnames == [RECORDS, NOTES]


def test_what_is_too_long_to_be_said_beside_a_cell_is_said_in_the_notes():
    found = rules(opened(every_kind())[RECORDS])
    assert found["K"].prompt == f"A whole number. More on the sheet {NOTES}."
    assert found["F"].promptTitle == "Gender as seen by whoever took…"


def test_a_title_that_looks_like_a_formula_is_text():
    columns = [{**c, "title": "=1+1"} if c["name"] == "day" else c for c in EVERY_KIND["columns"]]
    standard = parse_standard("call", {**EVERY_KIND, "title": "=2+2", "columns": columns})
    assert b",'=1+1," in header(standard)
    book = opened(standard)
    assert [c.value for c in book[RECORDS][1]][2] == "=1+1"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@each_standard
def test_the_same_standard_gives_the_same_files(standard):
    files = template_files(standard)
    assert list(files) == [f"{standard.id}.csv", f"{standard.id}.xlsx", f"{standard.id}.schema.json"]
    assert template_files(standard) == files


def test_no_clock_is_in_the_workbook():
    archive = zipfile.ZipFile(io.BytesIO(workbook(every_kind())))
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


@each_standard
def test_the_schema_says_what_the_standard_says(standard):
    schema = json.loads(template_files(standard)[f"{standard.id}.schema.json"])
    assert schema["missingValues"] == [""]
    assert (schema["name"], schema["hash"]) == (standard.id, standard.hash)
    assert [f["name"] for f in schema["fields"]] == [c.title for c in standard.columns]
    for field, column in zip(schema["fields"], standard.columns, strict=True):
        constraints = field.get("constraints", {})
        assert (field["column"], field["personal"]) == (column.name, column.personal)
        assert constraints.get("required", False) is column.required
        assert constraints.get("enum", []) == (list(values_to_write(column)) if column.codes else [])
        if column.type in NUMBERS:
            assert (constraints.get("minimum"), constraints.get("maximum")) == (column.least, column.most)
    key = [standard.column(name).title for name in standard.key]
    assert schema.get("primaryKey", schema.get("uniqueKeys", [[]])[0]) == key


def test_each_type_of_a_column_has_its_type_in_the_schema():
    fields = {f["column"]: f for f in table_schema(every_kind())["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "ref": "string",
        "received": "datetime",
        "day": "date",
        "month": "yearmonth",
        "gender": "string",
        "again": "string",
        "urgent": "boolean",
        "wait": "number",
        "cost": "number",
        "people": "integer",
        "change": "integer",
    }
    assert fields["wait"]["constraints"] == {"minimum": 0, "maximum": 10.5}
    assert fields["wait"]["unit"] == "seconds"
    assert fields["people"]["constraints"] == {"minimum": 1}
    assert fields["day"]["constraints"] == {"minimum": "1990-01-01", "maximum": "2099-12-31"}
    assert fields["month"]["constraints"] == {"minimum": "1990-01", "maximum": "2099-12"}
    assert fields["received"]["constraints"] == {"required": True}
    assert "constraints" not in fields["ref"]


def test_a_key_that_may_be_blank_as_in_a_tally_is_not_demanded_of_every_row():
    assert table_schema(every_kind())["uniqueKeys"] == [["Reference"]]
    assert "primaryKey" not in table_schema(every_kind())
    always = [{**c, "required": True} if c["name"] == "ref" else c for c in EVERY_KIND["columns"]]
    told = table_schema(parse_standard("call", {**EVERY_KIND, "columns": always}))
    assert told["primaryKey"] == ["Reference"]
    assert "uniqueKeys" not in told
