"""Invented codings of an audit, to see how one is estimated before anybody has read a case.

They carry the coder 'invented for demonstration', and every figure made from them says so.
"""

from __future__ import annotations

from openpeel.audits.codings import INVENTED
from openpeel.audits.drawing import AuditDraw, sheet_header, what_is_wrong
from openpeel.audits.frame import AuditFrame
from openpeel.audits.instrument import Instrument, Question, holds
from openpeel.audits.sheet import UNUSABLE
from openpeel.demo.draws import Draws
from openpeel.errors import DataError

#: How often the first answer is given where there is another, and how often a case lists one thing more.
_FIRST = 0.85
_ONE_MORE = 0.2
_UNUSABLE = 0.01


def invent_codings(instrument: Instrument, frame: AuditFrame, draw: AuditDraw, seed: int) -> list[list[str]]:
    """The rows of a filled-in coding sheet, the header first. The same seed gives the same answers.

    Every case drawn has a coding that keeps to the routing; a few cannot be audited, and reserves stand in for them.
    Raises DataError where the draw is not what the frame gives.
    """
    if wrong := what_is_wrong(draw, frame):
        raise DataError(" ".join(wrong), advice="Use the frame and the draw as they were made.")
    chance = Draws(seed, "codings", instrument.id)
    header = sheet_header(instrument, frame)
    rows = [header]
    for stratum in draw.drawn.strata:
        values = dict(frame.stratum(stratum.label).values)
        reserves = list(stratum.reserve)
        waiting = [(str(case), "sample") for case in stratum.sample]
        while waiting:
            case, which = waiting.pop(0)
            known = {"list": which, "case": case, "coder": INVENTED, **values}
            if reserves and chance.between(0, 1) < _UNUSABLE:
                rows.append(_row(header, known | {"unusable": next(iter(UNUSABLE))}))
                waiting.append((str(reserves.pop(0)), "reserve"))
                continue
            rows += [_row(header, row) for row in _case(instrument, known, values, chance)]
    return rows


def _case(
    instrument: Instrument, known: dict[str, str], values: dict[str, str], chance: Draws
) -> list[dict[str, str]]:
    """The rows of one case: its own, with the first thing listed in it, and one for each further thing."""
    of_case = _answers([q for q in instrument.questions if not q.each], values, chance)
    if not instrument.each or not holds(instrument.list_when(), values | of_case):
        return [known | of_case]
    rows = []
    number = 1
    while number == 1 or chance.between(0, 1) < _ONE_MORE:
        of_item = _answers([q for q in instrument.questions if q.each], values | of_case, chance)
        first = of_case if number == 1 else {}
        rows.append(known | first | of_item | {instrument.each: str(number)})
        number += 1
    return rows


def _answers(questions: list[Question], before: dict[str, str], chance: Draws) -> dict[str, str]:
    given: dict[str, str] = {}
    for question in questions:
        if holds(question.asked_when, before | given):
            first, *others = question.codes
            other = bool(others) and chance.between(0, 1) >= _FIRST
            given[question.id] = others[int(chance.between(0, len(others)))] if other else first
    return given


def _row(header: list[str], known: dict[str, str]) -> list[str]:
    return [known.get(name, "") for name in header]
