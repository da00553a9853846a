"""Which case counts where in an audit, as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpeel.audits.estimating import AuditEstimate
from openpeel.audits.outcome import AuditOutcome, rows_behind
from openpeel.errors import UseError
from openpeel.lake.store import disk_errors, write_whole
from openpeel.publishing.open_data import rows_as_csv

_BEGINS = b"result,group,case,"


def write_rows_behind(path: Path, outcome: AuditOutcome, estimates: Sequence[AuditEstimate]) -> None:
    """Write the cases behind these results. Raises UseError, and writes nothing, over a file that is something else."""
    content = rows_as_csv(*rows_behind(outcome, estimates))
    with disk_errors(path):
        if path.is_dir():
            raise UseError("expected the name of a file, got a folder", where=f"--rows {path}")
        if path.exists():
            with path.open("rb") as file:
                if file.read(len(_BEGINS)) != _BEGINS:
                    raise UseError(
                        "there is another file of this name already",
                        where=f"--rows {path}",
                        advice="It is left as it is. Choose another name, or move it away.",
                    )
        write_whole(path, content)
