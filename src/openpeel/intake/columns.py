"""Whole columns of printed cells into values at once, with the same result as cell by cell.

What a cell means is decided in `coding.py` alone: here each different text is read there once. Only where nearly every
cell is another, in times and numbers, the common ways to write them are read at once; any other cell is read there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from openpeel.intake.row_hashes import as_rows, words_of

Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]

#: Reads different texts: their values, and which of them are no value of the column (None: all are).
ReadTexts = Callable[[Sequence[str]], tuple[list[Any], Sequence[bool] | None]]

#: Below this a whole number is the same whether it went through a float or not; none that is not is taken.
EXACT = 2.0**53

_IS_NUMERIC = np.isin(np.arange(256), np.frombuffer(b"0123456789.-", np.uint8))
_SIMPLE_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"

#: Days since 1970 of the first of each month from 1990 to 2099, and how many days the month has.
_FIRSTS: NDArray[np.int64] = (
    np.arange("1990-01", "2100-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
)
_FIRST_DAY, _DAYS_IN = _FIRSTS[:-1], _FIRSTS[1:] - _FIRSTS[:-1]

#: For each day from 1990 to 2099 the first of its month.
_FIRST_OF = np.repeat(_FIRST_DAY, _DAYS_IN).astype(np.int32)

#: The times that those days begin and end with.
_FIRST_MOMENT, _AFTER_LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)

#: How long a time is that can only be written in one way, and the zone that it then ends with.
_ARROW_FORMS = {16: "", 19: "", 20: "Z", 25: "+00:00"}

_AT_ONCE = 16_384  # cells whose numbers fit into a core's own memory
_EACH = 0x0101_0101_0101_0101
_NIBBLE, _BYTE, _TEN, _DOZEN, _HUNDRED = (np.uint64(n) for n in (0x0F, 0xFF, 10, 12, 100))


class Distinct:
    """The different texts of a column with, for each cell, which of them it is."""

    def __init__(self, cells: pa.Array) -> None:
        coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
        self.texts: list[str] = coded.dictionary.to_pylist()
        self.index: pa.Array = coded.indices

    def times(self, among: Mask | None) -> NDArray[np.int64]:
        """How often each text stands in the column, or in the cells that are among these."""
        index = self.index.to_numpy(zero_copy_only=False)
        return np.bincount(index if among is None else index[among], minlength=len(self.texts))


def by_text(distinct: Distinct, kind: pa.DataType, read: ReadTexts) -> tuple[pa.Array, Mask | None]:
    """The values of cells, each different text being read once, and which cells are none (None: all are)."""
    values, wrong = read(distinct.texts)
    column = pa.array(values, kind).take(distinct.index)
    if wrong is None or not any(wrong):
        return column, None
    return column, np.asarray(wrong, np.bool_)[distinct.index.to_numpy(zero_copy_only=False)]


def texts(cells: pa.Array, read: ReadTexts) -> tuple[pa.Array, Mask | None]:
    """Text as it stands, blanks as nothing. A cell that may be blank without being empty is read as any other."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    rows = as_rows(cells)
    filled = rows.lengths > 0
    if not len(rows.data):
        return by_text(Distinct(cells), cells.type, read)
    begins = rows.data[np.minimum(rows.starts, len(rows.data) - 1)]
    # Only what begins with a space, a control character or no ASCII can consist of blanks alone.
    doubtful = np.flatnonzero(filled & ((begins <= 0x20) | (begins >= 0x80)))
    if len(doubtful):
        some, _ = by_text(Distinct(cells.take(pa.array(doubtful))), cells.type, read)
        filled[doubtful] = some.is_valid().to_numpy(zero_copy_only=False)
    if filled.all():
        return cells, None
    _, wrong = read([""])
    column = _only(cells, filled)
    return column, ~filled if wrong is not None and any(wrong) else None


def _only(cells: pa.Array, filled: Mask) -> pa.Array:
    """The cells with nothing in place of those that are not filled."""
    if cells.offset:
        return pc.if_else(pa.array(filled), cells, None)
    _, offsets, data = cells.buffers()
    bits = pa.py_buffer(np.packbits(filled, bitorder="little"))
    return pa.Array.from_buffers(cells.type, len(cells), [bits, offsets, data])


def numbers(
    cells: pa.Array, kind: pa.DataType, low: float, high: float, *, required: bool, read: ReadTexts
) -> tuple[pa.Array, Mask | None]:
    """Numbers written with digits, a point and a minus; `kind` is that of a number or of a whole one."""
    if pa.types.is_dictionary(cells.type):
        return by_text(Distinct(cells), kind, read)
    rows = as_rows(cells)
    blank = rows.lengths == 0
    if blank.all():
        return by_text(Distinct(cells), kind, read)
    first, last = rows.starts[0], rows.starts[-1] + rows.lengths[-1]
    found = None
    if _IS_NUMERIC[rows.data[first:last]].all():
        try:
            found = _only(cells, ~blank).cast(pa.float64())
        except pa.ArrowInvalid:
            found = None
    others = np.zeros(len(cells), np.bool_)
    if found is None:
        simple = pc.match_substring_regex(cells, _SIMPLE_NUMBER).to_numpy(zero_copy_only=False)
        others = ~simple & ~blank
        found = _only(cells, simple).cast(pa.float64())
    value = found.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        if pa.types.is_integer(kind):
            others |= ~blank & ~((value == np.floor(value)) & (np.abs(value) < EXACT))
        others |= ~blank & ~((value >= low) & (value <= high) & np.isfinite(value))
    if required:
        others |= blank
    wrong = None
    column = found
    if others.any():
        places = np.flatnonzero(others)
        some, some_wrong = by_text(Distinct(cells.take(pa.array(places))), kind, read)
        kept = np.where(others, 0.0, np.nan_to_num(value)).astype(kind.to_pandas_dtype())
        kept[places] = some.fill_null(0).to_numpy(zero_copy_only=False)
        filled = ~blank & ~others
        filled[places] = some.is_valid().to_numpy(zero_copy_only=False)
        column = pa.array(kept, kind, mask=~filled)
        if some_wrong is not None:
            wrong = np.zeros(len(cells), np.bool_)
            wrong[places] = some_wrong
    elif pa.types.is_integer(kind):
        column = found.cast(kind)
    return column, wrong


def timestamps(cells: pa.Array, kind: pa.DataType, read: ReadTexts) -> tuple[pa.Array, Mask | None]:
    """Dates and times as ISO 8601 writes them, without a fraction of a second."""
    if pa.types.is_dictionary(cells.type):
        return by_text(Distinct(cells), kind, read)
    rows = as_rows(cells)
    value = np.zeros(len(cells), np.int64)
    filled = np.zeros(len(cells), np.bool_)
    lengths = np.flatnonzero(np.bincount(np.minimum(rows.lengths, 26), minlength=27))
    at_once = _read_by_arrow(cells, rows.lengths > 0, [n for n in lengths.tolist() if n])
    if at_once is not None:
        filled = at_once.is_valid().to_numpy(zero_copy_only=False)
        value = at_once.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).copy()
        lengths = lengths[:0]
    words = words_of(rows.data)
    for length in lengths[(lengths >= 16) & (lengths <= 25)].tolist():
        of_length = np.flatnonzero(rows.lengths == length)
        for at in range(0, len(of_length), _AT_ONCE):
            places = of_length[at : at + _AT_ONCE]
            filled[places], seconds = _moments(words, rows.starts[places], length)
            value[places] = seconds * 1_000_000
    others = np.flatnonzero(~filled)
    wrong = None
    if len(others):
        some, some_wrong = by_text(Distinct(cells.take(pa.array(others))), kind, read)
        value[others] = some.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        filled[others] = some.is_valid().to_numpy(zero_copy_only=False)
        if some_wrong is not None:
            wrong = np.zeros(len(cells), np.bool_)
            wrong[others] = some_wrong
    mask = None if filled.all() else ~filled
    return pa.array(value, pa.int64(), mask=mask).cast(kind), wrong


def _read_by_arrow(cells: pa.Array, filled: Mask, lengths: Sequence[int]) -> pa.Array | None:
    """The times of cells that are all written in one way which Arrow reads as we do, four times as fast; else None."""
    if len(lengths) != 1 or lengths[0] not in _ARROW_FORMS:
        return None
    if not filled.all():
        cells = _only(cells, filled)
    zone = _ARROW_FORMS[lengths[0]]
    if zone and not pc.all(pc.ends_with(cells, zone)).as_py():
        return None
    try:
        # Without a zone to read, Arrow refuses a text that has one.
        found = cells.cast(pa.timestamp("us", "UTC" if zone else None)).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    first, last = pc.min_max(found).as_py().values()
    return found if first >= _FIRST_MOMENT and last < _AFTER_LAST else None


def _moments(words: Words, starts: NDArray[np.int64], length: int) -> tuple[Mask, NDArray[np.int64]]:
    """Which texts of this length are a date and time that is beyond doubt, and the seconds from 1970 to it."""
    # 22 characters are a time without seconds and an offset, or one with a fraction of a second.
    seconds_at = 16 if length >= 19 and length != 22 else None
    zone = length - (19 if seconds_at else 16)
    if zone not in (0, 1, 5, 6):
        return np.zeros(len(starts), np.bool_), np.zeros(len(starts), np.int64)
    ok, day = _digits(words[starts], "####-##-")
    fine, minute = _digits(words[starts + 8], "##?##:##")
    separator = words[starts + 10] & _BYTE
    ok &= fine & ((separator == ord("T")) | (separator == ord(" ")))
    second = np.zeros(len(starts), np.uint64)
    if seconds_at:
        fine, found = _digits(words[starts + 16], ":##")
        ok &= fine
        second = _two(found, 1)
    ends = starts + (length - zone)
    if zone == 1:
        ok &= words[ends] & _BYTE == ord("Z")
    elif zone:
        sign = words[ends] & _BYTE
        ok &= (sign == ord("+")) | (sign == ord("-"))
        ok &= _digits(words[ends], "?##:##" if zone == 6 else "?####")[0]
    months = (_two(day, 0) * _HUNDRED + _two(day, 2)) * _DOZEN + _two(day, 5)
    place = months.astype(np.int64) - (1990 * 12 + 1)
    ok &= (place >= 0) & (place < len(_FIRST_DAY)) & (_two(day, 5) >= 1) & (_two(day, 5) <= 12)
    place[~ok] = 0
    of_month, hour, minutes = (
        part.astype(np.int64) for part in (_two(minute, 0), _two(minute, 3), _two(minute, 6))
    )
    ok &= (of_month >= 1) & (of_month <= _DAYS_IN[place]) & (hour < 24) & (minutes < 60) & (second < 60)
    return ok, (_FIRST_DAY[place] + of_month - 1) * 86_400 + hour * 3600 + minutes * 60 + second.astype(
        np.int64
    )


def _digits(words: Words, form: str) -> tuple[Mask, Words]:
    """Which words begin as this form says (# a digit, ? anything), and the words with digits as their values."""
    places = {c: [8 * i for i, found in enumerate(form) if found == c] for c in set(form)}
    digits = sum(0xFF << at for at in places["#"])
    fixed = {c: where for c, where in places.items() if c not in "#?"}
    others = sum(0xFF << at for where in fixed.values() for at in where)
    expected = sum(ord(c) << at for c, where in fixed.items() for at in where)
    upper, sixes = np.uint64(digits & _EACH * 0xF0), np.uint64(digits & _EACH * 0x06)
    values = words ^ np.uint64(digits & _EACH * 0x30)
    ok = ((values & upper) == 0) & ((words & np.uint64(others)) == np.uint64(expected))
    # A digit is one to which 6 can be added without reaching 16, its upper half being 0.
    return ok & ((((values & np.uint64(digits & _EACH * 0x0F)) + sixes) & upper) == 0), values


def _two(values: Words, at: int) -> Words:
    """The number that two digits make, of words whose digits are values."""
    shift = np.uint64(8 * at)
    return (values >> shift & _NIBBLE) * _TEN + (values >> (shift + np.uint64(8)) & _NIBBLE)


def first_of_month(when: pa.Array) -> pa.Array:
    """The first day of the month of each day or time from 1990 to 2099, none of them missing."""
    if pa.types.is_timestamp(when.type):
        days = when.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() // 86_400_000_000
    else:
        days = when.cast(pa.int32()).to_numpy()
    return pa.array(_FIRST_OF[days - _FIRST_DAY[0]], pa.int32()).cast(pa.date32())
