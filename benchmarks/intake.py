"""A large return taken in: openpeel against DuckDB, which checks nothing, and against validators of tables.

As a script, one candidate: `python -m benchmarks.intake <candidate> <file or folder> <parquet>`.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.measuring import Bench, Compared, Run, pairs
from benchmarks.returns import CALLS
from openpeel.standards import load_standard

ROWS, VALIDATED, ONE_BY_ONE = 5_000_000, 1_000_000, 100_000
FILES = 40
CSV = "DuckDB, `COPY` of `read_csv` to Parquet"
PARQUET = "DuckDB, `COPY` of `read_parquet` to Parquet"
PANDERA = "`pandera` on Polars: reading and validating"
FRICTIONLESS = "`frictionless`: reading and validating"
OURS = "openpeel: reading and checking"
LOAD = "`openpeel load`, whole process"
_MODULES = {PANDERA: "pandera.polars", FRICTIONLESS: "frictionless"}
_TYPES = {"text": "string", "code": "string", "timestamp": "string", "boolean": "boolean", "number": "number"}


def compare(
    bench: Bench, rounds: int, tell: Callable[[str], None]
) -> tuple[dict[str, Any], list[Compared], list[Compared], list[Compared], list[str]]:
    """Take the same calls in from CSV and from Parquet, in turn with DuckDB; and fewer in turn with validators.

    Returns what was taken in; the pairs for CSV, for Parquet and with validators, the last in seconds for a million
    rows; and the validators that are not installed. Raises SystemExit unless all see the same rows.
    """
    tell("making the returns")
    folders = {rows: bench.temporary / f"calls-{rows}" for rows in (ROWS, VALIDATED, ONE_BY_ONE)}
    for rows, folder in folders.items():
        made = bench.run(
            "-m", "benchmarks.returns", str(folder), str(rows), str(FILES if rows == ROWS else 0)
        ).said
        if rows == ROWS:
            about = made
    lake, copy = bench.temporary / "intake-lake", bench.temporary / "copy.parquet"

    def openpeel(what: Path, rows: int) -> Run:
        shutil.rmtree(lake, ignore_errors=True)
        run = bench.run("-m", "openpeel", "load", str(what), "--lake", str(lake))
        taken = sum(json.loads(path.read_text())["accepted"] for path in (lake / "returns").glob("*.json"))
        if taken != rows:
            raise SystemExit(f"expected {rows} rows to be taken, got {taken}")
        return run

    def other(candidate: str, what: Path, rows: int) -> Run:
        run = bench.run("-m", "benchmarks.intake", candidate, str(what), str(copy))
        if run.said["rows"] != rows:
            raise SystemExit(f"expected {rows} rows, got {run.said['rows']} from {candidate}")
        return run

    def by_million(run: Callable[[], Run], rows: int) -> Callable[[], Run]:
        def scaled() -> Run:
            found = run()
            scale = 1e6 / rows
            return replace(found, seconds=found.seconds * scale, processor=found.processor * scale)

        return scaled

    def turns(ours: Callable[[], Run], others: dict[str, Callable[[], Run]]) -> list[Compared]:
        ours()  # what Python compiles and the machine reads for the first time is paid for here
        return list(pairs(ours, others, rounds, tell))

    whole, parquet = folders[ROWS] / CALLS, folders[ROWS] / "parquet"
    csv = turns(partial(openpeel, whole, ROWS), {CSV: partial(other, CSV, whole, ROWS)})
    many = turns(partial(openpeel, parquet, ROWS), {PARQUET: partial(other, PARQUET, parquet, ROWS)})
    missing = [title for title, module in _MODULES.items() if find_spec(module.partition(".")[0]) is None]
    load = by_million(partial(openpeel, folders[VALIDATED] / CALLS, VALIDATED), VALIDATED)
    validators = {LOAD: load} | {
        title: by_million(partial(other, title, folders[rows] / CALLS, rows), rows)
        for title, rows in ((PANDERA, VALIDATED), (FRICTIONLESS, ONE_BY_ONE))
        if title not in missing
    }
    checked = by_million(partial(other, OURS, folders[VALIDATED] / CALLS, VALIDATED), VALIDATED)
    return about, csv, many, turns(checked, validators), missing


def main(candidate: str, what: str, parquet: str) -> None:
    """Run one candidate, say how many rows it saw, and for a validator how long it took without its imports."""
    if candidate in (CSV, PARQUET):
        import duckdb

        read = f"read_csv('{what}')" if candidate == CSV else f"read_parquet('{what}/*.parquet')"
        with duckdb.connect() as connection:
            connection.execute(f"COPY (SELECT * FROM {read}) TO '{parquet}'")
            found = connection.execute(f"SELECT count(*) FROM '{parquet}'").fetchone()
        print(json.dumps({"rows": found[0] if found else 0}))
        return
    candidates = {OURS: _openpeel, PANDERA: _pandera, FRICTIONLESS: _frictionless}
    validate = candidates[candidate](Path(what))
    clock, processor = time.perf_counter(), time.process_time()
    rows = validate()
    said = {
        "seconds": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "rows": rows,
    }
    print(json.dumps(said))


def _openpeel(path: Path) -> Callable[[], int]:
    """All that a load does up to the lake: the file's hash, its rows, their codes, the checks, what stands again."""
    import pyarrow as pa

    from openpeel.intake.layouts import layouts
    from openpeel.intake.naming import parse_months
    from openpeel.intake.reading import read_return, spooled
    from openpeel.intake.sources import Limits, find_sources
    from openpeel.reference.forces import find_force

    pa.array(
        ["a list"]
    )  # for which pyarrow imports pandas where it is installed; imports are in nobody's time
    layouts()  # the standards are at hand, as the rules of the others are
    kent, march = find_force("kent").code, parse_months("2021-03")

    def check() -> int:
        (source,), _ = find_sources([path])
        with spooled(source, lambda _: None) as file:
            read = read_return("call", kent, march, [file], limits=Limits(), encoding="utf-8")
        return int(read.records.num_rows)

    return check


def _labels(column: Any) -> list[str]:
    return sorted({label for code in column.codes.codes for label in (code.code, *code.labels)})


def _pandera(path: Path) -> Callable[[], int]:
    """What the standard asks of a call, as rules of pandera; types are those in which Polars reads the file."""
    import pandera.polars as pandera
    import polars as pl

    standard = load_standard("call")
    types = {"boolean": pl.Boolean, "number": pl.Float64}
    columns = {}
    for column in standard.columns:
        checks = [pandera.Check.isin(_labels(column))] if column.codes else []
        if column.least is not None:
            checks.append(pandera.Check.ge(column.least))
        if column.name == standard.date:
            checks.append(
                pandera.Check.in_range(datetime(2021, 3, 1), datetime(2021, 4, 1), include_max=False)
            )
        kind = pl.Datetime("us") if column.type == "timestamp" else types.get(column.type, pl.String)
        columns[column.title] = pandera.Column(
            kind, checks, nullable=not column.required, unique=column.name in standard.key
        )
    titles = [column.title for column in standard.columns]
    schema = pandera.DataFrameSchema(columns, strict=True, unique=titles)
    at = standard.column(standard.date).title

    def validate() -> int:
        read = {c.title: types.get(c.type, pl.String) for c in standard.columns}
        frame = pl.read_csv(path, schema=read).with_columns(
            pl.col(at).str.to_datetime("%Y-%m-%dT%H:%M:%S+00:00", time_unit="us")
        )
        return int(schema.validate(frame, lazy=True).height)

    return validate


def _frictionless(path: Path) -> Callable[[], int]:
    """The same as a schema of frictionless, with its check for rows that stand again."""
    from frictionless import Checklist, Resource, Schema, system

    standard = load_standard("call")
    fields = []
    for column in standard.columns:
        constraints: dict[str, Any] = {"required": True} if column.required else {}
        if column.codes:
            constraints["enum"] = _labels(column)
        if column.least is not None:
            constraints["minimum"] = column.least
        field: dict[str, Any] = {
            "name": column.title,
            "type": _TYPES[column.type],
            "constraints": constraints,
        }
        if column.type == "timestamp":
            field |= {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S+00:00"}
        fields.append(field)
    key = [standard.column(name).title for name in standard.key]
    schema = Schema.from_descriptor({"fields": fields, "primaryKey": key})
    checks = Checklist.from_descriptor({"checks": [{"type": "duplicate-row"}]})

    def validate() -> int:
        with system.use_context(trusted=True):  # it refuses a file outside of the folder it runs in otherwise
            report = Resource(str(path), schema=schema).validate(checks)
        if not report.valid:
            raise SystemExit(f"expected no errors, got {report.flatten(['message'])[:3]}")
        return int(report.tasks[0].stats["rows"])

    return validate


if __name__ == "__main__":
    main(*sys.argv[1:])
