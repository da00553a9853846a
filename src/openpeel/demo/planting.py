"""Answers planted case by case in an invented audit: so many of the cases asked say this, so many that.

A plan is a TOML file in `plans_of_audits/`. It says how many cases there are, are drawn and give each answer, and
never what comes out: figures come from estimating. Chance only says which of the cases answer how.

    instrument = "stop_search"
    from = 2023-02-01                           # whole months
    to = 2024-01-31
    letter = "S"                                # with which the numbers of the cases begin
    earlier = "stop_search_2021"                # the plan of the audit that this one is set beside, if any

    [[strata]]
    values = { route = "incident" }             # by column of the frame
    cases = 6887
    drawn = 226
    unusable = 2                                # of those drawn; the first reserves stand in for them

    [[answers]]
    question = "reasonable_grounds"             # or what a case lists, such as "crime": how many
    where = { grounds_recorded = ["yes"] }      # columns of the frame and answers given before
    give = { yes = 213, no = 11 }               # of those asked of whom `where` holds
    rest = "yes"                                # what all others say; left out where `give` is for all
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from openpeel.audits import Instrument, load_instrument
from openpeel.audits.codings import INVENTED
from openpeel.audits.drawing import AuditDraw, sheet_header, sheet_rows
from openpeel.audits.frame import AuditFrame
from openpeel.audits.instrument import When, holds
from openpeel.audits.sheet import UNUSABLE
from openpeel.demo.draws import Draws
from openpeel.reference.periods import Period

#: One case, or one thing listed in it: what is known of it by column of the frame and of the sheet.
Known = dict[str, str]


@dataclass(frozen=True)
class PlannedCases:
    """A stratum: its values by column of the frame, how many cases it has, are drawn, and of those are unusable."""

    values: tuple[tuple[str, str], ...]
    cases: int
    drawn: int
    unusable: int


@dataclass(frozen=True)
class Quota:
    """How many of those that are asked a question, and of whom `where` holds, give which answer."""

    question: str
    where: When
    give: tuple[tuple[str, int], ...]
    rest: str


@dataclass(frozen=True)
class AuditPlan:
    """An audit to be invented. `quotas` of a question go by their order: the first of which `where` holds counts."""

    name: str
    instrument: Instrument
    period: Period
    letter: str
    earlier: str
    strata: tuple[PlannedCases, ...]
    quotas: tuple[Quota, ...]


def read_plan(name: str) -> AuditPlan:
    """The plan of that name among those that come with the demonstration."""
    file = files("openpeel.demo") / "plans_of_audits" / f"{name}.toml"
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return AuditPlan(
        name,
        load_instrument(raw["instrument"]),
        Period(raw["from"], raw["to"]),
        raw["letter"],
        raw.get("earlier", ""),
        tuple(
            PlannedCases(tuple(s.get("values", {}).items()), s["cases"], s["drawn"], s.get("unusable", 0))
            for s in raw["strata"]
        ),
        tuple(
            Quota(
                q["question"],
                tuple((of, tuple(codes)) for of, codes in q.get("where", {}).items()),
                tuple(q.get("give", {}).items()),
                q.get("rest", ""),
            )
            for q in raw["answers"]
        ),
    )


def planted_sheet(plan: AuditPlan, frame: AuditFrame, draw: AuditDraw, seed: int) -> list[list[str]]:
    """The rows of the coding sheet as reviewers would have filled it in, the header first.

    Every coding is by the coder who marks invention. Reserves that nobody needed stay blank. Raises ValueError where
    the quotas are not those of the cases asked.
    """
    header = sheet_header(plan.instrument, frame)
    rows = [dict(zip(header, row, strict=True)) for row in sheet_rows(plan.instrument, frame, draw)]
    unusable, coded = _to_be_coded(plan, frame, draw, seed)
    answered = {
        case["case"]: items for case, items in _planted(plan, [r for r in rows if r["case"] in coded], seed)
    }
    filled: list[Known] = []
    for row in rows:
        if row["case"] in unusable:
            filled.append(row | {"coder": INVENTED, "unusable": next(iter(UNUSABLE))})
        elif row["case"] in answered:
            filled += [item | {"coder": INVENTED} for item in answered[row["case"]]]
        else:
            filled.append(row)
    return [header, *([row[name] for name in header] for row in filled)]


def _to_be_coded(plan: AuditPlan, frame: AuditFrame, draw: AuditDraw, seed: int) -> tuple[set[str], set[str]]:
    """The cases drawn that cannot be used, and those that are coded: all others, and the reserves in their place."""
    unusable: set[str] = set()
    coded: set[str] = set()
    lost = {plan.instrument.frame.label(dict(s.values)): s.unusable for s in plan.strata}
    for stratum in draw.drawn.strata:
        sample = [str(case) for case in stratum.sample]
        number = lost[stratum.label]
        order = _shuffled(len(sample), Draws(seed, "unusable", plan.name, stratum.label))
        of_stratum = {sample[place] for place in order[:number]}
        unusable |= of_stratum
        coded |= (set(sample) - of_stratum) | {str(case) for case in stratum.reserve[:number]}
    return unusable, coded


def _planted(plan: AuditPlan, cases: Sequence[Known], seed: int) -> list[tuple[Known, list[Known]]]:
    """Each case with its answers, by row of the sheet: one row, or one for each thing listed in it."""
    instrument = plan.instrument
    of_case = [dict(case) for case in cases]
    for question in instrument.questions:
        if not question.each:
            _answer(plan, question.id, [c for c in of_case if holds(question.asked_when, c)], seed)
    each = instrument.each
    if not each:
        return [(case, [case]) for case in of_case]
    listing = [case for case in of_case if holds(instrument.list_when(), case)]
    _answer(plan, each, listing, seed)
    items = [
        [case | {each: str(number)} for number in range(1, int(case[each]) + 1)] if case[each] else []
        for case in of_case
    ]
    for question in instrument.questions:
        if question.each:
            asked = [item for listed in items for item in listed if holds(question.asked_when, item)]
            _answer(plan, question.id, asked, seed)
    return [(case, listed or [case]) for case, listed in zip(of_case, items, strict=True)]


def _answer(plan: AuditPlan, question: str, asked: Sequence[Known], seed: int) -> None:
    """Write down what each of those asked answers, as the quotas of the question say."""
    quotas = [quota for quota in plan.quotas if quota.question == question]
    of_quota: dict[int, list[Known]] = defaultdict(list)
    for known in asked:
        place = next((i for i, quota in enumerate(quotas) if holds(quota.where, known)), None)
        if place is None:
            raise ValueError(f"{plan.name}: no quota of '{question}' is for a case that is asked it")
        of_quota[place].append(known)
    for place, quota in enumerate(quotas):
        group = of_quota[place]
        given = [answer for answer, number in quota.give for _ in range(number)]
        left = len(group) - len(given)
        if left < 0 or (left > 0 and not quota.rest):
            raise ValueError(
                f"{plan.name}: quota {place + 1} of '{question}' is for {len(given)} cases, and {len(group)} are asked"
            )
        given += [quota.rest] * left
        order = _shuffled(len(group), Draws(seed, "answers", plan.name, question, str(place)))
        for of, answer in zip(order, given, strict=True):
            group[of][question] = answer


def _shuffled(number: int, chance: Draws) -> list[int]:
    """The places 0 to `number` - 1 in an order of chance."""
    return [int(place) for place in np.argsort(chance.uniform(number), kind="stable")]
