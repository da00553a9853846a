"""The annex on the data of a report: what its figures rest on, how they are compared, and what is missing.

All of it is put together from the figures and their provenance; no writer words it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpeel.figures.figure import WITHHELD
from openpeel.lake import Release
from openpeel.measures import Measure, find_measure
from openpeel.measures.measure import Rate, RateRatio
from openpeel.publishing.assemble import comparison_rule
from openpeel.reference.periods import Period
from openpeel.reference.populations import census_ethnicity, population_for
from openpeel.reports.held import Held
from openpeel.reports.report import Cited
from openpeel.standards import load_standard

_TRACED = (
    "Every number in this report is linked to its figure: what was counted, over what, by which formula, from which "
    "files. With the release it can be counted again to the last digit."
)


def about_data(held: Held, period: Period, cited: Sequence[Cited]) -> tuple[tuple[str, str], ...]:
    """The parts of the annex: title and paragraphs, in their order. Those with nothing to say are left out."""
    counted = [c for c in cited if not c.audit]
    measures = list({c.figure.measure: find_measure(c.figure.measure) for c in counted}.values())
    paragraphs = (
        ("Where the figures come from", " ".join(_sources(held.release, measures))),
        ("Periods", _periods(period, cited)),
        ("Populations", " ".join(_populations(measures, counted))),
        ("How forces are compared", comparison_rule(held.settings, measures, period) if measures else ""),
        ("Small numbers", " ".join(_small(held, counted))),
        ("What is missing", "\n\n".join(_missing(counted, period))),
        ("Audits", "\n\n".join(_audits(held, cited))),
    )
    return tuple((title, text) for title, text in paragraphs if text)


def _sources(release: Release, measures: Sequence[Measure]) -> Iterator[str]:
    yield _TRACED
    if measures:
        yield f"The records are those of the release '{release.name}' ({release.id})."
        kinds = sorted({load_standard(m.standard).title for m in measures})
        yield f"Kinds of record: {', '.join(kinds)}."
        published = sorted({r.published for m in measures for r in release.of(m.standard) if r.published})
        if published:
            yield f"Published tables among them: {', '.join(published)}."
        yield (
            "Exact duplicates are left out."
            if release.leave_out_duplicates
            else "Exact duplicates are counted, as two people searched at once may give the same row twice."
        )


def _periods(period: Period, cited: Sequence[Cited]) -> str:
    found = sorted({Period(c.figure.period_start, c.figure.period_end) for c in cited})
    if not found:
        return ""
    spans = _list([p.label for p in found])
    return f"Where nothing else is said a figure is of {period.label}. The figures are of {spans}."


def _populations(measures: Sequence[Measure], counted: Sequence[Cited]) -> Iterator[str]:
    rates = {
        population_for(m.counted_in(Period(c.figure.period_start, c.figure.period_end))).source
        for c in counted
        for m in measures
        if m.id == c.figure.measure and (isinstance(m, Rate) or "population" in m.unit)
    }
    if rates:
        yield f"Rates are over the people living in the force area: {_list(sorted(rates))}."
    if any(isinstance(m, RateRatio) for m in measures):
        yield f"Rates by ethnic group are over {census_ethnicity().source}."


def _small(held: Held, counted: Sequence[Cited]) -> Iterator[str]:
    if counted:
        yield held.settings.small.sentence
        hidden = [c.figure.title for c in counted if c.figure.method == WITHHELD]
        if hidden:
            yield f"Withheld here: {'; '.join(hidden)}."


def _titled(cited: Cited, period: Period) -> str:
    """What a figure's measure is called, with its period where that is not the report's own."""
    own = Period(cited.figure.period_start, cited.figure.period_end)
    title = find_measure(cited.figure.measure).title
    return title if own == period else f"{title} ({own.label})"


def _missing(counted: Sequence[Cited], period: Period) -> Iterator[str]:
    """The notes on coverage, and the forces that a comparison is without, those of one measure alike told once."""
    missing: dict[tuple[str, ...], list[str]] = {}
    for c in counted:
        compared = c.figure.comparison
        if compared.verdict != "not assessed" and compared.forces_missing:
            missing.setdefault(compared.forces_missing, []).append(_titled(c, period))
    for names, titles in missing.items():
        yield (
            f"Not in the comparison of {_list(list(dict.fromkeys(titles)))}: {', '.join(names)} (no return for all "
            "months, a number withheld, or left out by the rule above)."
        )
    of_months = {
        f"{_titled(c, period)}: {held.months_present} of {held.months_expected} months are held."
        for c in counted
        if (held := c.figure.coverage).months_present < held.months_expected
    }
    yield from sorted(of_months)


def _audits(held: Held, cited: Sequence[Cited]) -> Iterator[str]:
    used = {c.audit for c in cited if c.audit}
    for name, outcome in held.audits.estimated.items():
        if name not in used:
            continue
        cases, examined = sum(s.cases for s in outcome.strata), sum(s.examined for s in outcome.strata)
        drawn = sum(s.drawn for s in outcome.strata)
        strata = f" in {len(outcome.strata)} strata" if len(outcome.strata) > 1 else ""
        invented = " The codings are invented." if outcome.invented else ""
        yield (
            f"{outcome.instrument.title} ({outcome.draw.about.period.label}): of {cases:,} cases{strata}, {drawn:,} "
            f"were drawn by chance and {examined:,} examined, reserves included.{invented}"
        )


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
