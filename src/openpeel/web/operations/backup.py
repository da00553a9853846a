"""Backups of the whole service, made while it runs.

The database comes first, from one moment. Files are named by their content and are never changed, so whatever the rows
name is there when it is copied afterwards; what came in later is in the lake without a row, and nothing reads it. The
one file that changes, the list of what the lake holds, is replaced in one step and is read before the files it names.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from openpeel import __version__
from openpeel.errors import DataError
from openpeel.lake.store import disk_errors
from openpeel.web.accounts.actor import Actor
from openpeel.web.operations.keeping import HANDED_IN, LAKE, ROWS, Backup, new_backup
from openpeel.web.operations.rows import snapshot, write_rows
from openpeel.web.returns.models import HandedInFile
from openpeel.web.trail.record import record

_HELD, _NOT_KEPT = "held.json", (".lock", "incoming")


@dataclass(frozen=True)
class Made:
    """What is in a backup."""

    place: Path
    rows: int
    files: int
    bytes: int

    def __str__(self) -> str:
        return (
            f"Kept {self.rows:,} rows and {self.files:,} files ({self.bytes / 2**20:,.1f} MiB before packing) "
            f"in {self.place}.\nIt holds people's data: keep it encrypted, and away from this machine."
        )


def back_up(place: Path, *, at: datetime) -> Made:
    """Keep database, lake and files handed in at `place`, a folder or a .tar.zst. Raises UseError or DataError."""
    with disk_errors(place), new_backup(place) as backup:
        with tempfile.TemporaryFile("w+b") as kept:
            text = io.TextIOWrapper(kept, encoding="utf-8")
            with snapshot() as using:
                rows = write_rows(text, using)
                handed_in = list(HandedInFile.objects.using(using).values_list("stored", flat=True))
            text.detach()
            size = kept.tell()
            kept.seek(0)
            backup.keep(ROWS, kept, size)
        _keep_lake(backup)
        for stored in sorted(set(handed_in)):
            _keep_file(backup, f"{HANDED_IN}/{stored}", Path(settings.MEDIA_ROOT) / stored)
        files = len(backup.files) - 1
        backup.end(
            {"openpeel": __version__, "at": at.astimezone(UTC).isoformat(), "migrations": known_migrations()}
        )
    record(
        by=Actor(job="command line"),
        at=at,
        action="back up service",
        about="service",
        said=f"Kept {rows} rows and {files} files as a backup.",
    )
    return Made(place, rows, files, backup.bytes)


def known_migrations() -> list[str]:
    """The migrations of this version: what a database that is up to date has."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations or {})


def _keep_lake(backup: Backup) -> None:
    root = settings.LAKE
    if not root.exists():
        return
    held = root / _HELD
    if held.exists():
        content = held.read_bytes()
        backup.keep(f"{LAKE}/{_HELD}", io.BytesIO(content), len(content))
    for path in sorted(_files_of(root)):
        name = path.relative_to(root)
        try:
            _keep_file(backup, f"{LAKE}/{name}", path)
        except DataError:
            # Listed a moment ago and gone now: a load that was given up has taken away what it wrote.
            if path.exists():
                raise


def _files_of(root: Path) -> Iterator[Path]:
    """The files of a lake but those that are being written."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        if here == root:
            folders[:] = [f for f in folders if f not in _NOT_KEPT]
        for file in files:
            if file not in (_HELD, *_NOT_KEPT) and not file.startswith("."):
                yield here / file


def _keep_file(backup: Backup, name: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            backup.keep(name, file, path.stat().st_size)
    except FileNotFoundError:
        raise DataError(
            "a file that the service needs is gone",
            where=str(path),
            advice="Bring it back from an earlier backup, then make this one again.",
        ) from None
