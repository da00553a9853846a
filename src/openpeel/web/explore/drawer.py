"""A process beside a server's that draws charts: drawing holds up every other thread of the process it is done in.

Run as a module it answers questions, a line each: a chart in Vega-Lite with its drawing as SVG, an SVG with a PNG.
It imports nothing of Django, so that it starts quickly.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from typing import Any

from openpeel.publishing.drawing import Spec, svg_of

#: A PNG has so many dots for each px of the drawing, enough to print it.
DOTS = 2


class Drawer:
    """One process that draws, started when it is first asked and again if it ends; threads wait for one another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def svg(self, spec: Spec) -> str:
        """The chart as SVG."""
        return self._ask({"spec": spec})

    def png(self, svg: str) -> bytes:
        """The drawing as PNG."""
        return base64.b64decode(self._ask({"svg": svg}))

    def _ask(self, question: dict[str, Any]) -> str:
        line = json.dumps(question) + "\n"
        with self._lock:
            for last in (False, True):
                try:
                    return self._answer(line)
                except (OSError, RuntimeError):  # it was ended by somebody, or for want of memory
                    self._process = None
                    if last:
                        raise
        raise AssertionError

    def _answer(self, line: str) -> str:
        if self._process is None or self._process.poll() is not None:
            self._process = _start()
        assert self._process.stdin is not None  # both are pipes: see below
        assert self._process.stdout is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that draws charts ended before its time")
        return str(json.loads(answer))


def _start() -> subprocess.Popen[str]:
    path = os.pathsep.join(p for p in sys.path if p)
    return subprocess.Popen(
        [sys.executable, "-m", "openpeel.web.explore.drawer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )


def _answers() -> None:
    import vl_convert

    for line in sys.stdin:
        question = json.loads(line)
        if "spec" in question:
            said = svg_of(question["spec"])
        else:
            said = base64.b64encode(vl_convert.svg_to_png(question["svg"], scale=DOTS)).decode()
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        _answers()
    except KeyboardInterrupt:
        sys.exit(130)
