"""An invented return of calls to a control room, as large as asked for, as CSV or as many files of Parquet.

As a script: `python -m benchmarks.returns <folder> <rows> <files of Parquet>`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from openpeel.reference.forces import all_forces
from openpeel.standards import load_standard

CALLS = "2021-03-kent-calls.csv"
_AT_ONCE = 500_000
_SECONDS = 28 * 86_400


def calls(rows: int, first: int, month: str, draw: np.random.Generator) -> pa.Table:
    """So many calls of a month under the titles of the standard, typed as a force's system would export them.

    References count up from `first` and are all different; nine calls in ten are answered, one in eight
    comes in on 999, seconds have one decimal, and two in five calls have an incident.
    """
    standard = load_standard("call")
    titles = {column.name: column.title for column in standard.columns}
    at = np.sort(draw.integers(0, _SECONDS, rows)).astype("timedelta64[s]") + np.datetime64(
        f"{month}-01", "s"
    )
    urgent = draw.random(rows) < 0.125
    answered = draw.random(rows) < 0.9
    waiting = np.round(draw.gamma(1.2, 30.0, rows), 1)
    number = np.arange(first, first + rows)

    def filled(values: Any, where: Any, kind: pa.DataType | None = None) -> pa.Array:
        return pa.array(values, type=kind, mask=~where)

    def labels(name: str, some: Any, where: Any) -> pa.Array:
        found = standard.column(name).codes
        assert found is not None
        known = pa.array([(*code.labels, code.code)[0] for code in found.codes])
        return pc.take(known, filled(some % len(known), where, pa.int32()))

    always, picked = np.ones(rows, bool), draw.integers(0, 60, rows)
    columns = {
        "call_reference": pc.binary_join_element_wise(
            "CAD-2021-", pc.utf8_lpad(pa.array(number).cast("string"), 8, "0"), ""
        ),
        "offered_at": pa.array(at, pa.timestamp("us")),
        "line": labels("line", np.where(urgent, 0, 1 + picked % 2), always),
        "through_switchboard": filled(picked % 3 == 0, ~urgent),
        "ended": labels("ended", np.where(answered, 0, 1 + picked % 3), always),
        "message_route": labels("message_route", picked, ~answered & (picked < 20)),
        "seconds_from_message": filled(np.round(waiting / 3, 1), ~answered & (picked < 20)),
        "transfer_seconds": filled(np.round(draw.gamma(2.0, 1.5, rows), 1), urgent),
        "waiting_seconds": pa.array(waiting),
        "answered_within_10_seconds": pa.array(answered & (waiting < 10)),
        "handling_seconds": filled(np.round(draw.gamma(2.0, 150.0, rows), 1), answered),
        "shift": labels("shift", picked, always),
        "incident_reference": filled(
            np.char.add("INC", (number // 2).astype("U9")), answered & (picked % 5 < 2)
        ),
    }
    return pa.table({titles[name]: column for name, column in columns.items()})


def as_printed(table: pa.Table) -> pa.Table:
    """The same with times as ISO 8601 writes them, for a CSV file."""
    at = table.schema.get_field_index("Call offered at")
    when = pc.strftime(table.column(at).cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%S+00:00")
    return table.set_column(at, "Call offered at", when)


def make(folder: Path, rows: int, files: int) -> dict[str, int]:
    """Write one CSV file of so many rows, and as many again in so many Parquet files, of a force and month each."""
    draw = np.random.Generator(np.random.Philox(1))
    folder.mkdir(parents=True, exist_ok=True)
    writer = None
    for first in range(0, rows, _AT_ONCE):
        table = as_printed(calls(min(_AT_ONCE, rows - first), first, "2021-03", draw))
        if writer is None:
            options = pacsv.WriteOptions(quoting_style="none", quoting_header="none")
            writer = pacsv.CSVWriter(str(folder / CALLS), table.schema, write_options=options)
        writer.write(table)
    if writer is not None:
        writer.close()
    parquet = folder / "parquet"
    parquet.mkdir(exist_ok=True)
    forces = [force for force in all_forces() if force.kind == "territorial"]
    for i in range(files):
        year, month = divmod(i // len(forces), 12)
        of = f"{2015 + year}-{month + 1:02}"
        table = calls(rows // files, i * (rows // files), of, draw)
        pq.write_table(table, parquet / f"{of}-{forces[i % len(forces)].slug}-calls.parquet")
    return {"rows": rows, "files": files, "bytes": (folder / CALLS).stat().st_size}


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
