"""Times of exactly midnight: more than a few mean that the time was not recorded, only the day.

Tallies are timed at the start of their day or month, so where there are any nothing is said.
"""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch, *, share: float, rows: int) -> list[Defect]:
    """Speak up from the given share of rows on."""
    if batch.count(pc.not_equal(batch.records["tally"], 1)):
        return []
    when = batch.records[batch.standard.date]
    found = batch.count(pc.equal(when, pc.floor_temporal(when, unit="day")))
    if batch.rows < rows or batch.share(found) < share:
        return []
    said = f"{of_rows(found, batch.rows)} are timed at exactly midnight: the time was probably not recorded"
    return [Defect("midnight", found, said)]
