"""A column that is blank in most rows would mislead about the rest."""

from dataclasses import replace

import pyarrow as pa

from intake_sample import batch, stop, stops
from openpeel.intake.checks.blank_column import check


def test_each_column_that_is_half_blank_is_named():
    rows = [stop(outcome_linked="", object_of_search="")] * 10 + [stop(outcome_linked="")] * 2 + stops(8)
    first, second = check(
        batch(rows), columns=("outcome_linked", "object_of_search", "outcome"), share=0.5, rows=20
    )
    assert (first.check, first.rows) == ("blank_column", 12)
    assert first.message == "'Outcome linked to object of search' is blank in 12 of 20 rows (60%)"
    assert second.message == "'Object of search' is blank in 10 of 20 rows (50%)"


def test_no_is_not_a_blank_and_an_unknown_label_is_not_one():
    rows = [stop(outcome_linked="False", outcome="Let off")] * 20
    assert check(batch(rows), columns=("outcome_linked", "outcome"), share=0.5, rows=20) == []


def test_a_space_is_a_blank():
    rows = [stop(operation_name=" ")] * 20
    assert check(batch(rows), columns=("operation_name",), share=0.5, rows=20)[0].rows == 20


def test_fewer_rows_than_are_needed_say_nothing():
    assert check(batch([stop(outcome="")] * 19), columns=("outcome",), share=0.5, rows=20) == []


def test_a_tally_is_not_asked_for_texts_such_as_references():
    rows = [stop(object_of_search="", operation_name="")] * 20
    one = batch(rows)
    tallied = replace(
        one,
        records=one.records.set_column(
            one.records.column_names.index("tally"), "tally", pa.array([3] * 20, pa.int32())
        ),
    )
    columns = ("object_of_search", "operation_name")
    assert len(check(one, columns=columns, share=0.5, rows=20)) == 2
    (defect,) = check(tallied, columns=columns, share=0.5, rows=20)
    assert "Object of search" in defect.message
