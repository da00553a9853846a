"""What a cell of a workbook may hold: texts and numbers as spreadsheets keep them, shorthand where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Cell = str | int | float | date

#: Shorthand of the guidance on symbols in tables. A small number that is withheld is what it calls confidential.
CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SHORTHAND = {
    CONFIDENTIAL: "confidential: the number is small, or would give a small number away, and is withheld",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
}

#: Names of sheets that are taken. Excel keeps the last for itself.
COVER, CONTENTS, NOTES, FIGURES, GRADES = "Cover", "Contents", "Notes", "Figures", "Grades"
_RESERVED = (COVER, CONTENTS, NOTES, FIGURES, GRADES, "History")

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
    kind: Literal["text", "number", "date"]
    about: str
    width: int = 14


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


def number(value: float | None, without: str) -> Cell:
    """A number as spreadsheets keep it: whole where it is, else to 15 digits; shorthand where there is none."""
    if value is None:
        return without
    kept = float(f"{value:.{DIGITS}g}")
    return int(kept) if kept.is_integer() else kept


def shorthand_used(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """What the shorthand in these rows means, in a line; nothing where there is none."""
    used = {cell for row in rows for cell in row if isinstance(cell, str)}
    said = [f"{mark} {meaning}" for mark, meaning in SHORTHAND.items() if mark in used]
    return (f"Shorthand used: {'; '.join(said)}.",) if said else ()
