"""Figures to look at for the tests of the service: two small releases of one lake, worked out once for a run.

Making them takes seconds, so their tables are made once and put into the database of each test.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from openpeel.figures import compute_figures
from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.trend import headline_trends
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures import measures_on
from openpeel.measures.count import count_release
from openpeel.reference.forces import all_forces, forces
from openpeel.reference.periods import Period
from openpeel.web.accounts.permissions import Role
from openpeel.web.releases.models import FigureTable, ForceTable, Release, TrendTable
from openpeel.web.releases.packed import pack
from web_people import MakePerson

ENDING = date(2024, 3, 31)
AT = datetime(2024, 7, 2, 9, 0, tzinfo=UTC)

MakeFigures = Callable[..., Release]


@dataclass(frozen=True)
class Computed:
    """What was worked out of a release of the lake."""

    lake_id: str
    figures: tuple[Figure, ...]
    trends: tuple[Any, ...]
    packed: dict[Any, list[dict[str, Any]]]

    def of(self, measure: str, group: str | None = None) -> list[Figure]:
        """The figures of a measure in one group, in the order of the forces."""
        return [f for f in self.figures if f.measure == measure and f.group == group]


@pytest.fixture(scope="session")
def computed(report_lake: Path) -> Computed:
    """The figures of the release 'first', of a dozen forces."""
    frozen = open_release(Lake.open(report_lake), "first")
    measures = measures_on({r.key.standard for r in frozen.returns})
    with open_engine("duckdb") as engine:
        counts = count_release(frozen, measures, engine)
    period = Period.year_ending(ENDING)
    figures = compute_figures(frozen, counts, period, measures)
    trends = [t for f in forces() for t in headline_trends(frozen, counts, measures, f, period).values()]
    assert any(f.method == WITHHELD for f in figures)  # or nothing would be proven of what is withheld
    return Computed(frozen.id, tuple(figures), tuple(trends), _packed(figures, trends))


def _packed(figures: list[Figure], trends: list[Any]) -> dict[Any, list[dict[str, Any]]]:
    """The rows of the tables, packed once for all tests."""
    places: Counter[str] = Counter()
    of_groups = []
    for (measure, group), those in groupby(figures, key=lambda f: (f.measure, f.group)):
        packed = pack([f.as_json() for f in those])
        of_groups.append(
            {"measure": measure, "group": group or "", "place": places[measure], "figures": packed}
        )
        places[measure] += 1
    of_forces = [
        {"force": force.code, "figures": pack([f.as_json() for f in figures if f.force == force.code])}
        for force in all_forces()
    ]
    months = [{"measure": t.measure, "force": t.force, "trend": pack(t.as_json())} for t in trends]
    return {FigureTable: of_groups, ForceTable: of_forces, TrendTable: months}


@pytest.fixture
def explored(computed: Computed, person: MakePerson) -> MakeFigures:
    """Makes a release with these figures: explored('first', state='published')."""

    def make(name: str = "first", state: str = "published", **given: Any) -> Release:
        analyst = person(Role.ANALYST)
        shared = {"shared_by": analyst, "shared_at": AT} if state != "frozen" else {}
        published = {"published_by": analyst, "published_at": AT} if state == "published" else {}
        release = Release.objects.create(
            **{
                "name": name,
                "lake_id": computed.lake_id,
                "ending": ENDING,
                "invented": True,
                "state": state,
                "frozen_by": analyst,
                "frozen_at": AT,
                "figures_at": AT,
                **shared,
                **published,
                **given,
            }
        )
        for kind, rows in computed.packed.items():
            kind.objects.bulk_create(kind(release=release, **row) for row in rows)
        return release

    return make


def plain(value: Any) -> Any:
    """As JSON gives it back."""
    return json.loads(json.dumps(value))
