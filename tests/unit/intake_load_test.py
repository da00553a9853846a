"""What a load does with the files it is given, and what the lake holds afterwards."""

import csv
import itertools
import json

import pyarrow.parquet as pq
import pytest

from intake_sample import HERTS, MARCH, STOP, snapshot, stop, stops, write
from openpeel.errors import UseError
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, ReturnKey
from openpeel.reference.forces import find_force

FOR_HERTS = LoadOptions(force=find_force("hertfordshire"))


def key(*months, force=HERTS):
    return ReturnKey("stop_search", force, months)


YEAR = tuple(str(m) for m in parse_months("2020-04..2021-03"))


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


@pytest.fixture
def files(tmp_path):
    return tmp_path / "files"


def reasons(report):
    return [n.reason for n in report.not_taken]


def refused(lake, paths, options=None):
    """Why nothing was taken; the lake must be as it was, to the last byte."""
    before = snapshot(lake)
    report = load(lake, paths, options)
    assert (report.loaded, report.wrong) == ([], True)
    assert snapshot(lake) == before
    return reasons(report)


def test_a_new_file_is_held_for_the_force_and_month_in_its_name(lake, files):
    report = load(lake, [write(files / MARCH, stops(3))])
    (item,) = report.loaded
    assert (item.how, item.changed, item.found.key) == ("new", "", key("2021-03"))
    assert (report.rows, report.wrong, report.not_taken) == (3, False, [])
    assert lake.held() == {key("2021-03"): item.found.id}
    assert lake.read_return(item.found.id) == item.found


def test_the_file_stays_in_the_lake_byte_for_byte(lake, files):
    path = write(files / MARCH, [*stops(3), ["too", "short"]])
    (item,) = load(lake, [path]).loaded
    with lake.open_source(item.found.sources[0].sha256) as stream:
        assert stream.read() == path.read_bytes()


def test_the_same_file_again_changes_nothing(lake, files):
    path = write(files / MARCH, stops(3))
    load(lake, [path])
    before = snapshot(lake)
    (again,) = load(lake, [path]).loaded
    assert (again.how, snapshot(lake)) == ("already held", before)


def test_the_same_file_under_another_name_changes_nothing(lake, files):
    load(lake, [write(files / MARCH, stops(3))])
    before = snapshot(lake)
    report = load(lake, [write(files / "hertfordshire 2021-03.csv", stops(3))])
    assert (report.loaded[0].how, snapshot(lake)) == ("already held", before)


def test_another_file_for_the_month_supersedes_and_the_old_one_stays(lake, files):
    (first,) = load(lake, [write(files / MARCH, [*stops(5), ["too", "short"]])]).loaded
    before = snapshot(lake)
    changed = [*stops(5)[:3], stop("2021-03-20T10:00:00+00:00")]
    (second,) = load(lake, [write(files / MARCH, changed)]).loaded
    assert (second.how, second.changed) == ("superseded", "1 record new, 2 gone, 3 as before")
    assert lake.held() == {key("2021-03"): second.found.id}
    assert lake.superseded(key("2021-03")) == [first.found.id]
    after = snapshot(lake)
    assert {k: v for k, v in before.items() if k != "held.json"}.items() <= after.items()
    assert lake.read_return(first.found.id) == first.found
    assert pq.read_table(lake.part_path("stop_search", first.found.part)).num_rows == 5
    assert lake.rejected_path(first.found.id).exists()


def test_the_same_records_in_another_order_of_columns_are_the_same_records(lake, files):
    load(lake, [write(files / MARCH, stops(3))])
    (item,) = load(lake, [write(files / MARCH, stops(3), list(reversed(STOP)))]).loaded
    assert (item.how, item.changed) == ("superseded", "the same records in another file")


def test_one_of_two_equal_records_less_is_a_change(lake, files):
    load(lake, [write(files / MARCH, [stop(), stop()])])
    (item,) = load(lake, [write(files / MARCH, [stop()])]).loaded
    assert item.changed == "0 records new, 1 gone, 1 as before"


def test_going_back_to_the_first_file_keeps_the_whole_story(lake, files):
    ids = [load(lake, [write(files / MARCH, stops(n))]).loaded[0].found.id for n in (2, 3, 2)]
    assert ids[0] == ids[2] != ids[1]
    assert lake.held() == {key("2021-03"): ids[0]}
    assert lake.superseded(key("2021-03")) == ids[:2]


def test_a_file_of_a_year_supersedes_its_months(lake, files):
    months = [write(files / f"{m}-hertfordshire-stop-and-search.csv", stops(2, m)) for m in YEAR]
    before = load(lake, months)
    assert len(before.loaded) == 12
    year = write(files / "herts year.csv", [row for m in YEAR for row in stops(3, m)])
    (item,) = load(lake, [year], FOR_HERTS).loaded
    assert item.found.key == key(*YEAR)
    assert item.changed == "12 records new, 0 gone, 24 as before"
    assert lake.held() == {key(*YEAR): item.found.id}
    assert lake.superseded(key(*YEAR)) == [i.found.id for i in before.loaded]


def test_a_month_of_a_year_that_is_held_is_refused(lake, files):
    year = write(files / "herts year.csv", [row for m in YEAR for row in stops(3, m)])
    load(lake, [year], FOR_HERTS)
    assert refused(lake, [write(files / MARCH, stops(9))]) == [
        "the return for Stop and search, Hertfordshire, 2021-03 would replace a part of the one held for "
        "2020-04 to 2021-03. Load a file for the same months as the one held, or for more."
    ]


def test_another_force_or_kind_of_record_does_not_supersede(lake, files):
    load(lake, [write(files / MARCH, stops(2))])
    report = load(lake, [write(files / "2021-03-kent-stop-and-search.csv", stops(3))])
    assert [i.how for i in report.loaded] == ["new"]
    assert len(lake.held()) == 2


def test_two_different_files_for_one_month_are_refused_and_each_is_named(lake, files):
    one = write(files / "1" / MARCH, stops(2))
    other = write(files / "2" / MARCH, stops(3))
    report = load(lake, [files])
    assert [n.name for n in report.not_taken] == [str(one), str(other)]
    said = f"2 different files are for the same force and months: {one}, {other}. Say --parts if together"
    assert all(reason.startswith(said) for reason in reasons(report))
    assert lake.held() == {}


def test_two_different_files_for_overlapping_months_told_by_their_rows_are_refused(lake, files):
    one = write(files / "a.csv", [*stops(2, "2021-02"), *stops(2)])
    other = write(files / "b.csv", stops(3))
    report = load(lake, [one, other], FOR_HERTS)
    assert [i.found.key for i in report.loaded] == [key("2021-02", "2021-03")]
    (left,) = report.not_taken
    assert (left.name, left.wrong) == (str(other), True)
    assert (
        f"the same load has another file for Stop and search, Hertfordshire, 2021-02 to 2021-03: {one}"
        in left.reason
    )


def test_parts_that_disagree_about_their_months_are_told_to_say_them(lake, files):
    write(files / MARCH, stops(2))
    write(files / "hertfordshire more.csv", stops(3))
    (left,) = load(lake, [files], LoadOptions(parts=True)).not_taken
    assert "say with --month for which months" in left.reason


def test_parts_are_one_return_in_whatever_order_they_are_named(lake, files, tmp_path):
    parts = [write(files / f"{i}" / MARCH, [*stops(i + 1), stop()]) for i in range(3)]
    found = []
    for i, order in enumerate(itertools.permutations(parts)):
        other = Lake.open(tmp_path / f"lake{i}", create=True)
        found += [item.found for item in load(other, order, LoadOptions(parts=True)).loaded]
    assert len({f.id for f in found}) == 1
    assert len({f.part for f in found}) == 1
    # Each minute from noon on stands in one, two or three parts; the stop at 14:05 in all.
    assert {(f.rows, f.accepted, f.duplicates) for f in found} == {(9, 9, 5)}


def test_identical_copies_in_two_folders_are_taken_once(lake, files):
    one = write(files / "1" / MARCH, stops(2))
    other = write(files / "2" / MARCH, stops(2))
    report = load(lake, [files])
    assert [i.found.rows for i in report.loaded] == [2]
    (left,) = report.not_taken
    assert (left.name, left.reason, left.wrong) == (str(other), f"the same file as {one}", False)


def test_identical_copies_whose_names_say_nothing_are_taken_once(lake, files):
    one, other = (write(files / name, stops(2)) for name in ("a.csv", "b.csv"))
    report = load(lake, [files], FOR_HERTS)
    assert [i.found.rows for i in report.loaded] == [2]
    assert reasons(report) == [f"the same file as {one}"]
    assert not report.wrong
    assert str(other) == report.not_taken[0].name


def test_one_bad_file_does_not_keep_the_good_ones_out(lake, files):
    write(files / MARCH, stops(2))
    write(files / "2021-03-kent-stop-and-search.csv", stops(2))
    write(files / "2021-03-essex-stop-and-search.csv", [["a", "b"]], ["Force", "Arrests"])
    write(files / "2021-03-surrey-stop-and-search.csv", [stop("never")])
    (files / "2021-03-dorset-stop-and-search.csv.gz").write_bytes(b"no gzip")
    (files / "2021-03-durham-stop-and-search.json").write_text("{")
    report = load(lake, [files])
    assert [i.found.key.force for i in report.loaded] == [HERTS, find_force("kent").code]
    assert [n.name.rpartition("03-")[2][:5] for n in report.not_taken] == ["dorse", "essex", "durha", "surre"]
    assert all(n.wrong for n in report.not_taken)
    assert all(n.reason.startswith(n.name) for n in report.not_taken)


def test_a_passer_by_is_named_and_nothing_to_put_right(lake, files):
    write(files / MARCH, stops(2))
    (files / "notes.txt").write_text("Ask Sgt Example about the gap.")
    report = load(lake, [files])
    assert [(n.reason, n.wrong) for n in report.not_taken] == [("of a kind that is not read", False)]
    assert not report.wrong


def test_a_rejected_row_is_something_to_put_right(lake, files):
    assert load(lake, [write(files / MARCH, [stop(), stop("never")])]).wrong


def test_the_rejected_rows_are_listed_in_a_file(lake, files):
    path = write(files / MARCH, [stop(), ["too", "short"], stop("2021-02-30T10:00:00")])
    (item,) = load(lake, [path]).loaded
    with lake.rejected_path(item.found.id).open(newline="", encoding="utf-8") as handle:
        assert list(csv.reader(handle)) == [
            ["file", "row", "column", "expected", "got"],
            [str(path), "3", "", "15 cells", "2 cells"],
            [
                str(path),
                "4",
                "Date",
                "a date and time such as 2021-03-01T11:27:00+00:00",
                "'2021-02-30T10:00:00'",
            ],
        ]


def test_a_file_that_does_not_say_whose_it_is_needs_the_force(lake, files):
    path = write(files / "stops March.csv", stops(2))
    assert refused(lake, [path]) == [
        f"{path}: neither the file nor its name says which force's records these are. Name the force with --force, "
        "or the file like 2021-03-hertfordshire-stop-and-search.csv."
    ]
    (item,) = load(lake, [path], FOR_HERTS).loaded
    assert item.found.key == key("2021-03")


def test_a_file_named_after_another_force_than_the_one_that_was_said_is_refused(lake, files):
    """Somebody who loads a folder with --force would give one force the searches of all the others."""
    path = write(files / "2021-03-essex-stop-and-search.csv", stops(2))
    assert refused(lake, [path], FOR_HERTS) == [
        f"{path}: expected records of Hertfordshire, as --force says, got a file named after Essex. "
        "Load it without --force, or rename it if its name is wrong."
    ]


def test_a_file_named_after_another_month_than_the_one_that_was_said_is_refused(lake, files):
    path = write(files / MARCH, stops(2))
    assert refused(lake, [path], LoadOptions(months=parse_months("2021-04..2021-05"))) == [
        f"{path}: expected records from 2021-04 to 2021-05, as --month says, got a file named after 2021-03. "
        "Load it without --month, or rename it if its name is wrong."
    ]


def test_a_file_of_which_no_row_is_of_the_month_in_its_name_is_refused(lake, files):
    path = write(files / MARCH, stops(2, "2020-03"))
    assert refused(lake, [path]) == [
        f"{path}: expected records of 2021-03, got none: all of them are dated in 2020-03. "
        "Load it for the months it is of, or rename it if its name is wrong."
    ]
    said = refused(lake, [write(files / MARCH, [*stops(1, "2020-03"), *stops(1, "2020-05")])])
    assert "all of them are dated from 2020-03 to 2020-05" in said[0]


def test_a_single_search_in_the_first_hour_of_a_month_is_of_that_month_also_in_summer_time(lake, files):
    april = write(files / "2021-04-hertfordshire-stop-and-search.csv", [stop("2021-03-31T23:30:00+00:00")])
    (item,) = load(lake, [april]).loaded
    assert (item.found.key, item.found.counts) == (key("2021-04"), (0,))


def test_the_records_of_each_month_are_kept_with_the_return(lake, files):
    rows = [*stops(2, "2021-02"), *stops(3), stop("2021-06-01T10:00:00+00:00")]
    (item,) = load(
        lake, [write(files / "a.csv", rows)], LoadOptions(FOR_HERTS.force, parse_months("2021-01..2021-03"))
    ).loaded
    assert item.found.counts == (0, 2, 3)
    assert lake.read_return(item.found.id).counts == (0, 2, 3)


def test_months_that_a_person_names_are_those_of_the_return(lake, files):
    paths = [write(files / f"{m}-hertfordshire-stop-and-search.csv", stops(2, m)) for m in YEAR]
    options = LoadOptions(months=parse_months("2020-04..2021-03"), parts=True)
    (item,) = load(lake, paths, options).loaded
    assert (item.found.key, item.found.rows) == (key(*YEAR), 24)


def test_a_good_return_is_not_superseded_by_a_file_of_which_nothing_can_be_accepted(lake, files):
    load(lake, [write(files / MARCH, stops(5))])
    (reason,) = refused(lake, [write(files / MARCH, [stop("01/03/2021")] * 5)])
    assert "no row could be accepted of 5" in reason


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b\n1,2\n", b"\xff\xfeT\x00", b"PK\x03\x04", b'"', b"\x00"]
)
def test_the_lake_is_untouched_when_nothing_can_be_taken(lake, files, content):
    load(lake, [write(files / MARCH, stops(5))])
    (files / MARCH).write_bytes(content)
    assert len(refused(lake, [files])) == 1


def test_the_lake_is_untouched_when_there_is_nothing_to_read(lake, files):
    before = snapshot(lake)
    with pytest.raises(UseError):
        load(lake, [files / "nowhere.csv"])
    assert snapshot(lake) == before


def test_a_superseded_return_that_is_refused_in_parts_leaves_no_trace(lake, files):
    """The records of a return that cannot be taken are not written: the lake keeps only what it names."""
    load(lake, [write(files / MARCH, stops(2))])
    broken = files / "2" / MARCH
    broken.parent.mkdir()
    broken.write_text("Type,Date\n")
    refused(lake, [broken])
    (good,) = load(lake, [write(files / MARCH, stops(4))]).loaded
    named = {lake.read_return(i).part for k in lake.held() for i in (lake.held()[k], *lake.superseded(k))}
    assert good.found.part in named
    assert {p.stem for p in (lake.root / "records").rglob("*.parquet")} == named


def test_a_load_that_fails_on_the_way_leaves_the_lake_as_it_was(lake, files, monkeypatch):
    load(lake, [write(files / MARCH, stops(2))])
    held = (lake.root / "held.json").read_bytes()
    write(files / "2021-03-kent-stop-and-search.csv", stops(3))

    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("openpeel.lake.store.Transaction.commit", fail)
    with pytest.raises(KeyboardInterrupt):
        load(lake, [files])
    assert (lake.root / "held.json").read_bytes() == held
    assert len(lake.held()) == 1
    assert not (lake.root / "incoming").exists()


def test_progress_goes_from_nothing_to_all_bytes(lake, files):
    paths = [write(files / f"2021-0{i}-kent-stop-and-search.csv", stops(i, f"2021-0{i}")) for i in (1, 2, 3)]
    told = []
    load(lake, paths, progress=lambda done, total: told.append((done, total)))
    size = sum(p.stat().st_size for p in paths)
    assert {total for _, total in told} == {size}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (size, size)


def test_the_stops_of_the_api_are_read_and_need_the_force(lake, files):
    keys = {
        "type": "Type",
        "datetime": "Date",
        "operation_name": "Policing operation",
        "gender": "Gender",
        "age_range": "Age range",
        "self_defined_ethnicity": "Self-defined ethnicity",
        "officer_defined_ethnicity": "Officer-defined ethnicity",
        "legislation": "Legislation",
        "object_of_search": "Object of search",
        "outcome": "Outcome",
    }
    record = {name: STOP[title] or None for name, title in keys.items()} | {
        "operation": False,
        "outcome_linked_to_object_of_search": None,
        "removal_of_more_than_outer_clothing": False,
        "location": {"latitude": "51.8", "longitude": "-0.2"},
    }
    files.mkdir()
    path = files / "stops-2021-03.json"
    path.write_text(
        json.dumps([record, {**record, "datetime": "2021-03-12T14:06:00+00:00", "location": None}])
    )
    assert "Name the force with --force" in refused(lake, [path])[0]
    (item,) = load(lake, [path], FOR_HERTS).loaded
    assert (item.found.key, item.found.accepted) == (key("2021-03"), 2)
    records = pq.read_table(lake.part_path("stop_search", item.found.part))
    assert records["latitude"].to_pylist() == [51.8, None]
    assert records["outcome_linked"].to_pylist() == [None, None]


def test_a_return_that_was_held_before_can_come_back_and_its_first_account_stays(lake, files, tmp_path):
    first = write(files / MARCH, stops(3))
    second = write(tmp_path / "later" / MARCH, stops(4))
    (one,) = load(lake, [first]).loaded
    load(lake, [second])
    again = write(tmp_path / "again" / MARCH, stops(3))
    (back,) = load(lake, [again]).loaded
    assert (back.how, back.found.id) == ("superseded", one.found.id)
    assert lake.held() == {key("2021-03"): one.found.id}
    assert lake.read_return(one.found.id).sources[0].name == str(first)
