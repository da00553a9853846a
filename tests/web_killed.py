"""Jobs on a return that are killed at many points and then done again, each in a process forked from a fresh one.

Run in a service of a test's own (`web_service.Service.python`); prints what came of it as JSON.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone

from openpeel.lake import store
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.returns import actions, answering, jobs
from openpeel.web.returns.models import Query, Return
from openpeel.web.returns.reading import main_lake
from openpeel.web.trail.models import Event
from web_returns import BAD, hand_in_alone

#: Where a job is killed: just before this is called.
CHECKING: tuple[tuple[Any, str], ...] = (
    (jobs, "load"),
    (store, "write_whole"),
    (store.Transaction, "clear"),
    (actions, "finish_check"),
)
PUTTING: tuple[tuple[Any, str], ...] = (
    (jobs, "load"),
    (store.Transaction, "add_return"),
    (store.Transaction, "clear"),
    (actions, "note_in_lake"),
)


def kill_everywhere(folder: str) -> None:
    """Print what is known of the return after its check and after it was accepted, each looked at twice."""
    key = hand_in_alone(BAD)
    out = Path(folder) / "told"

    def told(job: Any) -> Any:
        def do() -> None:
            job.call(key)
            out.write_text(json.dumps(_known(key)), encoding="utf-8")

        assert _forked(do) == 0
        return json.loads(out.read_text(encoding="utf-8"))

    def kill(job: Any, where: Any, name: str) -> None:
        def do() -> None:
            setattr(where, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
            job.call(key)

        ended = _forked(do)
        assert ended == signal.SIGKILL, (name, ended)

    for point in CHECKING:
        kill(jobs.check_return, *point)
    checked = [told(jobs.check_return) for _ in range(2)]
    assert _forked(lambda: _accept(key)) == 0
    for point in PUTTING:
        kill(jobs.put_in_lake, *point)
    accepted = [told(jobs.put_in_lake) for _ in range(2)]
    print(json.dumps({"checked": checked, "accepted": accepted}))


def _forked(do: Callable[[], None]) -> int:
    """Do something in a process of its own; how that ended. None of its connections or threads are shared."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        do()
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def _known(key: str) -> dict[str, Any]:
    handed_in = Return.objects.get(key=key)
    return {
        "state": handed_in.state,
        "found": handed_in.found,
        "id": handed_in.lake_id,
        "queries": [list(q) for q in Query.objects.values_list("check_name", "rows", "message")],
        "held": list(main_lake().held().values()),
        "in lake": handed_in.in_lake_at is not None,
        "done": list(Event.objects.order_by("number").values_list("action", flat=True)),
    }


def _accept(key: str) -> None:
    handed_in = Return.objects.get(key=key)
    analyst, at = Actor(Person.objects.get(name="Ada Analyst")), timezone.now()
    answering.waive(query=handed_in.queries.get(), text="They do no harm.", by=analyst, at=at)
    actions.confirm(handed_in=handed_in, by=Actor(Person.objects.get(name="Abel Approver")), at=at)
    actions.accept(handed_in=handed_in, by=analyst, at=at)
