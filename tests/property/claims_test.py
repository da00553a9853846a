"""Claims that are made to be right hold, those that are made wrong do not, and no text stops the checker."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from openpeel.claims import Document, Passage, Place, Verdict, check
from openpeel.claims.rounding import rounded


def checked(text):
    return check(Document("text", (Passage(text, (0,), (Place(None, 1, 1),)),)))


def only(text, kind):
    (found,) = [c for c in checked(text) if c.claim.kind == kind]
    return found


WAYS = (
    "In all, {p} percent of people ({a} of {b} people) said so.",
    "It was so in {a} of {b} cases ({p} percent).",
    "It was so in {a} out of {b} cases, or {p}%.",
    "Of {b} cases, {a} ({p} percent) were open.",
    "Of the {b} cases, {a} were open, which is {p} per cent.",
    "There were {a} ({p}%) of {b} late.",
)
COUNTS = st.tuples(st.integers(1, 30_000), st.integers(2, 30_000)).filter(lambda ab: ab[0] <= ab[1])


def printed(number):
    return f"{number:,}"


@given(COUNTS, st.integers(0, 2), st.sampled_from(WAYS))
def test_a_share_that_is_rounded_right_holds(counts, decimals, way):
    a, b = counts
    assume(a not in (101, 999) and b not in (101, 999))
    p = rounded(Fraction(100 * a, b), Decimal(1).scaleb(-decimals))
    found = only(way.format(a=printed(a), b=printed(b), p=f"{p:,}"), "share of a count")
    assert found.verdict is Verdict.holds


@given(COUNTS, st.integers(0, 2), st.sampled_from(WAYS), st.sampled_from([-1, 1]))
def test_a_share_that_is_off_by_one_in_its_last_digit_never_holds(counts, decimals, way, off):
    a, b = counts
    step = Decimal(1).scaleb(-decimals)
    value = Fraction(100 * a, b)
    assume(a not in (101, 999) and b not in (101, 999))
    tie = (value / Fraction(step)).denominator == 2  # halves may go either way
    p = rounded(value, step) + off * step
    assume(not tie and p >= 0)
    found = only(way.format(a=printed(a), b=printed(b), p=f"{p:,}"), "share of a count")
    assert found.verdict is Verdict.rounds_wrong
    assert found.right == f"{rounded(value, step):,} percent"


@given(COUNTS, st.sampled_from(WAYS))
def test_a_share_that_is_far_off_contradicts_its_counts(counts, way):
    a, b = counts
    assume(a not in (101, 999) and b not in (101, 999))
    p = rounded(Fraction(100 * a, b), Decimal("0.1"))
    wrong = p + 20 if p < 50 else p - 20
    found = only(way.format(a=printed(a), b=printed(b), p=wrong), "share of a count")
    assert found.verdict is Verdict.contradicts


@given(st.fractions(0, 1000), st.integers(0, 3))
def test_rounding_is_that_of_exact_decimals(value, decimals):
    exact = Fraction(rounded(value, Decimal(1).scaleb(-decimals)))
    assert abs(exact - value) <= Fraction(1, 2 * 10**decimals)
    if value.denominator in (1, 2, 4, 5, 8, 10, 20, 25, 50, 100):
        as_decimal = Decimal(value.numerator) / Decimal(value.denominator)
        assert exact == Fraction(as_decimal.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@given(st.integers(100_000, 5_000_000), st.lists(st.integers(50, 40_000), min_size=2, max_size=6))
def test_rates_of_one_population_never_contradict_one_another(people, counts):
    sentences = [
        f"There were {n:,} stops, which is {rounded(Fraction(1000 * n, people), Decimal('0.1'))} per 1,000 population."
        for n in counts
    ]
    assert not [c for c in checked(" ".join(sentences)) if c.verdict is Verdict.contradicts]


WORDS = (
    "12 101 0 0.0 1,000 £3.5m £0 0% 16% 9 percent percentage points of out the one third per population 100,000 people "
    "March 2023 – - . , ; : ( ) +/- ± section 999 nine hundred and ten a from to between ranged rose fell by doubled "
    "halved times twice more than higher lower average was is which this remaining other yes no not all none always "
    "never significant statistically interval majority 40–30 40-30% in for every"
)
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.one_of(
    st.text(), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=20).map("".join)
)


@given(st.lists(TEXTS, max_size=3))
def test_no_text_stops_the_checker_and_claims_are_the_words_they_point_at(texts):
    passages = tuple(Passage(text, (0,), (Place(2, n, 1),)) for n, text in enumerate(texts, 1))
    found = check(Document("text", passages))
    for c in found:
        text = passages[c.claim.passage].text
        assert text[c.claim.start : c.claim.start + c.claim.length] == c.claim.text
        assert c.claim.text
        assert c.claim.place == Place(2, c.claim.passage + 1, c.claim.start + 1)
        assert (c.verdict in (Verdict.contradicts, Verdict.rounds_wrong)) == bool(c.because)
    assert [(c.claim.passage, c.claim.start) for c in found] == sorted(
        (c.claim.passage, c.claim.start) for c in found
    )
