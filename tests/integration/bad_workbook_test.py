"""What is wrong with a workbook or a Parquet file is said in plain words, with what to do, and changes nothing."""

import csv
import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import contents, done, run
from invented_records import file_name, write_month
from openpeel.standards import load_standard
from workbook_sample import ods, repack, save, xlsx

STANDARD = load_standard("callback")
TITLES = [c.title for c in STANDARD.columns]
ROW = ["ref 1", "call 1", datetime(2021, 2, 5, 14, 5), "101", True, False, None, None, 2, "Spoken to", None]
NAME = "2021-02-kent-callbacks.xlsx"
SECRET = "Zebedee Quickfoot"


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    """A lake that holds one return; the working folder is the one it stands in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENPEEL_LAKE", str(tmp_path / "lake"))
    done("load", write_month(tmp_path / "before", "kent", "2021-01", count=10))
    return tmp_path / "lake"


def refused(path, *says, code=1):
    before = contents(Path("lake"))
    ran = run("load", path)
    assert ran.code == code, ran
    for words in says:
        assert words in ran.said, ran
    assert "Traceback" not in ran.said
    assert "unexpectedly" not in ran.said
    assert contents(Path("lake")) == before


GOOD = xlsx({"Records": [TITLES, ROW, ROW]})
MORE = {"Records": [TITLES, ROW], "More": [TITLES, ROW]}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "2021-02-kent.xls",
            b"\xd0\xcf\x11\xe0" + bytes(600),
            ["an old Excel workbook (.xls)", "Save it as"],
        ),
        (NAME, b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ["without a password"]),
        ("2021-02-kent.xlsm", GOOD, ["without macros", "Save it as an Excel workbook (.xlsx)"]),
        (NAME, repack(GOOD, {"xl/vbaProject.bin": b"x"}), ["without macros"]),
        (NAME, GOOD[:-100], ["cut short or damaged", "Ask for the file again"]),
        (NAME, b"a,b\n1,2\n", ["got text", "ends in .csv"]),
        ("2021-02-kent.csv", GOOD, ["expected a CSV file", ".xlsx, .ods or .parquet"]),
        ("2021-02-kent.ods", GOOD, ["an Excel workbook (.xlsx) under a name that ends in .ods"]),
        ("2021-02-kent.parquet", GOOD, ["expected a Parquet file"]),
        ("2021-02-kent.csv", b"PAR1" + bytes(9), ["a Parquet file", ".parquet"]),
        (NAME, xlsx(MORE), ["a sheet too many: sheet 'Records' and sheet 'More'"]),
        (NAME, xlsx({"Notes": [["Hello"]]}), ["got none that holds anything"]),
        (
            NAME,
            xlsx({"Records": [[*TITLES[:-1], "Remarks"], ROW]}),
            ["sheet 'Records', row 1", "has 'Remarks'"],
        ),
        (NAME, repack(GOOD, {"xl/media/x.xml": bytes(9_000_000)}), ["at most 200 times the packed size"]),
        (
            NAME,
            xlsx({"Records": [TITLES]}, lambda b: b["Records"].cell(10**6, 10**4, 1)),
            ["expected a sheet of at most"],
        ),
        ("2021-02-kent.xlsx.gz", gzip.compress(GOOD)[:-9], ["gzip", "cut short"]),
        ("2021-03-kent.xlsx", GOOD, ["expected records of 2021-03", "dated in 2021-02"]),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason(name, content, says):
    refused(save(Path(name), content), name, *says)


def test_a_parquet_file_with_a_column_of_lists_is_refused_by_the_column():
    out = io.BytesIO()
    pq.write_table(pa.table({"Callback offered at": [datetime(2021, 2, 5)], "Line": [["101"]]}), out)
    refused(
        save(Path("2021-02-kent.parquet"), out.getvalue()), "column 'Line'", "got a list or group of values"
    )


def test_a_workbook_in_a_zip_is_as_good_as_one_beside_it_and_one_bad_file_keeps_nothing_out():
    with zipfile.ZipFile("returns.zip", "w") as archive:
        archive.writestr(NAME, GOOD)
        archive.writestr("2021-02-essex-callbacks.xlsx", GOOD[:-50])
        archive.writestr("~$2021-02-kent-callbacks.xlsx", b"open")
    ran = run("load", "returns.zip")
    assert ran.code == 1
    assert (
        "2021-02-essex-callbacks.xlsx: expected an Excel workbook (.xlsx), got one that is cut short"
        in ran.said
    )
    assert "Callback" in ran.said
    assert "hidden" in ran.said


def test_a_rejected_row_of_a_workbook_is_told_by_cell():
    def break_it(book):
        book["Records"]["I3"] = "#REF!"

    ran = run("load", save(Path(NAME), xlsx({"Records": [TITLES, ROW, ROW]}, break_it)))
    assert ran.code == 1
    assert (
        f"{NAME}, row 3, column 'Attempts to ring back': expected a value of its own, got the error #REF! in cell I3"
        in ran.said
    )


@pytest.mark.parametrize("column", [c.title for c in STANDARD.columns])
@pytest.mark.parametrize("make", [xlsx, ods])
def test_nothing_a_cell_of_a_workbook_says_is_ever_printed(lake, column, make):
    row = list(ROW)
    row[TITLES.index(column)] = SECRET
    path = save(Path(f"2021-02-kent.{make.__name__}"), make({"Records": [TITLES, ROW, row, [*ROW, SECRET]]}))
    printed = [
        run("load", path),
        run("load", path, "--format", "json"),
        run("load", path, "--format", "csv"),
        run("quality"),
    ]
    assert not [ran for ran in printed if SECRET in ran.out + ran.err]
    assert not [path for path in (lake / "returns").iterdir() if SECRET in path.read_text()]


def test_what_stands_where_a_header_should_be_is_not_printed():
    row = ["ref 1", SECRET, datetime(2021, 2, 5), "101", "True"]
    ran = run("load", save(Path(NAME), xlsx({"Records": [row, row]})))
    assert ran.code == 1
    assert SECRET not in ran.said


def test_a_force_can_hand_in_the_same_in_a_workbook_and_nothing_changes():
    done("load", save(Path(NAME), GOOD))
    assert "held already" in done("load", NAME).said


def test_a_publishers_file_saved_as_a_workbook_is_the_same_records():
    path = write_month(Path("csv"), "kent", "2021-02", count=30)
    done("load", path)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    other = save(Path("xlsx") / file_name("kent", "2021-02").replace(".csv", ".xlsx"), xlsx({"Sheet1": rows}))
    assert "the same records in another file" in done("load", other).said
