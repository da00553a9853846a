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
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from command_line import done
from openpeel.demo.audits import make_audits
from openpeel.figures.rounding import shown
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, create_release
from openpeel.reference.forces import find_force
from openpeel.standards import load_standard

FORCE = "hertfordshire"
OTHERS = (
    *("bedfordshire", "cambridgeshire", "norfolk", "suffolk", "surrey", "gwent"),
    *("dorset", "warwickshire", "kent", "essex"),
)
MONTHS = "2023-04..2024-03"
MADE_ON, CORRECTED_ON = date(2024, 6, 1), date(2024, 7, 1)
WHITE = "White - English/Welsh/Scottish/Northern Irish/British"
BLACK = "Black/African/Caribbean/Black British - African"
NOTE = "The force sent its records again."
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

Black people were searched {{{{ value("disproportionality", group="black") }}}} as often as White people.
An audit estimates that {{{{ estimate("reasonable_grounds", audit="stop_search") }}}} of searches had good grounds.
"""


def call(number, **row):
    """A row that stands for so many calls to 999."""
    return {"offered_at": "2023-05-02 00:00", "line": "999", "ended": "answered", "tally": number, **row}


def incident(number, category):
    return {"reported_on": "2023-05-02", "category": category, "tally": number}


def search(number, ethnicity):
    return {"date": "2023-05-02T00:00:00+00:00", "self_defined_ethnicity": ethnicity, "tally": number}


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
        found["stop_search"] = [search(4_643, WHITE), search(883, BLACK)]
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
    """Where everything lies: the lake with its audits, the source of the report, and the report as it was built."""

    root: Path

    @property
    def lake(self):
        return Lake.open(self.root / "lake", create=True)

    @property
    def audits(self):
        return self.root / "lake" / "audits"

    @property
    def out(self):
        return self.root / "out"


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A lake, and the report that is built of its first release, by the command as a person does it."""
    place = Place(tmp_path_factory.mktemp("before"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENPEEL_CACHE", str(tmp_path_factory.mktemp("cache")))
        for number, force in enumerate((FORCE, *OTHERS)):
            for standard, rows in returns(force, number).items():
                hand_in(place.lake, place.root, force, standard, rows)
        make_audits(place.audits, seed=1)
        build(place, "first", MADE_ON)
        yield place


def build(place, release, made_on, correction=""):
    """Build the report from a new release of what is in the lake, in place of the one before."""
    create_release(place.lake, release, at=datetime(2024, 5, 1, tzinfo=UTC))
    source = place.root / "report.md"
    corrections = f'[[corrections]]\non = {made_on}\nnote = "{correction}"' if correction else ""
    source.write_text(SOURCE.format(corrections=corrections), encoding="utf-8")
    options = ["--release", release, "--lake", place.root / "lake", "--made-on", made_on, "--out", place.out]
    done("report", "build", source, *options)


def texts(out):
    """All that each output says, as texts and numbers."""
    return {
        "pages": [_words(file.read_bytes()) for file in _files(out, ".html", ".svg")],
        "JSON beside the pages": _leaves_of(_files(out / "figures", ".json")),
        "pdf": _pdf(out / "report.pdf"),
        "xlsx": _cells(out / "report.xlsx"),
        "ods": _cells(out / "report.ods"),
        "csv": [
            cell
            for file in _files(out, ".csv")
            for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
            for cell in row
        ],
        "json": _leaves_of([out / "data" / "figures.json"]),
        "record": _leaves_of([out / "report.json"]),
    }


def _files(folder, *endings):
    return [file for file in sorted(folder.rglob("*")) if file.suffix in endings]


def _words(content):
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|script).*?</\1>", " ", content.decode())))


def _pdf(file):
    document = pypdfium2.PdfDocument(file)
    try:
        return [document[i].get_textpage().get_text_range() for i in range(len(document))]
    finally:
        document.close()


def _cells(file):
    book = CalamineWorkbook.from_path(str(file))
    return [
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]


def _leaves_of(files):
    return [leaf for file in files for leaf in _leaves(json.loads(file.read_bytes()))]


def _leaves(value):
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value


@dataclass(frozen=True)
class Number:
    """The value of a figure, and how it is printed."""

    value: float
    printed: str


def says(texts, number):
    """Whether a number is among texts and numbers: as it is printed, or in full."""
    alone = re.compile(rf"(?<![\w.,£]){re.escape(number.printed)}(?![\w]|[.,]\d)")
    full = {repr(number.value), repr(float(f"{number.value:.15g}"))}
    return any(
        alone.search(said) or said in full
        if isinstance(said, str)
        else isinstance(said, int | float) and not isinstance(said, bool) and _close(said, number.value)
        for said in texts
    )


def _close(a, b):
    return abs(a - b) <= 1e-12 * abs(b)


def by_key(out):
    """The figures of a built report by what stays the same from release to release, but for those of empty groups."""
    figures = json.loads((out / "data" / "figures.json").read_bytes())["figures"]
    return {
        (f["measure"], f["group"]): Number(f["value"], shown(f["value"], f["unit"]))
        for f in (cited["figure"] for cited in figures)
        if f["value"]
    }


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
    ("disproportionality", "black"): correct_return("stop_search", more(1, 1_627)),
    ("stop_search-reasonable_grounds", None): correct_codings,
}


def test_every_figure_of_the_report_is_corrected_here(before):
    assert set(by_key(before.out)) == set(CORRECTIONS)


def test_every_output_shows_every_figure(before):
    said = texts(before.out)
    missing = [
        (key, name) for key, n in by_key(before.out).items() for name in said if not says(said[name], n)
    ]
    assert missing == []


@pytest.mark.parametrize("key", CORRECTIONS, ids=lambda key: "-".join(filter(None, key)))
def test_a_figure_whose_records_change_is_new_in_every_output_and_old_in_none(before, tmp_path, key):
    shutil.copytree(before.root, tmp_path / "after")
    after = Place(tmp_path / "after")
    CORRECTIONS[key](after)
    build(after, "second", CORRECTED_ON, NOTE)
    old, new = by_key(before.out), by_key(after.out)
    changed = [k for k in old if old[k].printed != new[k].printed]
    assert key in changed
    said = texts(after.out)
    for k in changed:
        for name in said:
            assert says(said[name], new[k]), f"{name} does not show {k}: {new[k]}"
            assert not says(said[name], old[k]), f"{name} still shows {k}: {old[k]}"
    for name in ("pages", "pdf", "xlsx", "ods", "json", "record"):
        assert any(NOTE in " ".join(str(part).split()) for part in said[name]), (
            f"{name} has no correction note"
        )


def test_a_number_that_is_nowhere_is_found_nowhere(before):
    number = by_key(before.out)["funding", None]
    said = texts(before.out)
    assert all(says(said[name], number) for name in said)
    other = Number(number.value + 10_000_000, shown(number.value + 10_000_000, "GBP"))
    assert not any(says(said[name], other) for name in said)
