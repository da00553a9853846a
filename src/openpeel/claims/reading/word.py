"""Word documents (.docx) into passages. A document has no lines until it is laid out: its paragraphs are counted."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from lxml import etree

from openpeel.claims.document import Passage, Place
from openpeel.claims.reading.limits import ReadingLimits
from openpeel.claims.reading.weaving import Weaver
from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.zips import MemberStream, list_members

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
#: The parts that hold prose, in the order in which they are read.
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_KIND = "Word document (.docx)"
_AGAIN = "Ask for the file again, or open it in Word and save it anew."


def word_passages(path: Path, name: str, limits: ReadingLimits) -> list[Passage]:
    """Headings, paragraphs, list items and cells, then the notes; what tracked changes deleted or moved is left out.

    The line of a place is the number of its paragraph, notes counted on. Raises DataError where the document is
    damaged, unpacks to more than the limits, or names entities of its own, which nobody's Word writes.
    """
    walk = _Walk(name, limits)
    with path.open("rb") as file:
        held = Limits(max_bytes=limits.max_unpacked)
        members = {m.name: m for m in list_members(file, name, held, kind=_KIND, again=_AGAIN)}
        for part in _PARTS:
            if part in members:
                member = MemberStream(file, members[part], f"{name}!{part}")
                walk.part(_parse(member, name))
    return walk.weaver.passages


def _parse(stream: IO[bytes] | MemberStream, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(stream.read(), parser)
    except etree.XMLSyntaxError:
        raise DataError(f"expected a {_KIND}, got one that is damaged", where=name, advice=_AGAIN) from None
    if root.getroottree().docinfo.doctype:
        raise DataError(
            f"expected a {_KIND}, got one that declares entities of its own", where=name, advice=_AGAIN
        )
    return root


class _Walk:
    """Goes through the parts of a document and counts its paragraphs."""

    def __init__(self, name: str, limits: ReadingLimits) -> None:
        self.weaver = Weaver()
        self._name = name
        self._limits = limits
        self._paragraphs = 0
        #: The paragraphs that are open, one within the text box of another: number, and column of what comes next.
        self._open: list[list[int]] = []
        self._characters = 0

    def part(self, root: etree._Element) -> None:
        """Weave the text of a part; a text box within a paragraph is read before the rest of the paragraph."""
        left_out: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            tag = element.tag.replace(_STRICT, _W)
            if event == "end":
                if element is left_out:
                    left_out = None
                elif left_out is None and tag == f"{_W}p":
                    self._end(element)
            elif left_out is None:
                if _is_left_out(element, tag):
                    left_out = element
                elif tag == f"{_W}p":
                    self._begin()
                elif tag == f"{_W}txbxContent":
                    self.weaver.end()
                else:
                    self._text(element, tag)
        self.weaver.end()

    def _begin(self) -> None:
        self._paragraphs += 1
        self._open.append([self._paragraphs, 1])

    def _end(self, paragraph: etree._Element) -> None:
        self._open.pop()
        mark = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del")
        if mark is None:  # else the mark that ends it is deleted, and the next paragraph goes on in it
            self.weaver.end()

    def _text(self, element: etree._Element, tag: str) -> None:
        if tag in (f"{_W}t", _MATH_TEXT):
            text = element.text or ""
        elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}ptab"):
            if element.getparent() is not None and element.getparent().tag.endswith("}tabs"):
                return  # where the stops are, and no tab
            text = " "
        elif tag == f"{_W}noBreakHyphen":
            text = "-"
        else:
            return
        if not self._open:
            return  # text that is in no paragraph, which Word does not show either
        self._characters += len(text)
        self._limits.hold_characters(self._characters, self._name)
        number, column = self._open[-1]
        self.weaver.add(text, Place(None, number, column))
        self._open[-1][1] += len(text)


def _is_left_out(element: etree._Element, tag: str) -> bool:
    if tag in (f"{_W}del", f"{_W}moveFrom"):
        # The same name within properties says that a mark or a row is deleted, and holds no text.
        return len(element) > 0
    if tag == f"{_W}r":
        hidden = element.find(f"{_W}rPr/{_W}vanish")
        return hidden is not None and hidden.get(f"{_W}val", "true") not in ("0", "false", "off")
    if tag == f"{_W}footnote" or tag == f"{_W}endnote":
        return element.get(f"{_W}type") is not None  # lines drawn above the notes
    return tag == _FALLBACK
