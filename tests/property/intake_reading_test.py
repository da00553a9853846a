"""Whatever the bytes, every record is handed over or rejected, and nothing but a DataError is raised."""

import contextlib
import csv
import gzip
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openpeel.errors import DataError
from openpeel.intake.delimited import read_delimited
from openpeel.intake.police_api import KEYS_NEEDED, read_police_api
from openpeel.intake.sources import find_sources

HEADER = ["Type", "Date", "Outcome"]
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
good_rows = st.lists(cells, min_size=3, max_size=3).filter(lambda row: row[0].strip('\ufeff" ') != "Type")
wrong_rows = st.lists(cells, min_size=1, max_size=6).filter(lambda row: len(row) != 3)
broken_lines = st.sampled_from(
    [b'"a"b,c,d', b"a\x00,b,c", b"a,\xff,b", b'"a\nb"c,d,e', b"Type,Date,Outcome", b'a,"b\nc\x00",d']
)
records = st.lists(
    st.one_of(
        good_rows.map(lambda row: ("taken", row)),
        wrong_rows.map(lambda row: ("rejected", row)),
        broken_lines.map(lambda line: ("rejected", line)),
        st.just(("blank", b"")),
    ),
    max_size=30,
)


def line(cells):
    text = io.StringIO(newline="")
    csv.writer(
        text, quoting=csv.QUOTE_ALL if cells == [""] else csv.QUOTE_MINIMAL, lineterminator="\r\n"
    ).writerow(cells)
    return text.getvalue().removesuffix("\r\n").encode()


@given(records=records, end=st.sampled_from([b"\n", b"\r\n", b"\r"]), chunk_rows=st.integers(1, 40))
def test_each_record_is_handed_over_or_rejected_under_its_number(records, end, chunk_rows):
    lines = [line(HEADER)] + [what if isinstance(what, bytes) else line(what) for _, what in records]
    file = read_delimited(io.BytesIO(end.join(lines) + end), name="a.csv", chunk_rows=chunk_rows)
    chunks = list(file.chunks())
    got = [pair for c in chunks for pair in zip(c.row_numbers, c.rows, strict=True)]
    numbered = list(enumerate(records, start=2))
    assert got == [(n, what) for n, (fate, what) in numbered if fate == "taken"]
    assert [r.row for r in file.rejected] == [n for n, (fate, _) in numbered if fate == "rejected"]
    assert file.blank_lines == sum(fate == "blank" for fate, _ in records)
    assert all(c.first_row == c.row_numbers[0] and len(c.rows) <= chunk_rows for c in chunks)


csv_soup = st.lists(
    st.sampled_from(
        [b'"', b",", b"\n", b"\r", b"a", b"xyz", b"\x00", b"\xff", b"\xc3\xab", b'""', b"\xef\xbb\xbf"]
    ),
    max_size=60,
).map(b"".join)


@given(
    data=st.one_of(st.binary(max_size=300), csv_soup, csv_soup.map(b"a,b\n".__add__)),
    limit=st.integers(1, 20),
)
def test_any_bytes_are_rows_or_a_data_error(data, limit):
    try:
        file = read_delimited(io.BytesIO(data), name="a.csv", max_field_chars=limit)
        rows = [row for chunk in file.chunks() for row in chunk.rows]
    except DataError:
        return
    assert all(len(row) == len(file.header) for row in rows)
    assert all(len(cell) <= limit for row in rows for cell in row)
    assert file.records == len(rows) + len(file.rejected)


@given(soup=csv_soup)
def test_sound_records_before_a_mess_are_not_lost(soup):
    file = read_delimited(io.BytesIO(b"a,b\n1,2\n3,4\n" + soup), name="a.csv")
    rows = [row for chunk in file.chunks() for row in chunk.rows]
    assert rows[:2] == [["1", "2"], ["3", "4"]]


@given(soup=csv_soup, limit=st.integers(1, 4))
def test_a_tight_limit_changes_which_records_are_taken_and_not_how_many_there_are(soup, limit):
    def count(max_field_chars):
        file = read_delimited(io.BytesIO(b"a,b\n" + soup), name="a.csv", max_field_chars=max_field_chars)
        list(file.chunks())
        return file.records, file.blank_lines

    assert count(limit + 3) == count(10_000)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = [*sorted(KEYS_NEEDED), "outcome_object", "involved_person", "other"]
whole_stops = st.fixed_dictionaries(dict.fromkeys(KEYS, json_values | st.none()))
parts_of_stops = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, json_values))
stops = st.lists(whole_stops | parts_of_stops | json_values, max_size=4)


def all_of(file):
    rows = [row for chunk in file.chunks() for row in chunk.rows]
    assert file.records == len(rows) + len(file.rejected)
    assert all(len(row) == 15 and all(isinstance(cell, str) for cell in row) for row in rows)


@given(stops=stops, cut=st.integers(0, 400), data=st.binary(max_size=100))
def test_any_json_or_bytes_are_stops_or_a_data_error(stops, cut, data):
    text = json.dumps(stops).encode()
    for version in (text, text[:cut], text[:cut] + data, data):
        with contextlib.suppress(DataError):
            all_of(read_police_api(io.BytesIO(version), name="a.json"))


def _zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2021-03/kent.csv", b"a,b\n" + b"1,2\n" * 50)
        archive.writestr("2021-03/essex.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0))
    return packed.getvalue()


ZIP = _zip()


@pytest.mark.parametrize("suffix", [".zip", ".csv.gz"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, len(ZIP) - 1), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, 60),
)
@example(changes=[(179, 0)], cut=0)  # a member without a name
def test_a_damaged_zip_or_gz_is_read_or_a_data_error(tmp_path, suffix, changes, cut):
    whole = ZIP if suffix == ".zip" else gzip.compress(b"a,b\n" + b"1,2\n" * 50, mtime=0)
    data = bytearray(whole)
    for at, byte in changes:
        data[at % len(data)] = byte
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(data[: len(data) - cut])
    with contextlib.suppress(DataError):
        sources, _ = find_sources([path])
        for source in sources:
            with source.open() as stream:
                stream.read()
