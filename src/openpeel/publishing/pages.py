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
_STANDS: dict[Verdict, str] = {"above": "above", "below": "below", "in range": "within"}


@dataclass(frozen=True)
class Matter:
    """What matters in one measure, in a line that begins with a link to it."""

    href: str
    title: str
    said: str


@dataclass(frozen=True)
class Chapter:
    """What the first page says of an area of policing.

    `counted` says how many figures there are and how they stand; of `matters`, standards that are missed come first.
    """

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
    duplicates: int
    withheld: int

    @property
    def in_full(self) -> bool:
        """Whether its files are listed one by one: there are several, or something was found in one.

        That records are invented is said above every page.
        """
        return len(self.rows) > 1 or self.defects not in ((), ("invented",))

    @property
    def months(self) -> str:
        """From the first month to the last, whatever is missing between them."""
        first, last = self.rows[0].month.partition(" to ")[0], self.rows[-1].month.rpartition(" to ")[2]
        return first if first == last else f"{first} to {last}"

    @property
    def defects(self) -> tuple[str, ...]:
        """The names of what was found."""
        return tuple(dict.fromkeys(defect.partition(":")[0] for row in self.rows for defect in row.defects))


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
    missed: list[Matter] = []
    others: list[Matter] = []
    for view in page.sections:
        own = own_of(view.section, page.inspection.force.code)
        if said := matter(view.section, own):
            one = Matter(f"{file}#{view.anchor}", view.section.title, said)
            (missed if any(f.limit_met is False for f in own) else others).append(one)
    return Chapter(file, page.area, _counted(page), (*missed, *others))


def _counted(page: PageView) -> str:
    """'41 measures. 23 headline figures are compared with the range of other forces: 3 above and 20 within it.'"""
    number = len(page.sections)
    said = "1 measure." if number == 1 else f"{number} measures."
    verdicts = [forces.own.verdict for view in page.sections for forces in view.forces if forces.compared]
    assessed = [verdict for verdict in verdicts if verdict != "not assessed"]
    if not assessed:
        return f"{said} None is compared with other forces."
    if len(assessed) == 1:
        return f"{said} 1 headline figure is compared with other forces, and is {_STANDS[assessed[0]]} their range."
    counts = [f"{assessed.count(v)} {words}" for v, words in _STANDS.items() if v in assessed]
    joined = f"{', '.join(counts[:-1])} and {counts[-1]}" if len(counts) > 1 else counts[0]
    return (
        f"{said} {len(assessed)} headline figures are compared with the range of other forces: {joined} it."
    )


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
            duplicates=sum(row.duplicates or 0 for row in rows),
            withheld=sum(row.rows is None for row in rows),
        )
        for place, (title, rows) in enumerate(by_title.items(), start=1)
    )
