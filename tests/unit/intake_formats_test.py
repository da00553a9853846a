"""The same return in any format is the same records; every column of every standard can be handed in that way."""

import gzip
import io
import zipfile
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intake_sample import HERTS, write
from openpeel.intake.load import LoadOptions, load
from openpeel.lake import Lake, ReturnKey
from openpeel.reference.forces import find_force
from openpeel.standards import load_standard, standard_ids
from workbook_sample import ods, save, xlsx

FOR_HERTS = LoadOptions(force=find_force("hertfordshire"))
VALUES = {
    "text": "Invented, for a test",
    "boolean": True,
    "timestamp": datetime(2021, 3, 5, 14, 5, 30),
    "date": date(2021, 3, 5),
    "month": "2021-03",
}


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def value_of(column):
    if column.codes is not None:
        return next((label for c in column.codes.codes for label in c.labels), column.codes.codes[0].code)
    if column.type in ("number", "whole"):
        least = 1 if column.least is None else column.least
        return int(least) if column.type == "whole" else float(least) + 0.5 * (column.most is None)
    return VALUES[column.type]


def sheet(standard_id, spelling="title"):
    """The header and a row with something in every column."""
    columns = load_standard(standard_id).columns
    return [[getattr(c, spelling) for c in columns], [value_of(c) for c in columns]]


def parquet(rows):
    out = io.BytesIO()
    header, *records = rows
    pq.write_table(pa.table({name: [r[i] for r in records] for i, name in enumerate(header)}), out)
    return out.getvalue()


def csv_file(path, rows):
    header, *records = rows
    return write(path, [[str(v) for v in row] for row in records], header)


def formats(folder, rows):
    yield csv_file(folder / "calls.csv", rows)
    yield save(folder / "calls.xlsx", xlsx({"Records": rows}))
    yield save(folder / "calls.ods", ods({"Records": rows}))
    yield save(folder / "calls.parquet", parquet(rows))
    yield save(folder / "calls.XLSX.gz", gzip.compress(xlsx({"Records": rows})))


@pytest.mark.parametrize("standard", standard_ids())
def test_a_return_of_each_standard_in_each_format_is_the_same_record(tmp_path, standard):
    found = []
    for i, path in enumerate(formats(tmp_path, sheet(standard))):
        (item,) = load(Lake.open(tmp_path / f"lake{i}", create=True), [path], FOR_HERTS).loaded
        assert (item.found.key.standard, item.found.accepted, item.found.rejected) == (standard, 1, 0)
        assert not [d for d in item.found.defects if d.check in ("unrecognised_label", "left_out_column")]
        lake = Lake.open(tmp_path / f"lake{i}")
        found.append(
            pq.read_table(lake.part_path(standard, item.found.part)).drop_columns(["row"]).to_pylist()
        )
    assert all(records == found[0] for records in found)
    assert None not in found[0][0].values()


@pytest.mark.parametrize("standard", standard_ids())
def test_the_names_of_the_columns_are_as_good_as_their_titles(lake, tmp_path, standard):
    (item,) = load(lake, [csv_file(tmp_path / "a.csv", sheet(standard, "name"))], FOR_HERTS).loaded
    assert (item.found.key.standard, item.found.accepted) == (standard, 1)


def test_a_workbook_in_a_zip_is_named_for_force_and_month_like_any_file(lake, tmp_path):
    path = tmp_path / "returns.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2021-03-hertfordshire-calls.xlsx", xlsx({"Records": sheet("call")}))
    (item,) = load(lake, [path]).loaded
    assert item.found.key == ReturnKey("call", HERTS, ("2021-03",))


def test_a_workbook_stays_in_the_lake_byte_for_byte(lake, tmp_path):
    path = save(tmp_path / "calls.ods", ods({"Records": sheet("call")}))
    (item,) = load(lake, [path], FOR_HERTS).loaded
    with lake.open_source(item.found.sources[0].sha256) as stream:
        assert stream.read() == path.read_bytes()


def test_parts_of_one_return_may_be_in_different_formats_and_layouts(lake, tmp_path):
    by_title, by_name = sheet("call"), sheet("call", "name")
    by_name = [list(reversed(row)) for row in by_name]
    paths = [csv_file(tmp_path / "a.csv", by_name), save(tmp_path / "b.xlsx", xlsx({"Records": by_title}))]
    options = LoadOptions(FOR_HERTS.force, parts=True, months=None)
    report = load(lake, paths, options)
    (item,) = report.loaded
    records = pq.read_table(lake.part_path("call", item.found.part)).to_pylist()
    wanted = [c.name for c in load_standard("call").columns]
    assert [records[0][name] for name in wanted] == [records[1][name] for name in wanted]


def test_a_column_that_is_not_there_is_said_and_blank(lake, tmp_path):
    header, row = sheet("call")
    gone = header.index("Shift")
    path = save(
        tmp_path / "a.xlsx", xlsx({"R": [[v for i, v in enumerate(r) if i != gone] for r in (header, row)]})
    )
    (item,) = load(lake, [path], FOR_HERTS).loaded
    said = [d.message for d in item.found.defects if d.check == "left_out_column"]
    assert said == ["1 column is not in the file and counts as blank: 'Shift'"]
    assert pq.read_table(lake.part_path("call", item.found.part))["shift"].to_pylist() == [None]


def test_other_sheets_are_named_as_left_alone(lake, tmp_path):
    path = save(tmp_path / "a.xlsx", xlsx({"Pivot": [["Total"], [3]], "R": sheet("call")}))
    report = load(lake, [path], FOR_HERTS)
    assert len(report.loaded) == 1
    assert [(n.name, n.reason, n.wrong) for n in report.not_taken] == [
        (f"{path}, sheet 'Pivot'", "it has no header that is known here", False)
    ]


def test_a_month_that_a_spreadsheet_made_a_day_of_is_that_month(lake, tmp_path):
    header, row = sheet("workforce")
    row[header.index("In post at the end of")] = date(2021, 3, 1)
    (item,) = load(lake, [save(tmp_path / "a.xlsx", xlsx({"R": [header, row]}))], FOR_HERTS).loaded
    assert item.found.key.months == ("2021-03",)


def test_a_day_that_is_no_first_of_a_month_is_no_month(lake, tmp_path):
    header, row = sheet("workforce")
    row[header.index("In post at the end of")] = date(2021, 3, 31)
    report = load(lake, [save(tmp_path / "a.xlsx", xlsx({"R": [header, row]}))], FOR_HERTS)
    assert "expected a month such as 2021-03, got '2021-03-31T00:00:00'" in report.not_taken[0].reason
