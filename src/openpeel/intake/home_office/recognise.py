"""Which published table a file is, by its header or its sheets; a changed one is still known for what it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from openpeel.errors import ReaderError
from openpeel.intake.delimited import read_delimited
from openpeel.intake.home_office import arrests, officers, outcomes, searches, use_of_force, workforce
from openpeel.intake.home_office.layout import csv_layout, workbook_layout
from openpeel.intake.home_office.official_ods import read_sheets
from openpeel.intake.home_office.tallies import PublishedFile
from openpeel.intake.limits import Limits
from openpeel.intake.reading import SpooledFile, spooled
from openpeel.intake.sources import Source


@dataclass(frozen=True)
class PublishedTable:
    """A table that can be read: its title as the publisher calls it, and its reader."""

    id: str
    title: str
    read: Callable[[SpooledFile, Limits, str], PublishedFile]


_CSV = (outcomes, arrests, searches, officers)
_WORKBOOKS = (workforce, use_of_force)


@cache
def published_tables() -> tuple[PublishedTable, ...]:
    """All that can be read, those first whose word goes before another's about the same thing."""
    return (
        *(PublishedTable(m.LAYOUT, workbook_layout(m.LAYOUT).title, m.read) for m in _WORKBOOKS),
        *(PublishedTable(m.LAYOUT, csv_layout(m.LAYOUT).title, m.read) for m in _CSV),
    )


def published_table(source: Source, limits: Limits, encoding: str) -> PublishedTable | None:
    """The table that a file is, or was before its layout changed; None where it is none of ours.

    More than half of the columns, or of the sheets with their titles, have to be there.
    """
    base = source.base.casefold()
    try:
        if base.endswith(".csv"):
            found = _by_header(source, limits, encoding)
        elif base.endswith(".ods"):
            found = _by_sheets(source, limits)
        else:
            return None
    except ReaderError:
        return None
    return next((t for t in published_tables() if t.id == found), None)


def _by_header(source: Source, limits: Limits, encoding: str) -> str:
    with source.open() as stream:
        header = set(
            read_delimited(
                stream, name=source.name, max_field_chars=limits.max_field_chars, encoding=encoding
            ).header
        )
    return _nearest({m.LAYOUT: len(header & set(csv_layout(m.LAYOUT).header)) for m in _CSV}, _columns)


def _by_sheets(source: Source, limits: Limits) -> str:
    with spooled(source, lambda _bytes: None) as file:
        sheets = read_sheets(file, limits)
    known = {
        m.LAYOUT: sum(
            s.name in sheets and sheets[s.name].text(0, 0).startswith(s.title)
            for s in workbook_layout(m.LAYOUT).sheets
            if s.title
        )
        for m in _WORKBOOKS
    }
    return _nearest(known, lambda layout: sum(bool(s.title) for s in workbook_layout(layout).sheets))


def _columns(layout: str) -> int:
    return len(csv_layout(layout).header)


def _nearest(known: dict[str, int], size: Callable[[str], int]) -> str:
    best = max(known, key=lambda layout: known[layout] / size(layout))
    return best if known[best] * 2 > size(best) else ""
