"""Every page of the service, walked as everybody: it opens to those who may see it; no force meets another's data."""

from __future__ import annotations

import pytest
from django.test import Client

import web_leaks
import web_walk
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Kind, Role
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, SignIn
from web_things import Things, make_things
from web_walk import Page, Visitor, opens_to_all, pages, walk

VISITORS = [
    "nobody",
    "without a role",
    "without a role in Hertfordshire",
    "analyst without a second factor",
    *(role.value for role in Role if role.kind is Kind.INSPECTORATE),
    *(
        f"{role.value} in {force}"
        for role in Role
        if role.kind is not Kind.INSPECTORATE
        for force in ("Hertfordshire", "Bedfordshire")
    ),
]


@pytest.fixture
def things(person: MakePerson) -> Things:
    return make_things(person)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, person: MakePerson, signed_in: SignIn) -> Visitor:
    name: str = request.param
    if name == "nobody":
        return Visitor(name, Client(), None)
    called, _, where = name.partition(" in ")
    force = {"": "", "Hertfordshire": HERTFORDSHIRE, "Bedfordshire": BEDFORDSHIRE}[where]
    roles = [] if called == "without a role" else [Role(called.removesuffix(" without a second factor"))]
    made = person(*roles, force=force, name=name.capitalize())
    if "without a second factor" in name:
        client = Client()
        client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
        return Visitor(name, client, made)
    client = signed_in(made)
    made.is_verified = lambda: True  # type: ignore[attr-defined]
    return Visitor(name, client, made)


as_each = pytest.mark.parametrize("visitor", VISITORS, indirect=True)


@as_each
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_page_is_for_those_whose_permissions_say_so(
    visitor: Visitor, things: Things, method: str
) -> None:
    assert walk(visitor, things, method) == []


def test_every_page_says_what_it_needs_or_is_named_with_a_reason(db: None) -> None:
    assert [page.name for page in pages() if page.needs is None and not opens_to_all(page)] == []


def test_every_address_can_be_filled(db: None) -> None:
    assert all(page.filled() is not None for page in pages())


def test_every_role_walks() -> None:
    assert {role.value for role in Role} <= {name.partition(" in ")[0] for name in VISITORS}


def test_what_a_force_is_asked_and_hands_in_is_found_by_no_other(
    person: MakePerson, signed_in: SignIn, things: Things
) -> None:
    """Said once more without asking the querysets: what has a thing of Hertfordshire's in its address is not there."""
    for role in (Role.CONTRIBUTOR, Role.APPROVER):
        visitor = Visitor("", signed_in(person(role, force=BEDFORDSHIRE)), None)
        for page in pages():
            filled = page.filled()
            if any(argument.force for argument in filled.values()):
                address = {name: argument.value(things) for name, argument in filled.items()}
                for method in ("GET", "POST"):
                    status, _, _ = web_walk._ask(visitor, method, web_walk.reverse(page.name, kwargs=address))
                    assert status in (403, 404, 405), (page.name, method, role)


class TestTheWalkSees:
    """Pages as they must not be: each is found."""

    @pytest.fixture(autouse=True)
    def _leaks(self, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.ROOT_URLCONF = "web_leaks"  # type: ignore[attr-defined]
        monkeypatch.setitem(web_walk.ARGUMENTS, ("leak-not-asking-whose", "handed_in"), web_walk.RETURN)

    @pytest.fixture
    def bedfordshire(self, person: MakePerson, signed_in: SignIn) -> Visitor:
        made: Person = person(Role.CONTRIBUTOR, force=BEDFORDSHIRE)
        return Visitor("Bedfordshire", signed_in(made), made)

    def test_a_page_that_needs_nothing(self, bedfordshire: Visitor, things: Things) -> None:
        found = walk(bedfordshire, things, "GET")
        assert "GET leak-without-needs as Bedfordshire: the view has no `needs`" in found

    def test_a_page_with_the_returns_of_all_forces(self, bedfordshire: Visitor, things: Things) -> None:
        found = walk(bedfordshire, things, "GET")
        assert "GET leak-of-all-forces as Bedfordshire: shows Zebra-Herts-Return" in found

    def test_a_page_that_does_not_ask_whose_a_thing_is(self, bedfordshire: Visitor, things: Things) -> None:
        said = "leak-not-asking-whose as Bedfordshire: expected 404 for what they may not see, got 200"
        assert f"GET {said}" in walk(bedfordshire, things, "GET")
        assert f"POST {said}" in walk(bedfordshire, things, "POST")

    def test_a_page_whose_argument_it_does_not_know(self) -> None:
        page = Page("leak-new", ("something",), web_leaks.without_needs)
        with pytest.raises(LookupError, match="'something' of the page 'leak-new'"):
            page.filled()
