"""The matrix of completeness, force × standard: laid out, filtered and counted. Cells are from `standing.py`."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Period
from openpeel.spreadsheet import spreadsheet_cell
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.policies import title
from openpeel.web.collections.standing import Stage, Standing, counted, returns_for, standing


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
    """The matrix of a collection. Two queries, whatever its size."""
    asked = Asked.objects.filter(collection=collection)
    if shown.force:
        asked = asked.filter(force=shown.force)
    if shown.standard:
        asked = asked.filter(standard=shown.standard)
    returns = returns_for(asked)
    at: dict[tuple[str, str], Standing] = {}
    of_force: dict[str, list[Standing]] = defaultdict(list)
    of_standard: dict[str, list[Standing]] = defaultdict(list)
    periods: dict[str, Period] = {}
    for pk, code, standard, start, end in asked.values_list("pk", "force", "standard", "start", "end"):
        found = standing(returns[pk], due_on=collection.due_on, today=today)
        of_force[code].append(found)
        of_standard[standard].append(found)
        periods[standard] = Period(start, end)
        if shown.shows(found):
            at[code, standard] = found
    columns = [
        Column(id_, title(id_), periods[id_], Total.of(of_standard[id_]))
        for id_ in sorted({standard for _, standard in at}, key=title)
    ]
    rows = [
        Row(find_force(code), [at.get((code, c.standard)) for c in columns], Total.of(of_force[code]))
        for code in {code for code, _ in at}
    ]
    rows.sort(key=lambda row: (-row.total.overdue, -row.total.owed, row.total.accepted, row.force.name))
    states = [state for cells in of_force.values() for state in cells]
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
