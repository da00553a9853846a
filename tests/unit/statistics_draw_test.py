"""A draw is fair, the same for everyone, and nobody can change it unnoticed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from openpeel.statistics.draw import (
    DrawnStratum,
    Frame,
    _smallest,
    commitment,
    draw_random,
    draw_systematic,
    verify_draw,
)
from openpeel.statistics.sampling import allocate

IDS = [f"CR/{number:04d}/25" for number in range(500)]
ROUTES = ["direct" if number % 5 == 0 else "control room" for number in range(500)]


def fair(counts: np.ndarray, expected: float) -> bool:
    """Counts with equal expectations, by chi-squared at one in a thousand (the seeds are fixed)."""
    return bool(stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), len(counts) - 1) > 0.001)


def test_the_same_frame_and_seed_give_the_same_draw_today_and_in_ten_years():
    drawn = draw_random(Frame.of(IDS, ROUTES), {"direct": 20, "control room": 60}, "3 1 4 1 5", reserve=5)
    digest = hashlib.sha256(json.dumps(asdict(drawn), sort_keys=True).encode()).hexdigest()
    assert digest == "c4ffbc16f97f869baafb099d04f4fc3c36dfed6fb9008f74a3718bc040729648"


def test_the_order_in_which_the_cases_are_given_does_not_matter():
    shuffled = np.random.default_rng(1).permutation(500)
    for ids, strata in ((IDS, None), (IDS, ROUTES), (range(500), ROUTES), (range(500), None)):
        one = Frame.of(ids, strata)
        two = Frame.of([ids[i] for i in shuffled], strata and [strata[i] for i in shuffled])
        numbers = dict.fromkeys(one.labels, 9)
        assert one.hash == two.hash
        assert draw_random(one, numbers, "seed") == draw_random(two, numbers, "seed")


def test_lists_text_arrays_and_bytes_are_the_same_frame():
    forms = [
        IDS,
        np.array(IDS),
        np.array(IDS, dtype="S"),
        np.array(IDS, dtype="S40"),
        np.array(IDS, dtype=object),
    ]
    forms += [np.array(IDS).astype(">U12"), np.array(IDS + IDS)[:500], np.repeat(IDS, 2)[::2]]
    assert len({Frame.of(form, ROUTES).hash for form in forms}) == 1
    whole = [range(500), np.arange(500), np.arange(500, dtype=np.uint64), np.arange(500).astype(object)]
    assert len({Frame.of(form, np.array(ROUTES)).hash for form in whole}) == 1


def test_no_case_is_drawn_twice_and_reserves_are_other_cases():
    drawn = draw_random(Frame.of(IDS, ROUTES), {"direct": 40, "control room": 60}, "seed", reserve=30)
    every = [case for each in drawn.strata for case in each.sample + each.reserve]
    assert len(every) == len(set(every)) == 160
    assert all(ROUTES[IDS.index(case)] == each.label for each in drawn.strata for case in each.sample)


def test_reserves_follow_the_sample_in_one_order():
    frame = Frame.of(IDS)
    many, few = draw_random(frame, 30, "seed").strata[0], draw_random(frame, 20, "seed", reserve=10).strata[0]
    assert few.sample + few.reserve == many.sample
    assert list(many.sample) != sorted(many.sample)


def test_cases_with_equal_words_are_drawn_in_the_order_of_their_ids():
    words = np.array([5, 2, 9, 2, 5, 2, 5, 0], dtype=np.uint64)
    for count in range(9):
        assert _smallest(words, count).tolist() == [7, 1, 3, 5, 0, 4, 6, 2][:count]


def test_all_cases_are_drawn_where_all_are_asked_for_and_none_where_none():
    frame = Frame.of(IDS, ROUTES)
    drawn = {each.label: each for each in draw_random(frame, {"direct": 100}, "seed").strata}
    assert sorted(drawn["direct"].sample) == IDS[::5]
    assert drawn["control room"].sample == ()


def test_at_least_twenty_of_a_hundred_files_have_outcome_18():
    outcomes = ["outcome 18" if number % 50 == 0 else "other" for number in range(5000)]
    frame = Frame.of(range(5000), outcomes)
    drawn = draw_random(frame, allocate(frame.sizes, 100, minimum={"outcome 18": 20}), "seed")
    assert {each.label: len(each.sample) for each in drawn.strata} == {"outcome 18": 20, "other": 80}
    assert all(
        (case % 50 == 0) == (each.label == "outcome 18") for each in drawn.strata for case in each.sample
    )


def test_over_many_seeds_every_case_and_every_pair_is_drawn_equally_often():
    frame, rounds = Frame.of(["a", "b", "c", "d", "e", "f"]), 6000
    drawn = [draw_random(frame, 2, f"seed {number}").strata[0].sample for number in range(rounds)]
    for place in (0, 1):
        counts = Counter(sample[place] for sample in drawn)
        assert fair(np.array([counts[case] for case in "abcdef"]), rounds / 6)
    pairs = Counter(drawn)
    assert len(pairs) == 30
    assert fair(np.array(list(pairs.values())), rounds / 30)


def test_within_each_stratum_every_case_is_drawn_equally_often():
    frame, rounds = Frame.of(range(12), ["small"] * 4 + ["large"] * 8), 3000
    counts = Counter(
        case
        for number in range(rounds)
        for each in draw_random(frame, {"small": 1, "large": 4}, f"seed {number}").strata
        for case in each.sample
    )
    # The draws of one stratum are not independent, which only makes these counts more even.
    assert fair(np.array([counts[case] for case in range(4)]), rounds / 4)
    assert fair(np.array([counts[case] for case in range(4, 12)]), rounds / 2)


def test_over_many_seeds_every_start_of_a_systematic_draw_is_equally_likely():
    frame, rounds = Frame.of(range(10)), 3000
    samples = [draw_systematic(frame, 3, f"seed {number}").strata[0].sample for number in range(rounds)]
    counts = Counter(case for sample in samples for case in sample)
    assert fair(np.array([counts[case] for case in range(10)]), rounds * 0.3)
    assert all({b - a for a, b in pairwise(each)} <= {3, 4} for each in samples)


@pytest.mark.parametrize(("size", "n"), [(10, 3), (7, 7), (13, 1), (60, 59), (100, 25), (5, 0)])
def test_a_systematic_draw_has_its_number_of_cases_and_none_twice(size: int, n: int):
    for number in range(20):
        sample = draw_systematic(Frame.of(range(size)), n, f"seed {number}").strata[0].sample
        assert len(set(sample)) == n
        assert list(sample) == sorted(sample)


def test_another_seed_is_another_draw_and_has_another_commitment():
    frame = Frame.of(IDS)
    draws = {draw_random(frame, 20, f"seed {number}").strata[0].sample for number in range(50)}
    assert len(draws) == 50
    assert commitment(frame.hash, "seed 1") != commitment(frame.hash, "seed 2")
    assert commitment(frame.hash, "seed 1") != commitment(Frame.of(IDS[1:]).hash, "seed 1")


def test_a_true_draw_is_verified_by_whoever_has_frame_and_seed():
    numbers = {"direct": 20, "control room": 60}
    promised = commitment(Frame.of(IDS, ROUTES).hash, "seed")
    drawn = draw_random(Frame.of(IDS, ROUTES), numbers, "seed", reserve=5)
    assert verify_draw(drawn, Frame.of(IDS[::-1], ROUTES[::-1]), numbers, 5, promised) == []
    every_fifth = draw_systematic(Frame.of(IDS), 100, "seed")
    assert verify_draw(every_fifth, Frame.of(IDS), 100) == []


@pytest.mark.parametrize("change", ["id", "stratum", "one less", "one more", "swapped strata"])
def test_any_change_of_the_frame_is_noticed(change: str):
    ids, routes = list(IDS), list(ROUTES)
    if change == "id":
        ids[250] = "CR/0250/24"
    elif change == "stratum":
        routes[250] = "control room"
    elif change == "one less":
        ids, routes = ids[:-1], routes[:-1]
    elif change == "one more":
        ids, routes = [*ids, "CR/0500/25"], [*routes, "direct"]
    else:
        routes[0], routes[1] = routes[1], routes[0]
    numbers = {"direct": 20, "control room": 60}
    drawn = draw_random(Frame.of(IDS, ROUTES), numbers, "seed")
    (wrong,) = verify_draw(drawn, Frame.of(ids, routes), numbers)
    assert wrong.startswith("The frame has changed")


def test_any_change_of_the_draw_is_noticed():
    frame, promised = Frame.of(IDS), commitment(Frame.of(IDS).hash, "seed")
    drawn = draw_random(frame, 20, "seed", reserve=5)
    (only,) = drawn.strata
    absent = next(case for case in IDS if case not in only.sample + only.reserve)
    swapped = replace(only, sample=(absent, *only.sample[1:]))
    shortened = replace(only, sample=only.sample[:-1])
    jumped = replace(only, reserve=only.reserve[::-1])
    for strata, said in [
        ((swapped,), "Stratum '': the sample is not what frame and seed give."),
        ((shortened,), "Stratum '': the sample is not what frame and seed give."),
        ((jumped,), "Stratum '': the reserve is not what frame and seed give."),
        ((only, only), "The strata are not those of the frame, each once and in order."),
        ((only, DrawnStratum("x", (), ())), "The strata are not those of the frame, each once and in order."),
    ]:
        assert verify_draw(replace(drawn, strata=strata), frame, 20, 5, promised) == [said]
    assert "The commitment" in verify_draw(replace(drawn, seed="seed 2"), frame, 20, 5, promised)[0]
    by_hand = verify_draw(replace(drawn, method="by hand"), frame, 20, 5, promised)
    assert by_hand == ["The method is 'by hand', and 'random' with these numbers."]


def test_frames_that_could_be_confused_have_different_hashes():
    frames = [
        Frame.of(["ab", "c"]),
        Frame.of(["a", "bc"]),
        Frame.of(["1", "2"]),
        Frame.of([1, 2]),
        Frame.of(["1", "2"], ["", ""]),
        Frame.of(["1", "2"], ["a", "a"]),
        Frame.of(["1a", "2a"]),
        Frame.of(["1", "2"], ["aa", "a"]),
    ]
    assert len({frame.hash for frame in frames}) == len(frames)


def test_many_strata_and_strata_that_come_late_are_all_found():
    late = ["usual"] * 20_000 + [f"rare {number:03d}" for number in range(400)]
    frame = Frame.of(range(20_400), late)
    assert frame.sizes == {**{f"rare {number:03d}": 1 for number in range(400)}, "usual": 20_000}
    drawn = draw_random(frame, dict.fromkeys(frame.labels, 1), "seed")
    assert [each.sample for each in drawn.strata[:400]] == [(20_000 + number,) for number in range(400)]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: draw_random(Frame.of(IDS, ROUTES), {"direct": 101}, "s"),
            "the 100 cases of stratum 'direct'",
        ),
        (lambda: draw_random(Frame.of(IDS), 490, "s", reserve=11), "the 500 cases of stratum ''"),
        (lambda: draw_systematic(Frame.of(IDS), 501, "s"), "the 500 cases of stratum ''"),
        (lambda: draw_systematic(Frame.of(IDS, ROUTES), 5, "s"), "expected a frame without strata"),
        (lambda: draw_random(Frame.of(IDS, ROUTES), 5, "s"), "expected n by stratum"),
        (
            lambda: draw_random(Frame.of(IDS, ROUTES), {"web": 5}, "s"),
            "expected n of strata in the frame; got 'web'",
        ),
        (lambda: draw_random(Frame.of(IDS), -1, "s"), "expected n of 0 or more"),
        (lambda: draw_random(Frame.of(IDS), 2.5, "s"), "expected n of 0 or more"),
        (lambda: draw_random(Frame.of(IDS), 5, ""), "expected a seed of text"),
        (lambda: draw_random(Frame.of(IDS), 5, 42), "expected a seed of text"),
        (lambda: commitment("ab", ""), "expected a seed of text"),
        (lambda: Frame.of([]), "expected a frame of one case or more"),
        (lambda: Frame.of(["a", "b", "a"]), "expected each id once; got b'a' more than once"),
        (lambda: Frame.of([3, 1, 3]), "expected each id once"),
        (lambda: Frame.of(["a", ""]), "expected an id for each case"),
        (lambda: Frame.of(["a", None]), "expected ids of one kind"),
        (lambda: Frame.of(["1", 1]), "expected ids of one kind"),
        (lambda: Frame.of([1.5, 2.5]), "expected ids of one kind"),
        (lambda: Frame.of([True, False]), "expected ids of one kind"),
        (lambda: Frame.of([2**63, 1]), "expected whole numbers from"),
        (lambda: Frame.of(np.array([2**63, 1], dtype=np.uint64)), "below 2"),
        (lambda: Frame.of([2**70, 1]), "expected whole numbers from"),
        (lambda: Frame.of([[1, 2]]), "in one dimension"),
        (lambda: Frame.of(["a", "b"], ["x"]), "expected a stratum for each case; got 1 for 2"),
        (lambda: Frame.of(["a", "b"], [1, 2]), "expected strata of one kind"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(call, says):
    with pytest.raises(ValueError, match=says):
        call()
