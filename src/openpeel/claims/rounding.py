"""What a printed number can stand for, and which rule of rounding prints a value so. Exact: fractions, no floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from openpeel.claims.numbers import Kind, Number

#: The rules other than halves up by which a number may have been printed, as a message names them.
RULES = {
    "halves to even": ROUND_HALF_EVEN,
    "halves down": ROUND_HALF_DOWN,
    "truncation": ROUND_FLOOR,
    "rounding up": ROUND_CEILING,
}


@dataclass(frozen=True)
class Between:
    """The values from `lower` to `upper`, both of them included."""

    lower: Fraction
    upper: Fraction

    def overlaps(self, other: Between) -> bool:
        """Whether some value lies in both."""
        return self.lower <= other.upper and other.lower <= self.upper

    def both(self, other: Between) -> Between | None:
        """The values that lie in both, None where there are none."""
        lower, upper = max(self.lower, other.lower), min(self.upper, other.upper)
        return Between(lower, upper) if lower <= upper else None

    def divided_by(self, other: Between) -> Between:
        """The quotients of what is in one by what is in the other, both above 0."""
        return Between(self.lower / other.upper, self.upper / other.lower)


def rounded(value: Fraction, step: Decimal, rule: str = ROUND_HALF_UP) -> Decimal:
    """The value to the nearest `step`.

    >>> rounded(Fraction(8600, 529), Decimal("0.1")), rounded(Fraction(8600, 529), Decimal("0.1"), ROUND_FLOOR)
    (Decimal('16.3'), Decimal('16.2'))
    """
    steps = value / Fraction(step)
    # Exact where it matters: halves are found on the fraction, not on a decimal that was cut off.
    whole, rest = steps.numerator // steps.denominator, steps - steps.numerator // steps.denominator
    tail = Decimal(0)
    if rest:
        half = Fraction(1, 2)
        tail = Decimal("0.5") if rest == half else Decimal("0.25") if rest < half else Decimal("0.75")
    return (Decimal(whole) + tail).quantize(Decimal(1), rule) * step


def rule_behind(value: Fraction, printed: Decimal, step: Decimal) -> str:
    """The rule, other than halves up, by which the value would be printed so; '' where there is none.

    >>> rule_behind(Fraction(8600, 529), Decimal("16.2"), Decimal("0.1"))
    'truncation'
    """
    return next((name for name, rule in RULES.items() if rounded(value, step, rule) == printed), "")


def meant(number: Number) -> Between:
    """The values that are printed as this number by some rule that rounds to the nearest.

    A count is what it says. Money, shares and rates may be up to half a step away; and whole money that ends in noughts
    was rounded to them.
    """
    value = Fraction(number.value)
    half = Fraction(number.step) / 2
    if number.kind is Kind.money and number.scale == 1 and number.decimals == 0:
        half = _noughts(number.value) / 2
    elif number.kind in (Kind.plain, Kind.word, Kind.range) and number.decimals == 0 and number.scale == 1:
        half = Fraction(0)
    return Between(value - half, value + half)


def measured(number: Number) -> Between:
    """As `meant`, for a number that is measured and not counted, such as a rate: whole numbers are rounded too."""
    half = Fraction(number.step) / 2
    if number.kind is Kind.money and number.scale == 1 and number.decimals == 0:
        half = _noughts(number.value) / 2
    return Between(Fraction(number.value) - half, Fraction(number.value) + half)


def _noughts(value: Decimal) -> Fraction:
    """The power of ten by which a whole number can be divided, at most a thousand."""
    step = 1
    while step < 1000 and value and value % (step * 10) == 0:
        step *= 10
    return Fraction(step)
