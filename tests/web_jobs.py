"""Jobs for the tests of the queue: each writes a line to a file, so that another process can see what was done."""

from __future__ import annotations

import os
import time
from pathlib import Path

from openpeel.web.jobs.queue import given_up, job


def _write(file: str, line: str) -> None:
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(line + "\n")


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@job
def write(file: str, line: str) -> None:
    _write(file, line)


@job
def write_slowly(file: str, line: str, seconds: float) -> None:
    _write(file, f"begin {line}")
    time.sleep(seconds)
    _write(file, f"end {line}")


@job
def take_the_worker_down(file: str) -> None:
    _write(file, "begin")
    os.kill(os.getpid(), 9)


@job
def fail_over(file: str, person: str) -> None:
    raise ValueError(f"could not read the row of {person}")


@job
def ask_the_database(file: str, times: int) -> None:
    """Asks once a tenth of a second, so that it is surely asked while the database is away."""
    from openpeel.web.accounts.models import Organisation

    _write(file, "begin")
    for _ in range(times):
        Organisation.objects.count()
        time.sleep(0.1)
    _write(file, "end")


@given_up(fail_over)
def _then(file: str, person: str) -> None:
    _write(file, "given up")
