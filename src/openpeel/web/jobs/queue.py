"""Work that is done in the background. A job may be done twice and must come to the same: a worker can be killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from django_tasks import task


class Job(Protocol):
    """A function that can be put in the queue."""

    def enqueue(self, *arguments: Any) -> Any:
        """Put it in the queue."""

    def call(self, *arguments: Any) -> None:
        """Do it now."""


def job(work: Callable[..., None]) -> Job:
    """Make a function a job. Its arguments are plain JSON values: keys of things, not the things."""
    return cast(Job, task()(work))


def enqueue(work: Job, *arguments: Any, turn: str = "") -> None:
    """Put a job in the queue, in the transaction of the change that wants it: both happen or neither.

    `turn` says for whom: jobs of one force wait behind those of forces that have fewer waiting.
    """
    work.enqueue(*arguments)


def run_waiting() -> int:
    """Do all jobs that wait, one after the other, in this process. Returns how many."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="here",
        excluded_queue_names=[],
    )
    done = 0
    while waiting := DBTaskResult.objects.ready().first():
        waiting.claim(worker.worker_id)
        worker.run_task(waiting)
        done += 1
    return done
