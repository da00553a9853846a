"""Which events to look for."""

from __future__ import annotations

from typing import Any

from django import forms

from openpeel.reference.forces import forces
from openpeel.web.trail.models import Event

_DAY = {"invalid": "Enter a day like 2024-03-31"}


class SearchForm(forms.Form):
    """Everything is optional; what is given has to hold all at once."""

    who = forms.CharField(label="Person", required=False, max_length=100)
    action = forms.ChoiceField(label="Action", required=False)
    about = forms.CharField(label="Thing", required=False, max_length=120)
    force = forms.ChoiceField(label="Force", required=False)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages=_DAY
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages=_DAY
    )
    words = forms.CharField(label="Words", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actions = Event.objects.order_by("action").values_list("action", flat=True).distinct()
        self.fields["action"] = _choice("Action", [(action, action) for action in actions])
        self.fields["force"] = _choice(
            "Force", sorted(((f.code, f.name) for f in forces()), key=lambda f: f[1])
        )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "All"), *choices])
