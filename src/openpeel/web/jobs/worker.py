"""The process that does the jobs: django-tasks-db's worker, with leases, and not put out by a database that is away."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from openpeel.web.jobs import leases
from openpeel.web.jobs.tasks import Task

logger = logging.getLogger("openpeel.jobs")
AWAY = (OperationalError, InterfaceError)


class LeasedWorker(Worker):  # type: ignore[misc]
    """Does the jobs of the queue one after the other. `renewing` keeps the lease of a long one from running out."""

    def __init__(self, *, name: str = "", renewing: bool = True, interval: float = 1) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name or f"{socket.gethostname()}-{os.getpid()}-{get_random_string(8)}"[:100],
            excluded_queue_names=[],
        )
        self.renewing = renewing

    def run(self) -> None:
        """Work until told to stop. While the database is away it waits."""
        away = False
        while self.running:
            try:
                if away:
                    Task.objects.exists()
                    logger.info("the database is back")
                    away = False
                super().run()
            except AWAY:
                if not away:
                    logger.warning("the database is away; waiting for it")
                away = True
                connections.close_all()
                time.sleep(settings.DATABASE_AWAY_SECONDS)

    def run_waiting(self, leaving: Sequence[str] = ()) -> int:
        """Do the jobs that wait, but for those of the paths that are left, and return how many there were."""
        done = 0
        while task := Task.objects.ready().exclude(task_path__in=leaving).first():
            task.claim(self.worker_id)
            self.run_task(task)
            done += 1
        return done

    def run_task(self, db_task_result: Any) -> None:
        """Do one task under a lease, and say how it ended where it is still held."""
        task = db_task_result
        self.running_task = True
        began = time.monotonic()
        stop = threading.Event()
        try:
            leases.take(task, worker=self.worker_id, at=timezone.now())
            if self.renewing:
                threading.Thread(target=self._renew, args=(task, stop), daemon=True).start()
            try:
                task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
            except AWAY:
                logger.warning("the database went away during a job", extra={"task": str(task.pk)})
                self._told(leases.give_back, task)
            except Exception as error:
                self._told(leases.fail, task, error)
            except BaseException:  # told twice to stop: another worker does it again
                self._told(leases.give_back, task)
                raise
            else:
                self._told(leases.finish, task)
                logger.info(
                    "job done",
                    extra={
                        "job": task.task_path,
                        "task": str(task.pk),
                        "seconds": round(time.monotonic() - began, 3),
                    },
                )
        finally:
            stop.set()
            self.running_task = False

    def _told(self, how: Any, task: Any, *more: Any) -> None:
        """Write down how a task ended, however long the database is away; its lease may run out meanwhile."""
        while True:
            try:
                how(task, *more, worker=self.worker_id, at=timezone.now())
            except AWAY:
                if connections[
                    "default"
                ].in_atomic_block:  # inside a test's transaction nothing can be tried again
                    raise
                connections.close_all()
                time.sleep(settings.DATABASE_AWAY_SECONDS)
            else:
                return

    def _renew(self, task: Any, stop: threading.Event) -> None:
        while not stop.wait(settings.LEASE_SECONDS / 12):
            try:
                if not leases.renew(task, worker=self.worker_id, at=timezone.now()):
                    return
            except AWAY:
                connections.close_all()
        connections.close_all()
