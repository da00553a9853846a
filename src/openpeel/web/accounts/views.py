"""Signing in and out, the second factor, passwords, the own account, and who may do what."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as remember_second_factor
from django_otp.plugins.otp_totp.models import TOTPDevice

from openpeel.web.accounts import actions
from openpeel.web.accounts.actor import Actor, address_of
from openpeel.web.accounts.forms import (
    AddressForm,
    ChangePasswordForm,
    ChoosePasswordForm,
    CodeForm,
    SignInForm,
)
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.accounts.policies import locked_until, may_ask_for_link
from openpeel.web.accounts.who_may import kinds, matrix

sign_in = needs(Permission.SEE_PUBLISHED)(
    LoginView.as_view(template_name="accounts/sign-in.html", authentication_form=SignInForm)
)
sign_out = needs(Permission.SEE_PUBLISHED)(LogoutView.as_view())


@needs(Permission.SEE_SELF)
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Give the second factor, and go on to where one wanted to go."""
    actor, person = _who(request)
    if actions.second_factor_of(person) is None:
        return redirect(_with_next("accounts:set-up-second-factor", request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = actions.give_second_factor(
            by=actor, at=timezone.now(), person=person, code=form.cleaned_data["code"]
        )
        if device is not None:
            _verified(request, device)
            return redirect(_next(request))
        form.add_error(
            "code",
            "This code is not right, has been used, or came too soon after a wrong one. "
            "Wait until your app shows the next",
        )
    return render(request, "accounts/second-factor.html", {"form": form, "next": _next(request)})


@needs(Permission.SEE_SELF)
@never_cache
@require_http_methods(["GET", "POST"])
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up: a picture for the app, then a code from it."""
    actor, person = _who(request)
    if actions.second_factor_of(person) is not None:
        return redirect("accounts:own")
    at = timezone.now()
    if request.method == "POST" and "begin" in request.POST:
        actions.begin_second_factor(by=actor, at=at, person=person)
        return redirect(_with_next("accounts:set-up-second-factor", request))
    begun = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    form = CodeForm(request.POST if begun is not None and request.method == "POST" else None)
    if begun is not None and form.is_valid():
        codes = actions.confirm_second_factor(
            by=actor, at=at, person=person, code=form.cleaned_data["code"].replace(" ", "")
        )
        if codes is not None:
            _verified(request, TOTPDevice.objects.get(pk=begun.pk))
            # Shown in the answer itself: once, and kept in no session.
            return render(request, "accounts/recovery-codes.html", {"codes": codes, "next": _next(request)})
        form.add_error(
            "code",
            "This code is not right, or came too soon after a wrong one. Wait until your app shows the next",
        )
    shown = {"form": form, "begun": begun is not None, "next": _next(request)}
    if begun is not None:
        shown["picture"] = segno.make(begun.config_url, error="m").svg_data_uri(scale=5, light="white")
        shown["secret"] = _in_fours(begun.config_url)
    return render(request, "accounts/set-up-second-factor.html", shown)


@needs(Permission.SEE_SELF)
@require_http_methods(["POST"])
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Forget the own second factor. Takes one: who has only the password could otherwise set up another."""
    actor, person = _who(request)
    if not _gave_second_factor(person):
        return redirect("accounts:second-factor")
    actions.remove_second_factor(by=actor, at=timezone.now(), person=person)
    messages.success(request, "Your second factor was removed. You can set up another.")
    return redirect("accounts:own")


@needs(Permission.SEE_SELF)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The own account."""
    _, person = _who(request)
    held = [role for kind in kinds() for role in kind.roles if role.role in person.roles]
    shown = {
        "person": person,
        "roles": held,
        "second_factor": actions.second_factor_of(person),
        "gave_second_factor": _gave_second_factor(person),
    }
    return render(request, "accounts/own.html", shown)


@needs(Permission.SEE_SELF)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; this session goes on, all others end."""
    actor, person = _who(request)
    form = ChangePasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        actions.set_password(by=actor, at=timezone.now(), person=person, password=password)
        update_session_auth_hash(request, person)
        messages.success(request, "Your password was changed.")
        return redirect("accounts:own")
    return render(request, "accounts/change-password.html", {"form": form})


@needs(Permission.SEE_PUBLISHED)
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link with which to choose a password. The answer is the same whether or not the address is known."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().casefold()
        person = Person.objects.filter(email=email, is_active=True).first()
        at = timezone.now()
        if person is not None and may_ask_for_link(person, at):
            actions.send_password_link(by=actor_on(request), at=at, person=person, site=site_of(request))
        return render(request, "accounts/password-sent.html")
    return render(request, "accounts/forgotten-password.html", {"form": form})


class _ChoosePassword(PasswordResetConfirmView):
    form_class = ChoosePasswordForm
    template_name = "accounts/choose-password.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and have the person sign in with it."""
        person = self.user
        assert person is not None  # Django shows no form for a link that is nobody's
        actions.set_password(
            by=Actor(person, address_of(self.request)),
            at=timezone.now(),
            person=person,
            password=form.cleaned_data["new_password1"],
        )
        del self.request.session["_password_reset_token"]
        messages.success(self.request, "Your password is set. Sign in with it.")
        return HttpResponseRedirect(reverse("accounts:sign-in"))


choose_password = needs(Permission.SEE_PUBLISHED)(_ChoosePassword.as_view())


@needs(Permission.SEE_PUBLISHED)
@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may do what."""
    return render(request, "accounts/permissions.html", {"kinds": kinds(), "matrix": matrix()})


def locked_out(
    request: HttpRequest, response: HttpResponseBase, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Said when an account is locked; the same whether or not the address is known."""
    email = str((credentials or {}).get("username") or "")
    until = locked_until(email, timezone.now(), address_of(request))
    return render(request, "accounts/locked.html", {"until": until}, status=429)


def site_of(request: HttpRequest) -> str:
    """'https://host', for links in e-mails. Django has held the host to those that the service answers for."""
    return f"{request.scheme}://{request.get_host()}"


def _who(request: HttpRequest) -> tuple[Actor, Person]:
    """The actor, and the person that they are: the pages of the own account are for people who signed in."""
    actor = actor_on(request)
    assert actor.person is not None
    return actor, actor.person


def _gave_second_factor(person: Person) -> bool:
    verified: Any = getattr(person, "is_verified", None)
    return bool(verified and verified())


def _verified(request: HttpRequest, device: Any) -> None:
    """Remember the second factor in a session with a new key, as Django does after a password."""
    request.session.cycle_key()
    remember_second_factor(request, device)


def _next(request: HttpRequest) -> str:
    """Where somebody wanted to go: a page of this service, or else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("home")


def _with_next(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({'next': _next(request)})}"


def _in_fours(config_url: str) -> str:
    secret = config_url.split("secret=")[1].split("&")[0].rstrip("=")
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
