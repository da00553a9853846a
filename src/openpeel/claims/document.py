"""Prose as it was read from a file: paragraphs, and where each character of them stands.

Only the shape lives here; `reading/` makes it from each kind of file.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something stands: page (None where a file has none), line and column, all counted from 1.

    The line is that of the page where there are pages, else that of the file.
    """

    page: int | None
    line: int
    column: int


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, list item or cell of a table, as one line of text; lines are joined by a space.

    `starts` are the offsets in `text` at which a line of the file begins, from 0 up, or its text does not simply go
    on; `places` is where each of them is.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, offset: int) -> Place:
        """Where the character at this offset stands.

        >>> Passage("a b", (0, 2), (Place(None, 1, 1), Place(None, 2, 5))).place(2)
        Place(page=None, line=2, column=5)
        """
        at = bisect_right(self.starts, offset) - 1
        found = self.places[at]
        return Place(found.page, found.line, found.column + offset - self.starts[at])


@dataclass(frozen=True)
class Document:
    """The prose of a file, in its order. `notes` say what of the file could not be read, each a whole sentence."""

    name: str
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()
