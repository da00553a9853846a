"""A report's tables as an .ods workbook, built with odfdo. What the cells say is `tables.py`.

The same sheets and cells as in the .xlsx: rows of headers are marked as such, every table is a named range of the
database kind, and the language is British English.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import cast
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document, Element
from odfdo.container import Container
from odfdo.xmlpart import XmlPart

from openpeel.reports.cells import COVER
from openpeel.reports.cells import Cell as Content
from openpeel.reports.report import Report
from openpeel.reports.tables import Cover, Table, cover_rows, tables

#: The zip format has no moment before this one; it stands in every part, so that the bytes do not tell the time.
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: Arial of 12 points, as gptables has it, needs so many centimetres for a character on average.
_CHARACTER, _COVER_WIDTH = 0.23, 100
_NUMBER_STYLES = (
    '<number:number-style style:name="number-whole"><number:number number:decimal-places="0" '
    'number:min-integer-digits="1" number:grouping="true"/></number:number-style>',
    '<number:number-style style:name="number-decimal"><number:number number:decimal-places="4" '
    'number:min-decimal-places="1" number:min-integer-digits="1" number:grouping="true"/></number:number-style>',
    '<number:date-style style:name="number-day"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    "</number:date-style>",
)
_TITLE, _HEADING, _LINE, _PROSE, _HEADER, _TEXT = "title", "heading", "line", "prose", "header", "text"
_WHOLE, _DECIMAL, _DAY, _LINK = "whole", "decimal", "day", "link"


def workbook_ods(report: Report) -> bytes:
    """The bytes of the workbook; the same for the same report."""
    made = tables(report)
    document = _empty(report, made.cover.title)
    body = document.body
    body.clear()
    widths = sorted({_COVER_WIDTH, *(c.width for t in made.sheets for c in t.columns)})
    (automatic,) = document.content.get_elements("//office:automatic-styles")
    for style in _styles(widths):
        automatic.append(Element.from_tag(style))
    body.append(_cover(made.cover))
    for table in made.sheets:
        body.append(_table(table))
    body.append(_ranges(made.sheets))
    content = io.BytesIO()
    document.save(content)
    return _timeless(content.getvalue())


def _empty(report: Report, title: str) -> Document:
    """A workbook without sheets. What the template brings of its author's language, picture and toolbars goes."""
    document = Document("spreadsheet")
    container = cast(Container, document.container)
    for part in document.parts:
        if part.startswith(("Thumbnails/", "Configurations2/")):
            container.del_part(part)
    for path in document.manifest.get_paths():
        if path.startswith(("Thumbnails/", "Configurations2/")):
            document.manifest.del_full_path(path)
    for settings in cast(XmlPart, document.get_part("settings.xml")).get_elements("//office:settings"):
        settings.clear()  # they name the template's sheet
    for text in document.styles.get_elements("//style:default-style/style:text-properties"):
        text.set_attribute("fo:language", "en")
        text.set_attribute("fo:country", "GB")
    meta = document.meta
    made_at = datetime.combine(report.made_on, time())
    meta.title = title
    meta.subject = f"{report.force.full_name}, {report.period.label}"
    meta.description = f"Release {report.release} ({report.release_id})"
    meta.language = "en-GB"
    meta.creation_date = made_at
    meta.date = made_at
    meta.initial_creator = meta.creator = "openpeel"
    meta.generator = "openpeel"
    return document


def _styles(widths: Sequence[int]) -> Iterator[str]:
    yield from _NUMBER_STYLES

    def cell(
        name: str,
        *,
        points: int = 12,
        bold: bool = False,
        looks: str = "",
        number: str = "",
        align: str = "start",
    ) -> str:
        data = f' style:data-style-name="number-{number}"' if number else ""
        return (
            f'<style:style style:name="{name}" style:family="table-cell"{data}><style:table-cell-properties '
            f'style:vertical-align="top" {looks}/><style:paragraph-properties fo:text-align="{align}"/>'
            f'<style:text-properties style:font-name="Arial" fo:font-size="{points}pt" '
            f'fo:font-weight="{"bold" if bold else "normal"}" fo:language="en" fo:country="GB"/></style:style>'
        )

    wrapped = 'fo:wrap-option="wrap"'
    yield cell(_TITLE, points=16, bold=True)
    yield cell(_HEADING, points=14, bold=True, looks=wrapped)
    yield cell(_LINE)
    yield cell(_PROSE, looks=wrapped)
    yield cell(_HEADER, bold=True, looks=f'{wrapped} fo:border-bottom="0.06pt solid #000000"')
    yield cell(_TEXT, looks=wrapped)
    for name in (_WHOLE, _DECIMAL, _DAY):
        yield cell(name, number=name, align="end")
    yield (
        f'<style:style style:name="{_LINK}" style:family="text"><style:text-properties fo:color="#0000ff" '
        'style:text-underline-style="solid" style:text-underline-width="auto"/></style:style>'
    )
    for width in widths:
        yield (
            f'<style:style style:name="width-{width}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * _CHARACTER:.2f}cm"/></style:style>'
        )
    yield (
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
    )
    yield (
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true" style:writing-mode="lr-tb"/></style:style>'
    )


def _cover(cover: Cover) -> Element:
    rows = [_row([_cell(cover.title, _TITLE)])]
    rows += [
        _row([_cell(said, _HEADING if is_heading else _PROSE)]) for said, is_heading in cover_rows(cover)
    ]
    return _sheet(COVER, [_COVER_WIDTH], rows)


def _table(table: Table) -> Element:
    rows = [_row([_cell(said, _LINE if place else _TITLE)]) for place, said in enumerate(table.above)]
    header = _row([_cell(column.title, _HEADER) for column in table.columns])
    rows.append(f"<table:table-header-rows>{header}</table:table-header-rows>")
    for place, contents in enumerate(table.rows):
        cells = [_cell(content) for content in contents]
        if table.links:
            cells[0] = _link(str(contents[0]), table.links[place])
        rows.append(_row(cells))
    return _sheet(table.sheet, [column.width for column in table.columns], rows)


def _sheet(name: str, widths: Sequence[int], rows: Sequence[str]) -> Element:
    """A sheet read from its XML at once: cell by cell odfdo takes a minute for a report of forty charts."""
    columns = "".join(f'<table:table-column table:style-name="width-{width}"/>' for width in widths)
    return Element.from_tag(
        f'<table:table table:name={quoteattr(name)} table:style-name="sheet">{columns}{"".join(rows)}</table:table>'
    )


def _row(cells: Sequence[str]) -> str:
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _cell(content: Content, style: str = "") -> str:
    if isinstance(content, str):
        return _xml(style or _TEXT, "string", "", escape(content))
    if isinstance(content, date):
        return _xml(_DAY, "date", f' office:date-value="{content.isoformat()}"', content.isoformat())
    style = _WHOLE if isinstance(content, int) else _DECIMAL
    return _xml(style, "float", f' office:value="{content!r}"', f"{content:,}")


def _link(said: str, sheet: str) -> str:
    address = quoteattr(f"#'{sheet}'.A1")
    link = (
        f'<text:a xlink:type="simple" xlink:href={address} text:style-name="{_LINK}">{escape(said)}</text:a>'
    )
    # Some readers look for no text within a link.
    return _xml(_TEXT, "string", f" office:string-value={quoteattr(said)}", link)


def _xml(style: str, kind: str, value: str, shown: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" calcext:value-type="{kind}"{value}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _ranges(sheets: Sequence[Table]) -> Element:
    """The tables by name, with their header."""
    ranges = Element.from_tag("table:database-ranges")
    for table in sheets:
        first, last = len(table.above) + 1, len(table.above) + 1 + len(table.rows)
        address = f"'{table.sheet}'.A{first}:'{table.sheet}'.{_letters(len(table.columns))}{last}"
        ranges.append(
            Element.from_tag(
                f"<table:database-range table:name={quoteattr(table.name)} "
                f'table:target-range-address={quoteattr(address)} table:contains-header="true"/>'
            )
        )
    return ranges


def _letters(place: int) -> str:
    """The name of a column by its place, from 1: 'A', 'Z', 'AA'."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _timeless(content: bytes) -> bytes:
    """The same package with one moment in all its parts, in the same order; the first stays uncompressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as timeless:
        for part in package.infolist():
            entry = zipfile.ZipInfo(part.filename, _MOMENT)
            entry.compress_type = part.compress_type
            entry.external_attr = 0o600 << 16
            timeless.writestr(entry, package.read(part))
    return out.getvalue()
