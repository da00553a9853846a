"""What keeps a report from being published: where in its source, what is wrong and what to do. Only shapes are here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that stops publication; line and column are counted from 1.

    `message` says what was expected and what came, `advice` what to write instead ('' where that says itself).
    """

    line: int
    column: int
    message: str
    advice: str = ""

    def __str__(self) -> str:
        stop = "" if self.message.endswith((".", "?", "!")) else "."
        return f"{self.message}{stop}{f' {self.advice}' if self.advice else ''}"


class RefusedError(Exception):
    """Why something in a source is not taken, and what to write instead; whoever catches it knows where it stands."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


#: So many problems are listed. Nobody reads more, and finding what each typed number may be takes time.
MOST = 500


class Problems:
    """The problems of a report, collected so that a writer sees them at once: the first `MOST` that were found."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    @property
    def full(self) -> bool:
        """Whether no more are taken."""
        return len(self._found) >= MOST

    def add(self, place: tuple[int, int], message: str, advice: str = "") -> None:
        """Note a problem at (line, column)."""
        if not self.full:
            self._found[Problem(*place, message, advice)] = None

    def sorted(self) -> tuple[Problem, ...]:
        """Each problem once, in the order of the source."""
        return tuple(sorted(self._found))
