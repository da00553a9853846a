"""States are tables: each life cycle is a dict of the moves that are allowed and of who may make them.

An app's `states.py` holds its table; its `actions.py` make the moves, and no other code sets a state. The page
`docs/reference/states.md`, with a diagram of each, is generated from the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpeel.errors import UseError
from openpeel.web.accounts.permissions import Permission


class NotNow(UseError):  # noqa: N818 - as it reads where it is raised
    """What was asked for is allowed, but not in the state that the thing is in now: mostly, somebody was first.

    The message says what the state is, and who made it so and when.
    """


@dataclass(frozen=True)
class Move:
    """A move to another state: what it is called, and the permission it takes; None where a job or the day makes it."""

    name: str
    to: str
    by: Permission | None


@dataclass(frozen=True)
class Life:
    """The life cycle of one kind of thing: where it begins, what each state says, and the moves out of it."""

    thing: str
    first: str
    said: Mapping[str, str]
    moves: Mapping[str, tuple[Move, ...]]

    def move(self, state: str, name: str) -> Move | None:
        """The move of that name out of a state; None where there is none."""
        return next((m for m in self.moves[state] if m.name == name), None)

    def states_with(self, name: str) -> tuple[str, ...]:
        """The states out of which the move of that name goes."""
        return tuple(state for state, moves in self.moves.items() if any(m.name == name for m in moves))

    def all_moves(self) -> Iterator[tuple[str, Move]]:
        """Each move with the state it goes out of."""
        for state, moves in self.moves.items():
            for move in moves:
                yield state, move

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The states with what they say, for a field of a model."""
        return list(self.said.items())
