"""The service on loopback: fifty people who look at a release, a large upload, all forces that hand in at once.

Servers are begun here and ended by their process ids. Memory is read from /proc, on Linux.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.handing_in import GREEDY, Browser, volunteers
from benchmarks.measuring import ROOT, Bench

PEOPLE, SECONDS, WORKERS = 50, 30, 2
UPLOAD_MB = 200
_PAGES = ("list", "measure", "force")


def compare(bench: Bench, kept: Path | None, tell: Callable[[str], None]) -> str:
    """A table of what was aimed at and what was measured.

    `kept` is the home of a demonstration: made there where it is missing, copied where it is not, and left as it is.
    """
    if not Path("/proc/self/status").exists():
        raise SystemExit("expected Linux: the memory of the service is read from /proc")
    load = os.getloadavg()[0]
    home = bench.temporary / "service"
    _copy(kept or bench.temporary / "demonstration", home, bench.temporary, tell)
    os.environ["OPENPEEL_HOME"] = str(home)
    inside = Bench(bench.temporary)  # takes up the surroundings as they are now
    log = bench.temporary / "service-log"
    found = [*_looked_at(inside, home, log, tell)]
    prepared = inside.run("-m", "benchmarks.handing_in", "prepare").said
    with _serving(home, log) as (port, server):
        found += _all_at_once(inside, home, log, port, prepared, tell)
    with _serving(home, log) as (port, server):
        found += _large_upload(port, server.pid, prepared, tell)
    lines = ["| | aim | measured | met |", "|---|---|---|---|"]
    lines += [
        f"| {what} | {aim} | {measured} | {'yes' if met else '**no**'} |"
        for what, aim, measured, met in found
    ]
    return (
        f"`openpeel serve --workers {WORKERS}` on SQLite, whoever asks on the same machine; the load average "
        f"before was {load:.1f}. {prepared['measures']} measures of {prepared['forces']} forces are published.\n\n"
        + "\n".join(lines)
    )


_Row = tuple[str, str, str, bool]


def _looked_at(inside: Bench, home: Path, log: Path, tell: Callable[[str], None]) -> Iterator[_Row]:
    """New processes and no chart drawn; new processes and charts drawn ahead; and the same people once more."""
    charts, aside = home / "charts", home / "charts-drawn-ahead"
    charts.rename(aside)
    with _serving(home, log) as (port, _):
        yield from _people_look(inside, port, "cold, no chart drawn", tell)
    shutil.rmtree(charts, ignore_errors=True)
    aside.rename(charts)
    with _serving(home, log) as (port, _):
        yield from _people_look(inside, port, "cold, charts drawn ahead", tell)
        yield from _people_look(inside, port, "warm, charts drawn ahead", tell)


def _people_look(inside: Bench, port: int, how: str, tell: Callable[[str], None]) -> Iterator[_Row]:
    address = f"http://127.0.0.1:{port}"
    said = inside.run("-m", "benchmarks.visiting", address, str(PEOPLE), str(SECONDS)).said
    taken, wrong = said["taken"], said["wrong"]
    for what, kinds in (("pages", _PAGES), ("charts", ("chart",))):
        times = [one for kind in kinds for one in taken.get(kind, ())]
        errors = sum(number for kind, number in wrong.items() if kind.startswith(kinds))
        p50, p95 = quantile(times, 0.5), quantile(times, 0.95)
        measured = f"{len(times):,} answers, {errors} errors, p50 {p50:,.0f} ms, p95 {p95:,.0f} ms"
        tell(f"{how}: {what}: {measured}")
        title = f"{PEOPLE} people at once for {SECONDS} s, {how}: {what}"
        yield title, "p95 < 300 ms, no error", measured, not errors and p95 < 300
    for kind, number in wrong.items():
        tell(f"{number} times {kind}")


def _all_at_once(
    inside: Bench, home: Path, log: Path, port: int, prepared: dict[str, Any], tell: Callable[[str], None]
) -> list[_Row]:
    """One force hands in many returns; as all others begin to, a worker begins to check."""
    contributors = prepared["contributors"]
    with ThreadPoolExecutor(len(contributors)) as threads:
        browsers = list(threads.map(lambda c: Browser(port, c["email"], prepared["password"]), contributors))
        content = [volunteers(30, hours) for hours in range(1, GREEDY + 1)]

        def hand_in(which: int) -> int:
            asked = contributors[which]["asked"]
            return sum(browsers[which].hand_in(a, (c,)) != 302 for a, c in zip(asked, content, strict=False))

        wrong = hand_in(0)
        began = time.time()
        worker = _begin(home, log, "worker")
        try:
            wrong += sum(threads.map(hand_in, range(1, len(contributors))))
            handed_in = time.time() - began
            number = sum(len(c["asked"]) for c in contributors)
            order = inside.run("-m", "benchmarks.handing_in", "checked", str(number - wrong)).said["order"]
        finally:
            _end(worker)
    greedy = contributors[0]["force"]
    seconds = max((at for _, at, _ in order), default=began) - began
    firsts = {force: place for place, (force, *_) in reversed(list(enumerate(order)))}
    before = [force for force, *_ in order[: max(firsts.values(), default=0)]].count(greedy)
    refused = sum(state != "checked" for *_, state in order)
    measured = (
        f"{len(order)} of {number} checked, {refused} of them refused, {wrong} errors in handing in; handed in within "
        f"{handed_in:.0f} s, checked within {seconds:.0f} s"
    )
    fair = f"{before} of its {GREEDY} were checked before every other force had its first"
    tell(f"{measured}; {fair}")
    title = f"{len(contributors)} forces hand in {number} returns at once, one worker"
    return [
        (title, "all checked", measured, len(order) == number and not refused),
        (f"one of them hands in {GREEDY} before the others", "not all checked first", fair, before < GREEDY),
    ]


def _large_upload(port: int, pid: int, prepared: dict[str, Any], tell: Callable[[str], None]) -> list[_Row]:
    """Hand in a large file, in blocks, and see what the processes held at most before and after."""
    browser = Browser(port, prepared["uploader"]["email"], prepared["password"])
    before = _peak_mb(pid)
    block = volunteers(10_000, 1)
    blocks = [block] * (UPLOAD_MB * 1_000_000 // len(block))
    clock = time.perf_counter()
    status = browser.hand_in(prepared["uploader"]["asked"][0], blocks)
    seconds, after = time.perf_counter() - clock, _peak_mb(pid)
    measured = (
        f"at most {before:,.0f} MB in a process before and {after:,.0f} MB after; {seconds:.1f} s, "
        f"{'taken' if status == 302 else f'not taken: answer {status}'}"
    )
    tell(f"upload: {measured}")
    return [(f"{UPLOAD_MB} MB handed in", "< 300 MB of memory", measured, status == 302 and after < 300)]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least that share of them does not exceed; infinite where there are none."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else math.inf


def _copy(kept: Path, home: Path, temporary: Path, tell: Callable[[str], None]) -> None:
    """A home of the demonstration, with the charts that are drawn ahead."""
    if not (kept / "charts").exists():
        tell("making a demonstration of the service and drawing its charts; this takes some ten minutes")
        with _serving(kept, temporary / "demonstration-log", "--demonstration"):
            os.environ["OPENPEEL_HOME"] = str(kept)
            Bench(temporary).run("-m", "benchmarks.handing_in", "draw")
    shutil.copytree(kept, home, ignore=shutil.ignore_patterns("downloads", "asked", "metrics"))


@contextmanager
def _serving(home: Path, log: Path, *options: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = _begin(home, log, "serve", "--port", str(port), "--workers", str(WORKERS), *options)
    try:
        until = time.monotonic() + 1200
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the service did not begin:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield port, server
    finally:
        _end(server)


def _begin(home: Path, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "openpeel", *arguments],
            cwd=ROOT,
            env={**os.environ, "OPENPEEL_HOME": str(home)},
            stdout=out,
            stderr=out,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _peak_mb(pid: int) -> float:
    """The most memory that the process or one of its children ever held."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peaks = []
    for one in (str(pid), *children):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
        peaks.append(int(found[1]) * 1024 / 1e6 if found else 0.0)
    return max(peaks)
