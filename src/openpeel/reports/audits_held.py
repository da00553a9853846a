"""The audits of a report: folders side by side, each with its frame, draw, codings and maybe what came before.

frame.json, draw.json and codings.csv as `openpeel audit` writes them; earlier.json is the audit before, as
`openpeel audit estimate --format json` printed it. An instrument of one's own lies beside them as a TOML file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from openpeel.audits.frame import read_frame
from openpeel.audits.instrument import Instrument
from openpeel.audits.instrument_file import find_instrument
from openpeel.audits.outcome import AuditOutcome, estimate_audit
from openpeel.errors import UseError
from openpeel.reports.problems import RefusedError

_FRAME, _DRAW, _CODINGS, _EARLIER = "frame.json", "draw.json", "codings.csv", "earlier.json"


class Audits:
    """The audits in a folder, each estimated when it is first asked for. None is a folder that is not there."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._estimated: dict[str, AuditOutcome] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the folders that hold an audit, sorted."""
        if self._folder is None:
            return ()
        return tuple(sorted(p.parent.name for p in self._folder.glob(f"*/{_FRAME}")))

    @cached_property
    def instruments(self) -> Mapping[str, Instrument]:
        """By which instrument each audit was done. Raises DataError where a frame is not as it was made."""
        return {name: self._instrument(name) for name in self.names}

    def with_result(self, result: str) -> tuple[str, ...]:
        """The audits that have a result of this id."""
        return tuple(n for n, found in self.instruments.items() if result in {r.id for r in found.results})

    def outcome(self, name: str) -> AuditOutcome:
        """What an audit found. Raises RefusedError where none is called that, DataError where its files are wrong."""
        if name not in self.names:
            where = (
                f"in {self._folder}"
                if self._folder is not None
                else "(no folder of audits was named: --audits)"
            )
            there = f"There are {', '.join(self.names)}." if self.names else ""
            raise RefusedError(f"there is no audit '{name[:60]}' {where}", there)
        if name not in self._estimated:
            folder = self._path(name)
            earlier = folder / _EARLIER
            self._estimated[name] = estimate_audit(
                self.instruments[name],
                [folder / _CODINGS],
                folder / _FRAME,
                folder / _DRAW,
                previous=earlier if earlier.is_file() else None,
            )
        return self._estimated[name]

    def has_earlier(self, name: str) -> bool:
        """Whether what an earlier audit found lies beside this one."""
        return (self._path(name) / _EARLIER).is_file()

    @property
    def estimated(self) -> Mapping[str, AuditOutcome]:
        """Those that were asked for, by name."""
        return dict(sorted(self._estimated.items()))

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / name

    def _instrument(self, name: str) -> Instrument:
        own = sorted(self._path(name).glob("*.toml"))
        if len(own) > 1:
            raise UseError(
                "expected one instrument (TOML) in the folder of an audit", where=str(self._path(name))
            )
        return find_instrument(str(own[0]) if own else read_frame(self._path(name) / _FRAME).about.instrument)
