"""Marks in an OpenDocument spreadsheet: red cells with comments, and a first sheet that lists what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpeel.web.returns.marking import Mark


def mark_ods(path: Path, title: str, marks: Sequence[Mark], lines: Sequence[Sequence[str]]) -> bytes:
    """The spreadsheet with its marks."""
    raise NotImplementedError
