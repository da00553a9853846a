"""Many times of exactly midnight mean that the time was not recorded."""

from intake_sample import batch, stop
from openpeel.intake.checks.midnight import check


def times(at_midnight, later):
    midnight = [stop(f"2021-03-{i + 1:02}T00:00:00") for i in range(at_midnight)]
    return midnight + [stop(f"2021-03-{i + 1:02}T00:00:01") for i in range(later)]


def test_a_tenth_of_the_rows_is_too_many():
    (defect,) = check(batch(times(2, 18)), share=0.1, rows=20)
    assert (defect.check, defect.rows) == ("midnight", 2)
    assert defect.message == (
        "2 of 20 rows (10%) are timed at exactly midnight: the time was probably not recorded"
    )


def test_fewer_than_a_tenth_happened_at_midnight():
    assert check(batch(times(1, 19)), share=0.1, rows=20) == []


def test_a_small_return_is_not_asked_about():
    assert check(batch(times(19, 0)), share=0.1, rows=20) == []
