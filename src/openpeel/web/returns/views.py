"""Pages about returns: lists, handing one in, and what became of it. What is decided of them is in `deciding.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from openpeel.errors import UseError
from openpeel.standards.template import template_files
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections import states as collection_states
from openpeel.web.collections.models import Asked
from openpeel.web.returns import actions, policies, reading
from openpeel.web.returns.forms import ConfirmForm, HandInForm, SendBackForm
from openpeel.web.returns.marking import marked_file
from openpeel.web.returns.models import Return
from openpeel.web.returns.states import ACCEPTED, CHECKED, CHECKING, CONFIRMED, QUERY, RECEIVED, RETURN
from openpeel.web.returns.uploads import Uploading
from openpeel.web.trail.record import record

_Response = TypeVar("_Response", bound=HttpResponseBase)

_SEE = (Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
_COUNTS = frozenset({RECEIVED, CHECKING, CHECKED, CONFIRMED, ACCEPTED})
_ROWS = 50
_LISTED = 100
_TEMPLATES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@needs(*_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The returns to be reviewed, for analysts; for a force what it is asked for and what it handed in."""
    actor = actor_on(request)
    if not actor.may(Permission.SEE_ALL_RETURNS):
        return render(request, "returns/own.html", {"asked": _own(actor), "states": RETURN.said})
    waiting = _with_all(Return.objects.seen_by(actor).filter(state=CONFIRMED)).order_by("confirmed_at")
    others = _with_all(Return.objects.seen_by(actor).exclude(state=CONFIRMED)).order_by("-handed_in_at")
    return render(
        request,
        "returns/review.html",
        {"waiting": waiting, "others": others[:_LISTED], "listed": _LISTED, "states": RETURN.said},
    )


@needs(Permission.HAND_IN, *_SEE)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Hand in the files of what is asked.

    Nothing of the request is read before it is known that its sender may hand in, or anybody could fill the disk;
    only then is it held to its CSRF token.
    """
    actor = actor_on(request)
    asked = get_object_or_404(Asked.objects.seen_by(actor).select_related("collection"), key=key)
    if request.method == "POST" and not actor.may(Permission.HAND_IN, asked.force):
        raise PermissionDenied
    uploading = Uploading(request)
    request.upload_handlers = [uploading]
    return _hand_in(request, asked, uploading)


@csrf_protect
def _hand_in(request: HttpRequest, asked: Asked, uploading: Uploading) -> HttpResponse:
    actor = actor_on(request)
    form = HandInForm(request.POST, request.FILES) if request.method == "POST" else HandInForm()
    if request.method == "POST":
        valid = form.is_valid()
        if uploading.wrong:
            form.errors["chosen"] = form.error_class([uploading.wrong])
        elif valid:
            try:
                new = actions.hand_in(
                    asked=asked,
                    files=form.cleaned_data["chosen"],
                    remark=form.cleaned_data["remark"],
                    by=actor,
                    at=timezone.now(),
                )
            except UseError as error:
                form.add_error("chosen", error.message)
            else:
                messages.success(request, f"Return {new.number} was handed in and is going to be checked.")
                return redirect("returns:show", key=new.key)
    returns = list(_with_all(asked.returns.all()))
    return render(
        request,
        "returns/hand-in.html",
        {
            "asked": asked,
            "form": form,
            "returns": returns,
            "replaced": next((r for r in returns if RETURN.move(r.state, "replace")), None),
            "corrected": next((r for r in returns if RETURN.move(r.state, "supersede")), None),
            "states": RETURN.said,
            "why_not": policies.why_not_hand_in(asked)
            if actor.may(Permission.HAND_IN, asked.force)
            else "Only the force's own contributors hand in returns.",
        },
        status=422 if form.errors else 200,
    )


@needs(*_SEE)
@require_safe
def template(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The template of what is asked, as CSV or as a workbook."""
    asked = get_object_or_404(Asked.objects.seen_by(actor_on(request)), key=key)
    if kind not in _TEMPLATES:
        raise Http404
    name = f"{asked.standard}.{kind}"
    return _attachment(
        HttpResponse(template_files(asked.known_standard)[name], content_type=_TEMPLATES[kind]), name
    )


@needs(*_SEE)
@never_cache
@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """One return: its files, what was found, the queries, what it would change, and what can be done with it."""
    actor = actor_on(request)
    handed_in = found(actor, key)
    if handed_in.found:
        _record_reading(actor, handed_in, "read return", "Read what was found in")
    return show_return(request, handed_in)


def show_return(
    request: HttpRequest,
    handed_in: Return,
    *,
    confirm_form: ConfirmForm | None = None,
    send_back_form: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a return, with forms as somebody has just sent them, if so."""
    actor = actor_on(request)
    reviews = actor.may(Permission.REVIEW_RETURNS)
    may_confirm = actor.may(Permission.CONFIRM_RETURNS, handed_in.asked.force)
    asks_to_confirm = may_confirm and RETURN.move(handed_in.state, "confirm") is not None
    return render(
        request,
        "returns/show.html",
        {
            "handed_in": handed_in,
            "asked": handed_in.asked,
            "state": RETURN.said[handed_in.state],
            "query_states": QUERY.said,
            "waits": handed_in.state in (RECEIVED, CHECKING),
            "so_far": policies.so_far(handed_in),
            "history": list(_history(handed_in)),
            "why_not_confirm": policies.why_not_confirm(handed_in) if asks_to_confirm else "",
            "confirm_form": (confirm_form or ConfirmForm()) if asks_to_confirm else None,
            "reviews": reviews and handed_in.state == CONFIRMED,
            "why_not_accept": policies.why_not_accept(handed_in) if reviews else "",
            "send_back_form": send_back_form or SendBackForm(),
            "may_try_again": reviews and bool(handed_in.not_in_lake_because),
            "may_hand_in": actor.may(Permission.HAND_IN, handed_in.asked.force),
        },
        status=status,
    )


@needs(*_SEE)
@never_cache
@require_safe
def progress(request: HttpRequest, key: UUID) -> JsonResponse:
    """How far the check of a return is: what the page asks for until it is done."""
    handed_in = found(actor_on(request), key)
    return JsonResponse(
        {
            "progress": handed_in.progress,
            "state": RETURN.said[handed_in.state],
            "waits": handed_in.state in (RECEIVED, CHECKING),
        }
    )


@needs(*_SEE)
@require_safe
def rejected(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rejected rows of a return, some at a time."""
    actor = actor_on(request)
    handed_in = found(actor, key)
    total = handed_in.rejected_rows
    pages = max(1, -(-total // _ROWS))
    given = request.GET.get("page", "1")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1
    page = min(max(page, 1), pages)
    if reading.rejected_path(handed_in) is None:
        raise Http404
    rows = list(islice(reading.rejected_rows(handed_in), (page - 1) * _ROWS, page * _ROWS))
    _record_reading(actor, handed_in, "read rejected rows", "Read rejected rows of")
    return render(
        request,
        "returns/rejected.html",
        {"handed_in": handed_in, "rows": rows, "page": page, "pages": pages, "total": total},
    )


@needs(*_SEE)
@require_safe
def rejected_csv(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The rejected rows of a return as CSV."""
    actor = actor_on(request)
    handed_in = found(actor, key)
    path = reading.rejected_path(handed_in)
    if path is None:
        raise Http404
    _record_reading(actor, handed_in, "read rejected rows", "Read rejected rows of")
    return _attachment(
        FileResponse(path.open("rb"), content_type="text/csv; charset=utf-8"), "rejected-rows.csv"
    )


@needs(*_SEE)
@require_safe
def marked(request: HttpRequest, key: UUID, place: int) -> HttpResponse:
    """A file of a return as the force handed it in, with what was found marked in it."""
    actor = actor_on(request)
    handed_in = found(actor, key)
    file = get_object_or_404(handed_in.files, place=place)
    if not handed_in.found:
        raise Http404
    made = marked_file(handed_in, file)
    _record_reading(
        actor, handed_in, "read marked file", f"Took file {place} of", " with what was found marked"
    )
    return _attachment(HttpResponse(made.content, content_type=made.content_type), made.name)


def found(actor: Actor, key: UUID) -> Return:
    """The return of that key, if the actor may see it; else it is not there."""
    return get_object_or_404(_with_all(Return.objects.seen_by(actor)), key=key)


def _with_all(returns: QuerySet[Return]) -> QuerySet[Return]:
    return returns.select_related(
        "asked__collection", "handed_in_by", "confirmed_by", "decided_by"
    ).prefetch_related("files", "queries__responses__by")


def _own(actor: Actor) -> list[dict[str, Any]]:
    """What the force is asked for, those still to be handed in first, each with its returns."""
    asked = Asked.objects.seen_by(actor).select_related("collection").prefetch_related("returns")
    open_first = sorted(asked, key=_open_first)
    today = timezone.localdate()
    return [
        {
            "asked": a,
            "returns": list(a.returns.all()),
            "overdue": a.collection.closes_on < today and not _handed_in(a),
            "may_hand_in": actor.may(Permission.HAND_IN, a.force) and not policies.why_not_hand_in(a),
        }
        for a in open_first
    ]


def _open_first(asked: Asked) -> tuple[bool, date]:
    return asked.collection.state != collection_states.OPEN, asked.collection.closes_on


def _handed_in(asked: Asked) -> bool:
    """Whether something was handed in that is not refused, sent back or replaced."""
    return any(r.state in _COUNTS for r in asked.returns.all())


def _history(handed_in: Return) -> Iterator[dict[str, Any]]:
    """What happened to a return, in order: when, who, what."""
    yield {"at": handed_in.handed_in_at, "who": handed_in.handed_in_by.name, "did": "handed it in"}
    if handed_in.checked_at:
        did = "could not read it" if handed_in.refused_because else "checked it"
        yield {"at": handed_in.checked_at, "who": "The service", "did": did}
    turns: list[dict[str, Any]] = [
        {"at": turn.at, "who": turn.by.name, "did": f"on '{query.title}': {turn.get_kind_display()}"}
        for query in handed_in.queries.all()
        for turn in query.responses.all()
    ]
    if handed_in.confirmed_at and handed_in.confirmed_by:
        turns.append(
            {"at": handed_in.confirmed_at, "who": handed_in.confirmed_by.name, "did": "confirmed it"}
        )
    if handed_in.decided_at and handed_in.decided_by:
        did = "sent it back" if handed_in.sent_back_because else "accepted it"
        turns.append({"at": handed_in.decided_at, "who": handed_in.decided_by.name, "did": did})
    if handed_in.in_lake_at:
        turns.append({"at": handed_in.in_lake_at, "who": "The service", "did": "put it in the lake"})
    yield from sorted(turns, key=lambda turn: turn["at"])


def _record_reading(actor: Actor, handed_in: Return, action: str, did: str, more: str = "") -> None:
    record(
        by=actor,
        at=timezone.now(),
        action=action,
        about=f"return {handed_in.key}",
        said=f"{did} return {handed_in.number} for {handed_in.asked}{more}.",
        force=handed_in.asked.force,
    )


def _attachment(response: _Response, name: str) -> _Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
