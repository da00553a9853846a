"""Files on their way in: never in memory, never under a name that somebody gave, and nothing left behind."""

from __future__ import annotations

import errno
import hashlib
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Role
from openpeel.web.returns import actions
from openpeel.web.returns.models import HandedInFile, Return
from openpeel.web.returns.uploads import Incoming, Uploading
from openpeel.web.trail.models import Event
from web_people import BEDFORDSHIRE, MakePerson, SignIn
from web_returns import NAME, Round, as_csv, volunteers

GOOD = as_csv(volunteers())


def _left(home: Path) -> list[str]:
    """The files that lie where files are kept, on their way in or in their place."""
    return [path.name for path in (home / "handed-in").rglob("*") if path.is_file()]


def test_a_file_is_kept_byte_for_byte_under_a_name_of_our_own(asked_round: Round, home: Path) -> None:
    asked_round.send({"../../etc/our volunteers.csv": GOOD})
    file = HandedInFile.objects.get()
    assert file.name == "our volunteers.csv"
    assert (file.sha256, file.bytes) == (hashlib.sha256(GOOD).hexdigest(), len(GOOD))
    assert _left(home) == [file.stored]
    assert (home / "handed-in" / file.stored).read_bytes() == GOOD
    assert (home / "handed-in" / file.stored).stat().st_mode & 0o777 == 0o600
    page = asked_round.client(asked_round.contributor).get(asked_round.last().link).content.decode()
    assert file.sha256 in page
    assert f"{len(GOOD):,}" in page


def test_more_than_is_allowed_is_refused_in_words_and_leaves_nothing(
    asked_round: Round, home: Path, settings: Any
) -> None:
    settings.UPLOAD_BYTES = 2 << 20
    for files in ({"big.csv": b"x" * (4 << 20)}, {"a.csv": b"x" * (1 << 20), "b.csv": b"y" * (1 << 21)}):
        answer = asked_round.send(files)
        assert answer.status_code == 422
        assert "Expected files of at most 2 MB in all, got" in answer.content.decode()
        assert "Nothing was kept" in answer.content.decode()
        answer.close()
        assert _left(home) == []
    assert Return.objects.count() == 0


@pytest.mark.parametrize("where", ["add", "finish"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_in_words_and_leaves_nothing(
    asked_round: Round, home: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    def full(*_: Any) -> None:
        raise OSError(number, "no room")

    monkeypatch.setattr(Incoming, where, full)
    answer = asked_round.send({NAME: GOOD})
    assert answer.status_code == 422
    assert "The service has no room for these files. Nothing was kept" in answer.content.decode()
    answer.close()
    assert _left(home) == []
    assert Return.objects.count() == 0
    monkeypatch.undo()
    assert asked_round.send({NAME: GOOD}).status_code == 302


def test_files_that_were_kept_are_taken_away_when_the_return_cannot_be_recorded(
    asked_round: Round, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        asked_round.send({NAME: GOOD})
    assert Return.objects.count() == 0
    assert [name for name in _left(home) if not name.startswith("tmp")] == []


def test_no_file_chosen_an_empty_one_and_two_of_one_name_are_said_at_the_field(asked_round: Round) -> None:
    path = f"/returns/hand-in/{asked_round.asked.key}"
    client = asked_round.client(asked_round.contributor)
    for chosen, told in (
        ([], "Choose the file or files of the return."),
        ([SimpleUploadedFile(NAME, b"")], "got one that is empty"),
        (
            [SimpleUploadedFile(NAME, GOOD), SimpleUploadedFile(NAME, as_csv(volunteers(3)))],
            "Two files are called &#39;volunteers.csv&#39;",
        ),
    ):
        answer = client.post(path, {"chosen": chosen})
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert 'href="#id_chosen"' in answer.content.decode()
    assert Return.objects.count() == 0


def test_nothing_of_a_file_is_read_for_who_may_not_hand_in(
    asked_round: Round, home: Path, person: MakePerson, signed_in: SignIn
) -> None:
    path = f"/returns/hand-in/{asked_round.asked.key}"
    stranger = signed_in(person(Role.CONTRIBUTOR, force=BEDFORDSHIRE))
    for client, status in (
        (Client(), 302),
        (stranger, 404),
        (asked_round.client(asked_round.approver), 403),
        (asked_round.client(asked_round.analyst), 403),
    ):
        answer = client.post(path, {"chosen": [SimpleUploadedFile(NAME, GOOD)]})
        assert answer.status_code == status
        assert not (home / "handed-in").exists()
    assert Return.objects.count() == 0


def test_a_file_without_the_token_of_the_page_is_not_taken(asked_round: Round, home: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = asked_round.client(asked_round.contributor).cookies
    answer = client.post(
        f"/returns/hand-in/{asked_round.asked.key}", {"chosen": [SimpleUploadedFile(NAME, GOOD)]}
    )
    assert answer.status_code == 403
    answer.close()
    assert Return.objects.count() == 0
    assert _left(home) == []


def test_other_pages_keep_no_file_that_is_sent_to_them(
    asked_round: Round, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in = asked_round.hand_in(GOOD)
    before = _left(home)
    path = f"/returns/{handed_in.key}/confirm"
    answer = asked_round.client(asked_round.approver).post(
        path, {"stands": [SimpleUploadedFile("x", b"y" * 9)]}
    )
    assert answer.status_code == 422
    assert _left(home) == before


def test_a_closed_collection_takes_nothing_and_says_what_to_do(asked_round: Round) -> None:
    collection = asked_round.asked.collection
    collection.state = "closed"
    collection.save()
    answer = asked_round.send({NAME: GOOD})
    assert "The collection is closed. Ask the inspectorate to open it again." in answer.content.decode()
    assert Return.objects.count() == 0


def test_what_two_people_hand_in_is_kept_and_numbered(asked_round: Round, person: MakePerson) -> None:
    other = person(Role.CONTRIBUTOR, force=asked_round.asked.force, name="Cyril Contributor")
    asked_round.send({NAME: GOOD})
    asked_round.send({NAME: as_csv(volunteers(31))}, by=other)
    found = list(Return.objects.order_by("number").values_list("number", "handed_in_by__name", "state"))
    assert found == [(1, "Cora Contributor", "withdrawn"), (2, "Cyril Contributor", "received")]
    assert HandedInFile.objects.count() == 2


class _Endless(io.RawIOBase):
    """A request with a file of so many bytes, which are nowhere until they are read."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self._parts = [(head, 1), (b"1,2,3,4,5,6,7,8\r\n" * 4096, size // (17 * 4096)), (tail, 1)]
        self.length = sum(len(part) * times for part, times in self._parts)
        self._now = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._now:
            if not self._parts:
                return 0
            part, times = self._parts[0]
            self._parts[:1] = [(part, times - 1)] if times > 1 else []
            self._now = part
        block, self._now = self._now[: len(buffer)], self._now[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)


def test_a_file_of_200_mb_takes_no_memory_to_speak_of(home: Path) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="chosen"; filename="a.csv"\r\n\r\n'
    body = _Endless(head, 200 << 20, b"\r\n--b--\r\n")
    sent = {
        "wsgi.input": body,
        "CONTENT_LENGTH": str(body.length),
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
    }
    request = WSGIRequest({**RequestFactory().post("/").environ, **sent})
    uploading = Uploading(request)
    request.upload_handlers = [uploading]
    tracemalloc.start()
    try:
        (file,) = request.FILES.getlist("chosen")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.size is not None
    assert file.size > 199 << 20
    assert uploading.wrong == ""
    assert peak < 8 << 20
    file.close()
    assert _left(home) == []


def test_who_handed_in_what_is_in_the_audit_trail(asked_round: Round) -> None:
    asked_round.send({NAME: GOOD})
    event = Event.objects.get(action="hand in return")
    assert event.who == "Cora Contributor"
    assert event.force == asked_round.asked.force
    assert hashlib.sha256(GOOD).hexdigest() in event.said


def test_an_action_says_no_where_the_page_was_left_open_too_long(asked_round: Round) -> None:
    from openpeel.web.states import NotNow

    collection = asked_round.asked.collection
    collection.state = "closed"
    collection.save()
    with pytest.raises(NotNow, match="The collection is closed"):
        actions.hand_in(
            asked=asked_round.asked, files=[], by=Actor(asked_round.contributor), at=timezone.now()
        )
