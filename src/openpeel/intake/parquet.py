"""Parquet files into rows of text, so that they are coded and checked like any other file.

What the columns mean is not known here; how rows are taken or rejected is in `taking.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as pt

from openpeel.errors import DataError
from openpeel.intake.cells import number_text
from openpeel.intake.limits import Limits
from openpeel.intake.rows import DEFAULT_CHUNK_ROWS, Chunk, RejectedRow, counted, looks_like
from openpeel.intake.taking import Taking

_BATCH_ROWS = 16_384
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
        return self._taking.chunks(self._rows())

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        batches = self._file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        number = 0
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                columns = [texts(batch.column(i)) for i, texts in enumerate(self._texts)]
            except (pa.ArrowException, OSError):
                raise _damaged(self.name) from None
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)


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
        names = pq.ParquetFile(pa.PythonFile(stream, "r")).schema_arrow
        # Read as the few different values they mostly are, so that a long one that is repeated is held once.
        texts = [field.name for field in names if _is_text(field.type)]
        stream.seek(0)
        return pq.ParquetFile(pa.PythonFile(stream, "r"), read_dictionary=texts)
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
