"""A look through the sheets of an .xlsx before it is read: does it fit in memory, and which cells hold no value.

First by patterns over the bytes, which takes a fraction of the time of reading them; only a sheet in which they find
something is parsed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat

from openpeel.errors import DataError
from openpeel.intake.cells import cell_name
from openpeel.intake.faults import NEVER_CALCULATED, Faults, called, check_size, error_called
from openpeel.intake.limits import Limits
from openpeel.intake.package import Package

_STRINGS = "xl/sharedStrings.xml"
# An error, merged cells, or what no program writes: a document type, an attribute in single quotes.
_WORTH_A_LOOK = (b't="e"', b"t='e'", b"mergeCell ", b"<!")
_FORMULA = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
# The end of a formula behind which no value stands.
_WITHOUT_VALUE = re.compile(rb"<(?:/(?:\w+:)?f>|(?:\w+:)?f(?:\s[^>]*)?/>)(?!<(?:\w+:)?v>[^<])")
# A number in a cell so far below 0 that python-calamine gives up where it is formatted as a day: 10 to the 11th.
_FAR_BELOW = re.compile(rb">\s*-(?:\d{11}|[\d.]+[eE]\+?\d)")
_DAYS = -1e11
_COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d')
_ROW = re.compile(rb'\br="[A-Z]{1,3}(\d{1,7})"')
_CELL_END = b"</c>"
_STRING_END = re.compile(rb"</(?:\w+:)?si>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LONGEST_TAG = 16 * 1024**2
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


class XlsxScan:
    """The sheets of a workbook by name, and what was found in them."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._longest: int | None = None
        book = self._tree("xl/workbook.xml")
        targets = {
            element.get("Id", ""): self._part(element.get("Target", ""))
            for element in self._tree("xl/_rels/workbook.xml.rels").iter()
            if element.tag.endswith("}Relationship")
        }
        self._parts: dict[str, str] = {}
        self._never_calculated = False
        for element in book.iter():
            if element.tag.endswith("}sheet"):
                of = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                self._parts[element.get("name", "")] = targets.get(of, "")
            elif element.tag.endswith("}calcPr"):
                # Written by programs that leave the calculating to whoever opens the file.
                self._never_calculated = element.get("fullCalcOnLoad") in ("1", "true")

    def look_through(self, sheet: str) -> Faults:
        """What is wrong with the cells of a sheet. Raises DataError where it is damaged or too large."""
        part = self._parts.get(sheet, "")
        if part not in self._package.parts:
            raise self._package.damaged()
        columns: set[bytes] = set()
        rows: set[bytes] = set()
        cells = 0
        look = self._package.open(part).read(64).count(b"\0") > 0  # in UTF-16 the patterns find nothing
        for block in _whole_cells(self._package.blocks(part)):
            found = _COLUMN.findall(block)
            columns.update(found)
            rows.update(_ROW.findall(block))
            cells += len(found)
            look = look or len(found) < len(_CELL.findall(block)) or self._is_worth_a_look(block)
        height = max(map(int, rows), default=0)
        width = max((_column(letters.decode()) for letters in columns), default=0)
        try:
            chars = cells * self._longest_string()
            check_size(height * width, chars, self._limits, name=self._package.name, sheet=sheet)
        except DataError:
            look = (
                True  # it may be less: cells without a value are not laid out, and few texts are the longest
            )
        return self._parse(sheet, part) if look else Faults()

    def _is_worth_a_look(self, block: bytes) -> bool:
        if any(mark in block for mark in _WORTH_A_LOOK) or (b">-" in block and _FAR_BELOW.search(block)):
            return True
        if not any(mark in block for mark in _FORMULA):
            return False
        return self._never_calculated or _WITHOUT_VALUE.search(block) is not None

    def _parse(self, sheet: str, part: str) -> Faults:
        faults = _Parser(self._never_calculated, self._string_lengths)
        try:
            for block in self._package.blocks(part):
                faults.parser.Parse(block, False)
                faults.check(self._limits, name=self._package.name, sheet=sheet)
            faults.parser.Parse(b"", True)
        except (expat.ExpatError, _NotASheetError):
            raise self._package.damaged() from None
        except _FarBelowError as cell:
            raise DataError(
                f"expected numbers that can be read, got one too far below 0 in cell {cell}.",
                where=f"{self._package.name}, {called(sheet)}",
                advice="Mend the cell or clear it.",
            ) from None
        return faults.found

    def _string_lengths(self) -> list[int]:
        if _STRINGS not in self._package.parts:
            return []
        return [len(text) for text in _STRING_END.split(self._package.open(_STRINGS).read())]

    def _longest_string(self) -> int:
        if self._longest is None:
            self._longest = max(self._string_lengths(), default=0)
        return self._longest

    def _tree(self, part: str) -> ElementTree.Element:
        try:
            return ElementTree.fromstring(self._package.small(part))
        except (ElementTree.ParseError, ValueError):
            raise self._package.damaged() from None

    def _part(self, target: str) -> str:
        """Where in the package the target of a relation is, however it is capitalised."""
        path = (
            target[1:] if target.startswith("/") else target if target.startswith("xl/") else f"xl/{target}"
        )
        path = posixpath.normpath(path)
        return next((p for p in self._package.parts if p.casefold() == path.casefold()), path)


class _FarBelowError(Exception):
    """A cell, by its name, that would make python-calamine give up."""


class _NotASheetError(Exception):
    """The XML is well formed and no sheet."""


class _LocalNames(dict[str, str]):
    """The names of tags without their prefixes."""

    def __missing__(self, tag: str) -> str:
        self[tag] = tag.rpartition(":")[2]
        return self[tag]


class _Parser:
    """One pass over a sheet, cell by cell."""

    def __init__(self, never_calculated: bool, string_lengths: Callable[[], list[int]]) -> None:
        self.found = Faults()
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._names = _LocalNames()
        self._never_calculated = never_calculated
        self._lengths_of = string_lengths
        self._lengths: list[int] | None = None
        self._chars = 0
        self._bottom = self._right = -1
        self._row = self._column = -1
        self._kind = "n"
        self._formula = self._valued = False
        self._text: list[str] = []

    def check(self, limits: Limits, *, name: str, sheet: str) -> None:
        """Refuse the sheet as soon as it is too large."""
        check_size((self._bottom + 1) * (self._right + 1), self._chars, limits, name=name, sheet=sheet)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names[tag]
        if name == "c":
            self._kind = attributes.get("t", "n")
            self._formula = self._valued = False
            self._place(attributes.get("r"))
        elif name in ("v", "is"):
            self._valued = True
            self._bottom = max(self._bottom, self._row)
            self._right = max(self._right, self._column)
            self._text = []
            self.parser.CharacterDataHandler = self._text.append
            self.parser.EndElementHandler = self._end
        elif name == "f":
            self._formula = True
            self.parser.EndElementHandler = self._end
        elif name == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = -1
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        name = self._names[tag]
        if name == "v":
            self.parser.CharacterDataHandler = None
            text = "".join(self._text)
            if self._kind == "e":
                self.found.add(self._row, self._column, error_called(text))
            elif self._kind == "s" and text.strip().isdecimal():
                self._count(int(text[:12]))
            elif not text and self._kind != "str":
                self._valued = False
            elif text[:1] == "-" and self._kind == "n" and _is_far_below(text):
                raise _FarBelowError(cell_name(self._row, self._column))
        elif name == "c":
            self.parser.EndElementHandler = None
            if self._formula and (self._never_calculated or not self._valued):
                self.found.add(self._row, self._column, NEVER_CALCULATED)

    def _place(self, place: str | None) -> None:
        if place is None:
            self._column += 1
            return
        letters = place.rstrip("0123456789")
        number = place[len(letters) :]
        if not (0 < len(letters) < 4 and letters.isalpha() and letters.isupper() and 0 < len(number) < 8):
            raise _NotASheetError
        self._column, self._row = _column(letters) - 1, int(number) - 1

    def _count(self, string: int) -> None:
        if self._lengths is None:
            self._lengths = self._lengths_of()
        if string < len(self._lengths):
            self._chars += self._lengths[string]

    def _merged(self, area: str) -> None:
        found = _AREA.fullmatch(area)
        if found is None:
            raise _NotASheetError
        left, top = _column(found[1]) - 1, int(found[2]) - 1
        right, bottom = (_column(found[3]) - 1, int(found[4]) - 1) if found[3] else (left, top)
        self.found.merged.append((top, left, bottom, right))

    def _refuse(self, *_declared: object) -> None:
        raise _NotASheetError


def _whole_cells(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind a cell, or before a tag where none ends; never within a tag."""
    rest = b""
    for block in blocks:
        block = rest + block
        end = block.rfind(_CELL_END)
        cut = block.rfind(b"<") if end < 0 else end + len(_CELL_END)
        if cut <= 0 and len(block) > _LONGEST_TAG:
            cut = len(block)
        if cut > 0:
            yield block[:cut]
        rest = block[max(cut, 0) :]
    if rest:
        yield rest


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """The number of a column, from 1.

    >>> _column("A"), _column("AB"), _column("XFD")
    (1, 28, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _is_far_below(text: str) -> bool:
    try:
        return float(text) <= _DAYS
    except ValueError:
        return False


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdecimal():
        raise _NotASheetError
    return int(text[:12]) - 1
