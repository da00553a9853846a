"""What holds for every allocation of cases to strata."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.statistics.sampling import Method, allocate

quick = settings(deadline=None, max_examples=300)
methods: list[Method] = ["proportional", "neyman", "equal"]


@st.composite
def audits(draw: st.DrawFn, largest: int = 10_000) -> dict[str, object]:
    """Sizes, minimums, standard deviations and a number of cases that can be had."""
    strata = [f"stratum {number}" for number in range(draw(st.integers(1, 8)))]
    sizes = {stratum: draw(st.integers(0, largest)) for stratum in strata}
    minimum = {stratum: draw(st.integers(0, min(size, 30))) for stratum, size in sizes.items()}
    n = draw(st.integers(sum(minimum.values()), sum(sizes.values())))
    method = draw(st.sampled_from(methods))
    sd = {stratum: draw(st.floats(0, 1)) for stratum in strata} if method == "neyman" else None
    return {"sizes": sizes, "n": n, "method": method, "minimum": minimum, "sd": sd}


@quick
@given(audits())
def test_all_n_cases_are_given_and_no_stratum_gets_more_than_it_has_or_less_than_its_minimum(audit):
    given_out = allocate(**audit)
    assert sum(given_out.values()) == audit["n"]
    assert list(given_out) == list(audit["sizes"])
    for stratum, cases in given_out.items():
        assert audit["minimum"][stratum] <= cases <= audit["sizes"][stratum]


@quick
@given(audits())
def test_without_minimums_proportional_shares_are_off_by_less_than_one_case(audit):
    sizes, n = audit["sizes"], audit["n"]
    for stratum, cases in allocate(sizes, n).items():
        if sizes[stratum]:
            assert abs(cases - n * sizes[stratum] / sum(sizes.values())) < 1


@quick
@given(audits())
def test_equal_shares_differ_by_one_case_at_most_unless_a_bound_says_so(audit):
    sizes, minimum = audit["sizes"], audit["minimum"]
    shares = allocate(sizes, audit["n"], "equal", minimum)
    unbounded = [cases for stratum, cases in shares.items() if minimum[stratum] < cases < sizes[stratum]]
    assert not unbounded or max(unbounded) - min(unbounded) <= 1
    # Whoever is full has no more than the others, and whoever is at the minimum no less.
    for stratum, cases in shares.items():
        for other in unbounded:
            assert cases != sizes[stratum] or cases <= other + 1 or cases == minimum[stratum]
            assert cases != minimum[stratum] or cases >= other - 1 or cases == sizes[stratum]


@settings(deadline=None, max_examples=60)
@given(audits(largest=12))
def test_neyman_is_within_one_case_a_stratum_of_the_smallest_variance_there_is(audit):
    sizes = dict(list(audit["sizes"].items())[:3])
    sd = {stratum: 0.2 + 0.1 * number for number, stratum in enumerate(sizes)}
    least = {stratum: min(1, size) for stratum, size in sizes.items()}
    n = max(sum(least.values()), sum(sizes.values()) // 2)

    def variance(shares: tuple[int, ...]) -> float:
        return sum((sizes[s] * sd[s]) ** 2 / share for s, share in zip(sizes, shares, strict=True) if share)

    choices = product(*(range(least[stratum], size + 1) for stratum, size in sizes.items()))
    best = min((choice for choice in choices if sum(choice) == n), key=variance)
    ours = allocate(sizes, n, "neyman", least, sd)
    assert all(abs(a - b) <= 1 for a, b in zip(ours.values(), best, strict=True))
