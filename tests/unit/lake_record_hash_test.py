"""The hash that records are named by: the same for the same records whatever they came in, another for any other."""

import csv
import hashlib
import io
import json
import struct
from datetime import date, datetime
from itertools import pairwise

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openpeel.intake.load import load
from openpeel.lake import Lake, record_hash
from openpeel.lake.record_hash import content_hash
from openpeel.standards import load_standard

COLUMNS = {
    "text": (pa.string(), ["arrest", None, "", "Ré", "arrest"]),
    "truth": (pa.bool_(), [True, False, None, True, False]),
    "small": (pa.int16(), [1, 2, None, -4, 5]),
    "whole": (pa.int32(), [1, None, 3, -4, 5]),
    "large": (pa.int64(), [1, 2, 3, None, -(2**60)]),
    "number": (pa.float64(), [0.5, -1.25, None, 1e300, 0.0]),
    "day": (pa.date32(), [date(2021, 3, 1), None, date(1970, 1, 1), date(2021, 3, 31), date(2021, 3, 1)]),
    "moment": (pa.timestamp("us"), [datetime(2021, 3, 1, 11, 27), None, *[datetime(2021, 3, 2)] * 3]),
    "empty": (pa.string(), [None] * 5),
}
OTHER = {
    "text": "caution",
    "truth": True,
    "small": 7,
    "whole": 7,
    "large": 7,
    "number": 7.5,
    "day": date(2021, 3, 2),
    "moment": datetime(2021, 3, 1, 11, 28),
    "empty": "",
}


def table(rows=None, columns=COLUMNS):
    picked = {
        name: pa.array(values if rows is None else [values[i % 5] for i in range(rows)], kind)
        for name, (kind, values) in columns.items()
    }
    return pa.table(picked)


def by_hand(columns, block):
    """The form as `record_hash` documents it, value by value, with nothing of Arrow or numpy."""
    kinds = {
        pa.string(): "text",
        pa.bool_(): "truth value",
        pa.int16(): "whole number of 16 bits",
        pa.int32(): "whole number of 32 bits",
        pa.int64(): "whole number of 64 bits",
        pa.float64(): "floating point of 64 bits",
        pa.date32(): "days since 1970",
        pa.timestamp("us"): "microseconds since 1970",
    }
    codes = {"16": "<h", "32": "<i", "64": "<q"}

    def bits(flags):
        padded = [*flags, *[False] * (-len(flags) % 8)]
        return bytes(
            sum(flag << i for i, flag in enumerate(padded[at : at + 8])) for at in range(0, len(padded), 8)
        )

    def one(kind, value):
        if kind.startswith("floating"):
            return struct.pack("<d", value or 0.0)
        if kind.startswith("days"):
            return struct.pack("<i", (value - date(1970, 1, 1)).days if value else 0)
        if kind.startswith("micro"):
            return struct.pack(
                "<q", int((value - datetime(1970, 1, 1)).total_seconds()) * 10**6 if value else 0
            )
        return struct.pack(codes[kind.split()[-2]], value or 0)

    rows = len(next(iter(columns.values()))[1])
    head = {"rows": rows, "columns": [[name, kinds[kind]] for name, (kind, _) in columns.items()]}
    whole = hashlib.sha256(json.dumps(head).encode() + b"\n")
    for at in range(0, rows, block):
        found = hashlib.sha256()
        for of, values in columns.values():
            kind, some = kinds[of], values[at : at + block]
            found.update(bits([value is not None for value in some]))
            if kind == "text":
                texts = [(value or "").encode() for value in some]
                found.update(b"".join(struct.pack("<I", len(text)) for text in texts) + b"".join(texts))
            elif kind == "truth value":
                found.update(bits([bool(value) for value in some]))
            else:
                found.update(b"".join(one(kind, value) for value in some))
        whole.update(found.digest())
    return whole.hexdigest()[:32]


@pytest.mark.parametrize("block", [1, 2, 3, 5, 8])
def test_the_hash_is_that_of_the_form_that_is_documented(monkeypatch, block):
    monkeypatch.setattr(record_hash, "_BLOCK", block)
    assert content_hash(table()) == by_hand(COLUMNS, block)


def test_the_name_of_known_records_never_changes():
    # Else what is in a lake would no longer be found under its name.
    assert content_hash(table()) == by_hand(COLUMNS, 65_536) == "17e71f6e58b44958d4885f6015438d3e"


def test_an_empty_table_has_a_hash_of_its_columns():
    empty = table(0)
    assert content_hash(empty) == by_hand({n: (k, []) for n, (k, _) in COLUMNS.items()}, 65_536)
    assert content_hash(empty) != content_hash(empty.drop_columns(["text"]))


def test_how_a_table_is_cut_makes_no_difference():
    whole = table(200_000)
    cuts = [0, 1, 9, 65_535, 65_536, 65_537, 70_001, 131_072, 199_999, 200_000]
    cut = pa.concat_tables([whole.slice(a, b - a) for a, b in pairwise(cuts)])
    assert cut.column(0).num_chunks == 9
    assert content_hash(cut) == content_hash(whole)
    assert content_hash(pa.concat_tables([table(3), whole]).slice(3)) == content_hash(whole)


def test_how_texts_are_held_makes_no_difference():
    whole = table(1000)
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        held = whole.set_column(0, "text", whole.column(0).cast(kind))
        assert held.schema.field("text").type == kind
        assert content_hash(held) == content_hash(whole)
    parts = [table(10).set_column(0, "text", table(10).column(0).dictionary_encode()) for _ in range(2)]
    assert content_hash(pa.concat_tables(parts)) == content_hash(pa.concat_tables([table(10)] * 2))


def test_what_stands_where_nothing_is_makes_no_difference():
    known = pa.py_buffer(np.packbits([True, False, True], bitorder="little"))

    def under(kind, values):
        _, *buffers = pa.array(values, kind).buffers()
        return pa.Array.from_buffers(kind, 3, [known, *buffers])

    texts, wholes = under(pa.string(), ["a", "hidden", "b"]), under(pa.int64(), [1, 99, 3])
    truths = under(pa.bool_(), [True, True, False])
    hidden = pa.table({"t": texts, "n": wholes, "b": truths})
    plain = pa.table({"t": ["a", None, "b"], "n": [1, None, 3], "b": [True, None, False]})
    assert hidden.equals(plain)
    assert content_hash(hidden) == content_hash(plain)


def test_how_parquet_is_written_makes_no_difference(tmp_path):
    whole = table(1000)
    for i, options in enumerate(
        ({"compression": "gzip", "row_group_size": 77}, {"use_dictionary": False, "version": "2.4"})
    ):
        pq.write_table(whole, tmp_path / f"{i}.parquet", **options)
        assert content_hash(pq.read_table(tmp_path / f"{i}.parquet")) == content_hash(whole)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", range(5))
def test_any_cell_that_is_changed_changes_it(column, row):
    kind, values = COLUMNS[column]
    seen = {content_hash(table())}
    for value in (OTHER[column], None):
        changed = [value if i == row else v for i, v in enumerate(values)]
        if changed != values:
            seen.add(content_hash(table(columns={**COLUMNS, column: (kind, changed)})))
    assert len(seen) == 1 + (values[row] != OTHER[column]) + (values[row] is not None)


def test_a_blank_is_no_empty_text_and_no_zero_or_untruth():
    for blank, other, kind in (
        (None, "", pa.string()),
        (None, 0, pa.int64()),
        (None, False, pa.bool_()),
        (None, 0.0, pa.float64()),
        (None, date(1970, 1, 1), pa.date32()),
    ):
        one, two = (pa.table({"a": pa.array([v], kind)}) for v in (blank, other))
        assert content_hash(one) != content_hash(two)


def test_texts_that_are_cut_elsewhere_or_stand_in_other_columns_differ():
    tables = [
        pa.table({"a": ["ab", "c"], "b": ["", ""]}),
        pa.table({"a": ["a", "bc"], "b": ["", ""]}),
        pa.table({"a": ["a", "b"], "b": ["c", ""]}),
        pa.table({"b": ["ab", "c"], "a": ["", ""]}),
        pa.table({"a": ["c", "ab"], "b": ["", ""]}),
    ]
    assert len({content_hash(t) for t in tables}) == len(tables)


def test_a_type_that_no_column_of_the_lake_has_is_refused():
    with pytest.raises(TypeError, match="uint8"):
        content_hash(pa.table({"a": pa.array([1], pa.uint8())}))


HEADER = [column.title for column in load_standard("call").columns]
ROWS = [
    ["C1", "2021-03-01T11:27:00", "999", True, "Answered", None, None, 2.5, 7, True, 60.25, None, "I1"],
    [
        "C2",
        "2021-03-01T11:28:00",
        "101",
        None,
        "Gave up waiting",
        None,
        None,
        None,
        31,
        False,
        None,
        None,
        None,
    ],
    ["C3", "2021-03-31T23:59:59", "101", False, "Answered", None, None, None, 0, None, 12, None, None],
]


def test_the_same_records_have_the_same_name_from_csv_parquet_and_a_workbook(tmp_path):
    printed = io.StringIO()
    csv.writer(printed).writerows([HEADER, *[["" if v is None else v for v in row] for row in ROWS]])
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    columns = dict(zip(HEADER, (list(column) for column in zip(*ROWS, strict=True)), strict=True))
    made = pa.table({n: pa.array(v, pa.string() if not any(v) else None) for n, v in columns.items()})
    base = tmp_path / "2021-03-kent-calls"
    base.with_suffix(".csv").write_text(printed.getvalue())
    book.save(base.with_suffix(".xlsx"))
    pq.write_table(made, base.with_suffix(".parquet"))
    held = {}
    for ending in (".csv", ".xlsx", ".parquet"):
        lake = Lake.open(tmp_path / ending[1:], create=True)
        report = load(lake, [base.with_suffix(ending)])
        assert not report.not_taken
        (loaded,) = report.loaded
        records = pq.read_table(lake.part_path("call", loaded.found.part))
        assert records.num_rows == 3
        assert content_hash(records) == loaded.found.part
        held[ending] = records
    assert content_hash(held[".csv"]) == content_hash(held[".xlsx"])
    # Parquet has no header, so that its first row is row 1; nothing else tells the records apart.
    row = held[".parquet"].schema.get_field_index("row")
    below_a_header = held[".parquet"].set_column(
        row, held[".csv"].schema.field("row"), held[".csv"].column("row")
    )
    assert held[".parquet"].column("row").to_pylist() == [1, 2, 3]
    assert content_hash(below_a_header) == content_hash(held[".csv"]) != content_hash(held[".parquet"])
