"""From counts to figures: estimates for every force, the comparison among them, coverage, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpeel.errors import UseError
from openpeel.figures.comparing import ForcesCompared, compare_forces
from openpeel.figures.figure import WITHHELD, Comparison, Coverage, Figure
from openpeel.figures.identity import figure_id
from openpeel.figures.rounding import shown
from openpeel.figures.withholding import WITHHOLD, SmallNumbers, withheld_together
from openpeel.lake import Release, Return
from openpeel.measures import Measure
from openpeel.measures.conditions import EVERY, Counted
from openpeel.measures.count import Counts
from openpeel.measures.measure import Area, Array, CountOf, Estimates, Group, RateRatio
from openpeel.reference.forces import Force, all_forces
from openpeel.reference.periods import Month, Period

Mask = NDArray[np.bool_]

LEVEL = 0.95


@dataclass(frozen=True)
class Settings:
    """How forces are compared. The defaults are ours where the inspectorate does not say.

    `sd` is the sample or the population standard deviation; `leave_out` are codes of forces kept out of the
    comparison (None: those that the measure itself keeps out); a force needs `months` months of the period to
    be in it (None: all of them), and it takes `forces` forces to compare at all. `similar` names, by code, the
    forces that a force is most like.
    """

    sd: Literal["sample", "population"] = "sample"
    leave_out: tuple[str, ...] | None = None
    months: int | None = None
    forces: int = 10
    small: SmallNumbers = WITHHOLD
    similar: Mapping[str, tuple[str, ...]] | None = None


def compute_figures(
    release: Release,
    counts: dict[str, Counts],
    period: Period,
    measures: Iterable[Measure],
    settings: Settings | None = None,
) -> list[Figure]:
    """The figures of all 45 forces for a period, in the order of measures, groups and forces.

    `counts` come from `count_release` on the same release. A force of which the release holds nothing has
    figures without a value, not with zero.
    """
    settings = settings or Settings()
    if settings.months is not None and not 1 <= settings.months <= len(period.months()):
        raise UseError(f"expected from 1 to {len(period.months())} months, got {settings.months}")
    wanted = list(measures)
    areas: list[Area] = [(f.code,) for f in all_forces()]
    withheld = {
        measure_id: mask
        for standard in dict.fromkeys(m.standard for m in wanted)
        for measure_id, mask in withheld_together(
            [m for m in wanted if m.standard == standard], counts[standard], period, areas, settings.small
        ).items()
    }
    held: dict[tuple[str, Period], _Held] = {}
    figures = []
    for measure in wanted:
        about = (measure.standard, measure.counted_in(period))
        if about not in held:
            held[about] = _Held(release, *about)
        figures += _Computation(
            release,
            counts[measure.standard],
            period,
            measure,
            settings,
            withheld[measure.id],
            held[about],
        ).figures()
    return figures


class _Held:
    """What the release holds in one standard of the months that are counted, force by force.

    `months` are those of each force (its code) for which there is a return, `cut` the published return that counts
    some of them and others as one, `tallies` what to say of tallies.
    """

    def __init__(self, release: Release, standard: str, counted_in: Period) -> None:
        asked = counted_in.months()
        self.invented = any(r.invented for r in release.of(standard))
        self.cut = _cut_in_two(release, standard, asked)
        self.months = months_held(release, standard, asked)
        for code in self.cut:  # a count of more months than these is no count of these
            self.months[code] = set()
        self.tallies = {
            code: _tallies(release, standard, code, asked) if present else []
            for code, present in self.months.items()
        }


class _Computation:
    """One measure over all forces."""

    def __init__(
        self,
        release: Release,
        counts: Counts,
        period: Period,
        measure: Measure,
        settings: Settings,
        withheld: Mask,
        held: _Held,
    ) -> None:
        self.release = release
        self.period = period
        self.measure = measure
        self.settings = settings
        self.forces = all_forces()
        counted_in = measure.counted_in(period)
        self.months = counted_in.months()
        self.held = held
        self.present = np.array([len(held.months[f.code]) for f in self.forces])
        self.areas: list[Area] = [(f.code,) for f in self.forces]
        self.withheld = withheld
        self.counted = counts.within(
            counted_in, self.areas, leave_out_duplicates=release.leave_out_duplicates
        )
        self.count = self._published(self.counted)
        self.count_otherwise = counts.within(
            counted_in, self.areas, leave_out_duplicates=not release.leave_out_duplicates
        )
        needed = min(settings.months or len(self.months), len(self.months))
        leave_out = measure.leave_out if settings.leave_out is None else settings.leave_out
        self.complete = np.array(
            [f.kind == "territorial" and n >= needed for f, n in zip(self.forces, self.present, strict=True)]
        )
        self.compared = self.complete & np.array([f.code not in leave_out for f in self.forces])
        # Hashing a definition takes longer than all else that is done for a figure.
        self.definition = measure.definition

    def figures(self) -> list[Figure]:
        groups: Sequence[Group | None] = self.measure.groups or (None,)
        return [
            figure
            for i, group in enumerate(groups)
            for figure in self._figures_of_group(group, self.withheld[:, i])
        ]

    def _figures_of_group(self, group: Group | None, withheld: Mask) -> list[Figure]:
        found = self._estimate(self.count, group)
        otherwise = self._estimate(self.count_otherwise, group)
        # A number that is withheld is in no mean, limit or total, or it could be worked out from the others.
        told = ~np.isnan(found.value) & ~withheld
        counted = self.compared & told
        compared = compare_forces(self.measure, found, counted, self.settings)
        england_and_wales = self._together(self.complete & told, group)
        not_known = self.measure.not_known(self.count)
        missing = tuple(
            f.name for f, c in zip(self.forces, counted, strict=True) if f.kind == "territorial" and not c
        )
        figures = []
        for i, force in enumerate(self.forces):
            hidden = bool(withheld[i])
            comparison = self._comparison(i, compared, england_and_wales, missing)
            note = self._note(i, found, otherwise, not_known, hidden=hidden)
            figures.append(self._figure(force, i, group, found, comparison, note, hidden=hidden))
        return figures

    def _published(self, count: CountOf) -> CountOf:
        """Counts as they may be published. Sums and means are taken of all their records or not at all."""
        return self.settings.small.counting(count) if self.measure.whole else count

    def _comparison(
        self,
        i: int,
        compared: ForcesCompared,
        england_and_wales: float | None,
        missing: tuple[str, ...],
    ) -> Comparison:
        band = compared.band
        return Comparison(
            england_and_wales=england_and_wales,
            mean=band.mean if band else None,
            sd=band.sd if band else None,
            verdict=compared.verdict(i),
            forces_counted=int(compared.counted.sum()),
            forces_missing=missing,
            centre=compared.centre,
            control=compared.control(i),
            overdispersed=compared.overdispersed(i),
            phi=compared.phi,
            tau=compared.tau,
            no_limits_because=compared.no_limits_because,
            verdicts_differ=compared.verdicts_differ(i),
            similar=compared.similar(i),
        )

    def _estimate(self, count: CountOf, group: Group | None) -> Estimates:
        """The estimates, with NaN for forces of which the release holds nothing."""
        found = self.measure.estimate(count, self.areas, group, LEVEL, self.period)
        held = self.present > 0

        def where_held(part: Array) -> Array:
            return np.where(held, part, np.nan)

        return Estimates(
            where_held(found.numerator),
            where_held(found.denominator),
            where_held(found.value),
            where_held(found.lower),
            where_held(found.upper),
            found.method,
        )

    def _together(self, complete: Mask, group: Group | None) -> float | None:
        """The value of all forces that are complete, taken together; a force left out of the band is in it."""
        if complete.sum() < self.settings.forces:
            return None
        area: Area = tuple(f.code for f, c in zip(self.forces, complete, strict=True) if c)

        def together(condition: Counted) -> Array:
            return np.array([self.counted(condition)[complete].sum()])

        whole = self.measure.whole and not self.measure.compared
        found = self.measure.estimate(self._published(together), [area], group, LEVEL, self.period)
        return _number(found.value[0], whole=whole)

    def _note(
        self, i: int, found: Estimates, otherwise: Estimates, not_known: Array | None, *, hidden: bool
    ) -> str:
        """What a reader should know of the records behind the figure of one force."""
        cut = self.held.cut.get(self.forces[i].code)
        if cut is not None:
            return (
                f"The published table '{cut.published}' counts {_span(cut)} as one; only a part is asked for."
            )
        if self.present[i] == 0:
            return "The release holds no return of this force for the period."
        said = ["Counted from invented records."] if self.held.invented else []
        said += self.held.tallies[self.forces[i].code]
        since = self.measure.comparable_from
        if since is not None and self.period.start < since:
            said.append(
                f"Recorded by other rules before {since.day} {Month.of(since).label}: not to be compared over it."
            )
        absent = [m.label for m in self.months if m not in self.held.months[self.forces[i].code]]
        if absent:
            said.append(f"No return for {_list(absent)}.")
        if not_known is not None and not_known[i] > 0 and not hidden:
            total = self.count(EVERY)[i]
            said.append(
                f"Not known for {not_known[i]:,.0f} of {total:,.0f} records "
                f"({shown(100 * not_known[i] / total, 'percent')})."
            )
        small = self.settings.small
        if hidden:
            said.append(
                f"Withheld: a count below {small.smallest}, or one from which such a count could be worked out."
            )
        elif small.round_to is not None:
            said.append(f"Counts are rounded to the nearest {small.round_to}.")
        else:
            said += self._duplicates(i, found, otherwise)
        return " ".join(said)

    def _duplicates(self, i: int, found: Estimates, otherwise: Estimates) -> list[str]:
        """What exact duplicates do to the figure."""
        different = abs(float(found.numerator[i] - otherwise.numerator[i]))
        if not different:
            return []
        other = shown(_number(otherwise.value[i]), self.measure.unit)
        if self.release.leave_out_duplicates:
            return [
                f"{different:,.0f} exact duplicates are left out of the numerator; with them the value is {other}."
            ]
        return [
            f"The numerator counts {different:,.0f} exact duplicates; without duplicates the value is {other}."
        ]

    def _figure(
        self,
        force: Force,
        i: int,
        group: Group | None,
        found: Estimates,
        comparison: Comparison,
        note: str,
        *,
        hidden: bool,
    ) -> Figure:
        counts = self.measure.whole
        numerator = _number(found.numerator[i], whole=counts)
        denominator = _number(found.denominator[i], whole=counts and not isinstance(self.measure, RateRatio))
        value = _number(found.value[i], whole=counts and not self.measure.compared)
        lower, upper = _number(found.lower[i]), _number(found.upper[i])
        method = str(found.method[i])
        small = self.settings.small
        if small.round_to is not None and not self.measure.whole:
            numerator = denominator = (
                None  # with the value they would give the count that is rounded elsewhere
            )
        if hidden:
            numerator = denominator = value = lower = upper = None
            method = WITHHELD
        content: dict[str, object] = {
            "definition": self.definition,
            "level": LEVEL,
            "method": method,
            "numbers": [numerator, denominator, value, lower, upper],
            **({"small": small.label} if small.label else {}),
        }
        key = group.key if group else None
        limit = self.measure.limit
        return Figure(
            id=figure_id(self.measure.id, force, self.period, key, self.release.id, content, small.label),
            measure=self.measure.id,
            title=f"{self.measure.title}: {group.title}" if group else self.measure.title,
            force=force.code,
            force_name=force.full_name,
            period_start=self.period.start,
            period_end=self.period.end,
            group=key,
            numerator=numerator,
            denominator=denominator,
            value=value,
            lower=lower,
            upper=upper,
            level=LEVEL,
            method=method,
            unit=self.measure.unit,
            comparison=comparison,
            coverage=Coverage(len(self.months), int(self.present[i]), note),
            release=self.release.id,
            definition=self.definition,
            limit=limit.value if limit else None,
            limit_rule=limit.rule if limit else None,
            limit_source=limit.source if limit else None,
            limit_met=limit.met(value) if limit and value is not None else None,
        )


def months_held(release: Release, standard: str, months: Sequence[Month]) -> dict[str, set[Month]]:
    """For each force, the months for which the release holds a return, whatever the rows are dated."""
    held: dict[str, set[Month]] = {f.code: set() for f in all_forces()}
    wanted = {str(m): m for m in months}
    for r in release.of(standard):
        held[r.key.force] |= {wanted[m] for m in r.key.months if m in wanted}
    return held


def _cut_in_two(release: Release, standard: str, months: Sequence[Month]) -> dict[str, Return]:
    """For each force a published return that counts some of these months and others as one, where there is one."""
    wanted = {str(m) for m in months}
    return {
        r.key.force: r
        for r in release.of(standard)
        if r.by_period and not wanted.isdisjoint(r.key.months) and not wanted.issuperset(r.key.months)
    }


def _tallies(release: Release, standard: str, force: str, months: Sequence[Month]) -> list[str]:
    """Whether the figure rests on tallies, and whose. Where nothing is said it rests on single records."""
    wanted = {str(m) for m in months}
    behind = [r for r in release.of(standard, force) if r.tallied and not wanted.isdisjoint(r.key.months)]
    published = sorted({r.published for r in behind if r.published})
    said = [
        f"Rests on tallies published by the Home Office ('{title}'), not on records." for title in published
    ]
    if any(not r.published for r in behind):
        said.append("Rests on tallies that the force handed in, not on single records.")
    not_given = sum(r.not_given for r in behind)
    if not_given:
        said.append(
            f"{not_given:,} of the {sum(r.rows for r in behind):,} numbers are not given and count nothing."
        )
    return said


def _span(found: Return) -> str:
    return f"{Month.parse(found.key.months[0]).label} to {Month.parse(found.key.months[-1]).label}"


def _number(value: float, *, whole: bool = False) -> float | None:
    """A numpy number as a plain one; None for NaN."""
    if np.isnan(value):
        return None
    return int(value) if whole else float(value)


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
