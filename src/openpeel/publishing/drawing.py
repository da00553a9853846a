"""Turns charts declared in Vega-Lite into SVG, many of them on all cores.

The engine that draws is one for a process and draws one chart at a time, whatever the threads: so there is a process
for each core, which is this module run by itself, given a chart a line and answering with a drawing a line. Which
charts there are is said elsewhere, and this module imports nothing of it, so that a process starts quickly.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any

import vl_convert

from openpeel.threads import cores, in_order

Spec = Mapping[str, Any]

_CLIP = re.compile(r"(?<=id=\")clip\d+(?=\")|(?<=url\(#)clip\d+(?=\))")

#: So few charts are drawn sooner than other processes have started.
FEW = 12


def svg_of(spec: Spec) -> str:
    """The chart as SVG. The same chart gives the same text, whatever was drawn before it."""
    svg = vl_convert.vegalite_to_svg(dict(spec), vl_version="6.4")
    numbers: dict[str, str] = {}  # the engine numbers clips on and on, over all that it has drawn
    return _CLIP.sub(lambda found: numbers.setdefault(found[0], f"clip{len(numbers)}"), svg)


def draw(charts: Iterable[tuple[str, Spec]]) -> Iterator[tuple[str, str]]:
    """Each name with its chart as SVG, in the order given. They are taken one by one, while others are drawn."""
    coming = iter(charts)
    first = list(islice(coming, FEW))
    second = list(islice(coming, 1))
    if not second or cores() == 1:
        yield from ((name, svg_of(spec)) for name, spec in chain(first, second, coming))
        return
    with ExitStack() as running:
        free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for _ in range(cores()):
            free.put(running.enter_context(_process()))

        def drawn(named: tuple[str, Spec]) -> str:
            process = free.get()
            try:
                return _asked(process, named[1])
            finally:
                free.put(process)

        for (name, _), svg in in_order(drawn, chain(first, second, coming)):
            yield name, svg


def _process() -> subprocess.Popen[str]:
    path = os.pathsep.join(p for p in sys.path if p)
    return subprocess.Popen(
        [sys.executable, "-m", "openpeel.publishing.drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )


def _asked(process: subprocess.Popen[str], spec: Spec) -> str:
    assert process.stdin is not None  # both are pipes: see above
    assert process.stdout is not None
    process.stdin.write(json.dumps(spec) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("a process that draws charts ended before its time")
    return str(json.loads(answer))


def _answer() -> None:
    """Draws what comes in until nothing more does."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(svg_of(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        _answer()
    except KeyboardInterrupt:  # whoever started this process says so
        sys.exit(130)
