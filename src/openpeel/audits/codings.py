"""What reviewers answered: coding sheets read, held to the instrument, and brought to one coding for each case.

Every answer is checked before anything is estimated; all that is wrong is said at once, by row, case and column.
What a cell says is repeated only where it is an answer to a question that is not personal: notes and names slip into
other columns. The statistics are in `estimating.py`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpeel.audits.drawing import AuditDraw
from openpeel.audits.frame import AuditFrame
from openpeel.audits.instrument import Instrument, Question, When, holds
from openpeel.audits.sheet import Answers, Row, Sheet, at_case
from openpeel.errors import DataError, UseError
from openpeel.intake.rows import counted
from openpeel.standards import plain

#: The coder whose answers count where two differ.
RECONCILED = "reconciled"
#: The coder of answers that were made up for demonstration.
INVENTED = "invented for demonstration"

_SHOWN = 20


@dataclass(frozen=True)
class Coding:
    """What one coder says of one case: answers by question, and those of each thing listed, in their order."""

    answers: Answers
    items: tuple[Answers, ...]
    unusable: str


@dataclass(frozen=True)
class CodedCase:
    """A case with the coding that counts, and the two independent ones where it was coded twice."""

    case: str
    stratum: str
    coding: Coding
    twice: tuple[Coding, Coding] | None


@dataclass(frozen=True)
class CodingFile:
    """A file of codings as it was handed in."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Codings:
    """Every case that was drawn, or taken from the reserves, in the order of the draw."""

    cases: tuple[CodedCase, ...]
    files: tuple[CodingFile, ...]
    invented: bool


class WrongCodingsError(DataError):
    """Codings that break a rule. `problems` are all of them, in sentences; the message shows the first."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = [f"and {len(problems) - _SHOWN:,} more"] if len(problems) > _SHOWN else []
        shown = "\n  ".join(
            [f"{counted(len(problems), 'thing')} wrong in the codings:", *problems[:_SHOWN], *more]
        )
        super().__init__(f"{shown}\nNothing was estimated. Put these right and try again.")


def read_codings(
    paths: Sequence[Path], instrument: Instrument, frame: AuditFrame, draw: AuditDraw
) -> Codings:
    """Read coding sheets: one for all, or one for each reviewer or batch.

    A row is a case, or one of several things listed in a case, with a column for each question. A case drawn needs
    a coding, or `unusable` and a reserve in its place. A case coded by two `coder`s needs a third coding by
    'reconciled' where they differ.

    Raises UseError where a file cannot be read or is given twice, DataError where it is no such sheet, and
    WrongCodingsError with everything that is wrong in them.
    """
    problems: list[str] = []
    rows: list[Row] = []
    files: list[CodingFile] = []
    in_frame = {str(case) for stratum in frame.strata for case in stratum.cases}
    of_name = Counter(path.name for path in paths)
    for path in paths:
        named = path.name if of_name[path.name] == 1 else str(path)
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                if any(file.sha256 == digest for file in files):
                    raise UseError("the same codings are given twice", where=str(path))
                stream.seek(0)
                before = len(rows)
                rows += Sheet(named, instrument, in_frame, problems).rows(stream)
        except OSError as error:
            raise UseError(f"the codings cannot be read ({error.strerror})", where=str(path)) from None
        files.append(CodingFile(path.name, digest, len(rows) - before))
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_case[row.case].append(row)
    cases = _Cases(instrument, frame, draw, in_frame, problems).cases(by_case)
    if problems:
        raise WrongCodingsError(problems)
    invented = any(plain(row.coder) == INVENTED for row in rows)
    return Codings(cases, tuple(files), invented)


class _Cases:
    """The rows of all sheets, case by case, held to the draw and to the routing of the instrument."""

    def __init__(
        self,
        instrument: Instrument,
        frame: AuditFrame,
        draw: AuditDraw,
        in_frame: set[str],
        problems: list[str],
    ) -> None:
        self.instrument = instrument
        self.problems = problems
        self.in_frame = in_frame
        self.sample = {str(c): s.label for s in draw.drawn.strata for c in s.sample}
        self.reserves = {s.label: [str(c) for c in s.reserve] for s in draw.drawn.strata}
        self.values = {s.label: dict(s.values) for s in frame.strata}

    def cases(self, by_case: Mapping[str, list[Row]]) -> tuple[CodedCase, ...]:
        of_reserve = {case: label for label, cases in self.reserves.items() for case in cases}
        drawn = self.sample | of_reserve
        for case, rows in by_case.items():
            if case not in drawn:
                known = "was not drawn" if case in self.in_frame else "is not in the frame"
                self._wrong(rows[0], "case", f"this case {known}")
        coded = {case: [row for row in by_case.get(case, ()) if not row.is_blank] for case in drawn}
        found = []
        for case, label in drawn.items():
            if coded[case]:
                found.append(self._case(case, label, coded[case]))
            elif case in self.sample:
                said = "it was drawn and has no coding (if it cannot be audited, say why in 'unusable')"
                place = f"{by_case[case][0].place}, " if case in by_case else ""
                self.problems.append(f"{place}case {case}: {said}")
        self._hold_reserves_to_order(found, coded)
        return tuple(found)

    def _hold_reserves_to_order(self, found: Sequence[CodedCase], coded: Mapping[str, list[Row]]) -> None:
        """Reserves stand in for cases that cannot be audited, stratum by stratum, in their order."""
        # A reason that could not be read is a reason, and said to be wrong already.
        unusable = [
            c for c in found if c.coding.unusable or any("unusable" in row.unread for row in coded[c.case])
        ]
        for label, reserves in self.reserves.items():
            used = [case for case in reserves if coded[case]]
            lost = [c for c in unusable if c.stratum == label]
            named = f" of the stratum '{label}'" if label else ""
            if used != reserves[: len(used)]:
                first = next(case for case in reserves if not coded[case])
                said = f"the reserves{named} are used in their order, and case {first} stands before this one"
                later = used[reserves.index(first)]
                self._wrong(coded[later][0], "case", said)
            if len(used) > len(lost):
                number = f"{len(lost)} of the cases{named} {'is' if len(lost) == 1 else 'are'} unusable"
                said = f"this reserve is used, but only {number}"
                self._wrong(coded[used[len(lost)]][0], "case", said)

    def _case(self, case: str, label: str, rows: list[Row]) -> CodedCase:
        by_coder: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_coder[plain(row.coder)].append(row)
        of_reconciled = by_coder.pop(RECONCILED, None)
        codings = [self._coding(label, by_coder[coder]) for coder in sorted(by_coder)]
        if len(codings) > 2:
            self._wrong(rows[0], "coder", f"expected one coder or two, got {len(codings)}")
        if of_reconciled is not None and len(codings) < 2:
            got = "one" if codings else "none"
            said = f"expected the two codings that '{RECONCILED}' reconciles, got {got}"
            self._wrong(of_reconciled[0], "coder", said)
        twice = (codings[0], codings[1]) if len(codings) == 2 else None
        if of_reconciled is not None:
            return CodedCase(case, label, self._coding(label, of_reconciled), twice)
        if twice is not None:
            self._hold_to_agreement(rows, twice)
        return CodedCase(case, label, codings[0], twice)

    def _hold_to_agreement(self, rows: list[Row], twice: tuple[Coding, Coding]) -> None:
        each = self.instrument.each
        first, second = twice
        if first.unusable != second.unusable:
            differ = [("unusable", "unusable")]
        else:
            differ = [(q, q) for q in _differing(first.answers, second.answers)]
            if len(first.items) != len(second.items):
                differ.append((each, each))
            for number, (a, b) in enumerate(zip(first.items, second.items, strict=False), start=1):
                differ += [(q, f"{q} of {each} {number}") for q in _differing(a, b)]
        unread = set().union(*(row.unread for row in rows))  # said already
        for question, column in differ:
            if not unread & {question, "unusable", each}:
                said = f"the two codings disagree (settle it in a third, by the coder '{RECONCILED}')"
                self._wrong(rows[0], column, said)

    def _coding(self, label: str, rows: list[Row]) -> Coding:
        """One coder's rows as one coding, held to the routing."""
        items = self._items(rows)
        unusable = next((row.unusable for row in rows if row.unusable), "")
        if unusable:
            for row in rows:
                if row.answers or row.item is not None:
                    self._wrong(row, "unusable", "a case that is unusable has no answers, and this one has")
            return Coding({}, (), unusable)
        if any("unusable" in row.unread for row in rows):
            return Coding({}, (), "")
        once = [q for q in self.instrument.questions if not q.each]
        stands: dict[str, Row] = {}
        for row in rows:
            for question in once:
                if question.id not in row.answers:
                    continue
                before = stands.setdefault(question.id, row)
                if before.answers[question.id] != row.answers[question.id]:
                    self._wrong(row, question.id, "the rows of this case give different answers")
        answers = {q: row.answers[q] for q, row in stands.items()}
        of_item = {q.id for q in self.instrument.questions if q.each}
        unread = set().union(*(row.unread for row in rows)) - of_item
        known = self.values[label] | answers
        for question in once:
            if question.id not in unread:
                self._hold_to_asked(question, known, stands.get(question.id, rows[0]), unread)
        if self.instrument.each:
            self._hold_list_to_routing(rows, items, known, unread)
        listed = tuple(
            {q: answer for q, answer in items[number].answers.items() if q in of_item}
            for number in sorted(items)
        )
        return Coding(answers, listed, "")

    def _items(self, rows: list[Row]) -> dict[int, Row]:
        """The rows of one coder by the number of the thing listed; each thing, and the case itself, once."""
        each = self.instrument.each
        of_case = 0
        items: dict[int, Row] = {}
        for row in rows:
            if each in row.unread:
                continue
            if row.item is None:
                of_case += 1
                if of_case > 1:
                    self._wrong(row, "coder", "this case was coded before by the same coder")
            elif row.item in items:
                said = f"{each} {row.item} of this case was coded before by the same coder"
                self._wrong(row, each, said)
            else:
                items[row.item] = row
        return items

    def _hold_list_to_routing(
        self, rows: list[Row], items: dict[int, Row], known: Answers, unread: set[str]
    ) -> None:
        each = self.instrument.each
        when = self.instrument.list_when()
        if each in unread or self._cannot_be_told(when, known, unread):
            return
        due = holds(when, known)
        stray = [row for row in rows if row.item is None]
        if due and not items:
            self._wrong(rows[0], each, f"expected one {each} or more, got none")
        if not due and items:
            first = items[min(items)]
            self._wrong(first, each, f"expected no {each}, because {_because(when, known)}")
        elif sorted(items) != list(range(1, len(items) + 1)):
            said = f"expected each {each} numbered from 1, got {', '.join(map(str, sorted(items)))}"
            self._wrong(rows[0], each, said)
        for row in stray:
            for question in self.instrument.questions:
                if question.each and question.id in row.answers:
                    said = f"an answer about a {each} stands in a row without the number of the {each}"
                    if not due:
                        said = f"expected a blank, because {_because(when, known)}; got an answer"
                    self._wrong(row, question.id, said)
        for row in items.values() if due else ():
            own = row.answers | known
            for question in self.instrument.questions:
                if question.each and question.id not in row.unread:
                    self._hold_to_asked(question, own, row, row.unread | unread)

    def _hold_to_asked(self, question: Question, known: Answers, row: Row, unread: set[str]) -> None:
        if self._cannot_be_told(question.asked_when, known, unread):
            return
        asked = holds(question.asked_when, known)
        if asked and question.id not in known:
            self._wrong(row, question.id, "expected an answer, got a blank")
        if not asked and question.id in known:
            said = f"expected a blank, because {_because(question.asked_when, known)}; got an answer"
            self._wrong(row, question.id, said)

    def _cannot_be_told(self, when: When, known: Answers, unread: set[str]) -> bool:
        """Whether a condition hangs on an answer that is missing or could not be read, which is said already."""
        for name, _ in when:
            question = self.instrument.question(name)
            if name in known or question is None:
                continue
            if name in unread or holds(question.asked_when, known):
                return True
            if self._cannot_be_told(question.asked_when, known, unread):
                return True
        return False

    def _wrong(self, row: Row, column: str, said: str) -> None:
        self.problems.append(at_case(row.place, row.named, column, said))


def _differing(first: Answers, second: Answers) -> list[str]:
    return [question for question in {**first, **second} if first.get(question) != second.get(question)]


def _because(when: When, known: Answers) -> str:
    """Why a condition is not met: each part of it that is not."""
    unmet = [(name, codes) for name, codes in when if known.get(name) not in codes]
    return " and ".join(f"'{name}' is not {' or '.join(codes)}" for name, codes in unmet)
