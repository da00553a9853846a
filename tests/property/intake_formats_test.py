"""A good return of any standard in any format, with one thing broken: its place is named and the rest is taken."""

import contextlib
import io
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_sample import write
from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.intake.parquet import read_parquet
from openpeel.intake.workbook import read_workbook
from openpeel.lake import Lake
from openpeel.reference.forces import find_force
from openpeel.standards import load_standard, standard_ids
from workbook_sample import Raw, ods, part, repack, save, xlsx

KENT_IN_MARCH = LoadOptions(force=find_force("kent"), months=parse_months("2021-03"))
SECRET = "Zebedee Quickfoot"
FORMATS = ("csv", "xlsx", "ods", "parquet")

# Each example makes a lake of its own on the disk.
slow = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(column):
    """Good values of a column; blanks too where it may be blank."""
    if column.codes is not None:
        good = st.sampled_from([label for c in column.codes.codes for label in (c.code, *c.labels)])
    elif column.type in ("number", "whole"):
        least = -1000 if column.least is None else int(column.least)
        most = least + 1000 if column.most is None else int(column.most)
        good = st.integers(least, most)
        if column.type == "number":
            good |= st.floats(least, most).map(lambda x: round(x, 3))
    else:
        good = {
            "text": st.text("abc xyzé", min_size=1, max_size=12).filter(str.strip),
            "boolean": st.booleans(),
            "timestamp": st.integers(0, 30 * 86_400).map(
                lambda s: datetime(2021, 3, 1) + timedelta(seconds=s)
            ),
            "date": st.integers(0, 30).map(lambda d: date(2021, 3, 1) + timedelta(days=d)),
            "month": st.just("2021-03"),
        }[column.type]
    return good if column.required else good | st.none()


@st.composite
def returns(draw, formats=FORMATS):
    """A standard, a format, and rows of good values."""
    standard = load_standard(draw(st.sampled_from(standard_ids())))
    row = st.tuples(*(values(c) for c in standard.columns))
    return standard, draw(st.sampled_from(formats)), draw(st.lists(row.map(list), min_size=3, max_size=6))


def text(value):
    return "" if value is None else str(value)


def saved(folder, how, header, rows):
    """The return as a file, and the number that its first row has there."""
    if how == "csv":
        return write(folder / "a.csv", [[text(v) for v in row] for row in rows], header), 2
    if how == "parquet":
        columns = {title: [row[i] for row in rows] for i, title in enumerate(header)}
        # A column in which something is of another kind than the rest can only be text.
        mixed = {t for t, c in columns.items() if len({type(v) for v in c if v is not None}) > 1}
        table = pa.table({t: [text(v) if t in mixed else v for v in c] for t, c in columns.items()})
        out = io.BytesIO()
        pq.write_table(table, out)
        return save(folder / "a.parquet", out.getvalue()), 1
    make = xlsx if how == "xlsx" else ods
    return save(
        folder / f"a.{how}", make({"Notes": [["How to fill this in"]], "Records": [header, *rows]})
    ), 2


@contextlib.contextmanager
def loaded(how, header, rows):
    with tempfile.TemporaryDirectory() as folder:
        path, first = saved(Path(folder), how, header, rows)
        lake = Lake.open(Path(folder) / "lake", create=True)
        yield lake, load(lake, [path], KENT_IN_MARCH), first, path


def told(lake, report, path):
    """All that was said and written about a load, but for the records and the name of the file."""
    said = [n.reason for n in report.not_taken]
    for item in report.loaded:
        said += [item.changed, *(d.message for d in item.found.defects)]
        if item.found.rejected:
            said.append(lake.rejected_path(item.found.id).read_text())
    return "\n".join(said).replace(str(path), "")


@slow
@given(data=returns())
def test_a_good_return_is_taken_whole(data):
    standard, how, rows = data
    with loaded(how, [c.title for c in standard.columns], rows) as (lake, report, first, _):
        (item,) = report.loaded
        assert (item.found.key.standard, item.found.accepted, item.found.rejected) == (
            standard.id,
            len(rows),
            0,
        )
        records = pq.read_table(lake.part_path(standard.id, item.found.part)).to_pylist()
        assert [r["row"] for r in records] == list(range(first, first + len(rows)))
        for column in standard.columns:
            blank = [row[standard.columns.index(column)] is None for row in rows]
            assert [r[column.name] is None for r in records] == blank


@slow
@given(data=returns(), place=st.data())
def test_a_broken_cell_is_named_by_row_and_column_and_nothing_of_it_is_told(data, place):
    standard, how, rows = data
    broken = place.draw(st.sampled_from([c for c in standard.columns if c.type not in ("text", "code")]))
    row = place.draw(st.integers(0, len(rows) - 1))
    rows[row][standard.columns.index(broken)] = SECRET
    with loaded(how, [c.title for c in standard.columns], rows) as (lake, report, first, path):
        (item,) = report.loaded
        assert (item.found.accepted, item.found.rejected) == (len(rows) - 1, 1)
        (line,) = lake.rejected_path(item.found.id).read_text().splitlines()[1:]
        assert line.startswith(f"{path},{first + row},")
        assert broken.title.replace('"', '""') in line
        assert SECRET not in told(lake, report, path)


@slow
@given(data=returns(("xlsx", "ods")), place=st.data())
def test_an_error_in_a_cell_of_a_workbook_is_named_by_the_cell(data, place):
    standard, how, rows = data
    row, column = (
        place.draw(st.integers(0, len(rows) - 1)),
        place.draw(st.integers(0, len(standard.columns) - 1)),
    )
    rows[row][column] = (
        "#REF!"
        if how == "xlsx"
        else Raw(
            '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
        )
    )
    with loaded(how, [c.title for c in standard.columns], rows) as (lake, report, _, path):
        (item,) = report.loaded
        (line,) = lake.rejected_path(item.found.id).read_text().splitlines()[1:]
        letters = chr(65 + column) if column < 26 else f"A{chr(65 + column - 26)}"
        assert line.startswith(f"{path},{row + 2},")
        assert line.endswith(f"the error #REF! in cell {letters}{row + 2}")


@slow
@given(data=returns(), place=st.data())
def test_a_row_without_its_date_is_named_and_the_others_are_taken(data, place):
    standard, how, rows = data
    row = place.draw(st.integers(0, len(rows) - 1))
    date_at = [c.name for c in standard.columns].index(standard.date)
    keep = (date_at + 1) % len(standard.columns)  # so that the row is not blank, which would make it none
    rows[row] = [None] * len(standard.columns)
    rows[row][keep] = next((r[keep] for r in rows if r[keep] is not None), SECRET)
    with loaded(how, [c.title for c in standard.columns], rows) as (lake, report, first, path):
        (item,) = report.loaded
        assert (item.found.accepted, item.found.rejected) == (len(rows) - 1, 1)
        (line,) = lake.rejected_path(item.found.id).read_text().splitlines()[1:]
        assert line.startswith(f"{path},{first + row},")


@slow
@given(data=returns(), place=st.data())
def test_a_column_that_is_missing_or_misspelt_is_named(data, place):
    standard, how, rows = data
    header = [c.title for c in standard.columns]
    at = place.draw(st.integers(0, len(header) - 1))
    renamed = place.draw(st.booleans())
    if renamed:
        header[at] = "Remarks"
    else:
        header, rows = header[:at] + header[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
    if not any(value is not None for row in rows for value in row):
        return
    lost = standard.columns[at]
    with loaded(how, header, rows) as (lake, report, _, path):
        said = told(lake, report, path)
        if renamed:
            assert not report.loaded
            assert "'Remarks'" in said
        elif lost.title == "Context":  # which the publisher added later
            assert report.loaded
        else:
            assert lost.title in said
            published = standard.id in ("crime", "outcome", "stop_search")
            assert bool(report.loaded) == (not lost.required and not published)


@slow
@given(data=returns(("xlsx", "ods")), place=st.data())
def test_a_sheet_too_many_is_named(data, place):
    standard, how, rows = data
    sheet = [[c.title for c in standard.columns], *rows]
    names = place.draw(st.permutations(["January", "Pivot", "February"]))
    make = xlsx if how == "xlsx" else ods
    content = make({name: sheet if name != "Pivot" else [["Total", 1]] for name in names})
    with pytest.raises(DataError) as caught:
        read_workbook(io.BytesIO(content), name="a", base=f"a.{how}")
    one, other = (name for name in names if name != "Pivot")
    assert f"sheet '{one}' and sheet '{other}'" in str(caught.value)


SHEET = [
    [c.title for c in load_standard("callback").columns],
    *[["ref", None, datetime(2021, 3, 5), *[None] * 8]] * 3,
]


def parquet_of(rows):
    out = io.BytesIO()
    header, *records = rows
    pq.write_table(pa.table({h: [text(r[i]) for r in records] for i, h in enumerate(header)}), out)
    return out.getvalue()


GOOD = {"a.xlsx": xlsx({"Records": SHEET}), "a.ods": ods({"Records": SHEET}), "a.parquet": parquet_of(SHEET)}


@settings(max_examples=400, deadline=None)
@given(
    base=st.sampled_from(sorted(GOOD)),
    at=st.integers(0, 10_000),
    taken=st.integers(0, 60),
    put=st.binary(max_size=60),
    cut=st.integers(0, 200),
)
def test_whatever_happens_to_the_bytes_nothing_but_a_data_error_is_raised(base, at, taken, put, cut):
    data = GOOD[base]
    at %= len(data)
    data = data[:at] + put + data[at + taken :]
    data = data[: max(len(data) - cut, 0)]
    with contextlib.suppress(DataError):
        stream = io.BytesIO(data)
        file = (
            read_parquet(stream, name=base)
            if base == "a.parquet"
            else read_workbook(stream, name=base, base=base)
        )
        rows = sum(len(chunk.rows) for chunk in file.chunks())
        assert file.records == rows + len(file.rejected)


@settings(max_examples=200, deadline=None)
@given(
    what=st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"]
    ),
    at=st.integers(0, 10_000),
    taken=st.integers(0, 30),
    put=st.sampled_from(
        [b"", b"<", b">", b'"', b"&", b"\xff", b"<c/>", b"</row>", b'r="ZZZ9"', b"9" * 20, b"<f/>"]
    ),
)
def test_whatever_happens_to_a_part_of_a_workbook_nothing_but_a_data_error_is_raised(what, at, taken, put):
    base = "a.ods" if what == "content.xml" else "a.xlsx"
    data = part(GOOD[base], what)
    at %= len(data)
    content = repack(GOOD[base], {what: data[:at] + put + data[at + taken :]})
    with contextlib.suppress(DataError):
        file = read_workbook(io.BytesIO(content), name=base, base=base, limits=Limits(max_sheet_bytes=2**26))
        for _ in file.chunks():
            pass
