"""The audits of the demonstration: three of Hertfordshire, and an earlier one, each a folder to work with.

list.csv       the force's list of its cases, as `openpeel audit frame --list` reads it
frame.json     what that makes of it
draw.json      the cases drawn
codings.csv    the coding sheet of the draw, filled in
earlier.json   what the audit before it found, where there is one

The cases and answers are invented so that the figures printed in the report on Hertfordshire come out.
"""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openpeel.audits.drawing import Plan, draw_cases, plan_of_strata
from openpeel.audits.files import sheet_bytes
from openpeel.audits.frame import About, audit_json
from openpeel.audits.framing import frame_of_list
from openpeel.audits.outcome import AuditOutcome, estimate_audit
from openpeel.audits.strata_file import PlannedStratum
from openpeel.demo.draws import Draws
from openpeel.demo.planting import AuditPlan, planted_sheet, read_plan
from openpeel.errors import UseError
from openpeel.lake.store import disk_errors
from openpeel.reference.forces import find_force

#: The audits by name, each after the one that it is set beside.
AUDITS = ("crime_data_integrity", "victim_service", "stop_search_2021", "stop_search")
README = "README.txt"

_FORCE = "hertfordshire"
_THROWS = 10


@dataclass(frozen=True)
class AuditFiles:
    """Where an audit stands, and by which instrument it is estimated. `earlier` is None where there is none."""

    name: str
    instrument: str
    folder: Path
    earlier: Path | None

    @property
    def case_list(self) -> Path:
        """The force's list of its cases."""
        return self.folder / "list.csv"

    @property
    def frame(self) -> Path:
        """The frame."""
        return self.folder / "frame.json"

    @property
    def draw(self) -> Path:
        """The draw."""
        return self.folder / "draw.json"

    @property
    def codings(self) -> Path:
        """The coding sheet, filled in."""
        return self.folder / "codings.csv"


def make_audits(folder: Path, *, seed: int) -> list[AuditFiles]:
    """Write the invented audits of Hertfordshire to a new folder; where they stand, in the order of `AUDITS`.

    The seed says which case is of which stratum, which are drawn and which give what answer; the figures of the
    report are the same for every seed. The same seed gives the same bytes. All is written or nothing: a run that is
    killed leaves at worst a hidden folder beside `folder`. Raises UseError, touching nothing, where something is in
    the way.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise UseError(
            "expected a new folder for the audits of the demonstration, got one with something in it",
            where=str(folder),
            advice="Name a new folder, or empty this one yourself.",
        )
    with disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            fresh = Path(beside) / "fresh"
            for name in AUDITS:
                _make(read_plan(name), fresh, seed)
            (fresh / README).write_bytes(_readme(seed).encode())
            fresh.replace(folder)
    return audit_files(folder)


def audit_files(folder: Path) -> list[AuditFiles]:
    """Where the audits stand that `make_audits` wrote to that folder."""
    return [_files(folder, read_plan(name)) for name in AUDITS]


def estimate_made(files: AuditFiles) -> AuditOutcome:
    """What the codings of such an audit add up to, set beside the earlier one where there is one."""
    plan = read_plan(files.name)
    return estimate_audit(plan.instrument, [files.codings], files.frame, files.draw, previous=files.earlier)


def _files(folder: Path, plan: AuditPlan) -> AuditFiles:
    here = folder / plan.name
    return AuditFiles(plan.name, plan.instrument.id, here, here / "earlier.json" if plan.earlier else None)


def _make(plan: AuditPlan, folder: Path, seed: int) -> None:
    made = _files(folder, plan)
    made.folder.mkdir(parents=True)
    made.case_list.write_bytes(_list(plan, seed))
    about = About.of(plan.instrument, find_force(_FORCE).code, plan.period)
    frame = frame_of_list(made.case_list, about, plan.instrument)
    made.frame.write_bytes(audit_json(frame.as_json()))
    wanted = [
        PlannedStratum(plan.instrument.frame.label(dict(s.values)), s.cases, None, s.drawn)
        for s in plan.strata
    ]
    size = sum(stratum.drawn for stratum in plan.strata)
    draw = draw_cases(frame, plan_of_strata(plan.instrument, frame, Plan(size), wanted), _thrown(plan, seed))
    made.draw.write_bytes(audit_json(draw.as_json()))
    made.codings.write_bytes(sheet_bytes(planted_sheet(plan, frame, draw, seed)))
    if made.earlier:
        before = estimate_made(_files(folder, read_plan(plan.earlier)))
        made.earlier.write_bytes(audit_json(before.as_json()))


def _list(plan: AuditPlan, seed: int) -> bytes:
    """The list of all cases. Their numbers say nothing of the stratum: the strata are spread over them by chance."""
    columns = [column.name for column in plan.instrument.frame.columns]
    values = [dict(s.values) for s in plan.strata for _ in range(s.cases)]
    order = np.argsort(Draws(seed, "cases", plan.name).uniform(len(values)), kind="stable")
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["case", *columns])
    for number, place in enumerate(order, start=1):
        rows.writerow([f"{plan.letter}{number:06}", *(values[place][name] for name in columns)])
    return text.getvalue().encode()


def _thrown(plan: AuditPlan, seed: int) -> str:
    """The seed of the draw, as if by throws of a die with ten sides."""
    return " ".join(str(int(10 * u)) for u in Draws(seed, "throws", plan.name).uniform(_THROWS))


def _readme(seed: int) -> str:
    plans = [read_plan(name) for name in AUDITS]
    commands = "".join(
        f"\n{plan.instrument.title}, {plan.period.label}:\n"
        f"  openpeel audit estimate {plan.instrument.id} --codings {plan.name}/codings.csv"
        f" --frame {plan.name}/frame.json{f' --previous {plan.name}/earlier.json' if plan.earlier else ''}\n"
        for plan in plans
    )
    return f"""\
Invented audits, made by openpeel

EVERYTHING IN THIS FOLDER IS INVENTED. No case is a real one, nobody answered any question, and no answer says
anything about a real force. There are as many of each answer as it takes for the figures to come out that the
inspectorate printed of Hertfordshire in 2024, so that openpeel can be held against them.

Made from the seed {seed}. The same again makes the same files.

In each folder: list.csv (all cases), frame.json (the same, with their hash), draw.json (those drawn), codings.csv
(what reviewers would have written down) and earlier.json (what the audit before it found, where there is one).
With them, in this folder:
{commands}"""
