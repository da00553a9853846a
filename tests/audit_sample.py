"""Small audits for tests: invented cases in strata, a draw from them, and sheets filled in by a rule. All invented."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from openpeel.audits import load_instrument
from openpeel.audits.drawing import Plan, draw_cases, plan_of_strata, sheet_header
from openpeel.audits.files import draw_beside, frame_beside, write_draw
from openpeel.audits.frame import About, make_frame
from openpeel.audits.outcome import estimate_audit
from openpeel.figures.audited import audit_figures
from openpeel.reference.periods import Period

HERTFORDSHIRE = "E23000027"
YEAR = Period(date(2023, 2, 1), date(2024, 1, 31))


@dataclass
class Audit:
    """An audit on disk: its instrument, frame and draw, and where its sheet stands."""

    instrument: object
    frame: object
    draw: object
    sheet: object

    @property
    def cases(self):
        """The cases drawn, in the order of the draw, with the stratum of each."""
        return [(str(case), s.label) for s in self.draw.drawn.strata for case in s.sample]

    def code(self, rows, name="coded.csv"):
        """Write a coding sheet of these rows (column to answer); returns its path."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, sheet_header(self.instrument, self.frame), restval="")
        writer.writeheader()
        writer.writerows(rows)
        path = self.sheet.with_name(name)
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def estimate(self, *codings, **settings):
        """What these codings add up to."""
        frame = frame_beside(self.sheet)
        return estimate_audit(self.instrument, codings, frame, draw_beside(frame), **settings)


def begin(
    folder, instrument_id, sizes, drawn, seed="3 1 4 1 5", period=YEAR, incomplete=(), name="cases.csv"
):
    """Draw from invented cases: `sizes` by the values of the frame's columns, `drawn` in all or a Plan."""
    instrument = load_instrument(instrument_id)
    cases = {
        values: [f"{'-'.join(values) or 'C'}-{number:06}" for number in range(1, size + 1)]
        for values, size in sizes.items()
    }
    frame = make_frame(
        About.of(instrument, HERTFORDSHIRE, period), instrument, {"list": "invented"}, cases, incomplete
    )
    plan = plan_of_strata(instrument, frame, drawn if isinstance(drawn, Plan) else Plan(drawn))
    draw = draw_cases(frame, plan, seed)
    sheet, _, _ = write_draw(folder / name, instrument, frame, draw)
    return Audit(instrument, frame, draw, sheet)


def figures(outcome):
    """Its figures by result, those of a group by (result, group)."""
    named = {}
    for figure in audit_figures(outcome):
        result = figure.measure.partition("-")[2]
        named[(result, figure.group) if figure.group else result] = figure
    return named
