"""A row may stand for many records: counted through a release, a tally and its records are the same."""

from datetime import UTC, datetime
from itertools import product

import numpy as np
import pyarrow.parquet as pq
import pytest

from intake_sample import MARCH, STOP, stop, write
from openpeel.intake.load import load
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import MEASURES
from openpeel.measures.count import count_release
from openpeel.standards import load_standard
from workbook_sample import save, xlsx

NUMBER = "Number of records"


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake", create=True)


def kinds():
    """Searches that differ in what measures ask about, each with how many there are of it."""
    for i, (outcome, ethnicity, linked) in enumerate(
        product(
            ("Arrest", "A no further action disposal"),
            ("White - Irish", "Asian/Asian British - Indian", ""),
            ("True", ""),
        )
    ):
        yield stop(self_defined_ethnicity=ethnicity, outcome=outcome, outcome_linked=linked), i * 7 % 5


def tally(rows, header=(*STOP, NUMBER)):
    return [{**row, NUMBER: str(number)} for row, number in rows]


def counts(root, path):
    opened = Lake.open(root, create=True)
    (item,) = load(opened, [path]).loaded
    release, _ = create_release(opened, "spring", at=datetime(2021, 5, 1, tzinfo=UTC))
    with open_engine("duckdb") as engine:
        return item.found, count_release(
            release, [m for m in MEASURES if m.standard == "stop_search"], engine
        )


@pytest.mark.parametrize("shape", ["csv", "xlsx"])
def test_a_tally_and_the_same_as_records_give_the_same_counts(tmp_path, shape):
    rows = list(kinds())
    tallied = write(tmp_path / "1" / MARCH, tally(rows))
    if shape == "xlsx":
        cells = [[*STOP, NUMBER], *([*row.values(), number] for row, number in rows)]
        tallied = save(tmp_path / "1" / MARCH.replace(".csv", ".xlsx"), xlsx({"Records": cells}))
    as_records = write(tmp_path / "2" / MARCH, [row for row, number in rows for _ in range(number)])
    one, by_tally = counts(tmp_path / "lake1", tallied)
    other, by_record = counts(tmp_path / "lake2", as_records)
    assert (one.tallied, other.tallied) == (True, False)
    assert one.counts == other.counts == (sum(number for _, number in rows),)
    a, b = by_tally["stop_search"], by_record["stop_search"]
    assert a.conditions == b.conditions
    # Records that are alike are flagged as duplicates and tallies are not, so the two are compared in all.
    assert a.table.sum(axis=0).tolist() == b.table.sum(axis=0).tolist()
    assert np.unique(a.month).tolist() == np.unique(b.month).tolist()
    assert a.table.sum() > 0


def records(lake, found):
    return pq.read_table(lake.part_path("stop_search", found.part))


def test_a_blank_is_one_record_and_a_correction_takes_records_away(lake, tmp_path):
    rows = tally(
        [(stop(gender="Male"), 5), (stop(gender="Female"), ""), (stop(gender="Other"), -2), (stop(), 0)]
    )
    (item,) = load(lake, [write(tmp_path / MARCH, rows)]).loaded
    assert records(lake, item.found)["tally"].to_pylist() == [5, 1, -2, 0]
    assert item.found.counts == (4,)
    assert item.found.tallied
    assert "tally_negative" in [d.check for d in item.found.defects]


def test_rows_of_one_record_each_are_no_tally_also_where_they_say_so(lake, tmp_path):
    (item,) = load(lake, [write(tmp_path / MARCH, tally([(stop(), 1), (stop(), "")]))]).loaded
    assert not item.found.tallied


def test_a_tally_that_stands_there_twice_is_flagged_and_one_with_another_number_is_not(lake, tmp_path):
    rows = tally([(stop(), 5), (stop(), 5), (stop(), 6)])
    (item,) = load(lake, [write(tmp_path / MARCH, rows)]).loaded
    assert records(lake, item.found)["duplicate"].to_pylist() == [False, True, False]
    assert item.found.duplicates == 1


@pytest.mark.parametrize(
    ("number", "got"),
    [
        ("1.5", "text of the form '#.#'"),
        ("five", "text of 4 characters"),
        ("9999999999", "text of the form '##########'"),
        ("nan", "text of 3 characters"),
    ],
)
def test_a_number_of_records_that_is_none_rejects_its_row(lake, tmp_path, number, got):
    (item,) = load(lake, [write(tmp_path / MARCH, tally([(stop(), 5), (stop(), number)]))]).loaded
    assert (item.found.accepted, item.found.rejected) == (1, 1)
    said = lake.rejected_path(item.found.id).read_text()
    assert f'3,{NUMBER},"a whole number from -999,999,999 to 999,999,999",{got}' in said


def test_thousands_may_be_set_apart(lake, tmp_path):
    (item,) = load(lake, [write(tmp_path / MARCH, tally([(stop(), "1,204"), (stop(), "12.0")]))]).loaded
    assert records(lake, item.found)["tally"].to_pylist() == [1204, 12]


def test_a_table_of_a_few_columns_is_read_where_it_can_be_that_of_one_standard_alone(lake, tmp_path):
    header = ["Call offered at", "Line", "How the call ended", NUMBER]
    rows = [["2021-03-01 00:00", "999", "Answered", "1204"], ["2021-03-01 00:00", "101", "Answered", "2310"]]
    (item,) = load(lake, [write(tmp_path / "2021-03-kent-calls.csv", rows, header)]).loaded
    assert (item.found.key.standard, item.found.counts) == ("call", (3514,))
    (defect,) = [d for d in item.found.defects if d.check == "left_out_column"]
    assert defect.message.startswith(f"{len(load_standard('call').columns) - 3} columns are not in the file")


def test_nobody_is_told_that_tallies_are_timed_at_midnight(lake, tmp_path):
    rows = tally([(stop("2021-03-01T00:00:00", latitude=f"51.{i}"), 5) for i in range(30)])
    (item,) = load(lake, [write(tmp_path / MARCH, rows)]).loaded
    assert "midnight" not in [d.check for d in item.found.defects]
