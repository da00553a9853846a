"""A report's tables as plain data: what every sheet of both workbooks, and every CSV of a chart, says cell by cell.

How a workbook is written is in `workbook_xlsx.py` and `workbook_ods.py`. The form follows the Government Analysis
Function's guidance on releasing statistics in spreadsheets: a cover, contents, notes, one table to a sheet, no cell
empty or merged, and shorthand where there is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.publishing.charts import short_name
from openpeel.reference.periods import Month, Period
from openpeel.reports.report import Cited, Report, Shown

Cell = str | int | float | date

#: Shorthand of the guidance on symbols in tables. A small number that is withheld is what it calls confidential.
CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SHORTHAND = {
    CONFIDENTIAL: "confidential: the number is small, or would give a small number away, and is withheld",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
}

#: A spreadsheet takes no longer text in a cell, no longer name of a sheet and keeps no more digits of a number.
LONGEST_TEXT, LONGEST_NAME, DIGITS = 32_767, 31, 15

_CUT = " … (cut: a cell holds no more)"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\"]")


@dataclass(frozen=True)
class Column:
    """A column: what it is called in a spreadsheet and in a CSV, what it holds, and how wide it is in characters.

    `kind` is what its cells are where they are no shorthand.
    """

    name: str
    title: str
    kind: str  # "text", "number" or "date"
    about: str
    width: int = 14


@dataclass(frozen=True)
class Table:
    """One table and the sheet it stands on. Every row has a cell for every column, and no cell is empty.

    `id` is unique in the report and made of a-z, 0-9 and hyphens; `sheet` is the name of its sheet. `instructions`,
    `lines` and `source` ('' for none) stand above the table in this order. `links` name the sheet that the first cell
    of each row leads to, for a table of contents.
    """

    id: str
    sheet: str
    title: str
    instructions: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[str, ...] = ()
    source: str = ""
    links: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name for the table that no program takes for the address of a cell."""
        return f"data_{self.id.replace('-', '_')}"

    @property
    def above(self) -> tuple[str, ...]:
        """What stands above the table, from the top."""
        return tuple(line for line in (self.title, self.instructions, *self.lines, self.source) if line)


@dataclass(frozen=True)
class Cover:
    """The first sheet: a title and, under two headings, what is in the workbook and what to know of it."""

    title: str
    introduction: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """All that a workbook holds: `sheets` begins with contents and notes; `shown` are those of charts and tables."""

    cover: Cover
    sheets: tuple[Table, ...]
    shown: tuple[Table, ...]


COVER, CONTENTS, NOTES, FIGURES, GRADES = "Cover", "Contents", "Notes", "Figures", "Grades"
_RESERVED = (COVER, CONTENTS, NOTES, FIGURES, GRADES, "History")  # Excel keeps the last for itself


def tables(report: Report) -> Tables:
    """The tables of a report. A report without figures, grades or charts has no sheet for them."""
    notes = _Notes()
    for title, said in report.about:
        notes.add(title, said)
    figures = _figures(report, notes)
    names = sheet_names(s.number for s in report.shown)
    shown_tables = tuple(
        _shown(report, s, name, id_)
        for s, name, id_ in zip(report.shown, names, _ids(report.shown), strict=True)
    )
    data = [t for t in (_grades(report), figures, *shown_tables) if t.rows]
    first = [notes.table] if notes.table.rows else []
    return Tables(_cover(report), (_contents([*first, *data]), *first, *data), shown_tables)


def cover_rows(cover: Cover) -> Iterator[tuple[str, bool]]:
    """What stands under the cover's title, and whether it is one of the two headings, which are those of gptables."""
    for heading, lines in (
        ("Introductory information", cover.introduction),
        ("About these data", cover.about),
    ):
        yield heading, True
        yield from ((line, False) for line in lines)


def text(value: str) -> str:
    """The text as a cell holds it: on one line, of characters that a workbook can hold, and no longer than it may be.

    >>> text(" two\\nlines\\x00 "), text("")
    ('two lines', '[x]')
    """
    said = " ".join(_NOT_IN_XML.sub("", value.replace("\x85", " ")).split()) or NOT_AVAILABLE
    return said if len(said) <= LONGEST_TEXT else said[: LONGEST_TEXT - len(_CUT)] + _CUT


def sheet_names(titles: Iterable[str]) -> tuple[str, ...]:
    """A name for each sheet: at most 31 characters, without those that Excel refuses, and no two alike.

    >>> sheet_names(["Figure 1 Rate: all", "figure 1 rate all", "Notes"])
    ('Figure 1 Rate all', 'figure 1 rate all 2', 'Notes 2')
    """
    taken = {name.casefold() for name in _RESERVED}
    names = []
    for title in titles:
        whole = " ".join(_NOT_IN_NAMES.sub(" ", _NOT_IN_XML.sub("", title)).split()) or "Table"
        name, number = _name(whole), 1
        while name.casefold() in taken:
            number += 1
            name = _name(whole, f" {number}")
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _name(title: str, ending: str = "") -> str:
    # Excel counts what lies outside the first 65,536 characters twice.
    room = LONGEST_NAME - len(ending)
    while len(title.encode("utf-16-le")) // 2 > room:
        title = title[:-1]
    return title.strip("' ") + ending


def _ids(shown: Sequence[Shown]) -> tuple[str, ...]:
    """The ids of charts and tables, whatever they hold, as parts of file names that differ on every disk."""
    taken: set[str] = {"figures", "grades", "notes", "contents"}
    found = []
    for s in shown:
        plain = re.sub(r"[^a-z0-9]+", "-", s.id.lower()).strip("-")[:80] or "table"
        id_, number = plain, 1
        while id_ in taken:
            number += 1
            id_ = f"{plain}-{number}"
        taken.add(id_)
        found.append(id_)
    return tuple(found)


class _Notes:
    """The notes, each once, numbered in the order in which they are first referred to."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], str] = {}

    def add(self, about: str, said: str) -> str:
        """Keep a note and give the reference to it; '' for a note that says nothing."""
        if not said.strip():
            return ""
        return self._said.setdefault((text(about), text(said)), f"[note {len(self._said) + 1}]")

    @property
    def table(self) -> Table:
        return Table(
            id="notes",
            sheet=NOTES,
            title=NOTES,
            instructions="This worksheet contains one table. Other worksheets refer to its rows as [note 1], [note 2] "
            "and so on.",
            columns=(
                Column("note", "Note", "text", "How other worksheets refer to the note.", 12),
                Column("about", "About", "text", "What the note is about.", 28),
                Column("text", "Text", "text", "The note.", 90),
            ),
            rows=tuple((reference, about, said) for (about, said), reference in self._said.items()),
        )


def _cover(report: Report) -> Cover:
    introduction = [
        *([report.warning] if report.warning else []),
        f"The figures of a report on {report.force.full_name}, {report.period.label}.",
        f"Counted from the release '{report.release}' ({report.release_id}). Made on {_day(report.made_on)}.",
        *(f"Corrected on {_day(c.on)}: {c.note}" for c in report.corrections),
        "Each worksheet holds one table. The worksheet 'Contents' lists them.",
        "Where there is no number there is shorthand: "
        + "; ".join(f"{mark} {meaning}" for mark, meaning in SHORTHAND.items())
        + ". A zero is a true zero.",
        f"Numbers are given as computed, to {DIGITS} digits; beside them stands what the report prints, rounded.",
    ]
    about = [
        *(f"{title}: {said}" for title, said in report.about),
        "A figure's id names what it was worked out from; 'openpeel explain' works it out again.",
    ]
    return Cover(text(report.title), tuple(map(text, introduction)), tuple(map(text, about)))


def _contents(listed: Sequence[Table]) -> Table:
    return Table(
        id="contents",
        sheet=CONTENTS,
        title="Table of contents",
        instructions="This worksheet contains one table. Each name of a worksheet is a link to it.",
        columns=(
            Column("worksheet", "Worksheet", "text", "The name of the worksheet.", 34),
            Column("title", "Title", "text", "What its table is about.", 90),
            Column("rows", "Rows", "number", "How many rows its table has, without the header.", 8),
        ),
        rows=tuple((t.sheet, t.title, len(t.rows)) for t in listed),
        links=tuple(t.sheet for t in listed),
    )


def _grades(report: Report) -> Table:
    graded = any(c.grade is not None for c in report.chapters)
    return Table(
        id="grades",
        sheet=GRADES,
        title=f"Grades by chapter: {report.force.full_name}",
        instructions="This worksheet contains one table.",
        columns=(
            Column("chapter", "Chapter", "text", "The title of the chapter.", 50),
            Column("grade", "Grade", "text", "The judgment, or [z] where none is made.", 24),
        ),
        rows=tuple(
            (text(c.title), NOT_APPLICABLE if c.grade is None else text(c.grade)) for c in report.chapters
        )
        if graded
        else (),
    )


#: What is said of a figure in both kinds of table.
_ABOUT_A_FIGURE = (
    Column("printed_value", "Printed value", "text", "The value as the report prints it, rounded."),
    Column("value", "Value", "number", "The value as computed, not rounded."),
    Column("unit", "Unit", "text", "The unit of value, interval, mean and limits.", 20),
    Column("numerator", "Numerator", "number", "What was counted."),
    Column("denominator", "Denominator", "number", "What it is a share, rate or mean of."),
    Column("lower", "Interval: lower", "number", "The lower end of the confidence interval."),
    Column("upper", "Interval: upper", "number", "The upper end of the confidence interval."),
    Column("level", "Interval: level (percent)", "number", "The level of the confidence interval."),
    Column("method", "Method", "text", "How the interval was made; 'count' where there is none.", 22),
    Column(
        "england_and_wales", "England and Wales", "number", "The value of all forces counted, taken together."
    ),
    Column("mean", "Mean of forces", "number", "The unweighted mean of the forces counted."),
    Column("sd", "Standard deviation of forces", "number", "Of the values of the forces counted."),
    Column(
        "verdict",
        "Compared with forces",
        "text",
        "Above or below: more than one standard deviation from the mean.",
    ),
)
_FIGURES = (
    Column("figure", "Figure", "text", "What is measured.", 44),
    Column("group", "Group", "text", "The part of the records, or [z] where all are meant.", 24),
    Column("period", "Period", "text", "The period in words.", 28),
    Column("period_start", "Period: first day", "date", "The first day of the period."),
    Column("period_end", "Period: last day", "date", "The last day of the period."),
    *_ABOUT_A_FIGURE,
    Column("source", "Source", "text", "What the figure is worked out from.", 50),
    Column("notes", "Notes", "text", "The notes on it, as the worksheet 'Notes' numbers them.", 24),
    Column("printed_in", "Printed in", "text", "The chapters, charts and tables in which it is printed.", 40),
    Column("figure_id", "Figure id", "text", "Names the figure; leads to what it was worked out from.", 60),
)
_LIMITS = (
    Column("control_lower", "Limits by chance: lower", "number", "The lower control limit at 95 percent."),
    Column("control_upper", "Limits by chance: upper", "number", "The upper control limit at 95 percent."),
    Column("control_verdict", "By limits of chance", "text", "Where the value lies by these limits."),
    Column("wide_lower", "Wider limits: lower", "number", "The same, allowing for how forces differ anyway."),
    Column("wide_upper", "Wider limits: upper", "number", "The same, allowing for how forces differ anyway."),
    Column("wide_verdict", "By wider limits", "text", "Where the value lies by these limits."),
)
_SHOWN = (
    Column("force", "Force", "text", "The force, or the area that figures are given for.", 26),
    Column("force_code", "Force code", "text", "Its ONS code, or openpeel's where it has none.", 14),
    Column("own", "Force of this report", "text", "'yes' for the force that the report is about, else 'no'."),
    Column("group", "Group", "text", "The part of the records, or [z] where all are meant.", 30),
    *_ABOUT_A_FIGURE,
    *_LIMITS,
    Column("figure_id", "Figure id", "text", "Names the figure; leads to what it was worked out from.", 60),
)


def _figures(report: Report, notes: _Notes) -> Table:
    where = printed_in(report)
    rows = []
    for cited in report.figures:
        f = cited.figure
        references = [notes.add("Coverage and small numbers", note) for note in cited.notes]
        references.append(notes.add("Method", _method(cited)))
        rows.append(
            (
                text(f.title),
                _group(f),
                text(Period(f.period_start, f.period_end).label),
                f.period_start,
                f.period_end,
                *_about(f, without_denominator=not cited.denominator),
                text(cited.source),
                " ".join(r for r in references if r) or NOT_APPLICABLE,
                text("; ".join(where.get(f.id, ()))),
                text(f.id),
            )
        )
    return Table(
        id="figures",
        sheet=FIGURES,
        title=f"Figures printed in the report: {report.force.full_name}",
        instructions="This worksheet contains one table: each figure of the report once, in the order in which it is "
        "first printed.",
        lines=_shorthand(rows),
        columns=_FIGURES,
        rows=tuple(rows),
    )


def _method(cited: Cited) -> str:
    parts = {"Counted": cited.counted, "Over": cited.denominator, "Worked out as": cited.formula}
    return " ".join(f"{name}: {said.strip(' .')}." for name, said in parts.items() if said.strip(" ."))


def printed_in(report: Report) -> dict[str, tuple[str, ...]]:
    """Where each figure is printed, by its id: the titles of chapters, then the numbers of charts and tables."""
    titles = {c.slug: c.title for c in report.chapters}
    found: dict[str, dict[str, None]] = {}
    for told in report.told:
        for id_ in told.figures:
            found.setdefault(id_, {})[titles.get(told.chapter, told.chapter)] = None
    for s in report.shown:
        for f in in_table(s, report.force.code):
            if f.force == report.force.code:
                found.setdefault(f.id, {})[s.number] = None
    return {id_: tuple(places) for id_, places in found.items()}


def in_table(shown_: Shown, own: str) -> tuple[Figure, ...]:
    """The figures in the table behind a chart or table: one group among all forces, or the force's own groups.

    As on a page, the groups that stand side by side are those of the report's force (`own`, its code) alone. The
    largest comes first, and figures without a value by name at the end.
    """
    groups = shown_.section.groups
    among = [g for g in groups if g.key == shown_.group]
    if among:
        figures = [f for g in among for f in g.figures]
    else:
        figures = [f for g in groups for f in g.figures if f.force == own]
    return tuple(
        sorted(
            figures, key=lambda f: (f.value is None, -(f.value or 0.0), short_name(f), f.group or "", f.force)
        )
    )


def _shown(report: Report, shown_: Shown, name: str, id_: str) -> Table:
    section = shown_.section
    rows = [
        (
            text(short_name(f)),
            text(f.force),
            "yes" if f.force == report.force.code else "no",
            _group(f),
            *_about(f),
            *_limits(f),
            text(f.id),
        )
        for f in in_table(shown_, report.force.code)
    ]
    group = next((g.title for g in section.groups if g.key is not None and g.key == shown_.group), "")
    title = ": ".join(part for part in (shown_.number, section.title, group) if part)
    return Table(
        id=id_,
        sheet=name,
        title=text(f"{title}, {shown_.period.label}"),
        instructions=text(f"This worksheet contains one table. {section.about}"),
        lines=(*_shorthand(rows), *(text(note) for note in section.notes)),
        source=text(f"Source: {section.source}"),
        columns=_SHOWN,
        rows=tuple(rows),
    )


def _about(f: Figure, *, without_denominator: bool = False) -> tuple[Cell, ...]:
    withheld = f.method == WITHHELD
    absent = CONFIDENTIAL if withheld else NOT_AVAILABLE
    # What a figure with a value does not have, it has not by its nature; but for what its value is of.
    by_nature = NOT_APPLICABLE if f.value is not None else absent
    numerator = CONFIDENTIAL if f.value is not None else absent  # counts are rounded, and it would tell them
    denominator = by_nature if f.numerator is not None else numerator
    compared = f.comparison
    not_compared = NOT_AVAILABLE if compared.forces_counted else NOT_APPLICABLE
    return (
        absent if f.value is None else text(shown(f.value, f.unit)),
        _number(f.value, absent),
        text(f.unit),
        _number(f.numerator, numerator),
        _number(f.denominator, NOT_APPLICABLE if without_denominator else denominator),
        _number(f.lower, by_nature),
        _number(f.upper, by_nature),
        _number(100 * f.level, NOT_APPLICABLE) if f.lower is not None else by_nature,
        absent if withheld else text(f.method),
        _number(compared.england_and_wales, not_compared),
        _number(compared.mean, not_compared),
        _number(compared.sd, not_compared),
        compared.verdict,
    )


def _limits(f: Figure) -> tuple[Cell, ...]:
    without = CONFIDENTIAL if f.method == WITHHELD else NOT_AVAILABLE
    return tuple(
        cell
        for limits in (f.comparison.control, f.comparison.overdispersed)
        for cell in (_number(limits.lower, without), _number(limits.upper, without), limits.verdict)
    )


def _group(f: Figure) -> str:
    """The group in words, which a grouped figure's title ends with."""
    return NOT_APPLICABLE if f.group is None else text(f.title.rpartition(": ")[2] or f.group)


def _number(value: float | None, without: str) -> Cell:
    """A number as spreadsheets keep it: whole where it is, else to 15 digits; shorthand where there is none."""
    if value is None:
        return without
    kept = float(f"{value:.{DIGITS}g}")
    return int(kept) if kept.is_integer() else kept


def _shorthand(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """What the shorthand in these rows means, in a line; nothing where there is none."""
    used = {cell for row in rows for cell in row if isinstance(cell, str)}
    said = [f"{mark} {meaning}" for mark, meaning in SHORTHAND.items() if mark in used]
    return (f"Shorthand used: {'; '.join(said)}.",) if said else ()


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"
