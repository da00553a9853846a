"""Measures that add a number up, such as money, hours or seconds, where those of `measure.py` count records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from openpeel.measures.conditions import PER_WHOLE, Condition, Counted, Quantity, both
from openpeel.measures.measure import (
    FEW_RESIDENTS,
    GBP_PER_1000,
    PERCENT,
    Area,
    Array,
    Combination,
    CountOf,
    Estimates,
    Group,
    Measure,
    people_in_words,
    people_of,
    populations_held,
    sum_of,
)
from openpeel.reference.periods import Period
from openpeel.reference.populations import population_for
from openpeel.standards import load_standard


@dataclass(frozen=True, kw_only=True)
class Amount(Measure):
    """A number added up over records: money, hours. It was all recorded, so it has no interval."""

    quantity: Quantity
    kind: ClassVar[str] = "amount"
    whole: ClassVar[bool] = False
    compared: ClassVar[bool] = False

    def counted(self, group: Group | None) -> Quantity:
        """The number over the records of the measure, within the group."""
        return _quantity_in(self.quantity, group)

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """The sum itself."""
        counted = self.counted(group)
        # Nothing handed in of this kind is not a sum of 0.
        total = np.where(count(counted.of) > 0, count(counted) / PER_WHOLE, np.nan)
        return _without_interval(total, np.full(len(areas), np.nan), total, "sum")

    def conditions(self) -> list[Counted]:
        """The sums, and the records that they are taken over."""
        return [*super().conditions(), *(self.counted(g).of for g in self.groups or (None,))]

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The records that the sum is taken over: that of few is theirs."""
        return (sum_of(self.counted(group).of),)

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """A sum has no denominator."""
        return self.counted(group).words(load_standard(self.standard)), "", "numerator"


@dataclass(frozen=True, kw_only=True)
class AmountRate(Measure):
    """A number added up, for every 1,000 people at mid-year, of the same year as those of `Rate`."""

    quantity: Quantity
    kind: ClassVar[str] = "amount per population"
    whole: ClassVar[bool] = False
    leave_out: ClassVar[tuple[str, ...]] = FEW_RESIDENTS
    unit: str = GBP_PER_1000

    def counted(self, group: Group | None) -> Quantity:
        """The number over the records of the measure, within the group."""
        return _quantity_in(self.quantity, group)

    def conditions(self) -> list[Counted]:
        """The sums, and the records that they are taken over."""
        return [*super().conditions(), *(self.counted(g).of for g in self.groups or (None,))]

    def constants(self) -> object:
        """The populations."""
        return populations_held()

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """Sum ÷ population × 1,000."""
        counted = self.counted(group)
        total = np.where(count(counted.of) > 0, count(counted) / PER_WHOLE, np.nan)
        people = people_of(areas, population_for(self.counted_in(period)).by_force)
        return _without_interval(total, people, 1000 * total / people, "sum")

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The records that the sum is taken over: that of few is theirs."""
        return (sum_of(self.counted(group).of),)

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """A sum over people."""
        counted = self.counted(group).words(load_standard(self.standard))
        people = people_in_words(self, period)
        return counted, people, "1,000 × numerator ÷ denominator"


@dataclass(frozen=True, kw_only=True)
class AmountShare(Measure):
    """The percentage that one sum is of another, such as the precept of all funding."""

    quantity: Quantity
    base: Quantity
    kind: ClassVar[str] = "share of an amount"
    whole: ClassVar[bool] = False
    unit: str = PERCENT

    def counted(self, group: Group | None) -> Quantity:
        """The number over the records of the measure, within the group."""
        return _quantity_in(self.quantity, group)

    def conditions(self) -> list[Counted]:
        """Both sums."""
        return [*super().conditions(), self.base]

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """100 × sum ÷ sum."""
        part, whole = count(self.counted(group)) / PER_WHOLE, count(self.base) / PER_WHOLE
        return _without_interval(part, whole, _divided(100 * part, whole), "sum")

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The sum, what is left of the other, and the other: what is added up here are numbers of things."""
        counted = self.counted(group)
        return (sum_of(counted), ((1, self.base), (-1, counted)), sum_of(self.base))

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """Both sums."""
        return (sum_of(self.counted(group)), sum_of(self.base))

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """A sum over a sum."""
        standard = load_standard(self.standard)
        return self.counted(group).words(standard), self.base.words(standard), "100 × numerator ÷ denominator"


@dataclass(frozen=True, kw_only=True)
class Mean(Measure):
    """A number on average over the records that have it, such as seconds to answer."""

    quantity: Quantity
    over: Condition
    kind: ClassVar[str] = "mean"
    whole: ClassVar[bool] = False

    def counted(self, group: Group | None) -> Quantity:
        """The number over the records of the measure, within the group."""
        return _quantity_in(self.quantity, group)

    def conditions(self) -> list[Counted]:
        """The sums and the records, group by group."""
        return [*super().conditions(), *(self._over(g) for g in self.groups or (None,))]

    def estimate(
        self, count: CountOf, areas: Sequence[Area], group: Group | None, level: float, period: Period
    ) -> Estimates:
        """Sum ÷ records."""
        total, records = count(self.counted(group)) / PER_WHOLE, count(self._over(group))
        return _without_interval(total, records, _divided(total, records), "mean")

    def explained(self, group: Group | None, period: Period | None = None) -> tuple[str, str, str]:
        """A sum over records."""
        standard = load_standard(self.standard)
        over = self._over(group).words(standard)
        return self.counted(group).words(standard), over, "numerator ÷ denominator"

    def guarded(self, group: Group | None) -> tuple[Combination, ...]:
        """The records that the mean is taken over."""
        return (sum_of(self._over(group)),)

    def told(self, group: Group | None) -> tuple[Combination, ...]:
        """The sum and the records."""
        return (sum_of(self.counted(group)), sum_of(self._over(group)))

    def _over(self, group: Group | None) -> Condition:
        return both(self.over, group.condition) if group else self.over


def _quantity_in(quantity: Quantity, group: Group | None) -> Quantity:
    return Quantity(quantity.column, both(quantity.of, group.condition)) if group else quantity


def _divided(part: Array, whole: Array) -> Array:
    found: Array = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _without_interval(numerator: Array, denominator: Array, value: Array, method: str) -> Estimates:
    none = np.full(len(value), np.nan)
    return Estimates(numerator, denominator, value, none, none, np.full(len(value), method))
