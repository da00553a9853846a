"""The pages for what is not there, not allowed, not understood, or failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, 400, "This could not be understood", "Go back, and try again from the page before.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(
        request,
        403,
        "You may not see this page",
        "None of your roles lets you. If you need it for your work, ask an administrator of the service.",
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form that did not come from one of our pages or lay open for too long."""
    return _page(
        request,
        403,
        "The form was too old",
        "Nothing was changed. Go back to the page, load it again, and send the form once more.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(
        request,
        404,
        "Page not found",
        "If you typed the address, check it. If you followed a link, what it led to is not there or not yours to see.",
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500. Says nothing of what failed: that is in the log."""
    return _page(
        request,
        500,
        "Sorry, something went wrong",
        "This is a fault in the service. What you sent was not taken, so nothing was half done. Try again in a minute.",
    )


def _page(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    return render(request, "look/error.html", {"title": title, "said": said}, status=status)
