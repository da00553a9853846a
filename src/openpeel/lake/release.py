"""A release: a frozen, named set of the returns that were held when it was made.

A release never changes. Its id comes from what it holds, so the same returns give the same id whatever
it is called, whenever it is made and in whatever order they were loaded.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from openpeel.errors import DataError, UseError
from openpeel.lake.returns import Return
from openpeel.lake.store import Lake, file_sha256, read_json, write_whole


@dataclass(frozen=True)
class Release:
    """Returns that figures can be computed from.

    `leave_out_duplicates` is frozen with the release, so that all its figures treat exact duplicates alike.
    """

    name: str
    id: str
    made_at: datetime
    leave_out_duplicates: bool
    returns: tuple[Return, ...]
    lake: Lake

    def of(self, standard: str, force: str | None = None) -> tuple[Return, ...]:
        """The returns in one standard, of one force if named."""
        return self._found.get((standard, force), ())

    @cached_property
    def _found(self) -> Mapping[tuple[str, str | None], tuple[Return, ...]]:
        """The returns by standard and force: a release may hold tens of thousands, and each figure asks for its own."""
        found: dict[tuple[str, str | None], list[Return]] = {}
        for r in self.returns:
            found.setdefault((r.key.standard, None), []).append(r)
            found.setdefault((r.key.standard, r.key.force), []).append(r)
        return {key: tuple(those) for key, those in found.items()}

    def files(self, returns: Sequence[Return]) -> list[Path]:
        """The Parquet files of these returns. Raises DataError if one is gone."""
        paths = [self.lake.part_path(r.key.standard, r.part) for r in returns]
        for path in paths:
            if not path.exists():
                raise DataError(
                    f"the release '{self.name}' needs the file {path.name}, which is gone",
                    where=str(path.parent),
                    advice="Bring the file back from a backup, or load the return again.",
                )
        return paths

    def verify(self, returns: Sequence[Return]) -> list[str]:
        """The names of the files of these returns whose bytes are no longer those that were frozen."""
        return [
            path.name
            for path, r in zip(self.files(returns), returns, strict=True)
            if file_sha256(path) != r.part_sha256
        ]


def create_release(
    lake: Lake, name: str, *, at: datetime, leave_out_duplicates: bool = False
) -> tuple[Release, bool]:
    """Freeze what the lake holds under a name. Returns the release and whether it is new.

    Making it again with the same content is allowed and changes nothing; with other content it is refused,
    because figures that were printed from it could no longer be found.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise UseError(
            f"a release cannot be called '{name}'",
            advice="Use up to 64 letters, digits, dots, dashes and underscores.",
        )
    with lake.writing():
        returns = tuple(lake.read_return(i) for _, i in sorted(lake.held().items()))
        if not returns:
            raise UseError("the lake holds no returns to freeze", advice="Load some with 'openpeel load'.")
        content = [(r.key.standard, r.standard_hash, r.key.force, r.key.months, r.part) for r in returns]
        identity = json.dumps([leave_out_duplicates, content])
        release = Release(
            name=name,
            id=hashlib.sha256(identity.encode()).hexdigest()[:16],
            made_at=at,
            leave_out_duplicates=leave_out_duplicates,
            returns=returns,
            lake=lake,
        )
        if name in release_names(lake):
            earlier = open_release(lake, name)
            if earlier.id != release.id:
                raise UseError(
                    f"there is a release '{name}' already, with other content", advice="Choose another name."
                )
            return earlier, False
        manifest = {
            "name": name,
            "id": release.id,
            "made_at": at.isoformat(),
            "leave_out_duplicates": leave_out_duplicates,
            "returns": [{"id": r.id, **r.as_json()} for r in returns],
        }
        write_whole(_path(lake, name), json.dumps(manifest).encode(), via=lake.root / "incoming" / "release")
        return release, True


def open_release(lake: Lake, name: str) -> Release:
    """Read a release. Raises UseError, naming those there are, if there is none of that name."""
    if name not in release_names(lake):
        names = ", ".join(release_names(lake)) or "none yet"
        raise UseError(
            f"there is no release '{name}'",
            where=str(lake.root),
            advice=f"Releases here: {names}. Make one with 'openpeel release create {name}'.",
        )
    raw = read_json(_path(lake, name))
    returns = tuple(Return.from_json({k: v for k, v in r.items() if k != "id"}) for r in raw["returns"])
    return Release(
        name=raw["name"],
        id=raw["id"],
        made_at=datetime.fromisoformat(raw["made_at"]),
        leave_out_duplicates=raw["leave_out_duplicates"],
        returns=returns,
        lake=lake,
    )


def release_names(lake: Lake) -> list[str]:
    """The names of the releases in a lake, sorted."""
    return sorted(p.stem for p in (lake.root / "releases").glob("*.json"))


def _path(lake: Lake, name: str) -> Path:
    return lake.root / "releases" / f"{name}.json"
