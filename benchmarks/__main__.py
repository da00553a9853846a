"""The command: measure, and write what was measured between its marks in docs/explanation/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import claiming, counting, drawing, intake, loading, nation, reporting, service, surveying
from benchmarks.measuring import ROOT, Bench, table

PAGE = ROOT / "docs" / "explanation" / "performance.md"
ROWS = 50_000_000
PARTS = ("load", "intake", "count", "nation", "draw", "survey", "report", "claims", "service", "start")
CASES = 10_000_000
SCALE = 10.0
_STARTS = {
    "counting (`openpeel.measures.count`)": "import openpeel.measures.count",
    "loading (`openpeel.intake.load`)": "import openpeel.intake.load",
    "the command line (`openpeel.cli`)": "import openpeel.cli",
    "for comparison: `duckdb`": "import duckdb",
    "for comparison: `pandas`": "import pandas",
    "for comparison: Python alone": "pass",
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    parser.add_argument(
        "--rows", type=int, default=ROWS, help="records to count; other than %(default)s: print only"
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=SCALE,
        help="how large a nation to count; other than %(default)s: print only",
    )
    parser.add_argument(
        "--service",
        type=Path,
        metavar="HOME",
        help="the home of a demonstration of the service to copy; it is made there where it is missing",
    )
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs (default: %(default)s)")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date.today(), help="when this is (default: today)"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="openpeel-bench-") as temporary:
        bench = Bench(Path(temporary))
        for part in PARTS:
            if options.only not in (None, part):
                continue
            if part == "load" and not all(path.exists() for path in loading.ZIPS):
                tell(f"loading is left out: {loading.ZIPS[0].name} is not in ../shared/data")
                continue
            measured = f"{MEASURE[part](bench, options)}\n\n{_surroundings(options.date)}"
            smaller = {"count": options.rows != ROWS, "nation": options.scale != SCALE}
            if not smaller.get(part):
                write(part, measured)
            print(measured, end="\n\n")


def load(bench: Bench, options: argparse.Namespace) -> str:
    what, compared = loading.compare(bench, options.rounds, tell)
    return f"{what}; {_paired(options.rounds)}.\n\n{table('openpeel load', compared)}"


def take(bench: Bench, options: argparse.Namespace) -> str:
    about, csv, parquet, validators, missing = intake.compare(bench, options.rounds, tell)
    parts: list[str] = [
        f"{about['rows']:,} calls, as one CSV file of {about['bytes'] / 1e6:,.0f} MB and as {about['files']} files of "
        f"Parquet; {_paired(options.rounds)}. From CSV:\n\n{table('openpeel load', csv)}",
        f"From Parquet:\n\n{table('openpeel load', parquet)}",
    ]
    parts.append(
        f"Seconds for a million rows, measured on {intake.VALIDATED:,} (frictionless on {intake.ONE_BY_ONE:,}):\n\n"
        f"{table(intake.OURS, validators)}"
    )
    parts += [f"{title} is left out: it is not installed." for title in missing]
    return "\n\n".join(parts)


def count(bench: Bench, options: argparse.Namespace) -> str:
    made, once, compared = counting.compare(bench, options.rows, options.rounds, tell)
    single = "\n".join(
        f"| {title} | {run.seconds:.1f} | {run.processor:.1f} | {run.peak_mb:,.0f} MB |"
        for title, run in sorted(once.items(), key=lambda item: item[1].processor)
    )
    return (
        f"{made['rows']:,} records in {made['files']:,} files ({made['bytes'] / 1e6:,.0f} MB), {made['conditions']} "
        f"conditions; {_paired(options.rounds)}.\n\n{table('openpeel on DuckDB', compared)}\n\n"
        "Each way to write the SQL, run once:\n\n"
        f"| | seconds | processor seconds | peak memory |\n|---|---:|---:|---:|\n{single}"
    )


def count_nation(bench: Bench, options: argparse.Namespace) -> str:
    real, large, compared = nation.compare(bench, options.scale, options.rounds, tell)
    said = compared[0].ours[0].said
    made = [
        f"{run.said['rows']:,} rows in {run.said['returns']:,} returns, {run.seconds:.0f} s, {run.peak_mb:,.0f} MB"
        for run in (real, large)
    ]
    return (
        f"Made and loaded at its real size: {made[0]}. {options.scale:g} times as large: {made[1]}.\n\n"
        f"{said['measures']} measures on {said['standards']} standards, over {said['rows']:,} rows; "
        f"{_paired(options.rounds)}.\n\n{table(nation.OURS, compared)}"
    )


def draw(bench: Bench, options: argparse.Namespace) -> str:
    return drawing.compare(bench, CASES, options.rounds)


def survey(bench: Bench, options: argparse.Namespace) -> str:
    what, compared, whole = surveying.compare(bench, options.rounds, tell)
    return (
        f"{what}; {_paired(options.rounds)}.\n\n{table(surveying.OURS, compared)}\n\n"
        f"The same pairs the other way round, and the processes from start to end, imports and reading included:\n\n"
        f"{surveying.turned_round(compared, whole)}"
    )


def report(bench: Bench, options: argparse.Namespace) -> str:
    return reporting.compare(bench, options.rounds, tell)


def claims(bench: Bench, options: argparse.Namespace) -> str:
    return claiming.compare(bench, options.rounds)


def serve(bench: Bench, options: argparse.Namespace) -> str:
    return service.compare(bench, options.service, tell)


def start(bench: Bench, options: argparse.Namespace) -> str:
    lines = ["| importing | seconds | memory |", "|---|---:|---:|"]
    for title, code in _STARTS.items():
        bench.run("-c", code)
        runs = [bench.run("-c", code) for _ in range(options.rounds)]
        seconds = median(run.seconds for run in runs)
        lines.append(f"| {title} | {seconds:.2f} | {max(run.peak_mb for run in runs):,.0f} MB |")
    return f"Median of {options.rounds} new processes, compiled before.\n\n" + "\n".join(lines)


MEASURE = {
    "load": load,
    "intake": take,
    "count": count,
    "nation": count_nation,
    "draw": draw,
    "survey": survey,
    "report": report,
    "claims": claims,
    "service": serve,
    "start": start,
}


def write(part: str, measured: str) -> None:
    """Put what was measured between the two marks of its part; the rest of the page is written by hand."""
    mark = f"<!-- measured: {part} -->"
    before, _, after = PAGE.read_text(encoding="utf-8").split(mark)
    PAGE.write_text(f"{before}{mark}\n\n{measured}\n\n{mark}{after}", encoding="utf-8")


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _paired(rounds: int) -> str:
    return f"medians of {rounds} pairs, and the median ratio of the pairs with the smallest and the largest"


def _surroundings(day: date) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = ", ".join(
        f"{name} {version(name)}"
        for name in (
            "duckdb",
            "narwhals",
            "numpy",
            "polars",
            "pandas",
            "pyarrow",
            "weasyprint",
            "django",
            "gunicorn",
        )
    )
    return (
        f"*{day}; {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}; "
        f"Python {platform.python_version()}, {parts}.*"
    )


if __name__ == "__main__":
    main()
