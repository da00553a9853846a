"""Records that were made up for demonstration and say so, so that no figure of theirs is taken for a real one."""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch, *, column: str, mark: str) -> list[Defect]:
    """Count the records that carry the mark in the column."""
    found = batch.count(pc.equal(batch.records[column], mark))
    if not found:
        return []
    said = of_rows(found, batch.rows, one="is", more="are")
    return [Defect("invented", found, f"{said} invented for demonstration")]
