"""Which pages there are about a force, and what the first of them says of the others.

Records of one kind make one page with a chart of everything that is compared. Records of several kinds make a page
for each area of policing, one about the quality of the data, and a first one that says what matters and where it
stands. No HTML here; what a page of measures holds is arranged in `view.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpeel.figures.figure import Verdict
from openpeel.publishing.inspection import Inspection, QualityRow
from openpeel.publishing.matters import matter
from openpeel.publishing.view import PageView, arrange, own_of, slug

INDEX, DATA = "index.html", "data.html"


@dataclass(frozen=True)
class Matter:
    """What matters in one measure, in a line that begins with a link to it."""

    href: str
    title: str
    said: str


@dataclass(frozen=True)
class Chapter:
    """What the first page says of an area of policing. `counted` says how many figures there are and how they stand."""

    file: str
    title: str
    counted: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True)
class Kind:
    """The returns of one kind of record, and what their rows come to where none are withheld."""

    title: str
    anchor: str
    rows: tuple[QualityRow, ...]
    taken: int
    accepted: int
    rejected: int
    defects: int
    withheld: int


@dataclass(frozen=True)
class Pages:
    """All pages: one file name with its page each, and what the first page says of them (empty for a page alone)."""

    inspection: Inspection
    measured: Mapping[str, PageView]
    chapters: tuple[Chapter, ...]
    kinds: tuple[Kind, ...]

    @property
    def alone(self) -> bool:
        """Whether everything is on one page."""
        return INDEX in self.measured

    @property
    def handed_in(self) -> str:
        """The account of the data in a sentence."""
        name, files = self.inspection.force.full_name, sum(len(kind.rows) for kind in self.kinds)
        if not files:
            return f"The release holds no file of {name} for this period."
        taken, accepted, rejected = (
            sum(getattr(kind, part) for kind in self.kinds) for part in ("taken", "accepted", "rejected")
        )
        withheld = sum(kind.withheld for kind in self.kinds)
        hidden = f" The rows of {withheld:,} of the files are few, and not told." if withheld else ""
        kinds = "1 kind of record" if len(self.kinds) == 1 else f"{len(self.kinds)} kinds of record"
        returns = "1 file" if files == 1 else f"{files:,} files"
        return (
            f"{name} handed in {returns} of {kinds}, with {taken:,} rows: {accepted:,} were accepted and "
            f"{rejected:,} rejected.{hidden}"
        )


def arrange_pages(inspection: Inspection) -> Pages:
    """The pages of one inspection: one where it has a subject, one for each area of policing where it has none."""
    kinds = _kinds(inspection.quality)
    if inspection.subject:
        return Pages(inspection, {INDEX: arrange(inspection)}, (), kinds)
    areas = dict.fromkeys(section.area for section in inspection.sections)
    pages = {f"{slug(area)}.html": arrange(inspection, area) for area in areas}
    chapters = tuple(_chapter(file, page) for file, page in pages.items())
    return Pages(inspection, pages, chapters, kinds)


def _chapter(file: str, page: PageView) -> Chapter:
    matters = []
    for view in page.sections:
        own = own_of(view.section, page.inspection.force.code)
        if said := matter(view.section, own):
            matters.append(Matter(f"{file}#{view.anchor}", view.section.title, said))
    return Chapter(file, page.area, _counted(page), tuple(matters))


def _counted(page: PageView) -> str:
    """'41 measures. Of 29 headline figures compared with other forces, 3 are above their range and 20 within it.'"""
    number = len(page.sections)
    said = "1 measure." if number == 1 else f"{number} measures."
    verdicts = [forces.own.verdict for view in page.sections for forces in view.forces if forces.compared]
    assessed = [verdict for verdict in verdicts if verdict != "not assessed"]
    if not assessed:
        return f"{said} None is compared with other forces."
    parts: list[tuple[Verdict, str]] = [
        ("above", "above the range of forces"),
        ("below", "below it"),
        ("in range", "within it"),
    ]
    counts = [f"{assessed.count(verdict)} {words}" for verdict, words in parts]
    figures = "1 headline figure" if len(assessed) == 1 else f"{len(assessed)} headline figures"
    return f"{said} {figures} compared with other forces: {counts[0]}, {counts[1]} and {counts[2]}."


def _kinds(quality: Sequence[QualityRow]) -> tuple[Kind, ...]:
    by_title: dict[str, list[QualityRow]] = {}
    for row in quality:
        by_title.setdefault(row.kind, []).append(row)
    return tuple(
        Kind(
            title=title,
            anchor=f"{place}-{slug(title)}",
            rows=tuple(rows),
            taken=sum(row.rows or 0 for row in rows),
            accepted=sum(row.accepted or 0 for row in rows),
            rejected=sum(row.rejected or 0 for row in rows),
            defects=sum(len(row.defects) for row in rows),
            withheld=sum(row.rows is None for row in rows),
        )
        for place, (title, rows) in enumerate(by_title.items(), start=1)
    )
