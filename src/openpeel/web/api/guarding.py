"""What holds for every address of the API: who may ask, HEAD as well as GET, and not to send what somebody has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.urls import URLPattern
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.api.problems import problem
from openpeel.web.explore.kept import published_stamp

#: For so many seconds an answer may be used again without asking.
_FRESH = 300


def guarded(pattern: URLPattern) -> URLPattern:
    """The same address with its view guarded."""
    view = needs(Permission.SEE_PUBLISHED)(_read_only(pattern.callback))
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


def _read_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """GET and HEAD alone; 304 for what the asker has already, as long as nothing else was published since."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            refused = problem(405, f"Expected GET or HEAD, got {request.method}: the API is for reading.")
            refused["Allow"] = "GET, HEAD"
            return refused
        seen = f"{published_stamp()} {request.build_absolute_uri()}"
        tag = quote_etag(hashlib.sha256(seen.encode()).hexdigest()[:32])
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return _told(HttpResponseNotModified(), tag)
        asked, request.method = request.method, "GET"
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = asked
        return _told(response, tag) if response.status_code == 200 else response

    return answered


def _told(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=_FRESH)
    # Published figures are for anybody, and so for the pages of anybody.
    response["Access-Control-Allow-Origin"] = "*"
    return response
