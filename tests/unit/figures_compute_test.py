"""How figures are made from counts: estimates, comparison, coverage, duplicates, and what is withheld."""

import statistics
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from openpeel.errors import UseError
from openpeel.figures import Settings, compute_figures
from openpeel.lake import Lake, Release, Return, ReturnKey
from openpeel.measures import find_measure
from openpeel.measures.conditions import EVERY
from openpeel.measures.count import Counts, wanted_conditions
from openpeel.measures.powers import MEASURES
from openpeel.reference.forces import forces
from openpeel.reference.periods import Period
from openpeel.reference.populations import census_ethnicity, mid_year_population

YEAR = Period.year_ending(date(2021, 3, 31))
MONTHS = tuple(str(m) for m in YEAR.months())
HERTS = "E23000027"


def release(held, *, leave_out_duplicates=False):
    """A release that holds these months of each force; the records are in the counts."""
    returns = tuple(
        Return(ReturnKey("stop_search", f, (m,)), "hash", (), "part", "sha", 1, 1, 0, 0, False, ())
        for f, months in held.items()
        for m in months
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Release("r", "0123456789abcdef", at, leave_out_duplicates, returns, Lake(Path("nowhere")))


def counts(numbers):
    """Counts from {force: {condition: n}} or {(force, duplicate): …}, all dated April 2020; a rest of 0."""
    wanted = wanted_conditions(MEASURES)
    keys = [k if isinstance(k, tuple) else (k, False) for k in numbers]
    table = [[row.get(c, 0) for c in wanted] for row in numbers.values()]
    return {
        "stop_search": Counts(
            wanted,
            np.array([f for f, _ in keys]),
            np.array(["2020-04-01"] * len(keys), dtype="datetime64[D]"),
            np.array([d for _, d in keys], dtype=bool),
            np.array(table, dtype=np.int64),
        )
    }


def all_forces_search(**extra):
    """Every force has recorded: the first 1,000 searches, the next 1,010 and so on."""
    return {f.code: {EVERY: 1000 + 10 * i, **extra} for i, f in enumerate(forces())}


def figures(measure, numbers, *, held=None, settings=None, **frozen):
    held = held or {f.code: MONTHS for f in forces()}
    found = compute_figures(release(held, **frozen), counts(numbers), YEAR, [find_measure(measure)], settings)
    return {f.force if f.group is None else (f.force, f.group): f for f in found}


def test_a_rate_is_the_count_over_the_people_of_the_force_area():
    figure = figures("searches_per_1000", all_forces_search())[HERTS]
    people = mid_year_population(2020).by_force[HERTS]
    assert (figure.numerator, figure.denominator) == (1260, people)
    assert figure.value == 1000 * 1260 / people
    assert figure.lower < figure.value < figure.upper


def test_the_mean_of_forces_is_unweighted_and_the_deviation_that_of_a_sample():
    found = figures("searches_per_1000", all_forces_search())
    values = [found[f.code].value for f in forces() if f.name != "City of London"]
    compared = found[HERTS].comparison
    assert compared.mean == pytest.approx(statistics.fmean(values), rel=1e-12)
    assert compared.sd == pytest.approx(statistics.stdev(values), rel=1e-12)
    assert (compared.forces_counted, compared.forces_missing) == (42, ("City of London",))


def test_the_deviation_of_a_population_is_an_option():
    found = figures("searches_per_1000", all_forces_search(), settings=Settings(sd="population"))
    values = [found[f.code].value for f in forces() if f.name != "City of London"]
    assert found[HERTS].comparison.sd == pytest.approx(statistics.pstdev(values), rel=1e-12)


def test_a_verdict_is_given_beyond_one_standard_deviation():
    london = "E23000034"
    found = figures("searches_per_1000", all_forces_search())
    for f in forces():
        figure = found[f.code]
        away = (figure.value - figure.comparison.mean) / figure.comparison.sd
        expected = "above" if away > 1 else "below" if away < -1 else "in range"
        assert figure.comparison.verdict == (expected if f.code != london else "not assessed")
    verdicts = {found[f.code].comparison.verdict for f in forces()}
    assert verdicts == {"above", "below", "in range", "not assessed"}


def test_england_and_wales_is_the_total_of_the_forces_not_the_mean_of_their_values():
    found = figures("searches_per_1000", all_forces_search())
    total = sum(1000 + 10 * i for i in range(43))
    everybody = sum(mid_year_population(2020).by_force.values())
    assert found[HERTS].comparison.england_and_wales == pytest.approx(1000 * total / everybody, rel=1e-12)


def test_disproportionality_in_england_and_wales_is_that_of_all_searches_and_all_people():
    measure = find_measure("disproportionality")
    black = measure.group("black").condition
    white = measure.reference.condition
    numbers = {f.code: {EVERY: 900, white: 500 + i, black: 60 + 2 * i} for i, f in enumerate(forces())}
    for g in measure.groups:
        for row in numbers.values():
            row.setdefault(g.condition, 50)
    found = figures("disproportionality", numbers)[HERTS, "black"]
    people = census_ethnicity().by_force
    rate = {
        g: sum(n[c] for n in numbers.values()) / sum(people[f.code][g] for f in forces())
        for g, c in (("black", black), ("white", white))
    }
    assert found.comparison.england_and_wales == pytest.approx(rate["black"] / rate["white"], rel=1e-12)
    own = {g: numbers[HERTS][c] / people[HERTS][g] for g, c in (("black", black), ("white", white))}
    assert found.value == pytest.approx(own["black"] / own["white"], rel=1e-12)
    assert found.value == pytest.approx(found.numerator / found.denominator, rel=1e-12)


def test_a_force_that_sent_nothing_has_no_value_and_is_named_as_missing():
    held = {f.code: MONTHS for f in forces() if f.name != "Kent"}
    found = figures("searches_per_1000", all_forces_search(), held=held)
    kent = next(f for f in forces() if f.name == "Kent").code
    assert (found[kent].numerator, found[kent].value, found[kent].coverage.months_present) == (None, None, 0)
    assert found[HERTS].comparison.forces_missing == ("Kent", "City of London")
    assert found[HERTS].comparison.forces_counted == 41


def test_a_force_that_sent_returns_without_records_has_recorded_zero():
    numbers = all_forces_search()
    del numbers[HERTS]
    figure = figures("searches", numbers)[HERTS]
    assert (figure.numerator, figure.value) == (0, 0)


def test_a_force_with_eleven_months_is_not_assessed_and_says_which_month_is_missing():
    held = {f.code: MONTHS for f in forces()}
    held[HERTS] = MONTHS[:-1]
    figure = figures("searches_per_1000", all_forces_search(), held=held)[HERTS]
    assert figure.value is not None
    assert figure.comparison.verdict == "not assessed"
    assert "Hertfordshire" in figure.comparison.forces_missing
    assert (figure.coverage.months_present, figure.coverage.months_expected) == (11, 12)
    assert "No return for March 2021." in figure.coverage.note


def test_fewer_months_can_be_made_enough():
    held = {f.code: MONTHS for f in forces()}
    held[HERTS] = MONTHS[:-1]
    found = figures("searches_per_1000", all_forces_search(), held=held, settings=Settings(months=11))
    assert found[HERTS].comparison.verdict != "not assessed"


@pytest.mark.parametrize("months", [0, 13])
def test_a_year_has_neither_no_month_nor_thirteen(months):
    with pytest.raises(UseError, match="from 1 to 12 months"):
        figures("searches", all_forces_search(), settings=Settings(months=months))


def test_the_city_of_london_is_not_compared_by_residents_unless_asked_for():
    found = figures("searches_per_1000", all_forces_search())
    assert found["E23000034"].comparison.verdict == "not assessed"
    assert found["E23000034"].value is not None
    assert found[HERTS].comparison.forces_missing == ("City of London",)
    found = figures("searches_per_1000", all_forces_search(), settings=Settings(leave_out=()))
    assert found["E23000034"].comparison.verdict == "above"
    assert found[HERTS].comparison.forces_counted == 43


def test_another_force_can_be_kept_out_of_the_comparison():
    found = figures("searches_per_1000", all_forces_search(), settings=Settings(leave_out=(HERTS,)))
    assert found[HERTS].comparison.verdict == "not assessed"
    assert found[HERTS].comparison.forces_missing == ("Hertfordshire",)


def test_too_few_forces_are_not_compared():
    nine = [f.code for f in forces()][18:27]
    found = figures("searches_per_1000", all_forces_search(), held=dict.fromkeys(nine, MONTHS))
    compared = found[nine[0]].comparison
    assert (compared.mean, compared.sd, compared.england_and_wales, compared.verdict) == (
        None,
        None,
        None,
        "not assessed",
    )
    assert compared.forces_counted == 9


def test_british_transport_police_is_kept_out_of_england_and_wales():
    held = {"BTP": MONTHS, **{f.code: MONTHS for f in forces()}}
    found = figures("searches", {"BTP": {EVERY: 50_000}, **all_forces_search()}, held=held)
    assert found["BTP"].value == 50_000
    assert found["BTP"].comparison.verdict == "not assessed"
    assert found[HERTS].comparison.england_and_wales == sum(1000 + 10 * i for i in range(43))


def test_a_bare_count_is_not_compared_because_it_grows_with_the_force():
    assert figures("searches", all_forces_search())[HERTS].comparison.verdict == "not assessed"


def test_a_share_of_nothing_has_no_value():
    figure = figures("linked_outcome", all_forces_search())[HERTS]
    assert (figure.numerator, figure.denominator, figure.value, figure.lower) == (0, 0, None, None)
    assert figure.comparison.verdict == "not assessed"


def test_what_is_not_known_is_told_with_the_share():
    measure = find_measure("linked_outcome")
    numbers = all_forces_search()
    numbers[HERTS] = {EVERY: 1000, measure.base: 250, measure.counted(None): 100}
    figure = figures("linked_outcome", numbers)[HERTS]
    assert figure.value == 40.0
    assert "Not known for 750 of 1,000 records (75.0%)." in figure.coverage.note


def test_exact_duplicates_are_counted_and_their_effect_is_told():
    numbers = {**all_forces_search(), (HERTS, True): {EVERY: 40}}
    figure = figures("searches", numbers)[HERTS]
    assert figure.value == 1300
    assert "counts 40 exact duplicates; without duplicates the value is 1,260" in figure.coverage.note


def test_exact_duplicates_are_left_out_where_the_release_says_so():
    numbers = {**all_forces_search(), (HERTS, True): {EVERY: 40}}
    figure = figures("searches", numbers, leave_out_duplicates=True)[HERTS]
    assert figure.value == 1260
    assert (
        "40 exact duplicates are left out of the numerator; with them the value is 1,300"
        in figure.coverage.note
    )


def outcomes(**numbers):
    measure = find_measure("outcome")
    return {EVERY: sum(numbers.values()), **{measure.group(k).condition: n for k, n in numbers.items()}}


def test_a_small_number_is_withheld_and_cannot_be_found_by_subtraction():
    found = figures("outcome", {HERTS: outcomes(arrest=3, caution=20, no_further_action=900)})
    hidden = {g for (f, g), figure in found.items() if f == HERTS and figure.method == "withheld"}
    assert hidden == {"arrest", "caution"}, "one hidden cell alone is the total less the rest"
    figure = found[HERTS, "arrest"]
    assert (figure.numerator, figure.denominator, figure.value, figure.lower, figure.upper) == (None,) * 5
    assert "3" not in figure.coverage.note.replace("count below 5", "")


def test_the_id_of_a_withheld_figure_does_not_give_the_number_away():
    three = figures("outcome", {HERTS: outcomes(arrest=3, caution=20, no_further_action=900)})
    four = figures("outcome", {HERTS: outcomes(arrest=4, caution=19, no_further_action=900)})
    assert three[HERTS, "arrest"].id == four[HERTS, "arrest"].id


def test_zero_is_shown():
    found = figures("outcome", {HERTS: outcomes(arrest=30, no_further_action=900)})
    assert found[HERTS, "caution"].value == 0


def test_where_the_reference_group_is_small_no_ratio_is_shown():
    measure = find_measure("disproportionality")
    row = {EVERY: 200, measure.reference.condition: 3, **{g.condition: 30 for g in measure.groups}}
    found = figures("disproportionality", {HERTS: row})
    assert {f.method for (force, _), f in found.items() if force == HERTS} == {"withheld"}


def test_the_id_changes_with_the_number_the_release_and_the_period():
    one = figures("searches", all_forces_search())[HERTS].id
    numbers = all_forces_search()
    numbers[HERTS] = {EVERY: 1261}
    other = figures("searches", numbers)[HERTS].id
    assert one.rpartition(".")[0] == other.rpartition(".")[0]
    assert one != other
