"""Runs the command line for the tests: in this process, which is fast, or in one of its own, which can be killed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from openpeel.cli import main

#: The exit code of a command that `start` let die.
KILLED = 137


@dataclass(frozen=True)
class Ran:
    """What a command printed and the exit code it left with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All that was printed in one line, without the frames that a usage error is drawn in."""
        return " ".join("".join(c for c in self.out + self.err if c not in "│╭╮╰╯─").split())


def run(*arguments: object) -> Ran:
    """Run a command in this process. It must end as the command line ends, never with an exception."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(a) for a in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())


def done(*arguments: object) -> Ran:
    """Run a command that has to succeed."""
    ran = run(*arguments)
    assert ran.code == 0, ran
    return ran


def start(
    *arguments: object, largest_file: int | None = None, dies_at_move: int | None = None
) -> subprocess.Popen[str]:
    """Start a command in a process of its own.

    It may be kept from writing files of more than so many bytes, or end as if it had been killed when it is
    about to move a file to its place for the so-manyth time.
    """
    script = ["import os, pathlib, resource, sys", "from openpeel.cli import main"]
    if largest_file is not None:
        script += [f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file}))"]
    if dies_at_move is not None:
        script += [
            f"moves, move = iter(range(1, {dies_at_move})), pathlib.Path.replace",
            f"pathlib.Path.replace = lambda a, b: move(a, b) if next(moves, None) else os._exit({KILLED})",
        ]
    script += ["main(sys.argv[1:])"]
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join(script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> Ran:
    """Wait for a command that was started; a minute is longer than any of them takes."""
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)


def contents(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder but the lock, which says nothing."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
