"""Adds finished files to a folder and changes none that is there. What the files say is made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpeel.errors import UseError
from openpeel.lake.store import disk_errors, write_whole


def add_files(files: Mapping[str, bytes], out: Path) -> dict[Path, bool]:
    """Writes `files` (name → content) to the folder `out`, made if need be. Gives each path, and whether it is new.

    A file that is there with the same content is left alone. Raises UseError, writing nothing, where one is
    there with other content or the folder cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise UseError("expected a folder, got a file", where=str(out), advice="Name a new folder.")
    added: list[Path] = []
    with disk_errors(out):
        states = {out / name: _is_new(out / name, content) for name, content in files.items()}
        try:
            out.mkdir(parents=True, exist_ok=True)
            for path, content in zip(states, files.values(), strict=True):
                if states[path]:
                    write_whole(path, content)
                    added.append(path)
        except BaseException:
            for path in added:
                path.unlink(missing_ok=True)
            raise
    return states


def _is_new(path: Path, content: bytes) -> bool:
    if not path.exists() and not path.is_symlink():
        return True
    if path.is_file() and path.read_bytes() == content:
        return False
    raise UseError(
        "there is a file of this name already, with other content",
        where=str(path),
        advice="Nothing was written. Move it away, or name another folder.",
    )
