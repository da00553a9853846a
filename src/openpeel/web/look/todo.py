"""What there is for somebody to do, as the first page lists it. An app says it in its own `todo.py`:

    @todo
    def to_confirm(actor: Actor) -> list[Item]:
        ...

The modules are found when the service begins. A function is asked on each visit, so it asks the database once or twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openpeel.web.accounts.actor import Actor


@dataclass(frozen=True)
class Item:
    """One thing to do: what, in a few words; the path of the page where it is done; and more of it in a sentence."""

    text: str
    href: str
    said: str = ""


Asked = Callable[[Actor], list[Item]]
_ASKED: list[Asked] = []


def todo(asked: Asked) -> Asked:
    """Have the first page ask this function what there is to do."""
    _ASKED.append(asked)
    return asked


def items_for(actor: Actor) -> list[Item]:
    """All that there is to do for somebody, in the order of the apps."""
    return [item for asked in _ASKED for item in asked(actor)]
