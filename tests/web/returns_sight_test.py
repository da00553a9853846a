"""What is another force's is not there: no page of a return, of its queries or of what is asked."""

from __future__ import annotations

import pytest

from openpeel.web.accounts.permissions import Role
from openpeel.web.trail.models import Event
from web_people import BEDFORDSHIRE, MakePerson, SignIn
from web_returns import BAD, Round, as_csv

PAGES = (
    "/returns/hand-in/{asked}",
    "/returns/hand-in/{asked}/template/csv",
    "/returns/{key}",
    "/returns/{key}/progress",
    "/returns/{key}/rejected",
    "/returns/{key}/rejected.csv",
    "/returns/{key}/marked/1",
    "/returns/queries/{query}",
)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.APPROVER])
def test_another_force_finds_nothing_of_a_return(
    asked_round: Round, person: MakePerson, signed_in: SignIn, role: Role
) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    stranger = signed_in(person(role, force=BEDFORDSHIRE))
    keys = {"asked": asked_round.asked.key, "key": handed_in.key, "query": handed_in.queries.get().key}
    for page in PAGES:
        path = page.format(**keys)
        assert stranger.get(path).status_code == 404, path
        own = asked_round.client(asked_round.contributor).get(path)
        assert own.status_code == 200, path
        if own.streaming:
            list(own.streaming_content)  # a file is closed once it is read
    assert "Hertfordshire" not in stranger.get("/returns/").content.decode()
    for verb in ("confirm", "accept", "send-back", "try-again"):
        assert stranger.post(f"/returns/{handed_in.key}/{verb}", {"stands": "on"}).status_code in (403, 404)
    handed_in.refresh_from_db()
    assert handed_in.state == "checked"


def test_a_contributor_does_not_confirm_and_an_approver_does_not_answer(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    query = handed_in.queries.get()
    contributor = asked_round.client(asked_round.contributor)
    assert contributor.post(f"/returns/{handed_in.key}/confirm", {"stands": "on"}).status_code == 403
    answer = {"kind": "correct", "text": "Soon."}
    assert asked_round.client(asked_round.approver).post(query.link, answer).status_code == 403
    query.refresh_from_db()
    assert query.state == "open"


def test_reading_what_was_found_is_an_event(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    client = asked_round.client(asked_round.analyst)
    client.get(handed_in.link)
    client.get(f"/returns/{handed_in.key}/rejected")
    client.get(handed_in.queries.get().link)
    read = Event.objects.filter(who="Ada Analyst", action__startswith="read").order_by("number")
    assert list(read.values_list("action", flat=True)) == ["read return", "read rejected rows", "read query"]
