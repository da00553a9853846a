"""Work that is done in the background. A job may be done twice and must come to the same: a worker can be killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, cast

from django.db import transaction
from django_tasks import task

#: Each job of a turn that waits already puts the next one that much further back, as far as the queue can tell.
_LAST = 100


class Job(Protocol):
    """A function that can be put in the queue."""

    module_path: str

    def enqueue(self, *arguments: Any) -> Any:
        """Put it in the queue."""

    def call(self, *arguments: Any) -> None:
        """Do it now."""

    def using(self, *, priority: int) -> Self:
        """The same job, of another priority."""


_GIVEN_UP: dict[str, Callable[..., None]] = {}


def job(work: Callable[..., None]) -> Job:
    """Make a function a job. Its arguments are plain JSON values: keys of things, not the things.

    A job is begun again when its worker was lost or the database went away, so what it does has to be the same when
    it is done twice, and when two workers do it at once: it moves states by conditional updates and names files by
    their content.
    """
    return cast(Job, task()(work))


def given_up(work: Job) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say what is to be done, with the job's arguments, when a job has failed for good: `@given_up(check_return)`."""

    def keep(then: Callable[..., None]) -> Callable[..., None]:
        _GIVEN_UP[work.module_path] = then
        return then

    return keep


def what_then(path: str) -> Callable[..., None] | None:
    """What is to be done when the job of that path has failed for good."""
    return _GIVEN_UP.get(path)


def enqueue(work: Job, *arguments: Any, turn: str = "", behind: bool = False) -> None:
    """Put a job in the queue, in the transaction of the change that wants it: both happen or neither.

    `turn` says for whom: a job waits behind those of turns that have fewer waiting, so that a force which hands in
    fifty files does not keep the others from their first. `behind` puts a job behind all that people wait for.
    """
    from openpeel.web.jobs.models import Lease
    from openpeel.web.jobs.tasks import UNFINISHED, Task

    with transaction.atomic():
        before = (
            Task.objects.filter(
                status__in=UNFINISHED, pk__in=Lease.objects.filter(turn=turn).values("task")
            ).count()
            if turn
            else 0
        )
        put = work.using(priority=-_LAST if behind else -min(before, _LAST)).enqueue(*arguments)
        Lease.objects.create(task=put.id, turn=turn)


def run_waiting(*, leaving: Sequence[Job] = ()) -> int:
    """Do all jobs that wait, but for those that are left, one after the other, in this process. Returns how many."""
    from openpeel.web.jobs.worker import LeasedWorker

    return LeasedWorker(name="here", renewing=False).run_waiting([job.module_path for job in leaving])
