"""Releases are frozen, shared and published, and each is seen by those who may and by nobody else."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from openpeel.demo.handing_in import hand_in
from openpeel.demo.plan import plans
from openpeel.errors import UseError
from openpeel.intake.load import LoadOptions, load
from openpeel.lake import Lake, open_release
from openpeel.reference.forces import find_force
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.notices.models import Notice
from openpeel.web.releases import actions
from openpeel.web.releases.adopting import adopt
from openpeel.web.releases.models import Release
from openpeel.web.releases.states import FROZEN, PUBLISHED, SHARED
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, SignIn
from web_releases import AT, ENDING, MakeRelease


@pytest.fixture
def one(release: MakeRelease) -> Release:
    """A frozen release with figures."""
    return release("first", figures=True)


def _text(client: Client, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, found.status_code
    return str(found.content.decode())


def _read(found: Any) -> bytes:
    """All that a page sends; to close it half read would close the database of the test too."""
    return b"".join(found)


def test_an_analyst_freezes_what_is_accepted(lake: Path, analyst: Person, signed_in: SignIn) -> None:
    client = signed_in(analyst)
    page = _text(client, "/releases/new")
    assert "There is no lake" not in page
    assert 'value="31 May 2024"' in page  # the end of the last month that is held
    assert "Stop and search" in page
    assert "all 63 returns" in page
    given = {
        "name": "2024-spring",
        "about": "Accepted by 1 July.",
        "ending": "31 March 2024",
        "collection": "",
    }
    found = client.post("/releases/new", given)
    assert (found.status_code, found["Location"]) == (302, "/releases/of/2024-spring")
    made = Release.objects.get()
    assert (made.name, made.ending, made.state, made.invented) == ("2024-spring", ENDING, FROZEN, True)
    assert open_release(Lake.open(lake), "2024-spring").id == made.lake_id
    assert Event.objects.filter(action="freeze release", person=analyst.key).exists()
    assert "Its figures are being worked out. 0% is done." in _text(client, "/releases/of/2024-spring")


def test_a_name_that_the_lake_has_with_other_content_is_told(
    lake: Path, analyst: Person, signed_in: SignIn
) -> None:
    given = {"name": "first", "about": "", "ending": "2024-03-31", "collection": ""}
    found = signed_in(analyst).post("/releases/new", given)
    assert found.status_code == 200
    assert "already, with other content. Choose another name." in found.content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "a/b"}, "Use letters, digits, dashes and underscores"),
        ({"name": "FIRST"}, "There is a release called FIRST already"),
        ({"ending": "30 March 2024"}, "Enter the last day of a month, such as 2024-03-31"),
        ({"ending": "spring"}, "Enter a day, such as 31 March 2026"),
    ],
)
def test_what_cannot_be_frozen_is_told_at_the_field(
    lake: Path, release: MakeRelease, analyst: Person, signed_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    release("first")
    given = {"name": "third", "about": "", "ending": "2024-03-31", "collection": "", **wrong}
    page = signed_in(analyst).post("/releases/new", given).content.decode()
    assert said in page
    assert Release.objects.count() == 1


def test_a_release_of_the_lake_is_adopted_once(lake: Path, analyst: Person) -> None:
    by = Actor(analyst)
    made = adopt(name="first", ending=ENDING, by=by, at=AT)
    assert adopt(name="first", ending=ENDING, by=by, at=AT) == made
    assert made.lake_id == open_release(Lake.open(lake), "first").id
    assert Event.objects.filter(action="freeze release").count() == 1
    with pytest.raises(UseError, match="there is no release 'third'"):
        adopt(name="third", ending=ENDING, by=by, at=AT)
    with pytest.raises(UseError, match="last day of a month"):
        adopt(name="second", ending=date(2024, 3, 30), by=by, at=AT)


SEES = {
    FROZEN: {Role.ANALYST, Role.INSPECTOR, Role.MODERATOR, Role.PUBLISHER},
    SHARED: {Role.ANALYST, Role.INSPECTOR, Role.MODERATOR, Role.PUBLISHER, Role.APPROVER},
    PUBLISHED: {None, *Role},
}


@pytest.mark.parametrize("state", [FROZEN, SHARED, PUBLISHED])
def test_a_release_is_seen_by_those_who_may_in_each_state(
    release: MakeRelease, person: MakePerson, signed_in: SignIn, state: str
) -> None:
    release("first", figures=True, state=state)
    for role in (None, *Role):
        force = HERTFORDSHIRE if role and role.kind.name != "INSPECTORATE" else ""
        client = signed_in(person(role, force=force)) if role else Client()
        seen = role in SEES[state]
        for path in ("", "/figures.csv", "/figures.jsonl"):
            found = client.get(f"/releases/of/first{path}")
            assert found.status_code == (200 if seen else 404), (role, path)
            _read(found)
        assert ('href="/releases/of/first"' in _text(client, "/releases/")) == seen, role


def test_reading_what_is_not_published_is_an_event(
    one: Release, person: MakePerson, signed_in: SignIn
) -> None:
    inspector = person(Role.INSPECTOR)
    _read(signed_in(inspector).get("/releases/of/first/figures.csv"))
    event = Event.objects.get(action="read unpublished figures")
    assert event.person == inspector.key
    Release.objects.update(
        state=PUBLISHED, shared_by=inspector, shared_at=AT, published_by=inspector, published_at=AT
    )
    _read(signed_in(inspector).get("/releases/of/first/figures.csv"))
    assert Event.objects.filter(action="read unpublished figures").count() == 1


def test_the_public_is_not_told_who_did_it(
    release: MakeRelease, person: MakePerson, signed_in: SignIn, analyst: Person
) -> None:
    release("first", figures=True, state=PUBLISHED)
    assert analyst.name in _text(signed_in(analyst), "/releases/of/first")
    for client in (Client(), signed_in(person(Role.APPROVER, force=HERTFORDSHIRE))):
        page = _text(client, "/releases/of/first")
        assert f"by {analyst.name}" not in page
        assert "What happened to it" not in page


def test_sharing_asks_first_then_tells_each_approver(
    one: Release, person: MakePerson, signed_in: SignIn, analyst: Person
) -> None:
    approvers = [person(Role.APPROVER, force=f) for f in (HERTFORDSHIRE, BEDFORDSHIRE)]
    person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = signed_in(analyst)
    assert "Nobody else will: not the public" in _text(client, "/releases/of/first/share")
    one.refresh_from_db()
    assert one.state == FROZEN  # a GET changes nothing
    assert client.post("/releases/of/first/share").status_code == 302
    one.refresh_from_db()
    assert (one.state, one.shared_by) == (SHARED, analyst)
    told = Notice.objects.filter(subject__contains="before they are published")
    assert {n.person for n in told} == set(approvers)
    assert all(n.link == "/releases/of/first" for n in told)
    assert all("replying" in n.said for n in told)
    assert Event.objects.get(action="share release").after == "Shared with forces"
    assert mail.outbox == []


def test_only_a_publisher_publishes_and_only_what_is_shared(
    one: Release, person: MakePerson, signed_in: SignIn, analyst: Person
) -> None:
    publisher = signed_in(person(Role.PUBLISHER))
    page = publisher.post("/releases/of/first/publish", follow=True).content.decode()
    assert "It is shared with forces first" in page
    assert signed_in(analyst).post("/releases/of/first/publish").status_code == 403
    assert publisher.post("/releases/of/first/share").status_code == 403
    actions.share(release=one, by=Actor(analyst), at=AT)
    assert Client().get("/releases/of/first").status_code == 404
    assert publisher.post("/releases/of/first/publish").status_code == 302
    assert Client().get("/releases/of/first").status_code == 200


def test_nothing_is_shared_before_its_figures_are_there(
    release: MakeRelease, signed_in: SignIn, analyst: Person
) -> None:
    made = release("first")
    page = signed_in(analyst).post("/releases/of/first/share", follow=True).content.decode()
    assert "Its figures are being worked out" in page
    made.refresh_from_db()
    assert made.state == FROZEN


def test_two_publish_one_after_the_other_and_the_second_is_told_by_whom(
    release: MakeRelease, person: MakePerson, signed_in: SignIn
) -> None:
    made = release("first", figures=True, state=SHARED)
    first, second = person(Role.PUBLISHER, name="Ada Invented"), person(Role.PUBLISHER)
    stale = Release.objects.get(pk=made.pk)
    actions.publish(release=made, by=Actor(first), at=AT)
    with pytest.raises(NotNow, match=r"Ada Invented published it on 2 July 2024 at 10:00am"):
        actions.publish(release=stale, by=Actor(second), at=AT)
    assert Event.objects.filter(action="publish release").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_publish_at_once_and_it_happens_once(release: MakeRelease, person: MakePerson) -> None:
    made = release("first", figures=True, state=SHARED)
    people = [person(Role.PUBLISHER) for _ in range(2)]
    together = threading.Barrier(2)
    said: list[str] = []

    def publish(someone: Person) -> None:
        own = Release.objects.get(pk=made.pk)
        together.wait()
        try:
            actions.publish(release=own, by=Actor(someone), at=AT)
            said.append("done")
        except NotNow:
            said.append("not now")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[p]) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "not now"]
    assert Event.objects.filter(action="publish release").count() == 1


def test_figures_that_failed_are_tried_again(
    release: MakeRelease, signed_in: SignIn, analyst: Person
) -> None:
    made = release("first", figures_failed="The lake was away.")
    client = signed_in(analyst)
    page = _text(client, "/releases/of/first")
    assert "could not be worked out: The lake was away." in page
    assert "Try again" in page
    assert "Share with forces" not in page
    assert client.post("/releases/of/first/again").status_code == 302
    made.refresh_from_db()
    assert made.figures_failed == ""
    page = client.post("/releases/of/first/again", follow=True).content.decode()
    assert "are being worked out" in page
    assert Event.objects.filter(action="work out figures again").count() == 1


def test_what_is_missing_is_named(one: Release, signed_in: SignIn, analyst: Person) -> None:
    page = _text(signed_in(analyst), "/releases/of/first")
    assert "12 of 43" in page
    assert "Lancashire" in page  # hands in nothing in this lake
    assert "Hertfordshire" in page


def _hand_in_later(lake: Path, folder: Path) -> None:
    plan = next(p for p in plans() if p.standard.id == "stop_search")
    folder.mkdir()
    file = next(iter(hand_in(plan, find_force("bedfordshire"), folder, seed=3, scale=0.04)))
    load(Lake.open(lake), [file.path], LoadOptions(months=file.months))


def test_later_data_are_told_on_the_page_of_a_release(
    lake: Path, tmp_path: Path, release: MakeRelease, person: MakePerson, signed_in: SignIn, analyst: Person
) -> None:
    release("second", figures=True, state=PUBLISHED)
    client = signed_in(analyst)
    assert "Later data are held" not in _text(client, "/releases/of/second")
    _hand_in_later(lake, tmp_path / "later")
    page = _text(client, "/releases/of/second")
    assert "Later data are held that are not in this release" in page
    assert "Bedfordshire" in page.split('id="later"')[1].split("<h2")[0]
    own = _text(signed_in(person(Role.APPROVER, force=BEDFORDSHIRE)), "/releases/of/second")
    assert "supersedes what is in this release" in own
    for other in (Client(), signed_in(person(Role.APPROVER, force=HERTFORDSHIRE))):
        told = _text(other, "/releases/of/second").split('id="later"')[1].split("<h2")[0]
        assert "Later data are held" in told
        assert "Bedfordshire" not in told
    assert "supersedes one" in _text(client, "/releases/new")


def test_a_force_reads_what_checks_found_in_its_own_records_alone_before_publication(
    lake: Path, release: MakeRelease, person: MakePerson, signed_in: SignIn, analyst: Person, settings: Any
) -> None:
    release("first", figures=True, state=SHARED)
    frozen = open_release(Lake.open(lake), "first")
    forces = {r.key.force for r in frozen.returns for d in r.defects if d.check != "invented"}
    assert forces - {BEDFORDSHIRE}
    page = _text(signed_in(person(Role.APPROVER, force=BEDFORDSHIRE)), "/releases/of/first")
    found = page.split("What checks found")[1]
    for code in forces - {BEDFORDSHIRE}:
        assert f"{find_force(code).name}, " not in found
