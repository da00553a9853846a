"""Leases: who holds a task, and what becomes of it when its worker is lost.

The queue (django-tasks-db 0.13) leaves the task of a killed worker RUNNING for ever. Here a worker renews a lease while
it works; a task whose lease has run out is put back, three times at most. A worker that comes back after its lease ran
out finds that the task is no longer its own, and leaves the outcome to the one that holds it now.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from traceback import extract_tb
from typing import Any

from django.conf import settings
from django.db import transaction

from openpeel.web.jobs.models import Lease
from openpeel.web.jobs.queue import what_then
from openpeel.web.jobs.tasks import FAILED, READY, RUNNING, SUCCESSFUL, Task

logger = logging.getLogger("openpeel.jobs")
LOST = "openpeel.web.jobs.LostWorker"


def take(task: Any, *, worker: str, at: datetime) -> None:
    """Hold a task that a worker has claimed: one attempt more."""
    with transaction.atomic():
        lease, _ = Lease.objects.select_for_update().get_or_create(pk=task.pk)
        lease.worker, lease.renewed_at = worker, at
        lease.attempts += 1
        lease.save()


def renew(task: Any, *, worker: str, at: datetime) -> bool:
    """Go on holding it; False where it is held by another by now."""
    return bool(Lease.objects.filter(pk=task.pk, worker=worker).update(renewed_at=at))


def finish(task: Any, *, worker: str, at: datetime) -> bool:
    """Say that it is done; False, and nothing is changed, where another holds it by now."""
    return _close(task.pk, worker, status=SUCCESSFUL, finished_at=at, exception_class_path="", traceback="")


def fail(task: Any, error: BaseException, *, worker: str, at: datetime) -> bool:
    """Say that it failed, and do what is then to be done. What the error says is not kept: a record may be in it."""
    path = f"{type(error).__module__}.{type(error).__qualname__}"
    failed = _close(
        task.pk, worker, status=FAILED, finished_at=at, exception_class_path=path, traceback=where_of(error)
    )
    if failed:
        logger.error("job failed", extra={"job": task.task_path, "task": str(task.pk), "error": path})
        _give_up(task)
    return failed


def give_back(task: Any, *, worker: str, at: datetime) -> bool:
    """Put it back to be done again, as when the database went away; it fails where it was begun three times."""
    return _again(task.pk, worker, at)


def take_up_again(now: datetime) -> int:
    """Put back each task whose worker has not renewed its lease for a minute. Returns how many were found."""
    past = now - timedelta(seconds=settings.LEASE_SECONDS)
    fresh = Lease.objects.filter(renewed_at__gte=past).values("pk")
    lost = Task.objects.filter(status=RUNNING, started_at__lt=past).exclude(pk__in=fresh)
    return sum(_again(pk, None, now, past) for pk in lost.values_list("pk", flat=True))


def bring_forward() -> int:
    """Let each task that stands back for others stand back a little less, so that none waits for ever."""
    from django.db.models import F

    return int(Task.objects.filter(status=READY, priority__lt=0).update(priority=F("priority") + 1))


def forget(before: datetime) -> int:
    """Take finished tasks of an earlier time out of the queue, with their leases."""
    with transaction.atomic():
        old = list(Task.objects.finished().filter(finished_at__lt=before).values_list("pk", flat=True)[:500])
        Lease.objects.filter(pk__in=old).delete()
        Task.objects.filter(pk__in=old).delete()
    return len(old)


def where_of(error: BaseException) -> str:
    """Where an error was raised, frame by frame, without values and without what it says."""
    return "\n".join(f"{f.filename}:{f.lineno} in {f.name}" for f in extract_tb(error.__traceback__))


def _close(pk: Any, worker: str, **changes: Any) -> bool:
    with transaction.atomic():
        held = Lease.objects.select_for_update().filter(pk=pk, worker=worker).update(worker="")
        done = bool(held) and bool(Task.objects.filter(pk=pk, status=RUNNING).update(**changes))
    if not done:
        logger.warning("a job came back after another worker had taken it", extra={"task": str(pk)})
    return done


def _again(pk: Any, worker: str | None, at: datetime, past: datetime | None = None) -> bool:
    """Put a task back, or fail it; `past` is the time since when its lease has not to have been renewed."""
    with transaction.atomic():
        lease, _ = Lease.objects.select_for_update().get_or_create(pk=pk)
        if worker is not None and lease.worker != worker:
            return False
        if past is not None and lease.renewed_at is not None and lease.renewed_at >= past:
            return False
        spent = lease.attempts >= settings.JOB_ATTEMPTS
        changes = (
            {
                "status": FAILED,
                "finished_at": at,
                "exception_class_path": LOST,
                "traceback": f"its worker was lost, or its database, {lease.attempts} times",
            }
            if spent
            else {"status": READY}
        )
        if not Task.objects.filter(pk=pk, status=RUNNING).update(**changes):
            return False
        lease.worker = ""
        lease.save()
    task = Task.objects.get(pk=pk)
    told = {"job": task.task_path, "task": str(pk), "attempts": lease.attempts}
    if spent:
        logger.error("job given up: its worker was lost too often", extra=told)
        _give_up(task)
    else:
        logger.warning("job put back: its worker was lost", extra=told)
    return True


def _give_up(task: Any) -> None:
    try:
        then = what_then(task.task.module_path)
    except ImportError:  # the job is no longer in the code
        return
    if then is None:
        return
    try:
        with transaction.atomic():
            then(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
    except Exception as error:  # the task has ended; the worker has others to do
        logger.error(
            "what follows a failed job failed", extra={"task": str(task.pk), "where": where_of(error)}
        )
