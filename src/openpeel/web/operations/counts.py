"""Where the processes of the web keep their counts of requests, so that any of them can answer for all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def keep_counts_together(home: Path) -> None:
    """Begin a folder of counts. Before prometheus_client is imported, which decides by it how it counts."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
