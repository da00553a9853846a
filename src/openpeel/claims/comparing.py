"""Two numbers set beside one another: changes, comparisons, 'so many times', ranges and intervals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.found import LOOSE, LOOSE_FRACTION, Found, printed, rounded_as, shown
from openpeel.claims.hedges import Hedge, allows, hedge_before
from openpeel.claims.numbers import Kind, Number
from openpeel.claims.parse import Parsed
from openpeel.claims.rounding import Between, meant, measured
from openpeel.claims.vocabulary import FACTORS, FALLS, HIGHER, NOT, words_of

_THAN = words_of("higher lower more less fewer greater larger smaller")


def check_change(claim: Parsed) -> Found:
    """Whether a number went the way it is said to have gone, and by as much."""
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
    return rounded_as(say, value, said, d.step, arithmetic, unit)


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


def check_comparison(claim: Parsed) -> Found:
    """Whether the higher number is the one that is said to be."""
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
    negated = not NOT.isdisjoint(claim.tokens.keys[claim.first : at])
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


def check_times(claim: Parsed) -> Found:
    """Whether a number is so many times another."""
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


def check_range(claim: Parsed) -> Found:
    """Whether a range ends above its beginning, and has its average within it."""
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


def check_interval(claim: Parsed) -> Found:
    """Whether an interval holds its own estimate."""
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
