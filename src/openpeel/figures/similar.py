"""Reads which forces each force is most like, from a list that the user has.

The groups that the Home Office publishes are not under an open licence and none come with openpeel.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from openpeel.errors import UseError
from openpeel.reference.forces import find_force

_COLUMNS = ("force", "similar")


def read_similar(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The forces that each force is most like, by code, from a CSV file with the columns 'force' and 'similar'.

    One pair a row, by any name of a force. A force is not like itself: such a row, and one that is there twice,
    changes nothing. Raises UseError, with file and row, for anything else than forces of England and Wales.
    """
    where = f"--similar-to {path}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UseError("expected a CSV file in UTF-8", where=where) from None
    except OSError as error:
        raise UseError(f"the file cannot be read: {error.strerror}", where=where) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [c for c in _COLUMNS if c not in (rows.fieldnames or ())]
    if missing:
        raise UseError(
            f"expected the columns 'force' and 'similar', got {', '.join(rows.fieldnames or ()) or 'no header'}",
            where=where,
        )
    found: dict[str, dict[str, None]] = {}
    for number, row in enumerate(rows, start=2):
        named = []
        for column in _COLUMNS:
            try:
                force = find_force((row[column] or "").strip())
            except UseError as error:
                raise UseError(error.message, where=f"{where}, row {number}", advice=error.advice) from None
            if force.kind != "territorial":
                raise UseError(
                    f"expected one of the 43 forces that are compared, got {force.name}",
                    where=f"{where}, row {number}",
                )
            named.append(force.code)
        force_code, similar = named
        group = found.setdefault(force_code, {})
        if similar != force_code:
            group[similar] = None
    if not found:
        raise UseError("expected a pair of forces in each row, got no rows", where=where)
    return {code: tuple(group) for code, group in found.items()}
