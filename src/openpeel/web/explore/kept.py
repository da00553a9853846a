"""Keeps whole pages of published figures for people who are not signed in: they all see the same.

A page is kept under its address and what is published at the time, so that publishing a release, or working out its
figures anew, is seen at once. Who is signed in, and who is told something once, never gets a kept page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from openpeel import __version__
from openpeel.web.releases.models import Release
from openpeel.web.releases.states import PUBLISHED

View = Callable[..., HttpResponse]


def published_stamp() -> str:
    """Another text as soon as something else is published, or figures of it were worked out anew."""
    published = Release.objects.filter(state=PUBLISHED, figures_at__isnull=False).order_by("pk")
    said = [
        __version__,
        *published.values_list("key", "name", "ending", "frozen_at", "figures_at", "invented"),
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def is_anybody(request: HttpRequest) -> bool:
    """Whether a request comes from somebody of whom nothing is known."""
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & set(request.COOKIES)


def kept_for_anybody(view: View) -> View:
    """Keep what a view answers to people who are not signed in, and tell browsers when they have it already."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_anybody(request):
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            return response
        address = f"{request.scheme} {request.get_host()} {request.get_full_path()}"
        key = hashlib.sha256(f"{published_stamp()} {address}".encode()).hexdigest()
        tag = quote_etag(key[:32])
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return _told(HttpResponseNotModified(), tag)
        pages = caches["pages"]
        found = cast("tuple[bytes, str] | None", pages.get(key))
        if found is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming or response.cookies:
                return response
            found = (response.content, response["Content-Type"])
            if "Content-Disposition" not in response:
                pages.set(key, found)
            return _told(response, tag)
        return _told(HttpResponse(found[0], content_type=found[1]), tag)

    return kept


def _told(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie"])
    return response
