"""The database's own guard of the audit trail: rows can be added, and neither changed nor taken away."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = """
CREATE TRIGGER trail_event_no_{name} BEFORE {what} ON trail_event
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION trail_event_only_added() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the audit trail is only ever added to'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER trail_event_no_change BEFORE UPDATE OR DELETE ON trail_event
FOR EACH ROW EXECUTE FUNCTION trail_event_only_added();
"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Have the database refuse to change or take away an event."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
        else:
            cursor.execute(_SQLITE.format(name="update", what="UPDATE"))
            cursor.execute(_SQLITE.format(name="delete", what="DELETE"))


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away: a restored or emptied database is guarded anew afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS trail_event_no_change ON trail_event")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS trail_event_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS trail_event_no_delete")
