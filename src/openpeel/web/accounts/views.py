"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission

sign_in = needs(Permission.SEE_PUBLISHED)(LoginView.as_view(template_name="accounts/sign-in.html"))
sign_out = needs(Permission.SEE_PUBLISHED)(LogoutView.as_view())


@needs(Permission.SEE_SELF)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Give the second factor."""
    return render(request, "accounts/second-factor.html")


@needs(Permission.SEE_SELF)
def own(request: HttpRequest) -> HttpResponse:
    """The own account."""
    return render(request, "accounts/own.html")


@needs(Permission.SEE_PUBLISHED)
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may do what."""
    return render(request, "accounts/permissions.html")


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Said when an account is locked."""
    return render(request, "accounts/locked.html", status=429)
