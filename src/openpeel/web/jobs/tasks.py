"""The queue's rows, as django-tasks-db keeps them, by the names that are used here."""

from __future__ import annotations

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult as Task

READY, RUNNING = str(TaskResultStatus.READY), str(TaskResultStatus.RUNNING)
FAILED, SUCCESSFUL = str(TaskResultStatus.FAILED), str(TaskResultStatus.SUCCESSFUL)
UNFINISHED = (READY, RUNNING)

__all__ = ["FAILED", "READY", "RUNNING", "SUCCESSFUL", "UNFINISHED", "Task"]
