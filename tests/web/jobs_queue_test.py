"""Jobs are done in fair order, once begun are finished by somebody, and are given up only after three attempts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from openpeel.web.jobs import leases
from openpeel.web.jobs.models import Lease
from openpeel.web.jobs.queue import enqueue, run_waiting
from openpeel.web.jobs.tasks import FAILED, READY, RUNNING, SUCCESSFUL, Task
from openpeel.web.jobs.worker import LeasedWorker
from web_jobs import fail_over, lines, write

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def _claimed_by(name: str) -> Task:
    task = Task.objects.ready().first()
    assert task is not None
    task.claim(name)
    leases.take(task, worker=name, at=timezone.now())
    return task


def test_a_force_that_hands_in_fifty_files_keeps_nobody_from_the_first(tmp_path: Path) -> None:
    done = tmp_path / "done"
    for number in range(50):
        enqueue(write, str(done), f"greedy {number}", turn="E23000001")
    for force in range(42):
        enqueue(write, str(done), f"force {force}", turn=f"E2300{force:04}x")
    assert run_waiting() == 92
    order = lines(done)
    assert order[0] == "greedy 0"
    assert order[1:43] == [f"force {force}" for force in range(42)]
    assert order[43:] == [f"greedy {number}" for number in range(1, 50)]


def test_what_nobody_waits_for_is_done_behind_all_that_a_force_has_handed_in(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "chart", behind=True)
    for number in range(30):
        enqueue(write, str(tmp_path / "done"), str(number), turn="E23000001")
    run_waiting()
    assert lines(tmp_path / "done")[-1] == "chart"


def test_what_stands_back_moves_up_with_time(tmp_path: Path) -> None:
    for number in range(3):
        enqueue(write, str(tmp_path / "done"), str(number), turn="E23000001")
    leases.bring_forward()
    assert sorted(Task.objects.values_list("priority", flat=True)) == [-1, 0, 0]


def test_more_than_a_hundred_of_one_turn_can_wait(tmp_path: Path) -> None:
    for number in range(103):
        enqueue(write, str(tmp_path / "done"), str(number), turn="E23000001")
    assert run_waiting() == 103
    assert lines(tmp_path / "done") == [str(number) for number in range(103)]


def test_a_job_is_not_queued_when_the_change_that_wants_it_is_undone(tmp_path: Path) -> None:
    with transaction.atomic():
        enqueue(write, str(tmp_path / "done"), "x", turn="E23000001")
        transaction.set_rollback(True)
    assert (Task.objects.count(), Lease.objects.count()) == (0, 0)


def test_a_lost_workers_task_is_put_back_only_when_its_lease_has_run_out(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "x")
    task = _claimed_by("lost")
    now = timezone.now()
    assert leases.take_up_again(now + timedelta(seconds=59)) == 0
    assert leases.renew(task, worker="lost", at=now + timedelta(seconds=50))
    assert leases.take_up_again(now + timedelta(seconds=100)) == 0
    assert leases.take_up_again(now + timedelta(seconds=111)) == 1
    task.refresh_from_db()
    assert task.status == READY
    assert run_waiting() == 1
    assert lines(tmp_path / "done") == ["x"]


def test_a_worker_that_comes_back_too_late_changes_nothing(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "x")
    first = _claimed_by("first")
    now = timezone.now()
    leases.take_up_again(now + timedelta(minutes=2))
    second = _claimed_by("second")
    assert not leases.renew(first, worker="first", at=now)
    assert not leases.fail(first, ValueError(), worker="first", at=now)
    assert not leases.finish(first, worker="first", at=now)
    first.refresh_from_db()
    assert first.status == RUNNING
    assert leases.finish(second, worker="second", at=now)
    first.refresh_from_db()
    assert first.status == SUCCESSFUL


def test_a_task_that_loses_its_worker_three_times_is_given_up(tmp_path: Path) -> None:
    enqueue(fail_over, str(tmp_path / "done"), "x")
    now = timezone.now()
    for attempt in range(1, 4):
        task = _claimed_by(f"worker {attempt}")
        leases.take_up_again(now + timedelta(minutes=2))
    task.refresh_from_db()
    assert (task.status, task.exception_class_path) == (FAILED, leases.LOST)
    assert lines(tmp_path / "done") == ["given up"]
    assert run_waiting() == 0


def test_what_is_kept_of_a_failure_says_where_and_not_whose_record(tmp_path: Path) -> None:
    enqueue(fail_over, str(tmp_path / "done"), "Marigold Invented")
    assert run_waiting() == 1
    task = Task.objects.get()
    assert task.status == FAILED
    assert task.exception_class_path == "builtins.ValueError"
    assert "in fail_over" in task.traceback
    assert "Marigold" not in task.traceback
    assert lines(tmp_path / "done") == ["given up"]


def test_finished_tasks_are_forgotten_with_their_leases(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "x")
    LeasedWorker(name="here", renewing=False).run_waiting()
    assert leases.forget(timezone.now() - timedelta(days=1)) == 0
    assert leases.forget(timezone.now() + timedelta(days=1)) == 1
    assert (Task.objects.count(), Lease.objects.count()) == (0, 0)
