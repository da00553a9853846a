"""Who may do what: permissions, each a sentence, and the roles that hold them.

The page 'Who may do what' and `docs/reference/permissions.md` are generated from these tables, and a test walks every
page as every role and holds it to them. Whether something is allowed *now* is said by the tables of states.
"""

from __future__ import annotations

from enum import Enum


class Reach(Enum):
    """Whose things a permission is about."""

    EVERYBODY = "everybody's"
    OWN_FORCE = "the own force's"
    SELF = "the own"


class Permission(Enum):
    """What a person may do; `sentence` says it and `reach` whose things it is about."""

    SEE_PUBLISHED = ("See published figures, measures, forces and releases.", Reach.EVERYBODY)
    SEE_SELF = ("See and change the own account.", Reach.SELF)
    SEE_SHARED_FIGURES = (
        "See the figures that are shared with forces before they are published, the own force beside all others.",
        Reach.OWN_FORCE,
    )
    SEE_ALL_FIGURES = ("See the figures of every release from the day it is frozen.", Reach.EVERYBODY)
    SEE_OWN_RETURNS = (
        "See what the own force was asked for and handed in, and what was found in it.",
        Reach.OWN_FORCE,
    )
    HAND_IN = ("Hand in returns for the own force.", Reach.OWN_FORCE)
    ANSWER_QUERIES = ("Answer queries on the own force's returns.", Reach.OWN_FORCE)
    CONFIRM_RETURNS = ("Confirm the own force's returns.", Reach.OWN_FORCE)
    SEE_ALL_RETURNS = (
        "See what every force was asked for and handed in, and what was found in it.",
        Reach.EVERYBODY,
    )
    PLAN_COLLECTIONS = ("Plan, open and close collections.", Reach.EVERYBODY)
    REVIEW_RETURNS = ("Accept returns, send them back, and settle queries on them.", Reach.EVERYBODY)
    MAKE_RELEASES = ("Freeze releases and share them with forces.", Reach.EVERYBODY)
    PUBLISH_RELEASES = ("Publish releases.", Reach.EVERYBODY)
    SEE_ALERTS = ("See the alerts about every force.", Reach.EVERYBODY)
    MANAGE_PEOPLE = ("Add people, give and take roles, unlock accounts.", Reach.EVERYBODY)
    READ_TRAIL = ("Read and search the audit trail.", Reach.EVERYBODY)

    @property
    def sentence(self) -> str:
        """What it lets a person do."""
        return self.value[0]

    @property
    def reach(self) -> Reach:
        """Whose things it is about."""
        return self.value[1]


class Kind(Enum):
    """The kinds of organisation."""

    INSPECTORATE = "the inspectorate"
    FORCE = "a police force"
    COMMISSIONER = "a police and crime commissioner"


class Role(Enum):
    """The roles that a person can hold in an organisation of the kind; value as stored."""

    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    SUPERINTENDENT = "superintendent"
    OBSERVER = "observer"
    ANALYST = "analyst"
    INSPECTOR = "inspector"
    MODERATOR = "moderator"
    PUBLISHER = "publisher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def kind(self) -> Kind:
        """In which kind of organisation it is held."""
        return _KINDS[self]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it lets a person do, beyond what anybody may."""
        return frozenset(_GRANTED[self])

    @property
    def needs_second_factor(self) -> bool:
        """Whether it is of no use before a second factor is given at signing in."""
        return self in _SECOND_FACTOR


#: What anybody may do, signed in or not; and what anybody may who is signed in.
ANYBODY = frozenset({Permission.SEE_PUBLISHED})
SIGNED_IN = frozenset({Permission.SEE_PUBLISHED, Permission.SEE_SELF})

P = Permission
_GRANTED: dict[Role, tuple[Permission, ...]] = {
    Role.CONTRIBUTOR: (P.SEE_OWN_RETURNS, P.HAND_IN, P.ANSWER_QUERIES),
    Role.APPROVER: (P.SEE_OWN_RETURNS, P.CONFIRM_RETURNS, P.SEE_SHARED_FIGURES),
    Role.CASEWORKER: (),
    Role.SUPERVISOR: (),
    Role.SUPERINTENDENT: (),
    Role.OBSERVER: (),
    Role.ANALYST: (
        P.SEE_ALL_FIGURES,
        P.SEE_ALL_RETURNS,
        P.PLAN_COLLECTIONS,
        P.REVIEW_RETURNS,
        P.MAKE_RELEASES,
        P.SEE_ALERTS,
    ),
    Role.INSPECTOR: (P.SEE_ALL_FIGURES, P.SEE_ALERTS),
    Role.MODERATOR: (P.SEE_ALL_FIGURES,),
    Role.PUBLISHER: (P.SEE_ALL_FIGURES, P.PUBLISH_RELEASES),
    Role.AUDITOR: (P.READ_TRAIL,),
    Role.ADMINISTRATOR: (P.MANAGE_PEOPLE,),
}
_FORCE = (Role.CONTRIBUTOR, Role.APPROVER, Role.CASEWORKER, Role.SUPERVISOR, Role.SUPERINTENDENT)
_KINDS = {
    role: Kind.FORCE if role in _FORCE else Kind.COMMISSIONER if role is Role.OBSERVER else Kind.INSPECTORATE
    for role in Role
}
_SECOND_FACTOR = frozenset({Role.ANALYST, Role.PUBLISHER, Role.AUDITOR, Role.ADMINISTRATOR})
