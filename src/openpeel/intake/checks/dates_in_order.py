"""Days and times that stand in the wrong order, such as an arrival before the call."""

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.intake.checks.batch import Batch, of_rows
from openpeel.lake import Defect

#: What two columns are compared by, the coarser of the two: a call at 14:05 is not after an arrival that day.
_UNITS = {"timestamp": "microsecond", "date": "day", "month": "month"}
_COARSER = tuple(_UNITS)


def check(batch: Batch, *, columns: tuple[str, ...]) -> list[Defect]:
    """For each column after the first, count the records in which it is before one that it should follow."""
    defects = []
    for i, later in enumerate(columns):
        wrong = {name: batch.count(_before(batch, later, name)) for name in columns[:i]}
        named = [name for name, rows in wrong.items() if rows]
        if not named:
            continue
        either = pc.or_(pa.scalar(False), _before(batch, later, named[0]))
        for name in named[1:]:
            either = pc.or_(either, _before(batch, later, name))
        rows = batch.count(either)
        titles = " or ".join(f"'{batch.standard.column(name).title}'" for name in named)
        said = f"'{batch.standard.column(later).title}' is before {titles} in {of_rows(rows, batch.rows)}"
        defects.append(Defect("dates_in_order", rows, said))
    return defects


def _before(batch: Batch, later: str, earlier: str) -> pa.ChunkedArray:
    """Where both are filled and the one that should be later is not; false elsewhere."""
    types = [batch.standard.column(name).type for name in (later, earlier)]
    unit = _UNITS[max(types, key=_COARSER.index)]
    one, other = (
        pc.floor_temporal(batch.records[name].cast(pa.timestamp("us")), unit=unit)
        for name in (later, earlier)
    )
    return pc.fill_null(pc.less(one, other), False)
