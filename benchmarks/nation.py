"""The demonstration nation: how long it takes to make, and to count every measure of every standard in it.

As a script, one candidate: `python -m benchmarks.nation <candidate> <lake>`, or `make <lake> <scale>`.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import Bench, Compared, Run, pairs

OURS = "every measure, by openpeel on DuckDB"
FLOOR = "reading their columns once, `sum(hash(column))` in DuckDB"
_RELEASE = "bench"


def compare(
    bench: Bench, scale: float, rounds: int, tell: Callable[[str], None]
) -> tuple[Run, Run, list[Compared]]:
    """Make the nation at its real size; make it `scale` times as large, and count it in turn with reading it.

    Returns the two runs of making, and the pairs.
    """
    made = []
    for size in dict.fromkeys((1.0, scale)):
        tell(f"making the nation, {size:g} times")
        lake = bench.temporary / f"nation-{size:g}"
        made.append(bench.run("-m", "benchmarks.nation", "make", str(lake), str(size)))
        tell(f"{made[-1].seconds:.0f} s, {made[-1].peak_mb:,.0f} MB")
    run = partial(bench.run, "-m", "benchmarks.nation")
    run(OURS, str(lake))  # brings the files into the machine's memory
    compared = list(
        pairs(partial(run, OURS, str(lake)), {FLOOR: partial(run, FLOOR, str(lake))}, rounds, tell)
    )
    return made[0], made[-1], compared


def main(arguments: Sequence[str]) -> None:
    """One run: make a nation, count it, or read it. Imports are not in the time of the last two."""
    from openpeel.demo import make_nation
    from openpeel.lake import Lake, create_release, open_engine, open_release
    from openpeel.measures import MEASURES, measures_on
    from openpeel.measures.count import KEYS, count_release, wanted_conditions

    candidate, folder = arguments[0], Path(arguments[1])
    clock = time.perf_counter()
    if candidate == "make":
        reports = make_nation(folder, scale=float(arguments[2]))
        seconds = time.perf_counter() - clock
        create_release(Lake.open(folder), _RELEASE, at=datetime(2024, 6, 1, tzinfo=UTC))
        said = {
            "seconds": seconds,
            "rows": sum(r.rows for r in reports),
            "returns": sum(len(r.loaded) for r in reports),
        }
        print(json.dumps(said))
        return
    import duckdb

    # Where pandas is installed, pyarrow imports it to hand a column to numpy; openpeel does not ask for it.
    with contextlib.suppress(ImportError):
        import pandas  # noqa: F401
    release = open_release(Lake.open(folder), _RELEASE)
    standards = list(dict.fromkeys(m.standard for m in MEASURES))
    clock, processor = time.perf_counter(), time.process_time()
    if candidate == OURS:
        with open_engine("duckdb") as engine:
            counts = count_release(release, MEASURES, engine)
        read = sum(len(c.conditions) for c in counts.values())
    else:
        read = 0
        with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
            for standard in standards:
                returns = release.of(standard)
                columns = {
                    *KEYS,
                    *(name for c in wanted_conditions(measures_on([standard])) for name in _columns(c)),
                    *(["tally"] if any(r.tallied for r in returns) else []),
                }
                sums = ", ".join(f"sum(hash({name}))" for name in sorted(columns))
                files = [str(f) for f in release.files(returns)]
                connection.sql(f"SELECT {sums} FROM read_parquet({files})").fetchall()
                read += len(columns)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - clock,
                "processor": time.process_time() - processor,
                "read": read,
                "rows": sum(r.rows for r in release.returns),
                "standards": len(standards),
                "measures": len(MEASURES),
            }
        )
    )


def _columns(condition: Any) -> Iterator[str]:
    """The columns that a condition looks at, whatever it is made of."""
    if not is_dataclass(condition):
        return
    for field in fields(condition):
        value = getattr(condition, field.name)
        if field.name == "column":
            yield value
        elif field.name == "others":
            yield from value
        elif isinstance(value, tuple):
            for part in value:
                yield from _columns(part)
        else:
            yield from _columns(value)


if __name__ == "__main__":
    main(sys.argv[1:])
