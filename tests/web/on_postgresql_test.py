"""The service runs on PostgreSQL as on SQLite: what depends on the database is tested once more on it.

Tests are chosen by the mark `both_databases`. The whole of `tests/web` runs on it by
`python tests/postgresql.py pytest tests/web`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from postgresql import Cluster

WEB = Path(__file__).parent


def test_what_depends_on_the_database_holds_on_postgresql() -> None:
    cluster = Cluster()  # where it cannot start, this fails: it is never left out
    try:
        ran = subprocess.run(
            [
                sys.executable, "-m", "pytest", str(WEB), "-m", "both_databases", "-p", "no:cacheprovider",
                "-q", "--tb=short", "--no-header",
            ],
            env={**os.environ, "OPENPEEL_TEST_DATABASE": cluster.url, "PYTEST_ADDOPTS": ""},
            cwd=WEB.parents[1],
            capture_output=True,
            text=True,
            timeout=1800,
        )  # fmt: skip
    finally:
        cluster.remove()
    assert ran.returncode == 0, f"on PostgreSQL:\n{ran.stdout[-8000:]}{ran.stderr[-2000:]}"
    assert " passed" in ran.stdout
    assert " skipped" not in ran.stdout
