"""The matrix of completeness, force × standard: laid out, filtered and counted. Cells are from `standing.py`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Period
from openpeel.spreadsheet import spreadsheet_cell
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.policies import title
from openpeel.web.collections.standing import Stage, Standing, counted, standings


@dataclass(frozen=True)
class Shown:
    """Which cells are looked at; blank for all. `stage` is the slug of one, `force` a code, `standard` an id."""

    stage: str = ""
    force: str = ""
    standard: str = ""
    overdue: bool = False

    @classmethod
    def read(cls, given: QueryDict) -> Shown:
        """From the address of the page; a stage that is none counts as not given."""
        stage = given.get("stage", "")
        return cls(
            stage=stage if stage in {s.slug for s in Stage} else "",
            force=given.get("force", ""),
            standard=given.get("standard", ""),
            overdue=given.get("overdue", "") == "on",
        )

    def shows(self, found: Standing) -> bool:
        """Whether a cell of that state is looked at."""
        return (not self.stage or found.stage.slug == self.stage) and (not self.overdue or found.overdue)


@dataclass(frozen=True)
class Total:
    """Of how many asked returns how many are accepted, overdue, and still owed by the force."""

    asked: int
    accepted: int
    overdue: int
    owed: int

    @classmethod
    def of(cls, cells: list[Standing]) -> Total:
        """Counted from the cells."""
        return cls(
            asked=len(cells),
            accepted=sum(c.stage is Stage.ACCEPTED or c.stands for c in cells),
            overdue=sum(c.overdue for c in cells),
            owed=sum(c.owed for c in cells),
        )


@dataclass(frozen=True)
class Column:
    """A standard with its period and its total over the forces."""

    standard: str
    title: str
    period: Period
    total: Total


@dataclass(frozen=True)
class Row:
    """A force with its cells, one for each column: None where nothing is asked of it, or the cell is not looked at."""

    force: Force
    cells: list[Standing | None]
    total: Total


@dataclass(frozen=True)
class Matrix:
    """Rows sorted by who is most behind, columns by title.

    Totals and counts are of all stages, whichever is looked at.
    """

    columns: list[Column]
    rows: list[Row]
    stages: dict[Stage, int]
    total: Total


def matrix(collection: Collection, shown: Shown, *, today: date) -> Matrix:
    """The matrix of a collection. Three queries, whatever its size."""
    asked = Asked.objects.filter(collection=collection)
    if shown.force:
        asked = asked.filter(force=shown.force)
    if shown.standard:
        asked = asked.filter(standard=shown.standard)
    found = standings(asked, today=today)
    at = {(cell.force, cell.standard): state for cell, state in found}
    periods = {cell.standard: cell.period for cell, _ in found}
    looked_at = {place for place, state in at.items() if shown.shows(state)}
    columns = [
        Column(id_, title(id_), period, Total.of([state for (_, s), state in at.items() if s == id_]))
        for id_, period in sorted(periods.items(), key=lambda item: title(item[0]))
        if any(s == id_ for _, s in looked_at)
    ]
    rows = [
        Row(
            find_force(code),
            [at[code, c.standard] if (code, c.standard) in looked_at else None for c in columns],
            Total.of([state for (f, _), state in at.items() if f == code]),
        )
        for code in {f for f, _ in looked_at}
    ]
    rows.sort(key=lambda row: (-row.total.overdue, -row.total.owed, row.total.accepted, row.force.name))
    states = list(at.values())
    return Matrix(columns, rows, counted(states), Total.of(states))


def as_csv(collection: Collection, shown: Shown, *, today: date) -> str:
    """The cells that are looked at, one to a line, with a header; RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for line in _lines(matrix(collection, shown, today=today), collection):
        writer.writerow(spreadsheet_cell(cell) for cell in line)
    return text.getvalue()


def _lines(found: Matrix, collection: Collection) -> Iterator[list[str]]:
    yield [
        "Force",
        "Force code",
        "Standard",
        "Standard id",
        "Period from",
        "Period to",
        "Due",
        "State",
        "Late",
        "Overdue",
        "Earlier return accepted",
    ]
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            if cell is not None:
                yield [
                    row.force.name,
                    row.force.code,
                    column.title,
                    column.standard,
                    column.period.start.isoformat(),
                    column.period.end.isoformat(),
                    collection.due_on.isoformat(),
                    cell.stage.said,
                    *("yes" if said else "no" for said in (cell.late, cell.overdue, cell.stands)),
                ]
