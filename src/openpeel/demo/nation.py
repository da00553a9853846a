"""The demonstration nation: what 43 forces hand in, in every standard, loaded into a lake of its own."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

from openpeel.demo.audits import make_audits
from openpeel.demo.handing_in import HandedIn, hand_in, in_months
from openpeel.demo.plan import Plan, plans
from openpeel.errors import UseError
from openpeel.intake.load import LoadOptions, LoadReport, load
from openpeel.lake import Lake
from openpeel.lake.store import disk_errors
from openpeel.publishing.folder import put_in_place
from openpeel.reference.forces import Force, forces
from openpeel.reference.periods import Month
from openpeel.threads import in_order

Progress = Callable[[int, int], None]

#: The force whose cases are audited.
AUDITED = "hertfordshire"


def make_nation(
    folder: Path,
    *,
    seed: int = 1,
    scale: float = 1.0,
    only: Sequence[Force] | None = None,
    standards: Collection[str] | None = None,
    progress: Progress | None = None,
) -> list[LoadReport]:
    """Make the lake of an invented nation in `folder`: every standard, handed in by the 43 forces, and audits.

    Hertfordshire and two neighbours hand in records, the others tallies where records would be many. `scale`
    multiplies how many records there are (1 is the size of the real nation); `only` these forces hand in anything, and
    only in these `standards`; `progress` is told files made and in all. The same seed and scale make the same files
    on every machine.

    A demonstration that is there already is replaced; a run that is killed leaves it as it was, and at worst a hidden
    folder beside it. Raises UseError, touching nothing, where the folder holds anything else.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise UseError(f"expected a scale above 0, got {scale}", where="--scale")
    target = folder.resolve()
    _refuse_other_content(target, folder)
    chosen = tuple(only or forces())
    wanted = [plan for plan in plans() if standards is None or plan.standard.id in standards]
    total = len(wanted) * len(chosen)
    with ExitStack() as stack:
        stack.enter_context(disk_errors(folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = stack.enter_context(
            tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-")
        )
        lake = Lake.open(Path(beside) / "lake", create=True)
        reports = []

        def handed_in(plan: Plan) -> list[tuple[Force, HandedIn]]:
            files = Path(beside) / plan.standard.id
            files.mkdir()
            return [
                (force, f) for force in chosen for f in hand_in(plan, force, files, seed=seed, scale=scale)
            ]

        # The next kinds of record are written while one is loaded.
        for done, (plan, files) in enumerate(in_order(handed_in, wanted), start=1):
            reports += _load_standard(lake, plan, files)
            shutil.rmtree(Path(beside) / plan.standard.id)
            if progress:
                progress(done * len(chosen), total)
        if any(force.slug == AUDITED for force in chosen):
            make_audits(lake.root / "audits", seed=seed)
        put_in_place(lake.root, target, Path(beside) / "former")
    return reports


def _load_standard(lake: Lake, plan: Plan, files: Sequence[tuple[Force, HandedIn]]) -> list[LoadReport]:
    """Load what the forces hand in of one kind of record, what is for the same months together."""
    by_months: dict[tuple[Month, ...] | None, list[HandedIn]] = {}
    for force, file in files:
        # A file of one month says it in its name.
        by_months.setdefault(None if in_months(plan, force) else file.months, []).append(file)
    reports = [
        load(lake, [f.path for f in of_months], LoadOptions(months=months))
        for months, of_months in by_months.items()
    ]
    for report in reports:
        if report.not_taken or any(item.found.rejected for item in report.loaded):
            wrong = [n.reason for n in report.not_taken] + [
                f"{item.found.key}: {item.found.rejected} rows rejected"
                for item in report.loaded
                if item.found.rejected
            ]
            raise AssertionError(f"the demonstration could not be loaded: {wrong[0]}")
    return reports


def _refuse_other_content(target: Path, folder: Path) -> None:
    """Raise UseError unless the folder is missing, empty, or a lake that holds nothing but inventions."""
    advice = "Name a new folder, or empty this one yourself."
    if not target.exists():
        return
    if not target.is_dir():
        raise UseError(
            "expected a folder for the demonstration, got a file.", where=str(folder), advice=advice
        )
    if not any(target.iterdir()):
        return
    expected = "expected an empty folder or an earlier demonstration, got a"
    try:
        lake = Lake.open(target)
    except UseError:
        raise UseError(
            f"{expected} folder with other files in it.", where=str(folder), advice=advice
        ) from None
    held = [lake.read_return(i) for i in lake.held().values()]
    if not any(r.invented for r in held) or not all(r.invented or r.rows == 0 for r in held):
        raise UseError(
            f"{expected} lake with records that are not invented.", where=str(folder), advice=advice
        )
