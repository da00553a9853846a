"""Bringing back a service from a backup: each hash is proven first, then rows and files come together or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from openpeel.errors import DataError, UseError
from openpeel.lake.store import disk_errors
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.operations.backup import known_migrations
from openpeel.web.operations.keeping import HANDED_IN, LAKE, ROWS, Kept, opened
from openpeel.web.operations.rows import read_rows
from openpeel.web.trail.models import Event
from openpeel.web.trail.record import record
from openpeel.web.trail.verify import Broken, verify


@dataclass(frozen=True)
class Restored:
    """What came back; `aside` is where what was there before is kept, None where nothing was."""

    rows: int
    files: int
    made_at: str
    aside: Path | None

    def __str__(self) -> str:
        said = (
            f"Brought back {self.rows:,} rows and {self.files:,} files of the backup of {self.made_at}. "
            "Every file has the hash that it was kept with, and the audit trail is whole."
        )
        return said if self.aside is None else f"{said}\nThe files that were here before are in {self.aside}."


def bring_back(place: Path, *, replace: bool, at: datetime) -> Restored:
    """Put a backup in place of an empty service or, with `replace`, of any. Raises UseError or DataError.

    The rows that were there before are gone with `replace`; the files are moved aside.
    """
    home: Path = settings.ENVIRONMENT.home
    targets = {LAKE: Path(settings.LAKE), HANDED_IN: Path(settings.MEDIA_ROOT)}
    with disk_errors(home), opened(place, within=home) as kept:
        _refuse_other_version(kept)
        call_command("migrate", verbosity=0, interactive=False)
        full = [t for t in targets.values() if t.exists() and any(t.iterdir())]
        if (full or Person.objects.exists() or Event.objects.exists()) and not replace:
            raise UseError(
                f"the service in '{home}' is not empty",
                advice="Restore to an empty one, or say --replace to give up what is in its database.",
            )
        aside = home / f"before-restore-{at:%Y%m%d-%H%M%S}"
        with _moved(kept, targets, aside), transaction.atomic():
            rows = read_rows(kept.folder / ROWS)
            found = verify()
            if isinstance(found, Broken):
                raise DataError(f"the audit trail in the backup is not whole: {found.said}", where=str(place))
            made_at = str(kept.manifest["at"])
            record(
                by=Actor(job="command line"),
                at=at,
                action="restore service",
                about="service",
                said=f"Brought back the backup of {made_at}.",
            )
    files = len(kept.manifest["files"]) - 1
    return Restored(rows, files, made_at, aside if full else None)


def _refuse_other_version(kept: Kept) -> None:
    here, there = set(known_migrations()), set(kept.manifest["migrations"])
    if here != there:
        raise UseError(
            f"the backup is of openpeel {kept.manifest['openpeel']}, whose tables are not those of this version",
            advice="Restore it with that version, then upgrade.",
        )


@contextlib.contextmanager
def _moved(kept: Kept, targets: dict[str, Path], aside: Path) -> Iterator[None]:
    """Move the files into place, what was there aside; and all of it back where what is done within fails."""
    done: list[tuple[Path, Path]] = []
    try:
        for name, target in targets.items():
            if target.exists():
                aside.mkdir(exist_ok=True)
                target.rename(aside / name)
                done.append((target, aside / name))
            if (kept.folder / name).exists():
                (kept.folder / name).rename(target)
                done.append((kept.folder / name, target))
        yield
    except BaseException:
        for before, after in reversed(done):
            after.rename(before)
        with contextlib.suppress(OSError):
            aside.rmdir()
        raise
