"""The first page says what there is to do, to whoever can do it and to nobody else."""

from __future__ import annotations

import re

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.look.todo import items_for
from web_people import BEDFORDSHIRE, MakePerson
from web_returns import BAD, Round, as_csv, volunteers


def _to_do(someone: Person) -> list[str]:
    return [item.text for item in items_for(Actor(Person.objects.get(pk=someone.pk)))]


def test_what_there_is_to_do_goes_from_hand_to_hand(asked_round: Round, person: MakePerson) -> None:
    r = asked_round
    other = person(Role.CONTRIBUTOR, Role.APPROVER, force=BEDFORDSHIRE)
    assert _to_do(r.contributor) == ["Hand in 1 return"]
    assert _to_do(r.approver) == []
    r.hand_in(as_csv(BAD))
    assert [re.sub(r"\d+", "n", text) for text in _to_do(r.contributor)] in (
        ["Answer n query"],
        ["Answer n queries"],
    )
    handed_in = r.hand_in(as_csv(volunteers()))
    for query in handed_in.queries.all():
        r.answer(query)
    assert _to_do(r.contributor) == []
    assert _to_do(r.approver) == ["Confirm 1 return"]
    r.confirm(handed_in)
    assert _to_do(r.approver) == []
    assert _to_do(other) == ["Hand in 1 return"]


def test_the_analyst_reviews_what_was_confirmed(asked_round: Round) -> None:
    r = asked_round
    handed_in = r.hand_in(as_csv(volunteers()))
    for query in handed_in.queries.all():
        r.answer(query)
    r.confirm(handed_in)
    page = r.client(r.analyst).get("/").content.decode()
    assert "Review 1 return" in page
    for query in handed_in.queries.all():
        r.reply(query, "settle")
    r.accept(handed_in)
    assert "Review" not in r.client(r.analyst).get("/").content.decode()
