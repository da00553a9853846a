"""Web pages into passages: what a reader of the page sees, and where in its source it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape

from lxml import etree, html

from openpeel.claims.document import Passage, Place
from openpeel.claims.reading.weaving import Weaver
from openpeel.errors import DataError

#: Elements within a line of text: all others part what stands before them from what follows.
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|br|cite|code|data|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|"
    "sup|time|tt|u|var|wbr"
)
_NOT_SEEN = re.compile(
    "button|datalist|del|head|iframe|math|nav|noscript|object|script|select|style|svg|template|textarea|title"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What is not closed goes on to the end, as in a browser; to look for the end of each would take for ever.
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
_UNSEEN_PART = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
#: How far ahead a word is looked for in the source, and how often in vain in all of it: not every word of a page is
#: there as the reader sees it.
_WINDOW = 5_000
_IN_VAIN = 100
_WORD = re.compile(r"\S+")
_LINE = re.compile(r"\r\n|\r|\n")


def web_passages(text: str, name: str, *, first_line: int = 1) -> list[Passage]:
    """The paragraphs, headings, list items and cells of a page, or of a piece of one that begins at `first_line`.

    Scripts, styles, navigation, deleted and hidden parts are left out. Raises DataError where it cannot be read whole.
    """
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # a page with nothing but comments
        return []
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        # The parser stops there, and what follows would be left out without a word.
        raise DataError(
            "expected a web page, got one whose elements lie too deep in one another to be read",
            where=name,
            advice="Save it from the browser as text, or as a PDF.",
        )
    return _Walk(_Source(text, first_line)).passages(root)


class _Source:
    """Finds the words of a page in its source, in their order: the parser tells of lines only, and of few of them."""

    def __init__(self, text: str, first_line: int) -> None:
        blank = _UNSEEN_PART.sub(lambda part: _blank(part[0]), text)
        blank = _MARKUP.sub(lambda tag: _blank(tag[0]), blank)
        self._text = _ENTITY.sub(lambda found: unescape(found[0]).rjust(len(found[0]), "\x00"), blank)
        self._line_starts = [0, *(m.end() for m in _LINE.finditer(text))]
        self._first_line = first_line
        self._at = 0
        self._in_vain = 0

    def places(self, line: str) -> Iterator[tuple[str, Place]]:
        """A line of text, and where it begins; word by word where the source has entities in it."""
        first = _WORD.search(line)
        if first is None:
            yield line, self._place(self._at)
            return
        found = self._find(first[0])
        if found >= 0 and self._text.startswith(line[first.start() :], found):
            self._at = found + len(line) - first.start()
            yield line, self._place(found - first.start())
            return
        for word in re.finditer(r"(\s*)(\S+)(\s*)", line):
            here = self._place(self._at)
            yield word[1], here
            # What stands for an entity in the source is as long as it is there.
            whole = re.compile("\x00*".join(map(re.escape, word[2])))
            match = whole.search(self._text, self._at, self._at + _WINDOW)
            if match is None:
                yield word[2], here
            else:
                self._at = match.end()
                for piece in re.finditer(r"[^\x00]+", match[0]):
                    yield piece[0], self._place(match.start() + piece.start())
            yield word[3], self._place(self._at)

    def pass_over(self, text: str) -> None:
        """Text that nobody sees, so that its words are not taken for those that follow."""
        for line in _LINE.split(text):
            for _ in self.places(line):
                pass

    def _find(self, word: str) -> int:
        found = self._text.find(word, self._at, self._at + _WINDOW)
        if found < 0 and self._in_vain < _IN_VAIN:
            found = self._text.find(word, self._at)
            self._in_vain += found < 0
        return found

    def _place(self, offset: int) -> Place:
        offset = max(offset, 0)
        at = bisect_right(self._line_starts, offset) - 1
        return Place(None, at + self._first_line, offset - self._line_starts[at] + 1)


def _blank(part: str) -> str:
    return re.sub(r"[^\r\n]", "\x00", part)


class _Walk:
    """Goes through the elements of a page in the order of its source."""

    def __init__(self, source: _Source) -> None:
        self._weaver = Weaver()
        self._source = source
        self._breaks = 0

    def passages(self, root: html.HtmlElement) -> list[Passage]:
        unseen: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if unseen is None and _is_unseen(element):
                    unseen = element
                if unseen is None:
                    self._enter(element)
                elif element.text and element.tag not in ("script", "style"):
                    self._source.pass_over(element.text)
                continue
            if unseen is None:
                self._edge(element)
            if unseen is element:
                unseen = None
            if element.tail and unseen is None:
                self._text(element.tail)
            elif element.tail:
                self._source.pass_over(element.tail)
        self._weaver.end()
        return self._weaver.passages

    def _enter(self, element: etree._Element) -> None:
        if element.tag == "br":
            self._breaks += 1
            self._weaver.space()
            if self._breaks == 2:
                self._weaver.end()
        else:
            self._edge(element)
        if element.text:
            self._text(element.text)

    def _edge(self, element: etree._Element) -> None:
        if not _INLINE.fullmatch(element.tag):
            self._weaver.end()

    def _text(self, text: str) -> None:
        if text.strip():
            self._breaks = 0
        for i, line in enumerate(_LINE.split(text)):
            if i:
                self._weaver.space()
            if line:
                for piece, place in self._source.places(line):
                    self._weaver.add(piece, place)


def _is_unseen(element: etree._Element) -> bool:
    return (
        _NOT_SEEN.fullmatch(element.tag) is not None
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style", "")) is not None
    )
