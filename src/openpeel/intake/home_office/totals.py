"""Whether the parts of a published table add up to the totals that are printed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpeel.intake.rows import counted

_SAME = 1e-6


@dataclass(frozen=True)
class Sum:
    """A printed total and the parts that it should be; None where a part is not given."""

    place: str
    printed: float
    parts: Sequence[float | None]


def difference(found: Sum) -> str:
    """What to say of a total that is not the sum of its parts; '' where it is.

    Each part and the total may be rounded by half of the last digit that any of them shows.
    """
    there = [p for p in found.parts if p is not None]
    added = sum(there)
    off = added - found.printed
    size = max(abs(found.printed), 1.0)
    if abs(off) <= _SAME * size:
        return ""
    missing = len(found.parts) - len(there)
    said = f"{found.place}: expected the sum of its {counted(len(there), 'part')}, {_shown(added)}, "
    said += f"got {_shown(found.printed)}"
    if missing:
        said += f" ({counted(missing, 'part')} not given)"
    digits = max(_digits(v) for v in (*there, found.printed))
    if abs(off) <= 0.5 * 10**-digits * (len(there) + 1):
        said += "; by no more than rounding makes"
    return said


def _digits(value: float) -> int:
    """Decimals as printed, up to two: what stands behind them is how a spreadsheet adds."""
    return next(d for d in (0, 1, 2) if d == 2 or abs(round(value, d) - value) < _SAME)


def _shown(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
