"""The job that draws a release's charts before anybody asks for them: those of all forces, measure by measure.

Charts of one force (its months, its groups) are many times as many, and are drawn when somebody first looks at them.
"""

from __future__ import annotations

from django.conf import settings

from openpeel.web.explore.charts import FORCES_KINDS, SHAPES, draw_kept, forces_spec
from openpeel.web.explore.stored import figure_of, measures_of
from openpeel.web.jobs.queue import enqueue, job
from openpeel.web.releases.models import FigureTable, Release


def draw_ahead(release: Release) -> None:
    """Have a release's charts drawn, in the transaction in which its figures are written."""
    if settings.CHARTS_AHEAD:
        enqueue(draw_charts, str(release.key), 0, behind=True)


@job
def draw_charts(key: str, place: int) -> None:
    """Draw the charts of the measure at a place of the release of that key, and have those of the next drawn.

    One measure at a time, so that no other job waits for long. What is drawn already is not drawn again.
    """
    release = Release.objects.get(key=key)
    compared = [m for m in measures_of(release) if m.compared]
    if place >= len(compared):
        return
    measure = compared[place]
    for table in FigureTable.objects.filter(release=release, measure=measure.id):
        figures = [figure_of(record) for record in table.figures]
        for kind in FORCES_KINDS:
            for shape in SHAPES:
                spec = forces_spec(kind, measure, figures, shape)
                if spec is not None:
                    draw_kept(spec)
    enqueue(draw_charts, key, place + 1, behind=True)
