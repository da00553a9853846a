"""Numbers for those who run the service, as Prometheus reads them.

Requests are counted in each process; `openpeel serve` has the processes keep their counts in one folder, from which any
of them answers for all. What the database knows (queue, returns, collections) is asked for at each scrape.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

_COUNTED = CollectorRegistry()
REQUESTS = Counter("openpeel_requests", "Requests answered.", ["view", "method", "status"], registry=_COUNTED)
SECONDS = Histogram(
    "openpeel_request_seconds",
    "How long answers took.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 120),
    registry=_COUNTED,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(view, method if method in _METHODS else "other", str(status)).inc()
    SECONDS.labels(view).observe(seconds)


def as_text() -> bytes:
    """All numbers, in the text format of Prometheus. Raises a database error where the database is away."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_COUNTED)
    registry.register(_FromDatabase(timezone.now()))
    return generate_latest(registry)


class _FromDatabase:
    """What the database says now."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from openpeel.web.collections.models import Collection
        from openpeel.web.collections.states import OPEN
        from openpeel.web.jobs.tasks import Task
        from openpeel.web.returns.models import Return

        jobs = GaugeMetricFamily("openpeel_jobs", "Jobs in the queue, by state.", labels=["state"])
        found = dict(Task.objects.order_by().values_list("status").annotate(Count("pk")))
        for state in ("READY", "RUNNING", "FAILED", "SUCCESSFUL"):
            jobs.add_metric([state.casefold()], found.get(state, 0))
        yield jobs
        yield GaugeMetricFamily(
            "openpeel_queue_age_seconds", "How long the oldest job waits.", value=queue_age(self.now)
        )
        returns = GaugeMetricFamily("openpeel_returns", "Returns, by state.", labels=["state"])
        for state, number in Return.objects.order_by().values_list("state").annotate(Count("pk")):
            returns.add_metric([state], number)
        yield returns
        today = timezone.localdate(self.now)
        overdue = Collection.objects.filter(state=OPEN, closes_on__lt=today).count()
        yield GaugeMetricFamily(
            "openpeel_collections_overdue", "Collections still open after their closing day.", value=overdue
        )


def queue_age(now: datetime) -> float:
    """For how many seconds the oldest job that could be begun has waited; 0 where none waits."""
    from openpeel.web.jobs.tasks import Task

    oldest = Task.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    return max((now - oldest).total_seconds(), 0.0) if oldest is not None else 0.0
