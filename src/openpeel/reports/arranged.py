"""Arranges a report for its templates: prose in its place, charts beside their tables, figures as they are printed.

Pages and PDF are made from the same arrangement; they differ in the addresses of things and in what paper cannot
unfold. No HTML is made here but for what `placing.py` does to prose.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import unescape

from markupsafe import Markup

from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import shown
from openpeel.lake.store import disk_errors
from openpeel.publishing.drawing import Spec
from openpeel.publishing.inspection import Scope
from openpeel.publishing.page import charts_of
from openpeel.publishing.view import Forces, Row, SectionView, finding, forces_view, groups_view, row_of
from openpeel.reference.periods import Month, Period
from openpeel.reports.placing import Heading, placed
from openpeel.reports.report import FIGURE_LINK, Chapter, Cited, Prose, Report, Shown

#: Ids that every page has for itself; those of the templates have a character that none of a report has.
_TAKEN = ("main",)
_LINKED = re.compile(rf'href="{FIGURE_LINK}([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')


@dataclass(frozen=True)
class Addresses:
    """Where things are: `figure` by its id, `anchor` by an id in the text, `chapter` by its slug, None on no page."""

    figure: Callable[[str], str]
    anchor: Callable[[str], str]
    chapter: Callable[[str], str]


@dataclass(frozen=True)
class ShownView:
    """A chart or a table in its place; `forces` where it shows all forces, None where the groups of the one."""

    block: Shown
    title: str
    view: SectionView
    forces: Forces | None


@dataclass(frozen=True)
class ChapterView:
    """A chapter in its place, with what stands before it and after it in the report."""

    chapter: Chapter
    address: str
    blocks: tuple[Markup | ShownView, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Number:
    """A figure of the report as printed, with all that a reader needs to check it.

    `value` is the number with its sign and `unit` the word after it ('' for none), `href` where it is explained,
    `chapters` the addresses and titles of the chapters in which it is printed.
    """

    cited: Cited
    name: str
    href: str
    row: Row
    value: str
    unit: str
    period: str
    interval: str
    months: tuple[tuple[str, str], ...]
    command: str
    chapters: tuple[tuple[str, str], ...]

    @property
    def figure(self) -> Figure:
        """The figure itself."""
        return self.cited.figure


@dataclass(frozen=True)
class Arranged:
    """A whole report as its templates print it."""

    report: Report
    chapters: tuple[ChapterView, ...]
    numbers: tuple[Number, ...]
    finding: str


def figure_name(figure_id: str) -> str:
    """The id as the name of a file: ids are made of letters, digits, '.', '_' and '-' and stay as they are."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", figure_id).lstrip(".")
    if safe == figure_id:
        return safe
    return f"{safe[:80]}-{hashlib.sha256(figure_id.encode()).hexdigest()[:8]}"


def free_anchor(anchor: str) -> str:
    """The id of a place in the text, changed where each page has another place of this id."""
    return f"{anchor}-part" if anchor in _TAKEN else anchor


def anchors(report: Report) -> dict[str, str]:
    """Each id in the text with the slug of the chapter in which it stands."""
    found = {chapter.slug: chapter.slug for chapter in report.chapters}
    for chapter in report.chapters:
        for block in chapter.blocks:
            ids = [unescape(i) for i in _ID.findall(block.html)] if isinstance(block, Prose) else [block.id]
            found.update(dict.fromkeys(ids, chapter.slug))
    return found


def report_charts(report: Report) -> dict[str, Callable[[], Spec]]:
    """File name → what makes the chart, for every chart of a report, each wide and narrow: for `drawings.drawings`."""
    charts: dict[str, Callable[[], Spec]] = {}
    for block in report.shown:
        charts.update(
            charts_of([_shown_view(report, block, {}, paper=False).view], _scope(report, block.period))
        )
    return charts


def report_images(report: Report) -> dict[str, bytes]:
    """The pictures that the prose names. Raises UseError where one cannot be read any more."""
    found = {}
    for name, path in report.images:
        with disk_errors(path):
            found[name] = path.read_bytes()
    return found


def arrange_report(
    report: Report,
    addresses: Callable[[str | None], Addresses],
    *,
    raised: Callable[[str], bool] = lambda slug: False,
    paper: bool = False,
) -> Arranged:
    """A report in its place. `addresses(slug)` are those to use in a chapter, or in none (None).

    `raised(slug)` says whether the headings of a chapter stand one level higher, on a page of its own. On paper the
    table behind a chart has the row of the force alone: all rows are in the open data.
    """
    chapters = []
    for chapter in report.chapters:
        here = addresses(chapter.slug)
        hrefs = {cited.figure.id: here.figure(cited.figure.id) for cited in report.figures}
        blocks: list[Markup | ShownView] = []
        headings: list[Heading] = []
        tables = 0
        for block in chapter.blocks:
            if isinstance(block, Shown):
                blocks.append(_shown_view(report, block, hrefs, paper=paper))
                continue
            prose = placed(
                block.html,
                figure=hrefs.__getitem__,
                anchor=here.anchor,
                raised=raised(chapter.slug),
                tables_before=tables,
            )
            tables += block.html.count("<table")
            blocks.append(Markup(prose.html))  # made safe by whoever made the prose: see `Prose`
            headings += prose.headings
        chapters.append(
            ChapterView(chapter, addresses(None).chapter(chapter.slug), tuple(blocks), tuple(headings))
        )
    numbers = _numbers(report, addresses(None))
    compared = [one.row for one in numbers if one.row.verdict != "not assessed"]
    return Arranged(
        report, tuple(chapters), numbers, finding(_scope(report, report.period), compared, "figure")
    )


def _scope(report: Report, period: Period) -> Scope:
    return Scope(report.force, period, shown)


def _shown_view(report: Report, block: Shown, hrefs: Mapping[str, str], *, paper: bool) -> ShownView:
    scope, section = _scope(report, block.period), block.section
    view = groups_view(scope, section, block.id, block.number)
    chosen = next((group for group in section.groups if group.key == block.group), None)
    if chosen is None:  # a measure of groups, of which none is named: the force's own, side by side
        rows = tuple(replace(row, href=hrefs.get(row.id, "")) for row in view.groups_rows)
        picture = view.groups_picture if block.kind == "chart" else None
        return ShownView(block, section.title, replace(view, groups_rows=rows, groups_picture=picture), None)
    forces = forces_view(scope, section, chosen, block.id, block.number)
    rows = tuple(replace(row, href=hrefs.get(row.id, "") if row.marked else "") for row in forces.rows)
    if paper and block.kind == "chart":
        rows = tuple(row for row in rows if row.marked)
    forces = replace(forces, rows=rows, picture=forces.picture if block.kind == "chart" else None)
    title = section.title if chosen.key is None else f"{section.title}: {chosen.title}"
    view = replace(view, groups=(), groups_rows=(), groups_picture=None, groups_empty=(), forces=(forces,))
    return ShownView(block, title, view, forces)


def _numbers(report: Report, addresses: Addresses) -> tuple[Number, ...]:
    printed: dict[str, dict[str, str]] = {}
    for chapter in report.chapters:
        for block in chapter.blocks:
            for figure in _printed(block, report.force.code):
                printed.setdefault(figure, {})[addresses.chapter(chapter.slug)] = chapter.title
    return tuple(
        _number(report, cited, addresses, printed.get(cited.figure.id, {})) for cited in report.figures
    )


def _printed(block: Prose | Shown, force: str) -> list[str]:
    """The ids of the force's figures in a block."""
    if isinstance(block, Prose):
        return [unescape(found) for found in _LINKED.findall(block.html)]
    every = [f for group in block.section.groups for f in group.figures if block.group in (None, group.key)]
    return [f.id for f in every if f.force == force]


def _number(report: Report, cited: Cited, addresses: Addresses, chapters: Mapping[str, str]) -> Number:
    figure = cited.figure
    period = Period(figure.period_start, figure.period_end)
    scope = _scope(report, period)
    href = addresses.figure(figure.id)
    row = row_of(scope, figure.title, figure, href=href)
    interval = ""
    if row.interval:
        interval = f"{row.interval} ({100 * figure.level:g}% confidence interval, {figure.method})"
    value, _, word = row.value.partition(" ") if figure.value is not None else (row.value, "", "")
    unit = word or ("" if figure.value is None or figure.unit == "percent" else figure.unit)
    command = f"openpeel explain {figure.id}"
    return Number(
        cited=cited,
        name=figure_name(figure.id),
        href=href,
        row=row,
        value=value,
        unit=unit.removeprefix("GBP").strip(),
        period=period.label,
        interval=interval,
        months=tuple((Month.parse(month).label, _count(value)) for month, value in cited.months),
        command=f"{command} --codings FILE --frame FILE" if cited.audit else command,
        chapters=tuple(chapters.items()),
    )


def _count(value: float | None) -> str:
    if value is None:
        return WITHHELD
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
