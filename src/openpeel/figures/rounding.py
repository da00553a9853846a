"""How values are rounded and printed: one decimal for shares, rates and ratios, whole numbers for counts.

Halves go up, as a reader does it by hand: 12.25 percent is printed 12.3. One decimal is what the
inspectorate's reports print for percentages and ratios.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

#: Printed where there is no value.
NO_VALUE = "–"

#: A unit that is not here counts things, in whole numbers.
_DECIMALS = {
    "percent": 1,
    "per 1,000 population": 1,
    "per 100,000 population": 1,
    "ratio": 1,
    "seconds": 0,
    "minutes": 1,
    "days": 1,
}
_TIMES = ("minutes", "days")
#: Money is printed in thousands or to a tenth of a million, as the inspectorate does.
_POUNDS = ("GBP", "GBP per 1,000 population")


def rounded(value: float, decimals: int) -> Decimal:
    """The value with so many decimals, halves up.

    The shortest decimal that names the float is rounded, so 16.35 becomes 16.4 although the nearest float lies
    just below it.

    >>> rounded(16.35, 1), rounded(2.5, 0)
    (Decimal('16.4'), Decimal('3'))
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: float | None, unit: str) -> str:
    """The printed number without its unit: '1,234', '64.0'.

    >>> number(1233.6, "searches"), number(None, "percent")
    ('1,234', '–')
    """
    if value is None:
        return NO_VALUE
    if unit in _POUNDS:
        return _pounds(value)
    # A tenth of a minute says something of a mean, and nothing of a million minutes.
    large = unit in _TIMES and abs(value) >= 1_000
    return f"{rounded(value, 0 if large else _DECIMALS.get(unit, 0)):,}"


def _pounds(value: float) -> str:
    if abs(value) >= 1_000_000:
        return f"£{rounded(value / 1_000_000, 1):,}m"
    return f"£{rounded(value / 1_000, 0):,}k" if abs(value) >= 10_000 else f"£{rounded(value, 0):,}"


def shown(value: float | None, unit: str) -> str:
    """The printed number with what belongs to it: '64.0%', '3.4 times', '5.7'.

    >>> shown(64.04, "percent"), shown(3.44, "ratio"), shown(5.7, "per 1,000 population")
    ('64.0%', '3.4 times', '5.7')
    """
    printed = number(value, unit)
    if value is None:
        return printed
    return printed + {"percent": "%", "ratio": " times"}.get(unit, "")


def closely(value: float | None, unit: str, apart: float | None) -> str:
    """The printed number without its unit, with decimals enough to tell values apart that lie `apart` from another.

    For limits and months, which may be closer to one another than forces are. Never fewer than `number` prints.

    >>> closely(0.5437, "per 1,000 population", 0.07), closely(64.04, "percent", 12.0), closely(None, "percent", 1.0)
    ('0.544', '64.0', '–')
    """
    printed = number(value, unit)
    if value is None or not apart or unit in _POUNDS:
        return printed
    decimals = math.ceil(1 - math.log10(abs(apart)))
    return printed if decimals <= _DECIMALS.get(unit, 0) else f"{rounded(value, min(decimals, 9)):,}"
