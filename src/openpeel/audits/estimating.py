"""From codings to estimates: each result of the instrument, with every interval there is, and what stands against it.

The formulas are in `openpeel.statistics`; here cases become a survey design. Comparing with an earlier audit is in
`earlier.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from openpeel.audits.codings import CodedCase, Codings
from openpeel.audits.drawing import AuditDraw
from openpeel.audits.frame import AuditFrame
from openpeel.audits.instrument import Instrument, Result, When, holds
from openpeel.audits.sheet import Answers
from openpeel.errors import DataError
from openpeel.statistics.design import SinglePsu, survey_design
from openpeel.statistics.survey import SurveyEstimate, proportion
from openpeel.statistics.survey_interval import (
    korn_graubard,
    logit_interval,
    rarer_side,
    survey_wald,
    wald_holds,
    wilson_effective,
)

#: Whether an estimate may be printed as 'plus or minus'. What that rests on is in docs/explanation/coverage.md.
PublishedUse = Literal["may be used", "with care", "must not be used"]
IntervalName = Literal["wilson", "korn_graubard", "logit", "wald"]

LEVEL = 0.95

#: With fewer cases on one side, or degrees of freedom, Wald's interval can hold the truth in under 90 of 100 audits.
_MUST_NOT = 10
_SAID_OF_PUBLISHED = {
    "must not be used": "must not be used here: with so few cases on one side it holds the truth far less often than "
    "it says.",
    "with care": "holds the truth a little less often than it says: few cases are on one side.",
}


@dataclass(frozen=True)
class StratumCount:
    """What became of the cases of one stratum. `examined` were audited, in scope or not: they stand for all."""

    label: str
    cases: int
    drawn: int
    examined: int
    out_of_scope: int
    not_auditable: int
    complete: bool


@dataclass(frozen=True)
class Observation:
    """One thing that a result speaks of: a case, or one thing listed in it (its number; 0 for the case itself)."""

    case: CodedCase
    item: int
    counted: bool


@dataclass(frozen=True, eq=False)
class AuditEstimate:
    """One result: a of b in the cases reviewed, and for a rate what that says of all cases.

    `value`, `se` and the bounds of `intervals` are percentages; None where there is none, with the reason in
    `refused`. `published` is the half-width that the inspectorate's way of working would print, and
    `published_use` says whether it may be; `n_effective` is infinite where every case was audited. `simple` is whether
    the cases are a simple random sample.
    """

    result: Result
    group: str
    group_title: str
    observations: tuple[Observation, ...]
    value: float | None = None
    se: float | None = None
    df: float | None = None
    deff: float | None = None
    n_effective: float | None = None
    intervals: Mapping[str, tuple[float | None, float | None]] | None = None
    published: float | None = None
    published_use: PublishedUse | None = None
    simple: bool = False
    refused: str = ""
    notes: tuple[str, ...] = ()

    @property
    def numerator(self) -> int:
        """How many of the cases reviewed."""
        return sum(o.counted for o in self.observations)

    @property
    def denominator(self) -> int:
        """Of how many."""
        return len(self.observations)

    @property
    def title(self) -> str:
        """What it is called, with its group."""
        return f"{self.result.title}: {self.group_title}" if self.group else self.result.title


def stratum_counts(frame: AuditFrame, draw: AuditDraw, codings: Codings) -> tuple[StratumCount, ...]:
    """What became of the cases drawn from each stratum."""
    found = []
    for drawn in draw.drawn.strata:
        coded = [c.coding for c in codings.cases if c.stratum == drawn.label]
        why = Counter(c.unusable for c in coded)
        found.append(
            StratumCount(
                drawn.label,
                frame.sizes[drawn.label],
                len(drawn.sample),
                why[""] + why["out_of_scope"],
                why["out_of_scope"],
                why["cannot_be_audited"],
                frame.stratum(drawn.label).complete,
            )
        )
    return tuple(found)


def estimate_results(
    instrument: Instrument,
    frame: AuditFrame,
    draw: AuditDraw,
    codings: Codings,
    *,
    single_psu: SinglePsu = "fail",
    level: float = LEVEL,
) -> tuple[AuditEstimate, ...]:
    """Every result of the instrument, in its order; one that goes `by` an answer only for answers that occur.

    A case examined stands for N_h / m_h cases, m_h being the cases of its stratum that were examined: those out of
    scope among them, those that could not be audited not. `single_psu` is how a stratum with a single case
    is treated, as in `statistics.design.survey_design`. Raises DataError for such a stratum under 'fail'.
    """
    estimates = []
    for result in instrument.results:
        for group, title, part in instrument.parts(result):
            observations = _observations(instrument, frame, codings, part)
            if group and not observations:
                continue
            estimate = AuditEstimate(part, group, title, observations)
            if result.kind == "rate":
                estimate = _rate(estimate, frame, draw, codings, single_psu, level)
            if result.at_least and estimate.numerator < result.at_least:
                said = f"The audit asks for at least {result.at_least}; there are {estimate.numerator}."
                estimate = replace(estimate, notes=(*estimate.notes, said))
            estimates.append(estimate)
    return tuple(estimates)


def _observations(
    instrument: Instrument, frame: AuditFrame, codings: Codings, result: Result
) -> tuple[Observation, ...]:
    """What the result speaks of, in the order of the draw."""
    values = {s.label: dict(s.values) for s in frame.strata}
    found = []
    for case in codings.cases:
        if case.coding.unusable:
            continue
        of_case = values[case.stratum] | case.coding.answers
        listed = [(n, of_case | item) for n, item in enumerate(case.coding.items, start=1)]
        for number, known in listed if result.each else [(0, of_case)]:
            if _speaks_of(result, known):
                found.append(Observation(case, number, known[result.question] in result.counts))
    return tuple(found)


def _speaks_of(result: Result, known: Answers) -> bool:
    answer = known.get(result.question)
    inside = answer is not None and (not result.of or answer in result.of)
    return inside and holds(result.where, known) and not (result.unless and holds(result.unless, known))


def _rate(
    estimate: AuditEstimate,
    frame: AuditFrame,
    draw: AuditDraw,
    codings: Codings,
    single_psu: SinglePsu,
    level: float,
) -> AuditEstimate:
    """The estimate for all cases of the strata that the result is about."""
    result = estimate.result
    about = [s for s in frame.strata if _may_hold(result.where, dict(s.values))]
    examined = {s.label: [c for c in codings.cases if c.stratum == s.label and _examined(c)] for s in about}
    if refused := _refused(estimate, {s.label: s.complete for s in about}, examined):
        return replace(estimate, refused=refused)
    for label, cases in examined.items():
        if single_psu == "fail" and len(cases) == 1 and frame.sizes[label] > 1:
            raise DataError(
                f"expected two cases or more{_of(label)}, got one",
                where=f"'{result.title}'",
                advice="One case cannot show how much cases differ. Audit another, or say with --single-case how such "
                "a stratum is to be treated.",
            )
    found = _survey(estimate.observations, examined, frame, single_psu)
    wald = survey_wald(found, level, "normal")
    intervals = {
        "wilson": wilson_effective(found, level),
        "korn_graubard": korn_graubard(found, level),
        "logit": logit_interval(found, level),
        "wald": wald,
    }
    simple = len(examined) == 1 and not result.each and draw.plan.method == "random"
    estimate = replace(
        estimate,
        value=_percent(found.value),
        se=_percent(found.se),
        df=_number(found.df),
        deff=_number(found.deff_with_replacement),
        n_effective=_number(found.n_effective),
        intervals={name: (_percent(i.lower), _percent(i.upper)) for name, i in intervals.items()},
        published=_percent(wald.upper - wald.value),
        published_use=_published_use(found),
        simple=simple,
    )
    return replace(estimate, notes=_notes(estimate, draw))


def _published_use(found: SurveyEstimate) -> PublishedUse:
    if wald_holds(found):
        return "may be used"
    return "with care" if min(float(rarer_side(found)), float(found.df)) >= _MUST_NOT else "must not be used"


def _survey(
    observations: Sequence[Observation],
    examined: Mapping[str, Sequence[CodedCase]],
    frame: AuditFrame,
    single_psu: SinglePsu,
) -> SurveyEstimate:
    """The share of the observations that counts, each case examined being a cluster of its observations."""
    strata, clusters, inside, counted = [], [], [], []
    by_case: dict[str, list[Observation]] = {}
    for observation in observations:
        by_case.setdefault(observation.case.case, []).append(observation)
    for label, cases in examined.items():
        for case in cases:
            # A case with nothing that counts stays in the design: how many there are of those is chance too.
            of_case: list[Observation | None] = [*by_case.get(case.case, ())]
            for observed in of_case or [None]:
                strata.append(label)
                clusters.append(case.case)
                inside.append(observed is not None)
                counted.append(observed is not None and observed.counted)
    of_elements = len(set(clusters)) == len(clusters)
    design = survey_design(
        strata=strata,
        clusters=None if of_elements else clusters,
        population={label: frame.sizes[label] for label in examined},
        single_psu=single_psu,
    )
    return proportion(design, np.array(counted, dtype=np.float64), where=np.array(inside))


def _refused(
    estimate: AuditEstimate, complete: Mapping[str, bool], examined: Mapping[str, Sequence[CodedCase]]
) -> str:
    """Why there is no estimate for all cases, if there is none."""
    if unknown := [label for label, known in complete.items() if not known]:
        return f"the list of cases{_of(unknown[0])} is not complete, so their share of all cases is not known"
    if without := [label for label, cases in examined.items() if not cases]:
        return f"no case{_of(without[0])} was audited, so nothing is known of them"
    if not estimate.observations:
        return "none of the cases reviewed is one that it speaks of"
    return ""


def _notes(estimate: AuditEstimate, draw: AuditDraw) -> tuple[str, ...]:
    """What a reader should know of an estimate that was made."""
    notes = []
    if estimate.n_effective is not None and estimate.published_use in _SAID_OF_PUBLISHED:
        said = _SAID_OF_PUBLISHED[estimate.published_use]
        notes.append(f"The interval as usually published (±{estimate.published:.1f}) {said}")
    if estimate.n_effective is None:
        notes.append("The cases differ between strata and not within them, so no interval can be estimated.")
    if draw.plan.method == "systematic":
        notes.append("The cases were drawn at equal distances and are treated as drawn at random.")
    return tuple(notes)


def _of(label: str) -> str:
    return f" of the stratum '{label}'" if label else ""


def _may_hold(when: When, values: Answers) -> bool:
    """Whether a condition can hold for cases of which these values are known."""
    return all(values[name] in codes for name, codes in when if name in values)


def _examined(case: CodedCase) -> bool:
    return case.coding.unusable != "cannot_be_audited"


def _percent(share: object) -> float | None:
    number = _number(share)
    return None if number is None else 100 * number


def _number(value: object) -> float | None:
    number = float(cast(float, value))
    return None if np.isnan(number) else number
