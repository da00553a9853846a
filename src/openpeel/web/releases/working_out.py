"""The job that works out a release's figures, once, into the tables that every page reads.

All is computed first and written in one transaction at the end, with `figures_at`: a worker that is killed leaves no
half, the job can be done again, and of two that do it at once the second finds it done.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openpeel import __version__
from openpeel.errors import ReaderError, UseError
from openpeel.figures import compute_figures
from openpeel.figures.trend import headline_trends
from openpeel.lake import Lake, open_engine, open_release
from openpeel.lake import Release as LakeRelease
from openpeel.measures import measures_on
from openpeel.measures.count import count_release
from openpeel.reference.forces import Force, all_forces, forces
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.explore.drawing_ahead import draw_ahead
from openpeel.web.jobs.queue import job
from openpeel.web.notices.telling import tell
from openpeel.web.releases.alerts import Before, before_of, raised
from openpeel.web.releases.models import Alert, FigureTable, ForceTable, Release, TrendTable
from openpeel.web.releases.packed import pack
from openpeel.web.trail.record import record

_LOG = logging.getLogger(__name__)
_BY = Actor(job="figures of a release")
_FAULT = "The service made a fault. Whoever runs it finds it in the log; try again when it is mended."

#: How far the work is when records are counted, when figures are there, and when all trends are.
_COUNTED, _COMPUTED, _TRENDED = 10, 20, 95


@dataclass
class WorkedOut:
    """What is written of a release: rows of its tables, their JSON packed already."""

    figures: list[FigureTable] = field(default_factory=list)
    forces: list[ForceTable] = field(default_factory=list)
    trends: list[TrendTable] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


@job
def work_out(key: str) -> None:
    """Work out the figures of the release of that key; nothing where they are there already."""
    release = Release.objects.get(key=key)
    if release.figures_at is not None:
        return
    try:
        found = _worked_out(release)
    except ReaderError as error:
        _failed(release, str(error))
    except Exception:
        _failed(release, _FAULT)
        raise
    else:
        _write(release, found)


def lake_release(release: Release) -> LakeRelease:
    """The release in the lake. Raises UseError where it is gone, DataError where it is damaged or another."""
    found = open_release(Lake.open(settings.LAKE), release.name)
    if release.lake_id and found.id != release.lake_id:
        raise UseError(
            f"the release '{release.name}' of the lake has the id {found.id}, and {release.lake_id} was frozen",
            advice="Bring the lake back from the backup that belongs to the database.",
        )
    return found


def _worked_out(release: Release) -> WorkedOut:
    frozen = lake_release(release)
    measures = measures_on({r.key.standard for r in frozen.returns})
    period = Period.year_ending(release.ending)
    _tell(release, 0)
    with open_engine("duckdb") as engine:
        counts = count_release(frozen, measures, engine)
    _tell(release, _COUNTED)
    figures = compute_figures(frozen, counts, period, measures)
    found = WorkedOut()
    places: Counter[str] = Counter()
    for (measure, group), of_group in groupby(figures, key=lambda f: (f.measure, f.group)):
        found.figures.append(
            FigureTable(
                release=release,
                measure=measure,
                group=group or "",
                place=places[measure],
                figures=pack([f.as_json() for f in of_group]),
            )
        )
        places[measure] += 1
    for force in all_forces():
        own = [f.as_json() for f in figures if f.force == force.code]
        found.forces.append(ForceTable(release=release, force=force.code, figures=pack(own)))
    _tell(release, _COMPUTED)
    before = published_before(release)
    for done, force in enumerate(forces(), start=1):
        trends = headline_trends(frozen, counts, measures, force, period)
        found.trends += [
            TrendTable(release=release, measure=t.measure, force=t.force, trend=pack(t.as_json()))
            for t in trends.values()
        ]
        of_force = [f for f in figures if f.force == force.code]
        found.alerts += [
            Alert(
                release=release,
                force=force.code,
                measure=alert.figure.measure,
                group=alert.figure.group or "",
                kind=alert.kind,
                figure=alert.figure.id,
                said=alert.said,
            )
            for alert in raised(of_force, trends, _earlier(before, force))
        ]
        _tell(release, _COMPUTED + (_TRENDED - _COMPUTED) * done // len(forces()))
    return found


def published_before(release: Release) -> Release | None:
    """The last published release of the same year, other than this one; None where there is none."""
    of_year = Release.objects.filter(ending=release.ending, published_at__isnull=False).exclude(pk=release.pk)
    return of_year.order_by("-published_at").first()


def _earlier(before: Release | None, force: Force) -> dict[tuple[str, str], Before]:
    if before is None:
        return {}
    table = ForceTable.objects.filter(release=before, force=force.code).first()
    return before_of(before.name, table.figures) if table else {}


def _write(release: Release, found: WorkedOut) -> None:
    at = timezone.now()
    with transaction.atomic():
        mine = Release.objects.filter(pk=release.pk, figures_at=None).update(
            figures_at=at, figures_failed="", progress=100, code_version=__version__
        )
        if not mine:
            return  # another worker was sooner
        FigureTable.objects.bulk_create(found.figures, batch_size=100)
        ForceTable.objects.bulk_create(found.forces, batch_size=100)
        TrendTable.objects.bulk_create(found.trends, batch_size=100)
        Alert.objects.bulk_create(found.alerts, batch_size=100)
        tell(
            people=[release.frozen_by],
            subject=f"The figures of the release '{release.name}' are there",
            said=f"They were worked out, and {len(found.alerts):,} alerts were raised from them.",
            link=reverse("releases:show", args=[release.name]),
            at=at,
        )
        record(
            by=_BY,
            at=at,
            action="work out figures",
            about=f"release {release.key}",
            said=f"Worked out the figures of the release '{release.name}' with openpeel {__version__}.",
        )
        draw_ahead(release)


def _failed(release: Release, because: str) -> None:
    _LOG.warning("the figures of release %s could not be worked out", release.key)
    with transaction.atomic():
        if not Release.objects.filter(pk=release.pk, figures_at=None).update(
            figures_failed=because, progress=0
        ):
            return
        at = timezone.now()
        tell(
            people=[release.frozen_by],
            subject=f"The figures of the release '{release.name}' could not be worked out",
            said="The release's page says why, and lets you have it tried again.",
            link=reverse("releases:show", args=[release.name]),
            at=at,
        )
        record(
            by=_BY,
            at=at,
            action="fail to work out figures",
            about=f"release {release.key}",
            said=f"The figures of the release '{release.name}' could not be worked out: {because}",
        )


def _tell(release: Release, progress: int) -> None:
    Release.objects.filter(pk=release.pk, figures_at=None).update(progress=progress)
