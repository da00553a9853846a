"""How often one address may ask."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from openpeel.web.accounts.actor import address_of

#: A window in which requests are counted, in seconds.
_WINDOW = 60


class PerAddress(BaseThrottle):
    """So many requests a minute from one address (`settings.API_A_MINUTE`), counted together by all processes.

    Nothing is kept on the throttle itself, which many threads use at once; two requests at the same moment may be
    counted as one. No address is kept, but a hash of it, for a minute.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request, and say whether it is within the limit."""
        window = int(time.time() // _WINDOW)
        key = hashlib.sha256(f"{settings.SECRET_KEY} {window} {address_of(request)}".encode()).hexdigest()
        asked = caches["asked"]
        count = int(asked.get(key, 0)) + 1
        if count > settings.API_A_MINUTE:
            return False
        asked.set(key, count, _WINDOW)
        return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return _WINDOW - time.time() % _WINDOW
