"""Rows of a tally that take records away, as the corrections in published tables do."""

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.intake.tally import TALLY
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count them, and name the months of which more is taken away than there is. They stay."""
    found = batch.count(pc.less(batch.records["tally"], 0))
    if not found:
        return []
    said = f"{of_rows(found, batch.rows, one='has', more='have')} a '{TALLY.title}' below 0"
    months = batch.records.group_by("record_month").aggregate([("tally", "sum")]).to_pylist()
    below = sorted(f"{m['record_month']:%Y-%m}" for m in months if m["tally_sum"] < 0)
    if below:
        said += f"; all rows together come to less than 0 in {', '.join(below)}"
    return [Defect("tally_negative", found, said)]
