"""Rates against one another: a count and its rate imply how many people there are, and one place has one population."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as with_
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.entry import Entry
from openpeel.claims.found import shown
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.rounding import Between, measured
from openpeel.claims.shares import implied_population
from openpeel.claims.subject import year_of

#: By how much two populations of a place may differ though both are right: estimates of the same year are made anew,
#: and a police area grows or shrinks by less than this in a year.
ANOTHER_ESTIMATE = Fraction(10, 1000)
IN_A_YEAR = Fraction(10, 1000)
#: Where a claim does not say of when it is.
YEARS_UNSAID = 1.0
#: A text of many reports has more rates than it takes to tell.
MOST = 100

_FORCE = re.compile(r"([A-Z][a-z]+(?: (?:and )?[A-Z][a-z]+)*)(?:’s|'s)? (?:[Cc]onstabulary|[Pp]olice)\b")
_OF_PEOPLE = frozenset(
    ["population", "people", "residents", "inhabitants", ".", ",", ")", ";", "in", "of", "and"]
)


@dataclass(frozen=True)
class _Implied:
    entry: Entry
    people: Between
    year: float | None

    @property
    def width(self) -> Fraction:
        return self.people.upper - self.people.lower

    def with_room(self, other: _Implied) -> Between:
        apart = YEARS_UNSAID if self.year is None or other.year is None else abs(self.year - other.year)
        room = (
            ANOTHER_ESTIMATE + IN_A_YEAR * Fraction(apart).limit_denominator(100)
        ) / 2  # half on each side
        return Between(self.people.lower * (1 - room), self.people.upper * (1 + room))

    def agrees(self, other: _Implied) -> bool:
        return self.with_room(other).overlaps(other.with_room(self))


def compare_populations(entries: Sequence[Entry]) -> None:
    """Set down which rates imply a population that most other rates of the same place rule out."""
    places: dict[str, list[_Implied]] = defaultdict(list)
    named = [(entry, _place(entry)) for entry in entries if _speaks_of_people(entry)]
    usual = Counter(place for _, place in named if place)
    most = usual.most_common(1)[0][0] if usual else ""
    for entry, place in named:
        people = _people(entry)
        if people is not None:
            places[place or most].append(_Implied(entry, people, year_of(entry.period)))
    for implied in places.values():
        _judge(implied)


def _judge(implied: list[_Implied]) -> None:
    if len(implied) < 2:
        return
    agreed = _most_agreed(implied)
    among = {id(one) for one in agreed}
    # What is said twice tells nothing new, and the narrowest tell most.
    distinct = sorted({(o.people, o.year): o for o in reversed(agreed)}.values(), key=lambda o: o.width)[
        :MOST
    ]
    for one in implied:
        entry = one.entry
        if entry.parsed.kind is not ClaimKind.rate:
            continue
        if id(one) in among:
            if len(agreed) > 1 and entry.found.verdict is Verdict.cannot_be_checked:
                entry.found = with_(entry.found, verdict=Verdict.holds)
            continue
        against = [other for other in distinct if not one.agrees(other)]
        if not against or (len(distinct) > 2 and len(against) < 2):
            continue
        # The one of the same year, or near it, that says most exactly how many there are.
        other = min(against, key=lambda o: (abs((o.year or 0) - (one.year or 0)), o.width))
        because = f"implies {_said(one.people)}, where {other.entry.found.said} implies {_said(other.people)}"
        entry.contradicts(other.entry, entry.found.arithmetic, because)


def _most_agreed(implied: list[_Implied]) -> list[_Implied]:
    """The most claims that have a population in common; of as many, those with the first claim of the text."""
    ends = [
        (one.people.lower * (1 - ANOTHER_ESTIMATE / 2), one.people.upper * (1 + ANOTHER_ESTIMATE / 2))
        for one in implied
    ]
    edges = sorted([(lower, 0) for lower, _ in ends] + [(upper, 1) for _, upper in ends])
    now, most = 0, 0
    best: list[Fraction] = []
    for people, leaves in edges:
        now += -1 if leaves else 1
        if now > most:
            most, best = now, []
        if now == most and not leaves:
            best.append(people)
    groups = (
        [i for i, (lower, upper) in enumerate(ends) if lower <= people <= upper] for people in best[:MOST]
    )
    return [implied[i] for i in min(groups)]


def _speaks_of_people(entry: Entry) -> bool:
    parsed = entry.parsed
    if parsed.kind is ClaimKind.amount:
        return parsed.number("n") is not None
    if parsed.kind is not ClaimKind.rate or parsed.number("c") is None or parsed.number("n") is not None:
        return False
    base = parsed.at("base")
    assert base is not None
    after = parsed.tokens.keys[base + 1 : base + 2]
    return not after or after[0] in _OF_PEOPLE


def _people(entry: Entry) -> Between | None:
    if entry.parsed.kind is ClaimKind.rate:
        return implied_population(entry.parsed)
    number = entry.parsed.amount("n")
    if number.scale == 1 and number.value % 1000 == 0:
        return Between(Fraction(number.value) - 500, Fraction(number.value) + 500)
    return measured(number)


def _place(entry: Entry) -> str:
    found = _FORCE.findall(entry.sentence)
    return found[-1].removeprefix("The ") if found else ""


def _said(people: Between) -> str:
    lower, upper = (shown(Fraction(round(x, -3))) for x in (people.lower, people.upper))
    return f"{lower} to {upper} people" if lower != upper else f"{lower} people"
