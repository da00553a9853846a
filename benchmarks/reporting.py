"""A report of some forty pages with thirty charts, all its outputs: from nothing, again, and after one figure changed.

As a script, one build: `python -m benchmarks.reporting <lake> <source> <out>`, with drawings kept in $OPENPEEL_CACHE.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.measuring import Bench, Run

CHARTS = 30
FORCE = "hertfordshire"
#: What is counted of a build, as the script says it.
_PARTS = {"counted": "figures counted", "built": "all outputs made and written", "seconds": "together"}
_TEXT = (
    "What was counted here is set beside every other force, and each number leads to the records behind it. "
)


def compare(bench: Bench, rounds: int, tell: Callable[[str], None]) -> str:
    """A table: seconds to count and to build, with no drawing kept, with all kept, and with all but one chart's."""
    lake, source, out = (bench.temporary / name for name in ("report-lake", "report.md", "report"))
    tell("making the nation")
    bench.run("-m", "benchmarks.nation", "make", str(lake), "1")
    runs: dict[str, list[Run]] = {"from nothing": [], "again": [], "one figure and its chart changed": []}
    for turn in range(rounds):
        os.environ["OPENPEEL_CACHE"] = str(bench.temporary / f"drawings-{turn}")
        fresh = Bench(bench.temporary)  # takes up the surroundings as they are now
        for title, found in runs.items():
            source.write_text(written(other=title.startswith("one figure")), encoding="utf-8")
            found.append(fresh.run("-m", "benchmarks.reporting", str(lake), str(source), str(out)))
            tell(f"{turn + 1} of {rounds}: {title}: {found[-1].seconds:.1f} s")
    said = runs["from nothing"][0].said
    lines = [f"| | {' | '.join(_PARTS.values())} | peak memory |", f"|---|{'---:|' * (len(_PARTS) + 1)}"]
    for title, found in runs.items():
        seconds = " | ".join(f"{median(run.said[part] for run in found):.1f}" for part in _PARTS)
        lines.append(f"| {title} | {seconds} | {max(run.peak_mb for run in found):,.0f} MB |")
    return (
        f"{said['pages']} pages of PDF, {CHARTS} charts, {said['figures']} figures, {said['files']} files of "
        f"{said['bytes'] / 1e6:.1f} MB: web pages, PDF, both spreadsheets and open data. Seconds, the median of "
        f"{rounds} {'run' if rounds == 1 else 'runs'}; imports are left out.\n\n" + "\n".join(lines)
    )


def written(*, other: bool) -> str:
    """The source of the report. With `other`, its last chart is of the year before."""
    head = f'+++\ntitle = "A report to measure by"\nforce = "{FORCE}"\nending = "2024-03-31"\n+++\n'
    return head + "\n".join(_chapters(other))


def _chapters(other: bool) -> Iterator[str]:
    from openpeel.measures import MEASURES

    # Panels look at so few cases that their numbers are withheld.
    measures = [m for m in MEASURES if m.compared and not m.groups and "panel" not in m.standard][:CHARTS]
    for place, measure in enumerate(measures):
        if place % 5 == 0:
            yield "\n## What was counted\n\nGrade: adequate\n"
        last = other and place == CHARTS - 1
        named = f'"{measure.id}", ending="2023-03-31"' if last else f'"{measure.id}"'
        yield f"### {measure.title if not any(c.isdigit() for c in measure.title) else 'A measure'}\n"
        yield f"It was {{{{ value({named}) }}}}. {{{{ comparison({named}) }}}} {_TEXT * 3}\n"
        yield f"{{{{ chart({named}) }}}}\n\n{_TEXT * 4}\n"


def main(lake: str, source: str, out: str) -> None:
    """One build, and how long its two halves took."""
    import pypdfium2

    from openpeel.figures import Settings
    from openpeel.lake import Lake, open_engine, open_release
    from openpeel.reference.periods import Period
    from openpeel.reports.audits_held import Audits
    from openpeel.reports.build import build
    from openpeel.reports.resolve import resolve
    from openpeel.reports.source import read_source

    begun = time.perf_counter()
    with open_engine("duckdb") as engine:
        found = resolve(
            read_source(Path(source)),
            open_release(Lake.open(Path(lake)), "bench"),
            engine,
            force=None,
            period=Period.year_ending(date(2024, 3, 31)),
            audits=Audits(None),
            settings=Settings(),
            made_on=date(2024, 6, 1),
        )
    if found.problems:
        raise SystemExit("\n".join(map(str, found.problems)))
    counted = time.perf_counter()
    files = build(found.report, Path(out))
    finished = time.perf_counter()
    with pypdfium2.PdfDocument(Path(out) / "report.pdf") as pdf:
        pages = len(pdf)
    said = {
        "counted": counted - begun,
        "built": finished - counted,
        "seconds": finished - begun,
        "pages": pages,
        "figures": len(found.report.figures),
        "files": len(files),
        "bytes": sum(file.stat().st_size for file in files),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:4])
