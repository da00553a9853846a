"""Releases of a small lake for the tests of the service: two that differ, with their figures in the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openpeel.lake import Lake, open_release
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Role
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.releases.models import Release
from openpeel.web.releases.working_out import work_out
from web_people import MakePerson

ENDING = date(2024, 3, 31)
AT = datetime(2024, 7, 2, 9, 0, tzinfo=UTC)

MakeRelease = Callable[..., Release]


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
    """Makes the row of a release of the lake: release('first', figures=True)."""

    def make(name: str, *, figures: bool = False, **given: Any) -> Release:
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
            work_out.enqueue(str(made.key))
            run_waiting()
            made.refresh_from_db()
        return made

    return make
