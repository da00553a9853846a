"""Records without a place, where (nearly) the whole return has none. A tally has no places."""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch, *, share: float, rows: int) -> list[Defect]:
    """Speak up from the given share of rows on."""
    found = batch.count(pc.or_(pc.is_null(batch.records["latitude"]), pc.is_null(batch.records["longitude"])))
    if batch.tallied or batch.rows < rows or batch.share(found) < share:
        return []
    return [Defect("no_coordinates", found, f"{of_rows(found, batch.rows)} have no coordinates")]
