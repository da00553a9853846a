"""Loading two years of published files: openpeel against DuckDB's own reader of CSV.

As a script, one candidate of DuckDB: `python -m benchmarks.loading <how> <folder> <parquet>`.
"""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import ROOT, Bench, Compared, Run, pairs

ZIPS = [
    ROOT.parent / "shared" / "data" / "police_uk" / "all_forces_zip" / f"{year}-stop-and-search.zip"
    for year in (2019, 2020)
]
HOW = {
    "DuckDB `read_csv`, as it comes": "sniffed",
    "DuckDB `read_csv`, `all_varchar`": "all_varchar",
    "DuckDB `read_csv`, columns named, no sniffing": "named",
}


def compare(bench: Bench, rounds: int, tell: Callable[[str], None]) -> tuple[str, list[Compared]]:
    """Load and read the same files in turn. Returns what was read, in words, and the runs."""
    unpacked = bench.temporary / "unpacked"
    for path in ZIPS:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(unpacked)
    files = sorted(unpacked.rglob("*.csv"))
    lake = bench.temporary / "lake"

    def openpeel() -> Run:
        shutil.rmtree(lake, ignore_errors=True)
        return bench.run("-m", "openpeel", "load", *map(str, ZIPS), "--lake", str(lake))

    def duckdb(how: str) -> Callable[[], Run]:
        parquet = bench.temporary / f"{how}.parquet"
        return lambda: bench.run("-m", "benchmarks.loading", how, str(unpacked), str(parquet))

    others = {title: duckdb(how) for title, how in HOW.items()}
    openpeel()  # what Python compiles and the machine reads for the first time is paid for here
    rows = {title: run().said["rows"] for title, run in others.items()}
    ours = sum(json.loads(path.read_text())["rows"] for path in (lake / "returns").glob("*.json"))
    if set(rows.values()) != {ours}:
        raise SystemExit(f"expected all to read the same rows, got {ours} by openpeel and {rows}")
    return f"{len(files):,} files, {ours:,} rows", list(pairs(openpeel, others, rounds, tell))


def main(how: str, folder: str, parquet: str) -> None:
    """Read the CSV files of a folder and write them as one Parquet file."""
    import duckdb

    files = sorted(str(path) for path in Path(folder).rglob("*.csv"))
    titles = Path(files[0]).read_text().partition("\n")[0].strip().split(",")
    options = {
        "sniffed": "",
        "all_varchar": ", all_varchar = true",
        "named": f", auto_detect = false, header = true, columns = {dict.fromkeys(titles, 'VARCHAR')}",
    }[how]
    read = f"SELECT * FROM read_csv({files}, filename = true{options})"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({read}) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
        found = connection.execute(f"SELECT count(*) FROM '{parquet}'").fetchone()
    print(json.dumps({"rows": found[0] if found else 0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
