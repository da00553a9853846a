"""Whether a plan can be, and what a collection allows now. Who may is said by `accounts/permissions.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpeel.errors import UseError
from openpeel.reference.forces import forces
from openpeel.reference.periods import Period
from openpeel.standards import load_standard
from openpeel.web.collections.models import Collection
from openpeel.web.look.jinja import day


@dataclass(frozen=True)
class Wanted:
    """A standard (its id) with the period that is asked about."""

    standard: str
    period: Period


@dataclass(frozen=True)
class Plan:
    """What a collection asks: of which forces (their codes), for what, from which day to which."""

    name: str
    about: str
    opens_on: date
    closes_on: date
    wanted: tuple[Wanted, ...]
    forces: tuple[str, ...]

    @classmethod
    def of(cls, collection: Collection) -> Plan:
        """The plan of a collection as it is kept."""
        asked = collection.asked.values_list("standard", "start", "end", "force")
        wanted = {standard: Wanted(standard, Period(start, end)) for standard, start, end, _ in asked}
        return cls(
            name=collection.name,
            about=collection.about,
            opens_on=collection.opens_on,
            closes_on=collection.closes_on,
            wanted=tuple(wanted.values()),
            forces=tuple(sorted({force for *_, force in asked})),
        )

    @property
    def said(self) -> str:
        """The plan in words, for the audit trail."""
        standards = "; ".join(f"{title(w.standard)}, {w.period.label}" for w in self.wanted)
        return (
            f"{self.name}. From {day(self.opens_on)} to {day(self.closes_on)}. {standards}. "
            f"{forces_said(self.forces)}. {self.about}"
        ).strip()


def title(standard: str) -> str:
    """What a standard is called. Raises UseError where there is none of that id."""
    return load_standard(standard).title


def forces_said(codes: Sequence[str]) -> str:
    """Which forces, in words: 'All 43 forces', 'Bedfordshire and Hertfordshire'."""
    names = sorted(force.name for force in forces() if force.code in codes)
    if len(names) == len(forces()):
        return f"All {len(names)} forces"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def faults(plan: Plan, *, today: date, besides: Collection | None = None) -> dict[str, str]:
    """What is wrong with a plan, by the field it is in; empty where nothing is.

    `besides` is the collection whose plan it is to be, where there is one already.
    """
    found: dict[str, str] = {}
    if not plan.name:
        found["name"] = "Enter a name, such as 'Spring 2026'"
    elif Collection.objects.filter(name__iexact=plan.name).exclude(pk=besides.pk if besides else 0).exists():
        found["name"] = f"There is a collection called '{plan.name}'. Enter another name"
    if plan.opens_on < today:
        found["opens_on"] = f"{day(plan.opens_on)} has passed. Enter today or a later day"
    if plan.closes_on < plan.opens_on:
        found["closes_on"] = f"Enter {day(plan.opens_on)}, when the collection opens, or a later day"
    found |= _faults_of_wanted(plan.wanted, plan.closes_on)
    known = {force.code for force in forces()}
    if not plan.forces:
        found["forces"] = "Choose at least one force"
    elif unknown := sorted(set(plan.forces) - known):
        found["forces"] = f"There is no force {', '.join(unknown)}"
    return found


def _faults_of_wanted(wanted: Iterable[Wanted], closes_on: date) -> dict[str, str]:
    wanted = tuple(wanted)
    if not wanted:
        return {"standards": "Choose at least one standard"}
    twice = [title(s) for s, times in Counter(w.standard for w in wanted).items() if times > 1]
    if twice:
        return {"standards": f"{', '.join(twice)} is asked for twice. Ask for each standard once"}
    return {
        period_field(w.standard): f"{title(w.standard)}: the period ends on {day(w.period.end)}, "
        f"after the collection closes. Enter an earlier one"
        for w in wanted
        if w.period.end > closes_on
    }


def period_field(standard: str) -> str:
    """The name of the field in which the period of a standard is given."""
    return f"period_{standard}"


def faults_of_more(
    collection: Collection,
    wanted: Sequence[Wanted],
    more_forces: Sequence[str],
    closes_on: date,
    *,
    today: date,
) -> dict[str, str]:
    """What is wrong with adding to a collection that is open, by the field."""
    found: dict[str, str] = {}
    plan = Plan.of(collection)
    if closes_on < today:
        found["closes_on"] = f"{day(closes_on)} has passed. Enter today or a later day"
    if wanted:
        found |= _faults_of_wanted(wanted, closes_on)
    if both := sorted({w.standard for w in wanted} & {w.standard for w in plan.wanted}):
        found["standards"] = f"{', '.join(map(title, both))} is asked for already"
    if set(more_forces) & set(plan.forces):
        found["forces"] = f"{forces_said(sorted(set(more_forces) & set(plan.forces)))} is asked already"
    if not wanted and not more_forces and closes_on == collection.closes_on:
        found["closes_on"] = "Nothing would change. Choose a standard or a force, or move the closing day"
    return found


def hold_to(found: dict[str, str]) -> None:
    """Raises UseError with all that is wrong, where something is."""
    if found:
        raise UseError(". ".join(found.values()))
