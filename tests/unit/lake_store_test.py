"""The lake on disk: nothing is held before it is whole, nothing that is held is ever lost."""

import hashlib
import io
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openpeel.errors import DataError, UseError
from openpeel.lake import Lake, Return, ReturnKey, SourceFile
from openpeel.lake.record_hash import content_hash
from openpeel.lake.store import write_whole

KENT = ReturnKey("stop_search", "E23000032", ("2021-03",))
SOURCE = b"Type,Date\r\nPerson search,2021-03-01\r\n"


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def table(*outcomes):
    count = len(outcomes)
    return pa.table(
        {
            "outcome": pa.array(outcomes, pa.string()),
            "source": pa.array([0] * count, pa.int16()),
            "row": pa.array(range(2, count + 2), pa.int32()),
            "duplicate": pa.array([False] * count, pa.bool_()),
        }
    )


def files(lake):
    return sorted(
        p.relative_to(lake.root).as_posix() for p in lake.root.rglob("*") if p.is_file() and p.name != ".lock"
    )


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def add(transaction, key=KENT, outcomes=("arrest",), source=SOURCE, rejected=(), replaces=()):
    """What a load does for one return."""
    part = transaction.add_part(key.standard, table(*outcomes))
    found = Return(
        key=key,
        standard_hash="0" * 12,
        sources=(
            SourceFile("kent.csv", sha256(source), len(source), len(outcomes), len(outcomes), len(rejected)),
        ),
        part=part.name,
        part_sha256=part.sha256,
        rows=len(outcomes) + len(rejected),
        accepted=len(outcomes),
        rejected=len(rejected),
        duplicates=0,
        tallied=False,
        defects=(),
    )
    transaction.add_source(io.BytesIO(source), sha256(source))
    transaction.add_return(found, rejected, replaces)
    return found


def hold(lake, **what):
    with lake.writing() as transaction:
        found = add(transaction, **what)
        transaction.commit()
    return found


def test_what_is_committed_is_held_and_can_be_read_back(lake):
    found = hold(lake)
    assert lake.held() == {KENT: found.id}
    assert lake.read_return(found.id) == found
    assert pq.read_table(lake.part_path("stop_search", found.part)).equals(table("arrest"))


def test_nothing_is_held_before_the_commit(lake):
    with lake.writing() as transaction:
        add(transaction)
        assert Lake.open(lake.root).held() == {}
        transaction.commit()
        assert len(Lake.open(lake.root).held()) == 1


def test_what_is_not_committed_leaves_no_file(lake):
    before = files(lake)
    with lake.writing() as transaction:
        add(transaction)
    assert files(lake) == before
    assert lake.held() == {}


def test_a_load_that_fails_halfway_leaves_no_file(lake):
    before = files(lake)
    with pytest.raises(DataError), lake.writing() as transaction:
        add_and_fail(transaction)
    assert files(lake) == before
    assert lake.held() == {}


def add_and_fail(transaction):
    add(transaction)
    raise DataError("the next file is no good")


def test_what_is_not_committed_takes_nothing_from_what_is_held(lake):
    found = hold(lake)
    before = files(lake)
    with lake.writing() as transaction:
        add(transaction)
    assert files(lake) == before
    assert lake.read_return(found.id) == found


def test_a_source_is_read_back_byte_for_byte(lake):
    source = bytes(range(256)) * 10_000
    found = hold(lake, source=source)
    with lake.open_source(found.sources[0].sha256) as stream:
        assert stream.read() == source


def test_a_source_that_changes_while_it_is_read_is_not_kept(lake):
    with lake.writing() as transaction, pytest.raises(DataError, match="changed while it was being read"):
        transaction.add_source(io.BytesIO(SOURCE), sha256(b"what it was a moment ago"))
    assert not list(lake.root.glob("sources/*/*"))


@pytest.mark.parametrize("torn", [lambda data: data[:-8], lambda data: b"", lambda data: bytes(len(data))])
def test_files_torn_by_a_crash_before_the_commit_are_written_again(lake, torn):
    """A power cut after a file had its name and before its bytes were on the disk; no `held.json` names it."""
    found = hold(lake)
    (lake.root / "held.json").unlink()
    part, source = lake.part_path("stop_search", found.part), next(lake.root.glob("sources/*/*"))
    for path in (part, source):
        path.write_bytes(torn(path.read_bytes()))
    hold(lake)
    assert content_hash(pq.read_table(part)) == found.part
    with lake.open_source(found.sources[0].sha256) as stream:
        assert stream.read() == SOURCE


def test_a_file_that_is_whole_is_not_written_again(lake):
    found = hold(lake)
    part = lake.part_path("stop_search", found.part)
    os.utime(part, (0, 0))
    hold(lake, replaces=(KENT,))
    assert part.stat().st_mtime == 0


def test_a_superseded_return_stays_and_is_listed_oldest_first(lake):
    returns = [hold(lake)]
    for outcomes in (("arrest", "summons"), ("caution",)):
        returns.append(hold(lake, outcomes=outcomes, replaces=(KENT,)))
    first, second, third = returns
    assert lake.held() == {KENT: third.id}
    assert lake.superseded(KENT) == [first.id, second.id]
    assert [lake.read_return(r.id) for r in returns] == returns
    assert [pq.read_metadata(lake.part_path("stop_search", r.part)).num_rows for r in returns] == [1, 2, 1]


def test_a_return_for_more_months_takes_the_place_of_those_for_each(lake):
    march, april, both = (
        ReturnKey("stop_search", "E23000032", m) for m in (("2021-03",), ("2021-04",), ("2021-03", "2021-04"))
    )
    old = [hold(lake, key=march), hold(lake, key=april, outcomes=("caution",))]
    new = hold(lake, key=both, outcomes=("arrest", "caution"), replaces=(march, april))
    assert lake.held() == {both: new.id}
    assert lake.superseded(both) == [r.id for r in old]
    assert lake.superseded(march) == []


def test_what_is_held_is_swapped_by_one_rename(lake, monkeypatch):
    """A reader opens the old file or the new one: nobody ever writes into it."""
    first = hold(lake)
    held = lake.root / "held.json"
    with held.open() as reader:
        second = hold(lake, outcomes=("summons",), replaces=(KENT,))
        assert json.load(reader)["returns"][0]["return"] == first.id
    assert json.loads(held.read_text())["returns"][0]["return"] == second.id


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "held.json"
    write_whole(target, b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_rejected_rows_are_listed_and_no_spreadsheet_runs_them(lake):
    found = hold(lake, rejected=(("=cmd.csv", 7, "Date", "a date", "-1+1"),))
    assert lake.rejected_path(found.id).read_text().splitlines() == [
        "file,row,column,expected,got",
        "'=cmd.csv,7,Date,a date,'-1+1",
    ]
    assert not lake.rejected_path(hold(lake, replaces=(KENT,)).id).exists()


def test_equal_tables_have_the_same_hash_however_they_are_cut_and_packed(tmp_path):
    whole = table("arrest", None, "caution")
    cut = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    pq.write_table(whole, tmp_path / "a.parquet", compression="gzip", use_dictionary=False)
    assert content_hash(whole) == content_hash(cut) == content_hash(pq.read_table(tmp_path / "a.parquet"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("",), (None,)),
        (("a", "b"), ("b", "a")),
        (("a", "b"), ("a",)),
        (("a,b",), ("a", "b")),
        (("a\nb",), ("a", "b")),
        (('a"b',), ("a'b",)),
        (("NULL",), (None,)),
    ],
)
def test_tables_that_say_something_else_have_another_hash(one, other):
    assert content_hash(table(*one)) != content_hash(table(*other))


def test_another_name_of_a_column_is_another_hash():
    assert content_hash(table("a")) != content_hash(
        table("a").rename_columns(["result", "source", "row", "duplicate"])
    )


def test_the_id_of_a_return_changes_with_what_was_handed_in_and_what_was_made_of_it(lake):
    ids = {
        hold(lake).id,
        hold(lake, source=SOURCE + b"more").id,
        hold(lake, outcomes=("caution",)).id,
        hold(lake, key=ReturnKey("stop_search", "E23000028", ("2021-03",))).id,
        hold(lake, key=ReturnKey("stop_search", "E23000032", ("2021-04",))).id,
    }
    assert len(ids) == 5


def test_one_writer_at_a_time(lake):
    with (
        lake.writing(),
        pytest.raises(UseError, match="another load has been writing"),
        lake.writing(wait_seconds=0),
    ):
        pass


def test_what_a_killed_writer_left_is_swept_away_by_the_next(lake):
    (lake.root / "incoming").mkdir()
    (lake.root / "incoming" / "half").write_bytes(b"half a file")
    with lake.writing() as transaction:
        transaction.commit()
    assert not (lake.root / "incoming").exists()


def test_a_folder_is_a_lake_only_if_it_was_made_one(tmp_path):
    with pytest.raises(UseError, match="there is no lake"):
        Lake.open(tmp_path / "lake")
    (tmp_path / "lake").mkdir()
    with pytest.raises(UseError, match="there is no lake"):
        Lake.open(tmp_path / "lake")
    Lake.open(tmp_path / "lake", create=True)
    assert Lake.open(tmp_path / "lake").held() == {}
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "dog.jpg").write_bytes(b"")
    with pytest.raises(UseError, match="holds other files and is not a lake"):
        Lake.open(tmp_path / "photos", create=True)


def test_a_lake_whose_making_was_interrupted_can_still_be_made(tmp_path):
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / ".openpeel-lake.json.0123456789").write_bytes(b"{")
    assert Lake.open(lake, create=True).held() == {}
