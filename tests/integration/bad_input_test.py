"""What a person gets wrong is said in plain words, with what to do, and changes nothing in the lake."""

import gzip
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from command_line import contents, done, run
from invented_records import HEADER, as_csv, file_name, records, write_month
from openpeel.lake import Lake

GOOD = as_csv(records("2021-02", 5))
NAME = file_name("kent", "2021-02")


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    """A lake that holds one return, with the release 'spring'; the working folder is the one it stands in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENPEEL_LAKE", str(tmp_path / "lake"))
    done("load", write_month(tmp_path / "before", "kent", "2021-01", count=10))
    done("release", "create", "spring")
    return tmp_path / "lake"


def write(name, data):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_zip(members):
    with zipfile.ZipFile("2021.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return Path("2021.zip")


def refused(*arguments, code, says, lake=Path("lake")):
    """The command leaves with that code, says these things and leaves the lake as it was."""
    before = contents(lake) if lake.is_dir() else None
    ran = run(*arguments)
    assert ran.code == code, ran
    for words in says:
        assert words in ran.said, ran
    assert "Traceback" not in ran.said
    assert "unexpectedly" not in ran.said
    assert (contents(lake) if lake.is_dir() else None) == before
    return ran


def with_cell(column, cell, rows=GOOD):
    changed = records("2021-02", 5)
    changed[2][HEADER.index(column)] = cell
    return as_csv(changed)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("report.docx", b"PK\x03\x04", ["report.docx", "a file of another kind", "Save it as CSV"]),
        (NAME, b"", [NAME, "empty"]),
        (NAME, b"\r\n\r\n", [NAME]),
        (NAME, b"Station,Officers\r\nNorth,12\r\n", [NAME, "the header has 2 columns", "layouts"]),
        (NAME, GOOD.replace(b"Legislation", b"Act", 1), [NAME, "lacks 'Legislation' and has 'Act'"]),
        (NAME, b"%PDF-1.7 and so on\n", [NAME, "PDF"]),
        (NAME, b"PK\x03\x04" + bytes(100), [NAME]),
        ("2021-02-narnia-stop-and-search.csv", GOOD, ["narnia", "--force"]),
        ("kent-stops.json", b"{]", ["kent-stops.json", "expected JSON", "line 1"]),
        ("stops.json", b"[]", ["stops.json", "which force", "--force"]),
        ("2021-02-kent-stop-and-search.csv.gz", gzip.compress(GOOD)[:-20], [NAME, "cut short"]),
        ("2021-02-kent-stop-and-search.csv.gz", GOOD, [NAME, "no gzip"]),
        ("2021.zip", b"PK\x03\x04" + bytes(100), ["2021.zip", "damaged"]),
        ("2021.zip", b"", ["2021.zip", "no zip"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_holds_no_records_is_named_with_the_reason(name, data, says):
    refused("load", write(name, data), code=1, says=says)


def test_a_header_and_nothing_else_is_a_return_without_records_and_not_an_error():
    ran = done("load", write(NAME, as_csv([])), "--format", "json").json
    assert [(i["rows"], i["accepted"]) for i in ran["loaded"]] == [(0, 0)]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        (
            "Date",
            "soon",
            "expected a date and time such as 2021-03-01T11:27:00+00:00, got text of 4 characters",
        ),
        ("Date", "2021-02-30T10:00:00+00:00", "got '2021-02-30T10:00:00+00:00'"),
        ("Date", "", "got a blank"),
        ("Date", "0201-02-03T10:00:00+00:00", "got '0201-02-03T10:00:00+00:00'"),
        ("Part of a policing operation", "maybe", "expected True, False or a blank"),
        ("Latitude", "north", "column 'Latitude': expected a number, got text of 5 characters"),
        ("Policing operation", "nul\0nul", "NUL"),
        ("Policing operation", "x" * 10_000_000, "expected at most 131,072 characters in a cell"),
    ],
    ids=["text", "30 February", "blank", "year 201", "boolean", "number", "NUL", "10 MB"],
)
def test_a_row_that_cannot_be_read_is_rejected_by_name_and_the_rest_is_taken(column, cell, says):
    ran = run("load", write(NAME, with_cell(column, cell)))
    assert ran.code == 1
    assert says in ran.said
    assert f"{NAME}, row 4" in ran.said
    found = run("load", NAME, "--format", "json").json["loaded"][0]
    assert (found["rows"], found["accepted"], found["rejected"]) == (5, 4, 1)


def test_a_cell_in_another_encoding_is_rejected_and_the_option_that_reads_it_takes_it():
    data = with_cell("Policing operation", "Café Noël").decode().encode("cp1252")
    ran = run("load", write(NAME, data))
    assert ran.code == 1
    assert "row 4, column 'Policing operation': expected text in utf-8" in ran.said
    done("load", NAME, "--encoding", "cp1252")


def test_two_encodings_in_one_file_cost_the_odd_row_alone():
    row = with_cell("Policing operation", "Café").split(b"\r\n")[3] + b"\r\n"
    write(NAME, GOOD + row + row.replace("é".encode(), "é".encode("cp1252")))
    found = run("load", NAME, "--format", "json").json["loaded"][0]
    assert (found["rows"], found["accepted"], found["rejected"]) == (7, 6, 1)


def test_a_byte_order_mark_is_no_reason_to_refuse_a_file():
    done("load", write(NAME, b"\xef\xbb\xbf" + GOOD))


def test_an_unknown_encoding_is_a_slip_of_the_person():
    refused("load", write(NAME, GOOD), "--encoding", "utf-9", code=2, says=["utf-9", "encodings utf-8"])


def test_a_zip_that_would_fill_the_disk_is_not_unpacked():
    path = write_zip({NAME: GOOD + b"," * 3_000_000})
    refused("load", path, code=1, says=["2021.zip", NAME])
    refused("load", path, "--max-ratio", "100000", "--max-gib", "0.001", code=1, says=["2021.zip", "at most"])


def test_a_gz_that_would_fill_the_disk_is_not_unpacked():
    path = write(f"{NAME}.gz", gzip.compress(GOOD + bytes(5_000_000)))
    refused("load", path, "--max-gib", "0.001", code=1, says=[NAME, "at most"])


@pytest.mark.parametrize("member", [f"../{NAME}", f"/tmp/{NAME}", f"C:/{NAME}", f"a/../../{NAME}"])
def test_a_zip_that_reaches_outside_of_itself_is_refused(member):
    refused("load", write_zip({member: GOOD}), code=1, says=["2021.zip", "could lead outside of it"])
    assert not Path(NAME).exists()
    assert not Path(f"../{NAME}").exists()


def test_a_zip_whose_member_was_altered_is_refused():
    path = write_zip({NAME: GOOD})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 16, 12345)
    path.write_bytes(data)
    refused("load", path, code=1, says=[NAME, "CRC"])


def test_a_folder_without_records_is_nothing_to_load():
    Path("empty").mkdir()
    refused("load", "empty", code=1, says=["empty", "nothing to load", "Name the folder"])


def test_a_path_that_is_not_there_is_a_slip_of_the_person():
    refused("load", "herst", code=2, says=["herst", "does not exist"])


def test_one_bad_file_does_not_keep_the_others_out():
    write(f"in/{NAME}", GOOD)
    write("in/2021-03-kent-stop-and-search.csv", b"")
    ran = run("load", "in")
    assert ran.code == 1
    assert "Not taken: 1" in ran.said
    assert run("quality", "--force", "kent", "--format", "json").json[-1]["months"] == "2021-02"


def test_a_return_that_would_cut_another_in_two_is_refused():
    year = as_csv([*records("2020-05", 3), *records("2020-06", 3)])
    done("load", write("kent.csv", year), "--month", "2020-05..2020-06")
    part = write(file_name("kent", "2020-05"), as_csv(records("2020-05", 3, seed=2)))
    refused("load", part, code=1, says=["would replace a part of the one held", "2020-05"])


def test_two_different_files_for_the_same_month_are_not_chosen_between():
    write(f"a/{NAME}", GOOD)
    write(f"b/{NAME}", as_csv(records("2021-02", 6)))
    refused("load", "a", "b", code=1, says=["2 different files", f"a/{NAME}", f"b/{NAME}", "--parts"])


@pytest.mark.parametrize("place", ["held.json", "/proc/openpeel", "before"])
def test_a_place_that_cannot_be_a_lake_is_refused(place):
    Path("held.json").write_text("a file")
    refused("load", write(NAME, GOOD), "--lake", place, code=2, says=[place])


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["release", "create", "x"], ["there is no lake in 'nowhere'", "openpeel load", "--lake"]),
        (["release", "list"], ["there is no lake"]),
        (["quality"], ["there is no lake"]),
        (["figures", "--release", "spring"], ["there is no lake"]),
    ],
    ids=lambda value: value[0],
)
def test_a_lake_that_is_not_there_is_not_made_by_asking(command, says):
    refused(*command, "--lake", "nowhere", code=2, says=says)
    assert not Path("nowhere").exists()


def test_an_empty_lake_has_nothing_to_freeze():
    refused("load", "nothing", "--lake", "new", code=2, says=["nothing"])
    run("load", write("bad.csv", b"x"), "--lake", "new")
    refused(
        "release",
        "create",
        "x",
        "--lake",
        "new",
        code=2,
        says=["no returns", "openpeel load"],
        lake=Path("new"),
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["figures", "--release", "autumn"], ["'autumn'", "Releases here: spring"]),
        (["figures", "--release", "spring", "--measure", "charm"], ["'charm'", "'openpeel measures'"]),
        (["figures", "--release", "spring", "--force", "Herfordshire"], ["Did you mean", "Hertfordshire"]),
        (["figures", "--release", "spring", "--leave-out", "Mordor"], ["Mordor"]),
        (["figures", "--release", "spring", "--ending", "2021-03-30"], ["2021-03-31", "2021-03-30"]),
        (["figures", "--release", "spring", "--ending", "Easter"], ["--ending", "2021-03-31", "Easter"]),
        (["figures", "--release", "spring", "--ending", ""], ["--ending"]),
        (["figures", "--release", "spring", "--months", "13"], ["12", "13"]),
        (["figures", "--release", "spring", "--engine", "steam"], ["--engine", "duckdb", "spark"]),
        (["figures", "--release", "spring", "--sd", "wide"], ["--sd", "sample", "population"]),
        (["figures", "--release", "spring", "--format", "xml"], ["--format", "json"]),
        (["figures"], ["--release"]),
        (["figures", "--relaese", "spring"], ["--relaese"]),
        (["figurse"], ["figurse"]),
        (["inspect", "kent", "--release", "spring", "--out", "o", "--made-on", "now"], ["--made-on", "now"]),
        (["load", "before", "--month", "March"], ["'2021-03'", "March"]),
        (["load", "before", "--month", "2021-03..2021-01"], ["ends before it begins"]),
        (["load", "before", "--force", "Gondor"], ["Gondor"]),
        (["load"], ["paths", "openpeel load --help"]),
        (["release", "create", "../spring"], ["../spring", "letters, digits"]),
        (["release", "create", ""], ["letters, digits"]),
        (["explain", "searches"], ["'searches'", "An id looks like"]),
        (["explain", "searches.kent.2020-02.2021-01.all.00000000.0000000000"], ["00000000", "--lake"]),
        (["explain", "searches.mordor.2020-02.2021-01.all.0.0"], ["mordor"]),
        (["explain", "searches.kent.2021-01.2020-02.all.0.0"], ["2021-01"]),
        (["explain", "searches.kent.soon.2020-02.all.0.0"], ["soon"]),
        (["explain", "......"], ["police force"]),
        (["quality", "--force", "Camelot"], ["Camelot"]),
    ],
    ids=lambda value: " ".join(value)[:70] if value[0][0] != "-" else None,
)
def test_what_does_not_exist_is_named_beside_what_does(command, says):
    refused(*command, code=2, says=says)


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        ("charm.kent.2020-02.2021-01.all.{}.0000000000", "'charm'"),
        ("outcome.kent.2020-02.2021-01.tea.{}.0000000000", "no_further_action"),
        ("outcome.kent.2020-02.2021-01.all.{}.0000000000", "no_further_action"),
        ("disproportionality.kent.2020-02.2021-01.all.{}.0000000000", "asian"),
    ],
)
def test_the_id_of_a_figure_that_cannot_be_is_refused(figure, says):
    release = run("release", "list", "--format", "json").json[0]["id"][:8]
    refused("explain", figure.format(release), code=2, says=[says])


def test_a_folder_that_holds_something_else_is_not_written_over():
    note = write("out/notes.txt", b"keep")
    refused("inspect", "kent", "--release", "spring", "--out", "out", code=2, says=["out", "other files"])
    assert note.read_bytes() == b"keep"
    assert [p.name for p in Path("out").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["openpeel-lake.json", "held.json", "releases/spring.json"])
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff"])
def test_a_damaged_lake_is_named_by_its_file(lake, name, damage):
    (lake / name).write_bytes(damage)
    command = ["quality"] if name == "held.json" else ["figures", "--release", "spring"]
    refused(*command, code=1, says=[Path(name).name, "gone or damaged", "backup"])


def test_a_return_that_is_gone_is_named_by_its_file(lake):
    (only,) = (lake / "returns").glob("*.json")
    only.unlink()
    refused("quality", code=1, says=[only.name, "gone or damaged"])
    refused("release", "create", "summer", code=1, says=[only.name, "gone or damaged"])


def test_a_lake_of_another_format_is_left_alone(lake):
    (lake / "openpeel-lake.json").write_text('{"format": 2}')
    refused("load", write(NAME, GOOD), code=2, says=["format 2", "format 1"])


SECRET = "Zebedee Quickfoot"
PERSONAL = (
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
)


@pytest.mark.parametrize(
    "column", [*PERSONAL, "Date", "Part of a policing operation", "Policing operation", "Type"]
)
def test_nothing_a_record_says_of_a_person_is_ever_printed(lake, column):
    write(NAME, with_cell(column, SECRET))
    printed = [
        run("load", NAME),
        run("load", NAME, "--format", "json"),
        run("quality"),
        run("load", NAME, "--format", "csv"),
    ]
    run("release", "create", "summer")
    printed += [
        run("figures", "--release", "summer", "--force", "kent", "--format", "json"),
        run("quality", "--format", "json"),
    ]
    assert not [ran for ran in printed if SECRET in ran.out + ran.err]
    assert not [path for path in (lake / "returns").iterdir() if SECRET in path.read_text()]


@pytest.mark.parametrize("column", PERSONAL)
def test_a_place_or_a_person_does_not_slip_out_through_a_date_that_slipped_by_a_column(lake, column):
    rows = records("2021-02", 5)
    rows[2][HEADER.index(column)] = "51.123456"
    rows[2][HEADER.index("Date")] = SECRET
    ran = run("load", write(NAME, as_csv(rows)))
    assert ran.code == 1
    assert SECRET not in ran.said
    assert "51.123456" not in ran.said


def mutations():
    """Positions in a good file, how many bytes to take away there, and bytes to put there."""
    edit = st.tuples(
        st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=40) | st.sampled_from(_ODD)
    )
    return st.lists(edit, min_size=1, max_size=4)


_ODD = [
    b'"',
    b"\r",
    b"\n",
    b"\0",
    b",",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    GOOD[:300],
    b"=1+1",
    "é".encode("cp1252"),
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=mutations())
@example(edits=[(0, len(GOOD), b"")])
@example(edits=[(len(GOOD) - 30, 30, b'"')])
def test_whatever_happens_to_a_file_every_row_is_accounted_for(edits):
    data = GOOD
    for at, taken, put in edits:
        data = data[:at] + put + data[at + taken :]
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(data)
        lake = Path(folder) / "lake"
        ran = run("load", path, "--lake", lake, "--format", "json")
        assert ran.code in (0, 1, 2), ran
        held = [Lake.open(lake).read_return(i) for i in Lake.open(lake).held().values()]
        for r in held:
            assert r.rows == r.accepted + r.rejected
            assert Lake.open(lake).records_as_lines(r).total() == r.accepted
            with Lake.open(lake).open_source(r.sources[0].sha256) as source:
                assert source.read() == data
        assert bool(held) or ran.code == 1
        assert not (lake / "incoming").exists()
