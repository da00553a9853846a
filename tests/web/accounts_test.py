"""Signing in, being locked out, the second factor, passwords."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.trail.models import Event
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, SignIn

SIGN_IN, SECOND, SET_UP = "/account/sign-in", "/account/second-factor", "/account/second-factor/set-up"
NEW = "another invented pass-phrase"


def _sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    found = client.post(SIGN_IN, {"username": email, "password": password, **more})
    return found.status_code, found.content.decode()


def _code(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06}"


def _actions() -> list[str]:
    return list(Event.objects.order_by("number").values_list("action", flat=True))


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    pages = {
        re.sub(r'(value|csrf\w*)="[^"]*"', "", _sign_in(Client(), email, "not the password")[1])
        for email in (someone.email, "nobody.at.all@example.org")
    }
    assert len(pages) == 1
    assert "The e-mail address or the password is not right" in pages.pop()


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_and_the_page_says_until_when(person: MakePerson, known: bool) -> None:
    email = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE).email if known else "nobody@example.org"
    client = Client()
    # However the address is capitalised, it is one account.
    tries = [_sign_in(client, spelling, "wrong") for spelling in (email, email.upper(), email, email.title())]
    assert {status for status, _ in tries} == {200}
    status, page = _sign_in(client, email, "wrong")
    assert status == 429
    assert re.search(r"You can try again <strong>after \d+:\d\d[ap]m", page)
    assert _sign_in(client, email)[0] == 429
    assert _actions() == ["fail to sign in"] * 5 + ["lock account", "try a locked account"]


def test_a_lock_opens_after_a_quarter_of_an_hour(person: MakePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    for _ in range(5):
        _sign_in(client, someone.email, "wrong")
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: later)
    assert _sign_in(client, someone.email)[0] == 302


def test_what_was_typed_is_not_kept_in_the_trail(person: MakePerson) -> None:
    _sign_in(Client(), "my-password-in-the-wrong-box@example.org", "wrong")
    event = Event.objects.get()
    assert "wrong-box" not in f"{event.said}{event.about}{event.who}"


def test_signing_in_and_out_is_recorded_with_the_address(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client(REMOTE_ADDR="192.0.2.7")
    _sign_in(client, someone.email)
    client.post("/account/sign-out")
    events = list(Event.objects.order_by("number").values_list("action", "who", "address", "force"))
    assert events == [
        ("sign in", someone.name, "192.0.2.7", HERTFORDSHIRE),
        ("sign out", someone.name, "192.0.2.7", HERTFORDSHIRE),
    ]


def test_the_session_has_a_new_key_after_signing_in_and_runs_out(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    session = client.session
    session["anything"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    _sign_in(client, someone.email)
    kept = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert kept.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert timedelta(hours=7.9) < kept.expire_date - timezone.now() <= timedelta(hours=8)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(person: MakePerson, wanted: str) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    found = Client().post(SIGN_IN, {"username": someone.email, "password": PASSWORD, "next": wanted})
    assert found["Location"] == "/"


def test_who_owes_a_second_factor_sets_it_up_and_comes_to_where_they_wanted(person: MakePerson) -> None:
    auditor = person(Role.AUDITOR)
    client = Client()
    _sign_in(client, auditor.email)
    found = client.get("/audit-trail/?who=x")
    assert found["Location"] == "/account/second-factor?next=/audit-trail/%3Fwho%3Dx"
    found = client.get(found["Location"])
    assert found["Location"] == "/account/second-factor/set-up?next=%2Faudit-trail%2F%3Fwho%3Dx"
    page = client.post(found["Location"], {"begin": "yes", "next": "/audit-trail/?who=x"}, follow=True)
    assert "data:image/svg+xml" in page.content.decode()
    device = TOTPDevice.objects.get(user=auditor)
    wrong = client.post(SET_UP, {"code": "12", "next": "/audit-trail/"}).content.decode()
    assert "This code is not right" in wrong
    assert client.get("/audit-trail/").status_code == 302, "an app that is not confirmed does not count"
    TOTPDevice.objects.update(throttling_failure_count=0)
    key = client.session.session_key
    shown = client.post(SET_UP, {"code": _code(device), "next": "/audit-trail/?who=x"}).content.decode()
    assert client.session.session_key != key
    codes = re.findall(r'openpeel-secret">(\w+)<', shown)
    assert len(set(codes)) == 10
    assert 'href="/audit-trail/?who=x"' in shown
    assert client.get("/audit-trail/").status_code == 200
    assert "set up second factor" in _actions()


def test_a_code_and_a_recovery_code_let_in_once_each(person: MakePerson) -> None:
    auditor = person(Role.AUDITOR)
    device = TOTPDevice.objects.create(user=auditor, name="app", confirmed=True)
    recovery = auditor.staticdevice_set.create(name="codes")
    StaticToken.objects.create(device=recovery, token="abcd2345")
    code = _code(device)
    for given, lets_in in [(code, True), (code, False), ("ABCD 2345", True), ("abcd2345", False)]:
        TOTPDevice.objects.update(throttling_failure_count=0)
        client = Client()
        _sign_in(client, auditor.email)
        found = client.post(SECOND, {"code": given, "next": "/audit-trail/"})
        assert (found.status_code == 302) is lets_in, given
        assert (client.get("/audit-trail/").status_code == 200) is lets_in
    assert _actions().count("fail second factor") == 2


def test_wrong_codes_are_slowed_down(person: MakePerson) -> None:
    auditor = person(Role.AUDITOR)
    device = TOTPDevice.objects.create(user=auditor, name="app", confirmed=True)
    client = Client()
    _sign_in(client, auditor.email)
    for _ in range(8):
        client.post(SECOND, {"code": "000000"})
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now())
    assert client.post(SECOND, {"code": _code(device)}).status_code == 200, "right, but too soon"


def test_who_has_only_the_password_cannot_put_another_second_factor_in_place(person: MakePerson) -> None:
    auditor = person(Role.AUDITOR)
    device = TOTPDevice.objects.create(user=auditor, name="app", confirmed=True)
    client = Client()
    _sign_in(client, auditor.email)
    client.post("/account/second-factor/remove")
    client.post(SET_UP, {"begin": "yes"})
    assert list(TOTPDevice.objects.all()) == [device]


def test_changing_the_password_ends_all_other_sessions(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    here, there = Client(), Client()
    _sign_in(here, someone.email)
    _sign_in(there, someone.email)
    asked = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert (
        "not the password that you have"
        in here.post("/account/password", {**asked, "old_password": "x"}).content.decode()
    )
    assert here.post("/account/password", asked).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert _sign_in(Client(), someone.email, NEW)[0] == 302


@pytest.mark.parametrize("poor", ["short", "password12345", "hertfordshire contributor"])
def test_a_poor_password_is_not_taken(person: MakePerson, signed_in: SignIn, poor: str) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="hertfordshire contributor")
    asked = {"old_password": PASSWORD, "new_password1": poor, "new_password2": poor}
    assert signed_in(someone).post("/account/password", asked).status_code == 200
    assert Person.objects.get(pk=someone.pk).check_password(PASSWORD)


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    known = client.post("/account/password/forgotten", {"email": someone.email.upper()}).content
    again = client.post("/account/password/forgotten", {"email": someone.email}).content
    unknown = client.post("/account/password/forgotten", {"email": "nobody@example.org"}).content
    assert known == again == unknown
    run_waiting()
    [letter] = mail.outbox  # not one for each time that somebody asks
    assert letter.to == [someone.email]
    [link] = re.findall(r"http://testserver(/\S+)", letter.body)
    form = client.get(link)["Location"]
    assert client.post(form, {"new_password1": NEW, "new_password2": NEW})["Location"] == SIGN_IN
    assert _sign_in(Client(), someone.email, NEW)[0] == 302
    assert "This link does not work" in Client().get(link, follow=True).content.decode()


def test_a_deactivated_person_is_out_at_once(person: MakePerson, signed_in: SignIn) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = signed_in(someone)
    Person.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert _sign_in(Client(), someone.email)[0] == 200
