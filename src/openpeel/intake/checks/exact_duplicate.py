"""Rows that say exactly what an earlier row of the return says.

Where records have no key, two such rows may be two people dealt with at once. They are accepted and flagged;
a release can leave them out.
"""

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count the rows that intake flagged as duplicates."""
    found = batch.count(batch.records["duplicate"])
    if not found:
        return []
    said = of_rows(found, batch.rows, one="repeats", more="repeat")
    return [Defect("exact_duplicate", found, f"{said} an earlier row exactly")]
