"""Columns of the standard that the file does not have, so that they are blank in every row of it."""

from openpeel.intake.checks.batch import Batch
from openpeel.intake.rows import counted
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Name them. What may not be left out is refused before; a publisher's own gaps are not asked about."""
    if not batch.left_out:
        return []
    titles = ", ".join(f"'{batch.standard.column(name).title}'" for name in batch.left_out)
    one = len(batch.left_out) == 1
    said = (
        f"{counted(len(batch.left_out), 'column')} {'is' if one else 'are'} not in the file and "
        f"{'counts' if one else 'count'} as blank: {titles}"
    )
    return [Defect("left_out_column", batch.rows, said)]
