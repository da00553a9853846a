"""Writes docs/reference/permissions.md from the tables of the service: `python scripts/make_permissions_page.py`."""

from __future__ import annotations

from pathlib import Path

from openpeel.web.accounts.permissions import Permission, Reach
from openpeel.web.accounts.who_may import RolesOfKind, by_all, kinds, matrix

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "permissions.md"

HEAD = """# Who may do what

A person holds roles in one organisation, and a role lets them do what is listed here. This page is made from
`src/openpeel/web/accounts/permissions.py` by `scripts/make_permissions_page.py`, a test holds it to them, and another
test opens every page of the service as every role and holds it to the same tables. The service shows them under
*Who may do what*.

A permission is about the things of the own force, of everybody, or of oneself. Whose a thing is not, for them it is not
there: they are told that the page was not found, not that they may not see it. What may be done *now* depends on the
state that a thing is in as well.
"""

SECOND = """## Second factors

A role with 2 beside its name is of no use before a second factor was given at signing in: a code from an app (TOTP), or
one of ten recovery codes, each of which works once. Until then the person can do what anybody may who is signed in.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, _permissions(), *(_roles(kind) for kind in kinds()), SECOND])


def _permissions() -> str:
    lines = ["## Permissions", "", "| permission | about | held by |", "|---|---|---|"]
    roles = [role.role.value for kind in kinds() for role in kind.roles]
    for row in matrix():
        holders = [name for name, held in zip(roles, row.held, strict=True) if held]
        held_by = by_all(row.permission) or ", ".join(holders) or "nobody"
        lines.append(f"| {row.permission.sentence} | {_reach(row.permission)} | {held_by} |")
    return "\n".join([*lines, ""])


def _reach(permission: Permission) -> str:
    return {Reach.EVERYBODY: "everybody's", Reach.OWN_FORCE: "the own force's", Reach.SELF: "the own"}[
        permission.reach
    ]


def _roles(kind: RolesOfKind) -> str:
    lines = [f"## {kind.name}", ""]
    for role in kind.roles:
        may = " ".join(p.sentence for p in role.permissions) or "Nothing yet."
        lines.append(f"- **{role.name}**{' (2)' if role.role.needs_second_factor else ''}: {may}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
