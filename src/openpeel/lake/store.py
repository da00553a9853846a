"""The lake on disk: where its files are, how they are written, and the one file that says what is held.

    sources/ab/<sha256>.zst           every file handed in, byte for byte
    records/<standard>/<hash>.parquet the accepted records of a return, named by what they say
    returns/<id>.json                 what is known of a return; <id>.rejected.csv its rejected rows,
                                      <id>.not-given.csv the numbers that a published table does not give
    held.json                         which returns are held now; the only file that ever changes
    releases/<name>.json              frozen sets of returns
    incoming/                         files being written; nobody reads here

Everything is written in `incoming/`, moved to its place, and means nothing until `held.json` names it.
`held.json` itself is replaced by a rename, so a load that is killed at any moment leaves the lake as it
was, and a reader never sees half of one.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from openpeel.errors import DataError, ReaderError, UseError
from openpeel.lake.record_hash import content_hash
from openpeel.lake.returns import Return, ReturnKey
from openpeel.spreadsheet import spreadsheet_cell

FORMAT = 1

#: More records than this are written while they are hashed.
_MANY_ROWS = 100_000


@dataclass(frozen=True)
class Part:
    """A Parquet file in the lake: `name` hashes the records, `sha256` the bytes of the file."""

    name: str
    sha256: str


class Lake:
    """A folder that holds returns and releases."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def open(cls, root: Path, *, create: bool = False) -> Lake:
        """Open a lake, making it if asked. Raises UseError where there is none or it cannot be read."""
        marker = root / "openpeel-lake.json"
        with disk_errors(root):
            if not marker.exists():
                if not create:
                    raise UseError(
                        f"there is no lake in '{root}'",
                        advice="Load records first with 'openpeel load', or name the lake with --lake.",
                    )
                if root.exists() and not _about_to_be_a_lake(root, marker):
                    raise UseError(
                        f"'{root}' holds other files and is not a lake", advice="Name a new or empty folder."
                    )
                root.mkdir(parents=True, exist_ok=True)
                write_whole(marker, json.dumps({"format": FORMAT}).encode())
        found = read_json(marker).get("format")
        if found != FORMAT:
            raise UseError(f"the lake in '{root}' has format {found}; this version reads format {FORMAT}")
        return cls(root)

    def held(self) -> dict[ReturnKey, str]:
        """The id of the return that is held for each key."""
        return {
            ReturnKey(e["standard"], e["force"], tuple(e["months"])): e["return"]
            for e in self._held_entries()
        }

    def superseded(self, key: ReturnKey) -> list[str]:
        """The ids of earlier returns that the one held for this key replaced, oldest first."""
        for entry in self._held_entries():
            if ReturnKey(entry["standard"], entry["force"], tuple(entry["months"])) == key:
                return list(entry["supersedes"])
        return []

    def read_return(self, return_id: str) -> Return:
        """What is known of one return, held or superseded."""
        return Return.from_json(read_json(self.root / "returns" / f"{return_id}.json"))

    def rejected_path(self, return_id: str) -> Path:
        """Where the rejected rows of a return are listed; there is no such file where there are none."""
        return self.root / "returns" / f"{return_id}.rejected.csv"

    def not_given_path(self, return_id: str) -> Path:
        """Where the numbers that a published table does not give are listed; no such file where it gives all."""
        return self.root / "returns" / f"{return_id}.not-given.csv"

    def part_path(self, standard: str, part: str) -> Path:
        """Where the records of a return are."""
        return self.root / "records" / standard / f"{part}.parquet"

    def records_as_lines(self, found: Return) -> Counter[bytes]:
        """The records of a return, one line of CSV each, however often each stands, without where it stood."""
        table = pq.read_table(self.part_path(found.key.standard, found.part))
        lines = io.BytesIO()
        pacsv.write_csv(table.drop_columns(["source", "row", "duplicate"]), lines)
        return Counter(lines.getvalue().splitlines()[1:])

    @contextmanager
    def open_source(self, sha256: str) -> Iterator[BinaryIO]:
        """The bytes of a file as it was handed in."""
        with (
            pa.OSFile(str(self._source_path(sha256)), "rb") as raw,
            pa.CompressedInputStream(raw, "zstd") as stream,
        ):
            yield io.BufferedReader(stream)

    @contextmanager
    def writing(self, *, wait_seconds: float = 60) -> Iterator[Transaction]:
        """Write to the lake. One writer at a time; what is not committed leaves no trace that is read."""
        with disk_errors(self.root):
            lock = FileLock(self.root / ".lock", timeout=wait_seconds)
            try:
                with lock:
                    incoming = self.root / "incoming"
                    shutil.rmtree(incoming, ignore_errors=True)  # left by a load that was killed
                    incoming.mkdir()
                    transaction = Transaction(self, incoming)
                    try:
                        yield transaction
                    finally:
                        transaction.clear()
            except Timeout:
                raise UseError(
                    f"another load has been writing to the lake in '{self.root}' for over {wait_seconds:g} s",
                    advice="Wait for it to end, then try again.",
                ) from None

    def _source_path(self, sha256: str) -> Path:
        return self.root / "sources" / sha256[:2] / f"{sha256}.zst"

    def _held_entries(self) -> list[dict[str, Any]]:
        path = self.root / "held.json"
        return list(read_json(path)["returns"]) if path.exists() else []


class Transaction:
    """What one load writes. Nothing it adds is read by anyone before `commit`."""

    def __init__(self, lake: Lake, incoming: Path) -> None:
        self.lake = lake
        self._incoming = incoming
        self._accepted: dict[ReturnKey, tuple[str, tuple[ReturnKey, ...]]] = {}
        self._moved: list[Path] = []  # new files in their places that nothing names yet
        self._sources: set[str] = set()  # files that this load has found whole or written

    def has_source(self, sha256: str) -> bool:
        """Whether a file of that hash is in its place, whole or not."""
        return self.lake._source_path(sha256).exists()

    def add_source(self, stream: IO[bytes], sha256: str) -> None:
        """Keep a file as it was handed in. Raises DataError if it no longer has the hash it was read with."""
        if sha256 in self._sources:
            return  # one published table makes hundreds of returns
        target = self.lake._source_path(sha256)
        if target.exists() and self._is_source(sha256):
            self._sources.add(sha256)
            return
        temporary = self._new_path()
        digest = hashlib.sha256()
        with pa.OSFile(str(temporary), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as out:
            while block := stream.read(1 << 20):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != sha256:
            raise DataError("the file changed while it was being read", advice="Load it again.")
        self._move(temporary, target)
        self._sources.add(sha256)

    def add_part(self, standard: str, records: pa.Table) -> Part:
        """Write the records of a return as Parquet, named by a hash of what they say."""
        if records.num_rows > _MANY_ROWS:
            temporary = self._new_path()
            with ThreadPoolExecutor(1) as beside:
                written = beside.submit(_write_records, records, temporary)
                name = content_hash(records)
                written.result()
            target = self.lake.part_path(standard, name)
            if says_what_its_name_says(target):
                temporary.unlink()
            else:
                self._move(temporary, target)
        else:
            name = content_hash(records)
            target = self.lake.part_path(standard, name)
            if not says_what_its_name_says(target):
                temporary = self._new_path()
                _write_records(records, temporary)
                self._move(temporary, target)
        return Part(name, file_sha256(target))

    def add_return(
        self,
        found: Return,
        rejected: Iterable[tuple[str, int, str, str, str]],
        replaces: tuple[ReturnKey, ...],
        not_given: Iterable[tuple[str, int, str, str, str]] = (),
    ) -> None:
        """Record a return, to be held after `commit` in place of those it replaces.

        `rejected` are rows (file, row, column, expected, got) whose texts hold no personal value; `not_given` are
        numbers that a published table does not give, in the same form.
        """
        self._accepted[found.key] = (found.id, replaces)
        if self._is_known(found.id):
            return  # handed in before, and superseded since: what was written then stays
        if found.rejected:
            self._write_rows(self.lake.rejected_path(found.id), rejected)
        if found.not_given:
            self._write_rows(self.lake.not_given_path(found.id), not_given)
        self._write_json(self.lake.root / "returns" / f"{found.id}.json", found.as_json())

    def commit(self) -> None:
        """Hold what was added: everything is on the disk first, then one rename makes it so."""
        if not self._accepted:
            return
        entries = {
            ReturnKey(e["standard"], e["force"], tuple(e["months"])): e for e in self.lake._held_entries()
        }
        for key, (return_id, replaces) in self._accepted.items():
            superseded: list[str] = []
            for old in sorted(replaces):
                entry = entries.pop(old)
                superseded += [*entry["supersedes"], entry["return"]]
            entries[key] = {
                "standard": key.standard,
                "force": key.force,
                "months": list(key.months),
                "return": return_id,
                "supersedes": superseded,
            }
        ordered = [entries[key] for key in sorted(entries)]
        self._moved = []  # from here on `held.json` may name them
        # One sync for all files: 3,000 small ones took 2 to 8 s this way, and 11 to 12 s synced one by one.
        os.sync()
        write_whole(
            self.lake.root / "held.json", json.dumps({"returns": ordered}).encode(), via=self._new_path()
        )
        self._accepted = {}

    def clear(self) -> None:
        """Take away what was written and not committed, so that a load for which there is no room frees its own."""
        for path in self._moved:
            path.unlink(missing_ok=True)
        shutil.rmtree(self._incoming, ignore_errors=True)

    def _is_source(self, sha256: str) -> bool:
        """Whether a file kept by a load that was never committed is whole; a power cut may have torn it."""
        try:
            with self.lake.open_source(sha256) as stream:
                digest = hashlib.sha256()
                while block := stream.read(1 << 20):
                    digest.update(block)
                return digest.hexdigest() == sha256
        except (OSError, pa.ArrowException):
            return False

    def _is_known(self, return_id: str) -> bool:
        """Whether a return was written before, wholly; one of a load that was killed may be torn."""
        try:
            return self.lake.read_return(return_id).id == return_id
        except (ReaderError, OSError, ValueError, TypeError, KeyError):
            return False

    def _new_path(self) -> Path:
        return self._incoming / uuid.uuid4().hex

    def _move(self, temporary: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            self._moved.append(target)
        temporary.replace(target)

    def _write_rows(self, target: Path, rows: Iterable[tuple[str, int, str, str, str]]) -> None:
        temporary = self._new_path()
        with temporary.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(("file", "row", "column", "expected", "got"))
            writer.writerows([spreadsheet_cell(cell) for cell in row] for row in rows)
        self._move(temporary, target)

    def _write_json(self, target: Path, content: Any) -> None:
        temporary = self._new_path()
        temporary.write_text(json.dumps(content), encoding="utf-8")
        self._move(temporary, target)


def _about_to_be_a_lake(root: Path, marker: Path) -> bool:
    """Whether a folder is empty but for a marker that another load is writing, or left when it was killed."""
    others = [path for path in root.iterdir() if not path.name.startswith(f".{marker.name}.")]
    return not others or marker.exists()


def says_what_its_name_says(part: Path) -> bool:
    """Whether the records of a Parquet file are those it is named by; a power cut or a person may have torn it."""
    try:
        return part.exists() and content_hash(pq.read_table(part)) == part.stem
    except (OSError, pa.ArrowException):
        return False


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file of the lake. Raises DataError, saying what to do, where it is gone or damaged."""
    with disk_errors(path):
        try:
            found = json.loads(path.read_bytes())
        except FileNotFoundError:
            found = None
        except ValueError:  # neither JSON nor UTF-8
            found = None
    if not isinstance(found, dict):
        raise DataError(
            "this file of the lake is gone or damaged",
            where=str(path),
            advice="Bring it back from a backup, or load the records into a new lake.",
        )
    return found


def write_whole(target: Path, content: bytes, *, via: Path | None = None) -> None:
    """Write a file so that a reader finds the old content or the new, never a part, even after a crash."""
    temporary = via or _beside(target)
    try:
        _write_durably(temporary, content)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, each as `write_whole` does, and none where there is no room for all.

    Only a crash between the renames at the end can leave the first without the last.
    """
    temporary = {target: _beside(target) for target in files}
    try:
        for target, content in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(temporary[target], content)
        for target in files:
            temporary[target].replace(target)
    finally:
        for each in temporary.values():
            each.unlink(missing_ok=True)
    for folder in {target.parent for target in files}:
        _sync_folder(folder)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{uuid.uuid4().hex}")


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_records(records: pa.Table, path: Path) -> None:
    # Numbers and times seldom repeat: a dictionary of them makes a file of a month a sixth larger.
    texts = [field.name for field in records.schema if pa.types.is_string(field.type)]
    pq.write_table(records, path, compression="zstd", use_dictionary=texts)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Turn what an operating system says of a disk into what a person can act on."""
    try:
        yield
    except OSError as error:
        if isinstance(error, Timeout):
            raise
        where = str(error.filename or place)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UseError(
                "the disk is full or a file would be larger than allowed",
                where=str(place),
                advice="Nothing was changed. Make room, then try again.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise UseError(
                "there is no permission to read or write here", where=where, advice="Nothing was changed."
            ) from error
        raise UseError(
            f"the folder or file cannot be used ({error.strerror or error})",
            where=where,
            advice="Nothing was changed.",
        ) from error
