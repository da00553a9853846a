"""The worker as a process: killed in the middle, stopped in the middle, and with its database away."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from web_jobs import lines
from web_service import Service, wait_for

pytestmark = pytest.mark.both_databases

QUEUE = "from openpeel.web.jobs.queue import enqueue\nimport web_jobs\n"
STATES = """
from openpeel.web.jobs.tasks import Task
print(*Task.objects.order_by("enqueued_at").values_list("status", flat=True))
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from openpeel.web.jobs.leases import take_up_again
print(take_up_again(timezone.now() + timedelta(seconds=61)))
"""


def test_the_job_of_a_killed_worker_is_done_by_the_next(service: Service, tmp_path: Path) -> None:
    done = tmp_path / "done"
    service.python(f"{QUEUE}enqueue(web_jobs.write_slowly, {str(done)!r}, 'a', 3600.0)")
    killed = service.start("worker")
    wait_for(lambda: lines(done) == ["begin a"])
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert service.python(STATES) == "RUNNING"
    # The job would take an hour again: make it short before it is taken up.
    service.python(
        "from openpeel.web.jobs.tasks import Task\ntask = Task.objects.get()\n"
        "task.args_kwargs['args'][2] = 0\ntask.save()"
    )
    assert service.python(LATER) == "1"
    service.start("worker")
    wait_for(lambda: lines(done) == ["begin a", "begin a", "end a"])
    wait_for(lambda: service.python(STATES) == "SUCCESSFUL")


def test_a_job_that_takes_its_worker_down_does_so_three_times(service: Service, tmp_path: Path) -> None:
    done = tmp_path / "done"
    service.python(f"{QUEUE}enqueue(web_jobs.take_the_worker_down, {str(done)!r})")
    for _ in range(3):
        service.start("worker").wait(60)
        assert service.python(LATER) == "1"
    assert service.python(STATES) == "FAILED"
    assert lines(done) == ["begin"] * 3


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(service: Service, tmp_path: Path) -> None:
    done = tmp_path / "done"
    service.python(f"{QUEUE}enqueue(web_jobs.write_slowly, {str(done)!r}, 'a', 2.0)")
    stopped = service.start("worker")
    wait_for(lambda: lines(done) == ["begin a"])
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(30) == 0
    assert lines(done) == ["begin a", "end a"]
    assert service.python(STATES) == "SUCCESSFUL"


def test_two_workers_share_the_queue_and_do_each_job_once(service: Service, tmp_path: Path) -> None:
    done = tmp_path / "done"
    service.python(f"{QUEUE}for n in range(30): enqueue(web_jobs.write_slowly, {str(done)!r}, str(n), 0.05)")
    service.start("worker")
    service.start("worker")
    wait_for(lambda: len(lines(done)) >= 60)
    assert sorted(line for line in lines(done) if line.startswith("end")) == sorted(
        f"end {n}" for n in range(30)
    )
