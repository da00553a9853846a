"""The frame of an audit: every case that may be drawn, its stratum, and where the list of them comes from.

A frame is made from the records of a release or from a force's own list, is kept as a JSON file, and is known by
the hash of its cases. Which of them are drawn is in `drawing.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from openpeel.audits.instrument import STRATUM_JOIN, Instrument
from openpeel.errors import DataError, UseError
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.statistics.draw import Frame

_FORMAT = "openpeel audit frame 1"


@dataclass(frozen=True)
class About:
    """Whose audit it is, of what and when, and by which version of which instrument."""

    instrument: str
    version: int
    definition: str
    force: str
    period: Period

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "definition": self.definition,
            "force": self.force,
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
        }

    @classmethod
    def of(cls, instrument: Instrument, force: str, period: Period) -> About:
        """An audit that is about to begin. Raises UseError for a period that is not of whole months."""
        period.months()
        return cls(instrument.id, instrument.version, instrument.hash, force, period)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> About:
        """The inverse of `as_json`."""
        period = Period(date.fromisoformat(raw["from"]), date.fromisoformat(raw["to"]))
        force = find_force(raw["force"]).code
        return cls(raw["instrument"], raw["version"], raw["definition"], force, period)


@dataclass(frozen=True)
class Stratum:
    """A part of the frame that is drawn from by itself: its name, the values all its cases share, its cases.

    `complete` is whether all such cases are on the list. If not, their share of all cases is not known.
    """

    label: str
    values: tuple[tuple[str, str], ...]
    complete: bool
    cases: Sequence[str]


@dataclass(frozen=True, eq=False)
class AuditFrame:
    """Every case that may be drawn. `source` says where the list comes from, as plain JSON values.

    `source` has `release`, `release_id`, the `files` (name, sha256, and `begins`, with which the ids of its
    cases begin) and what was `left_out`; or `list`, the name of a list, with its `sha256`.
    """

    about: About
    source: dict[str, Any]
    strata: tuple[Stratum, ...]
    frame: Frame

    @property
    def hash(self) -> str:
        """The hexadecimal SHA-256 of all cases with their strata, as `statistics.draw.Frame` takes it."""
        return self.frame.hash

    @property
    def sizes(self) -> dict[str, int]:
        """The number of cases in each stratum."""
        return self.frame.sizes

    def stratum(self, label: str) -> Stratum:
        """The stratum of that name; KeyError where there is none."""
        for stratum in self.strata:
            if stratum.label == label:
                return stratum
        raise KeyError(label)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "format": _FORMAT,
            **self.about.as_json(),
            "hash": self.hash,
            "source": self.source,
            "strata": [
                {"values": dict(s.values), "complete": s.complete, "cases": list(s.cases)}
                for s in self.strata
            ],
        }


def make_frame(
    about: About,
    instrument: Instrument,
    source: dict[str, Any],
    cases: Mapping[tuple[str, ...], Sequence[str]],
    incomplete: Iterable[str] = (),
) -> AuditFrame:
    """The frame of these cases, by their values in the columns of the instrument.

    `incomplete` are labels of strata of which the list does not hold every case. Raises UseError for a
    label that is no stratum, DataError for no case at all or a case twice.
    """
    names = [column.name for column in instrument.frame.columns]
    incomplete = set(incomplete)
    strata = []
    for values in sorted(cases):
        of = dict(zip(names, values, strict=True))
        label = instrument.frame.label(of)
        strata.append(Stratum(label, tuple(of.items()), label not in incomplete, sorted(cases[values])))
    labels = [s.label for s in strata]
    if unknown := incomplete - set(labels):
        raise UseError(
            f"there is no stratum '{min(unknown)}' in this frame",
            where="--incomplete",
            advice=f"Its strata are: {', '.join(labels) or 'none'}.",
        )
    if not any(s.cases for s in strata):
        raise DataError("there is no case to draw from")
    return AuditFrame(about, source, tuple(strata), _hashed(strata))


def read_frame(path: Path) -> AuditFrame:
    """Read a frame's file. Raises DataError where its cases are no longer those that its hash was taken of."""
    raw = read_audit_json(path, _FORMAT, "frame")
    try:
        about = About.from_json(raw)
        strata = [
            Stratum(
                STRATUM_JOIN.join(s["values"].values()), tuple(s["values"].items()), s["complete"], s["cases"]
            )
            for s in raw["strata"]
        ]
        said, source = raw["hash"], raw["source"]
        if not (isinstance(source, dict) and isinstance(said, str) and all(_is_stratum(s) for s in strata)):
            raise TypeError
        audit_json(source)  # half a character is text for JSON, and for nothing that it would be written to
        found = AuditFrame(about, source, tuple(strata), _hashed(strata))
    except (KeyError, TypeError, ValueError, AttributeError, UseError):
        raise DataError("expected the frame of an audit, got something else", where=str(path)) from None
    if found.hash != said:
        raise DataError(
            f"the frame has changed: its cases have the hash {found.hash[:16]}…, the file says {said[:16]}…",
            where=str(path),
            advice="Use the frame as it was when the cases were drawn.",
        )
    return found


def read_audit_json(path: Path, form: str, what: str) -> dict[str, Any]:
    """A JSON file of an audit. Raises UseError where it cannot be read, DataError where it is something else."""
    try:
        raw = json.loads(path.read_bytes())
    except OSError as error:
        raise UseError(f"the {what} cannot be read ({error.strerror})", where=str(path)) from None
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict) or raw.get("format") != form:
        raise DataError(
            f"expected the {what} of an audit ('format': '{form}'), got something else", where=str(path)
        )
    return raw


def audit_json(content: Mapping[str, Any]) -> bytes:
    """A JSON file of an audit, a line for each of its parts."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _is_stratum(stratum: Stratum) -> bool:
    cases = stratum.cases
    texts = isinstance(cases, list) and all(isinstance(case, str) for case in cases)
    return texts and isinstance(stratum.complete, bool)


def _hashed(strata: Sequence[Stratum]) -> Frame:
    ids = np.array([case for s in strata for case in s.cases], dtype=np.str_)
    if len(strata) == 1 and not strata[0].values:
        return Frame.of(ids)
    return Frame.of(ids, np.repeat(np.array([s.label for s in strata]), [len(s.cases) for s in strata]))
