"""Files as data.police.uk prints them, with invented records, for the tests of intake."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpeel.intake.checks import Batch
from openpeel.intake.coding import Coder
from openpeel.intake.layouts import column_order, recognise
from openpeel.intake.reading import read_return, spooled
from openpeel.intake.sources import Limits, find_sources
from openpeel.lake import Lake
from openpeel.reference.periods import Month
from openpeel.standards import load_standard

#: A stop and search, by printed title.
STOP = {
    "Type": "Person search",
    "Date": "2021-03-12T14:05:00+00:00",
    "Part of a policing operation": "False",
    "Policing operation": "",
    "Latitude": "51.801234",
    "Longitude": "-0.203456",
    "Gender": "Male",
    "Age range": "18-24",
    "Self-defined ethnicity": "White - English/Welsh/Scottish/Northern Irish/British",
    "Officer-defined ethnicity": "White",
    "Legislation": "Misuse of Drugs Act 1971 (section 23)",
    "Object of search": "Controlled drugs",
    "Outcome": "A no further action disposal",
    "Outcome linked to object of search": "False",
    "Removal of more than just outer clothing": "False",
}

CRIME = {
    "Crime ID": "a" * 64,
    "Month": "2021-03",
    "Reported by": "Hertfordshire Constabulary",
    "Falls within": "Hertfordshire Constabulary",
    "Longitude": "-0.203456",
    "Latitude": "51.801234",
    "Location": "On or near Invented Lane",
    "LSOA code": "E01099999",
    "LSOA name": "Invented 001A",
    "Crime type": "Burglary",
    "Last outcome category": "Under investigation",
    "Context": "",
}

OUTCOME = {title: cell for title, cell in CRIME.items() if title not in list(CRIME)[9:]} | {
    "Outcome type": "Local resolution"
}

HERTS = "E23000027"
MARCH = "2021-03-hertfordshire-stop-and-search.csv"

Row = Mapping[str, str] | Sequence[str]


def stop(date: str = STOP["Date"], **cells: str) -> dict[str, str]:
    """A stop at this time; cells by the column names of the standard, such as `age_range`."""
    titles = {c.name: c.title for c in load_standard("stop_search").columns}
    return {**STOP, "Date": date, **{titles[name]: cell for name, cell in cells.items()}}


def stops(number: int, month: str = "2021-03") -> list[dict[str, str]]:
    """Different stops, one a minute from noon of the 5th on."""
    return [stop(f"{month}-05T{12 + i // 60:02}:{i % 60:02}:00+00:00") for i in range(number)]


def write(path: Path, rows: Iterable[Row], header: Sequence[str] | None = None) -> Path:
    """Write a file. Rows by title are laid out as the header says, rows of plain cells as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = list(rows)
    titles = list(header or next((r for r in rows if isinstance(r, Mapping)), STOP))
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(titles)
        writer.writerows([row[t] for t in titles] if isinstance(row, Mapping) else row for row in rows)
    return path


def coded(rows: Sequence[Mapping[str, str]], standard: str = "stop_search"):
    """The values, rejected rows and label counts of rows numbered from 2, as in a file with a header."""
    header = list(rows[0])
    layout = recognise(header, name="a.csv")
    assert layout.standard == standard
    coder = Coder(load_standard(standard), column_order(layout, header))
    values, accepted, rejected = coder.code([list(r.values()) for r in rows], range(2, len(rows) + 2))
    assert len(accepted) + len(rejected) == len(rows)
    return values, rejected, coder.labels


def snapshot(lake: Lake) -> dict[str, str]:
    """Every file of a lake and a hash of its bytes, but for the lock."""
    return {
        str(path.relative_to(lake.root)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def batch(rows: Sequence[Mapping[str, str]], *months: str, **noticed: Any) -> Batch:
    """What a check is given for these rows, handed in by Hertfordshire for these months (March 2021)."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        sources, _ = find_sources([write(Path(folder) / "a.csv", rows)])
        files = [stack.enter_context(spooled(source, lambda _: None)) for source in sources]
        layout = recognise(list(rows[0]), name="a.csv")
        wanted = tuple(Month.parse(m) for m in months or ("2021-03",))
        read = read_return(layout.standard, HERTS, wanted, files, limits=Limits(), encoding="utf-8")
    assert not read.rejected
    nothing: dict[str, Any] = {"repeated_headers": 0, "unrecognised": {}, "superseded": {}}
    return Batch(
        standard=read.standard,
        force=HERTS,
        months=read.key.months,
        records=read.records,
        **{**nothing, **noticed},
    )
