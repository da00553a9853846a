"""A crime id should stand in one record; antisocial behaviour has none, and is not compared."""

import pyarrow as pa

from intake_sample import CRIME, batch
from openpeel.intake.checks import Batch
from openpeel.intake.checks.same_key_twice import check
from openpeel.intake.coding import schema
from openpeel.standards import load_standard


def crimes(*ids):
    return [{**CRIME, "Crime ID": i, "LSOA code": f"E{n}"} for n, i in enumerate(ids)]


def test_each_record_beyond_the_first_of_a_key_is_counted():
    (defect,) = check(batch(crimes("a", "b", "a", "a", "c")))
    assert (defect.check, defect.rows) == ("same_key_twice", 2)
    assert defect.message == "2 of 5 rows (40%) have the Crime ID of an earlier row"


def test_a_single_one_is_spoken_of_as_one():
    assert check(batch(crimes("a", "a")))[0].message == "1 of 2 rows (50%) has the Crime ID of an earlier row"


def test_records_without_a_key_are_not_compared():
    assert check(batch(crimes("", "", " ", "a", "b"))) == []
    assert check(batch(crimes("", ""))) == []


def test_the_id_is_not_told():
    assert "a1b2c3" not in check(batch(crimes("a1b2c3", "a1b2c3")))[0].message


def test_a_return_without_records_has_no_key_twice():
    for name in ("policy_acknowledgement", "change", "training"):
        standard = load_standard(name)
        records = pa.table({f.name: pa.array([], f.type) for f in schema(standard)})
        one = Batch(standard, "E23000027", ("2021-03",), records, 0, {}, {})
        assert check(one) == []
