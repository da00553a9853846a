"""From what a person names to the files to read: no danger is opened, nothing is passed over in silence."""

import gzip
import io
import os
import random
import socket
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from openpeel.errors import DataError, UseError
from openpeel.intake.sources import Limits, Skipped, find_sources

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk"
real_files = pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not beside the checkout")
ROWS = b"a,b\n1,2\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(name, data=ROWS):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_zip(name, members, **settings):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **settings) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


def change(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def declare(path, field, value):
    """Overwrite a number in the only member's entry in the zip's directory (APPNOTE.TXT, 4.3.12)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    layout, offset = {
        "flags": ("<H", 8),
        "method": ("<H", 10),
        "crc": ("<L", 16),
        "packed": ("<L", 20),
        "size": ("<L", 24),
    }[field]
    struct.pack_into(layout, data, at + offset, value)
    path.write_bytes(data)


def names(*paths, **settings):
    return [source.name for source in find_sources(paths, **settings)[0]]


def content(*paths, limits=None):
    contents = []
    for source in find_sources(paths, limits)[0]:
        with source.open() as stream:
            contents.append(stream.read())
    return contents


def refused(*paths, limits=None, kind=DataError):
    with pytest.raises(kind) as caught:
        content(*paths, limits=limits)
    return caught.value


@pytest.mark.parametrize("name", ["a.csv", "a.json", "A.CSV"])
def test_a_file_named_directly_is_a_source_of_its_size(name):
    ((source,), skipped) = find_sources([write(name)])
    assert (source.name, source.base, source.size, skipped) == (name, name, 8, [])


def test_a_gz_is_unpacked_and_its_base_name_is_without_gz():
    ((source,), _) = find_sources([write("a/b.csv.gz", gzip.compress(ROWS))])
    assert (source.name, source.base, source.size) == ("a/b.csv.gz", "b.csv", None)
    with source.open() as stream:
        assert stream.read() == ROWS


def test_several_gz_put_one_after_the_other_are_all_read():
    assert content(write("a.csv.gz", gzip.compress(ROWS) + gzip.compress(b"3,4\n"))) == [ROWS + b"3,4\n"]


def test_a_zip_gives_its_members_from_nested_folders_also_packed_ones():
    write_zip(
        "z.zip", {"2021/b.csv": ROWS, "2021/x/c.csv.gz": gzip.compress(ROWS), "a.json": b"[]", "2021/": b""}
    )
    sources, skipped = find_sources(["z.zip"])
    assert [(s.name, s.base, s.size) for s in sources] == [
        ("z.zip!2021/b.csv", "b.csv", 8),
        ("z.zip!2021/x/c.csv.gz", "c.csv", None),
        ("z.zip!a.json", "a.json", 2),
    ]
    assert content("z.zip") == [ROWS, ROWS, b"[]"]
    assert not skipped


def test_a_stored_zip_is_read_as_well():
    with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", ROWS * 50_000)
    assert content("z.zip") == [ROWS * 50_000]


def test_a_folder_is_walked_in_the_order_of_names_with_its_zips():
    for name in ("f/b/2.csv", "f/b/10.csv", "f/a.csv", "f/c.JSON"):
        write(name)
    write_zip("f/b.zip", {"m.csv": ROWS})
    expected = ["f/a.csv", "f/b/10.csv", "f/b/2.csv", "f/b.zip!m.csv", "f/c.JSON"]
    assert names("f") == names("f/") == expected


def test_names_begin_as_the_person_gave_them(tmp_path):
    write("f/a.csv")
    assert names("../" + tmp_path.name + "/f") == [f"../{tmp_path.name}/f/a.csv"]
    assert names(tmp_path / "f") == [f"{tmp_path.as_posix()}/f/a.csv"]


def test_a_source_may_be_opened_twice_and_at_the_same_time():
    write_zip("z.zip", {"a.csv": ROWS, "b.csv": b"other"})
    (a, b), _ = find_sources(["z.zip"])
    with a.open() as one, b.open() as two, a.open() as three:
        assert (one.read(3), two.read(), three.read(), one.read()) == (b"a,b", b"other", ROWS, ROWS[3:])


def test_what_is_passed_over_is_named_with_the_reason():
    for name in ("f/a.csv", "f/notes.docx", "f/.hidden.csv", "f/.git/x.csv", "f/__MACOSX/._a.csv", "f/noend"):
        write(name)
    write_zip(
        "f/z.zip", {"__MACOSX/._m.csv": b"", "m.csv": ROWS, "read.me": b"", "in.zip": b"", ".x/a.csv": b""}
    )
    sources, skipped = find_sources(["f"])
    assert [source.name for source in sources] == ["f/a.csv", "f/z.zip!m.csv"]
    assert skipped == [
        Skipped("f/.git", "hidden"),
        Skipped("f/.hidden.csv", "hidden"),
        Skipped("f/__MACOSX", "hidden"),
        Skipped("f/noend", "of a kind that is not read"),
        Skipped("f/notes.docx", "of a kind that is not read"),
        Skipped("f/z.zip!.x/a.csv", "hidden"),
        Skipped("f/z.zip!__MACOSX/._m.csv", "hidden"),
        Skipped("f/z.zip!in.zip", "a zip inside a zip"),
        Skipped("f/z.zip!read.me", "of a kind that is not read"),
    ]


def test_symbolic_links_in_a_folder_are_reported_and_not_followed():
    write("outside/o.csv")
    write("f/a.csv")
    Path("f/leaves").symlink_to("../outside")
    Path("f/leaves.csv").symlink_to("../outside/o.csv")
    Path("f/stays.csv").symlink_to("a.csv")
    Path("f/round").symlink_to("round")
    Path("f/up").symlink_to(".")
    sources, skipped = find_sources(["f"])
    assert [source.name for source in sources] == ["f/a.csv"]
    reasons = {s.name: s.reason for s in skipped}
    assert reasons.keys() == {"f/leaves", "f/leaves.csv", "f/stays.csv", "f/round", "f/up"}
    assert "leaves the folder" in reasons["f/leaves"]
    assert "leaves the folder" in reasons["f/leaves.csv"]
    assert "read where it stands" in reasons["f/stays.csv"]


def test_a_symbolic_link_that_a_person_names_is_followed():
    write("outside/o.csv")
    Path("link").symlink_to("outside")
    assert names("link") == ["link/o.csv"]


def test_what_is_named_twice_is_read_once():
    write("f/a.csv")
    sources, skipped = find_sources(["f", "f/a.csv", "./f/../f/a.csv"])
    assert [source.name for source in sources] == ["f/a.csv"]
    assert [s.reason for s in skipped] == ["the same file as one before"] * 2


def test_progress_is_told_each_name():
    write("f/a.csv")
    write("f/b.txt")
    told = []
    find_sources(["f"], progress=told.append)
    assert told == ["f/a.csv", "f/b.txt"]


def test_a_name_with_control_characters_is_shown_without_them():
    write("f/\x1b[31mred\n.csv")
    assert names("f") == ["f/\\x1b[31mred\\n.csv"]


def test_a_name_that_is_not_utf8_is_shown_and_read():
    write("f/" + os.fsdecode(b"caf\xe9.csv"))
    (name,) = names("f")
    assert name.encode() == b"f/caf\\udce9.csv"
    assert content("f") == [ROWS]


@pytest.mark.parametrize("path", ["missing.csv", "a.csv/b", "", "\0", "x" * 5_000, "dangling"])
def test_a_name_under_which_there_is_nothing_is_a_wrong_use(path):
    write("a.csv")
    Path("dangling").symlink_to("nowhere")
    assert "none" in refused(path, kind=UseError).message


def test_naming_nothing_is_a_wrong_use():
    refused(kind=UseError)


def test_a_file_of_another_kind_named_directly_is_refused():
    error = refused(write("letter.docx"))
    assert "another kind" in error.message
    assert "CSV" in error.advice


@pytest.mark.parametrize("with_other_files", [False, True])
def test_a_folder_or_zip_with_nothing_to_load_is_refused(with_other_files):
    Path("f").mkdir()
    members = {"readme.txt": b""} if with_other_files else {}
    if with_other_files:
        write("f/readme.txt")
    write_zip("z.zip", members)
    for name in ("f", "z.zip"):
        error = refused(name)
        assert error.where == name
        assert (
            f"nothing to load: expected files of records in it, got none ({len(members)} file"
            in error.message
        )


def test_pipes_sockets_and_devices_are_refused_without_waiting_for_them():
    os.mkfifo("pipe.csv")
    write("f/a.csv")
    os.mkfifo("f/pipe.csv")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("f/socket.csv")
        assert "a named pipe" in refused("pipe.csv").message
        assert "a device" in refused("/dev/null").message
        skipped = find_sources(["f"])[1]
    assert [(s.name, s.reason) for s in skipped] == [
        ("f/pipe.csv", "a named pipe"),
        ("f/socket.csv", "a device or socket"),
    ]


@pytest.mark.parametrize("name", ["a.csv", "z.zip", "f"])
def test_what_may_not_be_read_is_said_so(name, monkeypatch):
    write("a.csv")
    write("f/a.csv")
    write_zip("z.zip", {"a.csv": ROWS})

    def forbidden(*_args, **_settings):
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr(Path, "open", forbidden)
    monkeypatch.setattr(Path, "iterdir", forbidden)
    monkeypatch.setattr(zipfile, "ZipFile", forbidden)
    error = refused(name)
    assert "may not read" in error.message
    assert error.where == name


def test_a_file_that_goes_before_it_is_read_is_said_so():
    (source,), _ = find_sources([write("a.csv")])
    Path("a.csv").unlink()
    with pytest.raises(DataError, match="one that is gone"):
        source.open()


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"PK\x03\x04", b"PK\x05\x06", random.Random(1).randbytes(999)]
)
def test_a_zip_that_is_no_zip_is_refused(data):
    error = refused(write("z.zip", data))
    assert (error.where, "no zip" in error.message) == ("z.zip", True)


def test_a_zip_cut_short_anywhere_is_refused():
    whole = write_zip("z.zip", {"a.csv": ROWS * 20}).read_bytes()
    for length in range(len(whole)):
        refused(write("cut.zip", whole[:length]))


def test_a_damaged_zip_in_a_folder_is_not_passed_over():
    write("f/a.csv")
    write("f/z.zip", b"no zip")
    assert refused("f").where == "f/z.zip"


def test_an_encrypted_zip_is_refused():
    path = write_zip("z.zip", {"a.csv": ROWS})
    declare(path, "flags", 1)
    assert "encrypted" in refused(path).message
    assert refused(path).where == "z.zip!a.csv"


def test_another_way_of_packing_is_refused():
    with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", ROWS)
    assert "another way of packing" in refused("z.zip").message


def test_a_wrong_check_sum_is_found():
    path = write_zip("z.zip", {"a.csv": ROWS})
    declare(path, "crc", 1)
    error = refused(path)
    assert (error.where, "CRC" in error.message) == ("z.zip!a.csv", True)


@pytest.mark.parametrize("declared", [1, 7, 9, 100])
def test_a_member_that_lies_about_its_size_is_found(declared):
    path = write_zip("z.zip", {"a.csv": ROWS})
    declare(path, "size", declared)
    assert "bytes" in refused(path).message or "byte it declares" in refused(path).message


def test_a_bomb_that_declares_to_be_small_is_stopped_as_soon_as_it_is_larger():
    path = write_zip("z.zip", {"a.csv": b"0" * 50_000_000})
    declare(path, "size", 100)
    (source,), _ = find_sources([path])
    with source.open() as stream, pytest.raises(DataError, match="more than the 100 bytes it declares"):
        stream.read(1)


def test_a_member_whose_packed_bytes_end_too_early_is_refused():
    path = write_zip("z.zip", {"a.csv": random.Random(1).randbytes(1_000)})
    declare(path, "packed", 500)
    assert "cut short" in refused(path).message


def test_a_member_whose_place_holds_no_member_is_refused():
    path = write_zip("z.zip", {"a.csv": ROWS})
    change(path, b"PK\x03\x04", b"XX\x03\x04")
    assert "none where" in refused(path).message


@pytest.mark.parametrize("name", ["z.zip", "a.csv.gz"])
def test_a_bomb_is_refused_by_how_much_it_grows(name):
    zeros = b"0" * 3_000_000
    path = write("a.csv.gz", gzip.compress(zeros)) if name != "z.zip" else write_zip(name, {"a.csv": zeros})
    assert "at most" in refused(path).message
    assert content(path, limits=Limits(max_ratio=2_000)) == [zeros]


def test_a_gz_bomb_inside_a_zip_is_refused():
    path = write_zip("z.zip", {"a.csv.gz": gzip.compress(b"0" * 3_000_000)})
    assert "unpacked, got more" in refused(path).message


def test_a_small_file_of_equal_rows_is_no_bomb():
    equal = b"1,2\n" * 100_000
    assert content(write_zip("z.zip", {"a.csv": equal})) == [equal]


@pytest.mark.parametrize("size", [10, 11])
def test_the_members_of_a_zip_together_may_be_as_large_as_the_limit(size):
    path = write_zip("z.zip", {"a.csv": b"12345", "b.csv": b"1" * (size - 5)})
    if size == 10:
        assert len(content(path, limits=Limits(max_bytes=10))) == 2
    else:
        assert "at most 10 bytes unpacked, got 11 bytes" in refused(path, limits=Limits(max_bytes=10)).message


def test_a_gz_may_be_as_large_as_the_limit():
    path = write("a.csv.gz", gzip.compress(b"1" * 10))
    assert content(path, limits=Limits(max_bytes=10)) == [b"1" * 10]
    assert "at most 9 bytes" in refused(path, limits=Limits(max_bytes=9)).message


@pytest.mark.parametrize("inside", ["z.zip", "f"])
def test_more_files_than_the_limit_are_refused(inside):
    write_zip("z.zip", {f"{i}.csv": ROWS for i in range(4)})
    for i in range(4):
        write(f"f/{i}.csv")
    assert len(content(inside, limits=Limits(max_files=4))) == 4
    assert "at most 3 files" in refused(inside, limits=Limits(max_files=3)).message


@pytest.mark.parametrize(
    "name",
    ["/etc/a.csv", "../a.csv", "x/../../a.csv", "x/..", "C:/a.csv", "c:a.csv", "x\\a.csv", "a\n.csv", "../"],
)
def test_a_zip_with_a_name_that_could_lead_outside_is_refused_whole(name):
    write_zip("z.zip", {"good.csv": ROWS, name: ROWS})
    error = refused("z.zip")
    assert "lead outside" in error.message
    assert error.where == "z.zip!" + name.replace("\n", "\\n")


def test_two_dots_within_a_name_are_no_danger():
    assert len(content(write_zip("z.zip", {"x/a..b.csv": ROWS, "..c/d.csv": ROWS, "e.csv": ROWS}))) == 2


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_holds_a_name_twice_is_refused():
    with zipfile.ZipFile("z.zip", "w") as archive:
        archive.writestr("a.csv", ROWS)
        archive.writestr("a.csv", ROWS)
    assert "2 times" in refused("z.zip").message


def test_a_symbolic_link_in_a_zip_is_reported_and_not_read():
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile("z.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", ROWS)
    sources, skipped = find_sources(["z.zip"])
    assert [s.name for s in sources] == ["z.zip!a.csv"]
    assert skipped == [Skipped("z.zip!link.csv", "a symbolic link")]


def _with_wrong_crc(data):
    return data[:-8] + b"\0\0\0\0" + data[-4:]


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-1], lambda d: d[:12], _with_wrong_crc, lambda d: d + b"more", lambda _d: ROWS]
)
def test_a_gz_that_is_cut_short_or_damaged_is_refused(spoil):
    error = refused(write("a.csv.gz", spoil(gzip.compress(ROWS))))
    assert (error.where, "cut short or damaged" in error.message) == ("a.csv.gz", True)


def test_an_error_while_reading_is_put_into_words(monkeypatch):
    (source,), _ = find_sources([write("a.csv")])

    class Failing(io.BytesIO):
        def read(self, _size=-1):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda *_args: Failing())
    with source.open() as stream, pytest.raises(DataError, match="Input/output error"):
        stream.read()


@real_files
@pytest.mark.parametrize(("year", "files"), [(2019, 511), (2020, 504)])
def test_the_published_zips_are_listed_whole(year, files):
    path = DATA / "all_forces_zip" / f"{year}-stop-and-search.zip"
    sources, skipped = find_sources([path])
    assert (len(sources), skipped) == (files, [])
    with zipfile.ZipFile(path) as archive, sources[0].open() as stream:
        assert stream.read() == archive.read(sources[0].name.split("!")[1])
