"""Times printed with a fraction of a second, which a reader that expects whole seconds drops without a word."""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count the times with a fraction of a second."""
    found = batch.count(pc.not_equal(pc.subsecond(batch.records[batch.standard.date]), 0))
    if not found:
        return []
    said = f"{of_rows(found, batch.rows, one='has', more='have')} a time with a fraction of a second"
    return [Defect("fraction_of_second", found, said)]
