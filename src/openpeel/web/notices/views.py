"""Pages of a person's own notices."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.notices.actions import read_notices
from openpeel.web.notices.models import Notice

_ON_A_PAGE = 25


@needs(Permission.SEE_SELF)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The own notices, the newest first."""
    own = Notice.objects.seen_by(actor_on(request))
    shown = Paginator(own, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/index.html", {"shown": shown})


@needs(Permission.SEE_SELF)
@require_POST
def read(request: HttpRequest, key: UUID) -> HttpResponse:
    """Mark one as read, and go to what it is about where that is asked."""
    actor = actor_on(request)
    notice = get_object_or_404(Notice.objects.seen_by(actor), key=key)
    read_notices(by=actor, at=timezone.now(), key=str(key))
    return redirect(notice.link if "go" in request.POST else "notices:index")


@needs(Permission.SEE_SELF)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    read_notices(by=actor_on(request), at=timezone.now())
    return redirect("notices:index")
