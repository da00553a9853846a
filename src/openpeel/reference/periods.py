"""Months and the spans of them that figures are about. What is counted in a period is said elsewhere."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from functools import cache

from openpeel.errors import UseError

#: Not calendar.month_name: that follows the machine's locale, and a report does not.
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_FINANCIAL_YEAR = re.compile(r"([0-9]{4})/([0-9]{2})")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; months sort by time.

    Raises UseError when there is no such month.

    >>> str(Month(2021, 3))
    '2021-03'
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (MINYEAR <= self.year <= MAXYEAR and 1 <= self.month <= 12):
            raise UseError(
                f"expected a month from 1 to 12 of a year from {MINYEAR} to {MAXYEAR}, "
                f"got month {self.month} of year {self.year}"
            )

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as '2021-03'; UseError for anything else.

        >>> Month.parse("2021-03")
        Month(year=2021, month=3)
        """
        found = _MONTH.fullmatch(text)
        if found is None:
            raise UseError(f"expected a month such as '2021-03', got {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that `day` falls in."""
        return cls(day.year, day.month)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day, with leap years."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """The month in words: 'March 2021'."""
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    def next(self) -> Month:
        """The month after this one."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` to `end`, both included; periods sort by start, then by end.

    Raises UseError when the end is before the start.

    >>> Period.year_ending(date(2021, 3, 31)).label
    'the year ending 31 March 2021'
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UseError(f"expected a period that ends on or after its start, got {self}")

    @classmethod
    def month(cls, month: Month) -> Period:
        """The whole of one month."""
        return cls(month.start, month.end)

    @classmethod
    def year_ending(cls, end: date) -> Period:
        """The twelve months up to and including `end`, which must be the last day of a month.

        >>> str(Period.year_ending(date(2024, 2, 29)))
        '2023-03-01..2024-02-29'
        """
        last = Month.of(end)
        if end != last.end:
            raise UseError(f"expected the last day of a month, such as {last.end}, got {end}")
        first = Month(last.year, 1) if last.month == 12 else Month(last.year - 1, last.month + 1)
        return cls(first.start, end)

    @classmethod
    def financial_year(cls, text: str) -> Period:
        """The year from 1 April to 31 March written as '2022/23'; UseError for anything else.

        >>> str(Period.financial_year("2022/23"))
        '2022-04-01..2023-03-31'
        """
        found = _FINANCIAL_YEAR.fullmatch(text)
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            raise UseError(f"expected a financial year such as '2022/23', got {text!r}")
        return cls.year_ending(Month(int(found[1]) + 1, 3).end)

    @property
    def label(self) -> str:
        """The period in words, as it stands in a sentence of a report.

        'the year ending 31 March 2021' for twelve whole months, 'March 2021' for one, and otherwise
        '1 April 2020 to 30 September 2020'.
        """
        if self._whole_months:
            months = self.months()
            if len(months) == 12:
                return f"the year ending {_in_words(self.end)}"
            if len(months) == 1:
                return months[0].label
        return f"{_in_words(self.start)} to {_in_words(self.end)}"

    def year_before(self) -> Period:
        """The same days of the year before, in whole months.

        >>> str(Period.year_ending(date(2021, 2, 28)).year_before())
        '2019-03-01..2020-02-29'
        """
        first, last = self.months()[0], self.months()[-1]
        return Period(Month(first.year - 1, first.month).start, Month(last.year - 1, last.month).end)

    def months(self) -> tuple[Month, ...]:
        """The months of the period, in order; UseError when it begins or ends within a month.

        >>> [str(month) for month in Period(date(2020, 12, 1), date(2021, 1, 31)).months()]
        ['2020-12', '2021-01']
        """
        if not self._whole_months:
            around = Period(Month.of(self.start).start, Month.of(self.end).end)
            raise UseError(
                f"expected a period of whole months, got {self}.",
                advice=f"The whole months around it are {around}.",
            )
        return _months_between(Month.of(self.start), Month.of(self.end))

    @property
    def _whole_months(self) -> bool:
        return self.start == Month.of(self.start).start and self.end == Month.of(self.end).end

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"


def _in_words(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"


@cache
def _months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Asked for again and again with the same few months, once for each figure."""
    months = [first]
    while months[-1] != last:
        months.append(months[-1].next())
    return tuple(months)
