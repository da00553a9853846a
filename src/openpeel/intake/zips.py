"""Zip files: the members they have, which zips are refused, and a member's bytes, checked while read.

Which members are of use is decided in `sources.py`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from openpeel.errors import DataError
from openpeel.intake.limits import Limits
from openpeel.intake.rows import counted, shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_AGAIN = "Ask for the file again, or unpack it and name the folder."
_ENCRYPTED = 0x1 | 0x40
_UNSAFE = re.compile(r"^/|^[A-Za-z]:|\\|[\x00-\x1f\x7f]|(?:^|/)\.\.(?:/|$)")
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, lengths of name and extra field: APPNOTE.TXT, 4.3.7
_READ_BYTES = 64 * 1024


@dataclass(frozen=True)
class Member:
    """A file in a zip: where it begins, how it is packed, and what the zip's directory declares of it."""

    name: str
    offset: int
    deflated: bool
    packed_bytes: int
    size: int
    crc: int
    is_link: bool


def list_members(
    path: Path | IO[bytes], name: str, limits: Limits, *, kind: str = "zip file", again: str = _AGAIN
) -> list[Member]:
    """The files in a zip, in the order of their names; folders are left out.

    `kind` is what the zip is to its reader, and `again` what to do where it is damaged. Raises DataError, naming
    the member, where the zip is damaged, encrypted, packed in a way other than deflate, declares to unpack to
    more than the limits, or holds a name twice or one that could lead outside of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            # Not by `is_dir`, which asks for the last character of a name, and a damaged member may have none.
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            names = [info.orig_filename for info in archive.infolist()]
    except PermissionError:
        raise
    except (
        zipfile.BadZipFile,
        struct.error,
        OSError,
        EOFError,
        ValueError,
        OverflowError,
        RuntimeError,
    ) as error:
        got = "one that is cut short or damaged" + (", or no zip" if kind == "zip file" else "")
        raise DataError(f"expected {_a(kind)}, got {got}.", where=name, advice=again) from error
    for member in names:
        if _UNSAFE.search(member):
            raise _refused(
                name, member, f"a name inside the {kind}", "one that could lead outside of it", again
            )
    for member, times in Counter(names).items():
        if times > 1:
            raise _refused(name, member, "each name once", f"one that is there {times} times", again)
    for info in infos:
        _check_packing(info, name, limits, again)
    total = sum(info.file_size for info in infos)
    if total > limits.max_bytes:
        raise DataError(
            f"expected at most {counted(limits.max_bytes, 'byte')} unpacked, got {counted(total, 'byte')}.",
            where=name,
            advice="Unpack it and name the folder, if it is what you think it is."
            if again == _AGAIN
            else again,
        )
    members = [
        Member(
            name=info.orig_filename,
            offset=info.header_offset,
            deflated=info.compress_type == zipfile.ZIP_DEFLATED,
            packed_bytes=info.compress_size,
            size=info.file_size,
            crc=info.CRC,
            is_link=info.create_system == 3 and (info.external_attr >> 28) == 0o12,  # 3 is Unix
        )
        for info in infos
    ]
    return sorted(members, key=lambda member: member.name)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _check_packing(info: zipfile.ZipInfo, name: str, limits: Limits, again: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise _refused(name, info.orig_filename, "a zip without a password", "an encrypted member", again)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(
            name, info.orig_filename, "an ordinary (deflated) zip", "another way of packing", again
        )
    if info.file_size > max(limits.ratio_from_bytes, limits.max_ratio * info.compress_size):
        raise _refused(
            name,
            info.orig_filename,
            f"at most {limits.max_ratio} times the packed size",
            f"{counted(info.file_size, 'byte')} out of {counted(info.compress_size, 'byte')}",
            again,
        )


def _refused(name: str, member: str, expected: str, got: str, again: str) -> DataError:
    return DataError(f"expected {expected}, got {got}.", where=f"{name}!{shown(member)}", advice=again)


class MemberStream(io.RawIOBase):
    """The unpacked bytes of a member, compared with what the zip declares of it.

    Python's own reader stops at the declared size, so that a member which declares less than it holds
    would lose its last rows without a word. `name` is for people. Raises DataError when opened or read.
    """

    def __init__(self, file: IO[bytes], member: Member, name: str) -> None:
        self._file = file
        self._member = member
        self._name = name
        self._packed_left = member.packed_bytes
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
        self._read = 0
        self._crc = 0
        file.seek(max(member.offset, 0))  # below 0 where bytes are missing at the beginning
        header = file.read(_LOCAL_HEADER.size) if member.offset >= 0 else b""
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise self._damaged("none where the zip's directory says it begins")
        _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
        # Kept here and not by the file, which others may read from in between.
        self._at = member.offset + _LOCAL_HEADER.size + name_bytes + extra_bytes

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as the member goes; how many bytes that were."""
        view = memoryview(buffer).cast("B")
        data = self._inflated(len(view)) if self._inflate else self._packed(len(view))
        self._read += len(data)
        self._crc = zlib.crc32(data, self._crc)
        if self._read > self._member.size:
            raise self._damaged(f"more than the {counted(self._member.size, 'byte')} it declares")
        if not data and self._read < self._member.size:
            raise self._damaged(f"{counted(self._read, 'byte')} of {counted(self._member.size, 'byte')}")
        if not data and self._crc != self._member.crc:
            raise self._damaged("one whose check sum (CRC) does not match")
        view[: len(data)] = data
        return len(data)

    def _packed(self, at_most: int) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(min(at_most, self._packed_left))
        self._packed_left -= len(data)
        self._at += len(data)
        return data

    def _inflated(self, at_most: int) -> bytes:
        inflate = self._inflate
        assert inflate is not None
        while not inflate.eof:
            packed = inflate.unconsumed_tail or self._packed(_READ_BYTES)
            try:
                data = inflate.decompress(packed, at_most)
            except zlib.error:
                raise self._damaged("bytes that cannot be unpacked") from None
            if data:
                return data
            if not packed and not inflate.eof:
                raise self._damaged("one that is cut short")
        return b""

    def _damaged(self, got: str) -> DataError:
        return DataError(f"expected an undamaged member, got {got}.", where=self._name, advice=_AGAIN)
