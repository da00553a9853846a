"""A return as intake reads it: its files under the names people gave them, what was asked, and the lakes.

Each return is looked at in a lake of its own, in STAGING, against the main lake, which only an accepted return enters.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from filelock import FileLock

from openpeel.intake.load import LoadOptions
from openpeel.intake.sources import Named
from openpeel.lake import Lake
from openpeel.web.collections.models import Asked
from openpeel.web.returns.models import Return
from openpeel.web.returns.uploads import stored_path


def options(asked: Asked) -> LoadOptions:
    """What intake is told: whose and of when the records are, and that all the files are one return.

    A force's own return takes the place of a published table: an analyst accepts it beside what it changes.
    """
    return LoadOptions(
        force=asked.known_force,
        months=asked.period.months(),
        standard=asked.standard,
        parts=True,
        replace=True,
    )


def files(handed_in: Return) -> list[Named]:
    """The files of a return."""
    return [Named(stored_path(file.stored), file.name) for file in handed_in.files.all()]


def main_lake() -> Lake:
    """The lake of what was accepted; made when there is none."""
    return Lake.open(Path(settings.LAKE), create=True)


def staging_lake(handed_in: Return) -> Lake:
    """The lake in which one return is looked at; made when there is none."""
    return Lake.open(_staging(handed_in), create=True)


def forget_staging(handed_in: Return) -> None:
    """Take away the lake in which a return was looked at: it is in the main lake now."""
    shutil.rmtree(_staging(handed_in), ignore_errors=True)


def lake_of(handed_in: Return) -> Lake:
    """The lake in which what is known of a return can be read."""
    return main_lake() if handed_in.in_lake_at is not None else Lake(_staging(handed_in))


def rejected_path(handed_in: Return) -> Path | None:
    """The list of its rejected rows, as CSV; None where there is none."""
    path = lake_of(handed_in).rejected_path(handed_in.lake_id)
    return path if handed_in.lake_id and path.exists() else None


def rejected_rows(handed_in: Return) -> Iterator[dict[str, str]]:
    """Its rejected rows: file, row, column, expected, got. No value of a record is in them."""
    path = rejected_path(handed_in)
    if path is None:
        return
    with path.open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@contextmanager
def alone(asked: Asked) -> Iterator[None]:
    """Let one job at a time deal with the returns for one thing that is asked; the others wait."""
    folder = Path(settings.STAGING)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{asked.key}.lock"):
        yield


def _staging(handed_in: Return) -> Path:
    return Path(settings.STAGING) / str(handed_in.key)


def first_rejected(path: Path) -> str:
    """The first row of a list of rejected rows, in words."""
    with path.open(newline="", encoding="utf-8") as lines:
        row = next(csv.DictReader(lines))
    place = f"row {row['row']}" + (f", column '{row['column']}'" if row["column"] else "")
    return f"The first is {place} of {row['file']}: expected {row['expected']}, got {row['got']}."
