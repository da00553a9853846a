"""From printed cells to the values of a standard: codes, dates, numbers, blanks; and the rows that cannot be.

A label is looked up, never guessed; a blank stays a blank; the date is the one that is printed. A row is
rejected only where a value would have to be invented to keep it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf, isfinite
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openpeel.intake.columns import EXACT, Distinct, Mask, ReadTexts, by_text, numbers, texts, timestamps
from openpeel.intake.rows import RejectedRow, counted
from openpeel.intake.tally import TALLY
from openpeel.standards import UNRECOGNISED, Column, Standard, plain

_TIMESTAMP = re.compile(
    # Hours end at 23: some versions of Python take 24:00 for the next day, which is not the date printed.
    r"(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?)(?:Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
# A spreadsheet makes midnight of the first day of it.
_MONTH = re.compile(r"(\d{4})-(\d\d)(?:-01[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
# A spreadsheet that holds a day often writes midnight behind it.
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))", re.ASCII)

#: What may be repeated of a cell that is no date: nothing that a person could be known by is written so.
_DATE_LIKE = re.compile(r"\d{4}-\d\d(?:-\d\d[T ]\d\d:\d\d[\d:.+Z-]{,20})?", re.ASCII)
_DIGITS_AND_MARKS = re.compile(r"[\d\s:/.+TZ-]{,40}", re.ASCII)

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "month": pa.date32(),
    "number": pa.float64(),
    "whole": pa.int64(),
}

_EXPECTED = {
    "boolean": "True, False or a blank",
    "timestamp": "a date and time such as 2021-03-01T11:27:00+00:00",
    "date": "a day such as 2021-03-31",
    "month": "a month such as 2021-03",
    "number": "a number",
    "whole": "a whole number",
}

#: Years outside these are slips of a keyboard, such as 0201 or 2201.
_YEARS = range(1990, 2100)


class _NotOfTypeError(Exception):
    """The printed text is not a value of the column's type."""


@dataclass
class LabelCounts:
    """How often a column held a label that is in no code list, or one that is printed no longer."""

    unrecognised: Counter[str] = field(default_factory=Counter)
    superseded: Counter[str] = field(default_factory=Counter)

    def add(self, other: LabelCounts) -> None:
        """Count those of other rows too."""
        self.unrecognised.update(other.unrecognised)
        self.superseded.update(other.superseded)


@dataclass(frozen=True)
class CodedColumns:
    """Rows that were coded column by column: the values of the accepted ones, in the types of the lake.

    `accepted` says of each row whether it was (None: all were); `labels` are those of accepted rows.
    """

    values: dict[str, pa.Array]
    accepted: Mask | None
    rejected: list[RejectedRow]
    labels: LabelCounts


def schema(standard: Standard) -> pa.Schema:
    """The columns of a record in the lake: the standard's own, then those that intake adds."""
    own = [pa.field(c.name, ARROW_TYPES[c.type]) for c in standard.columns]
    added = [
        pa.field("force", pa.string()),
        pa.field("record_month", pa.date32()),
        pa.field("tally", pa.int32()),
        pa.field("duplicate", pa.bool_()),
        pa.field("source", pa.int16()),
        pa.field("row", pa.int32()),
    ]
    return pa.schema([*own, *added])


class Coder:
    """Turns the rows of one file into columns of a standard.

    `order` says for each column of the standard at which position of a row it stands, or None where the
    file has no such column; the column `tally` may be among them.
    """

    def __init__(self, standard: Standard, order: Sequence[tuple[str, int | None]]) -> None:
        self.standard = standard
        self.labels = LabelCounts()
        self._columns = [
            (TALLY if name == TALLY.name else standard.column(name), position) for name, position in order
        ]
        self._codes: dict[str, Callable[[Sequence[str]], list[Any]]] = {}
        self._superseded: dict[str, frozenset[str]] = {}
        self._readers = [self._reader(column) for column, _ in self._columns]

    def code(
        self, rows: list[list[str]], numbers: Sequence[int]
    ) -> tuple[dict[str, list[Any]], list[int], list[RejectedRow]]:
        """Code rows of equal length, cell by cell.

        Returns the accepted values by column, the positions in `rows` of the accepted rows, and the
        rejected rows with the first column that was wrong. Every row is in one of the two.
        """
        try:
            return self._code_all(rows), list(range(len(rows))), []
        except _NotOfTypeError:
            return self._code_one_by_one(rows, numbers)

    def code_columns(self, columns: Sequence[pa.Array], first_row: int) -> CodedColumns:
        """Code the same rows given as the columns of the file, text without nulls; as `code` would, but faster.

        Changes nothing here, so that several threads may call it: `labels` of what it returns are not counted yet.
        """
        rows = len(columns[0])
        values: dict[str, pa.Array] = {}
        labelled: list[tuple[Column, Distinct]] = []
        wrong: Mask | None = None
        for (column, position), read in zip(self._columns, self._readers, strict=True):
            if position is None:
                values[column.name] = pa.nulls(rows, ARROW_TYPES[column.type])
                column_wrong = np.ones(rows, np.bool_) if column.required else None
            else:
                values[column.name], column_wrong = _code_column(column, columns[position], read, labelled)
            if column_wrong is not None and column_wrong.any():
                wrong = column_wrong if wrong is None else wrong | column_wrong
        accepted = None if wrong is None else ~wrong
        labels = LabelCounts()
        for column, distinct in labelled:
            self._count(column, distinct.texts, distinct.times(accepted), labels)
        rejected: list[RejectedRow] = []
        if wrong is not None:
            kept = pa.array(accepted)
            values = {name: column.filter(kept) for name, column in values.items()}
            places = np.flatnonzero(wrong)
            cells = zip(*(column.take(pa.array(places)).to_pylist() for column in columns), strict=True)
            found = (self._wrong(row, first_row + int(p)) for row, p in zip(cells, places, strict=True))
            rejected = [row for row in found if row is not None]
            if len(rejected) != len(places):
                raise AssertionError("columns and rows were read differently")
        return CodedColumns(values, accepted, rejected, labels)

    def _code_all(self, rows: list[list[str]]) -> dict[str, list[Any]]:
        cells = list(zip(*rows, strict=True)) if rows else [() for _ in self._columns]
        values: dict[str, list[Any]] = {}
        for (column, position), read in zip(self._columns, self._readers, strict=True):
            printed = cells[position] if position is not None else ("",) * len(rows)
            values[column.name] = read(printed)
        for column, position in self._columns:
            if column.codes is not None and position is not None:
                different = Counter(cells[position])
                self._count(column, list(different), list(different.values()), self.labels)
        return values

    def _code_one_by_one(
        self, rows: list[list[str]], numbers: Sequence[int]
    ) -> tuple[dict[str, list[Any]], list[int], list[RejectedRow]]:
        rejected: list[RejectedRow] = []
        accepted: list[int] = []
        for i, row in enumerate(rows):
            wrong = self._wrong(row, numbers[i])
            if wrong is None:
                accepted.append(i)
            else:
                rejected.append(wrong)
        return self._code_all([rows[i] for i in accepted]), accepted, rejected

    def _wrong(self, row: Sequence[str], number: int) -> RejectedRow | None:
        """What is wrong with the first column that is; None where the row can be taken."""
        for (column, position), read in zip(self._columns, self._readers, strict=True):
            text = row[position] if position is not None else ""
            try:
                read((text,))
            except _NotOfTypeError:
                return RejectedRow(number, column.title, expectation(column), described(text, column))
        return None

    def _reader(self, column: Column) -> Callable[[Sequence[str]], list[Any]]:
        read = _READERS.get(column.type) or self._code_reader(column)
        if column.least is not None or column.most is not None:
            read = _within(read, column.least, column.most)
        return _all_there(read) if column.required else read

    def _code_reader(self, column: Column) -> Callable[[Sequence[str]], list[Any]]:
        if column.codes is None:
            raise TypeError(f"column {column.name} is a code without a code list")
        known: dict[str, str | None] = {"": None, **column.codes.by_label()}
        by_plain = {plain(label): code for label, code in known.items()}
        self._superseded[column.name] = column.codes.superseded_labels()

        def read(printed: Sequence[str]) -> list[Any]:
            try:
                return [known[text] for text in printed]
            except KeyError:
                return [known.get(text, by_plain.get(plain(text), UNRECOGNISED)) for text in printed]

        self._codes[column.name] = read
        return read

    def _count(
        self,
        column: Column,
        labels: Sequence[str],
        times: Sequence[int] | NDArray[np.int64],
        into: LabelCounts,
    ) -> None:
        """Count the labels of a column, each of which stands there so many times."""
        superseded = self._superseded[column.name]
        for label, code, n in zip(labels, self._codes[column.name](labels), times, strict=True):
            if code == UNRECOGNISED and n:
                into.unrecognised[column.name] += int(n)
            if label in superseded and n:
                into.superseded[column.name] += int(n)


def _read_texts(read: Callable[[Sequence[str]], list[Any]]) -> ReadTexts:
    """A reader of texts that says which of them are wrong instead of giving up."""

    def each(printed: Sequence[str]) -> tuple[list[Any], Sequence[bool] | None]:
        try:
            return read(printed), None
        except _NotOfTypeError:
            pass
        values: list[Any] = []
        wrong: list[bool] = []
        for text in printed:
            try:
                values += read((text,))
                wrong.append(False)
            except _NotOfTypeError:
                values.append(None)
                wrong.append(True)
        return values, wrong

    return each


def _code_column(
    column: Column,
    cells: pa.Array,
    read: Callable[[Sequence[str]], list[Any]],
    labelled: list[tuple[Column, Distinct]],
) -> tuple[pa.Array, Mask | None]:
    kind, each = ARROW_TYPES[column.type], _read_texts(read)
    if column.type == "text":
        return texts(cells, each)
    if column.type == "timestamp":
        return timestamps(cells, kind, each)
    if column.type in ("number", "whole"):
        low, high = (
            (-inf if column.least is None else column.least),
            (inf if column.most is None else column.most),
        )
        return numbers(cells, kind, low, high, required=column.required, read=each)
    distinct = Distinct(cells)
    if column.codes is not None:
        labelled.append((column, distinct))
    return by_text(distinct, kind, each)


def expectation(column: Column) -> str:
    """What a cell of this column should hold, in words."""
    if column.type in _EXPECTED:
        said = _EXPECTED[column.type]
        if column.least is not None and column.most is not None:
            return f"{said} from {column.least:,.15g} to {column.most:,.15g}"
        if column.least is not None:
            return f"{said} of {column.least:,.15g} or more"
        return f"{said} of {column.most:,.15g} or less" if column.most is not None else said
    return f"a value of the list '{column.codes.title}'" if column.codes else "a value"


def described(text: str, column: Column) -> str:
    """What came, so that it can be found in the file without repeating anything personal.

    Only what is written like a date and time, or a month, is repeated. Cells that slipped by one column put
    a latitude, an age or a telephone number where a date should be: of those only the form is told.
    """
    if not text.strip():
        return "a blank"
    if column.type == "whole" and _too_large(text):
        return "a number too large to be kept exactly"
    if not column.personal and _DATE_LIKE.fullmatch(text):
        return f"'{text}'"
    if not column.personal and _DIGITS_AND_MARKS.fullmatch(text):
        return "text of the form '" + re.sub(r"\d", "#", text) + "'"
    return f"text of {counted(len(text), 'character')}"


def _texts(printed: Sequence[str]) -> list[Any]:
    return [text if text.strip() else None for text in printed]


_BOOLEANS = {"": None, "true": True, "false": False}


def _booleans(printed: Sequence[str]) -> list[Any]:
    try:
        known = {text: _BOOLEANS[plain(text)] for text in set(printed)}
    except KeyError:
        raise _NotOfTypeError from None
    return [known[text] for text in printed]


def _timestamps(printed: Sequence[str]) -> list[Any]:
    return [_timestamp(text.strip()) for text in printed]


def _timestamp(text: str) -> datetime | None:
    """The date and time as printed. An offset is not applied: '23:30+00:00' on 31 March stays in March."""
    if not text:
        return None
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise _NotOfTypeError
    try:
        found = datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        raise _NotOfTypeError from None
    if found.year not in _YEARS:
        raise _NotOfTypeError
    return found


def _months(printed: Sequence[str]) -> list[Any]:
    known = {text: _month(text.strip()) for text in set(printed)}
    return [known[text] for text in printed]


def _month(text: str) -> date | None:
    if not text:
        return None
    match = _MONTH.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS or not 1 <= int(match[2]) <= 12:
        raise _NotOfTypeError
    return date(int(match[1]), int(match[2]), 1)


def _numbers(printed: Sequence[str]) -> list[Any]:
    try:
        values = [float(text) if text.strip() else None for text in printed]
    except ValueError:
        raise _NotOfTypeError from None
    # Python's float also takes 'nan', 'inf' and '1_000', which no publisher means.
    if any("_" in text for text in printed) or not all(v is None or isfinite(v) for v in values):
        raise _NotOfTypeError
    return values


def _wholes(printed: Sequence[str]) -> list[Any]:
    # '12.0' is what spreadsheets make of 12, and '1,200' of 1200; '12.5' is no whole number.
    values = _numbers([_THOUSANDS.sub("", text) for text in printed])
    if any(v is not None and (abs(v) >= EXACT or v != int(v)) for v in values):
        raise _NotOfTypeError
    return [None if v is None else int(v) for v in values]


def _too_large(text: str) -> bool:
    try:
        return any(c.isdigit() for c in text) and abs(float(_THOUSANDS.sub("", text))) >= EXACT
    except ValueError:
        return False


def _dates(printed: Sequence[str]) -> list[Any]:
    known = {text: _date(text.strip()) for text in set(printed)}
    return [known[text] for text in printed]


def _date(text: str) -> date | None:
    """A day as ISO 8601 writes it, or as most spreadsheets here do, 31/03/2021; never 03/31/2021."""
    if not text:
        return None
    iso, british = _DAY.fullmatch(text), _BRITISH_DAY.fullmatch(text)
    try:
        if iso is not None:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif british is not None:
            found = date(int(british[3]), int(british[2]), int(british[1]))
        else:
            raise _NotOfTypeError
    except ValueError:
        raise _NotOfTypeError from None
    if found.year not in _YEARS:
        raise _NotOfTypeError
    return found


def _within(
    read: Callable[[Sequence[str]], list[Any]], least: float | None, most: float | None
) -> Callable[[Sequence[str]], list[Any]]:
    low, high = (-inf if least is None else least), (inf if most is None else most)

    def bounded(printed: Sequence[str]) -> list[Any]:
        values = read(printed)
        if not all(v is None or low <= v <= high for v in values):
            raise _NotOfTypeError
        return values

    return bounded


def _all_there(read: Callable[[Sequence[str]], list[Any]]) -> Callable[[Sequence[str]], list[Any]]:
    def strictly(printed: Sequence[str]) -> list[Any]:
        values = read(printed)
        if None in values:
            raise _NotOfTypeError
        return values

    return strictly


_READERS: dict[str, Callable[[Sequence[str]], list[Any]]] = {
    "text": _texts,
    "boolean": _booleans,
    "timestamp": _timestamps,
    "date": _dates,
    "month": _months,
    "number": _numbers,
    "whole": _wholes,
}
