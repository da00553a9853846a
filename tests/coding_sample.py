"""Sheets of codings for invented audits, right ones, to be spoilt by tests. All of it is invented."""

import csv
import io
from dataclasses import dataclass
from datetime import date

import pytest

from openpeel.audits import load_instrument
from openpeel.audits.codings import WrongCodingsError, read_codings
from openpeel.audits.drawing import AuditDraw, Plan, draw_cases, sheet_header
from openpeel.audits.frame import About, AuditFrame, make_frame
from openpeel.audits.instrument import Instrument
from openpeel.audits.instrument_file import read_instrument
from openpeel.reference.periods import Period

YEAR = Period(date(2023, 2, 1), date(2024, 1, 31))
SECRET = "Zebedee Quickfoot, 7 Acacia Row"


@dataclass
class Audit:
    """An invented audit, with sheets written and read in a folder of the test."""

    instrument: Instrument
    frame: AuditFrame
    draw: AuditDraw
    folder: object

    def sample(self, stratum=0):
        return list(self.draw.drawn.strata[stratum].sample)

    def reserve(self, stratum=0):
        return list(self.draw.drawn.strata[stratum].reserve)

    @property
    def cases(self):
        return [case for stratum in self.draw.drawn.strata for case in stratum.sample]

    def sheet(self, rows, name="sheet.csv", header=None):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, header or sheet_header(self.instrument, self.frame), restval="")
        writer.writeheader()
        writer.writerows(rows)
        return self.write(text.getvalue().encode(), name)

    def write(self, content, name="sheet.csv"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def read(self, *paths):
        return read_codings(paths, self.instrument, self.frame, self.draw)

    def wrong(self, rows, *more):
        """Everything that is said to be wrong with a sheet of these rows, the first of which is row 2."""
        with pytest.raises(WrongCodingsError) as found:
            self.read(self.sheet(rows), *more)
        assert found.value.exit_code == 1
        return list(found.value.problems)


def begin(folder, instrument, strata, size, reserve=2):
    about = About.of(instrument, "E23000027", YEAR)
    frame = make_frame(about, instrument, {"list": "cases.csv"}, strata)
    return Audit(instrument, frame, draw_cases(frame, Plan(size, reserve=reserve), "3 1 4"), folder)


@pytest.fixture
def searches(tmp_path):
    """Six searches drawn of twenty, and two in reserve."""
    cases = [f"S{n:02}" for n in range(1, 21)]
    return begin(tmp_path, load_instrument("stop_search"), {(): cases}, 6)


@pytest.fixture
def reports(tmp_path):
    """Three reports drawn from each of two strata of ten, and two in reserve of each."""
    strata = {
        (route, "any"): [f"{route[0].upper()}{n}" for n in range(10)] for route in ("direct", "incident")
    }
    return begin(tmp_path, load_instrument("crime_data_integrity"), strata, 6)


ROUTES = """
title = "Calls"
version = 1
case = "call"
[[frame.columns]]
name = "route"
title = "Route"
answers = { phone = "By phone", web = "On the web" }
[[section]]
id = "call"
title = "The call"
[[section]]
id = "promises"
title = "Promises"
each = "promise"
asked_when = { promised = ["yes"] }
[[question]]
id = "answered"
section = "call"
text = "Was it answered?"
answers = { yes = "Yes", no = "No" }
asked_when = { route = ["phone"] }
[[question]]
id = "promised"
section = "call"
text = "Was anything promised?"
answers = { yes = "Yes", no = "No" }
asked_when = { answered = ["yes"] }
[[question]]
id = "kept"
section = "promises"
text = "Was it kept?"
answers = { yes = "Yes", no = "No" }
"""


@pytest.fixture
def calls(tmp_path):
    """Two calls by phone and two on the web; what is asked hangs on which, and promises on what was asked."""
    instrument = read_instrument("calls", ROUTES.encode(), name="calls.toml")
    return begin(tmp_path, instrument, {("phone",): ["P1", "P2"], ("web",): ["W1", "W2"]}, 4, reserve=0)


def search(case, **answers):
    plain = {"grounds_recorded": "yes", "reasonable_grounds": "no", "self_defined_ethnicity": "missing"}
    plain |= {"item_found": "no", "further_action": "no", "clip": "not_chosen"}
    return {"case": case, **plain, **answers}


def report(case, **answers):
    return {"case": case, "crime_due": "no", **answers}


def crime(case, number, **answers):
    return {"case": case, "crime": number, "class": "burglary", "recorded": "no", **answers}


def all_searches(audit, **of_first):
    """A coding of every search drawn, the first of them (row 2) with other answers."""
    first, *others = audit.cases
    return [search(first, **of_first), *map(search, others)]


def all_reports(audit, *of_first):
    """A coding of every report drawn, the first of them with these rows (row 2 and on)."""
    first, *others = audit.cases
    return [{"case": first, **row} for row in of_first] + [report(case) for case in others]


def on_the_web(*cases):
    return [{"case": c, "unusable": "out_of_scope"} for c in cases]
