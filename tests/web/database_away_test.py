"""The database is away for a while: nothing is lost, nothing is done twice, and people are told to try again.

PostgreSQL is stopped as when it crashes and started again. SQLite cannot go away: it is in the same process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgresql import Cluster
from web_jobs import lines
from web_service import Service, ask, free_port, wait_for


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    try:
        yield made
    finally:
        made.remove()


def test_web_and_worker_outlive_ten_seconds_without_a_database(cluster: Cluster, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = tmp_path / "done"
    service, address = Service(home, cluster.url), f"http://127.0.0.1:{(port := free_port())}"
    try:
        service.migrate()
        service.python(
            "from openpeel.web.jobs.queue import enqueue\nimport web_jobs\n"
            f"enqueue(web_jobs.ask_the_database, {str(done)!r}, 20)\n"
            f"enqueue(web_jobs.write, {str(done)!r}, 'after')"
        )
        web = service.start("serve", "--port", str(port), "--workers", "1")
        wait_for(lambda: ask(f"{address}/ready")[0] == 200)
        worker = service.start("worker")
        wait_for(lambda: lines(done) == ["begin"])

        cluster.stop()
        status, page, headers = ask(f"{address}/account/sign-in")
        assert ask(f"{address}/health")[0] == 200
        assert ask(f"{address}/ready")[0] == 503
        status, page, headers = ask(f"{address}/audit-trail/")
        if status != 503:  # nobody is signed in, so the page was not asked for; a session is
            status, page, headers = ask(f"{address}/metrics")
        assert (status, headers["Retry-After"]) == (503, "10")
        assert "try again" in page
        assert "Traceback" not in page
        time.sleep(10)
        cluster.start()

        wait_for(lambda: ask(f"{address}/ready")[0] == 200)
        assert (web.poll(), worker.poll()) == (None, None)
        wait_for(lambda: lines(done)[-1] == "after")
        assert lines(done) == ["begin", "begin", "end", "after"]
        states = "from openpeel.web.jobs.tasks import Task\nprint(set(Task.objects.values_list('status', flat=True)))"
        wait_for(lambda: service.python(states) == "{'SUCCESSFUL'}")
        assert "Traceback" not in service.said(0) + service.said(1)
    finally:
        service.end()
