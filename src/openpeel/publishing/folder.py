"""Puts a finished set of files in the place of a folder at once. What the files say is made elsewhere."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from openpeel.errors import UseError

#: The file in which a report names all files of its folder. Pages of an inspection take no report's place.
REPORT_RECORD = "report.json"
MARK = b'<meta name="generator" content="openpeel">'


def replace_folder(files: Mapping[str, bytes], out: Path) -> tuple[Path, ...]:
    """Writes `files` (name within the folder → content) as the folder `out` and gives their paths.

    All are written to a hidden folder beside `out` first and then take its place by renaming, so a run
    that is killed leaves the page before it or the whole new one, and at worst the hidden folder.
    A page made before is replaced. Raises UseError, touching nothing, when `out` is a file or holds
    anything that no page of openpeel would.
    """
    target = out.resolve()  # a link to a folder stays a link; the folder it names is replaced
    _refuse_what_is_not_ours(target, out, report=REPORT_RECORD in files)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
        fresh, former = Path(beside) / "fresh", Path(beside) / "former"
        for name, content in files.items():
            path = fresh / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        put_in_place(fresh, target, former)
    return tuple(out / PurePosixPath(name) for name in files)


def put_in_place(fresh: Path, target: Path, former: Path) -> None:
    """Let a finished folder take the place of another, if there is one, which waits as `former` and then goes.

    All three are on one disk. Where the place cannot be taken, what stood there is put back and OSError is raised.
    """
    if target.exists():
        target.rename(former)
    try:
        fresh.rename(target)
    except OSError:
        if former.exists():
            former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _refuse_what_is_not_ours(target: Path, out: Path, *, report: bool) -> None:
    if not target.exists():
        return
    advice = "Name a new folder, or empty this one yourself."
    if not target.is_dir():
        raise UseError("expected a folder for the page, got a file.", where=str(out), advice=advice)
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    if not present:
        return
    index = target / "index.html"
    if not index.is_file() or not _marked(index):
        raise UseError(
            "expected an empty folder or an earlier page of openpeel, got a folder with other files.",
            where=str(out),
            advice=advice,
        )
    listed = _listed(target) if report else frozenset()
    strangers = sorted(name for name in present if name not in listed and not _ours(target, name))
    if strangers:
        raise UseError(
            f"expected nothing but an earlier page of openpeel, got {strangers[0]!r} beside it.",
            where=str(out),
            advice="Move it away first: the folder is replaced as a whole.",
        )


def _listed(target: Path) -> frozenset[str]:
    """The files that the record of a report names as its own; none where there is no report."""
    try:
        return frozenset(map(str, json.loads((target / REPORT_RECORD).read_bytes())["files"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _ours(target: Path, name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[:-1] == ("charts",):
        return path.suffix == ".svg"
    if (
        len(path.parts) == 1 and path.suffix == ".html"
    ):  # the names differ with what was inspected; the mark does not
        return _marked(target / path)
    return name in {"figures.json", "figures.csv", "all-forces.csv"}


def _marked(page: Path) -> bool:
    with page.open("rb") as file:
        return MARK in file.read(4096)
