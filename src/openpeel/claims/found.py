"""What came of a claim, and how a value is set beside the number that was printed for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.hedges import Hedge
from openpeel.claims.numbers import Number
from openpeel.claims.rounding import rounded, rule_behind

#: How far from a share 'around' and 'nearly' may be, and a fraction in words ('a third'), in percentage points.
LOOSE = Fraction(5)
LOOSE_FRACTION = Fraction(3)


@dataclass(frozen=True)
class Found:
    """What came of a claim; the fields are those of `Checked`, and `said` that of `Claim`."""

    said: str
    verdict: Verdict = Verdict.cannot_be_checked
    arithmetic: str = ""
    because: str = ""
    right: str = ""
    rule: str = ""


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


def more_than_whole(say: str, a: Number, b: Number) -> Found:
    """A part that is larger than its whole."""
    because = f"{printed(a)} is more than {printed(b)}, of which it is said to be a part"
    return Found(say, Verdict.contradicts, f"{a.value:,} > {b.value:,}", because)


def agrees(hedge: Hedge, said: Fraction, value: Fraction, step: Decimal) -> bool:
    """Whether 'around 64 percent' is the right rounding of what it is around."""
    return hedge is Hedge.around and abs(value - said) <= Fraction(step) / 2


def rounded_as(
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
    if right == given or (rounded_parts and abs(value - said) <= Fraction(step)):
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
