"""Releases of a small lake for the tests of the service: two that differ, with their figures in the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from openpeel import __version__
from openpeel.lake import Lake, open_release
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.releases.models import Alert, FigureTable, ForceTable, Release, TrendTable
from openpeel.web.releases.states import FROZEN, PUBLISHED
from openpeel.web.releases.working_out import work_out
from web_people import MakePerson

ENDING = date(2024, 3, 31)
AT = datetime(2024, 7, 2, 9, 0, tzinfo=UTC)

MakeRelease = Callable[..., Release]

#: The rows of the tables of each release of the small lake, worked out once a run.
_KEPT: dict[str, list[tuple[type[Model], dict[str, Any]]]] = {}
_TABLES: tuple[type[Model], ...] = (FigureTable, ForceTable, TrendTable, Alert)


@pytest.fixture
def lake(report_lake: Path, tmp_path: Path, settings: Any) -> Path:
    """A lake of the test's own, of a dozen forces, with the releases 'first' and 'second'."""
    settings.LAKE = tmp_path / "lake"
    settings.DOWNLOADS = tmp_path / "downloads"
    shutil.copytree(report_lake, settings.LAKE)
    return Path(settings.LAKE)


@pytest.fixture
def analyst(person: MakePerson) -> Person:
    """Somebody who makes releases."""
    return person(Role.ANALYST)


@pytest.fixture
def release(lake: Path, analyst: Person) -> MakeRelease:
    """Makes the row of a release of the lake: release('first', figures=True, state=PUBLISHED)."""

    def make(name: str, *, figures: bool = False, state: str = FROZEN, **given: Any) -> Release:
        made = Release.objects.create(
            **{
                "name": name,
                "lake_id": open_release(Lake.open(lake), name).id,
                "ending": ENDING,
                "frozen_by": analyst,
                "frozen_at": AT,
                **given,
            }
        )
        if figures:
            if name not in _KEPT:
                work_out.call(str(made.key))
                # Which alerts these are depends on what else is published.
                Alert.objects.filter(release=made, kind="changed").delete()
                _KEPT[name] = [
                    (table, {k: v for k, v in row.items() if k not in ("id", "release_id")})
                    for table in _TABLES
                    for row in table._default_manager.filter(release=made).values()
                ]
            else:
                for table, row in _KEPT[name]:
                    table._default_manager.create(release=made, **row)
                Release.objects.filter(pk=made.pk).update(
                    figures_at=AT, progress=100, code_version=__version__
                )
            if state != FROZEN:
                moved: dict[str, Any] = {"state": state, "shared_by": analyst, "shared_at": AT}
                if state == PUBLISHED:
                    moved |= {"published_by": analyst, "published_at": AT}
                Release.objects.filter(pk=made.pk).update(**moved)
            made.refresh_from_db()
        return made

    return make
