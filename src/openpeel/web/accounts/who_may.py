"""Who may do what, as tables: for the page of the service and `docs/reference/permissions.md`. Needs no database."""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.web.accounts.permissions import ANYBODY, SIGNED_IN, Kind, Permission, Role


@dataclass(frozen=True)
class RoleOfKind:
    """A role with what it lets a person do beyond what anybody may, in the order of the permissions."""

    role: Role
    permissions: tuple[Permission, ...]

    @property
    def name(self) -> str:
        """As it is printed at the head of a column."""
        return self.role.value.capitalize()


@dataclass(frozen=True)
class RolesOfKind:
    """A kind of organisation and the roles that are held there."""

    kind: Kind
    roles: tuple[RoleOfKind, ...]

    @property
    def name(self) -> str:
        """As it is printed in a heading: 'At the inspectorate'."""
        return {
            Kind.INSPECTORATE: "At the inspectorate",
            Kind.FORCE: "In a police force",
            Kind.COMMISSIONER: "At a police and crime commissioner",
        }[self.kind]


def kinds() -> tuple[RolesOfKind, ...]:
    """Each kind of organisation with its roles."""
    return tuple(
        RolesOfKind(kind, tuple(RoleOfKind(r, _in_order(r.permissions)) for r in Role if r.kind is kind))
        for kind in (Kind.FORCE, Kind.COMMISSIONER, Kind.INSPECTORATE)
    )


@dataclass(frozen=True)
class Row:
    """A permission, and for each role in the order of `kinds()` whether it is held. `by_all` says who needs no role."""

    permission: Permission
    by_all: str
    held: tuple[bool, ...]


def matrix() -> tuple[Row, ...]:
    """Every permission by every role."""
    roles = [r.role for kind in kinds() for r in kind.roles]
    return tuple(
        Row(p, by_all(p), tuple(bool(by_all(p)) or p in role.permissions for role in roles))
        for p in Permission
    )


def by_all(permission: Permission) -> str:
    """Who may do it without a role: 'anybody', 'anybody who is signed in', or blank for nobody."""
    if permission in ANYBODY:
        return "anybody"
    return "anybody who is signed in" if permission in SIGNED_IN else ""


def _in_order(permissions: frozenset[Permission]) -> tuple[Permission, ...]:
    return tuple(p for p in Permission if p in permissions)
