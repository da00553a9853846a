"""What people fill in about accounts. Messages say what to do, and never whether an address is known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

from openpeel.web.accounts.models import Organisation, Person
from openpeel.web.accounts.permissions import Role

_EMAIL = "Enter an e-mail address, like name@example.org"


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    username = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter your e-mail address", "invalid": _EMAIL},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password"},
    )
    error_messages = {
        "invalid_login": "The e-mail address or the password is not right. Check both, and try again",
        "inactive": "The e-mail address or the password is not right. Check both, and try again",
    }

    def clean_username(self) -> str:
        """However it is capitalised: otherwise each way of writing it would have failures of its own to use up."""
        return str(self.cleaned_data["username"]).strip().casefold()


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label="Code", max_length=20, error_messages={"required": "Enter the code that your app shows"}
    )


class AddressForm(forms.Form):
    """Where to send a link."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter your e-mail address", "invalid": _EMAIL},
    )


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self)


class ChangePasswordForm(PasswordChangeForm):
    """The password that one has, and a new one twice."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "This is not the password that you have now",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "The password that you have now"
        self.fields["old_password"].error_messages["required"] = "Enter the password that you have now"
        _say(self)


def _say(form: forms.Form) -> None:
    first, second = form.fields["new_password1"], form.fields["new_password2"]
    first.label = "New password"
    first.help_text = (
        "At least 12 characters. Three words that have nothing to do with each other are easy to keep."
    )
    first.error_messages["required"] = "Enter a new password"
    second.label, second.help_text = "New password, once more", ""
    second.error_messages["required"] = "Enter the new password once more"


class RolesForm(forms.Form):
    """The roles that a person holds; only those of the organisation's kind."""

    roles = forms.MultipleChoiceField(label="Roles", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(role.value, role.value.capitalize()) for role in organisation.roles]

    @property
    def chosen(self) -> list[Role]:
        """The roles that were ticked."""
        return [Role(role) for role in self.cleaned_data["roles"]]


class OrganisationForm(forms.Form):
    """Where somebody works: asked before the rest, because it says which roles there are."""

    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.all(),
        empty_label="Choose one",
        error_messages={"required": "Choose the organisation", "invalid_choice": "Choose the organisation"},
    )


class PersonForm(RolesForm):
    """Somebody who is added."""

    name = forms.CharField(
        label="Name", max_length=100, error_messages={"required": "Enter the person's name"}
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="A link with which to choose a password is sent there.",
        error_messages={"required": "Enter the person's e-mail address", "invalid": _EMAIL},
    )
    field_order = ("name", "email", "roles")

    def clean_email(self) -> str:
        """Not that of somebody who has an account."""
        email = str(self.cleaned_data["email"]).strip().casefold()
        if Person.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody with this e-mail address has an account already")
        return email


class PeopleSearchForm(forms.Form):
    """Which people to list."""

    q = forms.CharField(label="Name or e-mail address", required=False, max_length=100)
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.all(), required=False, empty_label="All"
    )
