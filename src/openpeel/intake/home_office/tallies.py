"""From the numbers of a published table to returns: one for each force and span of months.

Every number is in one of three places: a record, a rejected cell, or one that was passed over with its reason. A
record is dated on the first day of the months that its number counts; which months these are is the return's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import pyarrow as pa

from openpeel.intake.checks import tally_negative
from openpeel.intake.checks.batch import Batch
from openpeel.intake.coding import schema
from openpeel.intake.reading import ReadReturn, SpooledFile
from openpeel.intake.rows import counted
from openpeel.intake.tally import TALLY
from openpeel.lake import Defect, ReturnKey, SourceFile
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month
from openpeel.standards import load_standard

Months = tuple[Month, ...]

#: Why a number is not there, in the words of the account; what a mark means is read from the publication.
SUPPRESSED = "suppressed"
NOT_AVAILABLE = "not_available"
NOT_GIVEN = "not_given"
NIL = "nil"
REASONS = {
    SUPPRESSED: "suppressed by the publisher",
    NOT_AVAILABLE: "not available, says the publisher",
    NOT_GIVEN: "not given; the table does not say whether it is nil, suppressed or not available",
}


@dataclass(frozen=True)
class LeftAlone:
    """A part of a published file that makes no record, and why; `wrong` where that needs putting right."""

    place: str
    reason: str
    wrong: bool = False


@dataclass(frozen=True)
class PublishedFile:
    """What a published file holds: the returns of all forces, and what belongs to none of them."""

    title: str
    returns: tuple[ReadReturn, ...]
    left_alone: tuple[LeftAlone, ...]


@dataclass
class _Group:
    """All numbers of one force and span of months; `part` is a sheet, or '' of a CSV file."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)  # part, row, tally and the values
    rejected: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    passed: list[tuple[str, int, str, str]] = field(default_factory=list)
    found: list[Defect] = field(default_factory=list)


class Tallies:
    """The numbers of one published file as they are read. `fields` are the columns filled, by standard."""

    def __init__(self, file: SpooledFile, title: str, fields: Mapping[str, Sequence[str]]) -> None:
        self.left_alone: list[LeftAlone] = []
        self._file = file
        self._title = title
        self._fields = fields
        self._groups: dict[tuple[str, str, Months], _Group] = {}

    def take(
        self,
        standard: str,
        force: Force,
        months: Months,
        place: tuple[str, int, str],
        number: int,
        values: tuple[Any, ...],
    ) -> None:
        """A number becomes a tally. `place` is sheet, row and column; `values` go by the fields of the standard."""
        if not -TALLY_MOST <= number <= TALLY_MOST:
            expected = f"a whole number from {-TALLY_MOST:,} to {TALLY_MOST:,}"
            self.reject(standard, force, months, place, expected, "one that is outside")
            return
        self._group(standard, force, months).rows.append((place[0], place[1], number, *values))

    def reject(
        self,
        standard: str,
        force: Force,
        months: Months,
        place: tuple[str, int, str],
        expected: str,
        got: str,
    ) -> None:
        """A number that could not be taken."""
        self._group(standard, force, months).rejected.append((*place, expected, got))

    def pass_over(
        self, standard: str, force: Force, months: Months, place: tuple[str, int, str], reason: str
    ) -> None:
        """A number that the publisher does not give, or that no record can be made of."""
        self._group(standard, force, months).passed.append((*place, reason))

    def note(self, defect: Defect, concerns: Callable[[str, str, Months], bool]) -> None:
        """Something that a reader of the returns it concerns should know; each return is told it once."""
        for key, group in self._groups.items():
            if concerns(*key) and defect not in group.found:
                group.found.append(defect)

    def finish(self) -> PublishedFile:
        """The returns, in order. A force and span of which nothing was given makes none, and is left alone."""
        returns = []
        for (standard, force, months), group in sorted(self._groups.items(), key=lambda item: item[0]):
            if group.rows:
                returns.append(self._return(standard, force, months, group))
            else:
                self._nothing(standard, force, months, group)
        return PublishedFile(self._title, tuple(returns), tuple(self.left_alone))

    def _group(self, standard: str, force: Force, months: Months) -> _Group:
        key = (standard, force.code, months)
        found = self._groups.get(key)
        if found is None:
            found = self._groups[key] = _Group()
        return found

    def _nothing(self, standard: str, force: str, months: Months, group: _Group) -> None:
        span = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
        who = f"{load_standard(standard).title}, {find_force(force).name}, {span}"
        said = [
            f"{counted(len(found), 'number')} {REASONS.get(reason, reason)}"
            for reason, found in _by_reason(group.passed)
        ]
        if group.rejected:
            sheet, row, column, expected, got = group.rejected[0]
            at = f"{_in(sheet)}row {row}, column '{column}'"
            said.append(
                f"{counted(len(group.rejected), 'number')} rejected, the first in {at}: expected {expected}, got {got}"
            )
        self.left_alone.append(
            LeftAlone(f"{self._file.source.name}, {who}", "; ".join(said), wrong=bool(group.rejected))
        )

    def _return(self, standard_id: str, force: str, months: Months, group: _Group) -> ReadReturn:
        standard = load_standard(standard_id)
        numbers = (*group.rows, *group.rejected, *group.passed)
        parts = list(dict.fromkeys(number[0] for number in numbers))
        name, sha256, size = self._file.source.name, self._file.sha256, self._file.bytes
        called = {part: f"{name}, {part}" if part else name for part in parts}
        records = self._records(standard_id, force, months, group.rows, parts)
        key = ReturnKey(standard_id, force, tuple(str(m) for m in months))
        sources = []
        for part in parts:
            accepted, rejected, passed = (
                sum(n[0] == part for n in of) for of in (group.rows, group.rejected, group.passed)
            )
            rows = accepted + rejected + passed
            sources.append(SourceFile(called[part], sha256, size, rows, accepted, rejected, passed))
        batch = Batch(standard, force, key.months, records, 0, {}, {})
        defects = (
            Defect("published_table", len(group.rows), _dated(self._title, months)),
            *_missing(group.passed),
            *group.found,
            *tally_negative.check(batch),
        )
        return ReadReturn(
            key=key,
            standard=standard,
            records=records,
            sources=tuple(sources),
            rejected=tuple((called[r[0]], *r[1:]) for r in group.rejected),
            defects=defects,
            counts=None,
            passed_over=(),
            tallied=True,
            published=self._title,
            not_given=tuple(
                (called[part], row, column, "a number", REASONS.get(reason, reason))
                for part, row, column, reason in group.passed
            ),
        )

    def _records(
        self, standard_id: str, force: str, months: Months, rows: list[tuple[Any, ...]], parts: list[str]
    ) -> pa.Table:
        standard = load_standard(standard_id)
        shape = schema(standard)
        count = len(rows)
        index = {part: i for i, part in enumerate(parts)}
        columns: dict[str, Any] = {
            name: pa.array([r[i] for r in rows], shape.field(name).type)
            for i, name in enumerate(self._fields[standard_id], start=3)
        }
        start = months[0].start
        when: Any = start
        if standard.column(standard.date).type == "timestamp":
            when = datetime(start.year, start.month, start.day)
        alike = {
            standard.date: when,
            "force": force,
            "record_month": start,
            "duplicate": False,
        }
        for name, value in alike.items():
            columns[name] = pa.repeat(pa.scalar(value, shape.field(name).type), count)
        columns["tally"] = pa.array([r[2] for r in rows], pa.int32())
        columns["source"] = pa.array([index[r[0]] for r in rows], pa.int16())
        columns["row"] = pa.array([r[1] for r in rows], pa.int32())
        return pa.table(
            [columns.get(f.name, pa.nulls(count, f.type)) for f in shape],
            schema=shape,
        )


TALLY_MOST = int(TALLY.most or 0)


def _dated(title: str, months: Months) -> str:
    said = f"tallies published by the Home Office in '{title}', not the force's own records"
    if len(months) > 1:
        said += f"; each counts {months[0]} to {months[-1]} as one and is dated on the first day of that"
    return said


def _missing(passed: Iterable[tuple[str, int, str, str]]) -> list[Defect]:
    """A line for each reason why numbers are missing, with how many and where the first is."""
    defects = []
    for reason, found in _by_reason(passed):
        sheet, row, column, _ = found[0]
        said = REASONS.get(reason, reason)
        check = reason if reason in REASONS else "not_taken"
        where = f"{_in(sheet)}row {row}, column '{column}'"
        defects.append(
            Defect(check, len(found), f"{counted(len(found), 'number')} {said}: the first in {where}")
        )
    return defects


def _by_reason(
    passed: Iterable[tuple[str, int, str, str]],
) -> list[tuple[str, list[tuple[str, int, str, str]]]]:
    ordered = sorted(passed, key=lambda p: p[3])
    return [(reason, list(found)) for reason, found in groupby(ordered, key=lambda p: p[3])]


def _in(sheet: str) -> str:
    return f"{sheet}, " if sheet else ""
