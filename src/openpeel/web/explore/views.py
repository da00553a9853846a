"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission


@needs(Permission.SEE_PUBLISHED)
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "explore/home.html")
