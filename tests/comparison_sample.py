"""Counts of invented searches by force and month, without files, and the release that says they are held.

No assertion lives here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from openpeel.lake import Lake, Release, Return, ReturnKey
from openpeel.measures import measures_on
from openpeel.measures.count import Counts, wanted_conditions
from openpeel.measures.measure import Measure
from openpeel.reference.forces import forces

CODES = tuple(f.code for f in forces())


def release_of(
    measure: Measure, months: Sequence[str], held: Mapping[str, Sequence[str]] | None = None
) -> Release:
    """A release that holds a return of every force for these months, or of each force for those of `held`."""
    returns = tuple(
        Return(ReturnKey(measure.standard, code, (m,)), "hash", (), "part", "sha", 1, 1, 0, 0, False, ())
        for code in CODES
        for m in (months if held is None else held.get(code, months))
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Release("r", "0123456789abcdef", at, False, returns, Lake(Path("nowhere")))


def counts_of(measure: Measure, rows: Sequence[tuple[str, str, Mapping[Any, int]]]) -> dict[str, Counts]:
    """Counts from (force, month, {condition: number}), in the order given; a condition not named counts 0."""
    wanted = wanted_conditions([measure, *measures_on([measure.standard])])  # withholding looks at them all
    return {
        measure.standard: Counts(
            wanted,
            np.array([force for force, _, _ in rows]),
            np.array([f"{month}-01" for _, month, _ in rows], dtype="datetime64[D]"),
            np.zeros(len(rows), dtype=bool),
            np.array([[row.get(c, 0) for c in wanted] for _, _, row in rows], dtype=np.int64),
        )
    }
