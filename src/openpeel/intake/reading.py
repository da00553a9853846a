"""Reading one return: its files turned into records with every row accounted for, and its checks run.

Which files make a return is decided in `load.py`; how text becomes rows is in `delimited.py` and
`police_api.py`, how cells become values in `coding.py`.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.errors import DataError
from openpeel.intake.checks import Batch, run_checks
from openpeel.intake.coding import Coder, schema
from openpeel.intake.delimited import read_delimited
from openpeel.intake.layouts import Layout, column_order, recognise
from openpeel.intake.police_api import HEADER, read_police_api
from openpeel.intake.rows import RejectedRow, RowFile
from openpeel.intake.sources import Limits, Source
from openpeel.lake import Defect, ReturnKey, SourceFile
from openpeel.reference.periods import Month
from openpeel.standards import Standard, load_standard

#: Up to this size a file is held in memory between reading its hash and its rows, else in a temporary file.
SPOOL_BYTES = 64 << 20

#: Published times are UTC; British Summer Time is one hour ahead, so a month's file reaches this far back.
UTC_OFFSET = timedelta(hours=1)

HEADER_AGAIN = "the header row again"


@dataclass(frozen=True)
class ReadReturn:
    """A return as it was read. `rejected` are (file, row, column, expected, got)."""

    key: ReturnKey
    standard: Standard
    records: pa.Table
    sources: tuple[SourceFile, ...]
    rejected: tuple[tuple[str, int, str, str, str], ...]
    defects: tuple[Defect, ...]


@dataclass(frozen=True)
class _File:
    """One file of a return, coded."""

    records: pa.Table
    rejected: tuple[RejectedRow, ...]
    source: SourceFile
    coder: Coder


@dataclass(frozen=True)
class SpooledFile:
    """A file's uncompressed bytes where they can be read again, their SHA-256 and how many there are."""

    source: Source
    stream: IO[bytes]
    sha256: str
    bytes: int


@contextmanager
def spooled(source: Source, progress: Callable[[int], None]) -> Iterator[SpooledFile]:
    """Read a file once, so that it is unpacked once and cannot change between its hash and its rows."""
    digest = hashlib.sha256()
    size = 0
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
        with source.open() as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                spool.write(block)
                size += len(block)
                progress(len(block))
        spool.seek(0)
        yield SpooledFile(source, spool, digest.hexdigest(), size)


def open_rows(stream: IO[bytes], source: Source, limits: Limits, encoding: str) -> RowFile:
    """The reader for this kind of file."""
    if source.base.casefold().endswith(".json"):
        return read_police_api(stream, name=source.name)
    return read_delimited(stream, name=source.name, max_field_chars=limits.max_field_chars, encoding=encoding)


def layout_of(source: Source, limits: Limits, encoding: str) -> Layout:
    """The layout of a file, from its first lines alone. Raises DataError where it has none that is known."""
    if source.base.casefold().endswith(".json"):
        return recognise(HEADER, name=source.name)
    with source.open() as stream:
        rows = open_rows(stream, source, limits, encoding)
        return recognise(rows.header, name=source.name)


def read_return(
    layout: Layout,
    force: str,
    months: tuple[Month, ...] | None,
    files: Sequence[SpooledFile],
    *,
    limits: Limits,
    encoding: str,
) -> ReadReturn:
    """Read the files of one return.

    Without `months`, the return is for those its records are dated in; a first month of which only the last
    hour has records, or a last month of which only the first has, is the work of UTC and not one of them.
    A month between them without records is not one either: whether it had none, only a person can say.
    Raises DataError where no row could be accepted of those that came, and where none came and nobody says
    for which months.
    """
    standard = load_standard(layout.standard)
    seen: set[bytes] = set()
    read = [
        _read_file(file, layout, standard, force, i, seen, limits, encoding) for i, file in enumerate(files)
    ]
    records = pa.concat_tables([f.records for f in read]).combine_chunks()
    rejected = tuple((f.source.name, r.row, r.column, r.expected, r.got) for f in read for r in f.rejected)
    if records.num_rows == 0 and (rejected or months is None):
        raise DataError(
            f"no row could be accepted of {sum(f.source.rows for f in read):,}",
            where=read[0].source.name,
            advice=_first_rejected(rejected),
        )
    if months is None:
        months = _months_of(records, standard)
    key = ReturnKey(standard.id, force, tuple(str(m) for m in months))
    labels = [f.coder.labels for f in read]
    batch = Batch(
        standard=standard,
        force=force,
        months=key.months,
        records=records,
        repeated_headers=sum(r[4] == HEADER_AGAIN for r in rejected),
        unrecognised=dict(sum((label.unrecognised for label in labels), Counter[str]())),
        superseded=dict(sum((label.superseded for label in labels), Counter[str]())),
    )
    return ReadReturn(key, standard, records, tuple(f.source for f in read), rejected, run_checks(batch))


def _read_file(
    file: SpooledFile,
    layout: Layout,
    standard: Standard,
    force: str,
    index: int,
    seen: set[bytes],
    limits: Limits,
    encoding: str,
) -> _File:
    rows = open_rows(file.stream, file.source, limits, encoding)
    order = column_order(layout, rows.header)
    coder = Coder(standard, order)
    rejected: list[RejectedRow] = []
    tables: list[pa.Table] = []
    for chunk in rows.chunks():
        values, accepted, wrong = coder.code(chunk.rows, chunk.row_numbers)
        rejected += wrong
        printed = chunk.rows if not wrong else [chunk.rows[i] for i in accepted]
        numbers = chunk.row_numbers if not wrong else [chunk.row_numbers[i] for i in accepted]
        repeats = _repeats(_in_order(printed, [position for _, position in order]), seen)
        tables.append(_table(standard, values, force, index, numbers, repeats))
    records = pa.concat_tables(tables) if tables else schema(standard).empty_table()
    rejected = sorted([*rows.rejected, *rejected], key=lambda r: r.row)
    return _File(
        records=records,
        rejected=tuple(rejected),
        source=SourceFile(
            file.source.name, file.sha256, file.bytes, rows.records, records.num_rows, len(rejected)
        ),
        coder=coder,
    )


def _table(
    standard: Standard,
    values: dict[str, list[Any]],
    force: str,
    index: int,
    numbers: Sequence[int],
    duplicate: list[bool],
) -> pa.Table:
    shape = schema(standard)
    count = len(numbers)
    columns: dict[str, Any] = {
        name: pa.array(column, shape.field(name).type) for name, column in values.items()
    }
    when = columns[standard.date].cast(pa.timestamp("s"), safe=False)
    columns["force"] = pa.repeat(pa.scalar(force), count)
    columns["record_month"] = pc.floor_temporal(when, unit="month").cast(pa.date32())
    columns["tally"] = pa.repeat(pa.scalar(1, pa.int32()), count)
    columns["duplicate"] = pa.array(duplicate, pa.bool_())
    columns["source"] = pa.repeat(pa.scalar(index, pa.int16()), count)
    columns["row"] = pa.array(numbers, pa.int32())
    return pa.table([columns[field.name] for field in shape], schema=shape)


def _in_order(rows: list[list[str]], positions: Sequence[int | None]) -> list[list[str]]:
    """The cells of each row in the order of the standard, so that parts laid out differently compare."""
    if list(positions) == list(range(len(positions))):
        return rows
    return [[row[p] if p is not None else "" for p in positions] for row in rows]


def _repeats(rows: list[list[str]], seen: set[bytes]) -> list[bool]:
    """Which rows say exactly what a row before them said. A cell never holds NUL, so joining is exact."""
    repeats = []
    for row in rows:
        key = hashlib.blake2b("\0".join(row).encode(), digest_size=16).digest()
        repeats.append(key in seen)
        seen.add(key)
    return repeats


def _months_of(records: pa.Table, standard: Standard) -> tuple[Month, ...]:
    months = [Month.of(day) for day in sorted(pc.unique(records["record_month"]).to_pylist())]
    if standard.column(standard.date).type != "timestamp":
        return tuple(months)
    when = records[standard.date]
    earliest, latest = (
        pc.min_max(pc.filter(when, pc.equal(records["record_month"], edge.start))).as_py()
        for edge in (months[0], months[-1])
    )
    if len(months) > 1 and (earliest["min"] + UTC_OFFSET).date() > months[0].end:
        del months[0]
    # If only the two edges have records, one of them must be what the file is about: the later one.
    if len(months) > 1 and (latest["max"] - UTC_OFFSET).date() < months[-1].start:
        del months[-1]
    return tuple(months)


def _first_rejected(rejected: tuple[tuple[str, int, str, str, str], ...]) -> str:
    if not rejected:
        return "The file has a header and nothing else."
    _, row, column, expected, got = rejected[0]
    place = f"row {row}" + (f", column '{column}'" if column else "")
    return f"The first is {place}: expected {expected}, got {got}."
