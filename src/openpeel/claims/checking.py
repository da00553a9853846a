"""Whether a claim agrees with itself: its share with its counts, its change with its two numbers.

Each kind has one function, which takes the claim as it was parsed and gives what was found, with the arithmetic.
What two claims say of one another is in between.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.hedges import Hedge, allows, hedge_before
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.numbers import Kind, Number
from openpeel.claims.parse import Parsed
from openpeel.claims.rounding import Between, meant, measured, rounded, rule_behind
from openpeel.claims.vocabulary import ALWAYS, FACTORS, FALLS, HIGHER, REMAINING


@dataclass(frozen=True)
class Found:
    """What came of a claim; the fields are those of `Checked`, and `said` that of `Claim`."""

    said: str
    verdict: Verdict = Verdict.cannot_be_checked
    arithmetic: str = ""
    because: str = ""
    right: str = ""
    rule: str = ""


#: How far from a share 'around' and 'nearly' may be, and a fraction in words ('a third'), in percentage points.
LOOSE = Fraction(5)
LOOSE_FRACTION = Fraction(3)


def check_alone(claim: Parsed) -> Found:
    """What is found when nothing but the claim itself is looked at."""
    return _CHECKS[claim.kind](claim)


def shown(value: Fraction, decimals: int = 2) -> str:
    """A value for the arithmetic, rounded: '16.26'; whole numbers as they are.

    >>> shown(Fraction(8600, 529)), shown(Fraction(1204588))
    ('16.26', '1,204,588')
    """
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{rounded(value, Decimal(1).scaleb(-decimals)):,}"


def printed(number: Number) -> str:
    """The number as it stands, on one line.

    A reader searches for what is printed, so nothing is put in another form.
    """
    return " ".join(number.text.split())


def _share(claim: Parsed) -> Found:
    a, b = claim.amount("a"), claim.amount("b")
    if claim.at("majority") is not None:
        return _majority(a, b)
    if claim.number("in") is not None:
        one, of = claim.amount("one"), claim.amount("in")
        words = f"{printed(one)} in {printed(of)}"
        said = 100 * Fraction(one.value) / Fraction(of.value) if of.value else Fraction(0)
        at, step, loose = claim.at("one"), Decimal(0), True
    else:
        p = claim.amount("p")
        words, at = printed(p), claim.at("p")
        loose = p.kind is Kind.fraction
        said, step = Fraction(p.value) * (100 if loose else 1), p.step
    assert at is not None
    say = f"{printed(a)} of {printed(b)} = {words}"
    if b.value <= 0 or a.value > b.value:
        return _more_than_whole(say, a, b)
    value = 100 * Fraction(a.value) / Fraction(b.value)
    hedge = hedge_before(claim.tokens, at)
    arithmetic = f"{a.value:,} ÷ {b.value:,} = {shown(value)} percent"
    if loose or hedge is not Hedge.none:
        reach = LOOSE_FRACTION if loose and hedge is Hedge.none else LOOSE
        fits = abs(value - said) <= reach if hedge is Hedge.none else allows(hedge, said, value, reach)
        fits = fits or (not loose and _agrees(hedge, said, value, step))
        if fits:
            return Found(say, Verdict.holds, arithmetic)
        because = f"{hedge} {words}".strip() + f" is said, and {arithmetic}"
        return Found(say, Verdict.contradicts, arithmetic, because, f"{shown(value, 1)} percent")
    return _rounded_as(say, value, Fraction(said), step, arithmetic, " percent", _hidden(a) or _hidden(b))


def _majority(a: Number, b: Number) -> Found:
    say = f"majority: {printed(a)} of {printed(b)}"
    if b.value <= 0 or a.value > b.value:
        return _more_than_whole(say, a, b)
    arithmetic = f"{a.value:,} ÷ {b.value:,} = {shown(100 * Fraction(a.value) / Fraction(b.value))} percent"
    if 2 * a.value > b.value:
        return Found(say, Verdict.holds, arithmetic)
    return Found(say, Verdict.contradicts, arithmetic, f"a majority is said, and {arithmetic}")


def _agrees(hedge: Hedge, said: Fraction, value: Fraction, step: Decimal) -> bool:
    """Whether 'around 64 percent' is the right rounding of what it is around."""
    return hedge is Hedge.around and abs(value - said) <= Fraction(step) / 2


def _hidden(number: Number) -> bool:
    """Whether a count was rounded, as '1.2 million' was."""
    return number.scale != 1


def _more_than_whole(say: str, a: Number, b: Number) -> Found:
    because = f"{printed(a)} is more than {printed(b)}, of which it is said to be a part"
    return Found(say, Verdict.contradicts, f"{a.value:,} > {b.value:,}", because)


def _rounded_as(
    say: str,
    value: Fraction,
    said: Fraction,
    step: Decimal,
    arithmetic: str,
    unit: str,
    rounded_parts: bool = False,
) -> Found:
    """Whether the value is printed as it was said, in steps of `step`; how it should be if not."""
    given = Decimal(said.numerator) / Decimal(said.denominator)
    right = rounded(value, step)
    if right == given or rounded_parts and abs(value - said) <= Fraction(step):
        return Found(say, Verdict.holds, arithmetic)
    rule = rule_behind(value, given, step)
    if rule in ("halves to even", "halves down"):
        return Found(say, Verdict.holds, f"{arithmetic}, a half, which goes either way", rule=rule)
    best = f"{right:,}{unit}"
    if abs(given - right) <= step:
        why = f"{rule} explains {given:,}" if rule else f"no rule of rounding gives {given:,}"
        because = f"{shown(value)} rounds to {right:,}, not {given:,}; {why}"
        return Found(say, Verdict.rounds_wrong, arithmetic, because, best, rule)
    return Found(say, Verdict.contradicts, arithmetic, f"{given:,}{unit} is said, and {arithmetic}", best)


def _count(claim: Parsed) -> Found:
    a, b = claim.amount("a"), claim.amount("b")
    say = f"{printed(a)} of {printed(b)}"
    return _more_than_whole(say, a, b) if a.value > b.value else Found(say)


def _of_count(claim: Parsed) -> Found:
    p, b = claim.amount("p"), claim.amount("b")
    say = f"{printed(p)} of {printed(b)}"
    whole = b.value == b.value.to_integral_value() and not _hidden(b)
    at, of = claim.at("p"), claim.at("b")
    assert at is not None
    assert of is not None
    hedged = (
        hedge_before(claim.tokens, at) is not Hedge.none or hedge_before(claim.tokens, of) is not Hedge.none
    )
    if not whole or hedged or b.value <= 0 or b.value > 10_000:
        return Found(say)
    near = int(Fraction(p.value) * int(b.value) / 100)
    each = {n: 100 * Fraction(n, int(b.value)) for n in (near, near + 1) if n <= b.value}
    for n, value in each.items():
        if rounded(value, p.step) == p.value or rule_behind(value, p.value, p.step) == "halves to even":
            return Found(say, Verdict.holds, f"{n:,} ÷ {b.value:,} = {shown(value)} percent")
    for n, value in each.items():
        if rule_behind(value, p.value, p.step):
            arithmetic = f"{n:,} ÷ {b.value:,} = {shown(value)} percent"
            return _rounded_as(say, value, Fraction(p.value), p.step, arithmetic, " percent")
    arithmetic = "; ".join(f"{n:,} ÷ {b.value:,} = {shown(value)} percent" for n, value in each.items())
    because = f"no whole number of {printed(b)} is {printed(p)}"
    return Found(say, Verdict.contradicts, arithmetic, because)


def _money(claim: Parsed) -> Found:
    p, x, y = claim.amount("p"), claim.amount("x"), claim.number("y")
    if y is None:
        return Found(f"{printed(x)} = {printed(p)} of a whole")
    return share_of_money(claim, p, x, y)


def share_of_money(claim: Parsed, p: Number, x: Number, y: Number) -> Found:
    """Whether x is p percent of y, each of them as it was rounded."""
    say = f"{printed(x)} = {printed(p)} of {printed(y)}"
    if y.value <= 0:
        return Found(say)
    value = 100 * Fraction(x.value) / Fraction(y.value)
    arithmetic = f"{printed(x)} ÷ {printed(y)} = {shown(value)} percent"
    at = claim.at("p")
    assert at is not None
    hedge = hedge_before(claim.tokens, at)
    if hedge is not Hedge.none:
        if allows(hedge, Fraction(p.value), value, LOOSE) or _agrees(hedge, Fraction(p.value), value, p.step):
            return Found(say, Verdict.holds, arithmetic)
        return Found(say, Verdict.contradicts, arithmetic, f"{hedge} {printed(p)} is said, and {arithmetic}")
    quotient = meant(x).divided_by(meant(y))
    can_be = Between(100 * quotient.lower, 100 * quotient.upper)
    if can_be.overlaps(measured(p)):
        return Found(say, Verdict.holds, arithmetic)
    return _rounded_as(say, value, Fraction(p.value), p.step, arithmetic, " percent")


def _rate(claim: Parsed) -> Found:
    r, base, c, n = claim.amount("r"), claim.amount("base"), claim.number("c"), claim.number("n")
    rate = f"{printed(r)} per {printed(base)}"
    if c is None:
        return Found(rate)
    if n is None:
        people = implied_population(claim)
        if people is None:
            return Found(f"{printed(c)} = {rate}")
        arithmetic = f"{printed(c)} ÷ {printed(r)} × {printed(base)} = {_people(people)}"
        return Found(f"{printed(c)} = {rate}", arithmetic=arithmetic)
    say = f"{printed(c)} among {printed(n)} = {rate}"
    if n.value <= 0:
        return Found(say)
    value = Fraction(c.value) / Fraction(n.value) * Fraction(base.value)
    arithmetic = f"{printed(c)} ÷ {printed(n)} × {printed(base)} = {shown(value)}"
    people = meant(n)
    if n.scale == 1 and n.value % 1000 == 0:  # a population of 1,200,000 was rounded
        people = Between(people.lower - 500, people.upper + 500)
    quotient = meant(c).divided_by(people)
    can_be = Between(quotient.lower * Fraction(base.value), quotient.upper * Fraction(base.value))
    at = claim.at("r")
    assert at is not None
    hedge = hedge_before(claim.tokens, at)
    said = Fraction(r.value)
    if can_be.overlaps(measured(r)) or (hedge is not Hedge.none and allows(hedge, said, value, said / 10)):
        return Found(say, Verdict.holds, arithmetic)
    return _rounded_as(say, value, said, r.step, arithmetic, f" per {printed(base)}")


def implied_population(claim: Parsed) -> Between | None:
    """The populations from which a count makes the rate that is claimed, None where no such can be worked out."""
    c, r, base = claim.number("c"), claim.amount("r"), claim.amount("base")
    if c is None:
        return None
    rate = measured(r)
    if rate.lower <= 0 or c.value <= 0:
        return None
    people = meant(c).divided_by(rate)
    return Between(people.lower * Fraction(base.value), people.upper * Fraction(base.value))


def _people(people: Between) -> str:
    return f"{shown(Fraction(round(people.lower)))} to {shown(Fraction(round(people.upper)))} people"


def _change(claim: Parsed) -> Found:
    x, y = claim.amount("x"), claim.amount("y")
    at = claim.at("move")
    assert at is not None
    move = claim.tokens.keys[at]
    say = f"{move} from {printed(x)} to {printed(y)}"
    arithmetic = f"{printed(x)} → {printed(y)}"
    if move not in FACTORS and x.value != y.value:
        falls = move in FALLS
        if falls != (y.value < x.value):
            way = "more" if falls else "less"
            return Found(
                say,
                Verdict.contradicts,
                arithmetic,
                f"{printed(y)} is {way} than {printed(x)}, and {move} is said",
            )
    if move in FACTORS:
        return _factor(say, claim, Fraction(FACTORS[move]), at, x, y)
    d = claim.number("d")
    if d is None:
        return Found(say, Verdict.holds if x.value != y.value else Verdict.cannot_be_checked, arithmetic)
    return _change_by(claim, say, x, y, d)


def _change_by(claim: Parsed, say: str, x: Number, y: Number, d: Number) -> Found:
    share = Kind.percent in (x.kind, y.kind)
    one, other = (measured(x), measured(y)) if share else (meant(x), meant(y))
    say = f"{say}, by {printed(d)}"
    difference = abs(Fraction(y.value) - Fraction(x.value))
    differences = Between(other.lower - one.upper, other.upper - one.lower)
    if y.value < x.value:
        differences = Between(-differences.upper, -differences.lower)
    at = claim.at("d")
    assert at is not None
    hedge = hedge_before(claim.tokens, at)
    of_first = (
        None if one.lower <= 0 else Between(differences.lower / one.upper, differences.upper / one.lower)
    )
    relative = d.kind in (Kind.percent, Kind.fraction)
    if relative and of_first is None:
        return Found(say)
    times = 100 if relative else 1
    value = times * (difference / Fraction(x.value) if relative else difference)
    said = Fraction(d.value) * (100 if d.kind is Kind.fraction else 1)
    unit = " percent" if relative else ""
    if relative:
        assert of_first is not None
        can_be = Between(100 * of_first.lower, 100 * of_first.upper)
        arithmetic = f"({printed(y)} − {printed(x)}) ÷ {printed(x)} = {shown(value)} percent"
    else:
        can_be, arithmetic = differences, f"{printed(y)} − {printed(x)} = {shown(difference)}"
    reach = LOOSE_FRACTION if d.kind is Kind.fraction else Fraction(0)
    step = measured(d) if relative or share else meant(d)
    near = can_be.overlaps(
        Between(said - reach - (step.upper - step.lower) / 2, said + reach + (step.upper - step.lower) / 2)
    )
    if near or (hedge is not Hedge.none and allows(hedge, said, value, max(LOOSE, said / 10))):
        return Found(say, Verdict.holds, arithmetic)
    if relative and share and differences.overlaps(measured(d)):
        return Found(say, Verdict.holds, f"{printed(y)} − {printed(x)} = {shown(difference)} points")
    if hedge is not Hedge.none or d.kind is Kind.fraction:
        return Found(
            say, Verdict.contradicts, arithmetic, f"{hedge} {printed(d)} is said, and {arithmetic}".strip()
        )
    return _rounded_as(say, value, said, d.step, arithmetic, unit)


def _factor(say: str, claim: Parsed, factor: Fraction, at: int, x: Number, y: Number) -> Found:
    if x.value <= 0 or y.value <= 0:
        return Found(say)
    value = Fraction(y.value) / Fraction(x.value)
    arithmetic = f"{printed(y)} ÷ {printed(x)} = {shown(value)}"
    hedge = hedge_before(claim.tokens, at)
    if factor < 1:  # 'more than halved' is to less than half
        hedge = {Hedge.over: Hedge.under, Hedge.nearly: Hedge.just_over, Hedge.just_over: Hedge.nearly}.get(
            hedge, hedge
        )
    reach = factor * Fraction(15, 100)
    fits = abs(value - factor) <= reach / 2 if hedge is Hedge.none else allows(hedge, factor, value, reach)
    if fits:
        return Found(say, Verdict.holds, arithmetic)
    return Found(say, Verdict.contradicts, arithmetic, f"{claim.tokens.keys[at]} is said, and {arithmetic}")


def _comparison(claim: Parsed) -> Found:
    x, y = claim.amount("x"), claim.amount("y")
    at = claim.at("than")
    assert at is not None
    word = claim.tokens.keys[at]
    say = f"{printed(x)} {word} than {printed(y)}".replace("above than", "above").replace(
        "below than", "below"
    )
    if x.value == y.value:
        return Found(say)
    is_higher = x.value > y.value
    arithmetic = f"{printed(x)} {'>' if is_higher else '<'} {printed(y)}"
    negated = bool({"not", "no", "isn’t", "wasn’t", "never"} & set(claim.tokens.keys[claim.first : at]))
    if negated or hedge_before(claim.tokens, claim.first) is not Hedge.none:
        return Found(say)
    if is_higher == (word in HIGHER):
        return Found(say, Verdict.holds, arithmetic)
    return Found(
        say,
        Verdict.contradicts,
        arithmetic,
        f"{printed(x)} is not {word} {'than ' * (word in _THAN)}{printed(y)}",
    )


_THAN = frozenset(["higher", "lower", "more", "less", "fewer", "greater", "larger", "smaller"])


def _times(claim: Parsed) -> Found:
    x, y, k = claim.amount("x"), claim.amount("y"), claim.number("k")
    at = claim.at("k")
    assert at is not None
    word = claim.tokens.keys[at]
    factor = Fraction(k.value) if k is not None else Fraction({"treble": 3, "triple": 3}.get(word, 2))
    step = k.step if k is not None else Decimal(1)
    words = f"{printed(k)} times" if k is not None else word
    say = f"{printed(x)} = {words} {printed(y)}"
    if y.value <= 0:
        return Found(say)
    value = Fraction(x.value) / Fraction(y.value)
    arithmetic = f"{printed(x)} ÷ {printed(y)} = {shown(value)}"
    hedge = hedge_before(claim.tokens, at)
    near = abs(value - factor) <= Fraction(step) / 2
    if hedge is Hedge.none:
        fits = near if k is not None and k.decimals else abs(value - factor) <= factor * Fraction(1, 10)
    else:
        fits = allows(hedge, factor, value, factor / 5)
    if fits:
        return Found(say, Verdict.holds, arithmetic)
    return Found(
        say, Verdict.contradicts, arithmetic, f"{words} is said, and {arithmetic}", f"{shown(value, 1)} times"
    )


def _range(claim: Parsed) -> Found:
    span = claim.number("span")
    if span is not None:
        assert span.upper is not None
        say = printed(span)
        wrong = span.upper < span.value and "%" in span.text
        if wrong:
            return Found(
                say,
                Verdict.contradicts,
                f"{span.value:,} > {span.upper:,}",
                "the range ends below its beginning",
            )
        return Found(say)
    x, y, middle = claim.amount("x"), claim.amount("y"), claim.number("middle")
    say = f"from {printed(x)} to {printed(y)}"
    if x.value > y.value:
        because = f"the range begins at {printed(x)} and ends below it, at {printed(y)}"
        return Found(say, Verdict.contradicts, f"{printed(x)} > {printed(y)}", because)
    if middle is None:
        return Found(say)
    say = f"average of {printed(middle)}, {say}"
    arithmetic = f"{printed(x)} ≤ {printed(middle)} ≤ {printed(y)}"
    if x.value <= middle.value <= y.value:
        return Found(say, Verdict.holds, arithmetic)
    because = f"an average of {printed(middle)} lies outside {printed(x)} to {printed(y)}"
    return Found(say, Verdict.contradicts, arithmetic, because)


def _interval(claim: Parsed) -> Found:
    p, margin = claim.amount("p"), claim.number("margin")
    if margin is not None:
        return Found(f"{printed(p)} ± {printed(margin)}")
    span = claim.number("span")
    lower, upper = (
        (span.value, span.upper)
        if span is not None
        else (claim.amount("lower").value, claim.amount("upper").value)
    )
    assert upper is not None
    say = f"{printed(p)}, {lower} to {upper}"
    if lower > upper:
        because = f"the interval begins at {lower} and ends below it, at {upper}"
        return Found(say, Verdict.contradicts, f"{lower} > {upper}", because)
    if lower <= p.value <= upper:
        return Found(say, Verdict.holds, f"{lower} ≤ {p.value} ≤ {upper}")
    because = f"{printed(p)} lies outside its own interval, {lower} to {upper}"
    return Found(say, Verdict.contradicts, f"{lower} ≤ {p.value} ≤ {upper}", because)


# Words that say of two parts that nothing is in both.
_APART = (
    ({"yes"}, {"no"}),
    ({"agreed"}, {"disagreed"}),
    ({"men"}, {"women"}),
    ({"male"}, {"female"}),
    ({"good"}, {"inadequate", "improvement", "adequate"}),
    ({"positive"}, {"negative"}),
    ({"adequate"}, {"inadequate"}),
    ({"met"}, {"missed"}),
)
_NOT = frozenset(
    "not didn’t hadn’t wasn’t weren’t haven’t don’t doesn’t couldn’t didn't hadn't wasn't weren't haven't".split()
)


def _parts(claim: Parsed) -> Found:
    tokens = claim.tokens
    places = claim.all("part") or claim.all("percent")
    numbers = [n for n in (tokens.numbers[at] for at in places) if n is not None]
    total = sum((Fraction(n.value) for n in numbers), Fraction(0))
    sums = " + ".join(printed(n) for n in numbers)
    rest = any(set(tokens.keys[max(0, at - 3) : at]) & REMAINING for at in places)
    last = tokens.sentence(claim.last - 1)[1]
    after = [set(tokens.keys[a:b]) for a, b in zip(places, [*places[1:], last], strict=True)]
    hedged = any(hedge_before(tokens, at) is not Hedge.none for at in places)
    whole = claim.number("whole")
    if whole is None:
        say = f"{sums} = 100 percent"
        room = sum((Fraction(n.step) / 2 for n in numbers), Fraction(0))
        arithmetic = f"{sums} = {shown(total)}"
        if hedged:
            room += LOOSE
        if abs(total - 100) <= room:
            return Found(say, Verdict.holds, arithmetic)
        return Found(
            say,
            Verdict.contradicts,
            arithmetic,
            f"the parts are said to be all there is, and make {shown(total)} percent",
        )
    say = f"{sums} = {printed(whole)}"
    arithmetic = f"{sums} = {shown(total)}"
    too_large = next((n for n in numbers if n.value > whole.value), None)
    if too_large is not None and not claim.all("made"):
        because = f"{printed(too_large)} is more than {printed(whole)}, of which it is said to be a part"
        return Found(say, Verdict.contradicts, arithmetic, because)
    if hedged or hedge_before(tokens, claim.parts[0][1]) is not Hedge.none:
        return Found(say)
    made = claim.all("made")
    complete = rest or bool(made and tokens.keys[made[0]] != "(" and tokens.keys[made[0]] != ":")
    if total == whole.value:
        return Found(say, Verdict.holds, arithmetic)
    if complete:
        return Found(
            say,
            Verdict.contradicts,
            arithmetic,
            f"the parts are said to make {printed(whole)}, and make {shown(total)}",
        )
    if total > whole.value and not made and apart(after):
        because = f"nothing is in two of the parts, and they make {shown(total)}, more than {printed(whole)}"
        return Found(say, Verdict.contradicts, arithmetic, because)
    return Found(say, arithmetic=arithmetic)


def apart(after: list[set[str]]) -> bool:
    """Whether the words after each part say that none can be in another."""
    for one, other in _APART:
        if any(words & one for words in after) and any(words & other for words in after):
            return True
    return len(after) == 2 and bool(after[0] & _NOT) != bool(after[1] & _NOT)


def _absolute(claim: Parsed) -> Found:
    a, b = claim.amount("a"), claim.amount("b")
    at = claim.at("absolute")
    assert at is not None
    word = claim.tokens.keys[at]
    say = f"{word}: {printed(a)} of {printed(b)}"
    if at and claim.tokens.keys[at - 1] in ("not", "nearly", "almost", "virtually"):
        return Found(say)
    expected = b.value if word in ALWAYS else Decimal(0)
    arithmetic = f"{printed(a)} of {printed(b)}"
    if a.value == expected:
        return Found(say, Verdict.holds, arithmetic)
    return Found(
        say, Verdict.contradicts, arithmetic, f"{word} is said, and it was {printed(a)} of {printed(b)}"
    )


def _lone(claim: Parsed) -> Found:
    return Found(printed(claim.number("p") or claim.number("x") or claim.amount("n")))


_CHECKS: dict[ClaimKind, Callable[[Parsed], Found]] = {
    ClaimKind.share: _share,
    ClaimKind.count: _count,
    ClaimKind.of_count: _of_count,
    ClaimKind.money: _money,
    ClaimKind.rate: _rate,
    ClaimKind.change: _change,
    ClaimKind.comparison: _comparison,
    ClaimKind.times: _times,
    ClaimKind.range: _range,
    ClaimKind.interval: _interval,
    ClaimKind.parts: _parts,
    ClaimKind.absolute: _absolute,
    ClaimKind.percentage: _lone,
    ClaimKind.amount: _lone,
}
