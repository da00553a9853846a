"""The forms in which a release is frozen and two are compared."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from openpeel.errors import UseError
from openpeel.reference.periods import Period
from openpeel.web.collections.forms import DayField
from openpeel.web.collections.models import Collection
from openpeel.web.releases.models import Release


class LastDayField(DayField):
    """The last day of a year, the last of a month."""

    def clean(self, value: Any) -> Any:
        """The day. Refuses one that is not the last of its month."""
        found = super().clean(value)
        if found is not None:
            try:
                Period.year_ending(found)
            except UseError as error:
                raise forms.ValidationError(f"Enter {error.message.removeprefix('expected ')}") from None
        return found


class FreezeForm(forms.Form):
    """What a release is called and of which year its figures are."""

    name = forms.CharField(
        label="Name",
        max_length=64,
        help_text="It stands in the addresses of its pages and in its figures, and never changes: letters, digits, "
        "dashes. For example, 2024-spring",
        error_messages={"required": "Enter a name"},
    )
    about = forms.CharField(
        label="About",
        required=False,
        widget=forms.Textarea,
        help_text="What readers should know of it, in a sentence or two. It is published with the release.",
    )
    ending = LastDayField(
        label="Last day of the year",
        help_text="Figures are of the twelve months up to this day. For example, 31 March 2024",
        error_messages={"required": "Enter the last day of the year"},
    )
    collection = forms.ModelChoiceField(
        label="Collection (optional)",
        queryset=Collection.objects.all(),
        required=False,
        empty_label="None",
        widget=forms.Select,
    )

    def clean_name(self) -> str:
        """A name that the lake and the address of a page can have."""
        name = str(self.cleaned_data["name"]).strip()
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
            raise forms.ValidationError(
                "Use letters, digits, dashes and underscores, and begin with a letter or digit"
            )
        if Release.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(f"There is a release called {name} already; choose another name")
        return name
