"""Serving the pages with gunicorn, and running the three processes of a small service together."""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from openpeel.errors import UseError
from openpeel.measures import MEASURES
from openpeel.standards import load_standard, standard_ids
from openpeel.web.operations.checks import refuse_demonstration

logger = logging.getLogger("openpeel.serving")


class _Lines(Logger):  # type: ignore[misc]
    """Gunicorn's messages go the way of our own; requests are told by the middleware."""

    def setup(self, cfg: Any) -> None:
        """Hand on to the root logger."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There are none."""


class _Pages(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from openpeel.web.wsgi import application

        return application


def serve(*, host: str, port: int, workers: int, threads: int = 4) -> None:
    """Serve until told to stop. Raises UseError where it cannot begin."""
    refuse_taken(host, port)
    _know_all()
    connections.close_all()  # each process opens its own
    _Pages(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 30,
            "logger_class": _Lines,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
            "child_exit": _counts_end,
            "proc_name": "openpeel",
            "control_socket_disable": True,
            "forwarded_allow_ips": "127.0.0.1,::1",
        }
    ).run()


def _know_all() -> None:
    """Load what pages need before the processes part: the first page of each would wait a second for it."""
    _ = get_resolver().url_patterns
    for standard in standard_ids():
        load_standard(standard)
    for measure in MEASURES:
        _ = measure.definition


def _counts_end(server: Arbiter, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def prepare() -> None:
    """Bring tables and assets up to date; a production is only checked, since that is for whoever upgrades it."""
    refuse_unbuilt()
    if not settings.ENVIRONMENT.production:
        settings.ENVIRONMENT.home.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        return
    connection = connections["default"]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UseError(
            "the database is not up to date with this version",
            advice="Make a backup with 'openpeel backup', then run 'python -m openpeel.web migrate'.",
        )
    refuse_demonstration()
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise UseError(
            "the styles and scripts were not collected",
            advice="Run 'python -m openpeel.web collectstatic --no-input'.",
        )


def refuse_taken(host: str, port: int) -> None:
    """Raises UseError where somebody else listens there already, or one may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise UseError(
                f"cannot listen on {host}, port {port}: {(error.strerror or 'refused').lower()}",
                advice="Another program may have it. Choose another with --port.",
            ) from None


def refuse_unbuilt() -> None:
    """Raises UseError where the style of the pages was not built. The wheel holds it; a clone has it built."""
    look = Path(__file__).parents[1] / "look" / "static" / "look"
    if not (look / "openpeel.css").exists():
        raise UseError(
            "the style of the pages is not built",
            advice="Run 'scripts/build-look python' in the clone; an installed wheel has it.",
        )


def all_in_one(*, host: str, port: int, workers: int) -> int:
    """Web, worker and schedule as three processes that end together. Returns the exit code of the first to end."""
    refuse_taken(host, port)
    prepare()
    connections.close_all()
    web = ["serve", "--prepared", "--host", host, "--port", str(port), "--workers", str(workers)]
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for arguments in (web, ["worker"], ["schedule"]):
            children.append(
                subprocess.Popen([sys.executable, "-m", "openpeel", *arguments], start_new_session=True)
            )
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        return next(child.returncode for child in children if child.returncode is not None)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_together(children)


def end_together(children: list[subprocess.Popen[bytes]], *, seconds: float = 30) -> None:
    """Ask each to end and wait; whoever has not ended by then is made to."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + seconds
    for child in children:
        try:
            child.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
