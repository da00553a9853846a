"""The figures as open data: JSON in full, and CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpeel.figures.figure import Figure
from openpeel.spreadsheet import spreadsheet_cell


def as_json(figures: Sequence[Figure]) -> bytes:
    """A list of the figures' JSON form, in the order given; UTF-8."""
    records = [figure.as_json() for figure in figures]
    return (json.dumps(records, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def as_csv(figures: Sequence[Figure]) -> bytes:
    """One line for each figure in the order given, values unrounded, absent ones empty; UTF-8, RFC 4180.

    The columns are those of the JSON form; the parts of `comparison` and `coverage` follow as
    `comparison_mean`, `comparison_control_lower`, `coverage_note` and so on, and lists are joined by '; '.
    """
    records = [flat(figure.as_json()) for figure in figures]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if records:
        writer.writerow(records[0])
    for record in records:
        writer.writerow([spreadsheet_cell(value) for value in record.values()])
    return text.getvalue().encode()


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without records in it: what stands within one is named after both, `comparison_mean`."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            found.update({f"{name}_{part}": content for part, content in flat(value).items()})
        else:
            found[name] = value
    return found


def rows_as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV that is safe to open in a spreadsheet; UTF-8, RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([spreadsheet_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()
