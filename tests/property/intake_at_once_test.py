"""Reading many rows at once gives in every respect what reading them one by one gives, whatever the rows."""

import csv
import io
import tempfile
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpeel.errors import DataError
from openpeel.intake import delimited, pieces, reading
from openpeel.intake.coding import Coder
from openpeel.intake.naming import parse_months
from openpeel.intake.reading import layout_of, read_return, spooled
from openpeel.intake.sources import Limits, find_sources
from openpeel.standards import load_standard

MARCH = parse_months("2021-03")
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk" / "hertfordshire"
STANDARDS = ("call", "stop_search", "workforce", "finance", "crime", "detention_136")
many = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """So small that a file of a few rows has many, and that the way back from the careful reader is taken too."""
    for module in (pieces, delimited):
        monkeypatch.setattr(module, "MOST_BYTES", 700)
        monkeypatch.setattr(module, "LEAST_BYTES", 90)
    monkeypatch.setattr(reading, "_SPLIT_ROWS", 2)
    monkeypatch.setattr("openpeel.intake.parquet._PIECE_ROWS", 3)


#: What may stand in any cell: good here, wrong there.
odd = st.sampled_from(
    [
        *(
            "",
            " ",
            "\t",
            "\x1c",
            "\u3000",
            "0",
            "-0",
            "12.0",
            "1,200",
            "1_000",
            "nan",
            "inf",
            "1e3",
            "-1.",
            ".5",
            "+7",
        ),
        *(
            "9007199254740993",
            "123456789012345678",
            "9" * 400,
            "٣",
            "true",
            "TRUE",
            " False ",
            "yes",
            "unrecognised",
        ),
        *("2021-03-31", "31/03/2021", "03/31/2021", "2021-03", "2021-03-01T00:00", "2021-02-30T10:00:00"),
        *(
            "2021-03-01T11:27:00+00:00",
            "2021-03-01 11:27Z",
            " 2021-03-01T11:27:00 ",
            "2021-03-01T11:27:00.250000",
        ),
        *("2021-03-01T24:00:00", "0201-03-01T11:27:00", "2021-03-01T11:27:60", "2021-03-01T11:27:00+0100"),
        *(
            'say "no"',
            "an end\nof line",
            "two\r\nlines",
            "a,b",
            '"',
            "Zoë",
            "\u2028",
            "\ufeffmark",
            "ends with\r",
        ),
        *("1e400", "-1e-400", "1e15", "1000000000000000", "123456789.123456789", "0.1", "1.0", "01", "000"),
    ]
)


def cells(column):
    if column.codes is not None:
        labels = [x for c in column.codes.codes for x in (c.code, *c.labels, *c.superseded)]
        usual = st.sampled_from(labels) | st.sampled_from(labels).map(lambda x: f" {x.upper()} ")
    elif column.type in ("number", "whole"):
        usual = st.integers(-3, 300).map(str) | st.floats(0, 100).map(lambda x: str(round(x, 4)))
    elif column.type == "timestamp":
        usual = st.datetimes(datetime(2021, 2, 27), datetime(2021, 4, 2)).flatmap(
            lambda t: st.sampled_from([f"{t:%Y-%m-%dT%H:%M:%S+00:00}", f"{t:%Y-%m-%d %H:%M}", t.isoformat()])
        )
    elif column.type == "date":
        usual = st.dates(date(2021, 3, 1), date(2021, 3, 31)).flatmap(
            lambda d: st.sampled_from([str(d), f"{d:%d/%m/%Y}"])
        )
    else:
        usual = st.sampled_from(
            {"month": ["2021-03", "2021-04"], "boolean": ["true", "False", ""]}.get(
                column.type, ["a", "bb", "Zoë", ""]
            )
        )
    return usual


def one_of_many(usual, rare):
    return st.integers(0, 24).flatmap(lambda n: rare if n == 0 else usual)


@st.composite
def tables(draw):
    """A standard, its columns in some order, and rows of cells, some of which are wrong or stand again."""
    standard = load_standard(draw(st.sampled_from(STANDARDS)))
    columns = list(standard.columns)
    if draw(st.booleans()):
        columns = draw(st.permutations(columns))
    row = st.tuples(*(one_of_many(cells(c), odd) for c in columns)).map(list)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    again = draw(st.lists(st.sampled_from(rows), max_size=4))
    return standard, columns, draw(st.permutations([*rows, *map(list, again)]))


@st.composite
def printed(draw):
    """A file of CSV as somebody may have written it."""
    standard, columns, rows = draw(tables())
    header = [c.title for c in columns]
    lines = [header, *rows]
    for _ in range(draw(st.integers(0, 2))):  # short, long and blank rows, the header again
        at = draw(st.integers(1, len(lines)))
        kind = draw(st.sampled_from(["short", "long", "blank", "header", "marked"]))
        marked = ["\ufeff" + header[0], *header[1:]]
        some = list(draw(st.sampled_from(rows)))
        new = {"short": some[:-1], "long": [*some, ""], "blank": [], "header": header, "marked": marked}[kind]
        lines.insert(at, new)
    end = draw(st.sampled_from(["\n", "\r\n", "\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(lines)
    data = out.getvalue().encode()
    if draw(st.booleans()):
        data = data.removesuffix(end.encode())
    if draw(st.booleans()):
        data = b"\xef\xbb\xbf" + data
    begin = len(data) // len(lines)
    for _ in range(draw(st.integers(0, 2)) if draw(st.integers(0, 3)) == 0 else 0):
        at = draw(st.integers(min(begin * 2, len(data)), len(data)))
        put = draw(
            st.sampled_from(
                [b'"', b"\0", b"\xff", b"\xed\xa0\x80", b"\r", b"\n", b",", b'""', b'"x', b"\xc3"]
            )
        )
        data = data[:at] + put + data[at + draw(st.integers(0, 1)) :]
    return standard, data


def read_both(standard, files, encoding="utf-8", limits=None, months=MARCH):
    """The return or the error of both ways, as texts and tables that can be compared."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, (ending, data) in enumerate(files):
            paths.append(Path(folder) / f"{i}.{ending}")
            paths[-1].write_bytes(data)
        for at_once in (True, False):
            open_files = [spooled(source, lambda _: None) for source in find_sources(paths)[0]]
            handed = [file.__enter__() for file in open_files]
            try:
                read = read_return(
                    standard.id,
                    "E23000027",
                    months,
                    handed,
                    limits=limits or Limits(max_field_chars=300),
                    encoding=encoding,
                    at_once=at_once,
                )
                found.append({f.name: getattr(read, f.name) for f in fields(read)})
            except DataError as error:
                found.append({"error": str(error)})
            finally:
                for file in open_files:
                    file.__exit__(None, None, None)
    return found


def same(standard, files, **how):
    one, other = read_both(standard, files, **how)
    assert one.keys() == other.keys()
    for name, value in one.items():
        if name == "records":
            assert value.to_pylist() == other[name].to_pylist()
            assert value.equals(other[name])
        else:
            assert value == other[name], name
    return one


@many
@given(file=printed())
def test_a_file_of_csv(file):
    standard, data = file
    same(standard, [("csv", data)])


@settings(many, max_examples=60)
@given(file=printed(), encoding=st.sampled_from(["cp1252", "iso8859-15", "mac-roman"]))
def test_a_file_of_csv_in_another_encoding(file, encoding):
    standard, data = file
    same(standard, [("csv", data.decode("utf-8", "replace").encode(encoding, "replace"))], encoding=encoding)


@settings(many, max_examples=60)
@given(file=printed(), data=st.data())
def test_parts_of_one_return_in_other_orders_and_formats(file, data):
    standard, first = file
    other, columns, rows = data.draw(tables().filter(lambda t: t[0] is standard))
    assert other is standard
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[c.title for c in columns], *rows])
    table = pa.table({c.title: [row[i] for row in rows] for i, c in enumerate(columns)})
    same(standard, [("csv", first), ("csv", out.getvalue().encode()), ("parquet", as_parquet(table))])


def as_parquet(table, **options):
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


#: For a column of Parquet: its type, and values that it may hold.
TYPED = [
    (pa.string(), st.none() | odd),
    (pa.large_string(), st.none() | odd),
    (pa.dictionary(pa.int8(), pa.string()), st.none() | odd),
    (pa.int64(), st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 300)),
    (pa.uint8(), st.none() | st.integers(0, 255)),
    (
        pa.float64(),
        st.none() | st.floats() | st.floats(0, 200).map(lambda x: round(x, 2)) | st.integers(0, 99),
    ),
    (pa.float32(), st.none() | st.floats(width=32)),
    (pa.bool_(), st.none() | st.booleans()),
    (pa.date32(), st.none() | st.dates(date(1980, 1, 1)) | st.dates(date(2021, 3, 1), date(2021, 3, 31))),
    (pa.decimal128(20, 3), st.none() | st.decimals(-(10**6), 10**6, places=3).map(lambda d: Decimal(d))),
    (pa.time64("us"), st.none() | st.times()),
    (pa.null(), st.none()),
    *(
        (
            pa.timestamp(unit, zone),
            st.none() | st.datetimes(datetime(2021, 2, 27), datetime(2021, 4, 2)).map(whole),
        )
        for unit in ("s", "us", "ns")
        for zone in (None, "UTC", "Europe/London", "+05:30")
        for whole in (lambda t: t.replace(microsecond=0), *([lambda t: t] if unit != "s" else []))
    ),
]


@st.composite
def typed(draw):
    standard, columns, rows = draw(tables())
    made = {}
    for i, column in enumerate(columns):
        kind, values = draw(st.sampled_from(TYPED))
        suits = {
            "timestamp": pa.types.is_timestamp,
            "date": lambda k: pa.types.is_date(k) or pa.types.is_timestamp(k),
            "number": lambda k: pa.types.is_floating(k) or pa.types.is_integer(k) or pa.types.is_decimal(k),
            "whole": lambda k: pa.types.is_floating(k) or pa.types.is_integer(k),
            "boolean": pa.types.is_boolean,
        }.get(column.type, pa.types.is_string)
        if not suits(kind) and (column.required or draw(st.integers(0, 3))):
            made[column.title] = pa.array([row[i] or None for row in rows], pa.string())
        else:
            some = draw(st.lists(values, min_size=len(rows), max_size=len(rows)))
            made[column.title] = pa.array(some, kind)
    table = pa.table(made)
    return standard, as_parquet(table, use_dictionary=draw(st.booleans()), coerce_timestamps=None)


@many
@given(file=typed())
def test_a_file_of_parquet(file):
    standard, data = file
    same(standard, [("parquet", data)])


@settings(many, max_examples=40)
@given(file=printed())
def test_limits(file):
    standard, data = file
    same(standard, [("csv", data)], limits=Limits(max_field_chars=20))


def test_text_of_parquet_that_is_no_text_or_has_a_nul():
    standard = load_standard("stop_search")
    row = {c.title: [""] * 4 for c in standard.columns}
    row["Type"] = ["Person search"] * 4
    row["Date"] = [f"2021-03-0{i}T10:00:00" for i in range(1, 5)]
    data = as_parquet(
        pa.table({**row, "Policing operation": ["ab", "broken~", "nul|", ""]}), compression="none"
    )
    found = same(standard, [("parquet", data.replace(b"broken~", b"broken\xff").replace(b"nul|", b"nul\0"))])
    assert [r[1] for r in found["rejected"]] == [2, 3]


def test_numbers_are_the_float_nearest_to_what_is_printed():
    standard = load_standard("call")
    numbers = ["0.1", "123456.789", "2.2250738585072014", "9007199254740993", "0.30000000000000004", "5e-324"]
    rows = [{"offered_at": "2021-03-01T10:00:00", "line": "999", "waiting_seconds": n} for n in numbers]
    lines = [",".join(rows[0]), *(",".join(r.values()) for r in rows)]
    found = same(standard, [("csv", "\n".join(lines).encode())])
    assert found["records"]["waiting_seconds"].to_pylist() == [float(n) for n in numbers]


def test_most_rows_of_a_plain_file_are_read_at_once(monkeypatch):
    """The careful reader would pass every other test here."""
    one_by_one = []
    code = Coder.code
    monkeypatch.setattr(
        Coder, "code", lambda self, rows, n: one_by_one.append(len(rows)) or code(self, rows, n)
    )
    standard = load_standard("call")
    start = datetime(2021, 3, 1)
    times = [start + timedelta(minutes=i) for i in range(200)]
    rows = [f'"{i}",{t:%Y-%m-%dT%H:%M:%S},999,{i}.5' for i, t in enumerate(times)]
    rows[50] += ",too,many"
    text = "\n".join(["call_reference,offered_at,line,waiting_seconds", *rows, ""])
    for ending, data in (
        ("csv", text.encode()),
        (
            "parquet",
            as_parquet(
                pa.table({"offered_at": times, "line": ["999"] * 200, "waiting_seconds": [0.5] * 200})
            ),
        ),
    ):
        one_by_one.clear()
        found, _ = read_both(standard, [(ending, data)])
        assert found["records"].num_rows == (199 if ending == "csv" else 200)
        at_once = sum(one_by_one) - found["records"].num_rows  # the second way reads all of them
        assert at_once <= 2


def test_a_time_of_day_is_not_a_time():
    standard = load_standard("call")
    table = pa.table({"offered_at": [time(10, 0)] * 3, "line": ["999"] * 3})
    assert "error" in same(standard, [("parquet", as_parquet(table))])


@pytest.mark.skipif(not REAL.is_dir(), reason="the published files are not there")
def test_published_files():
    files = [
        f
        for f in find_sources([REAL])[0]
        if f.base.startswith(("2019-01", "2021-03")) and f.base.endswith(".csv")
    ]
    assert files
    for source in files:
        with source.open() as stream:
            data = stream.read()
        standard = load_standard(layout_of(source, Limits(), "utf-8").standard)
        found = same(standard, [("csv", data)], limits=Limits(), months=None)
        assert found["records"].num_rows > 0


def test_a_whole_number_too_large_to_be_kept_exactly_rejects_its_row_whatever_its_form():
    standard = load_standard("callback")
    attempts = standard.column("attempts")
    large = ["9007199254740992", "9223372036854775807", "9223372036854775808", "1e30", "-1e30", "1e400"]
    kept = ["9007199254740991", "1,200", "1e3", ""]
    cells = [*large, *kept]
    columns = {"Callback offered at": ["2021-03-01T11:27:00"] * len(cells), attempts.title: cells}
    out = io.StringIO(newline="")
    csv.writer(out).writerows([columns, *zip(*columns.values(), strict=True)])
    for form, data in (("csv", out.getvalue().encode()), ("parquet", as_parquet(pa.table(columns)))):
        found = same(standard, [(form, data)])
        assert found["records"]["attempts"].to_pylist() == [9007199254740991, 1200, 1000, None]
        assert [(r[2:]) for r in found["rejected"]] == [
            (attempts.title, "a whole number of 0 or more", "a number too large to be kept exactly")
        ] * len(large)
    floats = pa.table({**columns, attempts.title: [1e30, 2.0**63, -(2.0**63), *[2.0] * (len(cells) - 3)]})
    found = same(standard, [("parquet", as_parquet(floats))])
    assert len(found["rejected"]) == 3
