"""The talk about a query: what the force answers and what the analyst says to it. Each function is one change of state.

The other changes of a return are in `actions.py`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Permission
from openpeel.web.notices.telling import people_who_may, tell
from openpeel.web.returns import policies
from openpeel.web.returns.models import Query, Response, Return
from openpeel.web.returns.states import ANSWERED, ASKED_AGAIN, CONFIRMED, OPEN, QUERY, SETTLED, WAIVED
from openpeel.web.states import NotNow
from openpeel.web.trail.record import record


def answer(*, query: Query, kind: str, text: str, by: Actor, at: datetime) -> None:
    """Answer a query for the force: explain, say that a correction will come, or ask for a waiver."""
    with transaction.atomic():
        now = _locked(query)
        policies.hold(policies.why_not_answer(now))
        if kind not in policies.answers_to(now):
            raise NotNow("Rejected rows cannot be explained: correct them, or ask for a waiver.")
        _take_turn(now, "answer", ANSWERED, kind, text, by, at)
        asked = now.of.asked
        if now.of.state == CONFIRMED:
            tell(
                people=people_who_may(Permission.REVIEW_RETURNS),
                subject="A query is answered",
                said=f"A query on {now.of} that was asked again is answered.",
                link=now.link,
                at=at,
            )
        elif not now.of.queries.filter(state__in=(OPEN, ASKED_AGAIN)).exists():
            tell(
                people=people_who_may(Permission.CONFIRM_RETURNS, asked.force),
                subject="All queries on a return are answered",
                said=f"{now.of}. It waits to be confirmed.",
                link=now.of.link,
                at=at,
            )


def settle(*, query: Query, text: str = "", by: Actor, at: datetime) -> None:
    """Take the force's answer."""
    with transaction.atomic():
        now = _locked(query)
        policies.hold(policies.why_not_settle(now))
        _take_turn(now, "settle", SETTLED, "settle", text, by, at)


def ask_again(*, query: Query, text: str, by: Actor, at: datetime) -> None:
    """Say that the answer does not do, and what is still to be answered; the force is told."""
    with transaction.atomic():
        now = _locked(query)
        policies.hold(policies.why_not_ask_again(now))
        _take_turn(now, "ask again", ASKED_AGAIN, "ask again", text, by, at)
        tell(
            people=people_who_may(Permission.ANSWER_QUERIES, now.of.asked.force),
            subject="A query is asked again",
            said=f"{now.of}. The answer to a query did not settle it; the page says why.",
            link=now.link,
            at=at,
        )


def waive(*, query: Query, text: str, by: Actor, at: datetime) -> None:
    """Set a query aside, with a reason."""
    with transaction.atomic():
        now = _locked(query)
        policies.hold(policies.why_not_waive(now))
        _take_turn(now, "waive", WAIVED, "waive", text, by, at)


def _locked(query: Query) -> Query:
    """The query as it is now, with its return, which nobody else changes before this transaction ends."""
    of = (
        Return.objects.select_for_update(of=("self",))
        .select_related("asked__collection", "decided_by", "confirmed_by")
        .get(pk=query.of_id)
    )
    now = Query.objects.get(pk=query.pk)
    now.of = of
    return now


def _take_turn(query: Query, move: str, to: str, kind: str, text: str, by: Actor, at: datetime) -> None:
    assert by.person is not None, "only somebody who is signed in gets here"
    moved = Query.objects.filter(pk=query.pk, state__in=QUERY.states_with(move)).update(state=to)
    if not moved:
        raise NotNow(f"Nothing was changed: the query's state is '{QUERY.said[query.state]}'.")
    Response.objects.create(query=query, kind=kind, text=text, by=by.person, at=at)
    record(
        by=by,
        at=at,
        action=f"{move} query" if move != "ask again" else "ask query again",
        about=f"query {query.key}",
        # What was written stands with the query: people's names may have got into it, and the trail is for ever.
        said=f"{dict(Response.KINDS)[kind]}: '{query.check_name}' in {query.of}.",
        force=query.of.asked.force,
        before=QUERY.said[query.state],
        after=QUERY.said[to],
    )
