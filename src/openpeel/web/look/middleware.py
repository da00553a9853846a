"""Headers that Django does not set by itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from openpeel.web.accounts.guard import actor_on

# No page uses any of these, so no script that gets into one can.
_NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
_PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in _NOT_USED)


class HeadersMiddleware:
    """Sets `Permissions-Policy`, and keeps what somebody sees who is signed in out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on the request, and add to the answer."""
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        if "Cache-Control" not in response and actor_on(request).person is not None:
            add_never_cache_headers(response)
        return response
