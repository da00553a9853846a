"""A ratio, a proportion and a mean in 43 domains from a large sample: openpeel against R's `survey` and `svy`.

As a script: `python -m benchmarks.surveying make <folder>` writes the sample, and with the name of a candidate
in place of `make` that candidate estimates from it. The same rows come out every time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Bench, Compared, Run, pairs

ROWS, STRATA = 1_000_000, 200
SAME = 1e-9
OURS = "openpeel"
CODED = "openpeel, labels as numbers"

# A function of a data set in memory gives the values and the standard errors: ratio, proportion, means.
Estimated = Callable[[], tuple[list[float], list[float]]]

# R may have no reader of Parquet: it gets the columns as raw numbers, the quickest it reads, and as factors the
# labels, which it is quicker with than with text. Each row is a cluster of its own, and not to check whether
# each is in one stratum only saves R a quarter of its time.
_R = """
suppressMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)
numbers <- function(name, what) readBin(file.path(folder, name), what, ROWS)
labels <- function(name) {
  texts <- readLines(file.path(folder, paste0(name, ".labels")))
  structure(numbers(name, "integer"), levels = texts, class = "factor")
}
data <- data.frame(
  stratum = labels("stratum"), force = labels("force"), population = numbers("population", "double"),
  weight = numbers("weight", "double"), x = numbers("x", "double"), y = numbers("y", "double"),
  flag = numbers("flag", "double")
)
began <- proc.time()
design <- svydesign(
  ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~population, data = data, check.strata = FALSE
)
estimates <- list(svyratio(~y, ~x, design), svymean(~flag, design), svyby(~y, ~force, design, svymean))
value <- unlist(lapply(estimates, coef))
se <- unlist(lapply(estimates, function(each) as.vector(SE(each))))
took <- proc.time() - began
shown <- function(numbers) paste(sprintf("%.17g", numbers), collapse = ", ")
cat(sprintf('{"seconds": %.17g, "processor": %.17g, "value": [%s], "se": [%s]}\\n',
            took[["elapsed"]], sum(took[1:2]), shown(value), shown(se)))
""".replace("ROWS", str(ROWS))


def compare(
    bench: Bench, rounds: int, tell: Callable[[str], None]
) -> tuple[str, list[Compared], dict[str, float]]:
    """Estimate from the same rows in turn.

    Returns what was estimated, in words, the runs, and for each candidate the median seconds of whole
    processes, imports and reading included. Raises SystemExit unless all estimate the same.
    """
    folder = bench.temporary / "survey"
    folder.mkdir()
    bench.run("-m", "benchmarks.surveying", "make", str(folder))
    whole: dict[str, list[float]] = defaultdict(list)

    def run(candidate: str, title: str) -> Run:
        began = time.perf_counter()
        done = bench.run("-m", "benchmarks.surveying", candidate, str(folder))
        whole[title].append(time.perf_counter() - began)
        return done

    ours = partial(run, "openpeel", OURS)
    titles = {"coded": CODED, **_others(tell)}
    others: dict[str, Callable[[], Run]] = {t: partial(run, name, t) for name, t in titles.items()}
    first = ours()  # what Python compiles and the machine reads for the first time is paid for here
    for other in others.values():
        other()
    whole.clear()
    compared = list(pairs(ours, others, rounds, tell))
    apart = {item.title: max(_apart(first, run) for run in (*item.runs, *item.ours)) for item in compared}
    for title, largest in apart.items():
        if not largest <= SAME:
            raise SystemExit(f"expected equal estimates; got some from {title} that differ by {largest:.1e}")
    what = (
        f"{ROWS:,} rows in {STRATA} strata; {len(first.said['value'])} estimates and as many standard errors, "
        f"of which none differs by more than {max(apart.values()):.0e} of itself"
    )
    return what, compared, {title: median(seconds) for title, seconds in whole.items()}


def turned_round(compared: list[Compared], whole: dict[str, float]) -> str:
    """A Markdown table of whole processes, and of the ratios the other way, as small ones lose their digits."""
    lines = ["| | whole process, seconds | takes, times as long as openpeel |", "|---|---:|---|"]
    lines.append(f"| **{OURS}** | {whole[OURS]:.1f} |  |")
    for item in compared:
        times = [1 / ratio for ratio in item.ratios]
        shown = f"**{median(times):.1f}** ({min(times):.1f} to {max(times):.1f})"
        lines.append(f"| {item.title} | {whole[item.title]:.1f} | {shown} |")
    return "\n".join(lines)


def _others(tell: Callable[[str], None]) -> dict[str, str]:
    """The candidates that are installed, with their titles; what is not is told."""
    found = {}
    try:
        found["svy"] = f"`svy` {version('svy')}"
    except PackageNotFoundError:
        tell("svy is left out: pip install svy")
    asked = "library(survey); cat(paste(getRversion(), packageVersion('survey')))"
    rscript = shutil.which("Rscript")
    if rscript is None:
        tell("R is left out: Rscript is not installed")
        return found
    answer = subprocess.run([rscript, "-e", asked], capture_output=True, check=False, text=True)
    if answer.returncode:
        tell("R is left out: its package survey is not installed")
        return found
    r, survey = answer.stdout.split()
    found["R"] = f"`survey` {survey} of R {r}"
    return found


def _apart(one: Run, other: Run) -> float:
    """The largest relative difference between what two runs gave."""
    return max(
        abs(float(a) - float(b)) / abs(float(a))
        for part in ("value", "se")
        for a, b in zip(one.said[part], other.said[part], strict=True)
    )


def main(candidate: str, folder: str) -> None:
    """Estimate, and say how long design and estimates took. Imports and reading are not in the time."""
    if candidate == "R":  # takes the place of this process, so that what is measured of it is R
        os.execvp("Rscript", ["Rscript", "--vanilla", f"{folder}/survey.R", folder])
    sample = Path(folder) / "sample.parquet"
    estimated = _svy(sample) if candidate == "svy" else _openpeel(sample, coded=candidate == "coded")
    clock, processor = time.perf_counter(), time.process_time()
    value, se = estimated()
    said = {
        "seconds": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "value": value,
        "se": se,
    }
    print(json.dumps(said))


def _openpeel(sample: Path, *, coded: bool = False) -> Estimated:
    """Labels are texts, as they come, or `coded` as integers before the clock starts."""
    import pyarrow.parquet as pq

    from openpeel.statistics.design import survey_design
    from openpeel.statistics.survey import mean, proportion, ratio

    table = pq.read_table(sample)
    rows: dict[str, Any] = {name: table[name].to_numpy() for name in table.column_names}
    if coded:
        for name in ("stratum", "force"):
            rows[name] = table[name].combine_chunks().indices.to_numpy()
    del table

    def estimated() -> tuple[list[float], list[float]]:
        design = survey_design(weights=rows["weight"], strata=rows["stratum"], population=rows["population"])
        found = (
            ratio(design, rows["y"], rows["x"]),
            proportion(design, rows["flag"]),
            mean(design, rows["y"], by=rows["force"]),
        )
        value = [number for each in found for number in each.value.ravel().tolist()]
        return value, [number for each in found for number in each.se.ravel().tolist()]

    return estimated


def _svy(sample: Path) -> Estimated:
    import polars as pl
    import svy

    rows = pl.read_parquet(sample)

    def estimated() -> tuple[list[float], list[float]]:
        design = svy.Design(stratum="stratum", wgt="weight", pop_size="population")
        estimation: Any = svy.Sample(rows, design).estimation
        share = [each for each in estimation.prop("flag").estimates if each.y_level == 1]
        means = sorted(estimation.mean("y", by="force").estimates, key=lambda each: str(each.by_level))
        found = [*estimation.ratio("y", "x").estimates, *share, *means]
        return [each.est for each in found], [each.se for each in found]

    return estimated


def make(folder: Path) -> None:
    """Write the rows as Parquet, labels as dictionaries, and for R each column as raw numbers, with the script.

    The strata are of unequal size, both in the sample and in the population, and in no order; weights vary
    within them, as after an adjustment for those who did not answer. A force is a domain: it has rows in each
    stratum, in proportion to its residents.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from openpeel.reference.populations import mid_year_population

    drawn = np.random.Generator(np.random.Philox(1))
    sampled = 50 + drawn.multinomial(ROWS - 50 * STRATA, drawn.dirichlet(np.full(STRATA, 2.0)))
    population = np.rint(sampled * drawn.uniform(1.5, 20, STRATA))
    stratum = drawn.permutation(np.repeat(np.arange(STRATA), sampled))
    residents = np.array(list(mid_year_population(2020).by_force.values()), dtype=np.float64)
    force = drawn.choice(len(residents), ROWS, p=residents / residents.sum())
    x = drawn.gamma(2, 10, ROWS) * (1 + stratum / STRATA)
    numbers = {
        "population": population[stratum],
        "weight": (population / sampled)[stratum] * drawn.uniform(0.5, 1.5, ROWS),
        "x": x,
        "y": x * drawn.uniform(0.1, 0.4, ROWS) + drawn.normal(0, 1, ROWS) + force / 20,
        "flag": (drawn.random(ROWS) < 0.1 + 0.3 * stratum / STRATA).astype(np.float64),
    }
    texts = {
        "stratum": (stratum, [f"stratum {each:03}" for each in range(STRATA)]),
        "force": (force, sorted(mid_year_population(2020).by_force)),
    }
    columns = {name: pa.array(column) for name, column in numbers.items()}
    columns["flag"] = columns["flag"].cast(pa.int64())
    for name, column in numbers.items():
        column.tofile(folder / name)
    for name, (codes, labels) in texts.items():
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), labels)
        (codes + 1).astype(np.int32).tofile(folder / name)
        (folder / f"{name}.labels").write_text("\n".join(labels) + "\n")
    pq.write_table(pa.table(columns), folder / "sample.parquet")
    (folder / "survey.R").write_text(_R)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        main(*sys.argv[1:])
