"""Pages for those who run the service: whether it is up, whether it can do its work, and its numbers.

They are open to programs that do not sign in. They say nothing of people or records; what they say of the machine is
for the machine itself and for those with the token.
"""

from __future__ import annotations

import hmac
import ipaddress
import shutil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openpeel.errors import ReaderError
from openpeel.lake import Lake
from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.jobs.worker import AWAY
from openpeel.web.operations.metrics import as_text, queue_age

#: A queue that is older than this means that no worker is at work, in seconds.
STUCK = 600
#: Room that a return of the largest size and its unpacking need, in times of that size.
ROOM = 4


@needs(Permission.SEE_PUBLISHED)
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Whether the process answers. Asks nothing of the database."""
    return JsonResponse({"up": True})


@needs(Permission.SEE_PUBLISHED)
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether it can do its work: 200 or 503. Why not is told to whoever may know."""
    found = {"database": _database(), "lake": _lake(), "queue": _queue(), "disk": _disk()}
    well = all(part["well"] for part in found.values())
    told: dict[str, Any] = {"ready": well}
    if may_know(request):
        told.update(found)
    return JsonResponse(told, status=200 if well else 503)


@needs(Permission.SEE_PUBLISHED)
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for whoever may know them."""
    if not may_know(request):
        return HttpResponse(
            "The metrics are for the machine itself and for those with OPENPEEL_METRICS_TOKEN.\n",
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(as_text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_know(request: HttpRequest) -> bool:
    """Whether somebody has the token or, where no proxy stands between, asks from the machine itself."""
    token: str = settings.ENVIRONMENT.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    if "X-Forwarded-For" in request.headers or settings.ENVIRONMENT.proxies:
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except AWAY:
        connection.close()
        return {"well": False, "said": "the database does not answer"}
    return {"well": True}


def _lake() -> dict[str, Any]:
    if not settings.LAKE.exists():
        return {"well": True, "said": "nothing was accepted yet"}
    try:
        Lake.open(settings.LAKE).held()
    except (ReaderError, OSError):
        return {"well": False, "said": "the lake cannot be read"}
    return {"well": True}


def _queue() -> dict[str, Any]:
    try:
        age = queue_age(timezone.now())
    except AWAY:
        connection.close()
        return {"well": False, "said": "not known while the database does not answer"}
    return {"well": age < STUCK, "oldest_waits_seconds": round(age)}


def _disk() -> dict[str, Any]:
    home = settings.ENVIRONMENT.home
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        return {"well": False, "said": "the home of the service is not there"}
    return {"well": free > ROOM * settings.UPLOAD_BYTES, "free_mib": free >> 20}
