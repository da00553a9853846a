"""The head of a report's source, in TOML between two lines of `+++`: title, force, period and corrections.

+++
title = "An inspection of Hertfordshire Constabulary"
force = "hertfordshire"
ending = "2024-03-31"          # of the year that a reference means which names no other

[[corrections]]
on = 2026-01-05
note = "The share of calls answered was that of the year before."
+++
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpeel.errors import DataError, UseError
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Period
from openpeel.reports.report import Correction

_FENCE = "+++"
_KEYS = ("title", "force", "ending", "corrections")
_EXAMPLE = 'Begin the file with a line +++, then title = "…" and whatever else, then a line +++.'
_LINE_OF_TOML = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class FrontMatter:
    """What the head says. `force` and `period` are None where it leaves them to the command; `title_line` is from 1."""

    title: str
    title_line: int
    force: Force | None
    period: Period | None
    corrections: tuple[Correction, ...]


def read_front_matter(text: str, name: str) -> tuple[FrontMatter, int]:
    """The head of a source, and how many lines it takes with its two fences.

    Raises DataError, with the line, where there is none or it is not as it should be.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise DataError(f"expected a line {_FENCE} first, got none", where=f"{name}, line 1", advice=_EXAMPLE)
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise DataError(f"the head has no second line {_FENCE}", where=f"{name}, line 1", advice=_EXAMPLE)
    try:
        raw = tomllib.loads("\n".join([*lines[1:end], ""]))
    except tomllib.TOMLDecodeError as error:
        found = _LINE_OF_TOML.search(str(error))
        line = int(found[1]) + 1 if found else 1
        message = _LINE_OF_TOML.sub("", str(error))
        raise DataError(f"the head is not TOML: {message}", where=f"{name}, line {line}") from None
    head = _Head(raw, lines[: end + 1], name)
    for key in raw:
        if key not in _KEYS:
            raise DataError(
                f"the head knows no '{key}'", where=head.where(key), advice=f"It has {', '.join(_KEYS)}."
            )
    return (
        FrontMatter(head.title(), head.line("title"), head.force(), head.period(), head.corrections()),
        end + 1,
    )


class _Head:
    def __init__(self, raw: Mapping[str, Any], lines: list[str], name: str) -> None:
        self._raw, self._lines, self._name = raw, lines, name

    def line(self, key: str, place: int = 0) -> int:
        """The line on which a key stands for the so-manyth time, from 0; the first of the head where it does not."""
        pattern = re.compile(rf"\s*(?:\[\[)?\s*[\"']?{re.escape(key)}[\"']?\s*(?:=|\]\])")
        at = [i for i, line in enumerate(self._lines, start=1) if pattern.match(line)]
        return at[place] if place < len(at) else 1

    def where(self, key: str, place: int = 0) -> str:
        return f"{self._name}, line {self.line(key, place)}"

    def _text(self, key: str) -> str | None:
        value = self._raw.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise DataError(f"expected a text for '{key}'", where=self.where(key))
        return value

    def title(self) -> str:
        title = self._text("title")
        if title is None:
            raise DataError("the head has no title", where=f"{self._name}, line 1", advice=_EXAMPLE)
        return " ".join(title.split())

    def force(self) -> Force | None:
        text = self._text("force")
        try:
            return None if text is None else find_force(text)
        except UseError as error:
            raise DataError(error.message, where=self.where("force"), advice=error.advice) from None

    def period(self) -> Period | None:
        day = self._raw.get("ending")
        if day is None:
            return None
        try:
            if isinstance(day, str):
                day = date.fromisoformat(day)
            if not isinstance(day, date) or isinstance(day, datetime):
                raise ValueError
            return Period.year_ending(day)
        except ValueError:
            raise DataError(
                "expected the last day of a year for 'ending', such as 2024-03-31", where=self.where("ending")
            ) from None
        except UseError as error:
            raise DataError(error.message, where=self.where("ending"), advice=error.advice) from None

    def corrections(self) -> tuple[Correction, ...]:
        listed = self._raw.get("corrections", [])
        example = 'Write [[corrections]], and below it on = 2026-01-05 and note = "what was put right".'
        if not isinstance(listed, list):
            raise DataError("expected a list of corrections", where=self.where("corrections"), advice=example)
        found = []
        for place, each in enumerate(listed):
            where = self.where("corrections", place)
            if not isinstance(each, dict) or set(each) != {"on", "note"}:
                raise DataError("a correction has 'on' and 'note', and no more", where=where, advice=example)
            on, note = each["on"], each["note"]
            if not isinstance(on, date) or isinstance(on, datetime):
                raise DataError(
                    "expected a day without quotes for 'on' of a correction", where=where, advice=example
                )
            if not isinstance(note, str) or not note.strip():
                raise DataError("expected a text for 'note' of a correction", where=where, advice=example)
            found.append(Correction(on, " ".join(note.split())))
        return tuple(sorted(found, key=lambda c: c.on))
