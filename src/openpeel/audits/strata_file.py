"""What is known of the strata before a draw: a CSV file with the columns stratum, cases, expected and minimum.

It plans a sample before there is a frame, and says how large a share is expected where the draw depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openpeel.errors import DataError, UseError
from openpeel.intake.delimited import read_delimited

_COLUMNS = ("stratum", "cases", "expected", "minimum")


@dataclass(frozen=True)
class PlannedStratum:
    """A stratum: how many cases it has, the share expected in it (0 to 1), the fewest to be drawn. None: not said."""

    label: str
    cases: int | None
    expected: float | None
    minimum: int | None


def read_strata(path: Path) -> tuple[PlannedStratum, ...]:
    """Read the strata. Raises UseError where the file cannot be read, DataError for the first row that is wrong."""
    try:
        with path.open("rb") as stream:
            file = read_delimited(stream, name=path.name)
            if "stratum" not in file.header or set(file.header) - set(_COLUMNS):
                raise DataError(
                    f"expected the columns {', '.join(_COLUMNS)} (all but the first may be left out), "
                    f"got {', '.join(file.header)}",
                    where=path.name,
                )
            place = {name: i for i, name in enumerate(file.header)}
            rows = [
                (number, {name: row[i].strip() for name, i in place.items()})
                for chunk in file.chunks()
                for number, row in zip(chunk.row_numbers, chunk.rows, strict=True)
            ]
    except OSError as error:
        raise UseError(f"the strata cannot be read ({error.strerror})", where=str(path)) from None
    for rejected in file.rejected:
        raise DataError(
            f"expected {rejected.expected}, got {rejected.got}", where=f"{path.name}, row {rejected.row}"
        )
    found: dict[str, PlannedStratum] = {}
    for number, cells in rows:
        where = f"{path.name}, row {number}"
        label = cells["stratum"]
        if not label or label in found:
            raise DataError("expected the name of a stratum, each once", where=f"{where}, column 'stratum'")
        found[label] = PlannedStratum(
            label, _whole(cells, "cases", where), _share(cells, where), _whole(cells, "minimum", where)
        )
    if not found:
        raise DataError("expected one stratum or more, got none", where=path.name)
    return tuple(found.values())


def _whole(cells: dict[str, str], name: str, where: str) -> int | None:
    text = cells.get(name, "").replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise DataError(f"expected a whole number, got '{text[:30]}'", where=f"{where}, column '{name}'")
    return int(text)


def _share(cells: dict[str, str], where: str) -> float | None:
    text = cells.get("expected", "")
    if not text:
        return None
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise DataError(
            f"expected a share between 0 and 1, such as 0.9, got '{text[:30]}'",
            where=f"{where}, column 'expected'",
        )
    return share
