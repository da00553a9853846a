"""Columns that are blank in so many records that a share among the rest may mislead.

A tally has no references or names to fill in: of a text only records are asked.
"""

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch, *, columns: tuple[str, ...], share: float, rows: int) -> list[Defect]:
    """Speak up for each column that is blank from the given share of rows on."""
    if batch.rows < rows:
        return []
    asked = [c for c in columns if not (batch.tallied and batch.standard.column(c).type == "text")]
    blank = {name: int(batch.records[name].null_count) for name in asked}
    return [
        Defect(
            "blank_column",
            found,
            f"'{batch.standard.column(name).title}' is blank in {of_rows(found, batch.rows)}",
        )
        for name, found in blank.items()
        if batch.share(found) >= share
    ]
