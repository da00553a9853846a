"""Writes docs/reference/states.md from the tables of states themselves: `python scripts/make_states_page.py`."""

from __future__ import annotations

from pathlib import Path

from openpeel.web.accounts.permissions import Role
from openpeel.web.collections.states import COLLECTION
from openpeel.web.releases.states import RELEASE
from openpeel.web.returns.states import QUERY, RETURN
from openpeel.web.states import Life, Move

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "states.md"

LIVES = (COLLECTION, RETURN, QUERY, RELEASE)

HEAD = """# States

What becomes of a collection, a return, a query and a release: the states that each goes through, and who moves it. This
page is made from the tables that the service itself obeys, by `scripts/make_states_page.py`, and a test holds it to
them. Each move is one function in an `actions.py`, is made in one transaction with its event in the audit trail, and is
made once: where two people make it at the same moment, one does and the other is told.
"""

#: Moves that the day makes too, beside those who may.
_BY_THE_DAY = {(COLLECTION.thing, "open"), (COLLECTION.thing, "close")}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(life) for life in LIVES)])


def _section(life: Life) -> str:
    ends = [state for state in life.said if not life.moves[state]]
    diagram = [
        "```mermaid",
        "stateDiagram-v2",
        *(f"  {state}: {said}" for state, said in life.said.items()),
        f"  [*] --> {life.first}",
        *(f"  {state} --> {move.to}: {move.name}" for state, move in life.all_moves()),
        *(f"  {state} --> [*]" for state in ends),
        "```",
    ]
    table = [
        "| from | move | to | who |",
        "|---|---|---|---|",
        *(
            f"| {life.said[state]} | {move.name} | {life.said[move.to]} | {_who(life, move)} |"
            for state, move in life.all_moves()
        ),
    ]
    return "\n".join([f"## The {life.thing}", "", *diagram, "", *table, ""])


def _who(life: Life, move: Move) -> str:
    if move.by is None:
        return "the service"
    roles = " or ".join(role.value for role in Role if move.by in role.permissions)
    return f"{roles}, or the day" if (life.thing, move.name) in _BY_THE_DAY else roles


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
