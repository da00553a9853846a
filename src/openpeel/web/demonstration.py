"""A service to try: an invented nation, invented people of every role, and a collection in the middle of things.

`make serve` makes it where the database is empty. It is refused in a production, and a production refuses to serve a
database that holds it (`operations/checks.py`): its passwords and second factors are known to everybody.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from base64 import b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.test.utils import override_settings
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.demo import make_nation
from openpeel.errors import UseError
from openpeel.lake import Lake, create_release
from openpeel.reference.forces import find_force, forces
from openpeel.reference.periods import Period
from openpeel.standards import load_standard
from openpeel.web.accounts import actions as accounts
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Organisation, Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.collections import actions as collections
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.policies import Plan, Wanted
from openpeel.web.explore.drawing_ahead import draw_charts
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.releases import actions as releases
from openpeel.web.releases.adopting import adopt
from openpeel.web.releases.models import Release
from openpeel.web.returns import actions as returns
from openpeel.web.returns.answering import answer, settle
from openpeel.web.returns.models import Return
from openpeel.web.returns.uploads import Incoming

RELEASE, ENDING = "demonstration", date(2024, 3, 31)
#: Of the size of the real nation; three forces hand in records, and it is those that become fewer.
SCALE = 0.1
PASSWORD = "a demonstration for all"
#: The name of their second factors, by which a production knows them.
DEVICE = "demonstration"
_BY = Actor(job="demonstration")
_STANDARD, _ROUND, _NEXT = "volunteer", "Spring round (invented)", "Autumn round (invented)"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Somebody:
    """An invented person, at the inspectorate or in a force (its key)."""

    name: str
    roles: tuple[Role, ...]
    force: str = ""

    @property
    def email(self) -> str:
        """With what they sign in."""
        first = self.name.split()[0].casefold()
        return f"{first}@{self.force or 'inspectorate'}.example"


PEOPLE = (
    Somebody("Ada Analyst", (Role.ANALYST,)),
    Somebody("Ines Inspector", (Role.INSPECTOR,)),
    Somebody("Mo Moderator", (Role.MODERATOR,)),
    Somebody("Pat Publisher", (Role.PUBLISHER,)),
    Somebody("Olu Auditor", (Role.AUDITOR,)),
    Somebody("Ash Administrator", (Role.ADMINISTRATOR,)),
    Somebody("Cora Contributor", (Role.CONTRIBUTOR,), "hertfordshire"),
    Somebody("Abel Approver", (Role.APPROVER,), "hertfordshire"),
    Somebody("Cleo Contributor", (Role.CONTRIBUTOR,), "bedfordshire"),
    Somebody("Asha Approver", (Role.APPROVER,), "bedfordshire"),
    Somebody("Cato Both", (Role.CONTRIBUTOR, Role.APPROVER), "essex"),
    Somebody("Cyra Both", (Role.CONTRIBUTOR, Role.APPROVER), "norfolk"),
    Somebody("Colm Both", (Role.CONTRIBUTOR, Role.APPROVER), "kent"),
)


def demonstrate(*, at: datetime, tell: Tell, scale: float = SCALE) -> bool:
    """Fill an empty service; False where it is not empty, and nothing is changed. Raises UseError in a production."""
    if settings.ENVIRONMENT.production:
        raise UseError(
            "the demonstration is not for a production: everybody knows its passwords",
            advice="Add the first person with 'openpeel person add'.",
        )
    if _is_whole():
        return False
    if Person.objects.exclude(email__in=[somebody.email for somebody in PEOPLE]).exists():
        return False
    logging.getLogger("openpeel.jobs").setLevel(logging.WARNING)  # whoever looks on is told in other words
    # Nobody has these addresses: no link with which to choose a password is sent.
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        tell("Adding invented people …")
        people = _people(at)
        tell("Making the invented nation; this takes a minute or two …")
        _lake(at, scale)
        tell("Working out its figures …")
        _release(people, at)
        tell("Playing a round of collecting …")
        _round(people, at)
    return True


def logins() -> list[tuple[str, str, str, str]]:
    """Of each invented person the name, the role and where, the e-mail address, and the key of the second factor."""
    return [
        (
            somebody.name,
            " and ".join(role.value for role in somebody.roles)
            + (f", {somebody.force}" if somebody.force else ""),
            somebody.email,
            b32encode(_secret(somebody)).decode() if _has_second_factor(somebody) else "",
        )
        for somebody in PEOPLE
    ]


def code_of(email: str) -> str:
    """The six digits that an app would show now for an invented person. Raises UseError for anybody else."""
    device = TOTPDevice.objects.filter(user__email=email.strip().casefold(), name=DEVICE).first()
    if device is None or settings.ENVIRONMENT.production:
        raise UseError(f"'{email}' is nobody of the demonstration who has a second factor")
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, device.drift):06}"


def _is_whole() -> bool:
    return Collection.objects.filter(name=_NEXT).exists()


def _people(at: datetime) -> dict[str, Actor]:
    """The people by the first word of their names, added where they are not there."""
    found = {}
    for somebody in PEOPLE:
        code = find_force(somebody.force).code if somebody.force else ""
        person = Person.objects.filter(email=somebody.email).first()
        if person is None:
            organisation = Organisation.objects.get(kind=somebody.roles[0].kind.name, force=code)
            person = accounts.add_person(
                by=_BY,
                at=at,
                organisation=organisation,
                email=somebody.email,
                name=somebody.name,
                roles=somebody.roles,
                site="http://127.0.0.1:8000",
            )
            accounts.set_password(by=_BY, at=at, person=person, password=PASSWORD)
        if _has_second_factor(somebody):
            TOTPDevice.objects.get_or_create(
                user=person, name=DEVICE, defaults={"key": _secret(somebody).hex(), "confirmed": True}
            )
        found[somebody.name.split()[0]] = Actor(person, "127.0.0.1")
    _work()
    return found


def _work() -> None:
    """Do what waits; drawing charts ahead takes minutes and is left to the worker."""
    run_waiting(leaving=[draw_charts])


def _has_second_factor(somebody: Somebody) -> bool:
    return any(role.needs_second_factor for role in somebody.roles)


def _secret(somebody: Somebody) -> bytes:
    """The same on every machine, so that an app that has it once has it for the next demonstration too."""
    return hashlib.sha256(f"openpeel demonstration {somebody.email}".encode()).digest()[:20]


def _lake(at: datetime, scale: float) -> None:
    if not (settings.LAKE / "held.json").exists():
        make_nation(settings.LAKE, seed=1, scale=scale)
    create_release(Lake.open(settings.LAKE), RELEASE, at=at)


def _release(people: dict[str, Actor], at: datetime) -> None:
    if not Release.objects.filter(name=RELEASE).exists():
        adopt(name=RELEASE, ending=ENDING, by=people["Ada"], at=at, about="All of it is invented.")
    _work()
    release = Release.objects.get(name=RELEASE)
    if release.state == "frozen":
        releases.share(release=release, by=people["Ada"], at=timezone.now())
    if release.state == "shared":
        releases.publish(release=release, by=people["Pat"], at=timezone.now())
    _work()


def _round(people: dict[str, Actor], at: datetime) -> None:
    """A collection with returns in every state, and the next one planned. Begun anew where it was not finished."""
    today = timezone.localdate(at)
    year = Period.year_ending(date(today.year if today.month > 3 else today.year - 1, 3, 31))
    everybody = tuple(force.code for force in forces())
    plan = Plan(
        _ROUND,
        "All of it is invented.",
        today,
        today + timedelta(days=28),
        (Wanted(_STANDARD, year),),
        everybody,
    )
    found = Collection.objects.filter(name=_ROUND).first()
    if found is None:
        found = collections.plan(plan=plan, by=people["Ada"], at=at)
        collections.open_collection(collection=found, version=found.version, by=people["Ada"], at=at)
        month = f"{year.end:%Y-%m}"
        for who, rows in (
            ("Cora", [*_volunteers(28, month), *_volunteers(2, "soon", first=29)]),
            ("Cleo", _volunteers(120, month)),
            ("Cato", _volunteers(80, month)),
            ("Cyra", _volunteers(60, month)),
        ):
            _hand_in(found, people[who], _as_csv(rows), at)
        _hand_in(found, people["Colm"], b"This is a letter, and not a table.\n", at)
        _work()
        _go_on(found, people, timezone.now())
        _work()
    later = Plan(
        _NEXT,
        plan.about,
        today + timedelta(days=120),
        today + timedelta(days=150),
        plan.wanted,
        everybody,
    )
    collections.plan(plan=later, copied_from=found, by=people["Ada"], at=timezone.now())


def _hand_in(collection: Collection, by: Actor, content: bytes, at: datetime) -> None:
    file = Incoming("invented-volunteers.csv", "text/csv")
    file.add(content)
    file.finish(len(content))
    asked = Asked.objects.get(collection=collection, force=by.force)
    returns.hand_in(asked=asked, files=[file], by=by, at=at)
    file.close()


def _go_on(collection: Collection, people: dict[str, Actor], at: datetime) -> None:
    """Hertfordshire answers one query, Bedfordshire's is accepted, Essex's waits for that, Norfolk's is sent back."""
    of = {
        r.asked.force: r for r in Return.objects.filter(asked__collection=collection).select_related("asked")
    }
    here = {key: of[find_force(key).code] for key in ("hertfordshire", "bedfordshire", "essex", "norfolk")}
    for key, who in (("bedfordshire", "Cleo"), ("essex", "Cato"), ("norfolk", "Cyra")):
        for query in here[key].queries.all():
            answer(query=query, kind="explain", text="We looked into it: it is so.", by=people[who], at=at)
    if first := here["hertfordshire"].queries.first():
        answer(query=first, kind="ask for a waiver", text="Their papers are lost.", by=people["Cora"], at=at)
    for key, who in (("bedfordshire", "Asha"), ("essex", "Cato"), ("norfolk", "Cyra")):
        returns.confirm(handed_in=here[key], by=people[who], at=at)
    for query in here["bedfordshire"].queries.all():
        settle(query=query, by=people["Ada"], at=at)
    returns.accept(handed_in=here["bedfordshire"], by=people["Ada"], at=at)
    because = "The scheme of each volunteer is the same. Please look whether that is so."
    returns.send_back(handed_in=here["norfolk"], because=because, by=people["Ada"], at=at)


def _volunteers(number: int, month: str, *, first: int = 1) -> list[list[str]]:
    """Rows of invented volunteers."""
    rows = []
    for i in range(first, first + number):
        row = {
            "volunteer_reference": f"V{i:04}",
            "scheme": "Police cadet",
            "as_at": month,
            "joined_on": f"2023-{i % 12 + 1:02}-05",
            "hours": str(4 + i % 17),
            "trained": "True" if i % 4 else "False",
            "age_range": ("18-24", "25-34")[i % 2],
            "gender": ("Female", "Male")[i % 3 % 2],
        }
        rows.append([row.get(column.name, "") for column in load_standard(_STANDARD).columns])
    return rows


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[column.title for column in load_standard(_STANDARD).columns], *rows])
    return text.getvalue().encode()
