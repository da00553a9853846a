"""All measures of stop and search on many records: openpeel against hand-written SQL, Polars and pandas.

As a script, one candidate: `python -m benchmarks.counting <candidate> <folder>`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import Bench, Compared, Run, pairs

PANDAS = "pandas, by column"
POLARS = "openpeel on Polars"


def compare(
    bench: Bench, rows: int, rounds: int, tell: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, Run], list[Compared]]:
    """Every way of counting once, then openpeel in pairs with the two fastest SQL queries, Polars and pandas.

    Returns what was counted, the single runs by title, and the pairs. Raises SystemExit unless all count the same.
    """
    folder = bench.temporary / "records"
    folder.mkdir()
    tell("making the records")
    made = bench.run("-m", "benchmarks.records", str(folder), str(rows)).said
    run = partial(bench.run, "-m", "benchmarks.counting")
    first = run("openpeel", str(folder))  # compiles, and brings the files into the machine's memory
    once: dict[str, Run] = {}
    for title in first.said["queries"]:
        once[title] = run(title, str(folder))
        if once[title].said["counts"] != first.said["counts"]:
            raise SystemExit(f"expected equal counts, got others from {title}")
        tell(f"{title}: {once[title].seconds:.1f} s")
    fastest = sorted(once, key=lambda title: once[title].seconds)[:2]
    others: dict[str, Callable[[], Run]] = {
        t: partial(run, t, str(folder)) for t in (*fastest, POLARS, PANDAS)
    }
    compared = list(pairs(partial(run, "openpeel", str(folder)), others, rounds, tell))
    for item in compared:
        if any(r.said["counts"] != first.said["counts"] for r in (*item.runs, *item.ours)):
            raise SystemExit(f"expected equal counts, got others from {item.title}")
    made["conditions"] = first.said["conditions"]
    return made, once, compared


def main(candidate: str, folder: str) -> None:
    """Count, and say how long it took and what came out. Imports are not in the time; the peak has them."""
    import numpy as np

    from benchmarks.queries import queries
    from openpeel.lake import open_engine
    from openpeel.measures import MEASURES
    from openpeel.measures.count import KEYS, count, wanted_conditions

    files = sorted(Path(folder).glob("*.parquet"))
    conditions = wanted_conditions(m for m in MEASURES if m.standard == "stop_search")
    written = queries(conditions, f"read_parquet({[str(f) for f in files]})")

    def counted() -> Any:
        if candidate in ("openpeel", POLARS):
            with open_engine("polars" if candidate == POLARS else "duckdb") as engine:
                return count(engine.scan(files), conditions, tallied=False).table
        if candidate == PANDAS:
            return _pandas(files, conditions)
        with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
            rows = connection.sql(written[candidate]).to_arrow_table()
        rows = rows.sort_by([(key, "ascending") for key in KEYS])
        return np.column_stack([rows[f"n{i}"].to_numpy().astype(np.int64) for i in range(len(conditions))])

    import duckdb

    if candidate == PANDAS:
        import pandas  # noqa: F401  (so that its import is not in the time either)
    clock, processor = time.perf_counter(), time.process_time()
    table = np.ascontiguousarray(counted(), dtype=np.int64)
    said = {
        "seconds": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "counts": hashlib.sha256(table.tobytes()).hexdigest(),
        "conditions": len(conditions),
        "queries": list(written),
    }
    print(json.dumps(said))


def _pandas(files: list[Path], conditions: Any) -> Any:
    """The records' few columns in memory, coded; counted by value, column by column, and added up by condition.

    Written for speed: a mask for each condition, as one would write first, takes twice as long.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from openpeel.measures.conditions import Blank, Filled, In
    from openpeel.measures.count import KEYS

    keys = list(KEYS)
    columns = list(dict.fromkeys(c.column for c in conditions if isinstance(c, In | Blank | Filled)))
    texts = [f.name for f in pq.read_schema(files[0]) if f.type == pa.string()]
    parts = [pq.read_table(f, columns=[*keys, *columns], read_dictionary=texts) for f in files]
    records = pa.concat_tables(parts).unify_dictionaries()
    del parts
    frame = records.to_pandas(date_as_object=False, types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
    del records
    every = frame.groupby(keys, observed=True).size()
    sizes = {
        c: frame.groupby([*keys, c], observed=True, dropna=False).size().rename("n").reset_index()
        for c in columns
    }
    counts = []
    for condition in conditions:
        if isinstance(condition, In | Blank | Filled):
            by_value = sizes[condition.column]
            value = by_value[condition.column]
            if isinstance(condition, In):
                kept = by_value[value.isin(condition.values)]
            else:
                kept = by_value[value.isna() == isinstance(condition, Blank)]
            counts.append(kept.groupby(keys, observed=True)["n"].sum().reindex(every.index, fill_value=0))
        else:
            counts.append(every)
    return pd.concat(counts, axis=1).sort_index().to_numpy()


if __name__ == "__main__":
    main(*sys.argv[1:])
