"""Cells that are safe to open in a spreadsheet. Every CSV that openpeel writes goes through here."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet_cell(value: object) -> str:
    """The text of a cell that no spreadsheet takes for a formula.

    Text that begins like one and is not a plain number gets a leading apostrophe, which spreadsheets
    show as text. Source: OWASP, CSV Injection.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell(-1.5), spreadsheet_cell(None)
    ("'=1+1", '-1.5', '')
    """
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
