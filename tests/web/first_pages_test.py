"""The first pages open, for somebody who is not signed in and for somebody who is."""

from __future__ import annotations

import pytest
from django.test import Client

from openpeel.web.accounts.permissions import Role
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, SignIn


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/account/permissions", "/api/"])
def test_pages_that_anybody_may_see_open(db: None, path: str) -> None:
    found = Client().get(path)
    assert found.status_code == 200
    assert "unsafe-inline" not in found["Content-Security-Policy"]


def test_a_person_signs_in_with_e_mail_and_password(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    found = client.post("/account/sign-in", {"username": someone.email.upper(), "password": PASSWORD})
    assert found.status_code == 302
    assert someone.name in client.get("/").content.decode()


def test_a_page_that_is_not_there_says_so(person: MakePerson, signed_in: SignIn) -> None:
    found = signed_in(person(Role.ANALYST)).get("/nowhere")
    assert found.status_code == 404
    assert "Page not found" in found.content.decode()
