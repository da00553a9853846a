"""Bytes to text: which encoding a file says it has, and what is refused rather than guessed."""

from __future__ import annotations

import codecs
import re

from openpeel.errors import DataError, UseError

# Longest marks first: the mark of UTF-32 begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Where a web page has to say how it is encoded: HTML Living Standard, 4.2.5.4.
_HEAD_BYTES = 1024


def decode(data: bytes, name: str, encoding: str | None, *, web: bool = False) -> str:
    """The text of a file: as its mark says, else as `encoding` does, else (`web`) as the page says, else UTF-8.

    Raises DataError where the bytes are no such text or hold zero bytes, UseError for an encoding nobody knows.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    declared = _CHARSET.search(data[:_HEAD_BYTES]) if web else None
    said = declared[1].decode("ascii") if declared else None
    codec = marked or encoding or said or "utf-8"
    try:
        text = data.decode(codec)
    except LookupError:
        if codec == encoding:
            raise UseError(
                f"expected an encoding such as utf-8 or cp1252, got '{encoding}'", where="--encoding"
            ) from None
        raise DataError(
            "expected a page in an encoding that is known, got one that names another",
            where=name,
            advice="Say which it is with --encoding.",
        ) from None
    except UnicodeDecodeError as error:
        raise _not_text(data, error, codec, name, encoding) from None
    if "\x00" in text:
        line = len(_LINE_END.findall(text, 0, text.index("\x00"))) + 1
        raise DataError(
            f"expected text, got a zero byte in line {line}: binary data, or UTF-16 without its mark",
            where=name,
            advice="Save it as UTF-8, or say how it is encoded with --encoding utf-16-le.",
        )
    return text


def _not_text(
    data: bytes, error: UnicodeDecodeError, codec: str, name: str, encoding: str | None
) -> DataError:
    line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
    advice = (
        "Save it as UTF-8, or say how it is encoded with --encoding cp1252."
        if encoding is None
        else "Save it as UTF-8, or name the encoding that it has."
    )
    return DataError(
        f"expected text encoded as {codec.removesuffix('-sig')}, got other bytes in line {line}",
        where=name,
        advice=advice,
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text as an editor counts them; `splitlines` would also part them at a form feed.

    >>> lines_of("one\\r\\ntwo\\x0cand")
    ['one', 'two\\x0cand']
    """
    return _LINE_END.split(text)
