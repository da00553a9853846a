"""The results of an audit as figures: the same shape, id and wording as what is counted from records.

A rate is a figure in percent, estimated for all cases; a count is one in cases, and speaks of those reviewed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpeel.audits.earlier import Change
from openpeel.audits.estimating import LEVEL, AuditEstimate, IntervalName
from openpeel.audits.outcome import AuditOutcome
from openpeel.errors import UseError
from openpeel.figures.figure import Comparison, Coverage, Figure
from openpeel.figures.identity import figure_id, parse_figure_id
from openpeel.figures.rounding import number, rounded, shown
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Month, Period

_METHODS: dict[IntervalName, str] = {
    "wilson": "Wilson, effective n",
    "korn_graubard": "Korn-Graubard",
    "logit": "logit",
    "wald": "survey Wald",
}


def audit_figures(outcome: AuditOutcome) -> list[Figure]:
    """A figure for every result that has a value, in the order of the instrument."""
    return [
        _figure(outcome, estimate)
        for estimate in outcome.estimates
        if estimate.result.kind == "count" or estimate.value is not None
    ]


def audit_measure(instrument: str, result: str) -> str:
    """What a figure says it measures: 'stop_search-reasonable_grounds'."""
    return f"{instrument}-{result}"


def is_of_audit(measure: str) -> bool:
    """Whether the measure named in a figure is the result of an audit."""
    return "-" in measure


def audit_sentence(outcome: AuditOutcome, figure: Figure) -> str:
    """The finding in words; '' where the instrument has none for it."""
    estimate = _estimate_of(outcome, figure)
    if not estimate.result.sentence:
        return ""
    value = f"{estimate.numerator:,} of {estimate.denominator:,}"
    if estimate.value is not None:
        value = shown(figure.value, figure.unit)
        if figure.lower is not None:
            bounds = f"{number(figure.lower, figure.unit)} to {number(figure.upper, figure.unit)}"
            value += f" ({100 * figure.level:g}% confidence interval {bounds})"
    said = estimate.result.sentence.format(force=figure.force_name, value=value)
    return f"In {Period(figure.period_start, figure.period_end).label}, {said}."


def audit_change_sentence(change: Change) -> str:
    """A result beside the earlier audit; '' where nothing may be said of the change."""
    if change.verdict == "not assessed":
        return ""
    lower, upper = (rounded(bound, 1) for bound in change.newcombe or (change.lower, change.upper))
    points = rounded(change.difference, 1)
    article = "a " if change.verdict.startswith("statistically") else ""
    return (
        f"From {shown(change.earlier, 'percent')} in the audit before to {shown(change.now, 'percent')}: "
        f"{article}{change.verdict}, {f'{points:+}' if points else abs(points)} percentage points "
        f"({100 * LEVEL:g}% confidence interval {lower} to {upper})."
    )


@dataclass(frozen=True, eq=False)
class AuditExplanation:
    """A figure of an audit, computed again from codings, frame and draw. `agrees` says whether to the digit."""

    asked: str
    figure: Figure
    estimate: AuditEstimate
    outcome: AuditOutcome
    sentence: str

    @property
    def agrees(self) -> bool:
        """Whether the same id, and with it the same numbers, came out."""
        return self.asked == self.figure.id

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "asked": self.asked,
            "agrees": self.agrees,
            "sentence": self.sentence,
            "figure": self.figure.as_json(),
            **{key: value for key, value in self.outcome.as_json().items() if key == "audit"},
        }


def explain_audited(figure_id: str, estimated: Callable[[IntervalName], AuditOutcome]) -> AuditExplanation:
    """Compute a figure of an audit again, with whichever interval gives the id that was asked for.

    `estimated` estimates the audit with the interval of that name. Raises UseError where the id is none, or the
    audit has no such figure.
    """
    name = parse_figure_id(figure_id)
    found = None
    for interval in _METHODS:
        outcome = estimated(interval)
        wanted = (name.measure, name.group)
        figure = next((f for f in audit_figures(outcome) if (f.measure, f.group) == wanted), None)
        if figure is None:
            raise UseError(f"this audit has no figure '{name.measure}' of the group '{name.group or 'all'}'")
        again = AuditExplanation(
            figure_id.strip(), figure, _estimate_of(outcome, figure), outcome, audit_sentence(outcome, figure)
        )
        found = found or again
        if again.agrees:
            return again
    assert found is not None
    return found


def _estimate_of(outcome: AuditOutcome, figure: Figure) -> AuditEstimate:
    _, _, result = figure.measure.partition("-")
    return outcome.estimate(result, figure.group or "")


def _figure(outcome: AuditOutcome, estimate: AuditEstimate) -> Figure:
    about = outcome.draw.about
    force = find_force(about.force)
    measure = audit_measure(outcome.instrument.id, estimate.result.id)
    lower, upper = (estimate.intervals or {}).get(outcome.options.interval, (None, None))
    rate = estimate.value is not None
    value = estimate.value if rate else estimate.numerator
    method = _METHODS[outcome.options.interval] if rate else "count"
    group = estimate.group or None
    rests_on = outcome.frame.source.get("release_id") or outcome.frame.hash
    content: dict[str, object] = {
        "definition": outcome.instrument.hash,
        "frame": outcome.frame.hash,
        "seed": outcome.draw.drawn.seed,
        "level": LEVEL,
        "method": method,
        "numbers": [estimate.numerator, estimate.denominator, value, lower, upper],
    }
    return Figure(
        id=figure_id(measure, force, about.period, group, rests_on, content),
        measure=measure,
        title=estimate.title,
        force=force.code,
        force_name=force.full_name,
        period_start=about.period.start,
        period_end=about.period.end,
        group=group,
        numerator=estimate.numerator,
        denominator=estimate.denominator,
        value=value,
        lower=lower,
        upper=upper,
        level=LEVEL,
        method=method,
        unit="percent" if rate else "cases",
        comparison=Comparison(None, None, None, "not assessed", 0, ()),
        coverage=_coverage(outcome, estimate),
        release=rests_on,
        definition=outcome.instrument.hash,
    )


def _coverage(outcome: AuditOutcome, estimate: AuditEstimate) -> Coverage:
    months = outcome.draw.about.period.months()
    missing = [Month.parse(m).label for m in outcome.frame.source.get("months_missing", ())]
    cases = sum(s.cases for s in outcome.strata)
    examined = sum(s.examined for s in outcome.strata)
    said = ["From invented codings."] if outcome.invented else []
    if missing:
        said.append(f"No return for {', '.join(missing)}.")
    if estimate.value is None:
        said.append(f"Of the {examined:,} cases audited, and of no others.")
    else:
        said.append(f"Estimated from {examined:,} cases audited of {cases:,}, each weighted by its stratum.")
    return Coverage(len(months), len(months) - len(missing), " ".join([*said, *estimate.notes]))
