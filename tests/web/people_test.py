"""Adding people, giving and taking roles, and what administrators do about accounts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.errors import UseError
from openpeel.web.accounts import actions
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.first import add_from_command_line
from openpeel.web.accounts.models import Organisation, Person
from openpeel.web.accounts.organisations import make_organisations
from openpeel.web.accounts.permissions import Kind, Role
from openpeel.web.accounts.policies import locked_until
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, SignIn

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def administrator(person: MakePerson, signed_in: SignIn) -> Client:
    return signed_in(person(Role.ADMINISTRATOR))


@pytest.fixture
def force(db: None) -> Organisation:
    make_organisations(Organisation)
    return Organisation.objects.get(kind=Kind.FORCE.name, force=HERTFORDSHIRE)


def test_there_is_an_organisation_for_each_force_its_commissioner_and_the_inspectorate(db: None) -> None:
    make_organisations(Organisation)
    assert [Organisation.objects.filter(kind=kind.name).count() for kind in Kind] == [1, 43, 43]
    assert make_organisations(Organisation) == 0


def test_a_person_who_is_added_chooses_their_own_password(administrator: Client, force: Organisation) -> None:
    asked = {
        "organisation": force.pk,
        "name": "New Person",
        "email": "New@Example.org",
        "roles": ["contributor"],
    }
    found = administrator.post("/account/people/add", asked, follow=True)
    assert "New Person was added" in found.content.decode()
    added = Person.objects.get(email="new@example.org")
    assert added.roles == {Role.CONTRIBUTOR}
    assert not added.has_usable_password()
    run_waiting()
    [link] = re.findall(r"http://testserver(/\S+)", mail.outbox[0].body)
    theirs = Client()
    form = theirs.get(link)["Location"]
    theirs.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert theirs.post("/account/sign-in", {"username": added.email, "password": PASSWORD}).status_code == 302
    event = Event.objects.get(action="add person")
    assert (event.about, event.force, event.after) == (f"person {added.key}", HERTFORDSHIRE, "contributor")


def test_nobody_is_added_twice_or_with_a_role_of_another_kind(
    administrator: Client, force: Organisation
) -> None:
    asked = {"organisation": force.pk, "name": "A", "email": "a@example.org", "roles": ["analyst"]}
    assert (
        "not one of the available choices"
        in administrator.post("/account/people/add", asked).content.decode()
    )
    administrator.post("/account/people/add", {**asked, "roles": ["approver"]})
    again = administrator.post("/account/people/add", {**asked, "email": "A@example.org", "roles": []})
    assert "has an account already" in again.content.decode()
    assert Person.objects.filter(email="a@example.org").count() == 1


def test_roles_are_given_and_taken_with_what_was_before(administrator: Client, person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    administrator.post(f"/account/people/{someone.key}/roles", {"roles": ["approver", "supervisor"]})
    assert Person.objects.get(pk=someone.pk).roles == {Role.APPROVER, Role.SUPERVISOR}
    event = Event.objects.get(action="change roles")
    assert (event.before, event.after) == ("contributor", "approver, supervisor")


def test_a_role_is_of_use_at_once_and_of_none_when_it_is_taken(
    administrator: Client, person: MakePerson, signed_in: SignIn
) -> None:
    someone = person(Role.MODERATOR)
    someone.held.create(role=Role.ADMINISTRATOR.value)
    client = signed_in(Person.objects.get(pk=someone.pk))
    assert client.get("/account/people").status_code == 200
    administrator.post(f"/account/people/{someone.key}/roles", {"roles": ["moderator"]})
    assert client.get("/account/people").status_code == 403


def test_the_last_administrator_stays(administrator: Client, person: MakePerson) -> None:
    last = Person.objects.get(held__role=Role.ADMINISTRATOR.value)
    for what in ("roles", "deactivate"):
        page = administrator.post(f"/account/people/{last.key}/{what}", follow=True).content.decode()
        assert "is the last administrator" in page
    idle = person(Role.ADMINISTRATOR)
    Person.objects.filter(pk=idle.pk).update(is_active=False)  # one who cannot sign in does not count
    by = Actor(last)
    with pytest.raises(NotNow):
        actions.set_roles(by=by, at=AT, person=Person.objects.get(pk=last.pk), roles=[Role.AUDITOR])
    Person.objects.filter(pk=idle.pk).update(is_active=True)
    actions.deactivate(by=by, at=AT, person=Person.objects.get(pk=last.pk))
    assert not Person.objects.get(pk=last.pk).is_active


def test_an_account_is_deactivated_once_and_reactivated(administrator: Client, person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    page = f"/account/people/{someone.key}"
    administrator.post(f"{page}/deactivate")
    again = administrator.post(f"{page}/deactivate", follow=True).content.decode()
    assert "is deactivated already" in again
    administrator.post(f"{page}/reactivate")
    assert Person.objects.get(pk=someone.pk).is_active
    actions_done = list(Event.objects.filter(about=f"person {someone.key}").values_list("action", flat=True))
    assert actions_done == ["reactivate person", "deactivate person"]


def test_an_account_is_unlocked(administrator: Client, person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    for _ in range(5):
        client.post("/account/sign-in", {"username": someone.email, "password": "wrong"})
    assert "locked until" in administrator.get(f"/account/people/{someone.key}").content.decode()
    administrator.post(f"/account/people/{someone.key}/unlock")
    found = client.post("/account/sign-in", {"username": someone.email, "password": PASSWORD})
    assert found.status_code == 302
    assert locked_until(someone.email, AT) is None


def test_a_second_factor_that_is_removed_lets_nobody_through(
    administrator: Client, person: MakePerson, signed_in: SignIn
) -> None:
    auditor = person(Role.AUDITOR)
    client = signed_in(auditor)
    assert client.get("/audit-trail/").status_code == 200
    administrator.post(f"/account/people/{auditor.key}/second-factor")
    assert not TOTPDevice.objects.filter(user=auditor).exists()
    assert client.get("/audit-trail/").status_code == 302


def test_people_are_searched_and_filtered(administrator: Client, person: MakePerson) -> None:
    here = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="Ada Example")
    person(Role.ANALYST, name="Bob Example")
    found = administrator.get("/account/people", {"q": "exam", "organisation": here.organisation.pk})
    assert "Ada Example" in found.content.decode()
    assert "Bob Example" not in found.content.decode()


def test_many_people_are_shown_page_by_page(administrator: Client, person: MakePerson) -> None:
    for number in range(51):
        person(Role.INSPECTOR, name=f"Inspector {number:02}")
    first = administrator.get("/account/people", {"q": "inspector 0"}).content.decode()
    assert "10 people" in first
    second = administrator.get("/account/people", {"q": "inspector", "page": "2"}).content.decode()
    assert "Inspector 50" in second
    assert 'href="?q=inspector&amp;page=1"' in second


class TestFromTheCommandLine:
    """The first administrator."""

    def test_is_added_with_a_link_to_choose_a_password(self, db: None) -> None:
        link = add_from_command_line(email="First@example.org", name="First", role="administrator", at=AT)
        first = Person.objects.get(email="first@example.org")
        assert first.roles == {Role.ADMINISTRATOR}
        assert Client().get(link).status_code == 302
        assert Event.objects.get().who == "the service (command line)"

    def test_a_person_of_a_force_is_added_there(self, db: None) -> None:
        add_from_command_line(email="a@example.org", name="A", role="approver", at=AT, force="hertfordshire")
        assert Person.objects.get().force == HERTFORDSHIRE

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"email": "nowhere"}, "expected an e-mail address, got 'nowhere'"),
            ({"role": "king"}, "there is no role 'king'"),
            ({"role": "approver"}, "is held in a force. Name it with --force"),
            ({"role": "approver", "force": "Narnia"}, "Narnia"),
            ({"force": "Kent"}, "held at the inspectorate"),
            ({"name": " "}, "expected the name"),
        ],
    )
    def test_a_mistake_is_said(self, db: None, given: dict[str, str], said: str) -> None:
        right = {"email": "a@example.org", "name": "A", "role": "analyst"}
        with pytest.raises(UseError, match=said):
            add_from_command_line(**{**right, **given}, at=AT)
        assert not Person.objects.exists()
