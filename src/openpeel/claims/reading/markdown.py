"""Markdown into passages, as CommonMark says, with tables; code blocks and front matter are no prose."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from openpeel.claims.document import Passage, Place
from openpeel.claims.reading.encoding import lines_of
from openpeel.claims.reading.weaving import Weaver
from openpeel.claims.reading.web import web_passages

_WORD = re.compile(r"\S+")


def markdown_passages(text: str, name: str) -> list[Passage]:
    """The paragraphs, headings, list items and cells, each character with its line and column in the source."""
    lines = lines_of(text)
    # What is nested deeper than so is left out by the parser, of which CommonMark knows nothing.
    nesting = {"maxNesting": 200}
    # Without joining, an entity is a token of its own and what follows it is found where it stands.
    reader = MarkdownIt("commonmark", nesting).enable("table").disable("text_join").use(front_matter_plugin)
    found: list[Passage] = []
    inner = _Inline(lines)
    for token in reader.parse("\n".join(lines)):
        if token.type == "inline" and token.map:
            found += inner.passages(token.children or (), token.map[0])
        elif token.type == "html_block" and token.map:
            found += web_passages(token.content, name, first_line=token.map[0] + 1)
    return found


class _Inline:
    """Weaves what stands within a block; the parser tells its first line, and columns are found in the source."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._line = 0
        self._column = 0

    def passages(self, children: Iterable[Token], first: int) -> list[Passage]:
        if first != self._line:  # the cells of a row stand on one line, one after the other
            self._line, self._column = first, 0
        weaver = Weaver()
        for child in children:
            if child.type in ("softbreak", "hardbreak"):
                self._line += 1
                self._column = 0
                weaver.space()
            elif child.type == "text_special":  # an entity or a mark behind a backslash, as `markup` has it
                place = self._place(child.markup)
                weaver.add(child.content, place)
            elif child.type in ("text", "code_inline", "image"):
                # What is written over two lines in the source of code or a picture counts as on its first.
                weaver.add(child.content, self._place(child.content))
            elif child.type == "html_inline" and child.content.startswith("<br"):
                weaver.space()
        weaver.end()
        return weaver.passages

    def _place(self, text: str) -> Place:
        word = _WORD.search(text)
        line = self._lines[self._line] if self._line < len(self._lines) else ""
        if word is not None:
            found = line.find(word[0], self._column)
            if found >= 0:
                self._column = found + len(text) - word.start()
                return Place(None, self._line + 1, found - word.start() + 1)
        return Place(None, self._line + 1, self._column + 1)
