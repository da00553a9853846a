"""A force over time: the chart worked out a second time in plain Python, breaks that nothing crosses, and changes."""

import math
import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from scipy import stats

from comparison_sample import CODES, counts_of, release_of
from openpeel.errors import UseError
from openpeel.figures.own_past import Rebase, change_between, period_value
from openpeel.figures.trend import headline_trends, month_trend
from openpeel.figures.withholding import SmallNumbers
from openpeel.figures.wording import change_sentence, trend_sentence
from openpeel.measures import find_measure
from openpeel.measures.measure import Count
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period

TWO_YEARS = Period(date(2019, 4, 1), date(2021, 3, 31))
MONTHS = tuple(str(m) for m in TWO_YEARS.months())
YEAR, BEFORE = Period.year_ending(date(2021, 3, 31)), Period.year_ending(date(2020, 3, 31))
LAST = Month(2021, 3)
KENT = find_force("kent")
COUNT, RATE, SHARE = (
    find_measure("searches"),
    find_measure("searches_per_1000"),
    find_measure("linked_outcome"),
)
OUTCOME = find_measure("outcome")


def steady(seed=1, around=200, months=MONTHS):
    draw = random.Random(seed)
    return {m: around + draw.randint(-12, 12) for m in months}


def made(measure, rows, held=MONTHS):
    """The release and the counts of Kent's rows by month."""
    release = release_of(measure, held, {c: () for c in CODES if c != KENT.code} | {KENT.code: held})
    return release, counts_of(measure, [(KENT.code, m, row) for m, row in rows.items()])[measure.standard]


def searches(numbers, held=MONTHS, measure=COUNT):
    return made(measure, {m: {measure.counted(None): n} for m, n in numbers.items()}, held)


def trend_of(numbers, held=MONTHS, measure=COUNT, **more):
    return month_trend(*searches(numbers, held, measure), measure, KENT, LAST, **more)


def by_hand(values):
    """Centre, limits, and which points lie outside or in a run of 8: None is a month that is left open."""
    present = [v for v in values if v is not None]
    steps = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    centre, reach = sum(present) / len(present), 2.6586807763582736 * sum(steps) / len(steps)
    outside = [v is not None and abs(v - centre) > reach for v in values]
    run = [False] * len(values)
    for start in range(len(values) - 7):
        eight = values[start : start + 8]
        if None not in eight and (all(v > centre for v in eight) or all(v < centre for v in eight)):
            run[start : start + 8] = [True] * 8
    return centre, centre - reach, centre + reach, outside, run


@pytest.mark.parametrize("seed", range(4))
def test_centre_limits_and_signals_are_those_worked_out_by_hand(seed):
    numbers = steady(seed)
    numbers["2020-09"] += 90
    for month in MONTHS[:9]:
        numbers[month] += 14
    found = trend_of(numbers)
    centre, lower, upper, outside, run = by_hand(list(numbers.values()))
    for i, month in enumerate(found.months):
        assert (month.month, month.value) == (MONTHS[i], numbers[MONTHS[i]])
        assert month.centre == pytest.approx(centre, rel=1e-12)
        assert (month.lower, month.upper) == (pytest.approx(lower, rel=1e-9), pytest.approx(upper, rel=1e-9))
        assert ("outside" in month.signals) == outside[i]
        assert ("run" in month.signals) == run[i]
    assert any(outside)


def test_a_missing_month_is_left_open_and_is_not_zero():
    numbers = steady()
    held = tuple(m for m in MONTHS if m != "2020-06")
    found = trend_of({m: n for m, n in numbers.items() if m != "2020-06"}, held)
    (gap,) = [m for m in found.months if m.value is None]
    assert (gap.month, gap.numerator, gap.open_because, gap.signals) == ("2020-06", None, "no return", ())
    values = [None if m == "2020-06" else n for m, n in numbers.items()]
    centre, lower, *_ = by_hand(values)
    assert found.months[0].centre == pytest.approx(centre, rel=1e-12)
    assert found.months[0].lower == pytest.approx(lower, rel=1e-9)
    assert "1 of them left open" in trend_sentence(found)


def test_records_of_a_month_without_a_return_are_not_shown():
    held = tuple(m for m in MONTHS if m != "2020-06")
    found = trend_of(steady(), held)
    assert [m.numerator for m in found.months if m.month == "2020-06"] == [None]


def test_the_months_begin_with_the_first_that_is_held():
    assert trend_of(steady(), MONTHS[5:]).months[0].month == MONTHS[5]
    assert trend_of(steady(), first=Month(2019, 12)).months[0].month == "2019-12"


def test_too_few_months_have_values_and_no_lines():
    found = trend_of(steady(), MONTHS[-11:])
    assert found.no_lines_because == "11 months have a value, and it takes 12, half of them after one another"
    assert {m.centre for m in found.months} == {None}
    assert found.signals == ()
    assert "no limits are drawn" in trend_sentence(found)


def test_a_release_without_the_force_is_refused():
    with pytest.raises(UseError, match="no return of Kent Police"):
        trend_of({}, ())


def test_what_is_counted_at_the_end_of_a_month_has_no_lines():
    measure = replace(COUNT, stock=True)
    found = trend_of(steady(), measure=measure)
    assert "not independent" in found.no_lines_because
    assert found.months[0].value is not None


def test_limits_reach_no_further_than_a_value_can():
    rows = {m: {SHARE.counted(None): 199 if i % 2 else 150, SHARE.base: 200} for i, m in enumerate(MONTHS)}
    found = month_trend(*made(SHARE, rows), SHARE, KENT, LAST, small=SmallNumbers(1)).months[0]
    assert by_hand([99.5 if i % 2 else 75.0 for i in range(24)])[2] > 100
    assert found.upper == 100
    assert found.lower == pytest.approx(by_hand([99.5 if i % 2 else 75.0 for i in range(24)])[1], rel=1e-9)
    few = {m: 90 if i % 2 else 10 for i, m in enumerate(MONTHS)}
    assert trend_of(few).months[0].lower == 0
    assert by_hand(list(few.values()))[1] < 0


def test_a_rebase_gives_each_part_its_own_lines():
    numbers = {m: n + (100 if i >= 12 else 0) for i, (m, n) in enumerate(steady().items())}
    assert trend_of(numbers).signals
    found = trend_of(numbers, rebases=[Rebase(Month(2020, 4), "a new rule")])
    first, second = list(numbers.values())[:12], list(numbers.values())[12:]
    assert found.months[0].centre == pytest.approx(by_hand(first)[0], rel=1e-12)
    assert found.months[-1].upper == pytest.approx(by_hand(second)[2], rel=1e-9)
    assert not [m for m in found.months if "run" in m.signals]


@pytest.mark.parametrize(
    ("rebase", "said"),
    [
        (Rebase(Month(2019, 4), "at the very start"), "expected a re-base after 2019-04"),
        (Rebase(Month(2021, 4), "after the end"), "expected a re-base after 2019-04 and up to 2021-03"),
        (Rebase(Month(2020, 4), " "), "expected a reason"),
        (
            Rebase(Month(2020, 5), "too late"),
            "expected 12 or more months with a value from the re-base at 2020-05",
        ),
    ],
)
def test_a_rebase_that_cannot_be_is_refused(rebase, said):
    with pytest.raises(UseError, match=said):
        trend_of(steady(), rebases=[rebase])


def test_two_rebases_in_one_month_are_refused():
    with pytest.raises(UseError, match="expected one re-base at 2020-04, got two"):
        trend_of(steady(), rebases=[Rebase(Month(2020, 4), "one"), Rebase(Month(2020, 4), "two")])


def test_no_trend_goes_across_a_change_in_the_rules_of_recording():
    changed = replace(COUNT, comparable_from=date(2020, 1, 15))
    with pytest.raises(
        UseError, match=r"changed on 2020-01-15: no trend goes across that, from 2019-06 to 2021-03"
    ):
        trend_of(steady(), measure=changed, first=Month(2019, 6))
    with pytest.raises(UseError, match="changed on 2020-01-15"):
        trend_of(steady(), measure=changed, first=Month(2020, 1))
    assert trend_of(steady(), measure=changed, first=Month(2020, 2)).note == ""
    found = trend_of(steady(), measure=changed)
    assert found.months[0].month == "2020-02"
    assert "before 2020-01-15 other rules" in found.note
    old = month_trend(*searches(steady(), measure=changed), changed, KENT, Month(2019, 12))
    assert (old.months[0].month, old.months[-1].month) == ("2019-04", "2019-12")
    with pytest.raises(UseError, match="no whole month"):
        month_trend(*searches(steady(), measure=changed), changed, KENT, Month(2020, 1))


def change(numbers, measure=COUNT, held=MONTHS, rebases=(), periods=(YEAR, BEFORE), rows=None):
    release, counts = searches(numbers, held, measure) if rows is None else made(measure, rows, held)
    now, then = (period_value(release, counts, measure, KENT, p) for p in periods)
    return change_between(measure, now, then, rebases)


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1.3, "rise"), (0.7, "fall"), (1.0, "no significant change")]
)
def test_a_rate_rose_where_clopper_and_pearson_leave_no_other_answer(factor, verdict):
    numbers = {m: int(n * (factor if i >= 12 else 1)) for i, (m, n) in enumerate(steady().items())}
    found = change(numbers, RATE)
    a, b = (sum(list(numbers.values())[part]) for part in (slice(12, 24), slice(12)))
    low, high = stats.beta.ppf(0.025, a, b + 1), stats.beta.ppf(0.975, a + 1, b)
    assert found.verdict == verdict
    assert found.change == pytest.approx(a / b, rel=1e-12)
    assert found.lower == pytest.approx(low / (1 - low), rel=1e-9)
    assert found.upper == pytest.approx(high / (1 - high), rel=1e-9)
    size = "" if verdict == "no significant change" else "a "
    assert f": {size}{verdict}, {a / b:.2f} times as much" in change_sentence(found, RATE.unit)


@pytest.mark.parametrize(("part", "verdict"), [(90, "rise"), (35, "fall"), (62, "no significant change")])
def test_a_share_is_compared_by_newcombes_interval_in_percentage_points(part, verdict):
    rows = {m: {SHARE.counted(None): part if i >= 12 else 60, SHARE.base: 200} for i, m in enumerate(MONTHS)}
    found = change({}, SHARE, rows=rows)
    z = 1.959963984540054

    def wilson(a, n):
        p = a / n
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)

    (p1, l1, u1), (p2, l2, u2) = wilson(12 * part, 2400), wilson(720, 2400)
    assert found.verdict == verdict
    assert found.change == pytest.approx(100 * (p1 - p2), rel=1e-9)
    assert found.lower == pytest.approx(100 * (p1 - p2 - math.hypot(p1 - l1, u2 - p2)), rel=1e-9)
    assert found.upper == pytest.approx(100 * (p1 - p2 + math.hypot(u1 - p1, p2 - l2)), rel=1e-9)
    assert "percentage points" in change_sentence(found, SHARE.unit)


def test_from_nothing_there_is_a_rise_without_a_ratio():
    found = change({m: 0 if i < 12 else 20 for i, m in enumerate(MONTHS)})
    assert (found.verdict, found.change, found.upper) == ("rise", None, None)
    assert change_sentence(found, "searches") == "From 0 in the year ending 31 March 2020 to 240: a rise."


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"held": MONTHS[1:]}, "the release holds 11 of 12 months of the year ending 31 March 2020"),
        (
            {"held": (*MONTHS[:20], *MONTHS[21:])},
            "the release holds 11 of 12 months of the year ending 31 March 2021",
        ),
        (
            {"measure": replace(COUNT, comparable_from=date(2020, 4, 1))},
            "from 1 April 2020 on (other rules of recording)",
        ),
        ({"measure": replace(COUNT, comparable_from=date(2019, 8, 1))}, "from 1 August 2019 on"),
        ({"rebases": (Rebase(Month(2020, 9), "a new system"),)}, "from 1 September 2020 on (a new system)"),
        ({"measure": replace(COUNT, stock=True)}, "is partly what was counted a year before"),
        (
            {"periods": (YEAR, Period(date(2019, 10, 1), date(2020, 3, 31)))},
            "the periods are of 12 and 6 months",
        ),
    ],
)
def test_periods_that_are_not_alike_are_not_compared_and_why_is_said(more, because):
    numbers = {m: n + (90 if i >= 12 else 0) for i, (m, n) in enumerate(steady().items())}
    found = change(numbers, **more)
    assert (found.verdict, found.measured, found.change, found.lower, found.upper) == (
        ("not assessed", None, None, None, None)
    )
    assert because in found.because
    assert because in change_sentence(found, COUNT.unit)


@pytest.mark.parametrize("day", [date(2019, 4, 1), date(2021, 4, 1)])
def test_a_change_of_rules_before_or_after_both_periods_stops_nothing(day):
    assert change(steady(), replace(COUNT, comparable_from=day)).verdict == "no significant change"


def test_periods_that_overlap_are_refused():
    with pytest.raises(UseError, match="expected a period that ends before 2020-04-01"):
        change(steady(), periods=(YEAR, Period(date(2019, 5, 1), date(2020, 4, 30))))


def outcome_rows(arrests, cautions, rest=60):
    rests = [rest] * 24 if isinstance(rest, int) else rest
    groups = {k: OUTCOME.counted(OUTCOME.group(k)) for k in ("arrest", "caution", "no_further_action")}
    return {
        m: {
            groups["arrest"]: arrests[i],
            groups["caution"]: cautions[i],
            groups["no_further_action"]: rests[i],
            OUTCOME.base: arrests[i] + cautions[i] + rests[i],
        }
        for i, m in enumerate(MONTHS)
    }


def months_of(rows, group, held=MONTHS, last=LAST, first=None):
    release, counts = made(OUTCOME, rows, held)
    return month_trend(release, counts, OUTCOME, KENT, last, group=OUTCOME.group(group), first=first).months


def test_a_small_month_is_withheld_and_so_is_one_more_that_hides_it():
    arrests, cautions = [20 + i % 5 for i in range(24)], [10 + i % 3 for i in range(24)]
    arrests[14] = 3
    found = months_of(outcome_rows(arrests, cautions), "arrest")
    hidden = [m for m in found if m.open_because == "withheld"]
    assert "2020-06" in [m.month for m in hidden]
    assert len(hidden) >= 2
    assert {(m.numerator, m.denominator, m.value, m.signals) for m in hidden} == {(None, None, None, ())}


@pytest.mark.parametrize("seed", range(5))
def test_no_withheld_month_can_be_worked_out_from_a_year_or_from_the_other_groups(seed):
    """In each month, and in each group over each year, the months withheld are enough for one another."""
    draw = random.Random(seed)
    cells = {
        "arrest": [draw.choice((3, 9, 25, 30, 41)) for _ in MONTHS],
        "caution": [draw.choice((0, 2, 8, 12, 15)) for _ in MONTHS],
        "no_further_action": [60] * 24,
    }
    rows = outcome_rows(cells["arrest"], cells["caution"])
    shown = {g: [m.value is not None for m in months_of(rows, g)] for g in cells}
    lines = [[(g, i) for g in cells] for i in range(24)]
    lines += [[(g, i) for i in range(s, s + 12)] for g in cells for s in range(13)]
    withheld_somewhere = False
    for line in lines:
        hidden = [cells[g][i] for g, i in line if not shown[g][i]]
        withheld_somewhere |= bool(hidden)
        if len(line) == 12:
            assert not hidden or (len(hidden) >= 2 and sum(hidden) >= 5 and sum(hidden) > len(hidden))
        else:
            assert len(hidden) != 1 or hidden == [0]
    assert withheld_somewhere
    assert all(not shown[g][i] for g in cells for i in range(24) if 0 < cells[g][i] < 5)


def test_no_month_is_shown_of_a_year_whose_own_figure_is_withheld():
    """Three arrests of a year are hidden by its thirty cautions, which their months would otherwise tell."""
    arrests = [3 if i == 14 else 0 for i in range(24)]
    cautions = [30 if i == 20 else 0 for i in range(24)]
    rows = outcome_rows(arrests, cautions, [6 if i == 14 else 60 for i in range(24)])
    release, counts = made(OUTCOME, rows)
    assert period_value(release, counts, OUTCOME, KENT, YEAR, OUTCOME.group("caution")).withheld
    found = months_of(rows, "caution")
    assert {m.open_because for m in found if m.month >= "2020-04"} == {"withheld"}


def test_another_span_shows_no_month_that_the_whole_one_withholds():
    draw = random.Random(3)
    rows = outcome_rows([draw.choice((3, 9, 25)) for _ in MONTHS], [draw.choice((2, 8, 12)) for _ in MONTHS])
    whole = {m.month: m.value for m in months_of(rows, "arrest")}
    for first in (Month(2019, 9), Month(2020, 5), Month(2021, 1)):
        for month in months_of(rows, "arrest", first=first):
            assert month.value == whole[month.month]


def test_a_trend_says_nothing_of_how_large_a_withheld_month_is():
    said = []
    for three in (3, 4, 1):
        arrests = [25] * 24
        arrests[14], arrests[15] = three, 9
        rests = [80 - three if i == 14 else 80 for i in range(24)]
        release, counts = made(OUTCOME, outcome_rows(arrests, [12] * 24, rests))
        found = month_trend(release, counts, OUTCOME, KENT, LAST, group=OUTCOME.group("arrest"))
        said.append([(m.month, m.value, m.centre, m.lower, m.signals) for m in found.months])
    assert said[0] == said[1] == said[2]


def test_a_change_of_a_withheld_number_is_not_assessed():
    rows = outcome_rows([25] * 24, [1 if i in (13, 17) else 0 for i in range(24)])
    release, counts = made(OUTCOME, rows)
    group = OUTCOME.group("caution")
    now, then = (period_value(release, counts, OUTCOME, KENT, p, group) for p in (YEAR, BEFORE))
    assert (now.withheld, now.numerator, now.value) == (True, None, None)
    found = change_between(OUTCOME, now, then)
    assert found.verdict == "not assessed"
    assert "small and is withheld" in found.because


def test_the_page_gets_the_trends_of_measures_that_are_compared_and_have_no_groups():
    release, counts = searches(steady(), measure=RATE)
    by_standard = {RATE.standard: counts}
    found = headline_trends(release, by_standard, [RATE, OUTCOME, COUNT], KENT, YEAR)
    assert list(found) == ["searches_per_1000"]
    assert found["searches_per_1000"].change.verdict == "no significant change"
    assert found["searches_per_1000"].months == month_trend(release, counts, RATE, KENT, LAST).months
    assert isinstance(COUNT, Count)
    few, counts = searches(steady(), MONTHS[-11:], RATE)
    assert headline_trends(few, {RATE.standard: counts}, [RATE], KENT, YEAR) == {}


def test_a_trend_as_data_is_plain_json():
    release, counts = searches(steady())
    found = month_trend(
        release, counts, COUNT, KENT, LAST, rebases=[Rebase(Month(2020, 4), "a new rule")]
    ).as_json()
    assert found["rebases"] == [{"month": "2020-04", "reason": "a new rule"}]
    assert found["months"][0]["signals"] == []
