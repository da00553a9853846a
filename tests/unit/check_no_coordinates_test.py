"""A return in which (nearly) no record has a place cannot be mapped."""

from dataclasses import replace

import pyarrow as pa

from intake_sample import batch, stop, stops
from openpeel.intake.checks.no_coordinates import check


def places(without, having):
    return [stop(latitude="", longitude="")] * without + stops(having)


def test_a_return_without_places_is_pointed_out():
    (defect,) = check(batch(places(20, 0)), share=0.95, rows=20)
    assert (defect.check, defect.rows) == ("no_coordinates", 20)
    assert defect.message == "20 of 20 rows (100%) have no coordinates"


def test_half_a_place_is_none():
    (defect,) = check(batch([stop(latitude="")] * 10 + [stop(longitude="")] * 10), share=0.95, rows=20)
    assert defect.rows == 20


def test_a_place_at_zero_is_a_place():
    assert check(batch([stop(latitude="0", longitude="0")] * 20), share=0.95, rows=20) == []


def test_some_records_without_a_place_are_usual():
    assert check(batch(places(18, 2)), share=0.95, rows=20) == []
    assert check(batch(places(19, 0)), share=0.95, rows=20) == []


def test_a_tally_has_no_places():
    one = batch(places(20, 0))
    at = one.records.column_names.index("tally")
    tallied = one.records.set_column(at, "tally", pa.array([3] * 20, pa.int32()))
    assert check(replace(one, records=tallied), share=0.95, rows=20) == []
