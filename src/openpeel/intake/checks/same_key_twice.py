"""The same key in more than one record, where the standard says that a key identifies a record."""

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count the records beyond the first of each key. Records without a key are not compared."""
    keys = list(batch.standard.key)
    keyed = batch.records.select(keys).drop_null()
    found = keyed.num_rows - keyed.group_by(keys).aggregate([]).num_rows
    if not found:
        return []
    titles = " and ".join(batch.standard.column(k).title for k in keys)
    said = of_rows(found, batch.rows, one="has", more="have")
    return [Defect("same_key_twice", found, f"{said} the {titles} of an earlier row")]
