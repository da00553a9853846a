"""A report's tables as plain data: what every sheet of both workbooks, and every CSV of a chart, says cell by cell.

What a cell may hold is in `cells.py`, how a workbook is written in `workbook_xlsx.py` and `workbook_ods.py`. The form
follows the Government Analysis Function's guidance on releasing statistics in spreadsheets: a cover, contents, notes,
one table to a sheet, no cell empty or merged, and shorthand where there is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openpeel.figures.figure import Figure
from openpeel.publishing.charts import short_name
from openpeel.reference.periods import Month, Period
from openpeel.reports.cells import (
    CONTENTS,
    DIGITS,
    FIGURES,
    GRADES,
    NOT_APPLICABLE,
    NOTES,
    SHORTHAND,
    Cell,
    Column,
    sheet_names,
    shorthand_used,
    text,
)
from openpeel.reports.figure_cells import ABOUT, LIMITS, about_cells, group_cell, limit_cells
from openpeel.reports.report import Cited, Report, Shown


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


def tables(report: Report) -> Tables:
    """The tables of a report. A report without figures, grades or charts has no sheet for them."""
    notes = _Notes()
    for title, said in report.about:
        notes.add(title, said.replace("\n\n", " "))
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
        *(f"{title}: {said}".replace("\n\n", " ") for title, said in report.about),
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


_FIGURES = (
    Column("figure", "Figure", "text", "What is measured.", 44),
    Column("group", "Group", "text", "The part of the records, or [z] where all are meant.", 24),
    Column("period", "Period", "text", "The period in words.", 28),
    Column("period_start", "Period: first day", "date", "The first day of the period."),
    Column("period_end", "Period: last day", "date", "The last day of the period."),
    *ABOUT,
    Column("source", "Source", "text", "What the figure is worked out from.", 50),
    Column("notes", "Notes", "text", "The notes on it, as the worksheet 'Notes' numbers them.", 24),
    Column("printed_in", "Printed in", "text", "The chapters, charts and tables in which it is printed.", 40),
    Column("figure_id", "Figure id", "text", "Names the figure; leads to what it was worked out from.", 90),
)
_SHOWN = (
    Column("force", "Force", "text", "The force, or the area that figures are given for.", 26),
    Column("force_code", "Force code", "text", "Its ONS code, or openpeel's where it has none.", 14),
    Column("own", "Force of this report", "text", "'yes' for the force that the report is about, else 'no'."),
    Column("group", "Group", "text", "The part of the records, or [z] where all are meant.", 30),
    *ABOUT,
    *LIMITS,
    Column("figure_id", "Figure id", "text", "Names the figure; leads to what it was worked out from.", 90),
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
                group_cell(f),
                text(Period(f.period_start, f.period_end).label),
                f.period_start,
                f.period_end,
                *about_cells(f, without_denominator=not cited.denominator),
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
        lines=shorthand_used(rows),
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
            group_cell(f),
            *about_cells(f),
            *limit_cells(f),
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
        lines=(*shorthand_used(rows), *(text(note) for note in section.notes)),
        source=text(f"Source: {section.source}"),
        columns=_SHOWN,
        rows=tuple(rows),
    )


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"
