"""Gives each request an id, writes one line about it to the log, and counts it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

from openpeel.web.operations.logs import request_id
from openpeel.web.operations.metrics import count_request

logger = logging.getLogger("openpeel.request")
_AN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestMiddleware:
    """The outermost one. An id that a proxy gave is kept; the answer says it as X-Request-Id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, count and write the line."""
        given = request.headers.get("X-Request-Id", "")
        token = request_id.set(given if _AN_ID.fullmatch(given) else uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            view = view_of(request)
            count_request(view, request.method or "", response.status_code, seconds)
            response["X-Request-Id"] = request_id.get()
            logger.info(
                "answered",
                extra={
                    "view": view,
                    "method": request.method,
                    "status": response.status_code,
                    "milliseconds": round(seconds * 1000, 1),
                    "role": role_of(request),
                },
            )
            return response
        finally:
            request_id.reset(token)


def view_of(request: HttpRequest) -> str:
    """The name of the view: never the path, which says what was looked at."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match is not None else "none"


def role_of(request: HttpRequest) -> str:
    """At which kind of organisation somebody works who asked; blank where nobody looked. Asks the database nothing."""
    actor: Any = getattr(request, "actor", None)
    if not isinstance(actor, SimpleLazyObject) or actor.__dict__.get("_wrapped", empty) is empty:
        return ""
    person = actor.person
    if person is None:
        return "nobody"
    organisation = person._state.fields_cache.get("organisation")
    return organisation.kind.casefold() if organisation is not None else "somebody"
