"""Change the records of any one figure of a report, and every output shows the new number and nowhere the old one.

A small lake of eleven forces and an audit are built into a whole report; then what is behind one figure is corrected,
as a force would, and the report is built again from a new release.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from openpeel.demo.audits import make_audits
from openpeel.figures import Settings
from openpeel.figures.rounding import shown
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, create_release, open_engine
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.reports.arranged import report_charts
from openpeel.reports.audits_held import Audits
from openpeel.reports.drawings import drawings
from openpeel.reports.open_data import open_data_files
from openpeel.reports.pdf import pdf_bytes
from openpeel.reports.resolve import resolve
from openpeel.reports.site import site_files
from openpeel.reports.source import read_source
from openpeel.reports.workbook_ods import workbook_ods
from openpeel.reports.workbook_xlsx import workbook_xlsx
from openpeel.standards import load_standard

FORCE = "hertfordshire"
OTHERS = (
    *("bedfordshire", "cambridgeshire", "norfolk", "suffolk", "surrey", "gwent"),
    *("dorset", "warwickshire", "kent", "essex"),
)
MONTHS = "2023-04..2024-03"
MADE_ON = date(2024, 6, 1)
AUDIT = "stop_search"

SOURCE = """+++
title = "A small report"
force = "hertfordshire"
ending = "2024-03-31"
{corrections}
+++

## Answering

Of its emergency calls the force answered {{{{ share("calls_999_answered_in_10_seconds") }}}} in time, which was
{{{{ of("calls_999_answered_in_10_seconds") }}}}. The average of all forces was
{{{{ average("calls_999_answered_in_10_seconds") }}}}. Callers waited {{{{ value("calls_999_waiting_seconds") }}}}.

{{{{ chart("calls_999_answered_in_10_seconds") }}}}

## Preventing

There were {{{{ rate("asb_incidents_per_1000") }}}} incidents for every thousand people.
Of these, {{{{ share("asb_categories", group="nuisance") }}}} were a nuisance.

{{{{ table("asb_incidents_per_1000") }}}}

{{{{ table("asb_categories") }}}}

## Detaining and paying

The force detained {{{{ count("detentions_136") }}}} people. It had {{{{ money("funding") }}}} to spend.

## Searching

An audit estimates that {{{{ estimate("reasonable_grounds", audit="stop_search") }}}} of searches had good grounds.
"""


def call(number, **row):
    """A row that stands for so many calls to 999."""
    return {"offered_at": "2023-05-02 00:00", "line": "999", "ended": "answered", "tally": number, **row}


def incident(number, category):
    return {"reported_on": "2023-05-02", "category": category, "tally": number}


def returns(force, place=0):
    """What a force hands in: {standard: rows}."""
    answered, late = (7_170 + 211 * place if place else 6_170), 3_830 + 97 * place
    found = {
        "call": [
            call(answered, answered_within_10_seconds="True", waiting_seconds=7),
            call(late, answered_within_10_seconds="False", waiting_seconds=341),
        ],
        "asb_incident": [
            incident(9_733 + 1_700 * place, "nuisance"),
            incident(2_089 + 300 * place, "personal"),
            incident(1_151 + 100 * place, "environmental"),
        ],
    }
    if force == FORCE:
        found["detention_136"] = [{"detained_at": "2023-06-01 00:00", "place": "hospital", "tally": 1_483}]
        found["finance"] = [
            {"year": "2024-03", "kind": "total_funding", "basis": "actual", "amount": 284_300_000}
        ]
    return found


def hand_in(lake, folder, force, standard_id, rows):
    """Load rows, {column: what is written}, as the year's return of a force, in place of one handed in before."""
    standard = load_standard(standard_id)
    titles = {c.name: c.title for c in standard.columns}
    if any("tally" in row for row in rows):
        titles["tally"] = "Number of records"
    path = folder / f"{force}-{standard_id}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(titles.values())
        writer.writerows([row.get(name, "") for name in titles] for row in rows)
    report = load(lake, [path], LoadOptions(force=find_force(force), months=parse_months(MONTHS)))
    assert not report.wrong, report.not_taken


@dataclass(frozen=True)
class Place:
    """Where everything lies: the lake, the audits and what is written on the way."""

    root: Path

    @property
    def lake(self):
        return Lake.open(self.root / "lake", create=True)

    @property
    def audits(self):
        return self.root / "audits"


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The lake with its first release, and the report that is made of it."""
    place = Place(tmp_path_factory.mktemp("before"))
    for number, force in enumerate((FORCE, *OTHERS)):
        for standard, rows in returns(force, number).items():
            hand_in(place.lake, place.root, force, standard, rows)
    make_audits(place.audits, seed=1)
    return place, *built(place, "first")


def built(place, release_name, correction=""):
    """The report from a new release of what is in the lake, and every output by name."""
    release = create_release(place.lake, release_name, at=datetime(2024, 5, 1, tzinfo=UTC))[0]
    path = place.root / "report.md"
    corrections = f'[[corrections]]\non = 2024-07-01\nnote = "{correction}"' if correction else ""
    path.write_text(SOURCE.format(corrections=corrections), encoding="utf-8")
    with open_engine("duckdb") as engine:
        resolved = resolve(
            read_source(path),
            release,
            engine,
            force=None,
            period=Period.year_ending(date(2024, 3, 31)),
            audits=Audits(place.audits),
            settings=Settings(),
            made_on=MADE_ON,
        )
    assert resolved.problems == ()
    return resolved.report, outputs(resolved.report, place.root / "cache")


def outputs(report, cache):
    drawn = drawings(report_charts(report), cache)
    return {
        "site": site_files(report, drawn),
        "pdf": pdf_bytes(report, drawn),
        "xlsx": workbook_xlsx(report),
        "ods": workbook_ods(report),
        "data": open_data_files(report),
    }


def texts(made):
    """All that each output says, as a list of texts and numbers."""
    site, data = made["site"], made["data"]
    return {
        "pages": [_words(content) for name, content in site.items() if name.endswith((".html", ".svg"))],
        "pages' JSON": _leaves_of(site, ".json"),
        "pdf": _pdf(made["pdf"]),
        "xlsx": _cells(made["xlsx"]),
        "ods": _cells(made["ods"]),
        "csv": [
            cell
            for name, content in data.items()
            if name.endswith(".csv")
            for row in csv.reader(io.StringIO(content.decode(), newline=""))
            for cell in row
        ],
        "json": _leaves_of(data, "figures.json"),
    }


def _words(content):
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|script).*?</\1>", " ", content.decode())))


def _pdf(content):
    document = pypdfium2.PdfDocument(content)
    try:
        return [document[i].get_textpage().get_text_range() for i in range(len(document))]
    finally:
        document.close()


def _cells(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]


def _leaves_of(files, ending):
    return [
        leaf
        for name, content in files.items()
        if name.endswith(ending)
        for leaf in _leaves(json.loads(content))
    ]


def _leaves(value):
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value


def says(texts, figure):
    """Whether a number of a figure is among texts and numbers: as it is printed, or in full."""
    printed = shown(figure.value, figure.unit)
    alone = re.compile(rf"(?<![\w.,£]){re.escape(printed)}(?![\w]|[.,]\d)")
    full = {repr(figure.value), repr(float(f"{figure.value:.15g}"))}
    return any(
        alone.search(said) or said in full
        if isinstance(said, str)
        else isinstance(said, int | float) and not isinstance(said, bool) and _close(said, figure.value)
        for said in texts
    )


def _close(a, b):
    return abs(a - b) <= 1e-12 * abs(b)


def by_key(report):
    """The figures that the report cites, by what stays the same from release to release, but for empty groups."""
    return {(c.figure.measure, c.figure.group): c.figure for c in report.figures if c.figure.value}


def correct_return(standard, change):
    def correct(place):
        hand_in(place.lake, place.root, FORCE, standard, change(returns(FORCE)[standard]))

    return correct


def more(place, number, **changes):
    """Another number in the row at this place, and other values if given."""

    def change(rows):
        rows[place] = {**rows[place], "tally": number, **changes}
        return rows

    return change


def correct_codings(place):
    """The reviewer finds no grounds in twenty cases more."""
    path = place.audits / AUDIT / "codings.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    at = rows[0].index("reasonable_grounds")
    yes = [row for row in rows[1:] if row[at] == "yes"]
    for row in yes[:20]:
        row[at] = "no"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


#: How what is behind each figure of the report is corrected.
CORRECTIONS = {
    ("calls_999_answered_in_10_seconds", None): correct_return("call", more(0, 8_912)),
    ("calls_999_waiting_seconds", None): correct_return("call", more(1, 3_830, waiting_seconds=571)),
    ("asb_incidents_per_1000", None): correct_return("asb_incident", more(0, 15_911)),
    ("asb_categories", "nuisance"): correct_return("asb_incident", more(1, 4_421)),
    ("asb_categories", "personal"): correct_return("asb_incident", more(2, 3_307)),
    ("asb_categories", "environmental"): correct_return("asb_incident", more(2, 577)),
    ("detentions_136", None): correct_return("detention_136", more(0, 1_291)),
    ("funding", None): correct_return("finance", lambda rows: [{**rows[0], "amount": 261_700_000}]),
    ("stop_search-reasonable_grounds", None): correct_codings,
}


def test_every_figure_of_the_report_is_corrected_here(before):
    _, report, _ = before
    assert set(by_key(report)) == set(CORRECTIONS)


def test_every_output_shows_every_figure(before):
    _, report, made = before
    said = texts(made)
    missing = [(key, name) for key, f in by_key(report).items() for name in said if not says(said[name], f)]
    assert missing == []


@pytest.mark.parametrize("key", CORRECTIONS, ids=lambda key: "-".join(filter(None, key)))
def test_a_figure_whose_records_change_is_new_in_every_output_and_old_in_none(before, tmp_path, key):
    place, report, _ = before
    shutil.copytree(place.root, tmp_path / "after")
    after = Place(tmp_path / "after")
    CORRECTIONS[key](after)
    corrected, made = built(after, "second", "The force sent its records again.")
    old, new = by_key(report), by_key(corrected)
    changed = {k for k in old if shown(old[k].value, old[k].unit) != shown(new[k].value, new[k].unit)}
    assert key in changed
    said = texts(made)
    for k in changed:
        for name in said:
            assert says(said[name], new[k]), f"{name} does not show {k}: {new[k].value}"
            assert not says(said[name], old[k]), f"{name} still shows {k}: {old[k].value}"
    for name in ("pages", "pdf", "xlsx", "ods", "json"):
        assert any("The force sent its records again." in " ".join(str(t).split()) for t in said[name]), name


def test_an_old_number_that_is_left_is_noticed(before):
    _, report, made = before
    figure = by_key(report)["funding", None]
    said = texts(made)
    assert all(says(said[name], figure) for name in said)
    other = replace(figure, value=figure.value + 10_000_000)
    assert not any(says(said[name], other) for name in said)
