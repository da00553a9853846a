"""What there is to do about returns."""

from __future__ import annotations

from django.urls import reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections import states as collection_states
from openpeel.web.collections.models import Asked
from openpeel.web.look.todo import Item, todo
from openpeel.web.returns.models import Query, Return
from openpeel.web.returns.policies import why_not_confirm
from openpeel.web.returns.states import ASKED_AGAIN, CHECKED, CONFIRMED, OPEN, REFUSED, SENT_BACK, WITHDRAWN


@todo
def to_hand_in(actor: Actor) -> list[Item]:
    """What open collections ask of the force and nothing stands for."""
    if not actor.may(Permission.HAND_IN, actor.force):
        return []
    asked = Asked.objects.seen_by(actor).filter(collection__state=collection_states.OPEN)
    stands = Return.objects.exclude(state__in=[REFUSED, SENT_BACK, WITHDRAWN])
    return _item("Hand in", asked.exclude(returns__in=stands).count(), "return", reverse("collections:index"))


@todo
def to_answer(actor: Actor) -> list[Item]:
    """Queries on the force's returns that wait for an answer."""
    if not actor.may(Permission.ANSWER_QUERIES, actor.force):
        return []
    queries = Query.objects.filter(of__in=Return.objects.seen_by(actor), of__state=CHECKED)
    waiting = queries.filter(state__in=[OPEN, ASKED_AGAIN])
    return _item(
        "Answer", waiting.count(), "query", _place(list(waiting.values_list("of__key", flat=True)[:2]))
    )


@todo
def to_confirm(actor: Actor) -> list[Item]:
    """Checked returns of the force on which every query is answered."""
    if not actor.may(Permission.CONFIRM_RETURNS, actor.force):
        return []
    checked = Return.objects.seen_by(actor).filter(state=CHECKED).prefetch_related("queries__responses")
    ready = [handed_in for handed_in in checked if not why_not_confirm(handed_in)]
    return _item("Confirm", len(ready), "return", _place([handed_in.key for handed_in in ready]))


@todo
def to_review(actor: Actor) -> list[Item]:
    """Returns that forces have confirmed."""
    if not actor.may(Permission.REVIEW_RETURNS):
        return []
    confirmed = Return.objects.filter(state=CONFIRMED)
    return _item("Review", confirmed.count(), "return", reverse("returns:index"))


def _place(keys: list[object]) -> str:
    """The page of the one return, or the list of all."""
    return reverse("returns:show", args=[keys[0]]) if len(set(keys)) == 1 else reverse("returns:index")


def _item(verb: str, number: int, thing: str, href: str) -> list[Item]:
    several = "queries" if thing == "query" else f"{thing}s"
    return [Item(f"{verb} {number:,} {thing if number == 1 else several}", href)] if number else []
