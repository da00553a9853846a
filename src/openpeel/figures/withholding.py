"""Which figures are withheld, so that no small number of people can be read or worked out from what is published.

Looked at together are all measures on one standard, force by force, whichever of them somebody asked for: what is
withheld must not depend on that, or two tables of one release could be subtracted from one another. The rules are
in `docs/decisions/0004-small-numbers.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from openpeel.errors import UseError
from openpeel.figures.subtraction import Overlaps
from openpeel.lake import Return
from openpeel.measures import Measure, measures_on
from openpeel.measures.conditions import PER_WHOLE, Counted, Quantity
from openpeel.measures.count import Counts
from openpeel.measures.measure import Area, Array, Combination, CountOf, Group, RateRatio
from openpeel.reference.periods import Month, Period
from openpeel.standards import load_standard
from openpeel.statistics.disclosure import Mask, round_to, suppress, suppress_table

#: Of a number that is worked out from others, the part below which another has no part in it.
_NO_PART = 1e-6
_SMALLEST, _ROUND = "smallest", "round"


@dataclass(frozen=True)
class SmallNumbers:
    """What is done with small numbers of people: those below `smallest` are withheld, 1 shows them all.

    With `round_to` every count is rounded to a multiple of it instead, and only sums and means over fewer than
    `smallest` records are withheld.
    """

    smallest: int = 5
    round_to: int | None = None

    def __post_init__(self) -> None:
        if self.smallest < 1:
            raise UseError(f"expected the smallest number to be shown to be 1 or more, got {self.smallest}")
        if self.round_to is not None and self.round_to < 2:
            raise UseError(f"expected counts to be rounded to 2 or more, got {self.round_to}")

    @property
    def label(self) -> str:
        """As it stands in the id of a figure: 'smallest10', 'round5', 'smallest10-round5'; '' for the default."""
        said = [f"{_SMALLEST}{self.smallest}"] if self.smallest != SmallNumbers.smallest else []
        return "-".join([*said, *([f"{_ROUND}{self.round_to}"] if self.round_to is not None else [])])

    @classmethod
    def of_label(cls, label: str) -> SmallNumbers:
        """Read a label. ValueError where it is none."""
        found: dict[str, int] = {}
        for part in filter(None, label.split("-")):
            word = part.rstrip("0123456789")
            if word not in (_SMALLEST, _ROUND) or word in found:
                raise ValueError(label)
            found[word] = int(part.removeprefix(word))
        made = cls(found.get(_SMALLEST, cls.smallest), found.get(_ROUND))
        if made.label != label:
            raise ValueError(label)
        return made

    @property
    def sentence(self) -> str:
        """The rule as a sentence of the page."""
        if self.round_to is not None:
            return (
                f"Counts are rounded to the nearest {self.round_to}, each by itself, so that parts need not add up; "
                "shares and rates are worked out from rounded counts."
            )
        if self.smallest == 1:
            return "Small numbers are shown."
        return (
            f"Numbers of people or their cases below {self.smallest} are withheld, and with them what they could be "
            "worked out from; a force whose number is withheld is in no mean and no total."
        )

    def counting(self, count: CountOf) -> CountOf:
        """Counts as they may be published: as they are, or rounded."""
        base = self.round_to
        return count if base is None else lambda c: round_to(count(c), base)

    def is_small(self, numbers: Array) -> Mask:
        """True for each number that is above 0 and too small to be shown."""
        small: Mask = (numbers > 0) & (numbers < self.smallest)
        return small


#: What is done unless somebody asks for something else.
WITHHOLD = SmallNumbers()


def withheld(
    measure: Measure,
    counts: Counts,
    period: Period,
    areas: Sequence[Area],
    small: SmallNumbers,
) -> Mask:
    """Which figures of a measure are withheld: areas by groups (one column where it has no groups).

    `counts` are those of its standard, from `count_release`. Both are looked at, with exact duplicates and without.
    """
    return withheld_together([measure], counts, period, areas, small)[measure.id]


def withheld_together(
    measures: Iterable[Measure], counts: Counts, period: Period, areas: Sequence[Area], small: SmallNumbers
) -> dict[str, Mask]:
    """`withheld` for several measures on one standard, which all other measures on it are looked at with.

    A measure that is not one of openpeel's own is looked at after them, and takes none of theirs with it.
    """
    wanted = list(measures)
    found: dict[str, Mask] = {}
    if not wanted:
        return found
    own = list({m.id: m for m in measures_on([wanted[0].standard])}.values())
    _Standard(own, counts, period, areas, small).decide(found)
    for measure in wanted:
        if measure not in own:
            found.pop(measure.id, None)
            _Standard([*own, measure], counts, period, areas, small).decide(found)
    return found


def withheld_months(
    measure: Measure, counts: Counts, months: Sequence[Month], area: Area, small: SmallNumbers
) -> Mask:
    """Which of the numbers of months are withheld where the number of all of them together is printed too.

    Groups by months (one row where the measure has no groups). Of a share, the records counted and the rest of the
    base are looked at together, so that the same months are withheld in both and neither gives the other away. The
    months of a figure that is withheld are all withheld; that is the caller's to know.
    """
    groups: Sequence[Group | None] = measure.groups or (None,)
    hidden = np.zeros((len(groups), len(months)), dtype=bool)
    if not measure.of_people or (small.round_to is not None and measure.whole):
        return hidden
    for without in (False, True):
        by_month = [counts.within(Period.month(m), [area], leave_out_duplicates=without) for m in months]

        def of(combination: Combination, by_month: Sequence[CountOf] = by_month) -> Array:
            return np.array([_value(combination, count)[0] for count in by_month])

        numbers = np.array([[of(guarded) for guarded in measure.guarded(g)] for g in groups])
        asked = small.is_small(numbers).any(axis=1)
        if measure.groups:
            hidden |= suppress_table(np.rint(numbers[:, 0]), small.smallest) | asked
        # The smallest of number and rest: enough of it is enough of both.
        hidden |= suppress(
            np.rint(np.clip(numbers.min(axis=1), 0, None)), small.smallest, also=asked | hidden
        )
    return hidden


def guarded_numbers(measure: Measure, counts: Counts, period: Period, area: Area) -> Array:
    """The numbers behind a measure's values in a period, groups (one if none) by number, with exact duplicates."""
    count = counts.within(period, [area])
    groups: Sequence[Group | None] = measure.groups or (None,)
    return np.array([[_value(guarded, count)[0] for guarded in measure.guarded(g)] for g in groups])


def withheld_returns(returns: Sequence[Return], small: SmallNumbers) -> tuple[bool, ...]:
    """Whose numbers of rows are withheld: of the returns of one force, by how many records each holds."""
    hidden: dict[str, bool] = {}
    for standard in dict.fromkeys(r.key.standard for r in returns):
        own = [r for r in returns if r.key.standard == standard]
        personal = any(c.personal for c in load_standard(standard).columns)
        mask = (
            suppress([r.accepted for r in own], small.smallest)
            if personal
            else np.zeros(len(own), dtype=bool)
        )
        hidden.update({r.id: bool(m) for r, m in zip(own, mask, strict=True)})
    return tuple(hidden[r.id] for r in returns)


@dataclass(frozen=True)
class _Cell:
    """One measure in one group: what its figure tells and what it must not, as places among the numbers."""

    measure: Measure
    place: int
    guarded: tuple[int, ...]
    told: tuple[int, ...]


class _Standard:
    """All measures on one standard."""

    def __init__(
        self,
        measures: Sequence[Measure],
        counts: Counts,
        period: Period,
        areas: Sequence[Area],
        small: SmallNumbers,
    ) -> None:
        self._measures, self._areas, self._small = measures, areas, small
        # A stock is counted in the last month alone: its numbers are of other records.
        self._numbers: dict[tuple[bool, Combination], int] = {}
        self._cells = [self._cell(m, i, g) for m in measures for i, g in enumerate(m.groups or (None,))]
        # With exact duplicates and without: the notes tell what they change.
        self._values = [self._count(counts, period, without) for without in (False, True)]

    def _cell(self, measure: Measure, place: int, group: Group | None) -> _Cell:
        def places(combinations: Iterable[Combination]) -> tuple[int, ...]:
            return tuple(
                self._numbers.setdefault((measure.stock, c), len(self._numbers)) for c in combinations
            )

        return _Cell(measure, place, places(measure.guarded(group)), places(measure.told(group)))

    def _count(self, counts: Counts, period: Period, without: bool) -> Array:
        """All numbers, by area."""
        counted = {
            m.stock: counts.within(m.counted_in(period), self._areas, leave_out_duplicates=without)
            for m in self._measures
        }
        return np.array([_value(c, counted[stock]) for stock, c in self._numbers])

    def decide(self, found: dict[str, Mask]) -> None:
        """Add for each measure which of its figures are withheld; what is found already stays as it is."""
        small = np.any([self._small.is_small(v) for v in self._values], axis=0)
        hidden = np.zeros((len(self._cells), len(self._areas)), dtype=bool)
        for i, cell in enumerate(self._cells):
            rounded = self._small.round_to is not None and cell.measure.whole
            if cell.measure.id in found:
                hidden[i] = found[cell.measure.id][:, cell.place]
            elif cell.measure.of_people and not rounded:
                hidden[i] = small[list(cell.guarded)].any(axis=0)
        if self._small.round_to is None:
            self._hide_beside(hidden, found)
            self._hide_what_gives_away(hidden, small, found)
        for measure in self._measures:
            rows = [i for i, cell in enumerate(self._cells) if cell.measure.id == measure.id]
            found.setdefault(measure.id, hidden[rows].T.copy())

    def _hide_beside(self, hidden: Mask, found: dict[str, Mask]) -> None:
        """In a line of groups, as many more as stop the reader taking those shown from their total."""
        for measure in self._measures:
            if not measure.groups or not measure.of_people or measure.id in found:
                continue
            rows = [i for i, cell in enumerate(self._cells) if cell.measure.id == measure.id]
            first = [self._cells[i].guarded[0] for i in rows]
            for values in self._values:
                line = values[first]
                also = hidden[rows]
                if isinstance(measure, RateRatio):  # the reference group stands in every ratio
                    line = np.vstack([line, values[self._cells[rows[0]].guarded[1]]])
                    also = np.vstack([also, np.zeros(also.shape[1], dtype=bool)])
                mask = suppress(np.rint(line).T, self._small.smallest, also=also.T).T
                hidden[rows] |= mask[:-1] | mask[-1:] if isinstance(measure, RateRatio) else mask

    def _hide_what_gives_away(self, hidden: Mask, small: Mask, found: dict[str, Mask]) -> None:
        """Hide figures of whatever measure until no small number can be worked out from what is shown."""
        affected = np.flatnonzero(hidden.any(axis=0))
        if not len(affected):
            return
        vectors = list(self._numbers)
        overlaps = Overlaps(vectors, load_standard(self._measures[0].standard))
        fixed = [cell.measure.id in found for cell in self._cells]
        guarded = {n for cell in self._cells if cell.measure.of_people for n in cell.guarded}
        for area in affected.tolist():
            secret = [n for n in sorted(guarded) if small[n, area]]
            while True:
                tellers: dict[int, list[int]] = {}
                for i, cell in enumerate(self._cells):
                    if not hidden[i, area]:
                        for n in cell.told:
                            tellers.setdefault(n, []).append(i)
                published = sorted(tellers)
                given_away, taken = overlaps.worked_out(secret, published)
                to_hide = None
                for k in np.flatnonzero(given_away):
                    parts = [published[j] for j in np.flatnonzero(np.abs(taken[k]) > _NO_PART)]
                    to_hide = self._least(
                        [p for p in parts if not any(fixed[i] for i in tellers[p])], tellers, area
                    )
                    if to_hide is not None:
                        break
                if to_hide is None:
                    break
                hidden[tellers[to_hide], area] = True

    def _least(self, parts: Sequence[int], tellers: dict[int, list[int]], area: int) -> int | None:
        """The number to give up: told by the fewest figures, then the smallest that is not 0."""
        values = self._values[0][:, area]
        return min(parts, key=lambda p: (len(tellers[p]), values[p] <= 0, values[p], p), default=None)


def _value(combination: Combination, count: CountOf) -> Array:
    def one(counted: Counted) -> Array:
        return count(counted) / PER_WHOLE if isinstance(counted, Quantity) else count(counted)

    total: Array = np.sum([times * one(counted) for times, counted in combination], axis=0)
    return total
