"""Pieces of text from a file woven into a passage of one line that knows where each character stood."""

from __future__ import annotations

import re

from openpeel.claims.document import Passage, Place

#: What nobody sees: soft hyphens, and spaces and joiners of no width.
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
#: Words with a plain space between them, as most text is.
_RUN = re.compile(rf"[^\s{_UNSEEN}]+(?: [^\s{_UNSEEN}]+)*")


class Weaver:
    """Takes the text of a paragraph piece by piece, in its order, and gives the passages that came of it.

    Any run of blanks, of whatever kind, becomes one space. Text that nobody sees is dropped.
    """

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self._begin()

    def _begin(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._apart = False
        self._starts: list[int] = []
        self._places: list[Place] = []

    def add(self, text: str, place: Place) -> None:
        """Text of one line, the first character of which stands at `place`. No space is put before it."""
        end = 0
        for run in _RUN.finditer(text):
            self._apart |= any(c.isspace() for c in text[end : run.start()])
            end = run.end()
            if self._apart and self._length:
                self._pieces.append(" ")
                self._length += 1
            self._apart = False
            self._mark(Place(place.page, place.line, place.column + run.start()))
            self._pieces.append(run[0])
            self._length += len(run[0])
        self._apart |= any(c.isspace() for c in text[end:])

    def space(self) -> None:
        """What comes next stands apart, as on a new line."""
        self._apart = True

    def end(self) -> None:
        """The passage is at its end; nothing happens where it holds no text."""
        if self._pieces:
            self.passages.append(Passage("".join(self._pieces), tuple(self._starts), tuple(self._places)))
        self._begin()

    def _mark(self, place: Place) -> None:
        """Begin a new stretch where the text does not simply go on in the file."""
        if self._places:
            last = self._places[-1]
            on = last.column + self._length - self._starts[-1]
            if (last.page, last.line, on) == (place.page, place.line, place.column):
                return
        self._starts.append(self._length)
        self._places.append(place)
