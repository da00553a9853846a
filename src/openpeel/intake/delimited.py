"""Comma-separated bytes into rows of text, every record either handed over or rejected.

What the columns mean is not known here; finding and unpacking the files is in `sources.py`.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from copy import copy
from math import inf
from typing import IO

from openpeel.errors import DataError, UseError
from openpeel.intake.lines import BYTE_ORDER_MARK, ESCAPED_BYTE, Lines
from openpeel.intake.pieces import LEAST_BYTES, MOST_BYTES, Piece, cut
from openpeel.intake.rows import (
    CHUNK_CHARS,
    DEFAULT_CHUNK_ROWS,
    DEFAULT_MAX_FIELD_CHARS,
    HEADER_AGAIN,
    Chunk,
    RejectedRow,
    counted,
    refuse_other_formats,
)

_SAVE_AS = "Save it as CSV UTF-8 (comma delimited)."
_RECORD_PER_FIELD = 16  # a record may be this many times as long as its longest permitted cell

#: By the names that Python gives them. Others, such as utf-7, can hide commas or make text that is none.
ENCODINGS = ("utf-8", "cp1252", "iso8859-1", "iso8859-15", "mac-roman")


def read_delimited(
    stream: IO[bytes],
    *,
    name: str,
    max_field_chars: int = DEFAULT_MAX_FIELD_CHARS,
    encoding: str = "utf-8",
    chunk_rows: int = DEFAULT_CHUNK_ROWS,
) -> DelimitedFile:
    """Begin to read comma-separated text (RFC 4180; LF, CRLF or CR line ends) and read its header.

    `stream` gives the uncompressed bytes and stays the caller's to close. A record longer than 16 times
    `max_field_chars` is rejected whatever its cells. A byte that `encoding` does not know rejects its row.

    Raises DataError where the file as a whole is not what was expected: empty, not text, UTF-16, a header
    that is broken, too long, repeats a name or is not separated by commas. Raises UseError for an
    encoding that does not exist or does not contain ASCII.

    >>> import io
    >>> file = read_delimited(io.BytesIO(b"Date,Type\\n2021-03-01,Person\\n2021-03-02\\n"), name="a.csv")
    >>> [(chunk.rows, list(chunk.row_numbers)) for chunk in file.chunks()]
    [([['2021-03-01', 'Person']], [2])]
    >>> file.rejected
    [RejectedRow(row=3, column='', expected='2 cells', got='1 cell')]
    """
    return DelimitedFile(
        stream, name=name, max_field_chars=max_field_chars, encoding=encoding, chunk_rows=chunk_rows
    )


class DelimitedFile:
    """A comma-separated file being read: a `rows.RowFile`.

    Rows are numbered as a spreadsheet shows them: the header is row 1, a record that runs over several
    lines is one row, and a blank line takes a number although it is not a record.
    """

    unknown_keys: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    def __init__(
        self, stream: IO[bytes], *, name: str, max_field_chars: int, encoding: str, chunk_rows: int
    ) -> None:
        self.name = name
        self.rejected: list[RejectedRow] = []
        self.records = 0
        self.blank_lines = 0
        self._encoding = known_encoding(encoding)
        self._max_field_chars = max_field_chars
        self._chunk_rows = chunk_rows
        self._row = 0  # number of the row read last
        self._stream = stream
        # The limit belongs to the whole process: it is raised where needed, never lowered for somebody else.
        csv.field_size_limit(max(max_field_chars, csv.field_size_limit()))
        self._lines = Lines(stream, self._encoding, max_cell_chars=max_field_chars)
        self._names = self._read_names()
        self.header = tuple(cell.strip() for cell in self._names)
        self._check_header()
        self._lines.max_record_chars = _RECORD_PER_FIELD * max_field_chars
        # Files put one after the other repeat the header, and with it the byte-order mark.
        self._header_starts = frozenset(
            mark + quoted
            for name in (self._names[0], self.header[0])
            for quoted in (name, f'"{name}"')
            for mark in ("", BYTE_ORDER_MARK)
        )

    def chunks(self) -> Iterator[Chunk]:
        """The rows, at most `chunk_rows` at a time; fills `rejected`. Can be gone through once."""
        return self._chunks(inf)

    def pieces(self) -> Iterator[Piece | Chunk]:
        """The same rows for whoever can read a piece at once: pieces not read yet, and chunks of what goes into none.

        Each piece is to be given to `take` or `carefully`. In place of `chunks`; the stream must be seekable, and
        is read from its beginning.
        """
        at, line = self._lines.bytes, self._lines.number
        most, stretch = MOST_BYTES, LEAST_BYTES
        while True:
            self._stream.seek(at)
            data = self._stream.read(most)
            if not data:
                return
            found = cut(data, last=len(data) < most)
            if found.length:
                piece = Piece(
                    data[: found.length],
                    found.ends,
                    self._row + 1,
                    line,
                    len(self.header),
                    self._encoding,
                    self._header_starts,
                    self._max_field_chars,
                )
                self._row += piece.rows
                at += found.length
                line += found.lines
                yield piece
            if found.whole and found.length:
                most, stretch = min(most * 2, MOST_BYTES), LEAST_BYTES
                continue
            # No piece can begin here: read on with care, the further the longer that lasts.
            most, stretch = max(stretch, LEAST_BYTES), min(stretch * 2, MOST_BYTES)
            self._stream.seek(at)
            self._read_on(self._stream, line)
            yield from self._chunks(most)
            at, line = at + self._lines.bytes, self._lines.number

    def take(self, piece: Piece) -> None:
        """Count the records of a piece that was read at once."""
        self.records += piece.rows

    def carefully(self, piece: Piece) -> Iterator[Chunk]:
        """The rows of a piece, read one by one as they would have been without pieces."""
        reader = copy(self)  # apart from where `pieces` may be, but for what is rejected
        reader.records = reader.blank_lines = 0
        reader._row = piece.first_row - 1
        reader._read_on(piece.stream(), piece.lines_before)
        yield from reader._chunks(inf)
        self.records += reader.records
        self.blank_lines += reader.blank_lines

    def _read_on(self, stream: IO[bytes], line: int) -> None:
        """Go on with these bytes, which begin with a record, on the line after this one."""
        self._lines = Lines(stream, self._encoding, max_cell_chars=self._max_field_chars, number=line)
        self._lines.max_record_chars = _RECORD_PER_FIELD * self._max_field_chars

    def _chunks(self, most_bytes: float) -> Iterator[Chunk]:
        rows: list[list[str]] = []
        numbers: list[int] = []
        chars_before = 0
        for number, row in self._taken(most_bytes):
            rows.append(row)
            numbers.append(number)
            if len(rows) == self._chunk_rows or self._lines.chars - chars_before > CHUNK_CHARS:
                yield Chunk.of(rows, numbers)
                rows, numbers, chars_before = [], [], self._lines.chars
        if rows:
            yield Chunk.of(rows, numbers)

    def _taken(self, most_bytes: float) -> Iterator[tuple[int, list[str]]]:
        """Each row that can be taken, with its number, up to the record in which so many bytes are reached.

        Every other row goes to `rejected`.
        """
        lines, width, header_starts = self._lines, len(self.header), self._header_starts
        number = self._row
        while True:
            first_line = lines.number + 1
            try:
                for row in csv.reader(lines.read(), strict=True):
                    number += 1
                    if len(row) == width and not lines.suspect and row[0] not in header_starts:
                        self.records += 1
                        yield number, row
                    elif not row:
                        self.blank_lines += 1
                    else:
                        self.records += 1
                        if self._fits(number, row):
                            yield number, row
                    self._row = number
                    first_line = lines.next_record()
                    if lines.bytes >= most_bytes:
                        return
                return
            except csv.Error:
                number += 1
                self._row = number
                self.records += 1
                self.rejected.append(self._broken(number, first_line))

    def _fits(self, number: int, row: list[str]) -> bool:
        """Look closely at a row that something is odd about; reject it where it cannot be taken."""
        width = len(self.header)
        if len(row) != width:
            self._reject(number, "", counted(width, "cell"), counted(len(row), "cell"))
            return False
        if row[0] in self._header_starts and tuple(cell.strip() for cell in row[1:]) == self.header[1:]:
            self._reject(number, "", "a record", HEADER_AGAIN)
            return False
        for column, cell in zip(self.header, row, strict=True):
            if len(cell) > self._max_field_chars:
                at_most = f"at most {counted(self._max_field_chars, 'character')}"
                self._reject(number, column, at_most, f"a cell of {counted(len(cell), 'character')}")
                return False
            if "\0" in cell:
                self._reject(number, column, "text", "a NUL character")
                return False
            if ESCAPED_BYTE.search(cell):
                self._reject(number, column, f"text in {self._encoding}", "bytes that are not in it")
                return False
        return True

    def _reject(self, number: int, column: str, expected: str, got: str) -> None:
        self.rejected.append(RejectedRow(number, column, expected, got))

    def _broken(self, number: int, first_line: int) -> RejectedRow:
        """Read past a record that is no CSV or too long, and say what was wrong with it."""
        lines = self._lines
        closed, stray = lines.skip_record()
        chars = counted(lines.record_chars, "character")
        where = (
            f"on line {first_line:,}"
            if first_line == lines.number
            else f"from line {first_line:,} to line {lines.number:,}"
        )
        lines.next_record()
        if not closed:
            return RejectedRow(
                number,
                "",
                "a closing quotation mark",
                f"none before the end of the file: all {chars} {where} were swallowed as one record",
            )
        if stray:
            return RejectedRow(
                number, "", "a comma or the end of the line after a closing quotation mark", f"text {where}"
            )
        return RejectedRow(
            number,
            "",
            f"at most {counted(self._max_field_chars, 'character')} in a cell",
            f"more, in a record of {chars} {where}",
        )

    def _read_names(self) -> list[str]:
        """The cells of the first record, as they stand but for a byte-order mark."""
        try:
            names = self._first_record()
        except csv.Error:
            names = None
        refuse_other_formats(self._lines.head, name=self.name, wanted="a CSV file", save_as=_SAVE_AS)
        if names is None:
            limit = counted(self._max_field_chars, "character")
            raise DataError(
                f"expected a header of at most {limit}, got a first record that is longer, or in which a"
                " quotation mark is never closed or is closed and followed by text.",
                where=self.name,
                advice=f"Put the names of the columns into the first line. {_SAVE_AS}",
            )
        if not names:
            got = "nothing but blank lines" if self.blank_lines else "an empty file"
            raise DataError(
                f"expected a header and records, got {got}.",
                where=self.name,
                advice="Ask for the file again.",
            )
        return names

    def _first_record(self) -> list[str]:
        for row in csv.reader(self._lines.read(), strict=True):
            self._row += 1
            self._lines.next_record()
            if row:
                return row
            self.blank_lines += 1
        return []

    def _check_header(self) -> None:
        if any("\0" in cell or ESCAPED_BYTE.search(cell) for cell in self.header):
            raise DataError(
                f"expected a header in {self._encoding}, got bytes that are no text in it.",
                where=self.name,
                advice=_SAVE_AS,
            )
        for column, times in Counter(self.header).items():
            if times > 1:
                # By position: in a file without a header these are somebody's data.
                places = [str(i) for i, name in enumerate(self.header, start=1) if name == column]
                raise DataError(
                    f"expected each column of the header once, got the same name in columns {' and '.join(places)}.",
                    where=self.name,
                    advice="Rename or remove one of them, or put the header back.",
                )
        if len(self.header) == 1:
            for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")):
                if mark in self.header[0]:
                    raise DataError(
                        f"expected columns separated by commas, got {word}.", where=self.name, advice=_SAVE_AS
                    )


def known_encoding(encoding: str) -> str:
    """The encoding's own name, if it is one that CSV files are found in and that contains ASCII."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name in ENCODINGS:
        return name
    raise UseError(
        f"expected one of the encodings {', '.join(ENCODINGS)}, got '{encoding}'.",
        advice="Programs of the last ten years write utf-8, older ones on Windows cp1252.",
    )
