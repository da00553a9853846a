"""Comma-separated bytes in pieces that a fast reader takes exactly as the careful one does, and where that ends.

The careful reader (`delimited.py`) says what a record is. A piece is cut only where both readers are bound to agree on
where records end: every quotation mark opens a cell, closes one or is doubled within one, and lines end in LF or CRLF.
What of a piece cannot be taken as it stands, such as a row with a cell too many, makes it go to the careful reader.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from openpeel.intake.lines import BYTE_ORDER_MARK
from openpeel.intake.row_hashes import Rows
from openpeel.intake.rows import Chunk

#: A piece is at most this long. Several are in memory at once.
MOST_BYTES = 4 << 20

#: After a place that only the careful reader can read, pieces begin as short as this and double.
LEAST_BYTES = 64 << 10

_QUOTE, _COMMA, _LF, _CR = (ord(c) for c in '",\n\r')


@dataclass(frozen=True)
class Printed:
    """The cells of a piece as text: for each column of the header an array without nulls, plain or of a dictionary.

    `rows` are the records as `row_hashes.joined` would give them in the order of the file, where they are at hand.
    """

    columns: list[pa.Array]
    rows: Rows | None = None


class AtOnce(Protocol):
    """Some rows of a file one after the other, not read yet."""

    @property
    def first_row(self) -> int:
        """The number of the first."""

    @property
    def rows(self) -> int:
        """How many rows, each with a number of its own."""

    def printed(self) -> Printed | None:
        """The cells of all rows, or None where a row has to be looked at closely."""

    def split(self, rows: int) -> Iterator[AtOnce]:
        """The same in pieces of at most so many rows."""


@runtime_checkable
class InPieces(Protocol):
    """A file whose rows can be read many at once: a `rows.RowFile` with `pieces` in place of `chunks`."""

    def pieces(self) -> Iterator[Any]:
        """All rows: what may be read at once, which is to be given to `take` or `carefully`; and chunks of the rest."""

    def take(self, piece: Any) -> None:
        """Count the rows of a piece that was read at once."""

    def carefully(self, piece: Any) -> Iterator[Chunk]:
        """The rows of a piece one by one; fills `rejected`."""


@dataclass(frozen=True)
class Cut:
    """Where the records of some bytes end, as far as that is beyond doubt: `ends` are where their line ends stand.

    `length` are the bytes that they take and `lines` the lines, `whole` says whether all is beyond doubt.
    """

    ends: NDArray[np.int64]
    length: int
    lines: int
    whole: bool


@dataclass(frozen=True)
class Piece:
    """Some whole records of a file: its bytes, the number of its first record, and of the line before it."""

    data: bytes
    ends: NDArray[np.int64]
    first_row: int
    lines_before: int
    width: int
    encoding: str
    header_starts: frozenset[str]
    max_field_chars: int

    @property
    def rows(self) -> int:
        """How many records."""
        return len(self.ends)

    def split(self, rows: int) -> Iterator[Piece]:
        """The same in pieces of at most so many records."""
        begin, lines = 0, self.lines_before
        for at in range(0, self.rows, rows):
            ends = self.ends[at : at + rows]
            stop = min(int(ends[-1]) + 1, len(self.data))
            data = self.data[begin:stop]
            yield Piece(
                data,
                ends - begin,
                self.first_row + at,
                lines,
                self.width,
                self.encoding,
                self.header_starts,
                self.max_field_chars,
            )
            begin, lines = stop, lines + data.count(b"\n")

    def printed(self) -> Printed | None:
        """The cells, or None where a record has to be looked at closely.

        That is so for a blank line, too few or too many cells, a cell that may be too long, NUL, bytes that are no
        text in the encoding, and what may be the header again.
        """
        starts = np.concatenate(([0], self.ends[:-1] + 1))
        lengths = self.ends - starts
        crlf = b"\r" in self.data
        bytes_ = np.frombuffer(self.data, np.uint8)
        if crlf:
            # Each CR stands before an LF here, or within quotation marks before one.
            ended = bytes_[np.maximum(self.ends - 1, 0)] == _CR
            lengths = lengths - (ended & (lengths > 0))
        if lengths.min() <= 0 or lengths.max() > self.max_field_chars or b"\0" in self.data:
            return None
        data = self._as_utf8()
        if data is None or data.startswith(BYTE_ORDER_MARK.encode()):
            return None
        names = [str(i) for i in range(self.width)]
        try:
            table = pacsv.read_csv(
                pa.BufferReader(data),
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=len(data) + 1, column_names=names
                ),
                # Where cells may hold line ends, Arrow goes through the text twice.
                parse_options=pacsv.ParseOptions(newlines_in_values=b'"' in data),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows != self.rows or any(column.num_chunks != 1 for column in table.columns):
            return None
        columns = [column.chunk(0) for column in table.columns]
        if any(column.null_count for column in columns):
            raise AssertionError("a cell that is there was read as nothing")
        if pc.any(pc.is_in(columns[0], value_set=pa.array(sorted(self.header_starts)))).as_py():
            return None
        if data is self.data and b'"' not in data:
            return Printed(columns, Rows(bytes_, starts, lengths))
        return Printed(columns)

    def _as_utf8(self) -> bytes | None:
        if self.data.isascii():
            return self.data
        try:
            text = self.data.decode(self.encoding)
        except UnicodeDecodeError:
            return None
        return self.data if self.encoding == "utf-8" else text.encode()

    def stream(self) -> io.BytesIO:
        """The bytes, for the careful reader."""
        return io.BytesIO(self.data)


def cut(data: bytes, *, last: bool) -> Cut:
    """Find where the records of some bytes end, which begin with a record; `last` where nothing follows them.

    >>> found = cut(b'a,b\\n"1\\n",2\\n3', last=False)
    >>> list(found.ends), found.length, found.whole
    ([3, 9], 10, True)
    >>> list(cut(b'a,b\\n1,5" pipe\\n', last=True).ends)
    [3]
    """
    found = np.frombuffer(data, np.uint8)
    doubtful = len(data)
    if b"\r" in data:
        returns = np.flatnonzero(found == _CR)
        after = np.where(returns + 1 < len(data), found[np.minimum(returns + 1, len(data) - 1)], 0)
        if not last and len(returns) and returns[-1] == len(data) - 1:
            after[-1] = _LF
        alone = returns[after != _LF]
        doubtful = int(alone[0]) if len(alone) else doubtful
    ends = line_ends = np.flatnonzero(found == _LF)
    open_at_end = False
    if b'"' in data:
        quotes = np.flatnonzero(found == _QUOTE)
        doubtful = min(doubtful, _first_stray(found, quotes, last=last))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        open_at_end = len(quotes) % 2 == 1
    ends = ends[ends < doubtful]
    whole = doubtful == len(data)
    length = int(ends[-1]) + 1 if len(ends) else 0
    if last and whole and not open_at_end and length < len(data):
        ends, length = np.append(ends, len(data)), len(data)
    return Cut(ends.astype(np.int64), length, int(np.searchsorted(line_ends, length)), whole)


def _first_stray(found: NDArray[np.uint8], quotes: NDArray[Any], *, last: bool) -> int:
    """Where the first quotation mark stands that neither opens a cell nor closes one nor is half of a doubled one."""
    size = len(found)
    before = np.where(quotes > 0, found[np.maximum(quotes - 1, 0)], _LF)
    after = np.where(quotes + 1 < size, found[np.minimum(quotes + 1, size - 1)], _LF)
    doubled = np.concatenate(([False], np.diff(quotes) == 1))
    opens = (before == _COMMA) | (before == _LF) | doubled
    closes = (after == _COMMA) | (after == _LF) | (after == _CR) | np.append(doubled[1:], False)
    odd = np.arange(len(quotes)) % 2 == 1
    stray = quotes[~np.where(odd, closes, opens)]
    return int(stray[0]) if len(stray) else size
