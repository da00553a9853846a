"""Fields of forms that Django has not, printed by `look/form.html`: a day in three parts, and several files at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

_PARTS = ("day", "month", "year")


class DayInput(forms.MultiWidget):
    """Three inputs, `name-day`, `name-month` and `name-year`: quicker and surer than a calendar for a known day."""

    def __init__(self) -> None:
        super().__init__({part: forms.TextInput() for part in _PARTS})
        self.widgets_names = [f"-{part}" for part in _PARTS]

    def decompress(self, value: Any) -> list[Any]:
        """The three parts of a day."""
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DayField(forms.Field):
    """A day, given as day, month and year in digits."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages.setdefault("invalid", "This is not a day. It looks like 31 3 2024")

    def to_python(self, value: Any) -> date | None:
        """Raises ValidationError for parts that make no day."""
        parts = [str(part or "").strip() for part in value or ()]
        if not any(parts):
            return None
        try:
            day, month, year = map(int, parts)
            if year < 1900:
                raise ValueError
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class SeveralFilesInput(forms.ClearableFileInput):
    """An input with which several files can be chosen."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several: `cleaned_data` has a list of them, each checked as a FileField checks one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of the files."""
        files = data if isinstance(data, Sequence) and not isinstance(data, str) else [data]
        if not files:
            files = [None]
        cleaned = [
            cast("UploadedFile[Any] | None", super(SeveralFilesField, self).clean(file, initial))
            for file in files
        ]
        return [file for file in cleaned if file]
