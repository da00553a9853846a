"""What is known of a job beside its row in the queue: for whom it is, how often it was begun, and who holds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Lease(models.Model):
    """The holding of one task by one worker, which renews it while it works.

    `turn` says for whom the task is (the code of a force, or blank). `worker` is blank while nobody holds the task.
    `attempts` counts how often it was begun.
    """

    task = models.UUIDField(primary_key=True, editable=False)
    turn = models.CharField(max_length=50, blank=True, db_index=True)
    worker = models.CharField(max_length=100, blank=True)
    renewed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["task"]

    def __str__(self) -> str:
        return f"lease of task {self.task}"
