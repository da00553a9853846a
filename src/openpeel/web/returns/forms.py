"""The forms of a return: handing it in, answering, confirming, deciding."""

from __future__ import annotations

from typing import Any

from django import forms

from openpeel.web.returns.models import Query, Response
from openpeel.web.returns.policies import answers_to

_TEXT = 4000


class SeveralFilesInput(forms.ClearableFileInput):
    """A field in which several files can be chosen at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files, none of them empty."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of the files in order."""
        return [super(SeveralFilesField, self).clean(file, initial) for file in data or [None]]


class HandInForm(forms.Form):
    """The files of a return."""

    chosen = SeveralFilesField(
        label="The files of the return",
        help_text="CSV, Excel (.xlsx), OpenDocument (.ods), Parquet, or a zip of such files. Several files together "
        "are one return.",
        error_messages={
            "required": "Choose the file or files of the return.",
            "missing": "Choose the file or files of the return.",
            "empty": "Expected a file with records, got one that is empty. Choose another one.",
        },
    )
    remark = forms.CharField(
        label="Remark (if there is something to say)",
        help_text="For the inspectorate. Write no names of people in it.",
        required=False,
        max_length=_TEXT,
        widget=forms.Textarea,
    )


class ConfirmForm(forms.Form):
    """The statement that a force makes of its return."""

    stands = forms.BooleanField(
        label="I confirm for the force that this return is complete and right, as far as we know, but for what our "
        "answers to the queries say.",
        error_messages={"required": "Tick the statement to confirm the return."},
    )


class SendBackForm(forms.Form):
    """Why a return is sent back."""

    because = forms.CharField(
        label="Why it is sent back",
        help_text="The force reads this. Say what has to change.",
        max_length=_TEXT,
        widget=forms.Textarea,
        error_messages={"required": "Say why the return is sent back, and what has to change."},
    )


class AnswerForm(forms.Form):
    """A force's answer to a query."""

    kind = forms.ChoiceField(
        label="What is your answer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the answers."},
    )
    text = forms.CharField(
        label="Say more",
        help_text="Write no names of people.",
        max_length=_TEXT,
        widget=forms.Textarea,
        error_messages={"required": "Say why, so that the inspectorate can settle the query."},
    )

    def __init__(self, query: Query, data: Any = None) -> None:
        super().__init__(data)
        said = dict(Response.KINDS)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(k, said[k]) for k in answers_to(query)]


class ReplyForm(forms.Form):
    """What an analyst says to an answer."""

    kind = forms.ChoiceField(
        label="What is done with the query?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of them."},
    )
    text = forms.CharField(
        label="Say why",
        help_text="The force reads this. It may be left out where the query is settled.",
        required=False,
        max_length=_TEXT,
        widget=forms.Textarea,
    )

    def __init__(self, kinds: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = kinds

    def clean(self) -> dict[str, Any]:
        """A reason is needed for anything but settling."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") in ("waive", "ask again") and not cleaned.get("text"):
            self.add_error("text", "Say why: the force has to know the reason.")
        return cleaned
