"""Records that name another force than the one whose return this is."""

from openpeel.errors import UseError
from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect
from openpeel.reference.forces import find_force


def check(batch: Batch, *, column: str = "reported_by") -> list[Defect]:
    """Count the records in which the column names another force, or one that is not known. They stay."""
    names = batch.records[column].value_counts().to_pylist()
    found = sum(n["counts"] for n in names if n["values"] is not None and _code(n["values"]) != batch.force)
    if not found:
        return []
    said = of_rows(found, batch.rows, one="names", more="name")
    title = batch.standard.column(column).title
    return [Defect("other_force", found, f"{said} another force, or none that is known, in '{title}'")]


def _code(name: str) -> str | None:
    try:
        return find_force(name).code
    except UseError:
        return None
