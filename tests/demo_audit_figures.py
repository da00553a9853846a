"""The figures of the report on Hertfordshire that come from audits, computed from the demonstration's files."""

import csv
import random
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from openpeel.audits import load_instrument
from openpeel.audits.estimating import AuditEstimate
from openpeel.audits.instrument import holds
from openpeel.demo.audits import audit_files, estimate_made
from openpeel.figures import Figure
from openpeel.figures.audited import audit_figures as figures_of_audit

#: The audit and result that each row of the report's table is.
ROWS = {
    "cdi_all": ("crime_data_integrity", "all_crime"),
    "cdi_sexual": ("crime_data_integrity", "sexual"),
    "cdi_violence": ("crime_data_integrity", "violence"),
    "cdi_vulnerable": ("crime_data_integrity", "vulnerable"),
    "grounds_now": ("stop_search", "reasonable_grounds"),
    "grounds_before": ("stop_search_2021", "reasonable_grounds"),
    "grounds_minority": ("stop_search", "grounds_minority"),
    "self_defined_ethnicity_missing": ("stop_search", "self_defined_ethnicity_missing"),
    "bwv_clips": ("stop_search", "clips_viewed"),
    "repeat_check": ("victim_service", "repeat_check"),
    "repeat_used": ("victim_service", "repeat_used"),
    "vulnerable_check": ("victim_service", "vulnerable_check"),
    "vulnerable_recorded": ("victim_service", "vulnerable_recorded"),
    "triage_recorded": ("victim_service", "triage_recorded"),
    "thrive_meaningful": ("victim_service", "triage_meaningful"),
    "prioritisation_appropriate": ("victim_service", "prioritisation_appropriate"),
    "evidence_led": ("victim_service", "evidence_led"),
    "vsa_case_files": ("victim_service", "case_files"),
    "vsa_outcome18_minimum": ("victim_service", "outcome_18"),
}


@dataclass(frozen=True)
class AuditFigure:
    """A row as it was computed; `verdict` is '' where nothing is compared, `half_width` None for a count."""

    figure: Figure
    estimate: AuditEstimate
    half_width: float | None
    verdict: str

    def printed(self, row):
        """The cells of this row that the report fills in, as computed, with as many digits as it prints."""
        computed = {
            "numerator": self.figure.numerator,
            "denominator": self.figure.denominator,
            "value": self.figure.value,
            "ci_points": self.half_width,
            "verdict": self.verdict,
        }
        return {
            name: value if isinstance(value, str) else _rounded(value, row[name])
            for name, value in computed.items()
            if row[name]
        }


def audit_figures(folder):
    """Every row of `ROWS`, computed from the files that `make_audits` wrote to this folder."""
    outcomes = {files.name: estimate_made(files) for files in audit_files(folder)}
    found = {}
    for row, (audit, result) in ROWS.items():
        outcome = outcomes[audit]
        estimate = outcome.estimate(result)
        figure = next(f for f in figures_of_audit(outcome) if f.measure.partition("-")[2] == result)
        verdict = next((c.verdict for c in outcome.changes if c.result == result), "")
        found[row] = AuditFigure(figure, estimate, estimate.published, verdict)
    return found


def change_a_tenth(folder, seed):
    """Change the answers of a tenth of the cases behind every row of `ROWS`, by chance, and write the sheets again.

    A case that counts does so no longer, and the other way round. What stands behind a column of the frame cannot be
    answered otherwise: such a case becomes one that cannot be audited.
    """
    chance = random.Random(seed)
    found = audit_figures(folder)
    for files in audit_files(folder):
        instrument = load_instrument(files.instrument)
        header, rows = _sheet(files.codings)
        at = {(row["case"], row.get(instrument.each) or "0"): row for row in rows}
        changed = set()
        for row_id in (r for r, (audit, _) in ROWS.items() if audit == files.name):
            estimate = found[row_id].estimate
            seen = estimate.observations
            for one in chance.sample(seen, max(1, len(seen) // 10)):
                place = (one.case.case, str(one.item), estimate.result.question)
                if place in changed:
                    continue
                changed.add(place)
                _change(at[place[:2]], instrument, estimate.result, one.counted)
        with files.codings.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)


def _sheet(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def _change(row, instrument, result, counted):
    question = instrument.question(result.question)
    if question is None:
        row["unusable"] = "cannot_be_audited"
    else:
        others = [code for code in result.of or question.relevant if code not in result.counts]
        row[question.id] = others[0] if counted else result.counts[0]
    for each in instrument.questions:
        if row["unusable"] or not holds(each.asked_when, row):
            row[each.id] = ""
        elif not row[each.id]:
            row[each.id] = each.relevant[0]


def _rounded(value, like):
    """A number with as many digits after the point as the text beside it."""
    digits = Decimal(1).scaleb(-len(like.partition(".")[2]))
    return str(Decimal(value).quantize(digits, ROUND_HALF_UP))
