"""Labels that are in no code list. They are counted as 'unrecognised', never guessed."""

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect


def check(batch: Batch) -> list[Defect]:
    """Count them by column; the labels themselves are not repeated, since the column may be personal."""
    return [
        Defect(
            "unrecognised_label",
            rows,
            f"'{batch.standard.column(column).title}' holds a label of no known list in {of_rows(rows, batch.rows)}",
        )
        for column, rows in sorted(batch.unrecognised.items())
        if rows
    ]
