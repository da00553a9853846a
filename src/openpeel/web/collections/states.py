"""The life of a collection."""

from openpeel.web.accounts.permissions import Permission
from openpeel.web.states import Life, Move

PLANNED, OPEN, CLOSED = "planned", "open", "closed"

COLLECTION = Life(
    thing="collection",
    first=PLANNED,
    said={PLANNED: "Planned", OPEN: "Open", CLOSED: "Closed"},
    moves={
        PLANNED: (Move("open", OPEN, Permission.PLAN_COLLECTIONS),),
        OPEN: (Move("close", CLOSED, Permission.PLAN_COLLECTIONS),),
        # Forces hand in late, and correct what they handed in: a collection can be opened again.
        CLOSED: (Move("open again", OPEN, Permission.PLAN_COLLECTIONS),),
    },
)
