"""What there is to do about the own account."""

from __future__ import annotations

from django.urls import reverse

from openpeel.web.accounts.actor import Actor
from openpeel.web.look.todo import Item, todo


@todo
def second_factor(actor: Actor) -> list[Item]:
    """Give the second factor, or set it up, before the roles that need one are of use."""
    person = actor.person
    if person is None or person.has_verified():
        return []
    return [
        Item(
            "Give your second factor",
            reverse("accounts:second-factor"),
            "Until you do, you can see only what is published: a role that you hold needs it.",
        )
    ]
