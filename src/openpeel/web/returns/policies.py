"""What is allowed now, with a return and with its queries. Who may do it is said by permissions.

Each function gives the sentence that says why not, and '' where it is allowed; `hold` raises it.
"""

from __future__ import annotations

from openpeel.web.collections import states as collection_states
from openpeel.web.collections.models import Asked
from openpeel.web.look.jinja import moment
from openpeel.web.returns.models import Query, Return
from openpeel.web.returns.states import (
    ACCEPTED,
    ANSWERED,
    ASKED_AGAIN,
    CHECKED,
    CONFIRMED,
    OPEN,
    QUERY,
    RETURN,
    SENT_BACK,
    SETTLED,
    SUPERSEDED,
    WAIVED,
    WITHDRAWN,
)
from openpeel.web.states import NotNow

#: What a force can say to a query; that about rejected rows cannot be explained away.
SOFT_ANSWERS = ("explain", "correct", "ask for a waiver")
HARD_ANSWERS = ("correct", "ask for a waiver")


def hold(why_not: str) -> None:
    """Raise NotNow with the sentence, if there is one."""
    if why_not:
        raise NotNow(why_not)


def why_not_hand_in(asked: Asked) -> str:
    """Returns are taken while their collection is open; after its last day they are late, and still taken."""
    if asked.collection.state == collection_states.OPEN:
        return ""
    if asked.collection.state == collection_states.PLANNED:
        return "The collection is not open yet."
    return "The collection is closed. Ask the inspectorate to open it again."


def why_not_confirm(handed_in: Return) -> str:
    """A return is confirmed once it was checked and the force has answered every query."""
    if "confirm" not in _moves(handed_in):
        return f"It cannot be confirmed: {so_far(handed_in)}."
    waiting = [q for q in handed_in.queries.all() if q.state in (OPEN, ASKED_AGAIN)]
    if waiting:
        return f"{_queries(len(waiting))} to be answered before it can be confirmed."
    correcting = [q for q in handed_in.queries.all() if q.state == ANSWERED and last_kind(q) == "correct"]
    if correcting:
        return (
            "The force has said that it will hand in a correction, so this return cannot be confirmed. Hand in the "
            "correction, or answer the query in another way."
        )
    return ""


def why_not_decide(handed_in: Return) -> str:
    """A return is sent back only once the force has confirmed it, and before it is accepted."""
    return "" if "send back" in _moves(handed_in) else f"Nothing was changed: {so_far(handed_in)}."


def why_not_accept(handed_in: Return) -> str:
    """A confirmed return is accepted once every query is settled or waived."""
    if "accept" not in _moves(handed_in):
        return f"Nothing was changed: {so_far(handed_in)}."
    left = [q for q in handed_in.queries.all() if q.state not in (SETTLED, WAIVED)]
    return f"{_queries(len(left))} to be settled or waived before it can be accepted." if left else ""


def why_not_answer(query: Query) -> str:
    """A query is answered while its return may still be accepted, and may be answered anew until it is settled."""
    return _why_not(query, "answer", "answered")


def why_not_settle(query: Query) -> str:
    """A soft query is settled once it was answered. Rejected rows are put right or waived, never settled."""
    if query.hard:
        return "Rejected rows are put right by a correction, or waived; they cannot be settled."
    return _why_not(query, "settle", "settled")


def why_not_ask_again(query: Query) -> str:
    """A query is asked again once it was answered."""
    return _why_not(query, "ask again", "asked again")


def why_not_waive(query: Query) -> str:
    """Any query can be waived until it is settled."""
    return _why_not(query, "waive", "waived")


def answers_to(query: Query) -> tuple[str, ...]:
    """The kinds of answer that a force can give."""
    return HARD_ANSWERS if query.hard else SOFT_ANSWERS


def last_kind(query: Query) -> str:
    """The kind of the last turn of the talk; '' where nobody has said anything."""
    turns = list(query.responses.all())
    return turns[-1].kind if turns else ""


def so_far(handed_in: Return) -> str:
    """How a return came to the state it is in, by whom and when: 'Ann Other accepted it on …'."""
    state = handed_in.state
    if state in (ACCEPTED, SENT_BACK) and handed_in.decided_by and handed_in.decided_at:
        did = "accepted it" if state == ACCEPTED else "sent it back"
        return f"{handed_in.decided_by.name} {did} on {moment(handed_in.decided_at)}"
    if state == CONFIRMED and handed_in.confirmed_by and handed_in.confirmed_at:
        return f"{handed_in.confirmed_by.name} confirmed it on {moment(handed_in.confirmed_at)}"
    if state in (WITHDRAWN, SUPERSEDED):
        later = (
            Return.objects.filter(asked=handed_in.asked, number__gt=handed_in.number)
            .order_by("number")
            .select_related("handed_in_by")
            .first()
        )
        if later is not None:
            return (
                f"return {later.number}, which {later.handed_in_by.name} handed in on {moment(later.handed_in_at)}, "
                "took its place"
            )
    return f"its state is '{RETURN.said[state]}'"


def _why_not(query: Query, move: str, done: str) -> str:
    if query.of.state not in (CHECKED, CONFIRMED):
        return f"The query cannot be {done} any more: {so_far(query.of)}."
    if QUERY.move(query.state, move) is not None:
        return ""
    turns = list(query.responses.all())
    if query.state in (OPEN, ASKED_AGAIN) or not turns:
        return f"The query cannot be {done} before the force has answered it."
    last = turns[-1]
    return (
        f"The query cannot be {done}: its state is '{QUERY.said[query.state]}', by {last.by.name} "
        f"on {moment(last.at)}."
    )


def _moves(handed_in: Return) -> set[str]:
    return {move.name for move in RETURN.moves[handed_in.state]}


def _queries(number: int) -> str:
    return "1 query has" if number == 1 else f"{number} queries have"
