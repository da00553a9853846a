"""Releases: frozen, named by what they hold, and checked against it. How returns are held is in lake_store_test."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from openpeel.errors import DataError, UseError
from openpeel.lake import (
    Lake,
    Return,
    ReturnKey,
    SourceFile,
    create_release,
    open_engine,
    open_release,
    release_names,
)
from openpeel.lake.engines import collect

MAY = datetime(2021, 5, 1, 12, tzinfo=UTC)
JUNE = datetime(2021, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    opened = Lake.open(tmp_path / "lake", create=True)
    hold(opened, "2021-02", "arrest")
    hold(opened, "2021-03", "caution")
    return opened


def hold(lake, month, outcome, standard="stop_search", file="a.csv"):
    key = ReturnKey(standard, "E23000032", (month,))
    with lake.writing() as transaction:
        part = transaction.add_part(standard, pa.table({"outcome": [outcome], "row": [2]}))
        found = Return(
            key,
            "0" * 12,
            (SourceFile(file, file, 1, 1, 1, 0),),
            part.name,
            part.sha256,
            1,
            1,
            0,
            0,
            False,
            (),
        )
        transaction.add_return(found, (), tuple(k for k in lake.held() if k == key))
        transaction.commit()
    return found


def test_a_release_holds_what_the_lake_held_when_it_was_made(lake):
    made, new = create_release(lake, "spring", at=MAY)
    assert new
    assert open_release(lake, "spring") == made
    hold(lake, "2021-04", "summons")
    assert [r.key.months for r in open_release(lake, "spring").returns] == [("2021-02",), ("2021-03",)]


def test_the_id_comes_from_the_content_alone(lake, tmp_path):
    other = Lake.open(tmp_path / "other", create=True)
    hold(other, "2021-03", "caution", file="b.csv")
    hold(other, "2021-02", "arrest", file="c.csv")
    here, _ = create_release(lake, "spring", at=MAY)
    there, _ = create_release(other, "summer", at=JUNE)
    assert here.id == there.id


@pytest.mark.parametrize(
    "change",
    [
        lambda lake: hold(lake, "2021-03", "arrest"),
        lambda lake: hold(lake, "2021-04", "arrest"),
        lambda lake: hold(lake, "2021-03", "caution", standard="crime"),
    ],
)
def test_other_content_is_another_id_and_cannot_take_the_name(lake, change):
    before, _ = create_release(lake, "spring", at=MAY)
    change(lake)
    with pytest.raises(UseError, match="with other content"):
        create_release(lake, "spring", at=MAY)
    after, _ = create_release(lake, "summer", at=MAY)
    assert after.id != before.id
    assert open_release(lake, "spring") == before


def test_leaving_out_duplicates_is_part_of_the_content(lake):
    with_them, _ = create_release(lake, "all", at=MAY)
    without, _ = create_release(lake, "once", at=MAY, leave_out_duplicates=True)
    assert with_them.id != without.id
    assert open_release(lake, "once").leave_out_duplicates
    with pytest.raises(UseError):
        create_release(lake, "all", at=MAY, leave_out_duplicates=True)


def test_making_it_again_changes_nothing_not_even_when_it_was_made(lake):
    first, _ = create_release(lake, "spring", at=MAY)
    again, new = create_release(lake, "spring", at=JUNE)
    assert not new
    assert again == first


def test_a_file_that_is_no_longer_what_was_frozen_is_found(lake):
    release, _ = create_release(lake, "spring", at=MAY)
    assert release.verify(release.returns) == []
    path = release.files(release.returns)[1]
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)
    assert release.verify(release.returns) == [path.name]
    assert release.verify(release.returns[:1]) == []


def test_a_file_that_is_gone_is_named(lake):
    release, _ = create_release(lake, "spring", at=MAY)
    path = release.files(release.returns)[0]
    path.unlink()
    with pytest.raises(DataError, match=path.name):
        release.files(release.returns)


def test_the_returns_of_one_standard_or_force(lake):
    hold(lake, "2021-03", "theft", standard="crime")
    release, _ = create_release(lake, "spring", at=MAY)
    assert len(release.of("stop_search")) == 2
    assert len(release.of("stop_search", "E23000032")) == 2
    assert release.of("stop_search", "E23000027") == ()
    assert len(release.of("crime")) == 1


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 65, "two words", "ünder"])
def test_a_name_is_one_that_every_disk_can_keep(lake, name):
    with pytest.raises(UseError, match="cannot be called"):
        create_release(lake, name, at=MAY)


def test_the_names_are_listed_in_order(lake):
    for name in ("b", "a.1", "a"):
        create_release(lake, name, at=MAY)
    assert release_names(lake) == ["a", "a.1", "b"]
    with pytest.raises(UseError, match="there is no release 'c'") as caught:
        open_release(lake, "c")
    assert "a, a.1, b" in caught.value.advice


def test_an_empty_lake_is_not_frozen(tmp_path):
    with pytest.raises(UseError, match="no returns to freeze"):
        create_release(Lake.open(tmp_path / "lake", create=True), "spring", at=MAY)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_an_engine_counts_the_files_it_is_given_and_no_others(lake, engine):
    release, _ = create_release(lake, "spring", at=MAY)
    stray = release.files(release.returns)[0].with_name("stray.parquet")
    stray.write_bytes(release.files(release.returns)[0].read_bytes())
    with open_engine(engine) as counting:
        assert collect(counting.scan(release.files(release.returns)).select("outcome")).num_rows == 2


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_an_engine_that_meets_a_damaged_file_names_it(lake, engine):
    release, _ = create_release(lake, "spring", at=MAY)
    good, bad = release.files(release.returns)
    bad.write_bytes(bad.read_bytes()[:-20])
    with pytest.raises(DataError, match="damaged") as caught, open_engine(engine) as counting:
        collect(counting.scan([good, bad]).select("outcome"))
    assert caught.value.where == str(bad)


def test_an_error_that_no_file_is_to_blame_for_stays_what_it_is(lake):
    release, _ = create_release(lake, "spring", at=MAY)
    with pytest.raises(Exception, match="no_such_column"), open_engine("duckdb") as counting:
        collect(counting.scan(release.files(release.returns)).select("no_such_column"))


def test_an_engine_that_is_not_there_is_named_beside_those_that_are():
    with pytest.raises(UseError, match="no engine 'steam'") as caught:
        open_engine("steam")
    assert "duckdb, spark" in caught.value.advice
