"""The figures that a report prints, counted once from the release and estimated once from the audits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openpeel.audits.earlier import Change as AuditChange
from openpeel.audits.estimating import AuditEstimate
from openpeel.errors import UseError
from openpeel.figures import Figure, Settings, compute_figures
from openpeel.figures.audited import audit_figures
from openpeel.figures.own_past import Change, PeriodValue, change_between, period_value
from openpeel.figures.withholding import withheld_together
from openpeel.lake import Engine, Release
from openpeel.measures import Measure
from openpeel.measures.count import Counts, count_release
from openpeel.reference.forces import Force
from openpeel.reference.periods import Period
from openpeel.reports.audits_held import Audits
from openpeel.reports.problems import RefusedError
from openpeel.reports.which import AuditedFigure, CountedFigure, Which


@dataclass(frozen=True)
class Held:
    """All figures of a report: those of every force by measure and period, and the audits.

    `counts` are by standard. They are the figures that `openpeel figures` gives with the same settings, to the id.
    """

    release: Release
    force: Force
    settings: Settings
    audits: Audits
    counts: Mapping[str, Counts]
    every: Mapping[tuple[str, Period], Sequence[Figure]]
    _changes: dict[tuple[str, str | None, Period, Period], Change] = field(default_factory=dict)

    def figure(self, wanted: Which) -> Figure:
        """The force's figure. Raises RefusedError where an audit has none."""
        if isinstance(wanted, AuditedFigure):
            estimate = self.estimate(wanted)
            found = next(
                (
                    f
                    for f in audit_figures(self.audits.outcome(wanted.audit))
                    if (f.measure.partition("-")[2], f.group or "") == (wanted.result, wanted.group)
                ),
                None,
            )
            if found is None:
                raise RefusedError(
                    f"the audit has no value for '{wanted.result}': {estimate.refused or 'nothing was counted'}"
                )
            return found
        own = (f for f in self.of_force(wanted.measure, wanted.period) if f.group == wanted.group)
        return next(own)

    def of_force(self, measure: Measure, period: Period) -> list[Figure]:
        """The force's figures of a measure, group by group."""
        return [f for f in self.every[measure.id, period] if f.force == self.force.code]

    def estimate(self, wanted: AuditedFigure) -> AuditEstimate:
        """What an audit says of a result. Raises RefusedError for another force's audit, or a group that it has not."""
        outcome = self.audits.outcome(wanted.audit)
        if outcome.draw.about.force != self.force.code:
            raise RefusedError(
                f"the audit '{wanted.audit}' is of another force than {self.force.full_name}",
                'Name an audit of this force with audit="…".',
            )
        try:
            return outcome.estimate(wanted.result, wanted.group)
        except UseError as error:
            raise RefusedError(error.message, error.advice) from None

    def audit_change(self, wanted: AuditedFigure) -> AuditChange:
        """A result beside the earlier audit. Raises RefusedError where there is none, or none to compare with."""
        self.estimate(wanted)
        outcome = self.audits.outcome(wanted.audit)
        found = next((c for c in outcome.changes if c.result == wanted.result and not wanted.group), None)
        if found is None:
            raise RefusedError(
                f"there is no earlier result to set '{wanted.result}' beside",
                f"Put what 'openpeel audit estimate --format json' printed of the earlier audit into the folder "
                f"'{wanted.audit}' as earlier.json."
                if not self.audits.has_earlier(wanted.audit)
                else "Only rates that both audits have are compared.",
            )
        return found

    def change(self, measure: Measure, group: str | None, now: Period, before: Period) -> Change:
        """A period of the force against an earlier one. Raises RefusedError where counts are rounded."""
        asked = (measure.id, group, now, before)
        if asked not in self._changes:
            self._changes[asked] = self._change(measure, group, now, before)
        return self._changes[asked]

    def _change(self, measure: Measure, group: str | None, now: Period, before: Period) -> Change:
        small = self.settings.small
        if small.round_to is not None:
            raise RefusedError(
                "a change is not told where counts are rounded, which would give the counts away"
            )
        if before.end >= now.start:
            raise RefusedError(f"expected an earlier period than {now.label}, got {before.label}")
        counts = self.counts[measure.standard].of_force(self.force.code)
        place = measure.groups.index(found) if (found := measure.group(group)) else 0

        def value(period: Period) -> PeriodValue:
            mask = withheld_together([measure], counts, period, [(self.force.code,)], small)[measure.id]
            hidden = bool(mask[0, place])
            return period_value(self.release, counts, measure, self.force, period, found, hidden=hidden)

        return change_between(measure, value(now), value(before))


def hold(
    release: Release,
    force: Force,
    settings: Settings,
    audits: Audits,
    wanted: Iterable[Which],
    engine: Engine,
) -> Held:
    """Count and compute all that is wanted: one scan for each kind of record, however often a figure is printed."""
    counted = [w for w in wanted if isinstance(w, CountedFigure)]
    measures = list({w.measure.id: w.measure for w in counted}.values())
    counts = count_release(release, measures, engine) if measures else {}
    by_period: dict[Period, dict[str, Measure]] = {}
    for w in counted:
        for period in (w.period, *([w.since] if w.since else [])):
            by_period.setdefault(period, {})[w.measure.id] = w.measure
    every: dict[tuple[str, Period], list[Figure]] = {}
    for period, asked in by_period.items():
        for figure in compute_figures(release, counts, period, asked.values(), settings):
            every.setdefault((figure.measure, period), []).append(figure)
    return Held(release, force, settings, audits, counts, every)
