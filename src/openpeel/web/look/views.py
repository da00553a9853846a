"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.look.context import path_of
from openpeel.web.look.todo import items_for
from openpeel.web.releases.models import Release


@needs(Permission.SEE_PUBLISHED)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do now, for somebody who is signed in; what this is, and the latest release, for everybody."""
    actor = actor_on(request)
    latest = Release.objects.seen_by(Actor()).order_by("-published_at", "-frozen_at").first()
    shown = {
        "items": items_for(actor) if actor.person is not None else [],
        "latest": latest,
        "explore": path_of("explore:index"),
        "releases": path_of("releases:index"),
    }
    return render(request, "look/home.html", shown)
