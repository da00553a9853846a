"""The rows of the database as lines of JSON, from one moment; the same from SQLite and from PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

from openpeel.errors import DataError
from openpeel.web.trail.guarding import guard, unguard

SNAPSHOT = "snapshot"
#: What every database makes for itself, and who is signed in at this moment.
_LEFT_OUT = frozenset({"contenttypes.contenttype", "auth.permission", "sessions.session"})


def kept_models() -> list[type[models.Model]]:
    """The models whose rows are kept."""
    return [m for m in apps.get_models() if m._meta.label_lower not in _LEFT_OUT]


@contextmanager
def snapshot() -> Iterator[str]:
    """The database as it is now, whatever is written meanwhile; the name to use it by. It keeps nobody from writing."""
    copy = connections["default"].copy(alias=SNAPSHOT)
    options = copy.settings_dict.setdefault("OPTIONS", {})
    if copy.vendor == "postgresql":
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"
    connections[SNAPSHOT] = copy
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        copy.close()
        del connections[SNAPSHOT]


def write_rows(out: IO[str], using: str) -> int:
    """Write all rows; returns how many."""
    written = 0
    for model in kept_models():
        rows = model._base_manager.using(using).order_by("pk")
        written += rows.count()
        serializers.serialize("jsonl", rows.iterator(chunk_size=1000), stream=out)
    return written


def read_rows(file: Path) -> int:
    """Put the rows of a file in place of all that there are. Within a transaction of the caller's; returns how many.

    Raises DataError where a line cannot be understood.
    """
    unguard(connection)
    for model in reversed(kept_models()):
        model._base_manager.all()._raw_delete("default")
    read = 0
    with file.open(encoding="utf-8") as lines:
        try:
            for row in serializers.deserialize("jsonl", lines):
                row.save(force_insert=True)
                read += 1
        except serializers.base.DeserializationError:
            raise DataError(
                "the rows of the backup cannot be read by this version", where=f"row {read + 1}"
            ) from None
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)
    guard(connection)
    return read
