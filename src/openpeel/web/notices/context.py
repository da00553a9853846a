"""What every page is given of the notices: how many are unread, for the header."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from openpeel.web.accounts.guard import actor_on
from openpeel.web.notices.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices()` for the templates; the database is asked where it is called."""
    return {"unread_notices": lambda: _unread(request)}


def _unread(request: HttpRequest) -> int:
    try:
        if not hasattr(request, "actor") or actor_on(request).person is None:
            return 0
        return Notice.objects.seen_by(actor_on(request)).filter(read_at=None).count()
    except DatabaseError:  # the page that says so has this header too
        return 0
