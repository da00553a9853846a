"""A Parquet file gives the rows that CSV would give; what is no plain value, or would fill the memory, is refused."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.parquet import read_parquet


def written(columns, **settings):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **settings)
    return out.getvalue()


def read(content, limits=None, **settings):
    return read_parquet(io.BytesIO(content), name="a.parquet", limits=limits, **settings)


def rows(file):
    taken = [row for chunk in file.chunks() for row in chunk.rows]
    assert file.records == len(taken) + len(file.rejected)
    return taken


def refused(content, limits=None):
    with pytest.raises(DataError) as caught:
        rows(read(content, limits))
    return str(caught.value)


WHEN = datetime(2021, 7, 1, 14, 5)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("007", pa.string(), "007"),
        ("é", pa.large_string(), "é"),
        ("a", pa.dictionary(pa.int8(), pa.string()), "a"),
        (12, pa.int64(), "12"),
        (2**64 - 1, pa.uint64(), "18446744073709551615"),
        (12.0, pa.float64(), "12"),
        (0.1, pa.float64(), "0.1"),
        (1.5, pa.float32(), "1.5"),
        (Decimal("12.50"), pa.decimal128(9, 2), "12.50"),
        (True, pa.bool_(), "True"),
        (date(2021, 7, 1), pa.date32(), "2021-07-01"),
        (date(2021, 7, 1), pa.date64(), "2021-07-01"),
        (time(14, 5), pa.time32("s"), "14:05:00"),
        (WHEN, pa.timestamp("s"), "2021-07-01 14:05:00"),
        (WHEN, pa.timestamp("ns"), "2021-07-01 14:05:00"),
        (WHEN.replace(microsecond=500000), pa.timestamp("us"), "2021-07-01 14:05:00.5"),
        (WHEN, pa.timestamp("us", "UTC"), "2021-07-01 14:05:00Z"),
        (WHEN, pa.timestamp("us", "Europe/London"), "2021-07-01 15:05:00+0100"),
    ],
    ids=str,
)
def test_nothing_is_lost_in_a_cell_and_nothing_is_a_blank(value, kind, text):
    file = read(written({"A": pa.array([value, None], kind), "B": ["x", "y"]}))
    assert file.header == ("A", "B")
    assert rows(file) == [[text, "x"], ["", "y"]]


def test_a_column_of_nothing_is_blank():
    assert rows(read(written({"A": pa.nulls(1), "B": ["x"]}))) == [["", "x"]]


def test_rows_are_numbered_by_their_place_and_handed_over_in_chunks():
    file = read(written({"A": [str(i) for i in range(7)]}, row_group_size=2), chunk_rows=3)
    assert [list(chunk.row_numbers) for chunk in file.chunks()] == [[1, 2, 3], [4, 5, 6], [7]]


def test_bytes_that_are_no_text_reject_their_row_alone():
    column = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffb")]
    )
    file = read(written({"A": column}))
    assert rows(file) == [["a"], ["b"]]
    assert [(r.row, r.column, r.expected) for r in file.rejected] == [(2, "A", "text in utf-8")]


def test_a_long_cell_rejects_its_row():
    file = read(written({"A": ["a", "x" * 30]}), Limits(max_field_chars=20))
    assert rows(file) == [["a"]]
    assert [(r.row, r.got) for r in file.rejected] == [(2, "a cell of 30 characters")]


@pytest.mark.parametrize(
    ("column", "got"),
    [
        ([[1]], "a list or group of values"),
        ([{"a": 1}], "a list or group of values"),
        (pa.array([{"a": 1}], pa.map_(pa.string(), pa.int8())), "a list or group of values"),
        ([b"a"], "values of the type binary"),
        ([timedelta(1)], "values of the type duration[us]"),
    ],
)
def test_a_column_that_holds_no_plain_values_is_named(column, got):
    said = refused(written({"Calls": column, "B": ["x"]}))
    assert said.startswith(
        "a.parquet, column 'Calls': expected plain values (text, numbers, days, times, true or false)"
    )
    assert f"got {got}. Write each value into a column of its own" in said


GOOD = written({"A": ["x"] * 100})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a Parquet file, got an empty file."),
        (b"a,b\n", "got text. If it is CSV, give it a name that ends in .csv."),
        (b"PK\x03\x04", "got a zip file or an Excel or OpenDocument spreadsheet."),
        (b"PARE" + bytes(20), "got an encrypted one."),
        (b"PAR1", "got one that is cut short or damaged."),
        (GOOD[:-10], "got one that is cut short or damaged."),
        (GOOD[:10] + bytes(30) + GOOD[40:], "got one that is cut short or damaged."),
        (written({}), "expected columns, got a Parquet file without any."),
        (
            written({"A": ["x"], " A ": ["y"]}),
            "expected each column once, got the same name in columns 1 and 2.",
        ),
    ],
)
def test_what_is_no_parquet_that_can_be_read_is_refused(content, said):
    assert said in refused(content)


SMALL = Limits(text_from_bytes=10_000, max_ratio=2)


def test_one_text_that_is_repeated_does_not_fill_the_memory():
    assert "expected at most 10,000 characters in all rows" in refused(
        written({"A": ["x" * 1_000] * 20}), SMALL
    )
    assert "expected at most 10,000 bytes unpacked" in refused(written({"A": [True] * 20_000}), SMALL)
    assert len(rows(read(written({"A": ["x" * 1_000] * 9}), SMALL))) == 9
