"""Pages on which analysts plan, open, change and close collections."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openpeel.errors import UseError
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections import actions
from openpeel.web.collections.forms import AddForm, OpenAgainForm, PlanForm, VersionForm, next_round
from openpeel.web.collections.models import Collection
from openpeel.web.collections.policies import Plan
from openpeel.web.notices.telling import people_of

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Plan a new collection; with ?copy= its key, as a copy of another, moved on to the next round."""
    copied, moved = None, list[str]()
    filled: dict[str, object] = {"which": "all", "version": 0}
    if key := request.GET.get("copy"):
        copied = get_object_or_404(Collection, key=_key(key))
        plan, moved = next_round(Plan.of(copied))
        filled |= PlanForm.filled_with(plan)
    form = PlanForm(request.POST or None, initial=filled)
    if request.method == "POST" and form.is_valid() and form.plan:
        try:
            made = actions.plan(plan=form.plan, copied_from=copied, by=actor_on(request), at=timezone.now())
        except UseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.name} is planned.")
            return redirect("collections:show", made.key)
    return render(request, "collections/plan.html", {"form": form, "copied": copied, "moved": moved})


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def change_plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a collection that is planned."""
    collection = get_object_or_404(Collection, key=key)
    filled = PlanForm.filled_with(Plan.of(collection)) | {"version": collection.version}
    form = PlanForm(request.POST or None, initial=filled, besides=collection)

    def act(version: int) -> None:
        assert form.plan is not None  # of a valid form
        actions.change(
            collection=collection, plan=form.plan, version=version, by=actor_on(request), at=timezone.now()
        )

    if done := _done(request, form, key, act, "The plan is changed."):
        return done
    return render(request, "collections/plan.html", {"form": form, "collection": collection})


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def add_more(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for more in a collection that is open, or move its closing day."""
    collection = get_object_or_404(Collection, key=key)
    filled = {"version": collection.version, "closes_on": collection.closes_on}
    form = AddForm(request.POST or None, initial=filled, collection=collection)

    def act(version: int) -> None:
        actions.add(
            collection=collection,
            wanted=form.wanted,
            more_forces=form.cleaned_data["forces"],
            closes_on=form.cleaned_data["closes_on"],
            reason=form.cleaned_data["reason"],
            version=version,
            by=actor_on(request),
            at=timezone.now(),
        )

    if done := _done(request, form, key, act, f"{collection.name} is changed, and the forces are told."):
        return done
    return render(request, "collections/add.html", {"form": form, "collection": collection})


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def open_now(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open a planned collection before its day, once it was said who is told."""
    collection = get_object_or_404(Collection, key=key)
    form = VersionForm(request.POST or None, initial={"version": collection.version})

    def act(version: int) -> None:
        actions.open_collection(
            collection=collection, version=version, by=actor_on(request), at=timezone.now()
        )

    if done := _done(request, form, key, act, f"{collection.name} is open, and the forces are told."):
        return done
    plan = Plan.of(collection)
    told = people_of(Permission.SEE_OWN_RETURNS, plan.forces)
    without = set(plan.forces) - {person.force for person in told}
    found = {"form": form, "collection": collection, "plan": plan, "told": len(told), "without": len(without)}
    return render(request, "collections/open.html", found)


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def close_now(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close an open collection before its day."""
    collection = get_object_or_404(Collection, key=key)
    form = VersionForm(request.POST or None, initial={"version": collection.version})

    def act(version: int) -> None:
        actions.close_collection(
            collection=collection, version=version, by=actor_on(request), at=timezone.now()
        )

    if done := _done(request, form, key, act, f"{collection.name} is closed, and the forces are told."):
        return done
    return render(request, "collections/close.html", {"form": form, "collection": collection})


@needs(Permission.PLAN_COLLECTIONS)
@_get_or_post
def open_once_more(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open a closed collection again."""
    collection = get_object_or_404(Collection, key=key)
    form = OpenAgainForm(request.POST or None, initial={"version": collection.version})

    def act(version: int) -> None:
        actions.open_again(
            collection=collection,
            closes_on=form.cleaned_data["closes_on"],
            reason=form.cleaned_data["reason"],
            version=version,
            by=actor_on(request),
            at=timezone.now(),
        )

    if done := _done(request, form, key, act, f"{collection.name} is open again, and the forces are told."):
        return done
    return render(request, "collections/open-again.html", {"form": form, "collection": collection})


def _done(
    request: HttpRequest, form: VersionForm, key: UUID, act: Callable[[int], None], said: str
) -> HttpResponse | None:
    """Do what a form asks, on the version that its sender looked at; None where the form is to be shown, or again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act(form.cleaned_data["version"])
    except UseError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, said)
    return redirect("collections:show", key)


def _key(text: str) -> UUID | None:
    """The key in an address; None, which no collection has, for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
