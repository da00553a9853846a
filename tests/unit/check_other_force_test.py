"""A record that another force reported is pointed out and stays."""

from intake_sample import CRIME, batch
from openpeel.intake.checks.other_force import check


def reported_by(*names):
    return batch([{**CRIME, "Reported by": name} for name in names])


def test_records_of_another_force_are_counted():
    own = ["Hertfordshire Constabulary"] * 2
    (defect,) = check(reported_by(*own, "Essex Police", "Ruritania Police"))
    assert (defect.check, defect.rows) == ("other_force", 2)
    assert defect.message == ("2 of 4 rows (50%) name another force, or none that is known, in 'Reported by'")


def test_a_single_one_is_spoken_of_as_one():
    assert check(reported_by("Essex Police"))[0].message.startswith("1 of 1 rows (100%) names another force")


def test_the_own_force_may_be_written_in_any_way_and_a_blank_says_nothing():
    assert check(reported_by("Hertfordshire Constabulary", "HERTFORDSHIRE", "Hertfordshire", "")) == []
