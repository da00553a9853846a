"""The life of a release."""

from openpeel.web.accounts.permissions import Permission
from openpeel.web.states import Life, Move

FROZEN, SHARED, PUBLISHED = "frozen", "shared", "published"

RELEASE = Life(
    thing="release",
    first=FROZEN,
    said={FROZEN: "Frozen", SHARED: "Shared with forces", PUBLISHED: "Published"},
    moves={
        FROZEN: (Move("share", SHARED, Permission.MAKE_RELEASES),),
        SHARED: (Move("publish", PUBLISHED, Permission.PUBLISH_RELEASES),),
        PUBLISHED: (),
    },
)
