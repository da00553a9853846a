"""What the page is given: figures, ready-made sentences and the account of the data.

Nothing is computed or worded here; `view.py` arranges these for the template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openpeel.figures.figure import Figure
from openpeel.figures.trend import Trend
from openpeel.reference.forces import Force
from openpeel.reference.periods import Period


@dataclass(frozen=True)
class Group:
    """One group of a measure, such as an outcome; `key` is None where the measure has no groups.

    `figures` holds the group's figure for every force there is one for, in any order.
    """

    key: str | None
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Section:
    """One heading of the page: one measure.

    `about` says what is counted over what, `sentences` are the finding and then the comparison, `notes`
    tell of coverage, duplicates, suppression and missing forces. In a measure whose unit is 'ratio' each
    group is a headline of its own and is compared force by force. `trend` is the force month by month, with
    `trend_sentences` on it; None where there are too few months. `area` is the area of policing, by its code.
    """

    measure: str
    title: str
    about: str
    source: str
    unit: str
    sentences: tuple[str, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    trend: Trend | None = None
    trend_sentences: tuple[str, ...] = ()
    area: str = ""

    @property
    def compared(self) -> tuple[Group, ...]:
        """The groups that are shown among all forces: an ungrouped measure, or each group of a ratio."""
        return tuple(group for group in self.groups if group.key is None or self.unit == "ratio")


@dataclass(frozen=True)
class QualityRow:
    """The rows of one file of one month, and the kinds of defect found among them; None where they are withheld.

    `kind` is what the records are of, as its standard calls it.
    """

    month: str
    file: str
    rows: int | None
    accepted: int | None
    rejected: int | None
    duplicates: int | None
    defects: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Scope:
    """Whose figures are shown and of when, and how values are printed.

    `format` prints a value in a unit, (64.0, 'percent') → '64.0%', and None as '–'; a word of the unit
    follows after a space, (3.4, 'ratio') → '3.4 times'.
    """

    force: Force
    period: Period
    format: Callable[[float | None, str], str]

    def number(self, unit: str, value: float | None) -> str:
        """The value as `format` prints it but without the word of its unit, for axes and intervals."""
        return self.format(value, unit).partition(" ")[0]


@dataclass(frozen=True)
class Inspection(Scope):
    """All that the page about one force and period says.

    `warning` stands above everything else, on the page and on each printed sheet's first; '' for none. `rule` says
    which of the choices in comparing forces were made, and `small_numbers` what was done with small numbers.

    `subject` is what the page is about ('stop and search'), '' where it is about several kinds of record and there is
    a page for each area of policing.

    `made_on` is the day that the page names as its own, given from outside so that the same input makes the same
    bytes.
    """

    subject: str
    release: str
    release_id: str
    made_on: date
    sections: tuple[Section, ...]
    quality: tuple[QualityRow, ...]
    quality_notes: tuple[str, ...]
    warning: str
    rule: str
    small_numbers: str
