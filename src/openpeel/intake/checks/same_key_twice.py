"""The same key in more than one record, where the standard says that a key identifies a record."""

import pyarrow as pa

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.intake.row_hashes import Hashes, hashes, joined, repeats
from openpeel.lake import Defect
from openpeel.threads import in_order

#: So many keys are hashed at a time, on each core.
_ROWS = 100_000


def _hashed(part: pa.RecordBatch) -> Hashes:
    return hashes(joined(part.drop_null().columns))


def check(batch: Batch) -> list[Defect]:
    """Count the records beyond the first of each key. Records without a key are not compared."""
    keys = list(batch.standard.key)
    columns = batch.records.select(keys)
    if all(pa.types.is_string(column.type) for column in columns.columns):
        # As exact, and several times as fast, as grouping by texts nearly all of which differ.
        found = int(repeats([hashed for _, hashed in in_order(_hashed, columns.to_batches(_ROWS))]).sum())
    else:
        table = columns.drop_null()
        found = table.num_rows - table.group_by(keys).aggregate([]).num_rows
    if not found:
        return []
    titles = " and ".join(batch.standard.column(k).title for k in keys)
    said = of_rows(found, batch.rows, one="has", more="have")
    return [Defect("same_key_twice", found, f"{said} the {titles} of an earlier row")]
