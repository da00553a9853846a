"""Collections for the tests of the service: planned or open, of a few forces and standards. All is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.collections import actions
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.periods import read_period
from openpeel.web.collections.policies import Plan, Wanted
from openpeel.web.returns.models import Query, Return
from web_people import BEDFORDSHIRE, HERTFORDSHIRE

#: Times at which nothing special is.
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
YEAR = read_period("year ending 31 December 2025")


def a_plan(
    name: str = "Spring 2026",
    *,
    opens_on: date = date(2026, 3, 9),
    closes_on: date = date(2026, 4, 30),
    standards: tuple[str, ...] = ("call", "crime"),
    forces: tuple[str, ...] = (BEDFORDSHIRE, HERTFORDSHIRE),
) -> Plan:
    return Plan(
        name=name,
        about="Please begin early.",
        opens_on=opens_on,
        closes_on=closes_on,
        wanted=tuple(Wanted(standard, YEAR) for standard in standards),
        forces=tuple(sorted(forces)),
    )


def planned(by: Person, plan: Plan | None = None, at: datetime = AT) -> Collection:
    return actions.plan(plan=plan or a_plan(), by=Actor(by), at=at)


def opened(by: Person, plan: Plan | None = None, at: datetime = AT) -> Collection:
    collection = planned(by, plan, at)
    actions.open_collection(collection=collection, version=1, by=Actor(by), at=at)
    collection.refresh_from_db()
    return collection


def open_now(by: Person, *, standards: tuple[str, ...] = ("call", "crime"), name: str = "Now") -> Collection:
    """Open today, by the clock: for pages, which have no other day."""
    today = timezone.localdate()
    plan = a_plan(name, opens_on=today, closes_on=today + timedelta(days=30), standards=standards)
    return opened(by, plan, timezone.now())


def handed_in(
    asked: Asked, by: Person, state: str, *, at: datetime = AT, queries: tuple[str, ...] = ()
) -> Return:
    """A return in a state, with queries in theirs."""
    made = Return.objects.create(
        asked=asked, number=asked.returns.count() + 1, state=state, handed_in_by=by, handed_in_at=at
    )
    for query in queries:
        Query.objects.create(of=made, check_name="midnight", rows=1, message="At midnight?", state=query)
    return made
