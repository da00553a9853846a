"""A service of a test's own: a home in a temporary folder, a database of its own, its processes as in production."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

TESTS = Path(__file__).parent


class Service:
    """Runs the commands of the service on its own home, each in a process."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("OPENPEEL_")},
            "OPENPEEL_HOME": str(home),
            "OPENPEEL_DATABASE": database,
            "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)]),
            "DJANGO_SETTINGS_MODULE": "openpeel.web.settings",
        }
        self.running: list[subprocess.Popen[str]] = []

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`openpeel …`, until it ends."""
        return self._run("-m", "openpeel", *arguments)

    def migrate(self) -> None:
        ran = self._run("-m", "openpeel.web", "migrate", "--verbosity=0")
        assert ran.returncode == 0, ran.stderr

    def python(self, code: str) -> str:
        """Run code with the service's models at hand; what it printed."""
        ran = self._run("-c", f"import django\ndjango.setup()\n{code}")
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`openpeel …`, going on; it is ended with the test."""
        log = (self.home / f"log-{len(self.running)}").open("w", encoding="utf-8")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "openpeel", *arguments],
                env=self.environment, stdout=log, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def said(self, number: int = 0) -> str:
        """What the process that was started as the `number`th has written."""
        return (self.home / f"log-{number}").read_text(encoding="utf-8")

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=300
        )


@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with empty tables to copy from: its file or, on PostgreSQL, its name."""
    home = tmp_path_factory.mktemp("empty")
    name = f"empty_{uuid.uuid4().hex}"
    Service(home, _new_database(name)).migrate()
    return name if os.environ.get("OPENPEEL_TEST_DATABASE") else str(home / "service.sqlite3")


@pytest.fixture
def service(tmp_path: Path, empty_tables: str) -> Iterator[Service]:
    """A service with empty tables, on the database that the tests run on."""
    home = tmp_path / "home"
    home.mkdir()
    address = _new_database(f"service_{uuid.uuid4().hex}", empty_tables)
    if not address:
        shutil.copy(empty_tables, home / "service.sqlite3")
    made = Service(home, address)
    try:
        yield made
    finally:
        made.end()


def _new_database(name: str, template: str = "template1") -> str:
    """The address of a new database on the PostgreSQL that the tests run on; blank where they run on SQLite."""
    address = os.environ.get("OPENPEEL_TEST_DATABASE", "")
    if not address:
        return ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return f"{address.rpartition('/')[0]}/{name}"


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ask(address: str) -> tuple[int, str, dict[str, str]]:
    """The status, body and headers of a page; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as found:
            return found.status, found.read().decode(), dict(found.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)
    except OSError:
        return 0, "", {}
