"""The page about the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission


@needs(Permission.SEE_PUBLISHED)
def about(request: HttpRequest) -> HttpResponse:
    """What the API gives and how to ask for it."""
    return render(request, "look/error.html", {"title": "API", "said": ""})
