"""Workbooks for the tests of intake: XLSX by openpyxl, ODS as LibreOffice writes it. All records are invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

#: A standard of few columns, so that a test can write a sheet in a line.
STANDARD = "callback"

Rows = Sequence[Sequence[Any]]

_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    + "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3">'
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


class Raw(str):
    """The XML of an ODS cell, or of a row, as it stands."""


def xlsx(sheets: Mapping[str, Rows], change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    """A workbook with these sheets; `change` may alter it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, rows in sheets.items():
        sheet: Worksheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(
    sheets: Mapping[str, Iterable[Sequence[Any] | Raw]],
    *,
    hidden: Sequence[str] = (),
    manifest: str = "",
    extra: Mapping[str, str] | None = None,
) -> bytes:
    """A spreadsheet with these sheets; behind the cells of each row stand blank ones without end, as always."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}" table:style-name="{"hidden" if name in hidden else "seen"}">'
        + "".join(row if isinstance(row, Raw) else ods_row(row) for row in rows)
        + '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS_TYPE)
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml"), _MANIFEST.format(manifest))
        member = zipfile.ZipInfo("content.xml")
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, _ODS_HEAD + tables + _ODS_TAIL)
        for name, text in (extra or {}).items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return content.getvalue()


def ods_row(values: Sequence[Any], repeated: int = 1) -> Raw:
    """A row, or the same row many times."""
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return Raw(
        f"<table:table-row{times}>{''.join(map(ods_cell, values))}"
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )


def ods_cell(value: Any) -> Raw:
    """A cell as LibreOffice writes it."""
    if isinstance(value, Raw):
        return value
    if value is None:
        return Raw("<table:table-cell/>")
    if isinstance(value, bool):
        about = f'"boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        about = f'"float" office:value="{value!r}"'
    elif isinstance(value, date):
        about = f'"date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, time):
        about = f'"time" office:time-value="PT{value:%HH%MM%SS}"'
    else:
        about = '"string"'
    shown = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return Raw(f"<table:table-cell office:value-type={about}>{shown}</table:table-cell>")


def repack(content: bytes, change: Mapping[str, bytes | None]) -> bytes:
    """The same zip with members changed, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in change:
                new.writestr(info, old.read(info))
        for name, data in change.items():
            if data is not None:
                member = zipfile.ZipInfo(name)
                member.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(member, data)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    """A member of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def save(path: Path, content: bytes) -> Path:
    """Write a file and say where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
