"""The errors that are meant for the reader: what was expected, what came, where, and what to do.

Nothing else lives here. The command line prints these without a traceback and leaves with their exit code.
"""

from __future__ import annotations


class ReaderError(Exception):
    """A mistake that a person can put right.

    `message` says what was expected and what came; `where` names the file, row or option; `advice` says
    what to do. A value from a column marked personal never goes into any of the three.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = "" if self.message.endswith((".", "?", "!", ":")) else "."
        advice = f" {self.advice}" if self.advice else ""
        return f"{place}{self.message}{stop}{advice}"


class DataError(ReaderError):
    """Something is wrong in the data that was handed in. Exit code 1."""

    exit_code = 1


class UseError(ReaderError):
    """A command was asked for something that does not exist or cannot be. Exit code 2."""

    exit_code = 2
