"""The page for while the database is away: it asks the database nothing, not even who looks at it."""

from __future__ import annotations

import logging
import sys

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template import loader

from openpeel.web.jobs.worker import AWAY
from openpeel.web.look import errors

logger = logging.getLogger("openpeel.request")
TITLE = "The service is away for a moment"
SAID = (
    "It cannot reach its database. What you sent was not taken, so nothing was half done. "
    "Wait a minute, go back, and try again."
)


def failed(request: HttpRequest) -> HttpResponse:
    """503 where the fault is that the database does not answer, else 500."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return errors.failed(request)
    logger.warning("the database does not answer")
    connections.close_all()
    page = loader.render_to_string("look/error.html", {"title": TITLE, "said": SAID})
    return HttpResponse(page, status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
