"""Somebody who signs in and hands in a return, as a browser does it; and what is handed in.

As a script, what is done inside the service ($OPENPEEL_HOME says which): `python -m benchmarks.handing_in draw`,
`prepare` or `checked <how many>`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

GREEDY, EACH = 20, 4  # returns of the greedy force, and of every other one
_ROUND = "Benchmark"
_START, _END = date(2024, 4, 1), date(2025, 3, 31)  # of which the lake has nothing
_CHECKING = 300  # seconds within which all have to be checked
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """Somebody signed in. Each request has a connection of its own."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self._port, self._cookies = port, SimpleCookie()
        given = {
            "username": email,
            "password": password,
            "csrfmiddlewaretoken": self._token("/account/sign-in"),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self._ask("POST", "/account/sign-in", urlencode(given).encode(), kind)
        if status != 302:
            raise SystemExit(f"expected to be able to sign in, got answer {status}")

    def hand_in(self, asked: str, blocks: Sequence[bytes]) -> int:
        """Hand in a file for what is asked (its key). Returns the status of the answer: 302 when it is taken."""
        address, border = f"/returns/hand-in/{asked}", "openpeel-benchmark"
        token = self._token(address)
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="chosen"; filename="volunteers.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        parts = [head.encode(), *blocks, f"\r\n--{border}--\r\n".encode()]
        said = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Content-Length": str(sum(map(len, parts))),
        }
        return self._ask("POST", address, iter(parts), said)[0]

    def _token(self, address: str) -> str:
        status, page = self._ask("GET", address)
        found = _TOKEN.search(page)
        if found is None:
            raise SystemExit(f"expected a form at {address}, got answer {status} without one")
        return found[1]

    def _ask(
        self, method: str, address: str, body: Any = None, said: dict[str, str] | None = None
    ) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        connection.request(method, address, body, {"Cookie": cookies, **(said or {})})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(line)
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def volunteers(number: int, hours: int) -> bytes:
    """A valid file of invented volunteers."""
    from openpeel.standards import load_standard

    columns = load_standard("volunteer").columns
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    for i in range(number):
        row = {
            "volunteer_reference": f"V{i:05}",
            "scheme": "Police cadet",
            "as_at": f"{_END:%Y-%m}",
            "joined_on": "2023-01-05",
            "hours": str(hours + i % 5),
            "trained": "True",
            "age_range": "18-24",
            "gender": ("Female", "Male")[i % 2],
        }
        writer.writerow([row.get(column.name, "") for column in columns])
    return text.getvalue().encode()


def main(what: str, number: str = "0") -> None:
    """What is done inside the service."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpeel.web.settings")
    import django

    django.setup()
    if what == "draw":
        from openpeel.web.jobs.queue import run_waiting

        print(json.dumps({"jobs": run_waiting()}))
        return
    print(json.dumps(_prepare() if what == "prepare" else {"order": _checked(int(number))}))


def _prepare() -> dict[str, Any]:
    """Collections that are open, and a contributor for each force. Written to the tables: no e-mail is to wait."""
    from django.utils import timezone

    from openpeel.reference.forces import forces
    from openpeel.web.accounts.models import Organisation, Person, RoleHeld
    from openpeel.web.accounts.permissions import Role
    from openpeel.web.collections.models import Asked, Collection
    from openpeel.web.demonstration import PASSWORD, PEOPLE
    from openpeel.web.explore.drawing_ahead import draw_charts
    from openpeel.web.explore.stored import measures_of
    from openpeel.web.jobs.tasks import READY, Task
    from openpeel.web.releases.models import Release

    # Charts that wait to be drawn would be drawn between the checks that are measured.
    Task.objects.filter(status=READY, task_path=draw_charts.module_path).delete()
    now = timezone.now()
    keys: dict[str, list[str]] = {force.code: [] for force in forces() if force.kind == "territorial"}
    for i in range(GREEDY + 1):
        made = Collection.objects.create(
            name=f"{_ROUND} {i + 1}",
            opens_on=now.date(),
            closes_on=now.date() + timedelta(days=28),
            state="open",
            planned_by=Person.objects.earliest("pk"),
            planned_at=now,
        )
        for code in keys:
            asked = Asked(collection=made, standard="volunteer", force=code, start=_START, end=_END)
            asked.save()
            keys[code].append(str(asked.key))
    contributors: list[dict[str, Any]] = []
    for code, asked_of in keys.items():
        organisation = Organisation.objects.get(kind=Role.CONTRIBUTOR.kind.name, force=code)
        email = f"bench@{code.casefold()}.example"
        person = Person.objects.create_user(email, "Bea Benchmark", organisation, PASSWORD)
        RoleHeld.objects.create(person=person, role=Role.CONTRIBUTOR.value)
        returns = EACH if contributors else GREEDY
        contributors.append({"email": email, "force": code, "asked": asked_of[:returns]})
    theirs = next(p for p in PEOPLE if p.roles == (Role.CONTRIBUTOR,))
    force = Person.objects.get(email=theirs.email).force
    return {
        "password": PASSWORD,
        "contributors": contributors,
        "uploader": {"email": theirs.email, "asked": keys[force][GREEDY:]},
        "measures": len(measures_of(Release.objects.get(state="published"))),
        "forces": len(keys),
    }


def _checked(number: int) -> list[tuple[str, float, str]]:
    """Wait until so many are checked; force, time and state of each in the order in which they were."""
    from openpeel.web.returns.models import Return

    done = Return.objects.filter(asked__collection__name__startswith=_ROUND, checked_at__isnull=False)
    until = time.monotonic() + _CHECKING
    while done.count() < number and time.monotonic() < until:
        time.sleep(1)
    found = done.order_by("checked_at").values_list("asked__force", "checked_at", "state")
    return [(force, at.timestamp(), state) for force, at, state in found if at is not None]


if __name__ == "__main__":
    main(*sys.argv[1:])
