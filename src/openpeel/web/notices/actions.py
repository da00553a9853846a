"""What people do with their notices."""

from __future__ import annotations

from datetime import datetime

from openpeel.web.accounts.actor import Actor
from openpeel.web.notices.models import Notice


def read_notices(*, by: Actor, at: datetime, key: str | None = None) -> int:
    """Mark one notice of the person's own, or all, as read. Returns how many were not before.

    It is not in the audit trail: nothing but the person's own list changes.
    """
    found = Notice.objects.seen_by(by).filter(read_at=None)
    return (found.filter(key=key) if key is not None else found).update(read_at=at)
