"""Shares, counts, money and rates: whether a claim agrees with the counts that it gives itself."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.found import (
    LOOSE,
    LOOSE_FRACTION,
    Found,
    agrees,
    more_than_whole,
    printed,
    rounded_as,
    shown,
)
from openpeel.claims.hedges import Hedge, allows, hedge_before
from openpeel.claims.numbers import Kind, Number
from openpeel.claims.parse import Parsed
from openpeel.claims.rounding import Between, meant, measured, rounded, rule_behind


def check_share(claim: Parsed) -> Found:
    """Whether the share is that of its counts."""
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
        return more_than_whole(say, a, b)
    value = 100 * Fraction(a.value) / Fraction(b.value)
    hedge = hedge_before(claim.tokens, at)
    arithmetic = f"{a.value:,} ÷ {b.value:,} = {shown(value)} percent"
    if loose or hedge is not Hedge.none:
        reach = LOOSE_FRACTION if loose and hedge is Hedge.none else LOOSE
        fits = abs(value - said) <= reach if hedge is Hedge.none else allows(hedge, said, value, reach)
        fits = fits or (not loose and agrees(hedge, said, value, step))
        if fits:
            return Found(say, Verdict.holds, arithmetic)
        because = f"{hedge} {words}".strip() + f" is said, and {arithmetic}"
        return Found(say, Verdict.contradicts, arithmetic, because, f"{shown(value, 1)} percent")
    return rounded_as(say, value, Fraction(said), step, arithmetic, " percent", _hidden(a) or _hidden(b))


def _majority(a: Number, b: Number) -> Found:
    say = f"majority: {printed(a)} of {printed(b)}"
    if b.value <= 0 or a.value > b.value:
        return more_than_whole(say, a, b)
    arithmetic = f"{a.value:,} ÷ {b.value:,} = {shown(100 * Fraction(a.value) / Fraction(b.value))} percent"
    if 2 * a.value > b.value:
        return Found(say, Verdict.holds, arithmetic)
    return Found(say, Verdict.contradicts, arithmetic, f"a majority is said, and {arithmetic}")


def _hidden(number: Number) -> bool:
    """Whether a count was rounded, as '1.2 million' was."""
    return number.scale != 1


def check_count_of(claim: Parsed) -> Found:
    """Whether the part is no more than its whole; more cannot be told."""
    a, b = claim.amount("a"), claim.amount("b")
    say = f"{printed(a)} of {printed(b)}"
    return more_than_whole(say, a, b) if a.value > b.value else Found(say)


def check_of_count(claim: Parsed) -> Found:
    """Whether some whole number of the count is the percentage."""
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
            return rounded_as(say, value, Fraction(p.value), p.step, arithmetic, " percent")
    arithmetic = "; ".join(f"{n:,} ÷ {b.value:,} = {shown(value)} percent" for n, value in each.items())
    because = f"no whole number of {printed(b)} is {printed(p)}"
    return Found(say, Verdict.contradicts, arithmetic, because)


def check_money(claim: Parsed) -> Found:
    """Whether a sum is the percentage of another; one that is said elsewhere is looked for in between.py."""
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
        if allows(hedge, Fraction(p.value), value, LOOSE) or agrees(hedge, Fraction(p.value), value, p.step):
            return Found(say, Verdict.holds, arithmetic)
        return Found(say, Verdict.contradicts, arithmetic, f"{hedge} {printed(p)} is said, and {arithmetic}")
    quotient = meant(x).divided_by(meant(y))
    can_be = Between(100 * quotient.lower, 100 * quotient.upper)
    if can_be.overlaps(measured(p)):
        return Found(say, Verdict.holds, arithmetic)
    return rounded_as(say, value, Fraction(p.value), p.step, arithmetic, " percent")


def check_rate(claim: Parsed) -> Found:
    """Whether a rate is that of its count and population, where it gives them."""
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
    return rounded_as(say, value, said, r.step, arithmetic, f" per {printed(base)}")


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
