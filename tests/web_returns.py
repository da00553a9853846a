"""What is asked of a force and files to hand in for it, for the tests of returns. All of it is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django_tasks_db.models import DBTaskResult

from openpeel.lake import Lake
from openpeel.standards import load_standard
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.returns.models import Query, Return
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, SignIn

AT = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
TITLES = tuple(column.title for column in load_standard("volunteer").columns)
NAME = "volunteers.csv"


def volunteer(number: int, **cells: str) -> list[str]:
    """A row: one volunteer in March 2024; cells by the names of the columns."""
    row = {
        "volunteer_reference": f"V{number:04}",
        "scheme": "Police cadet",
        "as_at": "2024-03",
        "joined_on": "2023-01-05",
        "hours": "12",
        "duty": "",
        "trained": "True",
        "award": "",
        "age_range": "18-24",
        "gender": "Female",
        **cells,
    }
    return [row.get(column.name, "") for column in load_standard("volunteer").columns]


def volunteers(number: int = 30, **cells: str) -> list[list[str]]:
    """So many different volunteers."""
    return [volunteer(i, **cells) for i in range(1, number + 1)]


#: Of 30 volunteers two have a month that is none.
BAD = [*volunteers(28), volunteer(29, as_at="soon"), volunteer(30, as_at="later")]


def as_csv(rows: Sequence[Sequence[str]], titles: Sequence[str] = TITLES) -> bytes:
    """A CSV file of rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([titles, *rows])
    return text.getvalue().encode()


@dataclass
class Round:
    """A collection that asks Hertfordshire for its volunteers in March 2024, and the people who deal with it."""

    asked: Asked
    contributor: Person
    approver: Person
    analyst: Person
    sign_in: SignIn
    clients: dict[int, Client] = field(default_factory=dict)

    def client(self, someone: Person) -> Client:
        """A client on which somebody is signed in."""
        if someone.pk not in self.clients:
            self.clients[someone.pk] = self.sign_in(someone)
        return self.clients[someone.pk]

    @property
    def main(self) -> Lake:
        """The lake of what was accepted."""
        from openpeel.web.returns.reading import main_lake

        return main_lake()

    def send(self, files: Mapping[str, bytes], remark: str = "", by: Person | None = None) -> HttpResponse:
        """Send files to the page on which they are handed in."""
        chosen = [SimpleUploadedFile(name, content) for name, content in files.items()]
        path = f"/returns/hand-in/{self.asked.key}"
        answer: Any = self.client(by or self.contributor).post(path, {"chosen": chosen, "remark": remark})
        return answer

    def hand_in(self, content: bytes, name: str = NAME, by: Person | None = None) -> Return:
        """Hand in a file and have it checked."""
        answer = self.send({name: content}, by=by)
        assert answer.status_code == 302, errors_in(answer)
        work()
        return self.last()

    def last(self) -> Return:
        """The return that was handed in last."""
        return Return.objects.order_by("-pk").first() or pytest.fail("nothing was handed in")

    def post(self, someone: Person, path: str, **data: str) -> str:
        """Send a form; the text of the page that it leads to."""
        return self.client(someone).post(path, data, follow=True).content.decode()

    def confirm(self, handed_in: Return) -> str:
        """Have the approver confirm a return."""
        return self.post(self.approver, f"/returns/{handed_in.key}/confirm", stands="on")

    def accept(self, handed_in: Return) -> str:
        """Have the analyst accept a return."""
        return self.post(self.analyst, f"/returns/{handed_in.key}/accept")

    def answer(self, query: Query, kind: str = "explain", text: str = "It is so.") -> str:
        """Have the force answer a query."""
        return self.post(self.contributor, query.link, kind=kind, text=text)

    def reply(self, query: Query, kind: str, text: str = "") -> str:
        """Have the analyst reply to it."""
        return self.post(self.analyst, query.link, kind=kind, text=text)

    def accepted(self, content: bytes) -> Return:
        """A return that has gone all the way, without a query on it."""
        handed_in = self.hand_in(content)
        self.confirm(handed_in)
        self.accept(handed_in)
        work()
        handed_in.refresh_from_db()
        assert handed_in.in_lake_at
        return handed_in


def work() -> None:
    """Do all jobs that wait; none of them may fail."""
    run_waiting()
    failed = DBTaskResult.objects.failed().first()
    assert failed is None, failed.traceback


def errors_in(answer: Any) -> str:
    """What a page says is wrong."""
    text = answer.content.decode()
    start = text.find("govuk-error-summary")
    return text[start : start + 2_000] if start >= 0 else text[:2_000]


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """Folders of the test's own for lakes and files."""
    settings.LAKE, settings.STAGING = tmp_path / "lake", tmp_path / "staging"
    settings.MEDIA_ROOT = tmp_path / "handed-in"
    return tmp_path


@pytest.fixture
def asked_round(home: Path, person: MakePerson, signed_in: SignIn) -> Round:
    """A round that is open."""
    return make_round(person, signed_in)


def make_round(person: MakePerson, signed_in: SignIn, *, force: str = HERTFORDSHIRE) -> Round:
    """A round that is open, with people of the force and of the inspectorate."""
    analyst = person(Role.ANALYST, name="Ada Analyst")
    collection = Collection.objects.create(
        name="Spring 2024",
        opens_on=date(2024, 4, 1),
        closes_on=date(2024, 5, 31),
        state="open",
        planned_by=analyst,
        planned_at=AT,
    )
    asked = {
        code: Asked.objects.create(
            collection=collection,
            standard="volunteer",
            force=code,
            start=date(2024, 3, 1),
            end=date(2024, 3, 31),
        )
        for code in (force, BEDFORDSHIRE)
    }
    return Round(
        asked=asked[force],
        contributor=person(Role.CONTRIBUTOR, force=force, name="Cora Contributor"),
        approver=person(Role.APPROVER, force=force, name="Abel Approver"),
        analyst=analyst,
        sign_in=signed_in,
    )
