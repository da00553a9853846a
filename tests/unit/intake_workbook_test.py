"""A workbook gives the rows of its sheet of records as CSV would; what would be lost or guessed is refused by name."""

import gzip
import io
import re
import struct
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.workbook import read_workbook
from openpeel.standards import load_standard
from workbook_sample import Raw, ods, ods_cell, ods_row, part, repack, xlsx

TITLES = [c.title for c in load_standard("callback").columns]
WHEN = datetime(2021, 3, 5, 14, 5)
ROW = ["ref 1", "call 1", WHEN, "101", True, False, None, None, 2, "Spoken to", None]
TEXTS = ["ref 1", "call 1", "2021-03-05T14:05:00", "101", "True", "False", "", "", "2", "Spoken to", ""]

BOTH = pytest.mark.parametrize("write", [xlsx, ods], ids=["xlsx", "ods"])


def read(content, write=xlsx, limits=None, base=None):
    base = base or f"calls.{write.__name__}"
    return read_workbook(io.BytesIO(content), name=base, base=base, limits=limits)


def rows(file):
    taken = [row for chunk in file.chunks() for row in chunk.rows]
    assert file.records == len(taken) + len(file.rejected)
    return taken


def numbers(file):
    return [number for chunk in file.chunks() for number in chunk.row_numbers]


def rejected(file):
    rows(file)
    return [(r.row, r.column, r.expected, r.got) for r in file.rejected]


def refused(content, write=xlsx, base=None, limits=None):
    with pytest.raises(DataError) as caught:
        rows(read(content, write, limits, base))
    return str(caught.value)


def changed(row, column, value):
    row = list(row)
    row[column] = value
    return row


@BOTH
def test_the_rows_of_a_sheet_come_out_as_text(write):
    file = read(write({"Records": [TITLES, ROW, ROW]}), write)
    assert file.header == tuple(TITLES)
    assert rows(file) == [TEXTS, TEXTS]


@BOTH
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (-3, "-3"),
        (0.1, "0.1"),
        (12.5, "12.5"),
        (123456789012345, "123456789012345"),
        (1e300, "1e+300"),
        (True, "True"),
        (False, "False"),
        ("007", "007"),
        ("12.0", "12.0"),
        (" a ", " a "),
        ("two\nlines", "two\nlines"),
        ("é 😀", "é 😀"),
        (date(2021, 3, 5), "2021-03-05T00:00:00"),
        (datetime(2021, 3, 5), "2021-03-05T00:00:00"),
        (datetime(2021, 3, 5, 23, 59, 59), "2021-03-05T23:59:59"),
        (datetime(2021, 3, 5, 14, 5, 0, 500000), "2021-03-05T14:05:00.500000"),
        (time(14, 5), "14:05:00"),
    ],
    ids=repr,
)
def test_nothing_is_lost_in_a_cell(write, value, text):
    (row,) = rows(read(write({"Records": [TITLES, changed(ROW, 0, value)]}), write))
    assert row[0] == text


@BOTH
def test_true_and_false_that_were_saved_as_numbers_are_told_apart_from_numbers_and_texts(write):
    row = [1.0, "call 1", WHEN, "101", 1.0, 0.0, None, None, 1, "Spoken to", "1"]
    (found,) = rows(read(write({"Records": [TITLES, row]}), write))
    assert found == ["1", *TEXTS[1:8], "1", "Spoken to", "1"]
    (found,) = rows(read(write({"Records": [TITLES, changed(row, 4, 2.0)]}), write))
    assert found[4] == "2"


def test_percent_and_currency_are_the_numbers_they_hold():
    def show(book):
        book["Records"]["A2"].number_format = "0%"
        book["Records"]["B2"].number_format = "£#,##0.00"

    (row,) = rows(read(xlsx({"Records": [TITLES, [0.45, 1234.5, *ROW[2:]]]}, show)))
    assert row[:2] == ["0.45", "1234.5"]
    percent = Raw(
        '<table:table-cell office:value-type="percentage" office:value="0.45"><text:p>45%</text:p></table:table-cell>'
    )
    money = Raw(
        '<table:table-cell office:value-type="currency" office:currency="GBP" office:value="1234.5">'
        "<text:p>£1,234.50</text:p></table:table-cell>"
    )
    (row,) = rows(read(ods({"Records": [TITLES, [percent, money, *ROW[2:]]]}), ods))
    assert row[:2] == ["0.45", "1234.5"]


def test_a_length_of_time_of_more_than_a_day_is_told_in_hours():
    (row,) = rows(read(xlsx({"Records": [TITLES, changed(ROW, 0, timedelta(hours=30, minutes=5))]})))
    assert row[0] == "30:05:00"


def test_each_minute_of_a_day_comes_out_to_the_second_also_where_days_are_counted_from_1904():
    times = [datetime(2021, 3, 5) + timedelta(minutes=i) for i in range(24 * 60)]
    made = {"Records": [TITLES, *(changed(ROW, 2, t) for t in times)]}
    for change in (None, lambda book: setattr(book, "epoch", CALENDAR_MAC_1904)):
        assert [row[2] for row in rows(read(xlsx(made, change)))] == [t.isoformat() for t in times]


@BOTH
def test_a_title_above_the_header_and_a_table_that_begins_further_in_are_no_obstacle(write):
    sheet = [
        ["Hertfordshire"],
        ["Filled in by Invented Person"],
        [],
        [None, *TITLES],
        [None, *ROW],
        [],
        [None, *ROW],
    ]
    assert numbers(read(write({"Records": sheet}), write)) == [5, 7]
    file = read(write({"Records": sheet}), write)
    assert rows(file) == [TEXTS, TEXTS]
    assert file.blank_lines == 1


@BOTH
def test_columns_may_stand_in_any_order_with_blank_ones_between(write):
    order = [*TITLES[5:], None, *TITLES[:5]]
    cells = [*ROW[5:], None, *ROW[:5]]
    file = read(write({"Records": [order, cells]}), write)
    assert file.header == (*TITLES[5:], *TITLES[:5])
    assert rows(file) == [[*TEXTS[5:], *TEXTS[:5]]]


@BOTH
def test_blank_rows_and_columns_behind_the_last_are_nothing(write):
    sheet = [[*TITLES, None, " "], [*ROW, None, None], [None] * 14, [" "], []]
    file = read(write({"Records": sheet}), write)
    assert rows(file) == [TEXTS]
    assert not file.rejected


@BOTH
def test_a_cell_below_no_title_rejects_its_row(write):
    got = rejected(read(write({"Records": [TITLES, ROW, [*ROW, None, "checked"], ROW]}), write))
    assert got == [(3, "", "only cells below a title of the header", "one that has none in cell M3")]


@BOTH
def test_the_header_again_is_no_record(write):
    got = rejected(read(write({"Records": [TITLES, ROW, TITLES, ROW]}), write))
    assert got == [(3, "", "a record", "the header row again")]


@BOTH
def test_a_cell_that_is_too_long_rejects_its_row(write):
    content = write({"Records": [TITLES, ROW, changed(ROW, 1, "x" * 300)]})
    got = rejected(read(content, write, Limits(max_field_chars=200)))
    assert got == [(3, "Call reference", "at most 200 characters", "a cell of 300 characters")]


def test_a_nul_hidden_in_an_escape_rejects_its_row():
    content = xlsx({"Records": [TITLES, ROW, changed(ROW, 1, "a_x0000_b")]})
    assert [r[:2] for r in rejected(read(content))] == [(3, "Call reference")]


ERRORS = ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_in_a_cell_rejects_its_row_and_the_cell_is_named(error):
    def break_it(book):
        book["Records"]["I3"] = error
        assert book["Records"]["I3"].data_type == "e"

    expected = [(3, "Attempts to ring back", "a value of its own", f"the error {error} in cell I3")]
    assert rejected(read(xlsx({"Records": [TITLES, ROW, ROW, ROW]}, break_it))) == expected
    cell = Raw(
        f'<table:table-cell table:formula="of:=X" office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{error}</text:p></table:table-cell>'
    )
    assert rejected(read(ods({"Records": [TITLES, ROW, changed(ROW, 8, cell), ROW]}), ods)) == expected


def prefixed(sheet):
    """The sheet as some programs write it: every tag with a prefix."""
    return re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", sheet).replace(b"xmlns=", b"xmlns:x=")


def without_places(sheet):
    """The sheet as other programs write it: cells and rows that do not say where they stand."""
    return re.sub(rb' r="[A-Z]*\d+"', b"", sheet)


@pytest.mark.parametrize("rewrite", [prefixed, without_places])
def test_a_sheet_may_be_written_in_other_ways(rewrite):
    def break_it(book):
        book["Records"]["I3"] = "#N/A"

    full = [*ROW[:6], WHEN, WHEN, *ROW[8:10], True]  # blank cells are not written at all
    texts = [*TEXTS[:6], TEXTS[2], TEXTS[2], *TEXTS[8:10], "True"]
    content = xlsx({"Records": [TITLES, full, full, full]}, break_it)
    name = "xl/worksheets/sheet1.xml"
    content = repack(content, {name: rewrite(part(content, name))})
    assert [r[3] for r in rejected(read(content))] == ["the error #N/A in cell I3"]
    assert rows(read(content)) == [texts, texts]


def test_the_first_of_several_faults_of_a_row_is_told():
    def break_it(book):
        for place in ("I3", "G3", "K3"):
            book["Records"][place] = "#N/A"

    assert [r[3] for r in rejected(read(xlsx({"Records": [TITLES, ROW, ROW]}, break_it)))] == [
        "the error #N/A in cell G3"
    ]


def test_an_error_that_says_something_else_is_not_repeated():
    cell = ods_cell("Zebedee Quickfoot").replace('"string"', '"string" calcext:value-type="error"')
    content = ods({"Records": [TITLES, ROW, changed(ROW, 8, Raw(cell))]})
    assert [r[3] for r in rejected(read(content, ods))] == ["an error in cell I3"]


@pytest.mark.parametrize(
    "serial", [-1e300, -1e15, -1e12, -123456789012.5, -1e10, -1, 0, 0.5, 1e6, 3e6, 1e10, 1e300]
)
@pytest.mark.parametrize("shown", ["yyyy-mm-dd", "[h]:mm", "0"])
def test_a_number_that_is_no_day_though_it_is_shown_as_one_is_named_by_its_place(serial, shown, capfd):
    def as_day(book):
        book["Records"]["C3"] = serial
        book["Records"]["C3"].number_format = shown

    content = xlsx({"Records": [TITLES, ROW, ROW, ROW]}, as_day)
    if serial < -1e11:
        assert (
            "sheet 'Records': expected numbers that can be read, got one too far below 0 in cell C3."
            in refused(content)
        )
    else:
        file = read(content)
        assert len(rows(file)) == 3 - len(file.rejected)
        assert [r.row for r in file.rejected] == [3] * (shown == "[h]:mm" and abs(serial) >= 1e10)
    assert capfd.readouterr().err == ""


def test_a_formula_that_was_never_calculated_rejects_its_row():
    got = rejected(read(xlsx({"Records": [TITLES, ROW, changed(ROW, 8, "=1+1")]})))
    assert got == [
        (3, "Attempts to ring back", "a value of its own", "a formula that was never calculated in cell I3")
    ]


def test_a_formula_that_was_calculated_is_its_value_and_a_blank_one_a_blank():
    content = xlsx({"Records": [TITLES, ROW]})
    sheet = part(content, "xl/worksheets/sheet1.xml").replace(
        b'<c r="I2" t="n"><v>2</v></c>', b'<c r="I2"><f>1+1</f><v>2</v></c>'
    )
    sheet = re.sub(rb'<c r="A2" .*?</c>', b'<c r="A2" t="str"><f>""</f><v></v></c>', sheet)
    assert sheet.count(b"<f>") == 2
    book = part(content, "xl/workbook.xml").replace(b'fullCalcOnLoad="1"', b"")
    content = repack(content, {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": book})
    assert rows(read(content)) == [["", *TEXTS[1:]]]


@pytest.mark.parametrize(
    ("cell", "got"),
    [
        ("<table:table-cell><text:p>x</text:p></table:table-cell>", "a text without a type"),
        (
            '<table:table-cell office:value-type="float"><text:p>2</text:p></table:table-cell>',
            "a float without a value",
        ),
        (
            '<table:table-cell table:formula="of:=1+1" office:value-type="float"/>',
            "a formula that was never calculated",
        ),
        (
            '<table:table-cell office:value-type="string"><text:p>a<text:tab/>b</text:p></table:table-cell>',
            "a text with a tab or a forced line break",
        ),
        (
            '<table:table-cell table:formula="of:=X" office:value-type="string"><text:p>Err:502</text:p>'
            "</table:table-cell>",
            "the error Err:502",
        ),
    ],
)
def test_what_an_ods_cell_holds_and_no_value_rejects_its_row(cell, got):
    content = ods({"Records": [TITLES, ROW, changed(ROW, 8, Raw(cell)), ROW]})
    assert rejected(read(content, ods)) == [
        (3, "Attempts to ring back", "a value of its own", f"{got} in cell I3")
    ]


def test_a_note_on_an_ods_cell_is_no_part_of_it():
    cell = Raw(
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Ask Sgt Example</text:p>'
        "</office:annotation><text:p>ref 1</text:p></table:table-cell>"
    )
    assert rows(read(ods({"Records": [TITLES, changed(ROW, 0, cell)]}), ods)) == [TEXTS]


def test_cells_and_rows_that_an_ods_writes_once_and_repeats_are_all_there():
    twice = Raw(
        '<table:table-cell office:value-type="boolean" office:boolean-value="true" table:number-columns-repeated="2">'
        "<text:p>TRUE</text:p></table:table-cell>"
    )
    row = ods_row([*ROW[:4], twice, *ROW[6:]], repeated=3)
    file = read(ods({"Records": [TITLES, row, ROW]}), ods)
    assert rows(file) == [changed(TEXTS, 5, "True")] * 3 + [TEXTS]
    assert numbers(read(ods({"Records": [TITLES, row, ROW]}), ods)) == [2, 3, 4, 5]


def test_merged_cells_reject_every_row_that_they_reach_into():
    content = xlsx({"Records": [TITLES, *[ROW] * 5]}, lambda book: book["Records"].merge_cells("D3:E4"))
    said = "the merged cells D3:E4"
    assert rejected(read(content)) == [(n, "Line", "a value of its own", said) for n in (3, 4)]
    merged = Raw(
        ods_cell("101").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1)
    )
    covered = Raw("<table:covered-table-cell/>")
    content = ods({"Records": [TITLES, ROW, changed(ROW, 3, merged), changed(ROW, 3, covered), ROW]})
    assert rejected(read(content, ods)) == [
        (n, "Line", "a value of its own", "the merged cells D3:D4") for n in (3, 4)
    ]


def test_merged_cells_of_a_title_above_or_of_blank_rows_matter_to_nobody():
    def merge(book):
        book["Records"].merge_cells("A1:F1")
        book["Records"].merge_cells("A5:K9")

    assert rows(read(xlsx({"Records": [["Callbacks"], TITLES, ROW]}, merge))) == [TEXTS]


def test_a_header_with_merged_cells_is_refused():
    said = refused(
        xlsx({"Records": [["Callbacks"], [*TITLES, None], ROW]}, lambda b: b["Records"].merge_cells("K2:L2"))
    )
    assert said == (
        "calls.xlsx, sheet 'Records': expected a header in which each column has a cell of its own, "
        "got the merged cells K2:L2. Unmerge them and write a title above each column."
    )


@BOTH
def test_the_notes_and_lists_of_a_template_and_other_sheets_are_passed_over_and_the_others_named(write):
    sheets = {
        "Notes": [TITLES, ROW],
        "Lists": [TITLES],
        "Records": [TITLES, ROW],
        "Pivot": [["Total", 3]],
        "Empty": [],
    }
    file = read(write(sheets), write)
    assert rows(file) == [TEXTS]
    assert file.passed_over == ("sheet 'Pivot'",)


@BOTH
def test_two_sheets_of_records_are_one_too_many(write):
    said = refused(write({"January": [TITLES, ROW], "February": [TITLES, ROW]}), write)
    assert (
        "expected one sheet with records, got a sheet too many: sheet 'January' and sheet 'February'." in said
    )


@BOTH
def test_a_second_sheet_that_is_nearly_one_of_records_is_not_passed_over(write):
    said = refused(write({"January": [TITLES, ROW], "February": [[*TITLES[:-1], "Other"], ROW]}), write)
    assert "a sheet too many: sheet 'January' and sheet 'February'." in said


def hide(state="hidden", name="Old"):
    return lambda book: setattr(book[name], "sheet_state", state)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_records_is_neither_read_nor_passed_over(state):
    said = refused(xlsx({"New": [TITLES, ROW], "Old": [TITLES, ROW]}, hide(state)))
    assert "a sheet too many: sheet 'New' and sheet 'Old' (hidden)." in said
    said = refused(xlsx({"Readme": [["Hello"]], "Old": [TITLES, ROW]}, hide(state)))
    assert (
        "sheet 'Old': expected a sheet with records that can be seen, got one that is hidden. Unhide it"
        in said
    )


def test_a_hidden_sheet_of_an_ods_is_no_other():
    said = refused(ods({"New": [TITLES, ROW], "Old": [TITLES, ROW]}, hidden=["Old"]), ods)
    assert "sheet 'Old' (hidden)" in said


def test_a_hidden_sheet_without_records_is_as_good_as_any_other():
    assert rows(read(xlsx({"Old": [["x"]], "New": [TITLES, ROW]}, hide()))) == [TEXTS]


def test_a_chart_is_no_sheet_of_records():
    assert rows(read(xlsx({"Records": [TITLES, ROW]}, lambda book: book.create_chartsheet("Chart")))) == [
        TEXTS
    ]


@BOTH
def test_a_header_that_is_nearly_right_is_named_with_its_sheet_and_row(write):
    said = refused(write({"Pivot": [["a"]], "Records": [["Title"], [*TITLES[:-1], "Other"], ROW]}), write)
    assert said.startswith(
        f"calls.{write.__name__}, sheet 'Records', row 2: the header is nearly that of 'Callback', but lacks "
        "'Rung back within the service level' and has 'Other'."
    )


@BOTH
def test_a_header_further_down_than_anybody_would_put_it_is_not_found(write):
    assert "few of which are of a layout known here" in refused(
        write({"A": [["x"]] * 20 + [TITLES, ROW]}), write
    )


@BOTH
@pytest.mark.parametrize("sheets", [{"Records": []}, {"Notes": [TITLES, ROW]}, {"A": [], "Notes": [["x"]]}])
def test_a_workbook_without_anything_to_read_is_refused(write, sheets):
    assert "got none that holds anything. Sheets called Notes or Lists are passed over." in refused(
        write(sheets), write
    )


@BOTH
def test_a_header_and_nothing_else_is_no_row_and_no_fault(write):
    file = read(write({"Records": [TITLES]}), write)
    assert rows(file) == []
    assert file.records == 0


def with_strings(content, strings, cells):
    """The same workbook with shared strings, and cells of the first sheet that refer to them."""
    said = "".join(f"<si><t>{text}</t></si>" for text in strings).encode()
    sheet = part(content, "xl/worksheets/sheet1.xml")
    for place, index in cells.items():
        cell = f'<c r="{place}" t="s"><v>{index}</v></c>'.encode()
        sheet, found = re.subn(rf'<c r="{place}"[ >].*?</c>'.encode(), cell, sheet)
        assert found == 1
    types = part(content, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    relations = part(content, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    return repack(
        content,
        {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + said
            + b"</sst>",
            "xl/worksheets/sheet1.xml": sheet,
            "[Content_Types].xml": types,
            "xl/_rels/workbook.xml.rels": relations,
        },
    )


def test_texts_that_a_workbook_keeps_in_one_place_are_those_of_its_cells():
    content = with_strings(xlsx({"Records": [TITLES, ROW, ROW]}), ["ref 1", "ref 2"], {"A2": 1, "A3": 0})
    assert [row[0] for row in rows(read(content))] == ["ref 2", "ref 1"]


SMALL = Limits(max_sheet_bytes=2**20)


def test_a_few_cells_far_apart_do_not_fill_the_memory():
    content = xlsx({"Records": [TITLES, ROW]}, lambda book: book["Records"].cell(1_048_576, 16_384, "x"))
    said = refused(content)
    assert (
        "sheet 'Records': expected a sheet of at most 2,147,483,648 bytes, got one that comes to more" in said
    )
    assert "17,179,869,184 cells from its first to its last" in said
    far = ods_row([None], repeated=1_000_000)
    content = ods(
        {
            "Records": [
                TITLES,
                ROW,
                far,
                [*ROW, Raw('<table:table-cell table:number-columns-repeated="16000"/>'), 1],
            ]
        }
    )
    assert "expected a sheet of at most" in refused(content, ods)


def test_cells_far_away_that_are_only_coloured_are_nothing():
    content = xlsx(
        {"Records": [TITLES, ROW]}, lambda book: setattr(book["Records"]["XFD1048576"], "number_format", "0%")
    )
    assert rows(read(content)) == [TEXTS]


def test_one_cell_of_an_ods_that_is_repeated_without_end_does_not_fill_the_memory():
    endless = Raw(
        ods_cell(1).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"', 1)
    )
    content = ods({"Records": [TITLES, ROW, ods_row([endless], repeated=100_000)]})
    assert "expected a sheet of at most" in refused(content, ods)
    assert "damaged" in refused(ods({"Records": [TITLES, ods_row(ROW, repeated=1_048_576)]}), ods)
    assert "damaged" in refused(
        ods({"Records": [TITLES, Raw(str(ods_row(ROW, 2)).replace('"2"', '"many"', 1))]}), ods
    )


def test_one_long_text_that_is_repeated_does_not_fill_the_memory():
    sheet = xlsx({"Records": [TITLES, *[ROW] * 200]})
    places = {f"A{i}": 0 for i in range(2, 202)}
    assert "expected a sheet of at most" in refused(with_strings(sheet, ["x" * 10_000], places), limits=SMALL)
    # Where the longest text stands in one cell, the others are counted as what they are.
    short = with_strings(sheet, ["x", "x" * 10_000], {**places, "A2": 1})
    assert len(rows(read(short, limits=SMALL))) == 200
    content = ods({"Records": [TITLES, ods_row(["x" * 10_000, *ROW[1:]], repeated=200)]})
    assert "expected a sheet of at most" in refused(content, ods, limits=SMALL)
    spaces = Raw(
        '<table:table-cell office:value-type="string"><text:p><text:s text:c="999999999"/></text:p></table:table-cell>'
    )
    assert "expected a sheet of at most" in refused(
        ods({"Records": [TITLES, [spaces, *ROW[1:]]]}), ods, limits=SMALL
    )


@BOTH
def test_a_workbook_that_unpacks_to_more_than_it_should_is_refused(write):
    content = repack(write({"Records": [TITLES, ROW]}), {"xl/media/image1.xml": bytes(5_000_000)})
    assert "expected at most 200 times the packed size" in refused(content, write)
    said = refused(write({"Records": [TITLES, ROW]}), write, limits=Limits(max_bytes=1_000))
    assert "expected at most 1,000 bytes unpacked" in said
    assert "Save it as CSV" in said or "Ask for the file again" in said


def test_a_part_that_holds_more_than_the_zip_declares_is_refused():
    content = bytearray(ZIP)
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<L", content, at + 24, 100)
    assert "got more than the 100 bytes it declares" in refused(bytes(content))


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = xlsx({"Records": [TITLES, ROW]})
ODS = ods({"Records": [TITLES, ROW]})


@pytest.mark.parametrize(
    ("base", "content", "said"),
    [
        ("a.xlsx", b"", "expected an Excel workbook (.xlsx), got an empty file."),
        ("a.xlsx", b"a,b\n1,2\n", "got text. If it is CSV, give it a name that ends in .csv."),
        ("a.ods", b"a,b\n1,2\n", "expected an OpenDocument spreadsheet (.ods), got text."),
        ("a.xls", b"<html><table>", "got text."),
        ("a.xlsx", b"%PDF-1.7", "got a PDF."),
        (
            "a.xlsx",
            b"PAR1\x15",
            "got a Parquet file. If it is Parquet, give it a name that ends in .parquet.",
        ),
        ("a.xlsx", gzip.compress(ZIP), "got a gzip-compressed file."),
        ("a.xls", OLD + bytes(600), "got an old Excel workbook (.xls). Save it as an Excel workbook (.xlsx)"),
        ("a.xlsx", OLD + bytes(600), "got an old Excel workbook (.xls)."),
        (
            "a.xlsx",
            OLD + bytes(2**20) + "EncryptedPackage".encode("utf-16-le"),
            "expected a workbook without a password",
        ),
        (
            "a.xls",
            ZIP,
            "got an Excel workbook (.xlsx) under a name that ends in .xls. Give it a name that ends in .xlsx.",
        ),
        ("a.ods", ZIP, "got an Excel workbook (.xlsx) under a name that ends in .ods."),
        ("a.xlsx", ODS, "got an OpenDocument spreadsheet (.ods) under a name that ends in .xlsx."),
        ("a.xlsm", ZIP, "expected a workbook without macros"),
        (
            "a.xlsx",
            repack(ZIP, {"xl/vbaProject.bin": b"x"}),
            "expected a workbook without macros, got one that may hold",
        ),
        (
            "a.ods",
            ods({"R": [TITLES, ROW]}, extra={"Basic/Standard/Module1.xml": "x"}),
            "a workbook without macros",
        ),
        (
            "a.ods",
            ods({"R": [TITLES, ROW]}, manifest="<manifest:encryption-data/>"),
            "a workbook without a password",
        ),
        ("a.xlsx", repack(ZIP, {"xl/workbook.xml": None}), "got a zip of another kind."),
        ("a.xlsx", repack(ZIP, {"xl/workbook.bin": b"x"}), "got an Excel binary workbook (.xlsb)."),
        (
            "a.ods",
            repack(ODS, {"mimetype": b"application/vnd.oasis.opendocument.text"}),
            "another kind of OpenDocument",
        ),
        ("a.ods", repack(ODS, {"content.xml": None}), "another kind of OpenDocument file"),
        ("a.xlsx", repack(ZIP, {"XL/workbook.xml": b"x"}), "two parts have the same name"),
        ("a.xlsx", repack(ZIP, {"xl/workbook.xml": b"<a"}), "got one that is damaged."),
        ("a.xlsx", repack(ZIP, {"xl/workbook.xml": b"<!DOCTYPE a><a/>"}), "got one that is damaged."),
        ("a.xlsx", repack(ZIP, {"xl/worksheets/sheet1.xml": None}), "got one that is damaged."),
        ("a.xlsx", repack(ZIP, {"xl/worksheets/sheet1.xml": b"<worksheet><f/>"}), "got one that is damaged."),
        (
            "a.xlsx",
            repack(ZIP, {"xl/worksheets/sheet1.xml": b"<!DOCTYPE a><worksheet/>"}),
            "got one that is damaged.",
        ),
        ("a.ods", repack(ODS, {"content.xml": b"<!DOCTYPE a><a/>"}), "got one that is damaged."),
        ("a.ods", repack(ODS, {"content.xml": b"<office:document"}), "sheet"),
        ("a.xlsx", ZIP[:-30], "expected an Excel workbook (.xlsx), got one that is cut short or damaged."),
        ("a.xlsx", ZIP[: len(ZIP) // 2], "got one that is cut short or damaged."),
        ("a.ods", ODS[:-1], "got one that is cut short or damaged."),
    ],
)
def test_what_is_no_workbook_that_can_be_read_is_refused_with_what_it_is_and_what_to_do(base, content, said):
    assert said in refused(content, base=base)


def test_a_member_that_was_altered_is_refused():
    content = bytearray(ZIP)
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at] ^= 0xFF
    assert "calls.xlsx" in refused(bytes(content))
