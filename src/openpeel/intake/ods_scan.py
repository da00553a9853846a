"""A look through the sheets of an .ods before it is read: does it fit in memory, and which cells hold no value.

The bytes are cut into rows, and only a row in which something is uncommon is looked at cell by cell. All spreadsheet
programs write the same prefixes, and python-calamine reads no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from openpeel.intake.faults import NEVER_CALCULATED, Faults, check_size, error_called, is_error
from openpeel.intake.limits import Limits
from openpeel.intake.package import Package

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_ROW_BYTES = 64 * 1024**2  # a row of as many columns takes 3 MB
_ATTRIBUTES = rb"""(?:[^>"'/]|"[^"]*"|'[^']*'|/(?!>))*+"""
_PIECE = re.compile(
    rb"<table:table-row(?P<row>" + _ATTRIBUTES + rb")(?P<closed>/?)>"
    rb"|<table:table(?P<table>\s" + _ATTRIBUTES + rb")/?>"
)
_ROW_END = b"</table:table-row>"
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell(?P<of>"
    + _ATTRIBUTES
    + rb")(?:/>|>(?P<content>.*?)</table:(?:covered-)?table-cell\s*>)",
    re.DOTALL,
)
# What LibreOffice writes for the columns behind the last: blank, and many.
_BLANK_END = re.compile(
    rb'<table:table-cell(?: table:style-name="[^"]*")?(?: table:number-columns-repeated="\d+")?/>$'
)
# Of a row that stands once: a cell that holds something and is repeated, merged, an error, or a text in parts.
_UNCOMMON = re.compile(
    rb'repeated="\d+"[^>]*[^/]>|repeated=[^"]|-spanned=|covered-|"error"|>#|>Err:|<text:(?:tab|line-break)|text:c="\d{4,}'
)
_REPEATED = re.compile(rb'repeated="(\d+)"')
_SPACES = re.compile(rb'text:c="(\d+)"')
_TAG = re.compile(rb"<[^>]*>")
_ANNOTATION = re.compile(rb"<office:annotation[\s>].*?</office:annotation\s*>", re.DOTALL)
_VALUE_OF = {
    b"float": b"office:value=",
    b"percentage": b"office:value=",
    b"currency": b"office:value=",
    b"date": b"office:date-value=",
    b"time": b"office:time-value=",
    b"boolean": b"office:boolean-value=",
}
_VALUES = (b'office:value-type="string"', *dict.fromkeys(_VALUE_OF.values()))
_NUMBERS = (b"float", b"percentage", b"currency")


@dataclass
class _Sheet:
    """A sheet being looked through."""

    name: str
    faults: Faults
    row: int = 0  # the next one
    bottom: int = 0  # how many rows and columns there are up to the last that hold something
    right: int = 0
    chars: int = 0  # of the texts that are written once and stand in several cells


def scan_ods(package: Package, limits: Limits) -> dict[str, Faults]:
    """What is wrong with the cells of each sheet, by its name.

    Raises DataError where a sheet is damaged or too large.
    """
    found: dict[str, Faults] = {}
    sheet: _Sheet | None = None
    for attributes, body in _rows(package):
        if body is None:
            sheet = _Sheet(
                unescape(_attribute(attributes, b"table:name").decode("utf-8", "replace")), Faults()
            )
            found[sheet.name] = sheet.faults
        elif sheet is not None:
            _look_at_row(sheet, _repeats(attributes, b"table:number-rows-repeated", package), body, package)
            check_size(sheet.bottom * sheet.right, sheet.chars, limits, name=package.name, sheet=sheet.name)
    return found


def _look_at_row(sheet: _Sheet, repeats: int, body: bytes, package: Package) -> None:
    body = _BLANK_END.sub(b"", body)
    typed = body.count(b"office:value-type=")
    if (
        repeats == 1
        and typed == body.count(b"</table:table-cell>") == sum(map(body.count, _VALUES))
        and not _UNCOMMON.search(body)
    ):
        if typed:
            # Only blank cells are repeated here.
            width = body.count(b"<table:table-cell") + sum(int(n[:9]) - 1 for n in _REPEATED.findall(body))
            sheet.bottom, sheet.right = sheet.row + 1, max(sheet.right, width)
        sheet.row += 1
        return
    column, rows = 0, range(sheet.row, sheet.row + repeats)
    faults: list[tuple[int, str]] = []
    holds = False
    for cell in _CELL.finditer(body):
        of, content = cell["of"], cell["content"] or b""
        across = _repeats(of, b"table:number-columns-repeated", package)
        kind = _attribute(of, b"office:value-type")
        if kind or content:
            if b"<office:annotation" in content:
                content = _ANNOTATION.sub(b"", content)
            text = _TAG.sub(b"", content)
            holds = holds or bool(kind or text.strip())
            sheet.right = max(sheet.right, column + across)
            spaces = sum(int(n[:12]) for n in _SPACES.findall(content)) if b"text:c" in content else 0
            if across * repeats > 1:
                sheet.chars += (len(text) + spaces) * across * repeats
            else:
                sheet.chars += spaces
            if kind or text.strip():
                got = _fault(of, kind, text.strip(), content, package)
                if got:
                    faults.append((column, got))
        if b"-spanned" in of:
            down = _repeats(of, b"table:number-rows-spanned", package)
            wide = _repeats(of, b"table:number-columns-spanned", package)
            sheet.faults.merged.append((sheet.row, column, sheet.row + down - 1, column + wide - 1))
        column += across
    if holds:
        sheet.bottom = rows.stop
        if sheet.bottom > _MOST_ROWS or sheet.right > _MOST_COLUMNS:
            raise package.damaged()
        for row in rows if faults else ():
            for place, got in faults:
                sheet.faults.add(row, place, got)
    sheet.row = rows.stop


def _fault(of: bytes, kind: bytes, text: bytes, content: bytes, package: Package) -> str:
    """What a cell holds instead of a value that can be read, or ''."""
    if b'calcext:value-type="error"' in of or (text[:1] in (b"#", b"E") and b"table:formula=" in of):
        shown = unescape(text.decode("utf-8", "replace"))
        if b'"error"' in of or is_error(shown):
            return error_called(shown)
    if not kind:
        return "a text without a type"
    wanted = _VALUE_OF.get(kind)
    if wanted is not None and wanted not in of:
        return NEVER_CALCULATED if b"table:formula=" in of else f"a {kind.decode()} without a value"
    if kind in _NUMBERS:
        try:
            float(_attribute(of, b"office:value"))
        except ValueError:
            raise package.damaged() from None
    if b"<text:tab" in content or b"<text:line-break" in content:
        return "a text with a tab or a forced line break"
    return ""


def _rows(package: Package) -> Iterator[tuple[bytes, bytes | None]]:
    """Each row's attributes and content, in the order of the file; before those of a sheet its attributes and None."""
    rest = b""
    for block in package.blocks("content.xml"):
        if b"<!" in rest[-1:] + block:
            raise package.damaged()  # no spreadsheet program writes a document type or a comment
        rest += block
        at = 0
        while piece := _PIECE.search(rest, at):
            at, end, body = piece.start(), piece.end(), b""
            if piece["row"] is not None and not piece["closed"]:
                close = rest.find(_ROW_END, end)
                if close < 0:
                    break
                body, end = rest[end:close], close + len(_ROW_END)
            at = end
            if piece["row"] is not None:
                yield piece["row"], body
            elif piece["table"] is not None:
                yield piece["table"], None
        else:
            at = max(at, rest.rfind(b"<"))  # a tag that the end of the block cut in two
        rest = rest[at:]
        if len(rest) > _ROW_BYTES:
            raise package.damaged()
    if _PIECE.search(rest):
        raise package.damaged()


def _attribute(attributes: bytes, name: bytes) -> bytes:
    begin = attributes.find(name + b'="')
    if begin >= 0:
        begin += len(name) + 2
        return attributes[begin : attributes.find(b'"', begin)]
    found = re.search(name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", attributes)
    return (found[1] or found[2] or b"") if found else b""


def _repeats(attributes: bytes, name: bytes, package: Package) -> int:
    if name not in attributes:
        return 1
    found = _attribute(attributes, name)
    if not found.isdigit() or int(found[:12]) == 0:
        raise package.damaged()
    return int(found[:12])
