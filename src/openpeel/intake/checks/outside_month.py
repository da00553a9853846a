"""Records whose printed date lies outside the months that the return is for.

Published times are in UTC, so a search half an hour after midnight in British Summer Time is printed in the
month before. The record counts in the month that is printed.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count the records dated outside the months of the return."""
    months = pa.array([date.fromisoformat(f"{m}-01") for m in batch.months], pa.date32())
    outside = batch.count(pc.invert(pc.is_in(batch.records["record_month"], value_set=months)))
    if not outside:
        return []
    said = of_rows(outside, batch.rows, one="is", more="are")
    message = f"{said} dated outside the months of the return, and counted in the month printed"
    return [Defect("outside_month", outside, message)]
