"""The lines of a text, read so that no file can fill the memory, and a way past a record that is no CSV.

Records and their cells are made of these lines in `delimited.py`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BYTE_ORDER_MARK = "\ufeff"
ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
"""How the error handler 'surrogateescape' marks a byte that the encoding does not know."""

_CELL_END = re.compile(r"[,\r\n]")
_BUFFER_BYTES = 128 * 1024


class Lines:
    """The lines of a stream, decoded, never holding more than one record may be long.

    Told by `next_record()` where records begin, it notices what makes a record worth a closer look
    (`suspect`), and can read past one that the CSV reader gave up on (`skip_record`).

    >>> lines = Lines(io.BytesIO(b"a,b\\r\\n1,2"), "utf-8", max_cell_chars=100)
    >>> list(lines.read()), lines.number
    (['a,b\\r\\n', '1,2'], 2)
    """

    def __init__(self, stream: IO[bytes], encoding: str, *, max_cell_chars: int, number: int = 0) -> None:
        self.number = number  # of the line read last, from 1
        self.bytes = 0  # in all that has been read
        self.head = b""  # the bytes of the first line
        self.chars = 0  # in all the records before this one
        self.record_chars = 0  # in this record so far
        self.suspect = False  # this record may hold a NUL, an unknown byte or a cell that is too long
        self.max_record_chars = max_cell_chars
        self._max_cell_chars = max_cell_chars
        self._encoding = encoding
        borrowed = io.BufferedReader(_Borrowed(stream), _BUFFER_BYTES)
        # With newline="" LF, CRLF and CR each end a line and are left as they stand, as the csv module asks.
        self._text = io.TextIOWrapper(borrowed, encoding=encoding, errors="surrogateescape", newline="")
        self._piece = ""  # the line read last, or the part of it that fitted
        self._record_lines = 0

    def read(self) -> Iterator[str]:
        """The lines from here on, without a byte-order mark.

        Raises csv.Error when they make a record of more than `max_record_chars`: the csv module counts
        the characters of a cell, but not the cells of a record that runs over many lines.
        """
        readline, limit = self._text.readline, self.max_record_chars + 1
        line = self._next_piece()
        if not self.number:
            self.head = line.encode(self._encoding, "surrogateescape")
            line = line.removeprefix(BYTE_ORDER_MARK)
        while line:
            self._piece = line
            self.number += 1
            self._record_lines += 1
            self.record_chars += len(line)
            if "\0" in line or (not line.isascii() and ESCAPED_BYTE.search(line)):
                self.suspect = True
            if self.record_chars > self._max_cell_chars:
                self.suspect = True
                if self.record_chars > self.max_record_chars:
                    raise csv.Error
            yield line
            line = readline(limit)
            self._count(line)

    def next_record(self) -> int:
        """Begin a new record; the number of the line that it begins on."""
        self.chars += self.record_chars
        self.record_chars = self._record_lines = 0
        self.suspect = False
        return self.number + 1

    def skip_record(self) -> tuple[bool, bool]:
        """Read to the end of the record whose last line so far is at hand, keeping nothing.

        Gives whether every quotation mark opened was closed, and whether text followed a closing one.
        """
        piece, at, stray = self._piece, 0, False
        # A record goes on to a further line only inside quotation marks.
        state = "cell begins" if self._record_lines == 1 else "quoted"
        while True:
            if at == len(piece):
                line_ended = piece.endswith(("\n", "\r"))
                piece, at = self._next_piece(), 0
                if not piece:
                    return state != "quoted", stray
                self.number += line_ended
                self.record_chars += len(piece)
            elif state == "quoted":
                quote = piece.find('"', at)
                state, at = ("quoted", len(piece)) if quote < 0 else ("quote in quoted", quote + 1)
            elif piece[at] in "\r\n":
                return True, stray
            elif piece[at] == ",":
                state, at = "cell begins", at + 1
            elif piece[at] == '"' and state != "plain":
                state, at = "quoted", at + 1
            else:
                stray = stray or state == "quote in quoted"
                end = _CELL_END.search(piece, at)
                state, at = "plain", end.start() if end else len(piece)

    def _next_piece(self) -> str:
        """The next line, or as much of it as a record may be long."""
        limit = self.max_record_chars + 1
        piece = self._text.readline(limit)
        if piece == "\n" and self._piece.endswith("\r"):
            self.bytes += 1
            piece = self._text.readline(limit)  # that was the second half of a CRLF cut in two by the limit
        self._piece = piece
        self._count(piece)
        return piece

    def _count(self, piece: str) -> None:
        self.bytes += len(piece) if piece.isascii() else len(piece.encode(self._encoding, "surrogateescape"))


class _Borrowed(io.RawIOBase):
    """Somebody else's stream, so that the wrappers around it do not close it when they go."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)
