"""The id of a figure: readable, enough to compute it again, and different as soon as any of it differs.

    searches_per_1000.hertfordshire.2020-04.2021-03.all.5f0c2a9b.71e3d0c42a
    measure           force         from    to      group release  digest

The release is the first 8 digits of its id. The digest is taken over the figure as it is printed, so whoever
computes it again and gets the same id has the same numbers to the last digit, and a number that is withheld
cannot be found by trying. Where small numbers were not treated as they are by default, the digest is followed by
how: '71e3d0c42a-smallest10', '71e3d0c42a-round5'.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from openpeel.errors import UseError
from openpeel.figures.withholding import WITHHOLD, SmallNumbers
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month, Period

_RELEASE_DIGITS = 8
_DIGEST_DIGITS = 10
_WHOLE = "all"


@dataclass(frozen=True)
class FigureName:
    """What an id says: whose figure, of what, when, from which release, the digest of its content, and what was
    done with small numbers."""

    measure: str
    force: Force
    period: Period
    group: str | None
    release: str
    digest: str
    small: SmallNumbers = WITHHOLD


def figure_id(
    measure: str,
    force: Force,
    period: Period,
    group: str | None,
    release_id: str,
    content: dict[str, object],
    small: str = "",
) -> str:
    """Build the id of a figure; `content` is everything in it that must not change unnoticed.

    `small` is the label of what was done with small numbers, '' for the default.
    """
    months = period.months()
    about = [measure, force.slug, str(months[0]), str(months[-1]), group or _WHOLE, release_id]
    digest = hashlib.sha256(json.dumps([about, content], sort_keys=True).encode()).hexdigest()
    ending = f"{digest[:_DIGEST_DIGITS]}-{small}" if small else digest[:_DIGEST_DIGITS]
    return ".".join([*about[:-1], release_id[:_RELEASE_DIGITS], ending])


def parse_figure_id(text: str) -> FigureName:
    """Read an id. Raises UseError for anything that is none."""
    none = UseError(
        f"'{text}' is not the id of a figure",
        advice="An id looks like searches.hertfordshire.2020-04.2021-03.all.5f0c2a9b.71e3d0c42a; "
        "'openpeel figures' lists them.",
    )
    parts = text.strip().split(".")
    if len(parts) != 7:
        raise none
    measure, slug, first, last, group, release, ending = parts
    digest, dash, label = ending.partition("-")
    if dash and not label:
        raise none
    try:
        small = SmallNumbers.of_label(label)
    except (ValueError, UseError):
        raise none from None
    return FigureName(
        measure=measure,
        force=find_force(slug),
        period=Period(Month.parse(first).start, Month.parse(last).end),
        group=None if group == _WHOLE else group,
        release=release,
        digest=digest,
        small=small,
    )
