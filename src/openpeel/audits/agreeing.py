"""How far two coders agreed, question by question, before anything was reconciled.

The coefficients are in `openpeel.statistics.agreement`; which coding counts is settled in `codings.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from openpeel.audits.codings import Codings
from openpeel.audits.instrument import Instrument
from openpeel.statistics.agreement import Agreement, agreement
from openpeel.statistics.interval import Interval


@dataclass(frozen=True, eq=False)
class QuestionAgreement:
    """What two coders' answers to a question have in common, where both answered it."""

    question: str
    text: str
    found: Agreement

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; shares from 0 to 1, null where a number does not exist."""
        return {
            "question": self.question,
            "text": self.text,
            "coded_twice": self.found.counted,
            "one_answer_only": self.found.left_out,
            "observed": _number(self.found.observed),
            "kappa": _interval(self.found.kappa),
            "ac1": _interval(self.found.ac),
        }


def agreements(
    instrument: Instrument, codings: Codings, level: float = 0.95
) -> tuple[QuestionAgreement, ...]:
    """The agreement on every question that two coders answered of the same case, in the instrument's order.

    Where only one was asked it, because an earlier answer differed, the case says nothing of this question and is
    counted apart. Things listed in a case are set beside one another by their number.
    """
    found = []
    for question in instrument.questions:
        pairs = list(_pairs(question.id, question.each, codings))
        if any(a is not None and b is not None for a, b in pairs):
            first, second = [a for a, _ in pairs], [b for _, b in pairs]
            agreed = agreement(first, second, categories=question.codes, level=level)
            found.append(QuestionAgreement(question.id, question.text, agreed))
    return tuple(found)


def _pairs(question: str, each: str, codings: Codings) -> Iterator[tuple[str | None, str | None]]:
    for case in codings.cases:
        if case.twice is None:
            continue
        first, second = case.twice
        if not each:
            pairs = [(first.answers.get(question), second.answers.get(question))]
        else:
            longest = max(len(first.items), len(second.items))
            both = [[*c.items, *({},) * (longest - len(c.items))] for c in case.twice]
            pairs = [(a.get(question), b.get(question)) for a, b in zip(*both, strict=True)]
        yield from (pair for pair in pairs if pair != (None, None))


def _interval(found: Interval) -> dict[str, float | None]:
    return {
        "value": _number(found.value),
        "lower": _number(found.lower),
        "upper": _number(found.upper),
    }


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
