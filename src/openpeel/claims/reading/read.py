"""The one way in: a file, whatever its kind, read into a document."""

from __future__ import annotations

from pathlib import Path

from openpeel.claims.document import Document
from openpeel.claims.reading.encoding import decode
from openpeel.claims.reading.kinds import kind_of
from openpeel.claims.reading.limits import ReadingLimits
from openpeel.claims.reading.markdown import markdown_passages
from openpeel.claims.reading.pdf import pdf_passages
from openpeel.claims.reading.plain import plain_passages
from openpeel.claims.reading.web import web_passages
from openpeel.claims.reading.word import word_passages
from openpeel.errors import DataError, UseError
from openpeel.intake.rows import shown

DEFAULT_LIMITS = ReadingLimits()


def read_document(
    path: Path, *, encoding: str | None = None, limits: ReadingLimits = DEFAULT_LIMITS
) -> Document:
    """The prose of a .txt, .md, .html, .pdf or .docx file: paragraphs, headings, list items and cells of tables.

    `encoding` is that of a text file that is neither UTF-8 nor marked. Raises DataError where the file is damaged,
    has a password, is not what its name says, holds no text or more than the limits; UseError where there is none,
    or it is of a kind that is not read.
    """
    name = shown(path.name)
    try:
        kind = kind_of(path)
        limits.hold_bytes(path.stat().st_size, name)
        notes: tuple[str, ...] = ()
        if kind == "pdf":
            passages, notes = pdf_passages(path, name, limits)
        elif kind == "word":
            passages = word_passages(path, name, limits)
        else:
            text = decode(path.read_bytes(), name, encoding, web=kind == "web")
            limits.hold_characters(len(text), name)
            if kind == "web":
                passages = web_passages(text, name)
            elif kind == "markdown":
                passages = markdown_passages(text, name)
            else:
                passages = plain_passages(text)
    except PermissionError:
        raise UseError("it may not be read: you have no permission", where=shown(str(path))) from None
    except OSError as error:
        raise UseError(f"it cannot be read: {error.strerror}", where=shown(str(path))) from None
    if not passages:
        raise DataError("expected prose, got a file without a word in it", where=name)
    return Document(name, tuple(passages), notes)
