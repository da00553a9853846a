"""What a file is, by its first bytes and its name, and what is said of one that is not read."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from openpeel.errors import DataError, UseError
from openpeel.intake.rows import shown

Kind = Literal["text", "markdown", "web", "pdf", "word"]

ENDINGS: dict[str, Kind] = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "web",
    ".htm": "web",
    ".pdf": "pdf",
    ".docx": "word",
}

_CALLED: dict[Kind, str] = {
    "text": "plain text",
    "markdown": "Markdown",
    "web": "a web page",
    "pdf": "a PDF",
    "word": "a Word document (.docx)",
}
_ENDING_OF: dict[str, str] = {"a PDF": ".pdf", "a Word document (.docx)": ".docx", "a web page": ".html"}
_READ = "Text (.txt), Markdown (.md), web pages (.html), PDF and Word documents (.docx) are read."
_SAVE_AS = "Save it as a Word document (.docx) or a PDF."

_PICTURE = "a picture"
_MARKS = (
    (b"{\\rtf", "a file in Rich Text Format (.rtf)"),
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"PAR1", "a Parquet file"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WEB = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
#: A PDF may begin with other bytes: Adobe's implementation note 13 to PDF 1.7.
_HEAD_BYTES = 1024


def kind_of(path: Path) -> Kind:
    """What a file is to be read as. Raises DataError where its content is not what its name says, or not read.

    UseError where there is no such file, or its name does not say what it is.
    """
    name = shown(str(path))
    if path.is_dir():
        raise UseError("expected a file, got a folder", where=name, advice="Name the files in it one by one.")
    if not path.is_file():
        raise UseError("there is no such file", where=name)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise DataError("expected prose, got an empty file", where=name)
    ending = path.suffix.casefold()
    wanted = ENDINGS.get(ending)
    found = _found(path, head, ending)
    if wanted is None:
        raise UseError(
            f"expected a name that ends in {', '.join(ENDINGS)}, got {found or 'another name'}",
            where=name,
            advice=f"{_READ} {_SAVE_AS}"
            if found not in _ENDING_OF
            else f"Give it a name that ends in {_ENDING_OF[found]}.",
        )
    called = _CALLED[wanted]
    if found == called or (not found and wanted in ("text", "markdown", "web")):
        return wanted
    if wanted == "markdown" and found == "a web page":
        return wanted  # Markdown may begin with HTML
    if found == _PICTURE:
        advice = "Words in a picture are not read: send the text."
    elif found in _ENDING_OF:
        advice = f"Give it a name that ends in {_ENDING_OF[found]}."
    elif found == _LOCKED:
        advice = "Open it in Word with its password and save it without one."
    else:
        advice = _SAVE_AS if found else f"Ask for the file again. {_READ}"
    raise DataError(
        f"expected {called}, got {found or 'one that is damaged, or a file of another kind'}",
        where=name,
        advice=advice,
    )


_LOCKED = "a document with a password"


def _found(path: Path, head: bytes, ending: str) -> str:
    """What the bytes are the mark of; '' where of nothing known."""
    if head.lstrip().startswith(b"%PDF-") or (ending == ".pdf" and b"%PDF-" in head):
        return "a PDF"
    if head.startswith(_OLD_OFFICE):
        return _old_office(path)
    if head.startswith(_ZIP):
        return _in_zip(path)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _PICTURE
    for mark, kind in _MARKS:
        if head.startswith(mark) and (mark != b"BM" or b"\x00" in head):
            return kind
    return "a web page" if _WEB.match(head.removeprefix(b"\xef\xbb\xbf")) else ""


def _old_office(path: Path) -> str:
    """What is in a compound file: names of its streams are in UTF-16. [MS-OFFCRYPTO], 2.3.4."""
    with path.open("rb") as file:
        content = file.read(1024**2)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 1024**2))
        content += file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _LOCKED
    if "WordDocument".encode("utf-16-le") in content:
        return "an old Word document (.doc)"
    return "an old Office file"


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return "a Word document (.docx)"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace")
                if kind.startswith("application/vnd.oasis.opendocument."):
                    what = "text (.odt)" if kind.endswith(".text") else "file"
                    return f"an OpenDocument {what}"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return "a zip file that is damaged"
    if "xl/workbook.xml" in names:
        return "an Excel workbook"
    return "a presentation" if "ppt/presentation.xml" in names else "a zip file"
