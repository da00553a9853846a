"""A candidate in a process of its own: its wall time, processor time and peak memory; and pairs of candidates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux


@dataclass(frozen=True)
class Run:
    """One run: seconds by the clock, seconds of processor, the most memory held, and what it printed."""

    seconds: float
    processor: float
    peak_mb: float
    said: dict[str, Any]


class Bench:
    """Runs candidates one after the other with the same surroundings.

    What Python compiles is kept in the temporary folder, so that the tree stays clean and no run but the
    first pays for compiling.
    """

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self._environment = {**kept, "PYTHONPYCACHEPREFIX": str(temporary / "compiled")}

    def run(self, *arguments: str) -> Run:
        """Run `python <arguments>`; what it prints last, if JSON, is `said`. Raises SystemExit if it fails."""
        output = self.temporary / "output"
        with output.open("w") as out:
            began = time.perf_counter()
            child = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment, stdout=out, stderr=out
            )
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        lines = output.read_text().splitlines()
        if child.returncode:
            raise SystemExit(f"python {' '.join(arguments[:4])} failed:\n" + "\n".join(lines[-20:]))
        said: dict[str, Any] = next(
            (json.loads(line) for line in reversed(lines) if line.startswith("{")), {}
        )
        return Run(
            seconds=said.get("seconds", seconds),
            processor=said.get("processor", usage.ru_utime + usage.ru_stime),
            peak_mb=usage.ru_maxrss * _MAXRSS_UNIT / 1e6,
            said=said,
        )


@dataclass
class Compared:
    """The runs of one candidate, each with the run of openpeel that went just before it."""

    title: str
    runs: list[Run]
    ours: list[Run]

    @property
    def ratios(self) -> list[float]:
        """openpeel's time by the candidate's, pair by pair."""
        return [mine.seconds / other.seconds for mine, other in zip(self.ours, self.runs, strict=True)]


def pairs(
    ours: Callable[[], Run], others: dict[str, Callable[[], Run]], rounds: int, tell: Callable[[str], None]
) -> Iterator[Compared]:
    """openpeel, first candidate, openpeel, second candidate, and so on, `rounds` times.

    Neighbours in time share whatever else the machine is doing, so their ratio says more than two medians.
    """
    compared = [Compared(title, [], []) for title in others]
    for turn in range(rounds):
        for item in compared:
            item.ours.append(ours())
            item.runs.append(others[item.title]())
            tell(f"{turn + 1} of {rounds}: {item.title}: {item.ratios[-1]:.2f}")
    yield from compared


def table(ours: str, compared: Sequence[Compared]) -> str:
    """A Markdown table: medians, and the ratios of the pairs with the smallest and the largest."""
    lines = [
        "| | seconds | processor seconds | peak memory | openpeel takes, times as long |",
        "|---|---:|---:|---:|---|",
        _row(f"**{ours}**", [run for item in compared for run in item.ours], ""),
    ]
    for item in compared:
        low, middle, high = min(item.ratios), median(item.ratios), max(item.ratios)
        lines.append(_row(item.title, item.runs, f"**{middle:.2f}** ({low:.2f} to {high:.2f})"))
    return "\n".join(lines)


def _row(title: str, runs: Sequence[Run], ratio: str) -> str:
    seconds, processor = median(r.seconds for r in runs), median(r.processor for r in runs)
    return f"| {title} | {seconds:.1f} | {processor:.1f} | {max(r.peak_mb for r in runs):,.0f} MB | {ratio} |"
