"""People and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openpeel.errors import UseError
from openpeel.web.accounts import actions
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.forms import OrganisationForm, PeopleSearchForm, PersonForm, RolesForm
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.models import Organisation, Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.accounts.policies import locked_until
from openpeel.web.accounts.views import site_of

_PER_PAGE = 50


@needs(Permission.MANAGE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, by name; searched, or of one organisation."""
    form = PeopleSearchForm(request.GET)
    found = Person.objects.select_related("organisation").prefetch_related("held").order_by("name", "pk")
    if form.is_valid():
        if words := form.cleaned_data["q"].strip():
            found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
        if organisation := form.cleaned_data["organisation"]:
            found = found.filter(organisation=organisation)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"form": form, "page": page})


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody: first where they work, then who they are and which of the roles there they hold."""
    given = request.POST if request.method == "POST" else request.GET
    asked = OrganisationForm(given if "organisation" in given or request.method == "POST" else None)
    if not asked.is_valid():
        return render(request, "accounts/add-person.html", {"asked": asked, "form": None})
    organisation: Organisation = asked.cleaned_data["organisation"]
    form = PersonForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_person(
                by=actor_on(request),
                at=timezone.now(),
                organisation=organisation,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                roles=form.chosen,
                site=site_of(request),
            )
        except UseError as wrong:  # somebody else added them in the meantime
            form.add_error(None, str(wrong))
        else:
            messages.success(
                request, f"{added.name} was added, and is sent a link with which to choose a password."
            )
            return redirect("accounts:person", key=added.key)
    shown = {"asked": asked, "form": form, "organisation": organisation}
    return render(request, "accounts/add-person.html", shown)


@needs(Permission.MANAGE_PEOPLE)
@require_safe
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person: roles, and what can be done about the account."""
    found = _find(key)
    form = RolesForm(organisation=found.organisation, initial={"roles": [role.value for role in found.roles]})
    shown = {
        "person": found,
        "form": form,
        "locked_until": locked_until(found.email, timezone.now()),
        "second_factor": actions.second_factor_of(found),
    }
    return render(request, "accounts/person.html", shown)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def change_roles(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give and take roles."""
    found = _find(key)
    form = RolesForm(request.POST, organisation=found.organisation)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: choose from the roles that are listed.")
        return redirect("accounts:person", key=key)

    def do(by: Actor, at: datetime) -> None:
        actions.set_roles(by=by, at=at, person=found, roles=form.chosen)

    return _done(request, key, do, f"The roles of {found.name} are as you see them here.")


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def deactivate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let somebody in no longer."""
    found = _find(key)
    return _done(
        request,
        key,
        lambda by, at: actions.deactivate(by=by, at=at, person=found),
        f"{found.name} can no longer sign in.",
    )


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def reactivate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let somebody in again."""
    found = _find(key)
    return _done(
        request,
        key,
        lambda by, at: actions.reactivate(by=by, at=at, person=found),
        f"{found.name} can sign in again.",
    )


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def unlock(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let somebody try again at once."""
    found = _find(key)
    return _done(
        request,
        key,
        lambda by, at: actions.unlock(by=by, at=at, person=found),
        f"{found.name} can try to sign in again.",
    )


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def remove_second_factor(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have somebody set up a second factor anew."""
    found = _find(key)
    return _done(
        request,
        key,
        lambda by, at: actions.remove_second_factor(by=by, at=at, person=found),
        f"{found.name} can set up a second factor anew.",
    )


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def send_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send somebody a link with which to choose a password."""
    found = _find(key)
    site = site_of(request)
    return _done(
        request,
        key,
        lambda by, at: actions.send_password_link(by=by, at=at, person=found, site=site),
        f"{found.name} is sent a link with which to choose a password.",
    )


def _find(key: UUID) -> Person:
    return get_object_or_404(Person.objects.select_related("organisation"), key=key)


def _done(request: HttpRequest, key: UUID, do: Callable[[Actor, datetime], None], said: str) -> HttpResponse:
    """Do it, say so or why not, and go back to the person's page."""
    try:
        do(actor_on(request), timezone.now())
    except UseError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, said)
    return redirect("accounts:person", key=key)
