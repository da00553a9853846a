"""Totals that are not the sum of their parts."""

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect

#: A tally gives means, which are rounded; and sums of large numbers with decimals differ in their last digits.
_ROUNDING, _LAST_DIGITS = 0.05, 1e-9


def check(batch: Batch, *, total: str, parts: tuple[str, ...]) -> list[Defect]:
    """Count the records in which they differ. Where the total or a part is blank there is nothing to compare."""
    whole = batch.records[total].cast(pa.float64())
    together = batch.records[parts[0]].cast(pa.float64())
    for name in parts[1:]:
        together = pc.add(together, batch.records[name].cast(pa.float64()))
    allowed = pc.max_element_wise(pc.multiply(pc.abs(whole), _LAST_DIGITS), _ROUNDING)
    found = batch.count(pc.greater(pc.abs(pc.subtract(whole, together)), allowed))
    if not found:
        return []
    titles = [f"'{batch.standard.column(name).title}'" for name in parts]
    listed = f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else titles[0]
    said = (
        f"'{batch.standard.column(total).title}' is not the sum of {listed} in {of_rows(found, batch.rows)}"
    )
    return [Defect("adds_up", found, said)]
