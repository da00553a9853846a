"""Periods as prose names them: 'the year ending 31 March 2023', 'between January and May 2024', 'in 2022/23'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openpeel.errors import UseError
from openpeel.reference.periods import MONTH_NAMES, Month, Period

_MONTH = "|".join(MONTH_NAMES)
_NAMES = _MONTH.split("|")
_DAY = r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?"
_YEAR_ENDING = re.compile(
    rf"\b(?i:year|12\s+months|twelve\s+months)\s+(?:ending|ended|to|up\s+to)\s+(?:the\s+end\s+of\s+)?"
    rf"{_DAY}({_MONTH})\s+(\d{{4}})\b"
)
_SPAN = re.compile(
    rf"\b(?i:between|from)\s+{_DAY}({_MONTH})(?:\s+(\d{{4}}))?\s+(?:and|to|until|up\s+to)\s+"
    rf"{_DAY}({_MONTH})\s+(\d{{4}})\b"
    rf"|\b{_DAY}({_MONTH})(?:\s+(\d{{4}}))?\s+to\s+{_DAY}({_MONTH})\s+(\d{{4}})\b"
)
_FINANCIAL = re.compile(r"\b(20\d{2})\s?[/–-]\s?(?:20)?(\d{2})\b(?![/–-])")
_SINCE = re.compile(rf"\bsince\s+({_MONTH})\s+(\d{{4}})\b", re.IGNORECASE)
_OPEN = re.compile(rf"\b(?i:since|by|until|before|after)\s+{_DAY}(?:(?:{_MONTH})\s+)?\d{{4}}\b")
_DAY_OF = re.compile(
    rf"\b(?i:on|at|as\s+at|as\s+of)\s+(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\s+(\d{{4}})\b"
)
_IN_MONTH = re.compile(rf"\b(?:in|during|for|end\s+of)\s+({_MONTH})\s+(\d{{4}})\b", re.IGNORECASE)
_IN_YEAR = re.compile(r"\b(?:in|during|throughout)\s+(20\d{2})\b(?!\s?[/–-]\s?\d)", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:the\s+)?(?:previous|prior|preceding)\s+year\b|\bthe\s+year\s+before\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Mention:
    """Where a period is named (`start` to `end` of the prose), and which it is; None where it cannot be told.

    `last` is its last month: what is counted at the end of a period needs no more. Days that begin or end within a
    month have only that.
    """

    start: int
    end: int
    period: Period | None
    last: Month | None


def mentions(text: str, before: Period | None = None) -> list[Mention]:
    """The periods named in a text, in its order; `before` is the last one named before it.

    >>> [str(m.period) for m in mentions("In the year ending 31 March 2023, and the previous year")]
    ['2022-04-01..2023-03-31', '2021-04-01..2022-03-31']
    """
    found: list[tuple[re.Match[str], _Read]] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if all(match.end() <= other.start() or other.end() <= match.start() for other, _ in found):
                found.append((match, read))
    named: list[Mention] = []
    last = before
    for match, read in sorted(found, key=lambda one: one[0].start()):
        try:
            period, month = read(match)
        except (UseError, ValueError):  # no such day, or a year that does not end with a month
            period = month = None
        if match.re is _BEFORE and last is not None:
            period = last.year_before()
            month = Month.of(period.end)
        last = period or last
        named.append(Mention(match.start(), match.end(), period, month))
    return named


def _is_whole(period: Period) -> bool:
    return period.start == Month.of(period.start).start and period.end == Month.of(period.end).end


def _month(name: str, year: str) -> Month:
    return Month(int(year), _NAMES.index(name.capitalize()) + 1)


def _year_ending(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    month = _month(match[2], match[3])
    if match[1] and int(match[1]) != month.end.day:
        return None, None
    return Period.year_ending(month.end), month


def _span(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    day, name, year, last_day, last_name, last_year = match.groups()[:6] if match[2] else match.groups()[6:]
    first, last = _month(name, year or last_year), _month(last_name, last_year)
    start = date(first.year, first.month, int(day)) if day else first.start
    end = date(last.year, last.month, int(last_day)) if last_day else last.end
    period = Period(start, end)
    return (period if _is_whole(period) else None), last


def _financial(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    period = Period.financial_year(f"{match[1]}/{match[2]}")
    return period, Month.of(period.end)


def _day(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    month = _month(match[2], match[3])
    return None, month if int(match[1]) == month.end.day else None


def _in_month(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    month = _month(match[1], match[2])
    return Period.month(month), month


def _in_year(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    last = Month(int(match[1]), 12)
    return Period.year_ending(last.end), last


def _since(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    first = _month(match[1], match[2])
    # Until when is not said; the year that begins then is the nearest that could be held.
    return None, Month(first.year, 12) if first.month == 1 else Month(first.year + 1, first.month - 1)


def _not_told(match: re.Match[str]) -> tuple[Period | None, Month | None]:
    return None, None


_Read = Callable[[re.Match[str]], tuple[Period | None, Month | None]]
#: Tried in this order; what one of them has taken, a later one leaves alone.
_READERS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (_YEAR_ENDING, _year_ending),
    (_SPAN, _span),
    (_SINCE, _since),
    (_OPEN, _not_told),
    (_FINANCIAL, _financial),
    (_DAY_OF, _day),
    (_IN_MONTH, _in_month),
    (_IN_YEAR, _in_year),
    (_BEFORE, _not_told),
)
