"""The values that spreadsheets and Parquet files hold, as the text that a CSV file would hold of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

#: Up to here every whole number has a float of its own.
_EXACT = 2**53


def number_text(value: float) -> str:
    """A number without the '.0' that a spreadsheet or a data frame puts behind a whole one.

    >>> number_text(12.0), number_text(0.1), number_text(1e300)
    ('12', '0.1', '1e+300')
    """
    return str(int(value)) if -_EXACT < value < _EXACT and value == int(value) else repr(value)


def moment_text(value: datetime) -> str:
    """A date and time with as many digits of a second as there are.

    >>> moment_text(datetime(2021, 3, 1, 11, 27)), moment_text(datetime(2021, 3, 1, 11, 27, 0, 500000))
    ('2021-03-01T11:27:00', '2021-03-01T11:27:00.500000')
    """
    return value.isoformat()


def day_text(value: date) -> str:
    """A day of a spreadsheet, which may be midnight of that day: a spreadsheet does not tell the two apart.

    >>> day_text(date(2021, 3, 1))
    '2021-03-01T00:00:00'
    """
    return f"{value.isoformat()}T00:00:00"


def span_text(value: timedelta) -> str:
    """A length of time, of 24 hours or more.

    >>> span_text(timedelta(hours=30, minutes=5))
    '30:05:00'
    """
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: str,
    int: str,
    float: number_text,
    Decimal: lambda value: format(value, "f"),
    datetime: moment_text,
    date: day_text,
    time: time.isoformat,
    timedelta: span_text,
    type(None): lambda _: "",
}


def cell_text(value: Any) -> str:
    """What a CSV file would hold of a cell.

    >>> cell_text(12.0), cell_text(True), cell_text("007"), cell_text(date(2021, 3, 1))
    ('12', 'True', '007', '2021-03-01T00:00:00')
    """
    return _TEXTS[type(value)](value)


def cell_name(row: int, column: int) -> str:
    """The name of a cell of a spreadsheet; rows and columns are counted from 0.

    >>> cell_name(0, 0), cell_name(6, 27)
    ('A1', 'AB7')
    """
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
