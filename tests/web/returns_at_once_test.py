"""Two people do things to the same return at once, and workers are killed: nothing is lost, nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Role
from openpeel.web.jobs.tasks import UNFINISHED, Task
from openpeel.web.returns import actions, jobs, policies
from openpeel.web.returns.models import HandedInFile, Query, Return
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event
from web_people import MakePerson
from web_returns import BAD, NAME, Round, as_csv, volunteers, work
from web_service import Service

pytestmark = pytest.mark.both_databases

GOOD = as_csv(volunteers())


def at_once(*calls: Callable[[], object]) -> list[Exception | None]:
    """Do all of them at once, each on a connection of its own; what each raised."""
    ready = Barrier(len(calls))

    def one(call: Callable[[], object]) -> Exception | None:
        try:
            ready.wait(10)
            call()
        except Exception as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make two meet behind a policy, if nothing keeps the second from getting there before the first is done."""

    def make(policy: str) -> None:
        real: Callable[[Return], str] = getattr(policies, policy)
        behind = Barrier(2)

        def met(handed_in: Return) -> str:
            why_not = real(handed_in)
            with suppress(BrokenBarrierError):
                behind.wait(1)
            return why_not

        monkeypatch.setattr(policies, policy, met)

    return make


def _events(action: str) -> int:
    return Event.objects.filter(action=action).count()


def _waiting(path: str) -> int:
    return Task.objects.filter(status__in=UNFINISHED, task_path__endswith=path).count()


def test_two_analysts_accept_a_return_at_once_and_one_is_told_of_the_other(
    transactional_db: None, asked_round: Round, person: MakePerson, meeting: Callable[[str], None]
) -> None:
    handed_in = asked_round.hand_in(GOOD)
    asked_round.confirm(handed_in)
    other = person(Role.ANALYST, name="Otto Analyst")
    meeting("why_not_accept")
    raised = at_once(
        *(
            lambda who=who: actions.accept(handed_in=handed_in, by=Actor(who), at=timezone.now())
            for who in (asked_round.analyst, other)
        )
    )
    (told,) = [error for error in raised if error is not None]
    assert isinstance(told, NotNow)
    handed_in.refresh_from_db()
    assert handed_in.decided_by is not None
    assert told.message.startswith(f"Nothing was changed: {handed_in.decided_by.name} accepted it on ")
    assert (_events("accept return"), _waiting("put_in_lake")) == (1, 1)
    work()
    assert list(asked_round.main.held().values()) == [handed_in.lake_id]
    assert _events("put return in lake") == 1


def test_of_accepting_and_sending_back_at_once_one_is_done(
    transactional_db: None, asked_round: Round, person: MakePerson, meeting: Callable[[str], None]
) -> None:
    handed_in = asked_round.hand_in(GOOD)
    asked_round.confirm(handed_in)
    by, at = Actor(asked_round.analyst), timezone.now()
    raised = at_once(
        lambda: actions.accept(handed_in=handed_in, by=by, at=at),
        lambda: actions.send_back(handed_in=handed_in, because="Cadets.", by=by, at=at),
    )
    assert [type(error) for error in raised if error] == [NotNow]
    assert _events("accept return") + _events("send back return") == 1
    handed_in.refresh_from_db()
    assert handed_in.state == ("sent_back" if raised[0] else "accepted")
    assert bool(handed_in.sent_back_because) == (handed_in.state == "sent_back")


def test_what_is_confirmed_while_another_is_handed_in_does_not_count_any_more(
    transactional_db: None, asked_round: Round
) -> None:
    handed_in = asked_round.hand_in(GOOD)
    client = asked_round.client(asked_round.contributor)
    raised = at_once(
        lambda: actions.confirm(handed_in=handed_in, by=Actor(asked_round.approver), at=timezone.now()),
        lambda: client.post(
            f"/returns/hand-in/{asked_round.asked.key}",
            {"chosen": [SimpleUploadedFile(NAME, as_csv(volunteers(31)))]},
        ),
    )
    assert raised[1] is None
    assert raised[0] is None or "return 2, which Cora Contributor handed in" in str(raised[0])
    states = list(Return.objects.order_by("number").values_list("state", flat=True))
    assert states == ["withdrawn", "received"]


def test_what_two_people_hand_in_at_once_is_kept_and_numbered(
    transactional_db: None, asked_round: Round, person: MakePerson
) -> None:
    other = person(Role.CONTRIBUTOR, force=asked_round.asked.force, name="Cyril Contributor")
    clients = [asked_round.client(who) for who in (asked_round.contributor, other)]
    raised = at_once(
        *(
            lambda client=client, n=n: client.post(
                f"/returns/hand-in/{asked_round.asked.key}",
                {"chosen": [SimpleUploadedFile(NAME, as_csv(volunteers(n)))]},
            )
            for n, client in enumerate(clients, start=30)
        )
    )
    assert raised == [None, None]
    found = list(Return.objects.order_by("number").values_list("number", "state"))
    assert found == [(1, "withdrawn"), (2, "received")]
    assert HandedInFile.objects.count() == 2
    work()
    assert asked_round.last().state == "checked"


def test_the_same_check_twice_at_once_asks_once(transactional_db: None, asked_round: Round) -> None:
    asked_round.send({NAME: as_csv(BAD)})
    handed_in = asked_round.last()

    def check() -> None:
        jobs.check_return.call(str(handed_in.key))

    assert at_once(check, check) == [None, None]
    handed_in.refresh_from_db()
    assert handed_in.state == "checked"
    assert (Query.objects.count(), _events("begin check"), _events("finish check")) == (1, 1, 1)


def test_a_return_that_is_replaced_while_it_is_checked_stays_replaced(
    transactional_db: None, asked_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_round.send({NAME: GOOD})
    first = asked_round.last()
    real = jobs.load

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(jobs, "load", real)
        report = real(*arguments, **named)
        asked_round.send({NAME: as_csv(volunteers(31))})
        return report

    monkeypatch.setattr(jobs, "load", meanwhile)
    work()
    states = list(Return.objects.order_by("number").values_list("state", flat=True))
    assert states == ["withdrawn", "checked"]
    first.refresh_from_db()
    assert first.found is None


def test_a_job_that_is_killed_anywhere_comes_to_the_same_when_it_is_done_again(
    service: Service, tmp_path: Path
) -> None:
    told = service.python(f"import web_killed\nweb_killed.kill_everywhere({str(tmp_path)!r})")
    known = json.loads(told)
    checked, again = known["checked"]
    assert again == checked
    assert (checked["state"], checked["found"]["accepted"], checked["held"]) == ("checked", 28, [])
    assert [name for name, *_ in checked["queries"]] == ["rejected_rows"]
    assert checked["done"] == ["hand in return", "begin check", "finish check"]
    accepted, again = known["accepted"]
    assert again == accepted
    assert (accepted["state"], accepted["in lake"]) == ("accepted", True)
    assert accepted["held"] == [checked["id"]]
    assert accepted["done"].count("put return in lake") == 1
