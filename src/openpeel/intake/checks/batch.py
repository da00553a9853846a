"""What a check is given: the records of one return as intake read them, and what intake noticed on the way."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.standards import Standard


@dataclass(frozen=True)
class Batch:
    """One return before it is accepted.

    `records` has the columns of `coding.schema`; `months` are those the return is for ('2021-03');
    `repeated_headers` counts rejected rows that were the header again; `unrecognised` and `superseded`
    count labels by column; `left_out` are the columns that a file of the return does not have; `files` are the
    names of its files.
    """

    standard: Standard
    force: str
    months: tuple[str, ...]
    records: pa.Table
    repeated_headers: int
    unrecognised: dict[str, int]
    superseded: dict[str, int]
    left_out: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def tallied(self) -> bool:
        """Whether any row stands for more or fewer than one record."""
        return bool(pc.any(pc.not_equal(self.records["tally"], 1)).as_py())

    @property
    def rows(self) -> int:
        """How many records were accepted."""
        return int(self.records.num_rows)

    def count(self, mask: pa.ChunkedArray) -> int:
        """How many rows a mask is true for; blanks are not."""
        return int(pc.sum(mask).as_py() or 0)

    def share(self, rows: int) -> float:
        """Part of the accepted rows; 0 where there are none."""
        return rows / self.rows if self.rows else 0.0


def of_rows(rows: int, total: int, *, one: str = "", more: str = "") -> str:
    """How many of how many rows, with the verb for `one` row or `more`, for the message of a check.

    A share is rounded to 0 or 100 percent only where it is none or all.

    >>> of_rows(48, 85), of_rows(1, 900, one="repeats", more="repeat")
    ('48 of 85 rows (56%)', '1 of 900 rows (under 1%) repeats')
    """
    percent = round(100 * rows / total)
    share = (
        "under 1%"
        if rows and percent == 0
        else "over 99%"
        if rows < total and percent == 100
        else f"{percent}%"
    )
    verb = one if rows == 1 else more
    return f"{rows:,} of {total:,} rows ({share})" + (f" {verb}" if verb else "")
