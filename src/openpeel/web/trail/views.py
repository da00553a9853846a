"""Searching and reading the audit trail. Reading it is an event of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openpeel.reference.forces import find_force
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.trail import search
from openpeel.web.trail.forms import SearchForm
from openpeel.web.trail.models import Event
from openpeel.web.trail.record import record


@needs(Permission.READ_TRAIL)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The events that are asked for, newest first."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "trail/index.html", {"form": form, "page": search.Page([], None, None)})
    before, after = _number(request, "before"), _number(request, "after")
    _read(
        request,
        "read audit trail",
        "audit trail",
        f"Looked in the audit trail for {search.said(form.cleaned_data)}.",
    )
    found = search.page(search.find(form.cleaned_data), before, after)
    searched = {name: value for name, value in request.GET.items() if name in form.fields and value}
    return render(request, "trail/index.html", {"form": form, "page": found, "searched": searched})


@needs(Permission.READ_TRAIL)
@require_safe
def event(request: HttpRequest, number: int) -> HttpResponse:
    """One event, with what was before and after."""
    found = get_object_or_404(Event, number=number)
    _read(request, "read event", f"event {number}", f"Read event {number} of the audit trail.")
    force = find_force(found.force).name if found.force else ""
    neighbours = {
        "earlier": Event.objects.filter(number=number - 1).exists(),
        "later": Event.objects.filter(number=number + 1).exists(),
    }
    return render(request, "trail/event.html", {"event": found, "force": force, **neighbours})


@needs(Permission.READ_TRAIL)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The events that are asked for as CSV, all of them."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(
            request, "trail/index.html", {"form": form, "page": search.Page([], None, None)}, status=400
        )
    wanted: dict[str, Any] = form.cleaned_data
    _read(request, "export audit trail", "audit trail", f"Exported the audit trail: {search.said(wanted)}.")
    return StreamingHttpResponse(
        search.rows(search.find(wanted)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit-trail.csv"'},
    )


def _read(request: HttpRequest, action: str, about: str, said: str) -> None:
    record(by=actor_on(request), at=timezone.now(), action=action, about=about, said=said)


def _number(request: HttpRequest, name: str) -> int | None:
    """A number in the address; what is none counts as not given."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
