"""How far one asked return is: a cell of the matrix of completeness. How they are laid out is in `matrix.py`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from openpeel.web.collections.models import Asked
from openpeel.web.returns import states
from openpeel.web.returns.models import Return


class Stage(Enum):
    """How far the latest return is; value is the short word of an address, `said` what is read."""

    NOT_HANDED_IN = ("none", "Not handed in", "Hand in the return", True)
    CHECKING = ("checking", "Being checked", "Nothing now: the checks are running", False)
    UNREADABLE = ("unreadable", "Could not be read", "See why, and hand in the return again", True)
    QUERIES = ("queries", "Queries to answer", "Answer the queries, or hand in a correction", True)
    TO_CONFIRM = ("confirm", "To be confirmed", "An approver of the force confirms the return", True)
    TO_REVIEW = ("review", "To be reviewed", "Nothing now: the inspectorate reviews it", False)
    ACCEPTED = ("accepted", "Accepted", "Nothing: it is done", False)
    SENT_BACK = ("sent-back", "Sent back", "See why, and hand in the return again", True)

    @property
    def slug(self) -> str:
        """The word of it in an address and in a class of the style."""
        return self.value[0]

    @property
    def said(self) -> str:
        """What it is called."""
        return self.value[1]

    @property
    def next_step(self) -> str:
        """What the force does next."""
        return self.value[2]

    @property
    def with_the_force(self) -> bool:
        """Whether it is the force that has something to do."""
        return self.value[3]


@dataclass(frozen=True)
class HandedIn:
    """What of a return says how far it is: its state, when it came, and how many of its queries wait for the force."""

    key: str
    state: str
    at: datetime
    queries: int = 0


@dataclass(frozen=True)
class Standing:
    """How far one asked return is.

    `late`: the first that could be read came after the due day. `overdue`: the due day has passed, the force has
    something to do, and no return of it was accepted. `stands`: an earlier return is accepted while a later one is on
    its way. `latest` is the key of the latest return, blank where there is none.
    """

    stage: Stage
    late: bool = False
    overdue: bool = False
    stands: bool = False
    latest: str = ""

    @property
    def said(self) -> str:
        """All of it in words: 'Queries to answer, overdue'."""
        timing = "overdue" if self.overdue else "late" if self.late else ""
        earlier = "an earlier return is accepted" if self.stands else ""
        return ", ".join(part for part in (self.stage.said, timing, earlier) if part)

    @property
    def owed(self) -> bool:
        """Whether the force still has something to do before any return of it can be accepted."""
        return self.stage.with_the_force and not self.stands


_STAGES = {
    states.RECEIVED: Stage.CHECKING,
    states.CHECKING: Stage.CHECKING,
    states.REFUSED: Stage.UNREADABLE,
    states.CHECKED: Stage.TO_CONFIRM,
    states.CONFIRMED: Stage.TO_REVIEW,
    states.ACCEPTED: Stage.ACCEPTED,
    states.SENT_BACK: Stage.SENT_BACK,
    # Both have a later return beside them; should that one ever be gone, this says what is true without it.
    states.WITHDRAWN: Stage.NOT_HANDED_IN,
    states.SUPERSEDED: Stage.ACCEPTED,
}


def standing(returns: Sequence[HandedIn], *, due_on: date, today: date) -> Standing:
    """How far an asked return is, by the returns handed in for it (the earliest first)."""
    if not returns:
        return Standing(Stage.NOT_HANDED_IN, overdue=today > due_on)
    latest = returns[-1]
    stage = _STAGES[latest.state]
    if latest.queries and stage in (Stage.TO_CONFIRM, Stage.TO_REVIEW):
        stage = Stage.QUERIES
    readable = [r for r in returns if r.state != states.REFUSED]
    stands = stage is not Stage.ACCEPTED and any(r.state == states.ACCEPTED for r in returns)
    return Standing(
        stage,
        late=bool(readable) and timezone.localtime(readable[0].at).date() > due_on,
        overdue=stage.with_the_force and not stands and today > due_on,
        stands=stands,
        latest=latest.key,
    )


def standings(asked: QuerySet[Asked], *, today: date) -> list[tuple[Asked, Standing]]:
    """Each asked return with how far it is, in two queries, however many there are."""
    returns = returns_for(asked)
    return [
        (cell, standing(returns[cell.pk], due_on=cell.collection.due_on, today=today))
        for cell in asked.select_related("collection")
    ]


def returns_for(asked: QuerySet[Asked]) -> Mapping[int, Sequence[HandedIn]]:
    """The returns handed in for each (its primary key), the earliest first; none for all others. One query."""
    waiting = Count("queries", filter=Q(queries__state__in=(states.OPEN, states.ASKED_AGAIN)))
    returns: dict[int, list[HandedIn]] = defaultdict(list)
    found = (
        Return.objects.filter(asked__in=asked.order_by())
        .annotate(waiting=waiting)
        .order_by("number")
        .values_list("asked_id", "key", "state", "handed_in_at", "waiting")
    )
    for cell, key, state, at, queries in found:
        returns[cell].append(HandedIn(str(key), state, at, queries))
    return returns


def counted(found: Iterable[Standing]) -> dict[Stage, int]:
    """How many are at each stage, in the order of the stages."""
    counts = Counter(one.stage for one in found)
    return {stage: counts[stage] for stage in Stage}
