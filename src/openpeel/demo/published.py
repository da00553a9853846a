"""Writes the demonstration as a folder of files, whole or not at all. What stands in the files is made elsewhere."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from openpeel.demo.defects import PLANTED, has_file
from openpeel.demo.records import force_month
from openpeel.errors import UseError
from openpeel.publishing.folder import put_in_place
from openpeel.reference.forces import Force, all_forces, find_force
from openpeel.reference.periods import Month, Period

README = "README.txt"
_MARK = "An invented nation, made by openpeel"


def generate(
    out: Path,
    *,
    seed: int,
    ending: date,
    months: int = 12,
    size: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write the stop-and-search files of an invented nation to the folder `out`; their paths, month by month.

    One file for each force and month, as data.police.uk lays them out, and a README.txt that says that
    everything is invented. The forces are those of England and Wales and British Transport Police; the
    numbers say nothing about any of them.

    `ending` is the last day of the last of the `months`; `size` multiplies the number of rows, of which
    a year has 310,000 to 360,000; `progress` is told files made and files in all. The same arguments give
    the same bytes on every machine, and a force's file of a month is the same whatever the other months.

    An earlier demonstration in `out` is replaced; a run that is killed leaves it as it was, and at worst
    a hidden folder beside it. Raises UseError, touching nothing, for any other content of `out`, and for
    numbers that make no demonstration.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files = generate(Path(folder) / "nation", seed=1, ending=date(2021, 3, 31), months=1, size=0.01)
    >>> files[0].name
    '2021-03-metropolitan-stop-and-search.csv'
    """
    period = _months(ending, months)
    if not (math.isfinite(size) and size > 0):
        raise UseError(f"expected a scale above 0, got {size}", where="--scale")
    wanted = [(force, month) for month in period for force in _forces() if has_file(force, month)]
    names = [f"{month}/{month}-{force.slug}-stop-and-search.csv" for force, month in wanted]
    target = out.resolve()  # a link to a folder stays a link; the folder it names is replaced
    _refuse_other_content(target, out)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
            fresh = Path(beside) / "fresh"
            for done, ((force, month), name) in enumerate(zip(wanted, names, strict=True), start=1):
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(force_month(seed, force, month, size=size))
                if progress:
                    progress(done, len(wanted))
            (fresh / README).write_bytes(_readme(seed, period, size, names).encode())
            put_in_place(fresh, target, Path(beside) / "former")
    except OSError as error:
        raise UseError(
            f"expected a folder that can be written, got an error of the machine ({error.strerror}).",
            where=str(out),
            advice="Name another folder.",
        ) from None
    return [out / name for name in names]


def _forces() -> tuple[Force, ...]:
    return tuple(force for force in all_forces() if force.kind != "northern_ireland")


def _months(ending: date, months: int) -> list[Month]:
    last = Month.of(ending)
    if ending != last.end:
        raise UseError(
            f"expected the last day of a month, such as {last.end}, got {ending}", where="--ending"
        )
    if months < 1:
        raise UseError(f"expected at least 1 month, got {months}", where="--months")
    first = last.year * 12 + last.month - months
    start = Month(first // 12, first % 12 + 1)
    return list(Period(start.start, ending).months())


def _refuse_other_content(target: Path, out: Path) -> None:
    """Raise UseError unless the folder is missing, empty, or holds what an earlier demonstration put there."""
    advice = "Name a new folder, or empty this one yourself."
    if not target.exists():
        return
    if not target.is_dir():
        raise UseError("expected a folder for the demonstration, got a file.", where=str(out), advice=advice)
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    readme = target / README
    lines = readme.read_text("utf-8", errors="replace").splitlines() if readme.is_file() else []
    # The README lists its files: one that somebody put beside them, with a name like theirs, is not ours.
    ours = {README, *(line.strip() for line in lines)} if lines[:1] == [_MARK] else set()
    if others := sorted(present - ours):
        raise UseError(
            f"expected an empty folder or an earlier demonstration, got a folder with {others[0]!r} in it.",
            where=str(out),
            advice=advice,
        )


def _readme(seed: int, period: Sequence[Month], size: float, names: Sequence[str]) -> str:
    planted = "\n".join(f"  {find_force(slug).name}: {defect.value}" for slug, defect in PLANTED.items())
    return f"""\
{_MARK}

EVERYTHING IN THIS FOLDER IS INVENTED. No record is of a real search, person or place, and no number says
anything about any real force. The names are those of the forces of England and Wales because the files are
laid out as data.police.uk lays out its own, so that openpeel can be tried on them.

Made from the seed {seed}, size {size:g}, for {period[0].label} to {period[-1].label}.
The same again makes the same files.
Who searches more, whom, for what and with what outcome is drawn from the seed. Only how many people live in
each force area, and of which ethnic groups, is as in the population estimates and the census. Places are on a
coarse grid and have nothing to do with where the force is.

These defects are invented too. They are planted so that there is something to find, each in a force whose own
files of 2019 to 2021 did not have it:
{planted}
Besides, in every force, some rows repeat another one exactly, some cells are blank, and in summer some searches
just after midnight stand in the month before, because times are in UTC.

Files ({len(names)}):
""" + "".join(f"  {name}\n" for name in names)
