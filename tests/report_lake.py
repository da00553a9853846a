"""A small lake for reports: a dozen forces, two kinds of record, the audits, and two releases that differ.

No assertion lives here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from openpeel.demo import make_nation
from openpeel.demo.handing_in import hand_in
from openpeel.demo.plan import plans
from openpeel.figures import Settings
from openpeel.intake.load import LoadOptions, load
from openpeel.lake import Lake, create_release, open_engine, open_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.reports.audits_held import Audits
from openpeel.reports.resolve import Resolved, resolve
from openpeel.reports.source import read_source

#: Enough to be compared.
FORCES = (
    *("hertfordshire", "bedfordshire", "cambridgeshire", "warwickshire", "norfolk", "suffolk", "surrey"),
    *("gwent", "west-yorkshire", "dorset", "kent", "essex"),
)
SCALE = 0.02
YEAR = Period.year_ending(date(2024, 3, 31))
HEAD = """+++
title = "A report"
force = "hertfordshire"
ending = "2024-03-31"
+++

"""


def make_report_lake(folder: Path) -> Path:
    """The lake, with the releases 'first' and 'second': in between, Hertfordshire hands in other searches."""
    lake = folder / "lake"
    make_nation(lake, scale=SCALE, only=[find_force(f) for f in FORCES], standards={"stop_search", "call"})
    opened = Lake.open(lake)
    create_release(opened, "first", at=datetime(2024, 6, 1, tzinfo=UTC))
    plan = next(p for p in plans() if p.standard.id == "stop_search")
    again = folder / "again"
    again.mkdir()
    for file in hand_in(plan, find_force("hertfordshire"), again, seed=2, scale=2 * SCALE):
        load(opened, [file.path], LoadOptions(months=file.months))
    create_release(opened, "second", at=datetime(2024, 7, 1, tzinfo=UTC))
    return lake


def resolved(lake: Path, source: Path, text: str, *, release: str = "first", head: str = HEAD) -> Resolved:
    """A report of these words, written to `source` and resolved against a release of the lake."""
    source.write_text(head + text, encoding="utf-8")
    with open_engine("duckdb") as engine:
        return resolve(
            read_source(source),
            open_release(Lake.open(lake), release),
            engine,
            force=None,
            period=YEAR,
            audits=Audits(lake / "audits"),
            settings=Settings(),
            made_on=date(2026, 1, 5),
        )
