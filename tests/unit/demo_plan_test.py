"""What a plan of the demonstration says is drawn, planted to the number, and held to its standard."""

import numpy as np
import pytest

from openpeel.demo.draws import Draws
from openpeel.demo.handing_in import IN_RECORDS, hand_in
from openpeel.demo.inventing import invent
from openpeel.demo.plan import plans, read_plan
from openpeel.demo.volumes import kinds_of_tally, records_a_month, times_of_records
from openpeel.reference.forces import find_force
from openpeel.reference.populations import census_ethnicity
from openpeel.standards import standard_ids

HERTFORDSHIRE, KENT = find_force("hertfordshire"), find_force("kent")

PLAN = """
from = "2023-01"
to = "2023-12"
a_year = 1.0
spread = 0.2
handed_in = "tallies"
kinds_a_day = 3
weekdays = [1, 1, 1, 1, 1, 0, 0]
[columns.bail_reference]
reference = "B"
[columns.person_reference]
reference = "P"
among = 0.5
[columns.status]
weights = { bail = 0.6, rui = 0.4 }
tilt = 0.2
[columns.conditions]
given = "status"
weights.bail = { true = 0.7, false = 0.2, blank = 0.1 }
weights.otherwise = { blank = 1 }
[columns.bail_date]
after = "began_on"
given = "status"
days.bail = [28, 28, 90]
days.otherwise = []
[[planted]]
from = "2023-01"
to = "2023-12"
records = 1200
[[planted]]
from = "2023-04"
to = "2023-06"
column = "status"
is = "rui"
count = 17
[[planted]]
from = "2023-04"
to = "2023-06"
where = { status = "bail" }
column = "conditions"
is = "blank"
count = 5
"""


@pytest.fixture(scope="module")
def drawn():
    plan = read_plan("bail", PLAN)
    when = times_of_records(plan, records_a_month(plan, HERTFORDSHIRE, 1, 1.0), Draws(1, "t"))
    return when, invent(plan, HERTFORDSHIRE, 1, when, references=True)


def quarter(when):
    months = when.astype("datetime64[M]")
    return (months >= np.datetime64("2023-04")) & (months <= np.datetime64("2023-06"))


def test_as_many_records_as_are_planted_and_none_on_days_without_weight(drawn):
    when, _ = drawn
    assert len(when) == 1200
    assert (np.sort(when) == when).all()
    weekdays = (when.astype("datetime64[D]").astype(int) + 3) % 7
    assert set(weekdays.tolist()) == {0, 1, 2, 3, 4}


def test_planted_values_are_there_to_the_number_also_where_others_lean_on_them(drawn):
    when, columns = drawn
    rui = columns["status"].is_value("rui")
    assert (rui & quarter(when)).sum() == 17
    blank = columns["conditions"].is_value(None)
    assert (blank & ~rui & quarter(when)).sum() == 5
    assert blank[rui].all()
    assert 0.3 < rui[~quarter(when)].mean() < 0.5


def test_a_time_lies_where_it_may_and_is_blank_where_it_must(drawn):
    when, columns = drawn
    later = (columns["bail_date"] - when).astype("timedelta64[D]")
    bailed = columns["status"].is_value("bail")
    assert np.isnat(later[~bailed]).all()
    days = later[bailed].astype(int)
    assert (days.min(), days.max() <= 90) == (28, True)
    assert 0.4 < (days == 28).mean() < 0.6  # half of the quantiles


def test_a_reference_is_of_one_record_or_of_some(drawn):
    _, columns = drawn
    assert len(set(columns["bail_reference"].tolist())) == 1200
    assert 400 < len(set(columns["person_reference"].tolist())) <= 600


def test_a_tally_stands_for_as_many_records_and_has_a_few_rows_a_day():
    plan = read_plan("bail", PLAN)
    counts = records_a_month(plan, KENT, 1, 1.0)
    when, numbers = kinds_of_tally(plan, counts, Draws(1, "t"))
    assert numbers.sum() == sum(counts)
    assert numbers.min() >= 1
    by_month = [numbers[when.astype("datetime64[M]") == np.datetime64(str(m))].sum() for m in plan.months]
    assert by_month == counts
    _, a_day = np.unique(when.astype("datetime64[D]"), return_counts=True)
    assert a_day.max() == 3


def test_forces_differ_and_the_scale_multiplies():
    plan = read_plan("bail", PLAN)
    one, ten = (sum(records_a_month(plan, KENT, 1, s)) for s in (1.0, 10.0))
    assert ten == pytest.approx(10 * one, rel=0.01)
    assert sum(records_a_month(plan, KENT, 2, 1.0)) != one
    assert sum(records_a_month(plan, HERTFORDSHIRE, 1, 0.5)) == 600


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bail = 0.6", "bailed = 0.6", "'bailed' is not in its code list"),
        ("weights.bail = ", "weights.bailed = ", "'bailed' is nothing it can be given"),
        ('given = "status"', 'given = "conditions"', "it is given conditions, which is no choice"),
        ("[columns.conditions]", "[columns.condition]", "the standard has no such column"),
        ("[28, 28, 90]", "[28, 90, 28]", "two points or more from smallest to largest"),
        ("weights.otherwise = { blank = 1 }", "", "nothing is said for 'rui'"),
        ("rui = 0.4", "blank = 0.4", "it must not be blank"),
        ("spread", "sprad", "'sprad' means nothing here"),
        ("[columns.status]\nweights", "[columns._status]\nweights", "is no choice that is drawn before it"),
        ("kinds_a_day = 3\nweekdays = [1,", "kinds_a_day = 3\nweekdays = [1, 1,", "expected 7 weights"),
    ],
)
def test_what_breaks_a_rule_is_named(old, new, said):
    with pytest.raises(ValueError, match=said):
        read_plan("bail", PLAN.replace(old, new, 1))


def test_more_than_there_is_cannot_be_planted():
    plan = read_plan("bail", PLAN.replace("count = 5", "count = 5000"))
    when = times_of_records(plan, records_a_month(plan, HERTFORDSHIRE, 1, 1.0), Draws(1, "t"))
    with pytest.raises(ValueError, match="is planted 5000 times"):
        invent(plan, HERTFORDSHIRE, 1, when, references=True)


def test_every_standard_that_a_measure_counts_has_its_plan():
    # Street crime and outcomes are what the publisher makes of crime records; no measure counts them.
    assert {p.standard.id for p in plans()} == set(standard_ids()) - {"crime", "outcome"}


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.standard.id)
def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path, plan):
    made = []
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        files = list(hand_in(plan, find_force(IN_RECORDS[1]), tmp_path / name, seed=seed, scale=0.1))
        made.append([f.path.read_bytes() for f in files])
    assert made[0] == made[1] != made[2]


def test_planted_numbers_grow_with_the_scale():
    plan = read_plan("bail", PLAN)
    when = times_of_records(plan, records_a_month(plan, HERTFORDSHIRE, 1, 2.0), Draws(1, "t"))
    columns = invent(plan, HERTFORDSHIRE, 1, when, references=True, scale=2.0)
    assert len(when) == 2400
    assert (columns["status"].is_value("rui") & quarter(when)).sum() == 34


SEARCHES = """
from = "2023-01"
to = "2023-12"
a_year = 20.0
[columns.type]
weights = { person = 1 }
[columns.latitude]
quantiles = [51, 54]
decimals = 1
in_records = true
[columns._group]
residents = true
weights = { white = 1, black = 4, asian = 1, mixed = 1, other = 1 }
"""


def test_groups_are_drawn_for_the_residents_of_the_force_and_places_for_records_alone():
    plan = read_plan("stop_search", SEARCHES)
    when = times_of_records(plan, records_a_month(plan, KENT, 1, 1.0), Draws(1, "t"))
    columns = invent(plan, KENT, 1, when, references=True)
    people = census_ethnicity().by_force[KENT.code]
    black, white = (columns["_group"].is_value(g).sum() / people[g] for g in ("black", "white"))
    assert black / white == pytest.approx(4, rel=0.1)
    assert set(np.round(columns["latitude"] * 10 % 1, 6)) <= {0.0, 1.0}
    assert "latitude" not in invent(plan, KENT, 1, when, references=False)
