"""Small returns of invented records, loaded in their own layout, and the figures counted from them."""

import csv
from datetime import UTC, date, datetime

from openpeel.figures import Settings, SmallNumbers, compute_figures
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import find_measure
from openpeel.measures.count import count_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.standards import load_standard

#: What a measure counts is tested on few records, which are shown here; withholding has tests of its own.
SHOW_ALL = Settings(small=SmallNumbers(smallest=1))
YEAR = Period.year_ending(date(2024, 3, 31))


def release_of(folder, returns, *, months="2023-04..2024-03"):
    """A release of returns: {(standard, force): rows}, a row being {column name: what is written}.

    The column `tally` says how many records a row stands for. Every row must be accepted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lake = Lake.open(folder / "lake", create=True)
    for (standard_id, force), rows in returns.items():
        standard = load_standard(standard_id)
        titles = {c.name: c.title for c in standard.columns} | {"tally": "Number of records"}
        names = [c.name for c in standard.columns] + (
            ["tally"] if any("tally" in row for row in rows) else []
        )
        path = folder / f"{force}-{standard_id}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([titles[name] for name in names])
            writer.writerows([row.get(name, "") for name in names] for row in rows)
        options = LoadOptions(force=find_force(force), months=parse_months(months))
        report = load(lake, [path], options)
        assert not report.wrong, (report.not_taken, [i.found.rejected for i in report.loaded])
    return create_release(lake, "sample", at=datetime(2024, 5, 1, tzinfo=UTC))[0]


def figures_of(release, *measures, period=YEAR, force="hertfordshire", settings=None):
    """The figures of one force by measure, or (measure, group)."""
    wanted = [find_measure(m) for m in measures]
    with open_engine("duckdb") as engine:
        counts = count_release(release, wanted, engine)
    code = find_force(force).code
    return {
        (f.measure, f.group) if f.group else f.measure: f
        for f in compute_figures(release, counts, period, wanted, settings or SHOW_ALL)
        if f.force == code
    }
