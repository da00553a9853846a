"""Which figure a reference means: a measure or the result of an audit, its group and its period.

Nothing is counted here. What cannot be meant is refused, with what is nearest to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from openpeel.errors import UseError
from openpeel.measures import MEASURES, Measure
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Period
from openpeel.reports.audits_held import Audits
from openpeel.reports.problems import RefusedError
from openpeel.reports.references import NAMES, Reference

#: These speak of a whole breakdown where no group is named.
_OF_ALL_GROUPS = ("chart", "table", "sentence")
#: What is asked of how forces compare is not there for an audit, which is of one force.
_OF_MEASURES = (
    *("rate", "money", "average", "england_and_wales", "limit", "verdict", "comparison", "standard"),
    *("limits", "chart", "table"),
)


@dataclass(frozen=True)
class CountedFigure:
    """A figure counted from records. `since` is the earlier period that a change is asked since."""

    measure: Measure
    group: str | None
    period: Period
    key: str
    since: Period | None = None


@dataclass(frozen=True)
class AuditedFigure:
    """A figure of an audit, by the name of its folder."""

    audit: str
    result: str
    group: str
    key: str


Which = CountedFigure | AuditedFigure


def which(reference: Reference, force: Force, period: Period, audits: Audits) -> Which:
    """The figure meant by a reference in a report on this force, whose default period is this one.

    Raises RefusedError for a figure of another force, and for a measure, group, period or audit that there is none of.
    """
    _hold_to_force(reference, force)
    if reference.name == "estimate" or "audit" in reference.options:
        return _audited(reference, audits)
    measure = _measure(reference, audits)
    group = _group(reference, measure)
    own = _period(reference)
    key = f"{measure.id} {group}" if group else measure.id
    if own is not None:
        key += f", {own.label.removeprefix('the ')}"
    return CountedFigure(measure, group, own or period, key, _since(reference, own or period))


def _hold_to_force(reference: Reference, force: Force) -> None:
    named = reference.option("force")
    if named is None:
        return
    try:
        other = find_force(named)
    except UseError as error:
        raise RefusedError(error.message, error.advice) from None
    if other != force:
        raise RefusedError(
            f"this report is about {force.full_name}, and the figure asked for is of {other.full_name}",
            "Leave 'force' out. What other forces come to is printed by average and england_and_wales, and in charts.",
        )


def _measure(reference: Reference, audits: Audits) -> Measure:
    subject = reference.subject
    ids = {m.id: m for m in MEASURES}
    if subject in ids:
        return ids[subject]
    if in_audits := audits.with_result(subject):
        raise RefusedError(
            f"'{subject}' is the result of an audit",
            f'Write {{{{ {reference.name}("{subject}", audit="{in_audits[0]}") }}}}.',
        )
    near = get_close_matches(subject, ids, n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}?" if near else "'openpeel measures' lists those there are."
    raise RefusedError(f"there is no measure '{subject[:80]}'", meant)


def _group(reference: Reference, measure: Measure) -> str | None:
    named = reference.option("group")
    keys = [g.key for g in measure.groups]
    if named in keys or (named is None and not keys):
        return named
    if not keys:
        raise RefusedError(
            f"'{measure.id}' has no groups, got group=\"{(named or '')[:60]}\"", "Leave 'group' out."
        )
    if named is None:
        if reference.name in _OF_ALL_GROUPS:
            return None
        raise RefusedError(
            f"'{measure.id}' is told by group, and none is named",
            f'Write group="…" with one of {", ".join(keys)}.',
        )
    near = get_close_matches(named, keys, n=3, cutoff=0.5) or keys
    raise RefusedError(
        f"'{measure.id}' has no group '{named[:60]}'", f"Did you mean {' or '.join(near[:12])}?"
    )


def _period(reference: Reference) -> Period | None:
    """The period that a reference names, None where it names none."""
    start, ending = _day(reference, "start"), _day(reference, "ending")
    if ending is None:
        if start is not None:
            raise RefusedError("a period has an end: 'start' stands alone", 'Write ending="2024-03-31" too.')
        return None
    if start is None:
        return _year(ending, "ending")
    try:
        period = Period(start, ending)
        period.months()
    except UseError as error:
        raise RefusedError(error.message, error.advice) from None
    return period


def _since(reference: Reference, period: Period) -> Period | None:
    """The earlier period of a change: the year that is named, else the same months of the year before."""
    if not reference.name.startswith("change"):
        return None
    ending = _day(reference, "since")
    return period.year_before() if ending is None else _year(ending, "since")


def _day(reference: Reference, option: str) -> date | None:
    text = reference.option(option)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(f"expected a day such as 2024-03-31 for '{option}', got '{text[:40]}'") from None


def _year(ending: date, option: str) -> Period:
    try:
        return Period.year_ending(ending)
    except UseError as error:
        raise RefusedError(f"'{option}': {error.message}", error.advice) from None


def _audited(reference: Reference, audits: Audits) -> AuditedFigure:
    if reference.name in _OF_MEASURES:
        raise RefusedError(
            f"an audit has no '{reference.name}'",
            f"Of an audit there are {', '.join(n for n in NAMES if n not in (*_OF_MEASURES, 'fixed'))}.",
        )
    for option in ("ending", "start", "since"):
        if option in reference.options:
            raise RefusedError(
                f"an audit is of its own period and is set beside the audit before it: leave '{option}' out"
            )
    result, named = reference.subject, reference.option("audit")
    if named is None:
        found = audits.with_result(result)
        if len(found) != 1:
            if not found:
                every = sorted({r.id for i in audits.instruments.values() for r in i.results})
                near = get_close_matches(result, every, n=3, cutoff=0.5)
                raise RefusedError(
                    f"no audit has a result '{result[:80]}'",
                    f"Did you mean {' or '.join(near)}?"
                    if near
                    else "'openpeel audit show' lists the results.",
                )
            raise RefusedError(
                f"several audits have a result '{result}'",
                f'Write audit="…" with one of {", ".join(found)}.',
            )
        named = found[0]
    instrument = audits.instruments.get(named) or audits.outcome(named).instrument
    ids = [r.id for r in instrument.results]
    if result not in ids:
        near = get_close_matches(result, ids, n=3, cutoff=0.5) or ids
        raise RefusedError(
            f"the audit '{named}' has no result '{result[:80]}'", f"Did you mean {' or '.join(near[:12])}?"
        )
    group = reference.option("group") or ""
    key = f"{instrument.id}-{result}{f' {group}' if group else ''}"
    if named != instrument.id:  # of two audits by one instrument, which of them
        key += f" of {named}"
    return AuditedFigure(named, result, group, key)
