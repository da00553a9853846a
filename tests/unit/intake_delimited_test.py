"""Comma-separated files as people hand them in: every record is handed over or rejected with a reason."""

import codecs
import csv
import io
from pathlib import Path

import pytest

from openpeel.errors import DataError, UseError
from openpeel.intake.delimited import DelimitedFile, read_delimited

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk"
real_files = pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not beside the checkout")


def read(data, **settings):
    file = read_delimited(io.BytesIO(data), name="return.csv", **settings)
    numbered = [
        (number, row) for c in file.chunks() for number, row in zip(c.row_numbers, c.rows, strict=True)
    ]
    assert file.records == len(numbered) + len(file.rejected)
    return file, numbered


def rejected(file: DelimitedFile):
    return [(r.row, r.column, r.expected, r.got) for r in file.rejected]


def refusal(data, **settings):
    with pytest.raises(DataError) as caught:
        read(data, **settings)
    assert caught.value.where == "return.csv"
    assert caught.value.advice
    return caught.value.message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_kind_of_line_end_gives_the_same_rows(end):
    file, rows = read(end.join(["Type,Gender", "Person,Female", "Vehicle,", ""]).encode())
    assert file.header == ("Type", "Gender")
    assert rows == [(2, ["Person", "Female"]), (3, ["Vehicle", ""])]


def test_a_byte_order_mark_and_blanks_around_names_are_no_part_of_the_header():
    assert read(codecs.BOM_UTF8 + b" Type ,Gender\t\nPerson,Male\n")[0].header == ("Type", "Gender")


def test_the_last_record_needs_no_line_end():
    assert read(b"a,b\n1,2\n3,4")[1] == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_a_header_without_records_is_no_mistake():
    file, rows = read(b"a,b\n")
    assert (rows, file.rejected, file.records) == ([], [], 0)


def test_a_cell_may_hold_commas_quotation_marks_and_line_ends_and_is_still_one_row():
    _, rows = read(b'a,b\n"x, ""y""\nz",1\n2,3\n')
    assert rows == [(2, ['x, "y"\nz', "1"]), (3, ["2", "3"])]


def test_a_row_with_too_few_or_too_many_cells_is_rejected_and_its_neighbours_are_not():
    file, rows = read(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert rows == [(2, ["1", "2"]), (5, ["7", "8"])]
    assert rejected(file) == [(3, "", "2 cells", "1 cell"), (4, "", "2 cells", "3 cells")]


def test_row_numbers_are_those_a_spreadsheet_shows_also_after_blank_lines():
    file, rows = read(b'a,b\n\n1,"2\n2"\n\n\n3\n4,5\n\n')
    assert rows == [(3, ["1", "2\n2"]), (7, ["4", "5"])]
    assert [r.row for r in file.rejected] == [6]
    assert file.blank_lines == 4
    assert file.records == 3


def test_a_line_of_commas_alone_is_a_record_of_empty_cells():
    assert read(b"a,b\n,\n")[1] == [(2, ["", ""])]


def test_bytes_that_are_not_in_the_encoding_reject_their_row_and_name_the_column():
    file, rows = read(b"Name,Town\nAnn,Hove\nZo\xeb,Hove\nZo\xc3\xab,Hove\n")
    assert rows == [(2, ["Ann", "Hove"]), (4, ["Zoë", "Hove"])]
    assert rejected(file) == [(3, "Name", "text in utf-8", "bytes that are not in it")]


def test_another_encoding_can_be_named():
    assert read(b"Name\nZo\xeb\n", encoding="cp1252")[1] == [(2, ["Zoë"])]


@pytest.mark.parametrize("encoding", ["utf-16", "no-such-encoding", "cp037", "hex"])
def test_an_encoding_in_which_commas_are_not_commas_cannot_be_asked_for(encoding):
    with pytest.raises(UseError, match="expected one of the encodings"):
        read(b"a\n1\n", encoding=encoding)


def test_a_nul_character_rejects_its_row():
    file, rows = read(b"a,b\n1,2\x00\n3,4\n")
    assert rows == [(3, ["3", "4"])]
    assert rejected(file) == [(2, "b", "text", "a NUL character")]


def test_a_cell_at_the_limit_is_taken_and_one_character_more_is_rejected():
    file, rows = read(b"a,b\n1,12345678\n1,123456789\n1,2\n", max_field_chars=8)
    assert [number for number, _ in rows] == [2, 4]
    assert rejected(file) == [(3, "b", "at most 8 characters", "a cell of 9 characters")]


def test_a_row_of_long_but_permitted_cells_is_taken():
    assert read(b"a,b\n12345678,12345678\n", max_field_chars=8)[1] == [(2, ["12345678", "12345678"])]


def test_the_limit_for_a_cell_may_be_raised_above_that_of_the_csv_module():
    before = csv.field_size_limit()
    try:
        assert len(read(b"a\n" + b"x" * 300_000, max_field_chars=300_000)[1]) == 1
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("quote", [b"", b'"'])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_cell_of_ten_megabytes_is_one_rejected_row_and_is_never_in_memory_whole(quote, end):
    long = quote + b"x" * 10_485_760 + quote
    file, rows = read(end.join([b"a,b", b"1,2", long + b',"y' + end + b'z"', b"3,4", b""]))
    assert rows == [(2, ["1", "2"]), (4, ["3", "4"])]
    (row,) = file.rejected
    assert (row.row, row.expected) == (3, "at most 131,072 characters in a cell")
    assert row.got.startswith("more, in a record of 10,485,")
    assert row.got.endswith("from line 3 to line 4")


@pytest.mark.parametrize("length", range(140, 148))
def test_a_long_line_cut_between_cr_and_lf_does_not_make_a_blank_line(length):
    file, rows = read(b"a,b\r\n" + b"x" * length + b"\r\n3,4\r\n", max_field_chars=9)  # cut at 145 characters
    assert rows == [(3, ["3", "4"])]
    assert (len(file.rejected), file.blank_lines) == (1, 0)


def test_a_quotation_mark_inside_a_long_plain_cell_opens_nothing():
    file, rows = read(b"a,b\n" + b"x" * 145 + b'"y,2\n3,4\n', max_field_chars=9)  # cut at 145 characters
    assert rows == [(3, ["3", "4"])]
    assert len(file.rejected) == 1


def test_a_record_of_very_many_lines_is_rejected_as_one():
    file, rows = read(b'a,b\n"' + b'\n","' * 100_000 + b'"\n3,4\n', max_field_chars=100)
    assert rows == [(3, ["3", "4"])]
    assert len(file.rejected) == 1
    assert file.rejected[0].got.endswith("from line 2 to line 100,002")


def test_a_quotation_mark_never_closed_swallows_the_rest_as_one_rejected_record():
    file, rows = read(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert rows == [(2, ["1", "2"])]
    (row,) = file.rejected
    assert (row.row, row.expected) == (3, "a closing quotation mark")
    assert "before the end of the file" in row.got
    assert "from line 3 to line 5" in row.got


def test_a_quotation_mark_opened_at_the_very_end_is_rejected():
    file, _ = read(b'a,b\n1,"')
    assert "on line 2 were swallowed" in file.rejected[0].got


def test_a_quotation_mark_never_closed_in_a_file_longer_than_any_record():
    file, _ = read(b'a,b\n1,"2\n' + b"3,4\n" * 1_000, max_field_chars=50)
    assert [r.expected for r in file.rejected] == ["a closing quotation mark"]
    assert "from line 2 to line 1,002" in file.rejected[0].got


def test_text_after_a_closing_quotation_mark_rejects_the_record_with_all_its_lines():
    file, rows = read(b'a,b\n"1"x,"2\n2"\n3,4\n5,"6\n7,"8"\n9,10\n')
    assert rows == [(3, ["3", "4"]), (5, ["9", "10"])]
    expected = "a comma or the end of the line after a closing quotation mark"
    assert rejected(file) == [
        (2, "", expected, "text from line 2 to line 3"),
        (4, "", expected, "text from line 5 to line 6"),
    ]


def test_the_header_again_is_rejected_also_with_a_byte_order_mark():
    file, rows = read(
        codecs.BOM_UTF8
        + b"Type ,Gender\nType,Female\n"
        + codecs.BOM_UTF8
        + b"Type,Gender \nType ,Gender\n1,2\n"
    )
    assert rows == [(2, ["Type", "Female"]), (5, ["1", "2"])]
    assert rejected(file) == [(n, "", "a record", "the header row again") for n in (3, 4)]


def test_what_is_told_of_a_rejected_row_never_repeats_a_cell():
    file, _ = read(b'a,b\nSecretName\nSecret\x00Name,1\nSecret\xffName,1\n"SecretName"Secret,1\n"SecretName')
    assert len(file.rejected) == 5
    assert "Secret" not in repr(file.rejected)


def test_rows_come_in_chunks_with_their_numbers():
    file = read_delimited(io.BytesIO(b"a\n1\n2\n3,3\n4\n5\n"), name="return.csv", chunk_rows=2)
    chunks = [(c.first_row, c.rows, c.row_numbers) for c in file.chunks()]
    assert chunks == [(2, [["1"], ["2"]], range(2, 4)), (5, [["4"], ["5"]], range(5, 7))]


def test_a_chunk_with_a_gap_says_the_number_of_each_row():
    file = read_delimited(io.BytesIO(b"a\n1\n2,2\n3\n"), name="return.csv")
    assert [list(c.row_numbers) for c in file.chunks()] == [[2, 4]]


def test_the_stream_stays_open_for_its_owner():
    stream = io.BytesIO(b"a\n1\n")
    list(read_delimited(stream, name="return.csv").chunks())
    assert not stream.closed


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (b"", "got an empty file"),
        (codecs.BOM_UTF8, "got an empty file"),
        (b"\n\r\n\n", "got nothing but blank lines"),
        ("a,b\n1,2\n".encode("utf-16"), "got text saved as UTF-16"),
        (codecs.BOM_UTF16_BE + "a,b\n".encode("utf-16-be"), "got text saved as UTF-16"),
        ("a,b\n1,2\n".encode("utf-32"), "got text saved as UTF-32"),
        ("a,b\n1,2\n".encode("utf-16-le"), "binary data or text saved as UTF-16"),
        (b"PK\x03\x04\x14\x00", "zip file or an Excel or OpenDocument spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel spreadsheet"),
        (b"%PDF-1.7\n", "got a PDF"),
        (b"\x1f\x8b\x08\x00", "a gzip-compressed file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"a,b,a\n", "got the same name in columns 1 and 3"),
        (b"a, a \n", "got the same name in columns 1 and 2"),
        (b"a,,\n", "got the same name in columns 2 and 3"),
        (b"a,\xff\n", "bytes that are no text in it"),
        (b'a,"b\nc\x00"\n', "bytes that are no text in it"),
        (b'a,"b\n1,2\n', "expected a header of at most 131,072 characters"),
        (b'a,"b"c\n', "expected a header of at most 131,072 characters"),
        (b"x" * 10_485_760, "expected a header of at most 131,072 characters"),
        (b"Type;Date;Gender\n1;2;3\n", "separated by commas, got semicolons"),
        (b"Type\tDate\n1\t2\n", "separated by commas, got tabs"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_that_is_no_csv_is_refused_as_a_whole_and_says_what_it_looks_like(data, got):
    assert got in refusal(data)


@real_files
def test_the_eleven_repeated_headers_of_a_published_file_are_rejected():
    with (DATA / "west_midlands_old_formats" / "WMPstopandsearchJun16Jun17.csv").open("rb") as stream:
        file = read_delimited(stream, name="wmp.csv")
        taken = sum(len(chunk.rows) for chunk in file.chunks())
    assert [r.got for r in file.rejected] == ["the header row again"] * 11
    assert file.records == taken + 11


@real_files
def test_a_published_file_with_cr_line_ends_and_a_byte_order_mark_is_read():
    path = DATA / "west_midlands_old_formats" / "WMstopandsearchJun16vs17totalsEthnicity.csv"
    file, rows = read(path.read_bytes())
    assert file.header == ("Row Labels", "2016 June", "2017 June", "Term in 2017")
    assert len(rows) + len(file.rejected) + file.blank_lines == path.read_bytes().rstrip(b"\r").count(b"\r")


@real_files
@pytest.mark.parametrize("force", ["hertfordshire", "kent", "merseyside", "wiltshire"])
def test_published_files_are_read_as_the_csv_module_reads_them(force):
    path = DATA / "all_forces_2021-03" / f"2021-03-{force}-stop-and-search.csv"
    file, rows = read(path.read_bytes())
    with path.open(newline="", encoding="utf-8") as text:
        assert [list(file.header), *(row for _, row in rows)] == list(csv.reader(text))
    assert not file.rejected
