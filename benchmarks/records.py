"""Invented stop-and-search records, as many as wanted, in Parquet files such as those of a lake.

As a script: `python -m benchmarks.records <folder> <rows>`. The same rows come out every time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from openpeel.intake.coding import schema
from openpeel.reference.populations import mid_year_population
from openpeel.standards import UNRECOGNISED, Column, load_standard

STANDARD = "stop_search"
MONTHS = 36
_TYPES = {
    "code": "VARCHAR",
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "number": "DOUBLE",
}


def main(folder: str, rows: str) -> None:
    """Write a file for each force and month; a force has records in proportion to its population."""
    people = mid_year_population(2020).by_force
    columns = load_standard(STANDARD).columns
    values = ", ".join(f"({_value(c, f'h{i}')})::{_TYPES[c.type]} AS {c.name}" for i, c in enumerate(columns))
    hashes = ", ".join(f"hash(i * {len(columns)} + {i}) AS h{i}" for i in range(len(columns)))
    written, files = 0, []
    with duckdb.connect() as connection:
        for force, residents in people.items():
            each = max(1, round(int(rows) / MONTHS * residents / sum(people.values())))
            connection.execute(f"""
                CREATE OR REPLACE TEMP TABLE records AS
                SELECT {values}, '{force}' AS force, month::DATE AS record_month, 1::INTEGER AS tally,
                       hash(-i) % 100 < 4 AS duplicate, 0::SMALLINT AS source, (i % {each} + 2)::INTEGER AS row
                FROM (SELECT i, DATE '2021-01-01' + to_months(((i - {written}) // {each})::INTEGER) AS month, {hashes}
                      FROM range({written}, {written + each * MONTHS}) AS numbers(i))""")
            for (month,) in connection.execute("SELECT DISTINCT record_month FROM records").fetchall():
                files.append(Path(folder) / f"{force}-{month:%Y-%m}.parquet")
                connection.execute(
                    f"COPY (FROM records WHERE record_month = '{month}') TO '{files[-1]}' (COMPRESSION zstd)"
                )
            written += each * MONTHS
    made, wanted = pq.read_schema(files[0]), schema(load_standard(STANDARD))
    if [(f.name, f.type) for f in made] != [(f.name, f.type) for f in wanted]:
        raise SystemExit(f"these records are not those of a lake: {made}")
    print(json.dumps({"rows": written, "files": len(files), "bytes": sum(f.stat().st_size for f in files)}))


def _value(column: Column, drawn: str) -> str:
    """SQL for a cell. The k-th code of a list is 1/k² as common as the first; 3% are blank, 0.5% unrecognised."""
    if column.codes is not None:
        weights = [1 / k**2 for k in range(1, len(column.codes.codes) + 1)]
        bounds = [30 + 965 * sum(weights[: k + 1]) / sum(weights) for k in range(len(weights))]
        cases = "".join(
            f" WHEN {drawn} % 1000 < {round(bound)} THEN '{code.code}'"
            for code, bound in zip(column.codes.codes, bounds, strict=True)
        )
        return f"CASE WHEN {drawn} % 1000 < 30 THEN NULL{cases} ELSE '{UNRECOGNISED}' END"
    if column.type == "boolean":
        return f"CASE {drawn} % 5 WHEN 0 THEN true WHEN 1 THEN NULL ELSE false END"
    if column.type == "timestamp":
        return f"month + to_seconds(({drawn} % (28 * 86400))::BIGINT)"
    if column.type == "number":
        return f"50 + ({drawn} % 1000000) / 200000.0"
    return f"CASE WHEN {drawn} % 50 = 0 THEN 'Operation ' || ({drawn} % 7) END"


if __name__ == "__main__":
    main(*sys.argv[1:])
