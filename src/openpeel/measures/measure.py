"""What is measured: the kinds of measure, each with what it counts, how it estimates, and how it is hashed.

A measure counts by conditions on one kind of record. Counting is done by `count.py` for all measures at
once; here the counts, as arrays over forces, become estimates. Which measures there are is said in one
module per area of policing.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from openpeel.measures.conditions import EVERY, Condition, Counted, both
from openpeel.reference.ethnicity import group_name
from openpeel.reference.periods import Period
from openpeel.reference.populations import (
    MID_YEAR_ESTIMATES,
    MID_YEARS,
    census_ethnicity,
    mid_year_population,
    middle_year,
    population_for,
)
from openpeel.standards import load_standard
from openpeel.statistics.proportion import wilson
from openpeel.statistics.rate import rate, rate_ratio

Array = NDArray[np.float64]
#: The codes of the forces that are taken together: one for a force, many for England and Wales.
Area = tuple[str, ...]
#: How many records meet a condition, or what a quantity adds up to in hundredths, area by area.
CountOf = Callable[[Counted], Array]
#: Numbers of records added to and taken from one another: (1, base), (-1, counted) is the rest of a share.
Combination = tuple[tuple[int, Counted], ...]
#: Few people live in the City of London and many come: per resident its searches are forty times the mean of the
#: others, and it alone would decide what is in range.
FEW_RESIDENTS = ("E23000034",)

Better = Literal["higher", "lower", "neither"]

PERCENT = "percent"
PER_1000 = "per 1,000 population"
PER_100000 = "per 100,000 population"
GBP = "GBP"
GBP_PER_1000 = "GBP per 1,000 population"


@dataclass(frozen=True)
class Limit:
    """A standard that a value is held to, in the measure's unit, and who set it."""

    value: float
    rule: Literal["at least", "below", "at most"]
    source: str

    def met(self, value: float) -> bool:
        """Whether the value keeps to it."""
        if self.rule == "at least":
            return value >= self.value
        return value < self.value if self.rule == "below" else value <= self.value


@dataclass(frozen=True)
class Group:
    """One part of the records that a measure is broken down into."""

    key: str
    title: str
    condition: Condition


@dataclass(frozen=True)
class Estimates:
    """One measure in one group, as arrays over areas, in the measure's unit. NaN where there is none."""

    numerator: Array
    denominator: Array
    value: Array
    lower: Array
    upper: Array
    method: NDArray[np.str_]


@dataclass(frozen=True)
class Measure(ABC):
    """A measure: what is counted, over what, in which unit, and what a reader should know of it.

    `sentence` follows 'In the year ending …, ' and has the fields {force}, {value} and {group}. `better`
    says which way is good; most shares of police powers are neither. `sources` are printed under charts, and `noun`
    is what its records are called. `limit` is a standard that the value is held to, `comparable_from` the first
    day from which it may be compared with others. A `stock` is counted at the end of the period, from the last
    month's return, and not over all its months. `people` says whether few of its records could be people whom
    somebody knows, so that small numbers are withheld; None leaves it to `of_people`.
    """

    id: str
    title: str
    standard: str
    about: str
    sentence: str
    better: Better = "neither"
    groups: tuple[Group, ...] = ()
    sources: tuple[str, ...] = ()
    noun: str = "records"
    limit: Limit | None = None
    comparable_from: date | None = None
    stock: bool = False
    people: bool | None = None
    unit: str = ""
    kind: ClassVar[str] = ""
    #: Whether the numerator is a number of records, and not a sum of something else.
    whole: ClassVar[bool] = True
    #: Whether one force can be set beside another: a bare count cannot, it grows with the force.
    compared: ClassVar[bool] = True
    #: Forces kept out of the comparison unless somebody asks for them.
    leave_out: ClassVar[tuple[str, ...]] = ()
    #: Fields that only word the measure: they may be edited without changing what a figure means.
    wording: ClassVar[tuple[str, ...]] = (
        *("title", "about", "sentence", "sources", "better", "noun", "limit"),
        "people",  # says what is published of it, not what it is
    )

    @abstractmethod
    def counted(self, group: Group | None) -> Counted:
        """The records that the numerator counts, or the quantity that it adds up."""

    def counted_in(self, period: Period) -> Period:
        """The months of a period that are counted: all, or the last one of a stock."""
        return Period.month(period.months()[-1]) if self.stock else period

    @property
    def of_people(self) -> bool:
        """Whether few of its records could be people whom somebody knows.

        Where the measure does not say: it could if a record of its standard holds anything personal, and it is not
        money that is counted.
        """
        if self.people is not None:
            return self.people
        return self.unit not in (GBP, GBP_PER_1000) and any(
            c.personal for c in load_standard(self.standard).columns
        )

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The numbers behind the value in a group that are not to be found out where they are small."""
        return (sum_of(self.counted(group)),)

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """The numbers that printing the figure of a group tells."""
        return (sum_of(self.counted(group)),)

    def conditions(self) -> list[Counted]:
        """All that has to be counted for this measure."""
        return [self.counted(g) for g in self.groups or (None,)]

    @abstractmethod
    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """The estimates for these areas, in the group or (None) as a whole, from the counts of the period."""

    @abstractmethod
    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """Numerator, denominator and formula in words; of a figure of the period, or (None) of any."""

    def sources_for(self, period: Period) -> tuple[str, ...]:
        """What to print under a figure of the period: `sources`, with the year of the population that it is over."""
        people = population_for(self.counted_in(period)).source
        return tuple(people if s == MID_YEAR_ESTIMATES else s for s in self.sources)

    @property
    def definition(self) -> str:
        """12 hex digits that change when the measure, its standard or a population it uses does."""
        content = {
            "kind": self.kind,
            "unit": self.unit,
            "standard_hash": load_standard(self.standard).hash,
            "constants": self.constants(),
            **{f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name not in self.wording},
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    def constants(self) -> object:
        """Numbers from outside the records that the estimate uses, such as a population."""
        return None

    def not_known(self, count: CountOf) -> Array | None:
        """How many records the measure can say nothing of, area by area; None where there can be none."""
        return None

    def group(self, key: str | None) -> Group | None:
        """The group of that key; None for None. KeyError where there is none."""
        if key is None:
            return None
        found = next((g for g in self.groups if g.key == key), None)
        if found is None:
            raise KeyError(key)
        return found


def sum_of(*counted: Counted) -> Combination:
    """All of these taken together."""
    return tuple((1, c) for c in counted)


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """How many records. A count of everything that was recorded is no sample: it has no interval."""

    of: Condition = EVERY
    kind: ClassVar[str] = "count"
    unit: str = "records"
    compared: ClassVar[bool] = False

    def counted(self, group: Group | None) -> Condition:
        """The records of the measure, within the group."""
        return both(self.of, group.condition) if group else self.of

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """The count itself."""
        counted = count(self.counted(group))
        none = np.full(len(areas), np.nan)
        return Estimates(counted, none, counted, none, none, np.full(len(areas), "count"))

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """A count has no denominator."""
        return self.counted(group).words(load_standard(self.standard)), "", "numerator"


@dataclass(frozen=True, kw_only=True)
class Rate(Measure):
    """Records per 1,000 people at mid-year (or `per` 100,000), with an exact or Byar's interval.

    The people are those of the year held that is nearest to the middle of the months that are counted.
    """

    of: Condition = EVERY
    per: Literal[1000, 100000] = 1000
    kind: ClassVar[str] = "rate"
    leave_out: ClassVar[tuple[str, ...]] = FEW_RESIDENTS
    unit: str = PER_1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", PER_1000 if self.per == 1000 else PER_100000)

    def counted(self, group: Group | None) -> Condition:
        """The records of the measure, within the group."""
        return both(self.of, group.condition) if group else self.of

    def constants(self) -> object:
        """The populations."""
        return populations_held()

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """Count ÷ population × 1,000."""
        counted = count(self.counted(group))
        people = people_of(areas, population_for(self.counted_in(period)).by_force)
        found = rate(counted, people, per=self.per, level=level)
        return Estimates(counted, people, found.value, found.lower, found.upper, found.method)

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """Records over people."""
        counted = self.counted(group).words(load_standard(self.standard))
        people = people_in_words(self, period)
        return counted, people, f"{self.per:,} × numerator ÷ denominator"


@dataclass(frozen=True, kw_only=True)
class Share(Measure):
    """The percentage of some records that are something, with Wilson's interval.

    `base` says of which records. Records outside it are those of which it is `not known`, and the figure's note says
    how many, or such as the measure does not speak of (`other`). Answers that people chose to give are no sample: a
    share of `volunteered` records has no interval.
    """

    base: Condition
    of: Condition = EVERY
    outside: Literal["not known", "other"] = "not known"
    volunteered: bool = False
    kind: ClassVar[str] = "share"
    unit: str = PERCENT

    def counted(self, group: Group | None) -> Condition:
        """The records of the base that are what is asked."""
        return both(self.base, both(self.of, group.condition) if group else self.of)

    def conditions(self) -> list[Counted]:
        """The numerators and the base."""
        return [*super().conditions(), self.base, EVERY]

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The records counted, those of the base that are not, and the base."""
        counted = self.counted(group)
        return (sum_of(counted), ((1, self.base), (-1, counted)), sum_of(self.base))

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """Numerator and base, and in the note how many records there are."""
        note = () if self.base == EVERY or self.outside == "other" else (sum_of(EVERY),)
        return (sum_of(self.counted(group)), sum_of(self.base), *note)

    def not_known(self, count: CountOf) -> Array | None:
        """The records outside the base."""
        if self.base == EVERY or self.outside == "other":
            return None
        return count(EVERY) - count(self.base)

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """100 × numerator ÷ base."""
        counted, base = count(self.counted(group)), count(self.base)
        found = wilson(counted, base, level)
        hundred = np.float64(100)
        value = np.divide(hundred * counted, base, out=np.full(len(areas), np.nan), where=base > 0)
        if self.volunteered:
            none = np.full(len(areas), np.nan)
            return Estimates(counted, base, value, none, none, np.full(len(areas), "share"))
        return Estimates(counted, base, value, hundred * found.lower, hundred * found.upper, found.method)

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """Part over base."""
        standard = load_standard(self.standard)
        return (
            self.counted(group).words(standard),
            self.base.words(standard),
            "100 × numerator ÷ denominator",
        )


@dataclass(frozen=True, kw_only=True)
class CountRatio(Measure):
    """How many records of one kind there are for every hundred of another, such as breaches for orders granted.

    The ones are no part of the others, so it is no share: it may pass 100 percent, and it has no interval.
    """

    of: Condition
    over: Condition
    kind: ClassVar[str] = "ratio of counts"
    unit: str = PERCENT

    def counted(self, group: Group | None) -> Condition:
        """The records of the numerator, within the group."""
        return both(self.of, group.condition) if group else self.of

    def conditions(self) -> list[Counted]:
        """The numerators and the denominator."""
        return [*super().conditions(), self.over]

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """Both numbers of records."""
        return self.told(group)

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """Both numbers of records."""
        return (sum_of(self.counted(group)), sum_of(self.over))

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """100 × records ÷ records."""
        counted, over = count(self.counted(group)), count(self.over)
        value = np.divide(np.float64(100) * counted, over, out=np.full(len(areas), np.nan), where=over > 0)
        none = np.full(len(areas), np.nan)
        return Estimates(counted, over, value, none, none, np.full(len(areas), "ratio of counts"))

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """Records over records."""
        standard = load_standard(self.standard)
        return self.counted(group).words(standard), self.over.words(standard), "100 × numerator ÷ denominator"


@dataclass(frozen=True, kw_only=True)
class RateRatio(Measure):
    """How many times as often a group is searched as the reference group, for the size of each.

    Populations are those of the census by ethnic group, and group keys are its groups. The denominator is
    the number of records there would be at the reference group's rate, so that value = numerator ÷
    denominator here too.
    """

    reference: Group
    kind: ClassVar[str] = "rate ratio"
    leave_out: ClassVar[tuple[str, ...]] = FEW_RESIDENTS
    unit: str = "ratio"

    def counted(self, group: Group | None) -> Condition:
        """The records of the group."""
        return (group or self.reference).condition

    def conditions(self) -> list[Counted]:
        """Those of the groups and of the reference group."""
        return [*super().conditions(), self.reference.condition, EVERY]

    def constants(self) -> object:
        """The census populations."""
        return {f: dict(groups) for f, groups in census_ethnicity().by_force.items()}

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The records of the group, and those of the reference group, which stand in every ratio."""
        return (sum_of(self.counted(group)), sum_of(self.reference.condition))

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """The records of both groups, and in the note how many there are and how many are of none."""
        known = sum_of(*(g.condition for g in self.groups), self.reference.condition)
        return (*self.guarded(group), sum_of(EVERY), known)

    def not_known(self, count: CountOf) -> Array | None:
        """The records of no group: of people whose group is blank, not stated or not recognised."""
        known = sum((count(g.condition) for g in self.groups), count(self.reference.condition))
        return count(EVERY) - known

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """(records ÷ people of the group) ÷ (records ÷ people of the reference group)."""
        if group is None:
            raise TypeError("a rate ratio is of a group")
        counted, of_reference = count(group.condition), count(self.reference.condition)
        people, people_of_reference = (
            self._people_of(group.key, areas),
            self._people_of(self.reference.key, areas),
        )
        found = rate_ratio(counted, people, of_reference, people_of_reference, level)
        expected = np.divide(
            people * of_reference,
            people_of_reference,
            out=np.full(len(areas), np.nan),
            where=people_of_reference > 0,
        )
        return Estimates(counted, expected, found.value, found.lower, found.upper, found.method)

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """Records over those expected."""
        standard = load_standard(self.standard)
        counted = self.counted(group).words(standard)
        name = group_name(group.key) if group else ""
        reference = group_name(self.reference.key)
        expected = (
            f"the records there would be if people of the group {name} were searched as often as those of the "
            f"group {reference}: records where {self.reference.condition.words(standard)}, ÷ people of the group "
            f"{reference}, × people of the group {name} ({census_ethnicity().source})"
        )
        return counted, expected, "numerator ÷ denominator"

    def _people_of(self, group: str, areas: Sequence[Area]) -> Array:
        return people_of(areas, {f: groups[group] for f, groups in census_ethnicity().by_force.items()})


def populations_held() -> dict[int, dict[str, int]]:
    """All mid-year populations that a rate may be over, by year and force."""
    return {year: dict(mid_year_population(year).by_force) for year in MID_YEARS}


def people_in_words(measure: Measure, period: Period | None) -> str:
    """The denominator of a rate of a period, or (None) of any."""
    if period is None:
        years = " or ".join(f"mid-{year}" for year in MID_YEARS)
        when = "end" if measure.stock else "middle"
        said = f"{MID_YEAR_ESTIMATES}, {years}, whichever is nearer to the {when} of the period"
    else:
        counted_in = measure.counted_in(period)
        population, middle = population_for(counted_in), middle_year(counted_in)
        nearest = f", the nearest held to {middle}" if population.year != middle else ""
        said = f"{population.source}{nearest}"
    return f"people living in the force area: {said}"


def people_of(areas: Sequence[Area], by_force: Mapping[str, int | None]) -> Array:
    """The people of each area; NaN where the number is not known for one of its forces."""
    known = {force: float("nan") if n is None else float(n) for force, n in by_force.items()}
    return np.array([sum(known.get(force, float("nan")) for force in area) for area in areas])


def _plain(value: Any) -> Any:
    """A value of a measure as JSON, with the type of each condition so that no two look alike.

    The titles of groups are wording and are left out.
    """
    if isinstance(value, Group):
        return [value.key, _plain(value.condition)]
    if is_dataclass(value):
        return {
            "is": type(value).__name__,
            **{f.name: _plain(getattr(value, f.name)) for f in fields(value)},
        }
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
