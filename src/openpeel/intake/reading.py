"""Reading one return: its files turned into records with every row accounted for, and its checks run.

Which files make a return is decided in `load.py`; how a file becomes rows is in `delimited.py`, `workbook.py`,
`parquet.py` and `police_api.py`, how cells become values in `coding.py`.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from openpeel.errors import DataError
from openpeel.intake.checks import Batch, run_checks
from openpeel.intake.coding import Coder, LabelCounts, schema
from openpeel.intake.columns import first_of_month
from openpeel.intake.delimited import read_delimited
from openpeel.intake.layouts import Layout, column_order, left_out, recognise
from openpeel.intake.package import WORKBOOK_ENDINGS
from openpeel.intake.parquet import read_parquet
from openpeel.intake.pieces import AtOnce, InPieces, Printed
from openpeel.intake.police_api import HEADER, read_police_api
from openpeel.intake.row_hashes import Hashes, Rows, as_rows, hashes, joined, joined_cells, repeats
from openpeel.intake.rows import HEADER_AGAIN, Chunk, RejectedRow, RowFile
from openpeel.intake.sources import Limits, Source
from openpeel.intake.tally import TALLY
from openpeel.intake.workbook import read_workbook
from openpeel.lake import Defect, ReturnKey, SourceFile
from openpeel.reference.periods import Month
from openpeel.standards import Standard, load_standard
from openpeel.threads import in_order

#: Up to this size a file is held in memory between reading its hash and its rows, else in a temporary file.
SPOOL_BYTES = 64 << 20

#: So much of a file is read, hashed and spooled at a time.
_BLOCK_BYTES = 4 << 20

#: Published times are UTC; British Summer Time is one hour ahead, so a month's file reaches this far back.
UTC_OFFSET = timedelta(hours=1)

#: A piece that cannot be read at once is tried again in pieces of this many rows.
_SPLIT_ROWS = 500

#: Records up to this many are put together in memory.
_COMBINED_ROWS = 500_000


@dataclass(frozen=True)
class ReadReturn:
    """A return as it was read.

    `rejected` are (file, row, column, expected, got), `counts` the records dated in each of the key's months,
    `passed_over` (file, sheet) of the sheets that hold something and no records; `tallied` says whether any row
    stands for more or fewer than one record. Of a published table `published` is its title and `not_given` are
    (file, row, column, expected, why not); its records have no months of their own, so there are no `counts`.
    """

    key: ReturnKey
    standard: Standard
    records: pa.Table
    sources: tuple[SourceFile, ...]
    rejected: tuple[tuple[str, int, str, str, str], ...]
    defects: tuple[Defect, ...]
    counts: tuple[int, ...] | None
    passed_over: tuple[tuple[str, str], ...]
    tallied: bool
    published: str = ""
    not_given: tuple[tuple[str, int, str, str, str], ...] = ()


@dataclass(frozen=True)
class _File:
    """One file of a return, coded."""

    records: list[pa.Table]
    hashes: list[Hashes]
    rejected: tuple[RejectedRow, ...]
    source: SourceFile
    coder: Coder
    left_out: tuple[str, ...]
    passed_over: tuple[str, ...]


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
        with source.open() as stream, ThreadPoolExecutor(1) as beside:
            if (source.size or 0) > SPOOL_BYTES:
                spool.rollover()  # it is going to the disk anyway, and is copied there once in place of twice
            hashing: Future[None] | None = None
            while block := stream.read(_BLOCK_BYTES):
                if hashing is not None:
                    hashing.result()
                # A block is hashed while it is written and the next one read; a file of one block needs no thread.
                if size:
                    hashing = beside.submit(digest.update, block)
                else:
                    digest.update(block)
                spool.write(block)
                size += len(block)
                progress(len(block))
        spool.seek(0)
        yield SpooledFile(source, spool, digest.hexdigest(), size)


def open_rows(stream: IO[bytes], source: Source, limits: Limits, encoding: str) -> RowFile:
    """The reader for this kind of file, as its name says it. For a workbook or Parquet the stream must be seekable."""
    base = source.base.casefold()
    if base.endswith(".json"):
        return read_police_api(stream, name=source.name)
    if base.endswith(WORKBOOK_ENDINGS):
        return read_workbook(stream, name=source.name, base=source.base, limits=limits)
    if base.endswith(".parquet"):
        return read_parquet(stream, name=source.name, limits=limits)
    return read_delimited(stream, name=source.name, max_field_chars=limits.max_field_chars, encoding=encoding)


def layout_of(source: Source, limits: Limits, encoding: str) -> Layout:
    """The layout of a file; of text the first lines are enough. Raises DataError where it has none that is known."""
    base = source.base.casefold()
    if base.endswith(".json"):
        return recognise(HEADER, name=source.name)
    if base.endswith(".csv"):
        with source.open() as stream:
            return recognise(open_rows(stream, source, limits, encoding).header, name=source.name)
    in_place = source.open_in_place() if base.endswith(".parquet") else None
    if in_place is not None:  # its header stands at the end, and nothing else of it is needed
        with in_place:
            return recognise(open_rows(in_place, source, limits, encoding).header, name=source.name)
    with spooled(source, lambda _bytes: None) as file:
        return recognise(open_rows(file.stream, source, limits, encoding).header, name=source.name)


def read_return(
    standard_id: str,
    force: str,
    months: tuple[Month, ...] | None,
    files: Sequence[SpooledFile],
    *,
    limits: Limits,
    encoding: str,
    at_once: bool = True,
) -> ReadReturn:
    """Read the files of one return; each may be in another layout of the standard.

    What can be is read many rows at once; without `at_once` every row is read on its own, with the same result.

    Without `months`, the return is for those its records are dated in; a first month of which only the last
    hour has records, or a last month of which only the first has, is the work of UTC and not one of them.
    A month between them without records is not one either: whether it had none, only a person can say.
    Raises DataError where no row could be accepted of those that came, where none came and nobody says for which
    months, and where none of the rows is of the months that were said.
    """
    standard = load_standard(standard_id)
    read = [_read_file(file, standard, force, i, limits, encoding, at_once) for i, file in enumerate(files)]
    records = _together(
        standard, [table for f in read for table in f.records], [h for f in read for h in f.hashes]
    )
    rejected = tuple((f.source.name, r.row, r.column, r.expected, r.got) for f in read for r in f.rejected)
    if records.num_rows == 0 and (rejected or months is None):
        raise DataError(
            f"no row could be accepted of {sum(f.source.rows for f in read):,}",
            where=read[0].source.name,
            advice=_first_rejected(rejected),
        )
    if months is None:
        months = _months_of(records, standard)
    elif records.num_rows:
        _check_months(records, standard, months, read[0].source.name)
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
        left_out=tuple(c.name for c in standard.columns if any(c.name in f.left_out for f in read)),
        files=tuple(f.source.name for f in read),
    )
    tallied = bool(pc.any(pc.not_equal(records["tally"], 1)).as_py())
    return ReadReturn(
        key=key,
        standard=standard,
        records=records,
        sources=tuple(f.source for f in read),
        rejected=rejected,
        defects=run_checks(batch),
        counts=_counts(records, months, tallied=tallied),
        passed_over=tuple((f.source.name, sheet) for f in read for sheet in f.passed_over),
        tallied=tallied,
    )


def _read_file(
    file: SpooledFile,
    standard: Standard,
    force: str,
    index: int,
    limits: Limits,
    encoding: str,
    at_once: bool,
) -> _File:
    rows = open_rows(file.stream, file.source, limits, encoding)
    layout = recognise(rows.header, name=file.source.name)
    order = column_order(layout, rows.header)
    coder = Coder(standard, order)
    rejected: list[RejectedRow] = []
    tables: list[pa.Table] = []
    hashed: list[Hashes] = []
    coded = (
        _coded_pieces(rows, coder, order)
        if at_once and isinstance(rows, InPieces)
        else (_coded_chunk(chunk, coder, order) for chunk in rows.chunks())
    )
    for some in coded:
        rejected += some.rejected
        if some.rows:
            tables.append(_table(standard, some, force, index))
            hashed.append(some.hashes)
    accepted = sum(table.num_rows for table in tables)
    rejected = sorted([*rows.rejected, *rejected], key=lambda r: r.row)
    return _File(
        records=tables,
        hashes=hashed,
        rejected=tuple(rejected),
        source=SourceFile(file.source.name, file.sha256, file.bytes, rows.records, accepted, len(rejected)),
        coder=coder,
        left_out=left_out(layout, rows.header),
        passed_over=rows.passed_over,
    )


@dataclass(frozen=True)
class _Coded:
    """Some rows of a file, coded: the accepted ones with their numbers and hashes, and the rejected ones."""

    values: dict[str, pa.Array]
    numbers: NDArray[np.int32]
    hashes: Hashes
    rejected: list[RejectedRow]

    @property
    def rows(self) -> int:
        return len(self.numbers)


def _coded_chunk(chunk: Chunk, coder: Coder, order: Sequence[tuple[str, int | None]]) -> _Coded:
    values, accepted, wrong = coder.code(chunk.rows, chunk.row_numbers)
    printed = chunk.rows if not wrong else [chunk.rows[i] for i in accepted]
    numbers = chunk.row_numbers if not wrong else [chunk.row_numbers[i] for i in accepted]
    texts = [joined_cells(row) for row in _in_order(printed, [position for _, position in order])]
    shape = schema(coder.standard)
    return _Coded(
        {name: pa.array(column, shape.field(name).type) for name, column in values.items()},
        np.asarray(numbers, np.int32),
        hashes(as_rows(pa.array(texts, pa.large_binary()))),
        wrong,
    )


def _coded_pieces(rows: InPieces, coder: Coder, order: Sequence[tuple[str, int | None]]) -> Iterator[_Coded]:
    """Code pieces at once where they can be, on several cores; and row by row what cannot."""
    positions = [position for _, position in order]

    def taken(piece: AtOnce, read: tuple[_Coded, LabelCounts]) -> _Coded:
        rows.take(piece)
        coder.labels.add(read[1])
        return read[0]

    def at_once(piece: AtOnce | Chunk) -> tuple[_Coded, LabelCounts] | None:
        printed = None if isinstance(piece, Chunk) else piece.printed()
        if printed is None or isinstance(piece, Chunk):
            return None
        coded = coder.code_columns(printed.columns, piece.first_row)
        found = hashes(_rows_of(printed, positions))
        numbers = np.arange(piece.first_row, piece.first_row + piece.rows, dtype=np.int32)
        if coded.accepted is not None:
            found, numbers = found[:, coded.accepted], numbers[coded.accepted]
        return _Coded(coded.values, numbers, found, coded.rejected), coded.labels

    for piece, read in in_order(at_once, rows.pieces()):
        if isinstance(piece, Chunk):
            yield _coded_chunk(piece, coder, order)
        elif read is not None:
            yield taken(piece, read)
        else:
            for part in piece.split(_SPLIT_ROWS):
                read = at_once(part)
                if read is not None:
                    yield taken(part, read)
                else:
                    yield from (_coded_chunk(chunk, coder, order) for chunk in rows.carefully(part))


def _table(standard: Standard, coded: _Coded, force: str, index: int) -> pa.Table:
    """The records in the columns of the lake, but for `duplicate`, which is known when all have been read."""
    columns = dict(coded.values)
    columns[TALLY.name] = (
        columns[TALLY.name].cast(pa.int32()).fill_null(1)
        if TALLY.name in columns
        else pa.repeat(pa.scalar(1, pa.int32()), coded.rows)
    )
    columns["force"] = pa.repeat(pa.scalar(force), coded.rows)
    columns["record_month"] = first_of_month(columns[standard.date])
    columns["source"] = pa.repeat(pa.scalar(index, pa.int16()), coded.rows)
    columns["row"] = pa.array(coded.numbers)
    shape = schema(standard)
    shape = shape.remove(shape.get_field_index("duplicate"))
    return pa.table([columns[field.name] for field in shape], schema=shape)


def _together(standard: Standard, tables: list[pa.Table], hashed: list[Hashes]) -> pa.Table:
    """The records of a return in one table, those marked that say what one before them says."""
    shape = schema(standard)
    if not tables:
        return shape.empty_table()
    place = shape.get_field_index("duplicate")
    records = pa.concat_tables(tables).add_column(place, shape.field(place), pa.array(repeats(hashed)))
    # One after the other they are as good; a copy of many would only take as much memory again.
    return records.combine_chunks() if records.num_rows <= _COMBINED_ROWS else records


def _in_order(rows: list[list[str]], positions: Sequence[int | None]) -> list[list[str]]:
    """The cells of each row in the order of the standard, so that parts laid out differently compare."""
    if list(positions) == list(range(len(positions))):
        return rows
    return [[row[p] if p is not None else "" for p in positions] for row in rows]


def _rows_of(printed: Printed, positions: Sequence[int | None]) -> Rows:
    """The same for rows that are columns."""
    if printed.rows is not None and list(positions) == list(range(len(positions))):
        return printed.rows
    blank = pa.array([""]).take(pa.array(np.zeros(len(printed.columns[0]), np.int32)))
    return joined([printed.columns[p] if p is not None else blank for p in positions])


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


def _check_months(records: pa.Table, standard: Standard, months: tuple[Month, ...], name: str) -> None:
    """Refuse a return none of whose rows is of the months it is said to be for: somebody took the wrong file."""
    wanted = {month.start for month in months}
    dated = set(pc.unique(records["record_month"]).to_pylist())
    if wanted.isdisjoint(dated) and standard.column(standard.date).type == "timestamp":
        later = pc.floor_temporal(pc.add(records[standard.date], pa.scalar(UTC_OFFSET)), unit="month")
        dated |= set(pc.unique(later.cast(pa.date32())).to_pylist())
    if wanted.isdisjoint(dated):
        first, last = (Month.of(day) for day in pc.min_max(records["record_month"]).as_py().values())
        got = f"in {first}" if first == last else f"from {first} to {last}"
        said = f"of {months[0]}" if len(months) == 1 else f"from {months[0]} to {months[-1]}"
        raise DataError(
            f"expected records {said}, got none: all of them are dated {got}",
            where=name,
            advice="Load it for the months it is of, or rename it if its name is wrong.",
        )


def _counts(records: pa.Table, months: tuple[Month, ...], *, tallied: bool) -> tuple[int, ...]:
    if tallied:
        by_month = records.group_by("record_month").aggregate([("tally", "sum")])
        counts = dict(
            zip(by_month["record_month"].to_pylist(), by_month["tally_sum"].to_pylist(), strict=True)
        )
    else:  # counting values is a hundred times as fast, which tells in a thousand small files
        by_month = pc.value_counts(records["record_month"])
        counts = dict(
            zip(by_month.field("values").to_pylist(), by_month.field("counts").to_pylist(), strict=True)
        )
    return tuple(counts.get(month.start, 0) for month in months)


def _first_rejected(rejected: tuple[tuple[str, int, str, str, str], ...]) -> str:
    if not rejected:
        return "The file has a header and nothing else."
    _, row, column, expected, got = rejected[0]
    place = f"row {row}" + (f", column '{column}'" if column else "")
    return f"The first is {place}: expected {expected}, got {got}."
