"""A header row that stands again among the records, as where monthly files were pasted together."""

from openpeel.intake.checks.batch import Batch
from openpeel.intake.rows import counted
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Say how many there were; each is in the list of rejected rows."""
    found = batch.repeated_headers
    if not found:
        return []
    return [
        Defect(
            "repeated_header", found, f"the header stands again {counted(found, 'time')} among the records"
        )
    ]
