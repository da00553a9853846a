"""The lives of a return that a force hands in and of a query on it."""

from openpeel.web.accounts.permissions import Permission
from openpeel.web.states import Life, Move

RECEIVED, CHECKING, REFUSED, CHECKED = "received", "checking", "refused", "checked"
CONFIRMED, ACCEPTED, SENT_BACK, WITHDRAWN, SUPERSEDED = (
    "confirmed",
    "accepted",
    "sent_back",
    "withdrawn",
    "superseded",
)

RETURN = Life(
    thing="return",
    first=RECEIVED,
    said={
        RECEIVED: "Waiting to be checked",
        CHECKING: "Being checked",
        REFUSED: "Could not be read",
        CHECKED: "Checked",
        CONFIRMED: "Confirmed by the force",
        ACCEPTED: "Accepted",
        SENT_BACK: "Sent back",
        WITHDRAWN: "Replaced before it was accepted",
        SUPERSEDED: "Superseded by a later return",
    },
    moves={
        RECEIVED: (
            Move("begin check", CHECKING, None),
            Move("refuse", REFUSED, None),  # the service gave up before it began
            Move("replace", WITHDRAWN, Permission.HAND_IN),
        ),
        CHECKING: (
            Move("begin check", CHECKING, None),  # taken up again after a worker was killed
            Move("refuse", REFUSED, None),
            Move("finish check", CHECKED, None),
            Move("replace", WITHDRAWN, Permission.HAND_IN),
        ),
        REFUSED: (),
        CHECKED: (
            Move("confirm", CONFIRMED, Permission.CONFIRM_RETURNS),
            Move("replace", WITHDRAWN, Permission.HAND_IN),
        ),
        CONFIRMED: (
            Move("accept", ACCEPTED, Permission.REVIEW_RETURNS),
            Move("send back", SENT_BACK, Permission.REVIEW_RETURNS),
            Move("replace", WITHDRAWN, Permission.HAND_IN),
        ),
        SENT_BACK: (),
        ACCEPTED: (Move("supersede", SUPERSEDED, Permission.REVIEW_RETURNS),),
        WITHDRAWN: (),
        SUPERSEDED: (),
    },
)

OPEN, ANSWERED, ASKED_AGAIN, SETTLED, WAIVED = "open", "answered", "asked_again", "settled", "waived"

QUERY = Life(
    thing="query",
    first=OPEN,
    said={
        OPEN: "To be answered",
        ANSWERED: "Answered",
        ASKED_AGAIN: "Asked again",
        SETTLED: "Settled",
        WAIVED: "Waived",
    },
    moves={
        OPEN: (
            Move("answer", ANSWERED, Permission.ANSWER_QUERIES),
            Move("waive", WAIVED, Permission.REVIEW_RETURNS),
        ),
        ANSWERED: (
            Move(
                "answer", ANSWERED, Permission.ANSWER_QUERIES
            ),  # 'we will correct' may turn out not to be needed
            Move("settle", SETTLED, Permission.REVIEW_RETURNS),
            Move("ask again", ASKED_AGAIN, Permission.REVIEW_RETURNS),
            Move("waive", WAIVED, Permission.REVIEW_RETURNS),
        ),
        ASKED_AGAIN: (
            Move("answer", ANSWERED, Permission.ANSWER_QUERIES),
            Move("waive", WAIVED, Permission.REVIEW_RETURNS),
        ),
        SETTLED: (),
        WAIVED: (),
    },
)
