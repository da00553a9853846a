"""Periods as analysts write them, and as a new round moves them on."""

from __future__ import annotations

import re
from datetime import date

from openpeel.errors import UseError
from openpeel.reference.periods import MONTH_NAMES, Month, Period

#: A round is twice a year.
MONTHS_BETWEEN_ROUNDS = 6

_DAY = re.compile(r"(?:(\d{1,2})\s+)?([a-z]+)\s+(\d{4})")
_ADVICE = "Write 'year ending 31 March 2026', 'April 2025 to March 2026' or '2025-04 to 2026-03'."


def read_period(text: str) -> Period:
    """The period that somebody wrote. Raises UseError, saying how to write one.

    >>> read_period("year ending March 2026").label
    'the year ending 31 March 2026'
    >>> read_period("2025-04 to 2025-09").label
    '1 April 2025 to 30 September 2025'
    """
    plain = " ".join(text.casefold().replace("..", " to ").split()).removeprefix("the ")
    try:
        if re.fullmatch(r"\d{4}/\d{2}", plain):
            return Period.financial_year(plain)
        if plain.startswith("year ending "):
            return Period.year_ending(_day(plain.removeprefix("year ending "), last=True))
        first, _, last = plain.partition(" to ")
        period = Period(_day(first, last=False), _day(last or first, last=True))
        period.months()
    except UseError as error:
        raise UseError(
            f"'{text}' is no period that can be asked about: {error.message}", advice=_ADVICE
        ) from None
    return period


def written(period: Period) -> str:
    """A period as `read_period` reads it."""
    return period.label.removeprefix("the ")


def moved_on(period: Period, months: int = MONTHS_BETWEEN_ROUNDS) -> Period:
    """A period of whole months, so many months later.

    >>> moved_on(read_period("year ending 31 August 2025")).label
    'the year ending 28 February 2026'
    """
    return Period(_later(Month.of(period.start), months).start, _later(Month.of(period.end), months).end)


def day_moved_on(day: date, months: int = MONTHS_BETWEEN_ROUNDS) -> date:
    """The same day of the month, so many months later, or the last day of a month that has no such day."""
    month = _later(Month.of(day), months)
    return date(month.year, month.month, min(day.day, month.end.day))


def _later(month: Month, months: int) -> Month:
    count = month.year * 12 + month.month - 1 + months
    return Month(count // 12, count % 12 + 1)


def _day(text: str, *, last: bool) -> date:
    """A day, or the first or last day of a month: '31 March 2026', 'March 2026', '2026-03', '2026-03-31'."""
    if re.fullmatch(r"\d{4}-\d{2}", text):
        month = Month.parse(text)
        return month.end if last else month.start
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        found = _DAY.fullmatch(text)
        if found is None:
            raise UseError(f"expected a month or a day, got '{text}'")
        number, name, year = found.groups()
        months = [i for i, m in enumerate(MONTH_NAMES, 1) if len(name) >= 3 and m.casefold().startswith(name)]
        if not months:
            raise UseError(f"there is no month '{name}'")
        month = Month(int(year), months[0])
        return date(month.year, month.month, int(number)) if number else (month.end if last else month.start)
    except ValueError:
        raise UseError(f"there is no day '{text}'") from None
