"""What a release or the lake holds: by kind of record and by force, what is missing, what was found, what is newer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openpeel.lake import Lake, Return, ReturnKey
from openpeel.lake import Release as LakeRelease
from openpeel.measures import MEASURES, measures_on
from openpeel.reference.forces import Force, find_force, forces
from openpeel.reference.periods import Month, Period
from openpeel.standards import Standard, load_standard
from openpeel.web.releases.models import Release
from openpeel.web.releases.working_out import lake_release


@dataclass(frozen=True)
class Lack:
    """What is not held: of a force or a kind of record (`name`), `present` of the `expected` months."""

    name: str
    present: int
    expected: int

    def __str__(self) -> str:
        return f"{self.name} ({self.present} of {self.expected} months)" if self.present else self.name


@dataclass(frozen=True)
class Row:
    """A kind of record over all forces, or a force over all kinds: how many are whole, and what each other lacks."""

    name: str
    whole: int
    of: int
    lacks: tuple[Lack, ...]


@dataclass(frozen=True)
class Completeness:
    """What is held of a year, by kind of record and by force."""

    by_standard: tuple[Row, ...]
    by_force: tuple[Row, ...]


@dataclass(frozen=True)
class Found:
    """What a check found in returns of one kind: in how many, and what it says of each."""

    standard: Standard
    check: str
    rows: int
    said: tuple[str, ...]


@dataclass(frozen=True)
class Later:
    """A return that is held and is not in a release: whether it supersedes one that is, or is of other months."""

    key: ReturnKey
    supersedes: bool

    @property
    def said(self) -> str:
        """What came, of whom, for when."""
        span = Period(Month.parse(self.key.months[0]).start, Month.parse(self.key.months[-1]).end)
        force, title = find_force(self.key.force).name, load_standard(self.key.standard).title
        return f"{title}, {force}, {span.label}"


def completeness(keys: Iterable[ReturnKey], period: Period) -> Completeness:
    """What is held of a period: of a stock, its last month is all that is asked."""
    held: dict[tuple[str, str], set[str]] = {}
    for key in keys:
        held.setdefault((key.standard, key.force), set()).update(key.months)
    standards = [load_standard(s) for s in sorted({standard for standard, _ in held})]
    expected = {s.id: _months_asked(s.id, period) for s in standards}

    def lack(standard: Standard, force: Force, name: str) -> Lack:
        asked = expected[standard.id]
        return Lack(name, len(asked & held.get((standard.id, force.code), set())), len(asked))

    by_standard = [_row(s.title, [lack(s, f, f.name) for f in forces()]) for s in standards]
    by_force = [_row(f.name, [lack(s, f, s.title) for s in standards]) for f in forces()]
    return Completeness(tuple(by_standard), tuple(by_force))


def frozen_release(release: Release) -> LakeRelease:
    """The lake's release; read once, as it never changes. Raises as `lake_release`."""
    return _frozen(release.lake_id, release.name, str(settings.LAKE))


def found_in(returns: Iterable[Return], force: str = "") -> list[Found]:
    """What checks found in returns, of one force where its code is given; that records are invented is told apart."""
    said: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for r in returns:
        for defect in r.defects:
            if defect.check != "invented" and force in ("", r.key.force):
                about = f"{find_force(r.key.force).name}, {_span(r.key)}: {defect.message}"
                said.setdefault((r.key.standard, defect.check), []).append((defect.rows, about))
    return [
        Found(
            load_standard(standard),
            check.replace("_", " "),
            sum(n for n, _ in found),
            tuple(text for _, text in found),
        )
        for (standard, check), found in sorted(said.items())
    ]


def held_now() -> dict[ReturnKey, str]:
    """The id of each return that the lake holds; none where there is no lake yet. Read again only when it changes."""
    path = Path(settings.LAKE) / "held.json"
    return _held(str(settings.LAKE), path.stat().st_mtime_ns) if path.exists() else {}


def later_than(release: Release, force: str = "") -> list[Later]:
    """The returns held now that are not in a release, of the kinds and months that it holds; of one force if given.

    A release that is newer than what came is not looked at: what it holds is told on its own page.
    """
    frozen = frozen_release(release)
    ids = {r.id for r in frozen.returns}
    months: dict[str, set[str]] = {}
    by_force: dict[tuple[str, str], set[str]] = {}
    for r in frozen.returns:
        months.setdefault(r.key.standard, set()).update(r.key.months)
        by_force.setdefault((r.key.standard, r.key.force), set()).update(r.key.months)
    return [
        Later(key, not by_force.get((key.standard, key.force), set()).isdisjoint(key.months))
        for key, return_id in sorted(held_now().items())
        if return_id not in ids
        and force in ("", key.force)
        and not months.get(key.standard, set()).isdisjoint(key.months)
    ]


def newer_than(release: Release | None) -> list[Later]:
    """All returns held now that are not in a release: what freezing now would add."""
    frozen = frozen_release(release).returns if release else ()
    ids, keys = {r.id for r in frozen}, {r.key for r in frozen}
    return [Later(key, key in keys) for key, i in sorted(held_now().items()) if i not in ids]


def last_day_held() -> date | None:
    """The end of the last month that any force has a return for, on what is measured; None where there is none."""
    measured = {m.standard for m in MEASURES}
    months = [m for key in held_now() if key.standard in measured for m in key.months]
    return Month.parse(max(months)).end if months else None


@lru_cache(maxsize=4)
def _frozen(lake_id: str, name: str, lake: str) -> LakeRelease:
    return lake_release(Release(name=name, lake_id=lake_id))


@lru_cache(maxsize=1)
def _held(lake: str, changed: int) -> dict[ReturnKey, str]:
    return Lake.open(Path(lake)).held()


def _months_asked(standard: str, period: Period) -> set[str]:
    asked = {str(m) for measure in measures_on([standard]) for m in measure.counted_in(period).months()}
    return asked or {str(m) for m in period.months()}


def _row(name: str, found: Sequence[Lack]) -> Row:
    lacks = tuple(one for one in found if one.present < one.expected)
    return Row(name, len(found) - len(lacks), len(found), lacks)


def _span(key: ReturnKey) -> str:
    return Period(Month.parse(key.months[0]).start, Month.parse(key.months[-1]).end).label
