"""Taking the rows of a file that is not text: what fits goes into chunks, what does not is rejected.

Where the cells come from is the business of `workbook.py` and `parquet.py`; text has its own way in `delimited.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from openpeel.errors import DataError
from openpeel.intake.lines import ESCAPED_BYTE
from openpeel.intake.rows import CHUNK_CHARS, HEADER_AGAIN, Chunk, RejectedRow, counted


class Taking:
    """The rows taken and rejected so far of a file with this header.

    `max_chars` is for all rows together, as text: a small file can repeat a long text as often as it likes.
    """

    def __init__(
        self, header: Sequence[str], *, name: str, max_field_chars: int, max_chars: int, chunk_rows: int
    ) -> None:
        self.records = 0
        self.rejected: list[RejectedRow] = []
        self._header = tuple(header)
        self._name = name
        self._max_field_chars = max_field_chars
        self._max_chars = max_chars
        self._chunk_rows = chunk_rows
        self._chars = 0

    def chunks(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Chunk]:
        """Rows with their numbers, each with a cell for every column, in chunks of those that fit."""
        taken: list[list[str]] = []
        numbers: list[int] = []
        chars = 0
        for number, cells in rows:
            self.records += 1
            size = self._size(number, cells)
            if size is None:
                continue
            chars += size
            self._add(size)
            taken.append(cells)
            numbers.append(number)
            if len(taken) == self._chunk_rows or chars > CHUNK_CHARS:
                yield Chunk.of(taken, numbers)
                taken, numbers, chars = [], [], 0
        if taken:
            yield Chunk.of(taken, numbers)

    def take(self, rows: int, chars: int) -> None:
        """Count rows of so many characters together that fit and are not handed to `chunks`."""
        self.records += rows
        self._add(chars)

    def _add(self, chars: int) -> None:
        self._chars += chars
        if self._chars > self._max_chars:
            raise DataError(
                f"expected at most {counted(self._max_chars, 'character')} in all rows, got more.",
                where=self._name,
                advice="Save it as CSV, if it is what you think it is.",
            )

    def reject(self, number: int, column: str, expected: str, got: str) -> None:
        """Reject a row that is not handed to `chunks`."""
        self.records += 1
        self._reject(number, column, expected, got)

    def _size(self, number: int, cells: list[str]) -> int | None:
        """How many characters a row has; None where it is rejected."""
        size = sum(map(len, cells))
        if size <= self._max_field_chars:
            text = "".join(cells)
            if "\0" not in text and (text.isascii() or not ESCAPED_BYTE.search(text)):
                if cells[0].strip() == self._header[0] and tuple(c.strip() for c in cells) == self._header:
                    self._reject(number, "", "a record", HEADER_AGAIN)
                    return None
                return size
        for column, cell in zip(self._header, cells, strict=True):
            if len(cell) > self._max_field_chars:
                at_most = f"at most {counted(self._max_field_chars, 'character')}"
                self._reject(number, column, at_most, f"a cell of {counted(len(cell), 'character')}")
                return None
            if "\0" in cell:
                self._reject(number, column, "text", "a NUL character")
                return None
            if ESCAPED_BYTE.search(cell):
                self._reject(number, column, "text in utf-8", "bytes that are not in it")
                return None
        return size

    def _reject(self, number: int, column: str, expected: str, got: str) -> None:
        self.rejected.append(RejectedRow(number, column, expected, got))
