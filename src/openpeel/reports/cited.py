"""What a reader needs to check a figure that a report prints: how it is counted, over what, from which files."""

from __future__ import annotations

from openpeel.audits.outcome import AuditOutcome
from openpeel.figures.audited import audit_sentence, is_of_audit
from openpeel.figures.explanation import month_counts, returns_behind
from openpeel.figures.figure import Figure
from openpeel.figures.rounding import number
from openpeel.figures.withheld_months import withheld_by_group
from openpeel.figures.wording import (
    comparison_sentence,
    limit_sentence,
    limits_sentence,
    sentence,
    similar_sentence,
)
from openpeel.measures import Measure, find_measure
from openpeel.measures.count import Counts
from openpeel.publishing.assemble import source_of
from openpeel.reference.periods import Period
from openpeel.reports.held import Held
from openpeel.reports.report import Cited
from openpeel.statistics.disclosure import Mask


class Citing:
    """Cites the figures of one report; what its measures have in common is worked out once."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._hidden: dict[tuple[str, Period], Mask] = {}
        self._own: dict[str, Counts] = {}

    def cite(self, figure: Figure, audit: str = "") -> Cited:
        """The figure with its account; `audit` is the name of the audit's folder where it comes from one."""
        held = self._held
        if is_of_audit(figure.measure):
            return _cite_audit(figure, held, audit)
        measure = find_measure(figure.measure)
        period = Period(figure.period_start, figure.period_end)
        counted, denominator, formula = measure.explained(measure.group(figure.group), period)
        compared = (limit_sentence, comparison_sentence, limits_sentence, similar_sentence)
        returns = returns_behind(held.release, measure, figure.force, period)
        return Cited(
            figure=figure,
            sentence=sentence(figure),
            compared=tuple(s for tell in compared if figure.value is not None and (s := tell(figure))),
            counted=counted,
            denominator=denominator,
            formula=formula,
            source=source_of(measure, period, held.release),
            notes=(figure.coverage.note,) if figure.coverage.note else (),
            months=self._months(figure, measure, period),
            files=tuple((_file(s.name), s.sha256) for r in returns for s in r.sources),
        )

    def _months(
        self, figure: Figure, measure: Measure, period: Period
    ) -> tuple[tuple[str, float | None], ...]:
        """The counts of its months; none where counts are rounded, whose rounding they would undo.

        Months of several figures stand in one report: so withheld is what a trend of any of them withholds, too.
        """
        held, small = self._held, self._held.settings.small
        if small.round_to is not None:
            return ()
        standard = measure.standard
        if standard not in self._own:
            self._own[standard] = held.counts[standard].of_force(figure.force)
        own = self._own[standard]
        if (measure.id, period) not in self._hidden:
            months = measure.counted_in(period).months()
            self._hidden[measure.id, period] = withheld_by_group(
                held.release, own, measure, held.force, months, small
            )
        group = measure.group(figure.group)
        place = measure.groups.index(group) if group else 0
        hidden: Mask = self._hidden[measure.id, period][:, place]
        found = month_counts(held.release, own, measure, figure, small, hidden)
        return tuple((m.month, m.numerator if m.return_held else None) for m in found)


def _cite_audit(figure: Figure, held: Held, audit: str) -> Cited:
    outcome = held.audits.outcome(audit)
    estimate = outcome.estimate(figure.measure.partition("-")[2], figure.group or "")
    period = outcome.draw.about.period.label
    said = audit_sentence(outcome, figure) or f"In {period}: {figure.title}, {_in_numbers(figure)}."
    notes = [figure.coverage.note]
    if estimate.published is not None:
        notes.append(
            f"As the inspectorate prints it: +/- {number(estimate.published, figure.unit)} percentage points; "
            f"that interval {estimate.published_use}."
        )
    return Cited(
        figure=figure,
        sentence=said,
        compared=(),
        counted=f"cases of which is answered what counts: {', '.join(estimate.result.counts)}",
        denominator=f"cases audited that were asked: {estimate.result.question.replace('_', ' ')}",
        formula="100 × weighted numerator ÷ weighted denominator, each case weighted by its stratum"
        if figure.unit == "percent"
        else "numerator, of the denominator",
        source=_audit_source(outcome),
        notes=tuple(n for n in notes if n),
        files=tuple((_file(f.name), f.sha256) for f in outcome.files),
        audit=audit,
    )


def _file(name: str) -> str:
    """The name of a file without the folder that it lay in."""
    return name.rpartition("/")[2].rpartition("!")[2]


def _in_numbers(figure: Figure) -> str:
    return f"{figure.numerator:,} of {figure.denominator:,}"


def _audit_source(outcome: AuditOutcome) -> str:
    instrument = outcome.instrument
    begins = "Invented codings, in place of a" if outcome.invented else "A"
    return (
        f"{begins} review of sampled cases: {instrument.title}, version {instrument.version} ({instrument.hash}), "
        f"{outcome.draw.about.period.label}. Frame {outcome.frame.hash}, seed '{outcome.draw.drawn.seed}'."
    )
