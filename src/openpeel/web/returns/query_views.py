"""The page of a query: the talk about it, and its next turn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.returns import answering, policies
from openpeel.web.returns.forms import AnswerForm, ReplyForm
from openpeel.web.returns.models import Query, Return
from openpeel.web.returns.states import QUERY
from openpeel.web.states import NotNow
from openpeel.web.trail.record import record


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HttpRequest, key: UUID) -> HttpResponse:
    """A query: what was found and what was said of it; the force answers here, and the analyst replies."""
    actor = actor_on(request)
    asked = get_object_or_404(
        Query.objects.filter(of__in=Return.objects.seen_by(actor))
        .select_related("of__asked__collection", "of__decided_by", "of__confirmed_by", "of__handed_in_by")
        .prefetch_related("responses__by"),
        key=key,
    )
    answers = actor.may(Permission.ANSWER_QUERIES, asked.of.asked.force)
    reviews = actor.may(Permission.REVIEW_RETURNS)
    form: AnswerForm | ReplyForm | None = None
    why_not = ""
    data = request.POST if request.method == "POST" else None
    if answers:
        why_not = policies.why_not_answer(asked)
        form = AnswerForm(asked, data)
    elif reviews:
        kinds = _replies(asked)
        why_not = "" if kinds else policies.why_not_waive(asked)
        form = ReplyForm(kinds or [("waive", "")], data)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() or why_not:
            return _take(request, asked, form, why_not)
    else:
        record(
            by=actor,
            at=timezone.now(),
            action="read query",
            about=f"query {asked.key}",
            said=f"Read a query on {asked.of}.",
            force=asked.of.asked.force,
        )
    return render(
        request,
        "returns/query.html",
        {
            "query": asked,
            "handed_in": asked.of,
            "state": QUERY.said[asked.state],
            "form": form if not why_not else None,
            "answers": answers,
            "why_not": why_not,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _take(request: HttpRequest, asked: Query, form: AnswerForm | ReplyForm, why_not: str) -> HttpResponse:
    """Take a turn, or say why it is not possible now."""
    by, at = actor_on(request), timezone.now()
    try:
        policies.hold(why_not)
        kind, text = form.cleaned_data["kind"], form.cleaned_data["text"]
        if isinstance(form, AnswerForm):
            answering.answer(query=asked, kind=kind, text=text, by=by, at=at)
        elif kind == "settle":
            answering.settle(query=asked, text=text, by=by, at=at)
        elif kind == "ask again":
            answering.ask_again(query=asked, text=text, by=by, at=at)
        else:
            answering.waive(query=asked, text=text, by=by, at=at)
    except NotNow as error:
        messages.error(request, error.message)
        return redirect("returns:query", key=asked.key)
    messages.success(
        request, "The answer was sent." if isinstance(form, AnswerForm) else "The reply was sent."
    )
    return redirect("returns:show", key=asked.of.key)


def _replies(asked: Query) -> list[tuple[str, str]]:
    """What an analyst can do with a query now."""
    possible = (
        ("settle", "Settle it: the answer does", policies.why_not_settle),
        ("ask again", "Ask again: the answer does not do", policies.why_not_ask_again),
        ("waive", "Waive it: set it aside", policies.why_not_waive),
    )
    return [(kind, said) for kind, said, why_not in possible if not why_not(asked)]
