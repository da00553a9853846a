"""A paragraph, heading, item or cell of a report's source: its text, its references, and where all of it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpeel.reports.references import Reference

#: In the text of a source each reference is one character of Unicode's private plane, which no prose has.
FIRST_PLACEHOLDER = "\U000f0000"

#: After these a full stop ends no sentence.
_SHORT_FORMS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|No|Mr|Mrs|Ms|Dr|St|approx|para|fig|pp?))\.$", re.IGNORECASE
)
_END = re.compile(r"[.!?]['\"”’)\]]*(?=\s|$)")


class Lines:
    """Where the characters of a file stand: offset → line and column, both from 1."""

    def __init__(self, text: str, before: int = 0) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._before = before

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column; lines that stand before the text in its file are counted."""
        at = bisect_right(self._starts, offset) - 1
        return at + 1 + self._before, offset - self._starts[at] + 1

    def start(self, line: int) -> int:
        """The offset of a line of the text, from 0."""
        return self._starts[min(line, len(self._starts) - 1)]


@dataclass(frozen=True)
class Markup:
    """HTML that Markdown makes, such as `<strong>`."""

    html: str


@dataclass(frozen=True)
class Text:
    """Words of the writer, not escaped."""

    text: str


Piece = Markup | Text | Reference


@dataclass(frozen=True)
class Passage:
    """The pieces of a paragraph; `plain` is its text with a placeholder for each reference, `offsets` where its
    characters stand in the source, and `references` the placeholders."""

    pieces: tuple[Piece, ...]
    plain: str
    offsets: tuple[int, ...]
    references: Mapping[str, Reference]
    lines: Lines

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character of `plain`."""
        if not self.offsets:
            return self.lines.place(0)
        return self.lines.place(self.offsets[min(at, len(self.offsets) - 1)])

    def sentences(self, whole: Callable[[Reference], bool]) -> Iterator[tuple[int, int]]:
        """Where each sentence begins and ends in `plain`; a reference that is `whole` is one, or more, by itself."""
        start = 0
        ends = [
            m.end()
            for m in _END.finditer(self.plain)
            if not _SHORT_FORMS.search(self.plain[max(0, m.start() - 8) : m.start() + 1])
        ]
        cuts = set(ends)
        for place, char in enumerate(self.plain):
            if (reference := self.references.get(char)) is not None and whole(reference):
                cuts |= {place, place + 1}
        for end in sorted({*cuts, len(self.plain)}):
            words = self.plain[start:end]
            if words.strip():
                begin = start + len(words) - len(words.lstrip())
                yield begin, start + len(words.rstrip())
            start = end

    def said(self, start: int, end: int, printed: Callable[[Reference], str]) -> str:
        """A part of the text as a reader sees it."""
        return "".join(
            c if (r := self.references.get(c)) is None else printed(r) for c in self.plain[start:end]
        )


def references_in(passages: Sequence[Passage]) -> list[Reference]:
    """The references of passages, in their order."""
    return [p.references[c] for p in passages for c in p.plain if c in p.references]
