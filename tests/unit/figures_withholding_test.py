"""What is withheld over all measures on one kind of record, by which settings, and for months."""

import numpy as np
import pytest

from measure_sample import YEAR, figures_of, release_of
from openpeel.errors import UseError
from openpeel.figures import Settings, SmallNumbers
from openpeel.figures.identity import parse_figure_id
from openpeel.figures.subtraction import Overlaps
from openpeel.figures.withholding import withheld_months
from openpeel.lake import open_engine
from openpeel.measures import MEASURES, find_measure
from openpeel.measures.conditions import EVERY, AtLeast, AtMost, Blank, Filled, In, NotTrue, both
from openpeel.measures.count import count_release
from openpeel.measures.measure import sum_of
from openpeel.standards import load_standard


def test_a_measure_is_of_people_where_its_records_hold_anything_personal_and_it_is_not_of_money():
    assert find_measure("detentions_136").of_people
    assert not find_measure("funding").of_people
    assert not find_measure("collaborations").of_people
    assert not find_measure("plan_costs").of_people
    assert not find_measure("self_defined_ethnicity_missing").of_people


def detentions(*rows, force="hertfordshire"):
    """Tallies of so many detentions, each with or without advice sought first, or with nothing said of it."""
    names = {"advice": "advice_sought"}
    return {
        ("detention_136", force): [
            {
                "detained_at": "2024-03-01T10:15:00+00:00",
                "tally": n,
                **{names.get(k, k): v for k, v in row.items()},
            }
            for n, row in rows
        ]
    }


def detained(tmp_path, *rows, small=None, measures=("detentions_136", "detention_136_advice_sought")):
    release = release_of(tmp_path, detentions(*rows))
    return figures_of(release, *measures, settings=Settings(small=small or SmallNumbers()))


def test_a_small_count_of_a_whole_force_is_withheld_and_one_of_five_is_not(tmp_path):
    assert detained(tmp_path / "3", (3, {}))["detentions_136"].method == "withheld"
    assert detained(tmp_path / "5", (5, {}))["detentions_136"].value == 5
    assert detained(tmp_path / "all", (3, {}), small=SmallNumbers(smallest=1))["detentions_136"].value == 3


def test_a_share_is_withheld_where_few_are_counted_or_few_are_left_over(tmp_path):
    for n, (yes, no) in enumerate([(3, 60), (60, 3), (0, 3), (1, 1)]):
        rows = [(k, {"advice": v}) for k, v in ((yes, True), (no, False)) if k]
        assert detained(tmp_path / str(n), *rows)["detention_136_advice_sought"].value is None, (yes, no)
    shown = detained(tmp_path / "shown", (6, {"advice": True}), (60, {"advice": False}))
    assert shown["detention_136_advice_sought"].numerator == 6
    whole = detained(tmp_path / "whole", (60, {"advice": True}))
    assert whole["detention_136_advice_sought"].value == 100


def test_what_is_withheld_does_not_depend_on_which_measures_were_asked_for(tmp_path):
    rows = ((3, {"advice": True}), (60, {"advice": False}), (7, {}))
    release = release_of(tmp_path, detentions(*rows))
    every = [m.id for m in MEASURES if m.standard == "detention_136"]
    together = figures_of(release, *every, settings=Settings())
    for measure in every:
        for key, figure in figures_of(release, measure, settings=Settings()).items():
            assert together[key].id == figure.id


@pytest.mark.parametrize(
    ("small", "label"),
    [
        (SmallNumbers(), ""),
        (SmallNumbers(10), "smallest10"),
        (SmallNumbers(round_to=5), "round5"),
        (SmallNumbers(3, 10), "smallest3-round10"),
    ],
)
def test_the_id_says_what_was_done_with_small_numbers(tmp_path, small, label):
    figure = detained(tmp_path, (62, {}), small=small)["detentions_136"]
    assert figure.id.rpartition(".")[2].partition("-")[2] == label
    assert parse_figure_id(figure.id).small == small


@pytest.mark.parametrize(
    "label", ["-", "-round", "-round1", "-round05", "-smallest5", "-large3", "-round5-round5"]
)
def test_an_id_with_another_ending_is_none(label):
    with pytest.raises(UseError, match="not the id of a figure"):
        parse_figure_id(f"searches.hertfordshire.2020-04.2021-03.all.5f0c2a9b.71e3d0c42a{label}")


def test_every_number_is_worked_out_from_rounded_counts_where_counts_are_rounded(tmp_path):
    rows = ((63, {"advice": True}), (19, {"advice": False}), (4, {}))
    found = detained(tmp_path, *rows, small=SmallNumbers(round_to=5))
    share = found["detention_136_advice_sought"]
    assert found["detentions_136"].value == 85
    assert (share.numerator, share.denominator) == (65, 80)
    assert share.value == 100 * 65 / 80
    assert "rounded to the nearest 5" in share.coverage.note
    assert "63" not in str(share.as_json())


@pytest.mark.parametrize(("smallest", "round_to"), [(0, None), (5, 1)])
def test_a_setting_that_cannot_be_is_refused(smallest, round_to):
    with pytest.raises(UseError, match="expected"):
        SmallNumbers(smallest, round_to)


def test_the_months_of_a_share_and_those_of_its_rest_are_withheld_together(tmp_path):
    rng = np.random.default_rng(1)
    measure = find_measure("detention_136_advice_sought")
    rows, yes, no = [], rng.integers(0, 30, 12), rng.integers(0, 30, 12)
    yes[3] = 2
    for month, (a, b) in zip(YEAR.months(), zip(yes, no, strict=True), strict=True):
        rows += [
            {"detained_at": f"{month}-01T10:15:00+00:00", "tally": int(n), "advice_sought": v}
            for n, v in ((a, True), (b, False))
            if n
        ]
    release = release_of(tmp_path, {("detention_136", "hertfordshire"): rows})
    with open_engine("duckdb") as engine:
        counts = count_release(release, [measure], engine)["detention_136"]
    hidden = withheld_months(measure, counts, YEAR.months(), ("E23000027",), SmallNumbers())[0]
    for numbers in (yes, no):
        assert hidden[(numbers > 0) & (numbers < 5)].all()
        assert numbers[hidden].sum() >= 5
    assert hidden.sum() >= 2
    assert not hidden.all()


def test_what_is_worked_out_is_found_by_listing_every_kind_of_record():
    """The overlaps are compared with the plain way, on three columns whose kinds of record can be listed."""
    standard = load_standard("detention_136")
    advice, yes, no = "advice_sought", In("advice_sought", (True,)), In("advice_sought", (False,))
    known = Filled(advice)
    told = [sum_of(EVERY), sum_of(Blank(advice)), sum_of(no)]
    wanted = [sum_of(yes), sum_of(known), sum_of(NotTrue(advice)), sum_of(both(yes, Blank("gender")))]
    overlaps = Overlaps([(0, v) for v in (*told, *wanted)], standard)
    found, taken = overlaps.worked_out([3, 4, 5, 6], [0, 1, 2])
    assert found.tolist() == [True, True, True, False]
    assert (np.abs(taken[0]) > 1e-6).all()
    assert not overlaps.worked_out([3], [0, 2])[0].any()


def test_thresholds_of_one_column_are_steps_of_one_scale():
    standard = load_standard("call")
    low, high = AtMost("waiting_seconds", 10), AtLeast("waiting_seconds", 60)
    vectors = [sum_of(low), sum_of(both(AtMost("waiting_seconds", 20), low)), sum_of(high), sum_of(EVERY)]
    overlaps = Overlaps([(0, v) for v in vectors], standard)
    assert overlaps.worked_out([1], [0])[0].all()
    assert not overlaps.worked_out([2], [0, 3])[0].any()
