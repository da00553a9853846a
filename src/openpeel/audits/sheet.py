"""A coding sheet: a CSV file with a row for a case, or for one of several things in a case, and a column a question.

Each cell is read as an answer, by its code or by what a reader calls it. Whether the answers fit together is for
`codings.py` to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from openpeel.audits.instrument import Instrument
from openpeel.audits.instrument_file import SHEET_COLUMNS
from openpeel.errors import DataError
from openpeel.intake.delimited import read_delimited
from openpeel.intake.rows import RejectedRow, counted
from openpeel.standards import plain

Answers = dict[str, str]

#: Why a case drawn could not be audited. One that is out of scope says so of others like it; the other says nothing.
UNUSABLE = {"out_of_scope": "Not such a case after all", "cannot_be_audited": "The record cannot be read"}

_LONGEST_NAME_SHOWN = 30
_LONGEST_CASE_SHOWN = 100
_MOST_ITEMS = 999


@dataclass
class Row:
    """One row of a sheet: its place, and what was answered where an answer stands that could be read.

    `named` is the case as a message may name it: what stands there may be no case, but somebody's name.
    """

    place: str
    case: str
    named: str
    coder: str
    item: int | None
    unusable: str
    answers: Answers
    unread: set[str] = field(default_factory=set)  # columns whose cell could not be read: said already

    @property
    def is_blank(self) -> bool:
        """Whether the row says nothing: a case that nobody has coded yet."""
        return not (self.answers or self.unusable or self.unread or self.item is not None)


class Sheet:
    """One file of codings: its columns, and its cells as answers.

    `cases` are all cases of the frame; what is wrong is appended to `problems`, in sentences.
    """

    def __init__(
        self, name: str, instrument: Instrument, cases: Collection[str], problems: list[str]
    ) -> None:
        self.name = name
        self.instrument = instrument
        self.cases = cases
        self.problems = problems
        self.known = {q.id: _by_label(q.answers) for q in instrument.questions}
        self.unusable = _by_label(tuple(UNUSABLE.items()))
        self.columns = {c.name for c in instrument.frame.columns}
        self.printable = _never_personal(instrument)

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        """The rows that say something, in order."""
        file = read_delimited(stream, name=self.name)
        self._hold_to_header(file.header)
        place = {name: i for i, name in enumerate(file.header)}
        for chunk in file.chunks():
            for number, cells in zip(chunk.row_numbers, chunk.rows, strict=True):
                row = self._row(number, {name: cells[i].strip() for name, i in place.items()})
                if row is not None:
                    yield row
        self.problems += [self._rejected(row) for row in file.rejected]

    def _hold_to_header(self, header: Sequence[str]) -> None:
        each = [self.instrument.each] if self.instrument.each else []
        needed = ["case", *each, *(q.id for q in self.instrument.questions)]
        missing = [name for name in needed if name not in header]
        if missing:
            raise DataError(
                f"expected the columns of a coding sheet of '{self.instrument.id}', got none called {_names(missing)}",
                where=self.name,
                advice="Code on the sheet that 'openpeel audit draw' writes.",
            )
        extra = [name for name in header if name not in {*needed, *SHEET_COLUMNS, *self.columns}]
        if extra:
            raise DataError(
                f"got a column that is no question of '{self.instrument.id}': {_names(extra)}",
                where=self.name,
                advice="Remarks go into the column 'notes'.",
            )

    def _rejected(self, row: RejectedRow) -> str:
        column = f", column '{row.column}'" if row.column else ""
        advice = " (save the sheet as CSV UTF-8)" if row.expected.startswith("text in") else ""
        return f"{self.name}, row {row.row}{column}: expected {row.expected}, got {row.got}{advice}"

    def _row(self, number: int, cells: dict[str, str]) -> Row | None:
        place = f"{self.name}, row {number}"
        case = self._case(cells["case"])
        if not case:
            if any(cells.values()):
                self.problems.append(f"{place}, column 'case': expected the id of a case, got a blank")
            return None
        row = Row(place, case, self._named(case), cells.get("coder", ""), None, "", {})
        row.unusable = self._read(row, "unusable", cells.get("unusable", ""), self.unusable, personal=False)
        each = self.instrument.each
        if each and cells[each]:
            row.item = _item_number(cells[each])
            if row.item is None:
                row.unread.add(each)
                said = f"expected the number of the {each}, 1 for the first; got {self._got(cells[each])}"
                self.problems.append(at_case(place, row.named, each, said))
        for question in self.instrument.questions:
            answers = self.known[question.id]
            answer = self._read(row, question.id, cells[question.id], answers, personal=question.personal)
            if answer:
                row.answers[question.id] = answer
        return row

    def _read(self, row: Row, column: str, cell: str, known: dict[str, str], *, personal: bool) -> str:
        if not cell:
            return ""
        answer = known.get(plain(cell))
        if answer is None:
            row.unread.add(column)
            got = "something else" if personal else self._got(cell)
            allowed = ", ".join(dict.fromkeys(known.values()))
            self.problems.append(
                at_case(row.place, row.named, column, f"expected one of {allowed}; got {got}")
            )
        return answer or ""

    def _got(self, cell: str) -> str:
        """A cell as a message may repeat it: in a row that slipped by a column, notes stand where answers should."""
        return repr(cell) if plain(cell) in self.printable else f"text of {counted(len(cell), 'character')}"

    def _case(self, cell: str) -> str:
        """The id without the apostrophe that keeps a spreadsheet from taking it for a formula."""
        if cell[:2] in ("'=", "'+", "'-", "'@") and cell not in self.cases:
            return cell[1:]
        return cell

    def _named(self, case: str) -> str:
        fits = len(case) <= _LONGEST_CASE_SHOWN and case.isprintable() and not any(map(str.isspace, case))
        if case in self.cases or (fits and any(map(str.isdigit, case))):
            return case
        return f"of {counted(len(case), 'character')}"


def at_case(place: str, case: str, column: str, said: str) -> str:
    """A sentence on what is wrong: where it stands, which case, which column."""
    return f"{place}, case {case}, column '{column}': {said}"


def _names(columns: Sequence[str]) -> str:
    shown = [repr(name[:_LONGEST_NAME_SHOWN]) if name else "one without a name" for name in columns[:5]]
    return ", ".join(shown) + (f" and {len(columns) - 5} more" if len(columns) > 5 else "")


def _by_label(answers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What may be written for an answer: its code or what a reader calls it, in any case and spacing."""
    return {plain(text): code for code, title in answers for text in (title, code)}


def _item_number(cell: str) -> int | None:
    if not (cell.isascii() and cell.isdigit()) or len(cell) > len(str(_MOST_ITEMS)):
        return None
    return int(cell) or None


def _never_personal(instrument: Instrument) -> set[str]:
    """The answers, as `plain` makes them, to questions that are not personal and to no personal one."""
    of_kind: dict[bool, set[str]] = {True: set(), False: set(_by_label(tuple(UNUSABLE.items())))}
    for question in instrument.questions:
        of_kind[question.personal] |= _by_label(question.answers).keys()
    return of_kind[False] - of_kind[True]
