"""The figures of a release are worked out once, by a job, and are those that the library gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openpeel import __version__
from openpeel.figures import compute_figures
from openpeel.figures.trend import headline_trends
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures import measures_on
from openpeel.measures.count import count_release
from openpeel.reference.forces import all_forces, find_force
from openpeel.reference.periods import Period
from openpeel.web.jobs.queue import enqueue, run_waiting
from openpeel.web.releases import working_out
from openpeel.web.releases.models import FigureTable, ForceTable, Release, TrendTable
from openpeel.web.releases.working_out import work_out
from openpeel.web.trail.models import Event
from web_people import HERTFORDSHIRE
from web_releases import ENDING, MakeRelease


def test_tables_hold_the_figures_of_the_library_to_the_last_digit(lake: Path, release: MakeRelease) -> None:
    made = release("first")
    enqueue(work_out, str(made.key))
    assert run_waiting() > 0
    made.refresh_from_db()

    frozen = open_release(Lake.open(lake), "first")
    measures = measures_on({r.key.standard for r in frozen.returns})
    period = Period.year_ending(ENDING)
    with open_engine("duckdb") as engine:
        counts = count_release(frozen, measures, engine)
    figures = compute_figures(frozen, counts, period, measures)
    trends = headline_trends(frozen, counts, measures, find_force(HERTFORDSHIRE), period)

    tables = {(t.measure, t.group): t for t in FigureTable.objects.filter(release=made)}
    assert len(tables) == len({(f.measure, f.group) for f in figures})
    for measure in measures:
        for place, group in enumerate(measure.groups or (None,)):
            key = group.key if group else None
            of_group = [f.as_json() for f in figures if (f.measure, f.group) == (measure.id, key)]
            table = tables[measure.id, key or ""]
            assert table.figures == of_group
            assert table.place == place
            assert [f["force"] for f in table.figures] == [f.code for f in all_forces()]
    own = ForceTable.objects.get(release=made, force=HERTFORDSHIRE)
    assert own.figures == [f.as_json() for f in figures if f.force == HERTFORDSHIRE]
    assert {t.measure: t.trend for t in TrendTable.objects.filter(release=made, force=HERTFORDSHIRE)} == {
        name: trend.as_json() for name, trend in trends.items()
    }
    assert trends
    assert (made.progress, made.code_version, made.figures_failed) == (100, __version__, "")


def test_a_job_that_is_done_again_changes_nothing(release: MakeRelease) -> None:
    made = release("first")
    work_out.call(str(made.key))
    made.refresh_from_db()
    rows = list(FigureTable.objects.values_list("pk", flat=True))
    work_out.call(str(made.key))
    assert list(FigureTable.objects.values_list("pk", flat=True)) == rows
    assert Event.objects.filter(action="work out figures").count() == 1
    again = Release.objects.get(pk=made.pk)
    assert again.figures_at == made.figures_at


def test_a_job_that_is_killed_leaves_no_half_and_can_be_done_again(
    release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = release("first")
    whole = working_out.record

    class Killed(BaseException):
        """As when a worker is ended."""

    def die(**_: Any) -> None:
        raise Killed

    monkeypatch.setattr(working_out, "record", die)  # the last thing that is done
    with pytest.raises(Killed):
        work_out.call(str(made.key))
    made.refresh_from_db()
    assert made.figures_at is None
    assert not FigureTable.objects.exists()

    monkeypatch.setattr(working_out, "record", whole)
    work_out.call(str(made.key))
    made.refresh_from_db()
    assert made.figures_at is not None
    assert FigureTable.objects.exists()


def test_a_release_of_another_standard_says_why_it_has_no_figures(lake: Path, release: MakeRelease) -> None:
    made = release("first")
    manifest = lake / "releases" / "first.json"
    standard_hash = open_release(Lake.open(lake), "first").of("call")[0].standard_hash
    manifest.write_text(manifest.read_text().replace(standard_hash, "0" * len(standard_hash)))
    work_out.call(str(made.key))
    made.refresh_from_db()
    assert made.figures_at is None
    assert "read under another version of the standard 'call'" in made.figures_failed
    assert "Load its files again" in made.figures_failed
