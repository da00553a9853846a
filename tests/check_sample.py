"""Batches for the tests of checks: records of a standard that is made up for the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from openpeel.intake.checks import Batch, Beside
from openpeel.intake.coding import ARROW_TYPES
from openpeel.standards import load_standard
from openpeel.standards.standard import ColumnType, parse_standard

HERTS = "E23000027"


def made_up(columns: Mapping[str, tuple[ColumnType, Sequence[Any]]], **noticed: Any) -> Batch:
    """Records with these columns (name → type and values), all of March 2021; the titles are the names in words."""
    standard = parse_standard(
        "made_up",
        {
            "title": "Made up",
            "version": 1,
            "date": "day",
            "columns": [
                {"name": "day", "title": "Day", "type": "date", "required": True},
                *(
                    {"name": n, "title": n.replace("_", " ").capitalize(), "type": t}
                    for n, (t, _) in columns.items()
                ),
            ],
        },
    )
    rows = len(next(iter(columns.values()))[1])
    day = noticed.pop("days", [date(2021, 3, 5)] * rows)
    records = pa.table(
        {
            "day": pa.array(day, pa.date32()),
            **{n: pa.array(values, ARROW_TYPES[t]) for n, (t, values) in columns.items()},
            "record_month": pa.array([d.replace(day=1) for d in day], pa.date32()),
            "tally": pa.array(noticed.pop("tally", [1] * rows), pa.int32()),
        }
    )
    nothing = {"repeated_headers": 0, "unrecognised": {}, "superseded": {}}
    return Batch(standard, HERTS, ("2021-03",), records, **{**nothing, **noticed})


def beside(counts: Mapping[str, Mapping[str, int]], *months: str) -> Beside:
    """The return of Hertfordshire for these months beside what is held, by force and month."""
    return Beside(load_standard("stop_search"), HERTS, months, counts)


def months(first: int, *counts: int) -> dict[str, int]:
    """Counts by month from January of a year on."""
    return {f"{first + i // 12}-{i % 12 + 1:02}": n for i, n in enumerate(counts)}
