"""What the lake knows of one return: its key, the files it came in, its rows and what was found in them.

Only the shape and its JSON form; how a return is read is intake's, where it is kept is `store.py`'s.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, order=True)
class ReturnKey:
    """Whose return, on what, for which months ('2021-03', in order)."""

    standard: str
    force: str
    months: tuple[str, ...]

    def __str__(self) -> str:
        span = self.months[0] if len(self.months) == 1 else f"{self.months[0]} to {self.months[-1]}"
        return f"{self.standard}, {self.force}, {span}"


@dataclass(frozen=True)
class SourceFile:
    """One file of a return as it was handed in: rows = accepted + rejected + not given.

    Of a published table a row is a number, of which the publisher may not have given all.
    """

    name: str
    sha256: str
    bytes: int
    rows: int
    accepted: int
    rejected: int
    not_given: int = 0


@dataclass(frozen=True)
class Defect:
    """Something in a return that a reader of its figures should know, found by the check of that name."""

    check: str
    rows: int
    message: str


@dataclass(frozen=True)
class Return:
    """A return that intake has read. It is immutable; a later one for the same key supersedes it."""

    key: ReturnKey
    standard_hash: str
    sources: tuple[SourceFile, ...]
    part: str  # the name of its Parquet file: a hash of the records, not of the bytes
    part_sha256: str
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    tallied: bool  # whether any row stands for more or fewer than one record
    defects: tuple[Defect, ...]
    counts: tuple[int, ...] | None = (
        None  # records dated in each of the key's months; not kept by earlier versions, nor of published tables
    )
    published: str = ""  # the published table that it was read from; blank for what a force handed in
    not_given: int = 0  # numbers that the published table does not give

    @property
    def by_period(self) -> bool:
        """Whether its rows count all its months as one, so that they cannot be told apart by month."""
        return bool(self.published) and len(self.key.months) > 1

    @property
    def invented(self) -> bool:
        """Whether any of its records says that it was made up for demonstration."""
        return any(defect.check == "invented" for defect in self.defects)

    @cached_property
    def id(self) -> str:
        """16 hex digits from what was handed in and what was made of it, not from when or by whom."""
        identity = [
            asdict(self.key),
            self.standard_hash,
            [s.sha256 for s in self.sources],
            self.part,
            self.rejected,
        ]
        return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Return:
        """The inverse of `as_json`."""
        key = ReturnKey(raw["key"]["standard"], raw["key"]["force"], tuple(raw["key"]["months"]))
        return cls(
            **{
                **raw,
                "key": key,
                "sources": tuple(SourceFile(**s) for s in raw["sources"]),
                "defects": tuple(Defect(**d) for d in raw["defects"]),
                "counts": None if raw.get("counts") is None else tuple(raw["counts"]),
            }
        )
