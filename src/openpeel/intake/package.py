"""Workbooks as files: which kind one is, by its bytes and not its name, and its parts; what is refused before any
reader sees it.

What is in the sheets is the business of `xlsx_scan.py`, `ods_scan.py` and `workbook.py`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal

from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.rows import looks_like
from openpeel.intake.zips import Member, MemberStream, list_members

WORKBOOK_ENDINGS = (".xlsx", ".ods", ".xlsm", ".xlsb", ".xls")
"""By these names workbooks are looked at; all but the first two only to say why they are not read."""

Kind = Literal["xlsx", "ods"]

_CALLED: dict[Kind, str] = {"xlsx": "Excel workbook (.xlsx)", "ods": "OpenDocument spreadsheet (.ods)"}
_SAVE_AS = "Save it as an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or CSV UTF-8."
_AGAIN = "Ask for the file again, or open it and save it anew."
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_OLD = b"\xd0\xcf\x11\xe0"
_BLOCK_BYTES = 1 << 20
_SMALL_BYTES = 16 * 1024**2  # parts that say which sheets there are: a few kB


@dataclass(frozen=True)
class Package:
    """A workbook that may be read: `parts` are its members by name, `stream` its bytes."""

    kind: Kind
    name: str
    parts: dict[str, Member]
    stream: IO[bytes]

    def open(self, part: str) -> IO[bytes]:
        """The unpacked bytes of a part. Raises DataError, here or while it is read, where it is damaged."""
        member = MemberStream(self.stream, self.parts[part], f"{self.name}!{part}")
        return io.BufferedReader(member, _BLOCK_BYTES)

    def blocks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part, some at a time."""
        stream = self.open(part)
        while block := stream.read(_BLOCK_BYTES):
            yield block

    def small(self, part: str) -> bytes:
        """A part that says something about the workbook as a whole."""
        data = self.open(part).read(_SMALL_BYTES)
        if len(data) == _SMALL_BYTES or b"<!DOCTYPE" in data:
            raise self.damaged()
        return data

    def damaged(self) -> DataError:
        """What is said of a workbook whose parts do not say what they have to."""
        return DataError(
            f"expected an {_CALLED[self.kind]}, got one that is damaged.", where=self.name, advice=_AGAIN
        )


def open_package(stream: IO[bytes], *, name: str, base: str, limits: Limits) -> Package:
    """The workbook in a stream that can be read from any place; `base` is its file's name.

    Raises DataError where it is of another kind than its name says, has a password or macros, is damaged, or
    unpacks to more than the limits.
    """
    ending = next(e for e in WORKBOOK_ENDINGS if base.casefold().endswith(e))
    wanted: Kind = "ods" if ending == ".ods" else "xlsx"
    stream.seek(0)
    head = stream.read(4096)
    if head.startswith(_OLD):
        raise _old(stream, name, wanted)
    if not head.startswith(b"PK"):
        found = looks_like(head)
        advice = (
            "If it is CSV, give it a name that ends in .csv."
            if found == "text"
            else "If it is Parquet, give it a name that ends in .parquet."
            if head.startswith(b"PAR1")
            else _AGAIN
        )
        raise DataError(f"expected an {_CALLED[wanted]}, got {found}.", where=name, advice=advice)
    members = list_members(stream, name, limits, kind=_CALLED[wanted], again=_AGAIN)
    parts = {member.name: member for member in members}
    if len({part.casefold() for part in parts}) < len(parts):
        raise DataError(
            f"expected an {_CALLED[wanted]}, got one in which two parts have the same name.",
            where=name,
            advice=_AGAIN,
        )
    kind: Kind = "ods" if "mimetype" in parts else "xlsx"
    package = Package(kind, name, parts, stream)
    _check_kind(package, wanted, ending)
    _check_parts(package)
    return package


def _check_kind(package: Package, wanted: Kind, ending: str) -> None:
    """Refuse what is no workbook of the kind that its name says, or one that has a password or macros."""
    parts, kind = package.parts, package.kind
    found = ""
    if kind == "ods":
        if (
            package.open("mimetype").read(len(_ODS_TYPE) + 1).strip() != _ODS_TYPE
            or "content.xml" not in parts
        ):
            found = "another kind of OpenDocument file"
        elif "META-INF/manifest.xml" not in parts:
            raise package.damaged()
        elif b"encryption-data" in package.small("META-INF/manifest.xml"):
            raise _with_password(package.name)
    elif "xl/workbook.bin" in parts:
        found = "an Excel binary workbook (.xlsb)"
    elif "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
        found = "a zip of another kind"
    if found:
        raise DataError(f"expected an {_CALLED[wanted]}, got {found}.", where=package.name, advice=_SAVE_AS)
    if ending in (".xlsm", ".xlsb") or _has_macros(package):
        raise DataError(
            "expected a workbook without macros, got one that may hold them.",
            where=package.name,
            advice="Save it as an Excel workbook (.xlsx), which keeps the records and not the macros.",
        )
    if kind != wanted or ending == ".xls":
        raise DataError(
            f"expected what its name says, got an {_CALLED[kind]} under a name that ends in {ending}.",
            where=package.name,
            advice=f"Give it a name that ends in .{kind}.",
        )


def _has_macros(package: Package) -> bool:
    if package.kind == "ods":
        return any(part.startswith(("Basic/", "Scripts/")) for part in package.parts)
    types = package.small("[Content_Types].xml") if "[Content_Types].xml" in package.parts else b""
    return b"macroEnabled" in types or any(
        part.casefold().endswith("vbaproject.bin") for part in package.parts
    )


def _check_parts(package: Package) -> None:
    """Unpack each part once: one that holds more than the zip says of it would be unpacked without end elsewhere.

    Sheets are unpacked when they are looked through, before a reader gets them.
    """
    for part in package.parts:
        if (
            part.endswith((".xml", ".rels"))
            and not part.startswith("xl/worksheets/")
            and part != "content.xml"
        ):
            for _ in package.blocks(part):
                pass


def _old(stream: IO[bytes], name: str, wanted: Kind) -> DataError:
    """Before 2007 workbooks were of this kind; today those with a password still are."""
    mark, tail = "EncryptedPackage".encode("utf-16-le"), b""
    stream.seek(0)
    while block := stream.read(_BLOCK_BYTES):
        if mark in tail + block:
            return _with_password(name)
        tail = block[-len(mark) :]
    return DataError(
        f"expected an {_CALLED[wanted]}, got an old Excel workbook (.xls).", where=name, advice=_SAVE_AS
    )


def _with_password(name: str) -> DataError:
    return DataError(
        "expected a workbook without a password, got one that only opens with it.",
        where=name,
        advice="Open it, take the password away and save it; protect the way it is sent instead.",
    )
