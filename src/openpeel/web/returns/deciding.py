"""What is decided of a return from its page: the force confirms it, an analyst accepts it or sends it back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.returns import actions
from openpeel.web.returns.forms import ConfirmForm, SendBackForm
from openpeel.web.returns.models import Return
from openpeel.web.returns.views import found, show_return
from openpeel.web.states import NotNow


@needs(Permission.CONFIRM_RETURNS)
@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm a return for the force."""
    handed_in = _found(request, key, Permission.CONFIRM_RETURNS)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return show_return(request, handed_in, confirm_form=form, status=422)
    by, at = actor_on(request), timezone.now()
    return _done(
        request,
        handed_in,
        lambda: actions.confirm(handed_in=handed_in, by=by, at=at),
        "The return is confirmed. The inspectorate has been told.",
    )


@needs(Permission.REVIEW_RETURNS)
@require_POST
def accept(request: HttpRequest, key: UUID) -> HttpResponse:
    """Accept a return."""
    handed_in = _found(request, key, Permission.REVIEW_RETURNS)
    by, at = actor_on(request), timezone.now()
    return _done(
        request,
        handed_in,
        lambda: actions.accept(handed_in=handed_in, by=by, at=at),
        "The return is accepted and is being put into the lake. The force has been told.",
    )


@needs(Permission.REVIEW_RETURNS)
@require_POST
def send_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send a return back, with a reason."""
    handed_in = _found(request, key, Permission.REVIEW_RETURNS)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return show_return(request, handed_in, send_back_form=form, status=422)
    because, by, at = form.cleaned_data["because"], actor_on(request), timezone.now()
    return _done(
        request,
        handed_in,
        lambda: actions.send_back(handed_in=handed_in, because=because, by=by, at=at),
        "The return is sent back. The force has been told.",
    )


@needs(Permission.REVIEW_RETURNS)
@require_POST
def try_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have an accepted return put in the lake after it could not be."""
    handed_in = _found(request, key, Permission.REVIEW_RETURNS)
    by, at = actor_on(request), timezone.now()
    return _done(
        request,
        handed_in,
        lambda: actions.try_again(handed_in=handed_in, by=by, at=at),
        "The return is being put into the lake.",
    )


def _found(request: HttpRequest, key: UUID, permission: Permission) -> Return:
    actor = actor_on(request)
    handed_in = found(actor, key)
    if not actor.may(permission, handed_in.asked.force):
        raise PermissionDenied
    return handed_in


def _done(request: HttpRequest, handed_in: Return, do: Callable[[], None], said: str) -> HttpResponse:
    """Do it, or say why it is not possible now; either way back to the page of the return."""
    try:
        do()
    except NotNow as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect("returns:show", key=handed_in.key)
