"""What every reader of a file gives back: a header, chunks of rows, and the rows it had to reject.

Only the common shape and the marks of files that are not text live here; reading is in `delimited.py`,
`police_api.py`, `workbook.py` and `parquet.py`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from openpeel.errors import DataError

DEFAULT_MAX_FIELD_CHARS = 131_072
"""Longest cell that is taken, in characters: the limit of Python's CSV reader, far above any real cell."""

DEFAULT_CHUNK_ROWS = 50_000
"""Most rows handed over at once."""

CHUNK_CHARS = 64 * 1024 * 1024
"""A chunk ends early rather than hold more text than this."""

HEADER_AGAIN = "the header row again"
"""What came where the header stands among the records."""


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not be taken. `got` describes what came, never repeating a cell: it may be personal.

    `row` is numbered as in `Chunk`; `column` is '' where the whole row is meant.
    """

    row: int
    column: str
    expected: str
    got: str


@dataclass(frozen=True)
class Chunk:
    """Some rows in the order of the file, each with one cell per column of the header, and their numbers.

    `rows` and `row_numbers` have the same length, at least one; `first_row` is the first of `row_numbers`.
    """

    first_row: int
    rows: list[list[str]]
    row_numbers: Sequence[int]

    @classmethod
    def of(cls, rows: list[list[str]], numbers: list[int]) -> Chunk:
        """Rows and their numbers, told short where none is left out."""
        first, last = numbers[0], numbers[-1]
        unbroken = last - first + 1 == len(numbers)
        return cls(first, rows, range(first, last + 1) if unbroken else numbers)


class RowFile(Protocol):
    """A file being read as rows.

    When `chunks()` is exhausted, `records` equals the rows in all chunks plus `len(rejected)`: no row is
    lost. Until then `records`, `rejected` and `blank_lines` say what has been read so far. `chunks()`
    reads the stream and can be gone through once.
    """

    @property
    def name(self) -> str:
        """The name of the file as a person knows it."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns: each once, surrounding blanks stripped."""

    @property
    def rejected(self) -> list[RejectedRow]:
        """The rows that could not be taken."""

    @property
    def records(self) -> int:
        """How many records have been read, taken or rejected; the header is not a record."""

    @property
    def blank_lines(self) -> int:
        """How many lines held no cell at all; they are not records."""

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """Names found in the records for which the header has no column (JSON only), sorted."""

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Sheets that hold something and no records (workbooks only), as they may be printed."""

    def chunks(self) -> Iterator[Chunk]:
        """The rows, some at a time."""


def counted(number: int, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "cell"), counted(10_485_760, "character")
    ('1 cell', '10,485,760 characters')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


# Longest marks first: the mark of UTF-32 begins with the mark of UTF-16.
_OTHER_FORMATS = (
    (codecs.BOM_UTF32_LE, "text saved as UTF-32"),
    (codecs.BOM_UTF32_BE, "text saved as UTF-32"),
    (codecs.BOM_UTF16_LE, "text saved as UTF-16"),
    (codecs.BOM_UTF16_BE, "text saved as UTF-16"),
    (b"PK\x03\x04", "a zip file or an Excel or OpenDocument spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel spreadsheet"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"PAR1", "a Parquet file"),
)
# These are read where their name says what they are.
_READ_BY_NAME = (b"PK\x03\x04", b"PAR1")


def looks_like(head: bytes) -> str:
    """What a file is by its first bytes, for a message: text where they are the mark of nothing known.

    >>> looks_like(b"PAR1"), looks_like(b"Date,Type"), looks_like(b"")
    ('a Parquet file', 'text', 'an empty file')
    """
    for mark, kind in _OTHER_FORMATS:
        if head.startswith(mark):
            return kind
    if not head:
        return "an empty file"
    return "binary data or text saved as UTF-16" if b"\x00" in head else "text"


def refuse_other_formats(head: bytes, *, name: str, wanted: str, save_as: str) -> None:
    """Raise a DataError that says what the file looks like, when its first bytes are not those of text.

    `head` is the first line or more of the file, `wanted` what it should have been ('a CSV file') and
    `save_as` how to make it so ('Save it as CSV UTF-8.').
    """
    found = looks_like(head)
    if found in ("text", "an empty file"):
        return
    if head.startswith(_READ_BY_NAME):
        save_as += " A workbook or Parquet file is read under a name that ends in .xlsx, .ods or .parquet."
    raise DataError(f"expected {wanted}, got {found}.", where=name, advice=save_as)


def shown(name: str) -> str:
    """A name from a file system or a zip as it may be printed: what is not printable is written as an escape.

    >>> shown("a\\nb.csv")
    'a\\\\nb.csv'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)
