"""Notices: each person's own, and an e-mail of each that is handed over once."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from openpeel.errors import UseError
from openpeel.web.accounts.models import Person
from openpeel.web.environment import Environment, Mail
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.notices.mailing import mail_left_over, mail_notice
from openpeel.web.notices.models import Notice
from openpeel.web.notices.telling import tell
from web_people import HERTFORDSHIRE, MakePerson, Role, SignIn

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def someone(person: MakePerson) -> Person:
    return person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name="Kim Contributor")


def _tell(*people: Person, subject: str = "Open: Spring 2026", at: datetime = AT) -> None:
    tell(people=people, subject=subject, said="There is something to do.", link="/collections/", at=at)


def test_an_e_mail_tells_what_there_is_to_do_and_where_and_nothing_of_the_person(
    someone: Person, mailoutbox: list[EmailMessage]
) -> None:
    _tell(someone)
    assert mailoutbox == []
    run_waiting()
    sent = mailoutbox[0]
    assert (sent.to, sent.subject) == ([someone.email], "Open: Spring 2026")
    assert "http://127.0.0.1:8000/collections/" in sent.body
    assert "Kim" not in f"{sent.subject} {sent.body}"
    assert Notice.objects.get().mailed_at is not None


def test_what_is_told_in_a_change_that_fails_is_neither_told_nor_mailed(
    someone: Person, mailoutbox: list[EmailMessage]
) -> None:
    with transaction.atomic():
        _tell(someone)
        transaction.set_rollback(True)
    assert run_waiting() == 0
    assert Notice.objects.count() == len(mailoutbox) == 0


def test_a_job_that_is_done_again_sends_nothing_again(
    someone: Person, mailoutbox: list[EmailMessage]
) -> None:
    _tell(someone)
    for _ in range(3):
        mail_notice.call(str(Notice.objects.get().key))
    run_waiting()
    assert len(mailoutbox) == 1


def test_what_a_mail_server_that_is_away_did_not_take_is_sent_later_and_others_are_not_held_up(
    someone: Person, person: MakePerson, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected

    now = timezone.now()
    with monkeypatch.context() as without_server:
        without_server.setattr(EmailMessage, "send", away)
        _tell(someone, at=now)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            mail_notice.call(str(Notice.objects.get().key))
    assert Notice.objects.get().mailed_at is None
    assert mail_left_over(now + timedelta(minutes=10)) == 0
    assert mail_left_over(now + timedelta(minutes=31)) == 1
    run_waiting()
    assert len(mailoutbox) == 1
    assert mail_left_over(now + timedelta(minutes=62)) == 0
    _tell(person(Role.APPROVER, force=HERTFORDSHIRE), at=now)
    assert mail_left_over(now + timedelta(days=8)) == 0


def test_somebody_who_has_left_is_sent_nothing(someone: Person, mailoutbox: list[EmailMessage]) -> None:
    _tell(someone)
    Person.objects.filter(pk=someone.pk).update(is_active=False)
    run_waiting()
    assert mailoutbox == []


def test_a_line_break_in_a_subject_begins_no_header_of_its_own(
    someone: Person, mailoutbox: list[EmailMessage]
) -> None:
    _tell(someone, subject="Open: Spring\r\nBcc: all@example.org")
    run_waiting()
    assert mailoutbox[0].subject == "Open: Spring Bcc: all@example.org"
    assert mailoutbox[0].recipients() == [someone.email]


def test_each_person_sees_and_marks_their_own_notices_only(
    someone: Person, person: MakePerson, signed_in: SignIn
) -> None:
    other = person(Role.APPROVER, force=HERTFORDSHIRE)
    _tell(someone, other)
    _tell(someone, subject="Reminder: Spring 2026")
    client, stranger = signed_in(someone), signed_in(other)
    assert '2<span class="govuk-visually-hidden"> unread</span>' in client.get("/notices/").content.decode()
    assert "Reminder: Spring 2026" not in stranger.get("/notices/").content.decode()
    mine = Notice.objects.get(person=someone, subject__startswith="Reminder")
    assert stranger.post(f"/notices/{mine.key}/read").status_code == 404
    assert client.get(f"/notices/{mine.key}/read").status_code == 405
    assert client.post(f"/notices/{mine.key}/read", {"go": ""})["Location"] == "/collections/"
    client.post("/notices/read")
    assert list(Notice.objects.filter(read_at=None).values_list("person", flat=True)) == [other.pk]
    assert Client().get("/notices/")["Location"].startswith("/account/sign-in")


def test_many_notices_are_on_several_pages(someone: Person, signed_in: SignIn) -> None:
    for i in range(30):
        _tell(someone, subject=f"Notice number {i}", at=AT + timedelta(minutes=i))
    client = signed_in(someone)
    first, second = (client.get(f"/notices/?page={page}").content.decode() for page in (1, 2))
    assert "Notice number 29" in first
    assert "Notice number 4" not in first
    assert "Notice number 4" in second


@pytest.mark.parametrize(
    ("url", "mail"),
    [
        ("", Mail()),
        (
            "smtp://ann:p%40ss%3Aword@mail.example.org:2525?tls=yes",
            Mail("mail.example.org", 2525, "ann", "p@ss:word", starttls=True),
        ),
        ("smtp://mail.example.org", Mail("mail.example.org", 587, starttls=True)),
        ("smtp://localhost:25?tls=no", Mail("localhost", 25)),
        ("smtps://mail.example.org", Mail("mail.example.org", 465, tls=True)),
    ],
)
def test_the_environment_says_where_e_mail_is_handed_over(url: str, mail: Mail) -> None:
    found = Environment.read({"OPENPEEL_EMAIL": url, "OPENPEEL_SECRET_KEY": "x"}).mail
    assert found == mail
    assert found.backend.split(".")[-2] == ("smtp" if url else "console")


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://user:secret@host", "smtp://user:secret@", "smtp://user:secret@host:port",
     "smtp://user:secret@host/path", "smtp://user:secret@host?tsl=yes", "smtp://user:secret@host?tls=perhaps"],
)  # fmt: skip
def test_an_address_of_a_mail_server_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UseError, match="OPENPEEL_EMAIL") as refused:
        Environment.read({"OPENPEEL_EMAIL": url, "OPENPEEL_SECRET_KEY": "x"})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"OPENPEEL_HOSTS": ".example.org", "OPENPEEL_HTTPS": "yes"}, "https://example.org"),
        ({"OPENPEEL_ADDRESS": "https://x.example.org/"}, "https://x.example.org"),
    ],
)
def test_links_in_e_mails_begin_with_the_address_of_the_service(
    environ: dict[str, str], address: str
) -> None:
    assert Environment.read({"OPENPEEL_SECRET_KEY": "x"} | environ).address == address


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UseError, match="OPENPEEL_ADDRESS"):
        Environment.read({"OPENPEEL_ADDRESS": "example.org", "OPENPEEL_SECRET_KEY": "x"})
