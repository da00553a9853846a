"""What is done with returns in the background: checking them, and putting accepted ones in the lake.

A worker can be killed at any moment and its job done again: what was done stays, and is not done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils import timezone

from openpeel.errors import DataError, ReaderError
from openpeel.intake.load import LoadReport, load
from openpeel.web.accounts.actor import Actor
from openpeel.web.jobs.queue import given_up, job
from openpeel.web.returns import actions, reading
from openpeel.web.returns.difference import difference
from openpeel.web.returns.models import Return
from openpeel.web.returns.states import ACCEPTED, CHECKING
from openpeel.web.states import NotNow

_CHECKER = Actor(job="checking returns")
_KEEPER = Actor(job="putting returns in the lake")
#: Others may be writing to the lake; 43 forces' returns accepted at once come one after the other.
_WAIT_SECONDS = 3600
_READ = 90  # percent of the way when all has been read and nothing is coded yet
_STEP = 5
_NOT_YOURS = (
    "The service could not check it; nothing is wrong with your files. Hand them in again, and tell the inspectorate "
    "if it happens once more."
)


@job
def check_return(key: str) -> None:
    """Check the return of that key."""
    handed_in = _find(key)
    with reading.alone(handed_in.asked):
        # What the force had accepted before is what this one is compared with: it has to be there.
        for earlier in handed_in.asked.returns.filter(state=ACCEPTED, in_lake_at=None):
            _put_in_lake(earlier)
        try:
            actions.begin_check(handed_in=handed_in, by=_CHECKER, at=timezone.now())
        except NotNow:
            return
        _check(handed_in)


@given_up(check_return)
def could_not_check(key: str) -> None:
    """Say that a return could not be checked, and that it is the service's fault."""
    actions.refuse(handed_in=_find(key), because=[_NOT_YOURS], by=_CHECKER, at=timezone.now())


@job
def put_in_lake(key: str) -> None:
    """Put the accepted return of that key in the lake."""
    handed_in = _find(key)
    with reading.alone(handed_in.asked):
        _put_in_lake(handed_in)


@given_up(put_in_lake)
def could_not_put_in_lake(key: str) -> None:
    """Say that a return is not in the lake, and that it is the service's fault."""
    because = "The service failed; nothing is wrong with the return. Try again, and see the service's log."
    actions.note_not_in_lake(handed_in=_find(key), because=because, by=_KEEPER, at=timezone.now())


def _check(handed_in: Return) -> None:
    asked = handed_in.asked
    staging, main = reading.staging_lake(handed_in), reading.main_lake()
    try:
        report = load(
            staging,
            reading.files(handed_in),
            reading.options(asked),
            against=main,
            wait_seconds=_WAIT_SECONDS,
            progress=_progress_of(handed_in),
        )
    except DataError as error:
        actions.refuse(handed_in=handed_in, because=[str(error)], by=_CHECKER, at=timezone.now())
        return
    wrong = _reasons(report)
    if wrong:
        actions.refuse(handed_in=handed_in, because=wrong, by=_CHECKER, at=timezone.now())
        return
    (item,) = report.loaded
    changed = "the same records" if item.how == "already held" else item.changed
    rejected = staging.rejected_path(item.found.id)
    found = actions.Found(
        of=item.found,
        passed_over=[{"name": n.name, "reason": n.reason} for n in report.not_taken],
        difference=difference(item.found, changed, staging, main, asked.period) if changed else None,
        first_rejected=reading.first_rejected(rejected) if rejected.exists() else "",
    )
    actions.finish_check(handed_in=handed_in, found=found, by=_CHECKER, at=timezone.now())


def _put_in_lake(handed_in: Return) -> None:
    now = _find(str(handed_in.key))
    if now.state != ACCEPTED or now.in_lake_at is not None:
        return  # done before, or another one was accepted since
    try:
        report = load(
            reading.main_lake(),
            reading.files(now),
            replace(reading.options(now.asked), checked=now.lake_id),
            wait_seconds=_WAIT_SECONDS,
        )
        because = "\n".join(_reasons(report))
    except ReaderError as error:
        because = str(error)
    if because:
        actions.note_not_in_lake(handed_in=now, because=because, by=_KEEPER, at=timezone.now())
        return
    actions.note_in_lake(handed_in=now, by=_KEEPER, at=timezone.now())
    reading.forget_staging(now)


def _reasons(report: LoadReport) -> list[str]:
    """Why the files of a return could not all be read; nothing where they could."""
    wrong = [n.reason for n in report.not_taken if n.wrong]
    return wrong or ([] if report.loaded else [n.reason for n in report.not_taken])


def _progress_of(handed_in: Return) -> Callable[[int, int], None]:
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        percent = round(_READ * done / total) if total else 0
        if percent >= told + _STEP:
            told = percent
            Return.objects.filter(pk=handed_in.pk, state=CHECKING).update(progress=percent)

    return progress


def _find(key: str) -> Return:
    return Return.objects.select_related("asked__collection").get(key=key)
