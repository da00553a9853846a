"""One return read from its files: every row accounted for, duplicates flagged, months told by the rows."""

from contextlib import ExitStack

import pytest

from intake_sample import CRIME, HERTS, MARCH, STOP, stop, stops, write
from openpeel.errors import DataError
from openpeel.intake.reading import layout_of, read_return, spooled
from openpeel.intake.sources import Limits, find_sources
from openpeel.reference.periods import Month


def read(paths, months=None):
    with ExitStack() as stack:
        files = [stack.enter_context(spooled(source, lambda _: None)) for source in find_sources(paths)[0]]
        layout = layout_of(files[0].source, Limits(), "utf-8")
        return read_return(layout.standard, HERTS, months, files, limits=Limits(), encoding="utf-8")


def months_of(tmp_path, *dates):
    return read([write(tmp_path / "a.csv", [stop(d) for d in dates])]).key.months


def test_each_record_says_whose_it_is_when_and_where_it_stands(tmp_path):
    rows = [stop("2021-03-31T23:30:00+00:00"), stop("not a date"), stop("2021-04-01T00:10:00+00:00")]
    found = read([write(tmp_path / MARCH, rows)], (Month(2021, 3),))
    assert found.records.select(["force", "record_month", "tally", "source", "row"]).to_pylist() == [
        {"force": HERTS, "record_month": Month(2021, 3).start, "tally": 1, "source": 0, "row": 2},
        {"force": HERTS, "record_month": Month(2021, 4).start, "tally": 1, "source": 0, "row": 4},
    ]


def test_each_rejected_row_is_listed_in_the_order_of_the_file(tmp_path):
    rows = [stop(), ["too", "short"], stop("2021-02-30T10:00:00"), list(STOP), stop(latitude="north"), stop()]
    found = read([write(tmp_path / "a.csv", rows)])
    name = str(tmp_path / "a.csv")
    assert [(r[0], r[1], r[2], r[4]) for r in found.rejected] == [
        (name, 3, "", "2 cells"),
        (name, 4, "Date", "'2021-02-30T10:00:00'"),
        (name, 5, "", "the header row again"),
        (name, 6, "Latitude", "text of 5 characters"),
    ]
    (source,) = found.sources
    assert (source.rows, source.accepted, source.rejected) == (6, 2, 4)
    assert "repeated_header" in {d.check for d in found.defects}


def test_the_first_of_equal_rows_is_not_flagged_and_each_later_one_is(tmp_path):
    once, again = stop(), stop("2021-03-12T14:06:00+00:00")
    found = read([write(tmp_path / "a.csv", [again, once, again, again])])
    assert found.records["duplicate"].to_pylist() == [False, False, True, True]


def test_rows_that_differ_in_one_cell_are_no_duplicates(tmp_path):
    found = read([write(tmp_path / "a.csv", [stop(), stop(age_range="25-34"), stop(operation_name=" ")])])
    assert not any(found.records["duplicate"].to_pylist())


def test_cells_that_only_read_alike_when_joined_are_no_duplicates(tmp_path):
    rows = [stop(operation="False", operation_name=""), stop(operation="", operation_name="False")]
    assert not any(read([write(tmp_path / "a.csv", rows)]).records["duplicate"].to_pylist())


def test_a_duplicate_in_another_part_is_flagged_in_whichever_order_its_columns_stand(tmp_path):
    one = write(tmp_path / "1.csv", [stop(), stop("2021-03-12T14:06:00+00:00")])
    other = write(tmp_path / "2.csv", [stop("2021-03-12T14:07:00+00:00"), stop()], list(reversed(STOP)))
    assert read([one, other]).records["duplicate"].to_pylist() == [False, False, False, True]


def test_a_part_without_an_optional_column_compares_as_blank(tmp_path):
    one = write(tmp_path / "1.csv", [CRIME])
    other = write(tmp_path / "2.csv", [CRIME], [t for t in CRIME if t != "Context"])
    assert read([one, other]).records["duplicate"].to_pylist() == [False, True]


def test_a_rejected_row_is_never_the_first_of_a_pair(tmp_path):
    wrong = stop(latitude="north")
    found = read([write(tmp_path / "a.csv", [wrong, stop(), wrong, stop()])])
    assert (len(found.rejected), found.records["duplicate"].to_pylist()) == (2, [False, True])


def test_a_file_says_by_its_rows_which_months_it_is_for(tmp_path):
    assert months_of(tmp_path, "2021-02-10T10:00:00", "2021-03-10T10:00:00") == ("2021-02", "2021-03")


def test_a_month_without_records_is_not_claimed(tmp_path):
    """Whether there were none or they are missing, nobody has said."""
    assert months_of(tmp_path, "2021-01-10T10:00:00", "2021-03-10T10:00:00") == ("2021-01", "2021-03")


def test_the_last_hour_before_the_first_month_is_the_work_of_utc(tmp_path):
    """Half past midnight on 1 April in British Summer Time is printed as 23:30 on 31 March."""
    assert months_of(tmp_path, "2021-03-31T23:00:00", "2021-04-10T10:00:00") == ("2021-04",)


def test_a_record_before_that_hour_makes_the_month_one_of_the_returns(tmp_path):
    dates = "2021-03-31T22:59:59", "2021-03-31T23:30:00", "2021-04-10T10:00:00"
    assert months_of(tmp_path, *dates) == ("2021-03", "2021-04")


def test_the_first_hour_after_the_last_month_is_not_one_of_its_months(tmp_path):
    assert months_of(tmp_path, "2021-03-10T10:00:00", "2021-04-01T00:59:59") == ("2021-03",)
    assert months_of(tmp_path, "2021-03-10T10:00:00", "2021-04-01T01:00:00") == ("2021-03", "2021-04")


def test_the_first_hour_of_the_first_month_is_a_record_of_that_month(tmp_path):
    dates = "2021-03-01T00:10:00", "2021-04-10T10:00:00"
    assert months_of(tmp_path, *dates) == ("2021-03", "2021-04")


def test_two_searches_around_midnight_are_of_the_month_that_had_begun(tmp_path):
    assert months_of(tmp_path, "2021-03-31T23:30:00", "2021-04-01T00:10:00") == ("2021-04",)


def test_a_single_search_just_before_midnight_is_of_the_month_that_is_printed(tmp_path):
    assert months_of(tmp_path, "2021-03-31T23:30:00") == ("2021-03",)


def test_records_by_month_have_no_edge(tmp_path):
    rows = [{**CRIME, "Month": m} for m in ("2021-04", "2021-03")]
    assert read([write(tmp_path / "a.csv", rows)]).key.months == ("2021-03", "2021-04")


def test_a_file_of_which_no_row_can_be_accepted_is_refused_even_if_its_month_is_known(tmp_path):
    """Taken as a month without a search it would stand in place of a good file."""
    path = write(tmp_path / MARCH, [stop("01/03/2021"), stop("02/03/2021")])
    for months in (None, (Month(2021, 3),)):
        with pytest.raises(DataError) as caught:
            read([path], months)
        assert str(caught.value) == (
            f"{path}: no row could be accepted of 2. The first is row 2, column 'Date': expected a date and time "
            "such as 2021-03-01T11:27:00+00:00, got text of the form '##/##/####'."
        )


def test_a_header_and_nothing_else_is_a_month_without_records_if_somebody_says_which(tmp_path):
    path = write(tmp_path / MARCH, [])
    assert read([path], (Month(2021, 3),)).records.num_rows == 0
    with pytest.raises(
        DataError, match=r"no row could be accepted of 0. The file has a header and nothing else"
    ):
        read([path])


def test_a_file_is_read_once_and_its_hash_is_of_the_bytes_that_were_read(tmp_path):
    path = write(tmp_path / "a.csv", stops(5))
    (source,), _ = find_sources([path])
    told = []
    with spooled(source, told.append) as file:
        before = path.read_bytes()
        path.write_bytes(b"something else")
        assert file.stream.read() == before
        assert sum(told) == file.bytes == len(before)
