"""Records that were made up for demonstration and say so, so that no figure of theirs is taken for a real one.

They say so in a column, where their standard has one for it, or in the name of their file.
"""

import re

import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect

#: How the name of a file of invented records begins, whatever folder or zip it is in.
FILE_OF_INVENTIONS = "invented-"


def check(batch: Batch, *, column: str = "", mark: str = "") -> list[Defect]:
    """Count the records that carry the mark in the column, or all of them where a file is named so."""
    if any(re.split(r"[/\\!]", name)[-1].startswith(FILE_OF_INVENTIONS) for name in batch.files):
        found = batch.rows
    else:
        found = batch.count(pc.equal(batch.records[column], mark)) if column else 0
    if not found:
        return []
    said = of_rows(found, batch.rows, one="is", more="are")
    return [Defect("invented", found, f"{said} invented for demonstration")]
