"""A PostgreSQL of one's own for the tests: a private cluster in a temporary folder, gone when the process ends.

    python tests/postgresql.py pytest tests/web

runs a command with OPENPEEL_TEST_DATABASE naming such a cluster, so that the tests of the service run on it.
"""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

NAME = USER = "openpeel"


class CannotStartError(Exception):
    """PostgreSQL is not here or would not start; the message says what to do."""


class Cluster:
    """A running PostgreSQL, on a free port of the loopback, without the writing through that only power cuts need."""

    def __init__(self) -> None:
        self.programs = _programs()
        self.account = _account()
        self.folder = Path(tempfile.mkdtemp(prefix="openpeel-postgresql-"))
        self.password = secrets.token_hex(16)
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        atexit.register(self.remove)
        given = self.folder / "password"
        given.write_text(self.password, encoding="ascii")
        if self.account is not None:
            for path in (self.folder, given):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        made = self._run(
            "initdb", "--pgdata", self.data, "--username", USER, f"--pwfile={given}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        if made.wait():
            raise CannotStartError(f"initdb failed:\n{self.said}")
        self.start()
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {NAME}")

    @property
    def data(self) -> Path:
        """Where the cluster's files are."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The database's address, as OPENPEEL_DATABASE takes it."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    @property
    def said(self) -> str:
        """What its programs wrote."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def connect(self, name: str = NAME) -> psycopg.Connection:
        """A connection that commits each statement."""
        return psycopg.connect(f"{self.url.rpartition('/')[0]}/{name}", autocommit=True, connect_timeout=5)

    def start(self) -> None:
        """Start it and wait until it answers. Raises CannotStartError."""
        self.process = self._run(
            "postgres", "-D", self.data, "-k", self.folder, "-h", "127.0.0.1", "-p", str(self.port),
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise CannotStartError(f"PostgreSQL did not come up:\n{self.said}")

    def stop(self) -> None:
        """Stop it at once, as when it crashes: no connection is let finish."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
            self.process = None

    def remove(self) -> None:
        """Stop it and forget its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, *arguments],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                **(  # PostgreSQL refuses to run as root
                    {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
                    if self.account is not None
                    else {}
                ),
            )


def _programs() -> Path:
    """Debian keeps them out of the PATH, by version; the newest is taken."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for folder in (*found, *debian):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise CannotStartError("PostgreSQL is not on this machine; scripts/system-packages installs it")


def _account() -> pwd.struct_passwd | None:
    """As whom it runs: oneself or, for root, one of those that Debian has for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStartError("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    cluster = Cluster()
    sys.exit(
        subprocess.run(sys.argv[1:], env={**os.environ, "OPENPEEL_TEST_DATABASE": cluster.url}).returncode
    )
