"""The official layout of a workbook: a title, a header of several rows with merged cells, a table, notes below it.

Only reading: cells by the path of their headers, labels without their marks, what a mark that stands for a number means
by the publication's own notes. What the numbers are is said by the modules of the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from openpeel.errors import DataError, UseError
from openpeel.intake.cells import cell_name, cell_text
from openpeel.intake.faults import Faults, called
from openpeel.intake.home_office.csv_table import CHANGED
from openpeel.intake.home_office.layout import SheetLayout, WorkbookLayout
from openpeel.intake.home_office.tallies import NIL, NOT_AVAILABLE, NOT_GIVEN, SUPPRESSED
from openpeel.intake.limits import Limits
from openpeel.intake.ods_scan import scan_ods
from openpeel.intake.package import Package, open_package
from openpeel.intake.reading import SpooledFile
from openpeel.reference.forces import Force, find_force, forces

#: '(3)', '[note 3]', '(R)' or '4,5' behind a label.
_MARKS = re.compile(
    r"\s*(?:\(((?:\d+|[A-Z])(?:\s*,\s*\d+)*)\)|\[(?:notes?\s+)?(\d+(?:\s*,\s*\d+)*)\]|(?<=[^\W\d])(\d+(?:,\s*\d+)*))$"
)
#: A mark that stands at a year, as in '30 September 20192,3'.
_AT_A_YEAR = re.compile(r"\b(?:19|20)\d\d(\d(?:,\d)*)(?!\d)")
_NUMBERED = re.compile(r"^(?:\((\d+|[A-Z])\)|(\d+)[.)]?)\s+(.*)", re.DOTALL)
_EXPLAINED = re.compile(
    r"^['‘\"]?(\.\.|\.|-|–|\*|[a-z]|\[[a-z]+\])['’\"]?\s*(?:=|:|denotes|indicates|means)\s*(.+)",
    re.IGNORECASE,
)
#: Tried in this order: a mark for what is 'not applicable' is for what is not available.
_MEANINGS = (
    (SUPPRESSED, re.compile(r"suppress|disclos|confidential", re.IGNORECASE)),
    (
        NOT_AVAILABLE,
        re.compile(r"not (?:available|applicable|provided|supplied|collected)|unavailable|missing", re.I),
    ),
    (NIL, re.compile(r"\bnil\b|\bzero\b|\bnone\b", re.IGNORECASE)),
)
_MARK_LIKE = re.compile(r"\.{1,2}|[-–*]|[a-z]|\[[a-z]+\]", re.IGNORECASE)
_NOTES = re.compile(r"notes?:?", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """A label and the marks of the notes at it."""

    name: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notes:
    """The notes below a table: numbered by their mark, the rest, and what marks stand for numbers."""

    numbered: Mapping[str, str]
    general: tuple[str, ...]
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet: `cells` are its values by row and column from 0, each row as wide as the sheet."""

    file: str
    name: str
    cells: list[list[Any]]
    faults: Faults

    @property
    def called(self) -> str:
        """As it is named in the account."""
        return called(self.name)

    def text(self, row: int, column: int) -> str:
        """A cell as text, without breaks and doubled blanks; '' beyond the last."""
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return ""
        value = self.cells[row][column]
        if isinstance(value, datetime | date):
            return value.isoformat()[:10]
        return " ".join(cell_text(value).split())

    def refuse(self, row: int, column: int, expected: str, got: str) -> DataError:
        """What is said of a workbook in which something else stands in a cell than has to."""
        return DataError(
            f"expected {expected}, got {got}",
            where=f"{self.file}, {self.called}, cell {cell_name(row, column)}",
            advice=CHANGED,
        )


@dataclass(frozen=True)
class Row:
    """A row of a table: its number from 0, whose it is, and whether it is a region or total instead of a force."""

    number: int
    label: Label
    force: Force | None
    kind: str  # force, region, whole, together or besides


def read_sheets(file: SpooledFile, limits: Limits) -> dict[str, Sheet]:
    """All sheets of an ODS workbook by name. Raises DataError where it is damaged or of another kind."""
    from python_calamine import CalamineWorkbook

    package = open_package(file.stream, name=file.source.name, base=file.source.base, limits=limits)
    if package.kind != "ods":
        return {}
    scanned = scan_ods(package, limits)
    found = {}
    with _in_words(package):
        package.stream.seek(0)
        book = CalamineWorkbook.from_filelike(package.stream)
        for name in book.sheet_names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            found[name] = Sheet(file.source.name, name, cells, scanned.get(name, Faults()))
    return found


def hold_to_sheets(sheets: Mapping[str, Sheet], layout: WorkbookLayout, file: str) -> None:
    """Refuse a workbook in which a sheet is missing, has another title, or is one too many."""
    known = {s.name: s for s in layout.sheets}
    for name in known:
        if name not in sheets:
            raise DataError(
                f"expected the {called(name)} of the published tables '{layout.title}', got none of that name",
                where=file,
                advice=CHANGED,
            )
    for name, sheet in sheets.items():
        if name not in known:
            raise DataError(
                f"expected the {len(known)} sheets of the published tables '{layout.title}', got another one",
                where=f"{file}, {sheet.called}",
                advice=CHANGED,
            )
        title = known[name].title
        if title and not sheet.text(0, 0).startswith(title):
            raise sheet.refuse(0, 0, f"a title that begins with '{title}'", repr(sheet.text(0, 0)[:80]))


def hold_to_header(sheet: Sheet, layout: SheetLayout, rows: tuple[int, int]) -> list[str]:
    """The header of each column as it is printed. Raises DataError at the first that is not the layout's."""
    first, last = rows[0] - 1, rows[1] - 1
    width = max(len(layout.header), *(len(row) for row in sheet.cells[first : last + 1] or [[]]))
    merged = {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.faults.merged
        for row in range(max(top, first), min(bottom, last) + 1)
        for column in range(left, min(right, width) + 1)
    }
    found = []
    for column in range(width):
        texts = dict.fromkeys(
            sheet.text(*merged.get((row, column), (row, column))) for row in range(first, last + 1)
        )
        path = " / ".join(text for text in texts if text)
        wanted = layout.header[column] if column < len(layout.header) else ""
        if not _fits(path, wanted):
            lowest = max((row for row in range(first, last + 1) if sheet.text(row, column)), default=last)
            got = repr(path[:80]) if path else "no header"
            expected = f"the header '{wanted}'" if wanted else "no column here"
            raise sheet.refuse(lowest, column, expected, got)
        found.append(path)
    return found


def rows_of(sheet: Sheet, layout: WorkbookLayout) -> list[Row]:
    """The rows of a table of forces, down to the notes. Raises DataError for a label that is not known.

    A region may be called like a force in it, 'West Midlands': of two rows of one name the first is the region.
    """
    found: list[Row] = []
    regions = list(layout.regions)
    seen: dict[str, int] = {}
    for number in range(layout.header_rows[1], len(sheet.cells)):
        text = sheet.text(number, layout.label_column)
        if _NOTES.fullmatch(sheet.text(number, 0)):
            break
        if not text:
            if any(isinstance(v, int | float) for v in sheet.cells[number]):
                raise sheet.refuse(
                    number, layout.label_column, "the name of a force before the numbers", "a blank"
                )
            continue
        label = split_label(text)
        kind, force = "force", None
        if label.name in regions:
            regions.remove(label.name)
            kind = "region"
        elif label.name == layout.whole:
            kind = "whole"
        elif label.name == layout.together:
            kind = "together"
        elif label.name in layout.besides:
            kind = "besides"
        else:
            try:
                force = find_force(label.name)
            except UseError:
                raise sheet.refuse(
                    number, layout.label_column, "a police force, a region or a total", repr(text[:60])
                ) from None
        key = f"{kind} {force.code if force else label.name}"
        if key in seen:
            raise sheet.refuse(
                number,
                layout.label_column,
                "each name once",
                f"{label.name!r} again, as in row {seen[key] + 1}",
            )
        seen[key] = number
        found.append(Row(number, label, force, kind))
    there = {row.force.code for row in found if row.force}
    missing = next((f for f in forces() if f.code not in there), None)
    if missing is not None:
        raise DataError(
            f"expected a row for each of the 43 forces, got none for {missing.name}",
            where=f"{sheet.file}, {sheet.called}",
            advice=CHANGED,
        )
    return found


def notes_of(sheet: Sheet) -> Notes:
    """The notes below the table of a sheet."""
    start = next((i for i in range(len(sheet.cells)) if _NOTES.fullmatch(sheet.text(i, 0))), len(sheet.cells))
    numbered: dict[str, str] = {}
    general: list[str] = []
    meanings: dict[str, str] = {}
    for row in range(start + 1, len(sheet.cells)):
        text = sheet.text(row, 0)
        explained, mark = _EXPLAINED.match(text), _NUMBERED.match(text)
        if explained:
            meanings[explained[1]] = meaning(explained[2])
        elif mark:
            numbered[mark[1] or mark[2]] = mark[3]
        elif text:
            general.append(text)
    return Notes(numbered, tuple(general), meanings)


def meaning(text: str) -> str:
    """What a publisher's words about a mark come to.

    >>> meaning("Denotes data not available"), meaning("nil or less than half the final digit shown")
    ('not_available', 'nil')
    """
    return next((what for what, words in _MEANINGS if words.search(text)), NOT_GIVEN)


def title_marks(sheet: Sheet) -> tuple[str, ...]:
    """The marks of notes in the title of a sheet: they are about all of it."""
    return tuple(m for found in _AT_A_YEAR.findall(sheet.text(0, 0)) for m in found.split(","))


def split_label(text: str) -> Label:
    """A label without its marks.

    >>> split_label("Greater Manchester4,5"), split_label("Avon and Somerset (3)")
    (Label(name='Greater Manchester', marks=('4', '5')), Label(name='Avon and Somerset', marks=('3',)))
    """
    text = text.strip().lstrip("*").strip()
    found = _MARKS.search(text)
    if found is None:
        return Label(text)
    marks = next(m for m in found.groups() if m)
    return Label(text[: found.start()].strip(), tuple(m.strip() for m in marks.split(",")))


def is_mark(text: str) -> bool:
    """Whether this is how publishers mark a number that is not there."""
    return not text or _MARK_LIKE.fullmatch(text) is not None


def _fits(path: str, wanted: str) -> bool:
    if "{date}" in wanted:
        before, after = wanted.split("{date}")
        inner = path[len(before) : len(path) - len(after) or None]
        try:
            date.fromisoformat(inner)
        except ValueError:
            return False
        return path == before + inner + after
    return fnmatchcase(path, wanted)


@contextmanager
def _in_words(package: Package) -> Iterator[None]:
    """Say of whatever the reader stumbles over that the file is damaged."""
    try:
        yield
    except BaseException as error:
        # A Rust library that gives up raises PanicException, which is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise package.damaged() from None
        raise
