"""The files of an audit on disk: the coding sheet, and beside it the frame and the draw that it came from.

cases.csv          the coding sheet
cases.frame.json   the frame
cases.draw.json    the draw
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpeel.audits.drawing import AuditDraw, sheet_header, sheet_rows
from openpeel.audits.frame import AuditFrame, audit_json
from openpeel.audits.instrument import Instrument
from openpeel.errors import UseError
from openpeel.lake.store import disk_errors, write_together
from openpeel.spreadsheet import spreadsheet_cell

_FRAME = ".frame.json"
_DRAW = ".draw.json"


def frame_beside(path: Path) -> Path:
    """The frame that belongs to a sheet or a draw."""
    if path.name == _DRAW[1:]:
        return path.with_name(_FRAME[1:])
    return path.with_name(_stem(path) + _FRAME)


def draw_beside(path: Path) -> Path:
    """The draw that belongs to a sheet or a frame: draw.json beside frame.json too."""
    if path.name == _FRAME[1:]:
        return path.with_name(_DRAW[1:])
    return path.with_name(_stem(path) + _DRAW)


def write_frame(path: Path, frame: AuditFrame) -> None:
    """Write a frame. Raises UseError where another file is in the way."""
    _write({path: audit_json(frame.as_json())})


def write_draw(
    sheet: Path, instrument: Instrument, frame: AuditFrame, draw: AuditDraw
) -> tuple[Path, Path, Path]:
    """Write the coding sheet, the frame and the draw, the sheet last. Returns their paths in that order.

    Raises UseError, and writes nothing, where another file is in the way: a sheet may be half filled in.
    """
    if sheet.suffix != ".csv":
        raise UseError(
            f"expected the name of a CSV file, such as cases.csv, got '{sheet.name}'", where="--out"
        )
    to_frame, to_draw = frame_beside(sheet), draw_beside(sheet)
    rows = [sheet_header(instrument, frame), *sheet_rows(instrument, frame, draw)]
    _write(
        {
            to_frame: audit_json(frame.as_json()),
            to_draw: audit_json(draw.as_json()),
            sheet: sheet_bytes(rows),
        }
    )
    return sheet, to_frame, to_draw


def sheet_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of a coding sheet, the header first, as CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([spreadsheet_cell(c) for c in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _write(files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        with disk_errors(path):
            if path.exists() and path.read_bytes() != content:
                raise UseError(
                    "there is another file of this name already",
                    where=str(path),
                    advice="It is left as it is. Choose another name, or move it away.",
                )
    with disk_errors(next(iter(files)).parent):
        write_together(files)


def _stem(path: Path) -> str:
    for ending in (_FRAME, _DRAW, ".csv", ".json"):
        if path.name.endswith(ending):
            return path.name.removesuffix(ending)
    return path.name
