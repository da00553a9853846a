"""The audit trail: chained, and only ever added to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from openpeel.web.accounts.actor import Actor
from openpeel.web.trail.guarding import guard, unguard
from openpeel.web.trail.models import BEGINNING, Event
from openpeel.web.trail.record import record

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _record(said: str) -> Event:
    return record(by=Actor(), at=AT, action="try", about="nothing", said=said)


def test_each_event_is_chained_to_the_one_before(db: None) -> None:
    first, second = _record("first"), _record("second")
    assert (first.number, first.previous) == (1, BEGINNING)
    assert (second.number, second.previous) == (2, first.hash)
    kept = Event.objects.get(pk=2)
    assert kept.computed_hash() == kept.hash == second.hash


@pytest.mark.parametrize("change", ["UPDATE trail_event SET said = 'other'", "DELETE FROM trail_event"])
def test_the_database_refuses_to_change_an_event(db: None, change: str) -> None:
    guard(connection)
    _record("first")
    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert Event.objects.get().said == "first"
    unguard(connection)
