"""Labels that are printed no longer, such as those of 2016 and 2017. They are read as what replaced them."""

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count them by column."""
    return [
        Defect(
            "superseded_label",
            rows,
            f"'{batch.standard.column(column).title}' has the labels of 2016-17 in {of_rows(rows, batch.rows)}",
        )
        for column, rows in sorted(batch.superseded.items())
        if rows
    ]
