"""Two releases of the same year: which figures moved, how far beside their interval, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import NO_VALUE, closely
from openpeel.lake import Release as LakeRelease
from openpeel.lake import Return
from openpeel.measures import MEASURES, find_measure
from openpeel.publishing.open_data import rows_as_csv
from openpeel.reference.forces import all_forces
from openpeel.reference.periods import Month, Period
from openpeel.web.releases.contents import frozen_release
from openpeel.web.releases.models import ForceTable, Release

#: Half of a 95% interval is so many standard errors, as of the square root of a count.
_Z = 1.96
_COLUMNS = (
    "measure",
    "title",
    "force",
    "force_name",
    "group",
    "unit",
    "before",
    "after",
    "difference",
    "intervals",
    "why",
)
NO_CAUSE = "No cause is known: it rests on the same returns, by the same definition."


@dataclass(frozen=True)
class Move:
    """A figure that is not the same in two releases.

    `intervals` is the difference over half the width of the interval before (after, where there was none), and for a
    count over 1.96 times its root; None where neither is known. `why` are sentences. `hidden_before` and
    `hidden_after` say that there is no value because it is withheld.
    """

    measure: str
    title: str
    force: str
    force_name: str
    group: str
    unit: str
    before: float | None
    after: float | None
    hidden_before: bool
    hidden_after: bool
    intervals: float | None
    why: tuple[str, ...]

    @property
    def difference(self) -> float | None:
        """After less before, in the figure's unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def said(self) -> tuple[str, str, str]:
        """Before, after and the difference as they are printed, with decimals enough to tell them apart."""
        apart = None if self.difference is None else abs(self.difference)
        sign = "%" if self.unit == "percent" else ""
        was, now = (
            ("withheld" if hidden else NO_VALUE) if value is None else closely(value, self.unit, apart) + sign
            for value, hidden in ((self.before, self.hidden_before), (self.after, self.hidden_after))
        )
        if self.difference is None:
            return was, now, NO_VALUE
        plus = "+" if self.difference > 0 else ""
        points = " points" if self.unit == "percent" else ""
        return was, now, f"{plus}{closely(self.difference, self.unit, apart)}{points}"

    @property
    def order(self) -> tuple[int, float, str, str]:
        """The largest for its interval first, then those without by their share, then those without a difference."""
        size = abs(self.difference) if self.difference is not None else 0.0
        if self.intervals is not None:
            return 0, -self.intervals, self.measure, self.force
        if self.difference is not None:
            return 1, -size / abs(self.before) if self.before else -size, self.measure, self.force
        return 2, 0.0, self.measure, self.force


def moves(earlier: Release, later: Release, force: str = "") -> tuple[Move, ...]:
    """The figures that moved, of one force where its code is given; the largest move first."""
    if force:
        return _sorted(_moves_of(earlier, later, force, _Causes(earlier, later)))
    return _all_moves(str(earlier.key), str(later.key))


def as_csv(found: Iterable[Move]) -> bytes:
    """One line for each, values unrounded."""
    return rows_as_csv(
        _COLUMNS,
        (
            (
                *(m.measure, m.title, m.force, m.force_name, m.group, m.unit, m.before, m.after),
                *(m.difference, m.intervals, " ".join(m.why)),
            )
            for m in found
        ),
    )


@lru_cache(maxsize=2)  # releases never change, and the figures of two are a hundred megabytes of JSON
def _all_moves(earlier_key: str, later_key: str) -> tuple[Move, ...]:
    earlier, later = (Release.objects.get(key=key) for key in (earlier_key, later_key))
    causes = _Causes(earlier, later)
    return _sorted(m for f in all_forces() for m in _moves_of(earlier, later, f.code, causes))


def _sorted(found: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(sorted(found, key=lambda move: move.order))


def _moves_of(earlier: Release, later: Release, force: str, causes: _Causes) -> Iterator[Move]:
    before, after = (_figures(release, force) for release in (earlier, later))
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        a, b = (None if f is None else f["value"] for f in (old, new))
        if a == b:
            continue
        either: Mapping[str, Any] = new or old or {}
        yield Move(
            measure=either["measure"],
            title=either["title"],
            force=force,
            force_name=either["force_name"],
            group=either["group"] or "",
            unit=either["unit"],
            before=a,
            after=b,
            hidden_before=old is not None and old["method"] == WITHHELD,
            hidden_after=new is not None and new["method"] == WITHHELD,
            intervals=_intervals(old, new),
            why=causes.of(either["measure"], force, old, new),
        )


def _figures(release: Release, force: str) -> dict[tuple[str, str | None], dict[str, Any]]:
    table = ForceTable.objects.filter(release=release, force=force).first()
    return {(f["measure"], f["group"]): f for f in table.figures} if table else {}


def _intervals(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> float | None:
    if old is None or new is None or old["value"] is None or new["value"] is None:
        return None
    size = abs(new["value"] - old["value"])
    for figure in (old, new):
        if figure["method"] == "count" and figure["value"] > 0:
            return float(size / (_Z * sqrt(figure["value"])))
        if figure["lower"] is not None and figure["upper"] is not None and figure["upper"] > figure["lower"]:
            return float(size / ((figure["upper"] - figure["lower"]) / 2))
    return None


class _Causes:
    """Why figures moved between two releases: what they rest on, compared once for each force and kind of record."""

    def __init__(self, earlier: Release, later: Release) -> None:
        self.earlier, self.later = earlier, later
        self.frozen = frozen_release(earlier), frozen_release(later)
        self.period = Period.year_ending(later.ending)
        self._returns: dict[tuple[str, str, bool], tuple[str, ...]] = {}

    def of(
        self, measure_id: str, force: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
    ) -> tuple[str, ...]:
        """The sentences; one that says so where no cause is known."""
        found = [*self._of_returns(measure_id, force)]
        if old is not None and new is not None and old["definition"] != new["definition"]:
            found.append(f"Its definition changed, from {old['definition']} to {new['definition']}.")
        before, after = self.frozen
        if before.leave_out_duplicates != after.leave_out_duplicates:
            found.append(
                f"Exact duplicates are {'left out' if after.leave_out_duplicates else 'counted'} in the later release."
            )
        if self.earlier.code_version != self.later.code_version:
            found.append(
                f"It was worked out by openpeel {self.earlier.code_version}, and then by {self.later.code_version}."
            )
        return tuple(found) or (NO_CAUSE,)

    def _of_returns(self, measure_id: str, force: str) -> tuple[str, ...]:
        measure = _KNOWN.get(measure_id)
        if measure is None:
            return ()
        about = (measure.standard, force, measure.stock)
        if about not in self._returns:
            months = {str(m) for m in measure.counted_in(self.period).months()}
            self._returns[about] = _returns_changed(*self.frozen, measure.standard, force, months)
        return self._returns[about]


_KNOWN = {m.id: find_measure(m.id) for m in MEASURES}


def _returns_changed(
    before: LakeRelease, after: LakeRelease, standard: str, force: str, months: set[str]
) -> tuple[str, ...]:
    """What happened to the returns of some months: those superseded, those that are new, those that are gone."""

    def held(release: LakeRelease) -> dict[tuple[str, ...], Return]:
        return {r.key.months: r for r in release.of(standard, force) if not months.isdisjoint(r.key.months)}

    old, new = held(before), held(after)
    # A return of other months, such as a year in place of twelve months, supersedes what it overlaps.
    known = {m for key in old for m in key}
    superseding = [k for k, r in new.items() if not known.isdisjoint(k) and r.id not in _ids(old)]
    added = [k for k in new if known.isdisjoint(k)]
    kept = {m for key in new for m in key}
    gone = [k for k in old if kept.isdisjoint(k)]
    return tuple(
        said
        for keys, words in (
            (superseding, ("superseded one", "superseded others")),
            (added, ("is new", "are new")),
            (gone, ("is gone", "are gone")),
        )
        if (said := _said(keys, words))
    )


def _ids(returns: Mapping[tuple[str, ...], Return]) -> set[str]:
    return {r.id for r in returns.values()}


def _said(keys: list[tuple[str, ...]], words: tuple[str, str]) -> str:
    if not keys:
        return ""
    months = sorted(m for key in keys for m in key)
    first, last = Month.parse(months[0]), Month.parse(months[-1])
    span = first.label if first == last else f"{first.label} to {last.label}"
    if len(keys) == 1:
        return f"A return of {span} {words[0]}."
    return f"{len(keys)} returns of months from {span} {words[1]}."
