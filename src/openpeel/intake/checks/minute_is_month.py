"""Times whose minute equals the month: the mark of a date format that wrote the month where the minute belongs."""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch, *, share: float, rows: int) -> list[Defect]:
    """Speak up from the given share of rows on; by chance it is one row in sixty."""
    when = batch.records[batch.standard.date]
    found = batch.count(pc.equal(pc.minute(when), pc.month(when)))
    if batch.rows < rows or batch.share(found) < share:
        return []
    said = f"in {of_rows(found, batch.rows)} the minute equals the month: the time of day cannot be relied on"
    return [Defect("minute_is_month", found, said)]
