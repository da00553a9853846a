"""What reviewers are asked of a case, when, what they may answer, and what is counted from the answers.

An instrument is one TOML file, `data/<id>.toml` or anybody's own. How it is read and held to its rules is in
`instrument_file.py`; the answers themselves are in `codings.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Literal

from openpeel.errors import UseError

#: Where a condition holds: for each question or column, the answers of which one must have been given.
When = tuple[tuple[str, tuple[str, ...]], ...]

#: A 'rate' is estimated for all cases with an interval; a 'count' speaks of the cases reviewed, a of b.
Kind = Literal["rate", "count"]
Better = Literal["higher", "lower", "neither"]

#: What a stratum is called that is made of several columns: 'incident / violence'.
STRATUM_JOIN = " / "


@dataclass(frozen=True)
class Section:
    """Questions that stand together: who answers them, and of each of what, if a case holds several.

    `each` is '' for questions asked once a case, else what is listed ('crime'). `asked_when` goes for every
    question of the section; for a section with `each` it says when a case has such a list at all.
    """

    id: str
    title: str
    answered_by: str
    each: str
    asked_when: When


@dataclass(frozen=True)
class Question:
    """One question. `answers` maps what is written in a coding to what a reader calls it.

    `not_relevant` are the answers that say the question does not apply to the case; `asked_when` is its own
    and its section's. Answers to a `personal` question never reach a message.
    """

    id: str
    section: str
    text: str
    answers: tuple[tuple[str, str], ...]
    not_relevant: tuple[str, ...]
    asked_when: When
    personal: bool
    each: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The answers as they are written in a coding."""
        return tuple(code for code, _ in self.answers)

    @property
    def relevant(self) -> tuple[str, ...]:
        """The answers that say something of the case."""
        return tuple(code for code in self.codes if code not in self.not_relevant)


@dataclass(frozen=True)
class FrameColumn:
    """Something known of every case before any is drawn, such as the route by which it was reported.

    `answers` are its values, none where any text may stand there. From a release it is read from the column
    `source` of the standard, in which the `codes` of a value mean that value and every other code `otherwise`.
    """

    name: str
    title: str
    answers: tuple[tuple[str, str], ...]
    source: str
    codes: tuple[tuple[str, tuple[str, ...]], ...]
    otherwise: str


@dataclass(frozen=True)
class FrameRule:
    """Which cases there are to draw from: records of a standard in a release, or somebody's own list.

    `standard` is '' where no standard holds such cases; `where` are conditions on its columns; `each` is a
    column of which every value is one case, by its last record ('' for a case a record). Each combination of
    `columns` is a stratum, from which is drawn separately, `minimum` cases or more of those that it names.
    """

    standard: str
    where: When
    each: str
    columns: tuple[FrameColumn, ...]
    minimum: tuple[tuple[str, int], ...]

    def column(self, name: str) -> FrameColumn | None:
        """The column of that name, if there is one."""
        return next((c for c in self.columns if c.name == name), None)

    def label(self, values: Mapping[str, str]) -> str:
        """The stratum of a case with these values, such as 'incident / violence'; '' for a frame without columns."""
        return STRATUM_JOIN.join(values[column.name] for column in self.columns)


@dataclass(frozen=True)
class Result:
    """What is counted: of the cases where `of` was answered (and `where`, not `unless`), those with `counts`.

    `question` may be a question or a column of the frame. With `by` there is a result for every answer to that
    other question. `at_least` is how many the rules of the audit ask for; `yearly` that the rate says how many
    a year were missed; `sentence` has the fields {force} and {value} and follows 'In the year ending …, '.
    """

    id: str
    title: str
    kind: Kind
    question: str
    counts: tuple[str, ...]
    of: tuple[str, ...]
    where: When
    unless: When
    by: str
    better: Better
    sentence: str
    at_least: int
    yearly: bool
    each: str


@dataclass(frozen=True)
class Instrument:
    """All of an audit that is written down before it begins.

    Results of two audits may be compared if their `series` is the same: whoever changes the rules of what
    counts raises it. `case` is what one case is called, in the singular.
    """

    id: str
    title: str
    version: int
    series: int
    about: str
    case: str
    frame: FrameRule
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    results: tuple[Result, ...]

    @cached_property
    def hash(self) -> str:
        """12 hex digits that change whenever anything in the instrument does."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def each(self) -> str:
        """What a case may hold several of, '' where nothing is listed."""
        return next((s.each for s in self.sections if s.each), "")

    def question(self, question_id: str) -> Question | None:
        """The question of that id, if there is one."""
        return next((q for q in self.questions if q.id == question_id), None)

    def result(self, result_id: str) -> Result:
        """The result of that id. Raises UseError, naming those there are."""
        found = next((r for r in self.results if r.id == result_id), None)
        if found is None:
            raise UseError(
                f"the audit '{self.id}' has no result '{result_id}'",
                advice=f"Its results are {', '.join(r.id for r in self.results)}.",
            )
        return found

    def list_when(self) -> When:
        """When a case has a list of what `each` names."""
        return next((s.asked_when for s in self.sections if s.each), ())

    def parts(self, result: Result) -> tuple[tuple[str, str, Result], ...]:
        """(group, its title, the result in it) for every answer that a result goes `by`; else itself alone."""
        if not result.by:
            return (("", "", result),)
        answers = self.answers(result.by)
        return tuple(
            (code, title, replace(result, where=(*result.where, (result.by, (code,)))))
            for code, title in answers
        )

    def answers(self, name: str) -> tuple[tuple[str, str], ...]:
        """The answers to a question, or the values of a column of the frame; () where any text may stand."""
        question = self.question(name)
        if question is not None:
            return question.answers
        column = self.frame.column(name)
        return column.answers if column else ()


def holds(when: When, known: Mapping[str, str]) -> bool:
    """Whether what is known of a case meets a condition; a condition of nothing is always met."""
    return all(known.get(name) in codes for name, codes in when)
