"""Parquet files into rows of text, so that they are coded and checked like any other file.

What the columns mean is not known here; how rows are taken or rejected is in `taking.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from openpeel.errors import DataError
from openpeel.intake.cells import number_text
from openpeel.intake.limits import Limits
from openpeel.intake.pieces import Printed
from openpeel.intake.row_hashes import as_rows
from openpeel.intake.rows import DEFAULT_CHUNK_ROWS, Chunk, RejectedRow, counted, looks_like
from openpeel.intake.taking import Taking

_BATCH_ROWS = 16_384
_PIECE_ROWS = 131_072

#: Text of a piece that comes to more is read row by row, which holds a text that is repeated only once.
_PIECE_BYTES = 64 << 20
#: A column is kept as a dictionary where each of its texts stands this often.
_FEW = 16
_AGAIN = "Ask for the file again."


def read_parquet(
    stream: IO[bytes], *, name: str, limits: Limits | None = None, chunk_rows: int = DEFAULT_CHUNK_ROWS
) -> ParquetRows:
    """Begin to read a Parquet file.

    `stream` can be read from any place and stays the caller's to close. Raises DataError where it is no Parquet, cut
    short, encrypted, unpacks to more than the limits, or has a column that is no plain value: a list, a group, bytes.
    """
    return ParquetRows(stream, name=name, limits=limits or Limits(), chunk_rows=chunk_rows)


class ParquetRows:
    """A Parquet file being read: a `rows.RowFile`. Rows are numbered by their place in the file, from 1."""

    unknown_keys: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    blank_lines = 0

    def __init__(self, stream: IO[bytes], *, name: str, limits: Limits, chunk_rows: int) -> None:
        self.name = name
        size = _size(stream)
        self._file = _open(stream, name)
        schema = self._file.schema_arrow
        self.header = tuple(field.strip() for field in schema.names)
        for column, times in Counter(self.header).items():
            if times > 1:
                places = [str(i) for i, title in enumerate(self.header, start=1) if title == column]
                raise DataError(
                    f"expected each column once, got the same name in columns {' and '.join(places)}.",
                    where=name,
                    advice="Rename or remove one of them.",
                )
        if not schema.names:
            raise DataError("expected columns, got a Parquet file without any.", where=name, advice=_AGAIN)
        self._texts = [_texts_of(field, name) for field in schema]
        self._max_field_chars = limits.max_field_chars
        _check_size(self._file.metadata, size, name, limits)
        self._taking = Taking(
            self.header,
            name=name,
            max_field_chars=limits.max_field_chars,
            max_chars=min(limits.max_bytes, max(limits.text_from_bytes, limits.max_ratio * size)),
            chunk_rows=chunk_rows,
        )

    @property
    def records(self) -> int:
        """How many records have been read, taken or rejected."""
        return self._taking.records

    @property
    def rejected(self) -> list[RejectedRow]:
        """The rows that could not be taken."""
        return self._taking.rejected

    def chunks(self) -> Iterator[Chunk]:
        """The rows, some at a time; fills `rejected`. Can be gone through once."""
        return self._taking.chunks(
            row for piece in self._pieces(_BATCH_ROWS) for row in self._rows(piece.batch, piece.first_row)
        )

    def pieces(self) -> Iterator[Batch]:
        """The same rows for whoever can read many at once; each piece is to be given to `take` or `carefully`."""
        return self._pieces(_PIECE_ROWS)

    def take(self, piece: Batch) -> None:
        """Count the records of a piece that was read at once."""
        self._taking.take(piece.rows, piece.chars)

    def carefully(self, piece: Batch) -> Iterator[Chunk]:
        """The rows of a piece, read one by one as they would have been without pieces."""
        return self._taking.chunks(self._rows(piece.batch, piece.first_row))

    def _pieces(self, rows: int) -> Iterator[Batch]:
        batches = self._file.iter_batches(batch_size=rows, use_threads=False)
        number = 1
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError):
                raise _damaged(self.name) from None
            if batch is None:
                return
            yield Batch(batch, number, self.header, self._texts, self._max_field_chars)
            number += batch.num_rows

    def _rows(self, batch: pa.RecordBatch, first_row: int) -> Iterator[tuple[int, list[str]]]:
        try:
            columns = [texts(batch.column(i)) for i, texts in enumerate(self._texts)]
        except (pa.ArrowException, OSError):
            raise _damaged(self.name) from None
        for number, cells in enumerate(zip(*columns, strict=True), start=first_row):
            yield number, list(cells)


class Batch:
    """Some rows of a Parquet file, the first of which has the number `first_row`."""

    def __init__(
        self,
        batch: pa.RecordBatch,
        first_row: int,
        header: Sequence[str],
        texts: Sequence[Callable[[pa.Array], list[str]]],
        max_field_chars: int,
    ) -> None:
        self.batch = batch
        self.first_row = first_row
        self.rows: int = batch.num_rows
        self.chars = 0  # in all rows as text, once `printed` has given it
        self._header = header
        self._texts = texts
        self._max_field_chars = max_field_chars

    def split(self, rows: int) -> Iterator[Batch]:
        """The same in pieces of at most so many rows."""
        for at in range(0, self.rows, rows):
            some = self.batch.slice(at, rows)
            yield Batch(some, self.first_row + at, self._header, self._texts, self._max_field_chars)

    def printed(self) -> Printed | None:
        """The cells as text, or None where a row has to be looked at closely.

        That is so for rows that may be too long, NUL, bytes that are no text, and what may be the header again.
        """
        columns = []
        longest = size = self.chars = 0
        for column, texts in zip(self.batch.columns, self._texts, strict=True):
            try:
                cells = _printed(column, texts, _PIECE_BYTES - size)
            except (pa.ArrowException, OSError):
                return None  # the careful reader says which rows these are, or that the file is damaged
            if cells is None:
                return None
            most, chars, bytes_ = _size_of(cells)
            longest, size = longest + most, size + bytes_
            if longest > self._max_field_chars or size > _PIECE_BYTES:
                return None
            self.chars += chars
            columns.append(cells)
        first = columns[0].dictionary if pa.types.is_dictionary(columns[0].type) else columns[0]
        if pc.any(pc.match_substring(first, self._header[0])).as_py():
            return None
        return Printed(columns)


def _size(stream: IO[bytes]) -> int:
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    return size


def _open(stream: IO[bytes], name: str) -> pq.ParquetFile:
    head = stream.read(4096)
    if head.startswith(b"PARE"):
        raise DataError(
            "expected a Parquet file that can be read, got an encrypted one.", where=name, advice=_AGAIN
        )
    if not head.startswith(b"PAR1"):
        found = looks_like(head)
        advice = "If it is CSV, give it a name that ends in .csv." if found == "text" else _AGAIN
        raise DataError(f"expected a Parquet file, got {found}.", where=name, advice=advice)
    stream.seek(0)
    try:
        first = pq.ParquetFile(pa.PythonFile(stream, "r"))
        # Read as the few different values they mostly are, so that a long one that is repeated is held once.
        texts = [field.name for field in first.schema_arrow if _is_text(field.type)]
        stream.seek(0)
        return pq.ParquetFile(pa.PythonFile(stream, "r"), metadata=first.metadata, read_dictionary=texts)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise _damaged(name) from None


def _damaged(name: str) -> DataError:
    return DataError(
        "expected a Parquet file, got one that is cut short or damaged.", where=name, advice=_AGAIN
    )


def _check_size(about: Any, size: int, name: str, limits: Limits) -> None:
    """Refuse a file that declares to unpack to more than the limits, in bytes or in cells."""
    unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    cells = about.num_rows * about.num_columns
    most = min(limits.max_bytes, max(limits.text_from_bytes, limits.max_ratio * size))
    if max(unpacked, cells) > most:
        raise DataError(
            f"expected at most {counted(most, 'byte')} unpacked, got {counted(unpacked, 'byte')} in "
            f"{counted(cells, 'cell')}.",
            where=name,
            advice="Save it as CSV, if it is what you think it is.",
        )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def _texts_of(field: pa.Field, name: str) -> Callable[[pa.Array], list[str]]:
    """What turns a column into text. Raises DataError for one whose values are no plain values."""
    kind = field.type
    if pt.is_dictionary(kind):
        of_values = _texts_of(pa.field(field.name, kind.value_type), name)
        return lambda column: _by_index(column, of_values)
    for is_kind, texts in _KINDS:
        if is_kind(kind):
            return texts
    got = "a list or group of values" if pt.is_nested(kind) else f"values of the type {str(kind)[:40]}"
    raise DataError(
        f"expected plain values (text, numbers, days, times, true or false), got {got}.",
        where=f"{name}, column '{field.name[:60]}'",
        advice="Write each value into a column of its own, as text if nothing else fits.",
    )


def _by_index(column: pa.DictionaryArray, texts: Callable[[pa.Array], list[str]]) -> list[str]:
    values = texts(column.dictionary)
    return ["" if i is None else values[i] for i in column.indices.to_pylist()]


def _printed(column: pa.Array, texts: Callable[[pa.Array], list[str]], most: int) -> pa.Array | None:
    """A column as text without nulls, the same as `texts` gives, plain or of a dictionary; None where neither fits.

    `most` is how many bytes the text may come to. Raises ArrowInvalid for bytes that are no text.
    """
    kind = column.type
    if pt.is_dictionary(kind) and not _is_text(kind.value_type):
        column, kind = column.dictionary_decode(), kind.value_type
        texts = _texts_of(pa.field("", kind), "")
    if pt.is_null(kind):
        return pa.array([""]).take(pa.array(np.zeros(len(column), np.int32)))
    if pt.is_dictionary(kind):
        return _dictionary(column.dictionary.cast(pa.string()), column.indices, most)
    if _is_text(kind):
        if column.nbytes > most:
            return None
        text = column.cast(pa.string()).fill_null("")
        text.validate(full=True)
        return None if _has_nul(text) else text
    if pt.is_integer(kind) or pt.is_date(kind):
        return column.cast(pa.string()).fill_null("")
    if pt.is_floating(kind):
        # Within these bounds Arrow prints as few digits as Python, and no exponent; + 0.0 takes the sign off -0.0.
        value = pc.add(column.cast(pa.float64()), 0.0)
        size = pc.abs(value)
        plain = pc.or_(pc.equal(size, 0), pc.and_(pc.greater_equal(size, 1e-4), pc.less(size, 1e10)))
        if pc.all(plain, min_count=0).as_py():
            return value.cast(pa.string()).fill_null("")
    if pt.is_timestamp(kind):
        seconds = column.cast(pa.timestamp("s", kind.tz), safe=False)
        if seconds.cast(kind).equals(column):
            return seconds.cast(pa.string()).fill_null("")
    coded = column.dictionary_encode()
    return _dictionary(pa.array(texts(coded.dictionary), pa.string()), coded.indices, most)


def _dictionary(values: pa.Array, index: pa.Array, most: int) -> pa.Array | None:
    """Texts by their place among different ones: as a dictionary where they are few, else written out."""
    values.validate(full=True)
    lengths = np.append(as_rows(values.fill_null("")).lengths, 0)
    values = pa.concat_arrays([values.fill_null(""), pa.array([""])])
    place = index.cast(pa.int32()).fill_null(len(values) - 1)
    if _has_nul(values) or int(lengths[place.to_numpy()].sum()) > most:
        return None
    if len(values) * _FEW > len(place):
        return values.take(place)
    return pa.DictionaryArray.from_arrays(place, values)


def _has_nul(texts: pa.Array) -> bool:
    return bool((as_rows(texts).data == 0).any()) and bool(pc.any(pc.match_substring(texts, "\0")).as_py())


def _size_of(cells: pa.Array) -> tuple[int, int, int]:
    """How long the longest cell is in bytes, how many characters all have, and how many bytes."""
    if not len(cells):
        return 0, 0, 0
    if pt.is_dictionary(cells.type):
        times = np.bincount(cells.indices.to_numpy(), minlength=len(cells.dictionary))
        lengths, chars = as_rows(cells.dictionary).lengths, pc.utf8_length(cells.dictionary).to_numpy()
        return int(lengths[times > 0].max()), int((chars * times).sum()), int((lengths * times).sum())
    lengths = as_rows(cells).lengths
    return int(lengths.max()), int(pc.sum(pc.utf8_length(cells)).as_py()), int(lengths.sum())


def _plain_texts(column: pa.Array) -> list[str]:
    try:
        return ["" if text is None else text for text in column.to_pylist()]
    except UnicodeDecodeError:
        # Bytes that are no text are marked as such, so that only their rows are rejected.
        values = column.cast(pa.large_binary()).to_pylist()
        return ["" if v is None else v.decode("utf-8", "surrogateescape") for v in values]


def _numbers(column: pa.Array) -> list[str]:
    return ["" if value is None else number_text(value) for value in column.to_pylist()]


def _decimals(column: pa.Array) -> list[str]:
    return ["" if value is None else format(value, "f") for value in column.to_pylist()]


def _booleans(column: pa.Array) -> list[str]:
    return ["" if value is None else str(value) for value in column.to_pylist()]


def _as_written(column: pa.Array) -> list[str]:
    return ["" if text is None else text for text in column.cast(pa.string()).to_pylist()]


def _moments(column: pa.Array) -> list[str]:
    """Dates and times of the zone they are written in, with as many digits of a second as there are."""
    return [_without_zeros(text) for text in _as_written(column)]


def _without_zeros(text: str) -> str:
    """The same time without the zeros at the end of its second.

    >>> _without_zeros("2021-03-01 11:27:00.500000000+0000"), _without_zeros("2021-03-01 11:27:00.000Z")
    ('2021-03-01 11:27:00.5+0000', '2021-03-01 11:27:00Z')
    """
    before, point, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    fraction = rest[:digits].rstrip("0")
    return f"{before}{'.' if fraction else ''}{fraction}{rest[digits:]}" if point else text


_KINDS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], list[str]]], ...] = (
    (_is_text, _plain_texts),
    (pt.is_null, lambda column: [""] * len(column)),
    (pt.is_boolean, _booleans),
    (pt.is_integer, _as_written),
    (pt.is_floating, _numbers),
    (pt.is_decimal, _decimals),
    (pt.is_date, _as_written),
    (pt.is_timestamp, _moments),
    (pt.is_time, _moments),
)
