"""A report that has been read and whose figures are in place: what every output is made from.

Only the shape lives here. `source.py` reads the Markdown, `resolve.py` puts the figures in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from openpeel.figures.figure import Figure
from openpeel.publishing.inspection import Section
from openpeel.reference.forces import Force
from openpeel.reference.periods import Period

#: What a link to a figure says in `Prose.html` before the figure's id; each output puts its own address there.
FIGURE_LINK = "figure:"


@dataclass(frozen=True)
class Cited:
    """A figure that the report prints, and what a reader needs to check it.

    `sentence` is the finding, `compared` the sentences on how it is compared (with other forces, a standard, its own
    past); `counted`, `denominator` ('' for none) and `formula` say in words how it is worked out, `source` from what.
    `notes` tell of coverage and of what is withheld. `months` are the counts month by month, None where withheld,
    and `files` the files behind it with their SHA-256; both empty for a figure of an audit, whose `audit` is the name
    of its folder ('' for a figure counted from records).
    """

    figure: Figure
    sentence: str
    compared: tuple[str, ...]
    counted: str
    denominator: str
    formula: str
    source: str
    notes: tuple[str, ...]
    months: tuple[tuple[str, float | None], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    audit: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "figure": self.figure.as_json(),
            "sentence": self.sentence,
            "compared": list(self.compared),
            "counted": self.counted,
            "denominator": self.denominator,
            "formula": self.formula,
            "source": self.source,
            "notes": list(self.notes),
            "months": [{"month": month, "numerator": number} for month, number in self.months],
            "files": [{"name": name, "sha256": digest} for name, digest in self.files],
            "audit": self.audit,
        }


@dataclass(frozen=True)
class Prose:
    """Some paragraphs as HTML, all of it escaped but for what Markdown makes.

    Every number from a figure stands in `<a class="figure" href="figure:<id>">…</a>`. Of other HTML there are only
    h3 and h4 with ids, p, ul, ol, li, strong, em, a, blockquote, table, img and the containers
    `<div class="improvement">`, `<div class="concern">` and `<div class="note">`, each with an h3 of its own.
    """

    html: str


@dataclass(frozen=True)
class Shown:
    """A chart or a table of a measure, with the table that stands behind it.

    `id` names it within the report ('chart-stop-search-rate'), `number` counts charts and tables ('Figure 3',
    'Table 2'). `section` holds the measure's figures of all forces, group by group, as a page has them; `group` is
    the group shown among all forces, None where the measure has none or all groups are shown side by side.
    """

    kind: Literal["chart", "table"]
    id: str
    number: str
    section: Section
    group: str | None
    period: Period


@dataclass(frozen=True)
class Chapter:
    """A page of the report: what stands under a heading of the second level.

    `grade` is the judgment as the inspectorate words it ('adequate', 'requires improvement'), None where there is none.
    """

    title: str
    slug: str
    grade: str | None
    blocks: tuple[Prose | Shown, ...]


@dataclass(frozen=True)
class Told:
    """A sentence that prints figures: its text as a reader sees it, and which figures by id, in their order.

    `keys` are the same figures by what the source asks for ('stop_search-reasonable_grounds', 'searches_per_1000
    black, year ending 31 March 2023'), the same in every release.
    """

    text: str
    figures: tuple[str, ...]
    keys: tuple[str, ...]
    chapter: str
    line: int


@dataclass(frozen=True)
class Correction:
    """What was put right in a report after it was published, and when."""

    on: date
    note: str


@dataclass(frozen=True)
class Fixed:
    """A number that the writer says is no figure, such as a time limit in law, and why."""

    text: str
    because: str
    line: int


@dataclass(frozen=True)
class Report:
    """A whole report about one force.

    `figures` has each figure once, in the order in which they are first printed, charts and tables included only as
    far as the force's own. `about` are the parts of the annex on the data: title, and text whose paragraphs a blank
    line parts. `warning` stands above everything, '' for none. `made_on` is the day given from outside, so that the
    same input makes the same bytes.
    `images` are the pictures that the prose names: name among the report's files ('images/…') and where it lies.
    """

    title: str
    force: Force
    period: Period
    release: str
    release_id: str
    made_on: date
    chapters: tuple[Chapter, ...]
    figures: tuple[Cited, ...]
    told: tuple[Told, ...]
    fixed: tuple[Fixed, ...]
    corrections: tuple[Correction, ...]
    about: tuple[tuple[str, str], ...]
    warning: str
    images: tuple[tuple[str, Path], ...] = ()

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The charts and tables, in their order."""
        return tuple(block for c in self.chapters for block in c.blocks if isinstance(block, Shown))
