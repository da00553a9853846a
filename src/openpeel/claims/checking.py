"""A claim by itself: which function checks which kind. What two claims say of one another is in between.py."""

from __future__ import annotations

from collections.abc import Callable

from openpeel.claims.adding import check_absolute, check_parts
from openpeel.claims.comparing import check_change, check_comparison, check_interval, check_range, check_times
from openpeel.claims.found import Found, printed
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.parse import Parsed
from openpeel.claims.shares import check_count_of, check_money, check_of_count, check_rate, check_share


def check_alone(claim: Parsed) -> Found:
    """What is found when nothing but the claim itself is looked at."""
    return _CHECKS[claim.kind](claim)


def _lone(claim: Parsed) -> Found:
    return Found(printed(claim.number("p") or claim.number("x") or claim.amount("n")))


_CHECKS: dict[ClaimKind, Callable[[Parsed], Found]] = {
    ClaimKind.share: check_share,
    ClaimKind.count_of: check_count_of,
    ClaimKind.of_count: check_of_count,
    ClaimKind.money: check_money,
    ClaimKind.rate: check_rate,
    ClaimKind.change: check_change,
    ClaimKind.comparison: check_comparison,
    ClaimKind.times: check_times,
    ClaimKind.range: check_range,
    ClaimKind.interval: check_interval,
    ClaimKind.parts: check_parts,
    ClaimKind.absolute: check_absolute,
    ClaimKind.percentage: _lone,
    ClaimKind.amount: _lone,
}
