"""The form of a backup: a folder, or the same as one .tar.zst, with a manifest that has the hash of each file."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from openpeel.errors import DataError, UseError

FORMAT = 1
MANIFEST, ROWS, LAKE, HANDED_IN = "manifest.json", "database.jsonl", "lake", "handed-in"
ENDING = ".tar.zst"


class Backup:
    """A backup that is being written. `keep` adds a file; the manifest is added last, so a cut one has none."""

    def __init__(self, folder: Path | None, archive: tarfile.TarFile | None) -> None:
        self._folder, self._archive = folder, archive
        self.files: dict[str, str] = {}
        self.bytes = 0

    def keep(self, name: str, content: BinaryIO, size: int) -> None:
        """Add what is read from `content`, of that many bytes, under that name."""
        hashed = _Hashed(content)
        if self._archive is not None:
            told = tarfile.TarInfo(name)
            told.size, told.mode = size, 0o600
            self._archive.addfile(told, hashed)
        elif self._folder is not None:
            target = self._folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                shutil.copyfileobj(hashed, out, 1 << 20)
        self.files[name] = hashed.sha256.hexdigest()
        self.bytes += size

    def end(self, about: dict[str, Any]) -> None:
        """Add the manifest."""
        content = json.dumps(
            {"format": FORMAT, **about, "files": self.files}, indent=1, sort_keys=True
        ).encode()
        self.keep(MANIFEST, io.BytesIO(content), len(content))


@contextmanager
def new_backup(place: Path) -> Iterator[Backup]:
    """Write a backup beside `place` and put it there when it is whole. Raises UseError where something is there."""
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UseError(
            f"'{place}' is there already", advice="Name a new file or folder: no backup is overwritten."
        )
    if not place.absolute().parent.is_dir():
        raise UseError(f"there is no folder '{place.absolute().parent}'", advice="Make it first.")
    beside = place.with_name(f".{place.name}.unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    beside.unlink(missing_ok=True)
    try:
        if place.name.endswith(ENDING):
            beside.touch(mode=0o600)  # it holds people's data: for nobody else to read
            with (
                pa.OSFile(str(beside), "wb") as raw,
                pa.CompressedOutputStream(raw, "zstd") as packed,
                tarfile.open(fileobj=packed, mode="w|") as archive,
            ):
                yield Backup(None, archive)
        else:
            beside.mkdir(mode=0o700)
            yield Backup(beside, None)
        beside.rename(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        beside.unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Kept:
    """A backup that was proven whole: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]


@contextmanager
def opened(place: Path, *, within: Path) -> Iterator[Kept]:
    """A backup, unpacked or copied to a folder in `within` and proven whole, whose files may be moved from there.

    Raises UseError where there is none, DataError where it is not whole.
    """
    if not place.exists():
        raise UseError(f"there is no backup at '{place}'")
    within.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=within) as unpacked:
        folder = Path(unpacked)
        if place.is_dir():
            shutil.copytree(place, folder, dirs_exist_ok=True)
        else:
            _unpack(place, folder)
        yield Kept(folder, _proven(folder, place))


def _unpack(place: Path, folder: Path) -> None:
    try:
        with (
            pa.OSFile(str(place), "rb") as raw,
            pa.CompressedInputStream(raw, "zstd") as packed,
            tarfile.open(fileobj=packed, mode="r|") as archive,
        ):
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, pa.ArrowException, OSError, EOFError):
        raise DataError(
            "this is no backup of the service, or it is damaged", where=str(place), advice="Take another."
        ) from None


def _proven(folder: Path, place: Path) -> dict[str, Any]:
    if not (folder / MANIFEST).is_file():
        raise DataError(
            "the backup has no manifest: it was not finished", where=str(place), advice="Take another."
        )
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise UseError(f"the backup has format {manifest.get('format')}; this version reads format {FORMAT}")
    files: dict[str, str] = manifest["files"]
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    for name in sorted(there ^ set(files)):
        said = "is missing" if name in files else "does not belong there"
        raise DataError(
            f"a file of the backup {said}", where=f"{place}: {name}", advice="Take another backup."
        )
    for name, sha256 in files.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise DataError(
                    "a file of the backup was changed or damaged",
                    where=f"{place}: {name}",
                    advice="Take another backup.",
                )
    return manifest


class _Hashed:
    """A stream that is hashed while it is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._content.read(size)
        self.sha256.update(found)
        return found
