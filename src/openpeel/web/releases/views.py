"""Pages about releases: all of them, one, freezing a new one, and its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openpeel.errors import ReaderError
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.releases import actions
from openpeel.web.releases.contents import (
    Later,
    completeness,
    found_in,
    frozen_release,
    held_now,
    last_day_held,
    later_than,
    newer_than,
)
from openpeel.web.releases.forms import FreezeForm
from openpeel.web.releases.models import Alert, Release
from openpeel.web.releases.policies import cannot_because, no_figures_because
from openpeel.web.releases.states import RELEASE
from openpeel.web.returns.models import Return
from openpeel.web.returns.states import ACCEPTED
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event

#: What becomes visible to whom by each move, as the page that asks for a confirmation says it.
MOVES = {
    "share": (
        "Share with forces",
        "Whoever approves returns at a force will see all figures of this release, the own force beside all others, "
        "and is told by a notice and an e-mail to look at them. Nobody else will: not the public, and not other people "
        "at forces.",
        "A release that is shared cannot be taken back.",
    ),
    "publish": (
        "Publish",
        "Everybody will see all figures of this release, signed in or not, and can download them. Its name, what is "
        "said about it, what it holds and what checks found in it are published with them.",
        "A release that is published cannot be taken back, and is never changed. What is found to be wrong in it is "
        "put right in a later release, and the two can be compared.",
    ),
}


@needs(Permission.SEE_PUBLISHED)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The releases that somebody may see, the newest first."""
    actor = actor_on(request)
    releases = list(Release.objects.seen_by(actor))
    found = [
        {"release": r, "period": Period.year_ending(r.ending), "state": RELEASE.said[r.state]}
        for r in releases
    ]
    shown = {
        "releases": found,
        "may_make": actor.may(Permission.MAKE_RELEASES),
        "sees_states": actor.may(Permission.SEE_ALL_FIGURES) or actor.may(Permission.SEE_SHARED_FIGURES),
        "waiting": any(r.figures_at is None and not r.figures_failed for r in releases),
    }
    return render(request, "releases/index.html", shown)


@needs(Permission.SEE_PUBLISHED)
@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """What a release holds, how far it is, and what may be done with it."""
    actor = actor_on(request)
    release = _found(actor, name)
    period = Period.year_ending(release.ending)
    sees_all = actor.may(Permission.SEE_ALL_FIGURES)
    shown: dict[str, Any] = {
        "release": release,
        "period": period,
        "state": RELEASE.said[release.state],
        "no_figures": no_figures_because(release),
        "sees_people": sees_all,
        "moves": _moves_of(actor, release),
        "may_work_out": actor.may(Permission.MAKE_RELEASES) and bool(release.figures_failed),
        "may_compare": Release.objects.seen_by(actor).filter(ending=release.ending).count() > 1,
        "alerts": Alert.objects.filter(release=release).count() if actor.may(Permission.SEE_ALERTS) else None,
        "events": Event.objects.filter(about=f"release {release.key}").exclude(
            action="read unpublished figures"
        )
        if sees_all
        else (),
    }
    try:
        frozen = frozen_release(release)
        # What checks found in another force's records is told when it is published, and not before.
        own = "" if release.is_published or sees_all else actor.force
        shown |= {
            "held": completeness((r.key for r in frozen.returns), period),
            "returns": len(frozen.returns),
            "rows": sum(r.accepted for r in frozen.returns),
            "found": found_in(frozen.returns, own),
            "found_of": find_force(own).name if own else "",
            **_later(actor, release),
        }
    except ReaderError as error:
        shown["damaged"] = str(error) if sees_all else "What it holds cannot be read at the moment."
    return render(request, "releases/show.html", shown)


@needs(Permission.MAKE_RELEASES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What the lake holds, and the form that freezes it."""
    actor = actor_on(request)
    form = FreezeForm(request.POST or None, initial={"ending": last_day_held()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.freeze(**form.cleaned_data, by=actor, at=timezone.now())
        except ReaderError as error:
            form.add_error("name" if "release" in error.message else None, str(error))
        else:
            messages.success(request, f"Frozen: {made.name}. Its figures are being worked out.")
            return redirect("releases:show", made.name)
    last = Release.objects.first()
    ending = form.cleaned_data.get("ending") if form.is_bound and form.is_valid() else last_day_held()
    shown = {
        "form": form,
        "returns": len(held_now()),
        "ending": ending,
        "held": completeness(held_now(), Period.year_ending(ending)) if ending else None,
        "last": last,
        "newer": newer_than(last),
        "coming": Return.objects.filter(state=ACCEPTED, in_lake_at=None).count(),
    }
    return render(request, "releases/new.html", shown)


@needs(Permission.MAKE_RELEASES)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, name: str) -> HttpResponse:
    """Ask whether to share a release with forces, and do it."""
    return _confirmed(request, name, "share", actions.share, Permission.MAKE_RELEASES)


@needs(Permission.PUBLISH_RELEASES)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Ask whether to publish a release, and do it."""
    return _confirmed(request, name, "publish", actions.publish, Permission.PUBLISH_RELEASES)


@needs(Permission.MAKE_RELEASES)
@require_POST
def again(request: HttpRequest, name: str) -> HttpResponse:
    """Have figures worked out again that could not be."""
    actor = actor_on(request)
    release = _found(actor, name)
    try:
        actions.work_out_again(release=release, by=actor, at=timezone.now())
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The figures are being worked out again.")
    return redirect("releases:show", release.name)


def _found(actor: Actor, name: str) -> Release:
    return get_object_or_404(
        Release.objects.seen_by(actor).select_related("frozen_by", "shared_by", "published_by", "collection"),
        name=name,
    )


def _confirmed(
    request: HttpRequest, name: str, move: str, action: Callable[..., None], permission: Permission
) -> HttpResponse:
    actor = actor_on(request)
    release = _found(actor, name)
    if not actor.may(permission):
        raise PermissionDenied
    if request.method == "POST":
        at: datetime = timezone.now()
        try:
            action(release=release, by=actor, at=at)
        except NotNow as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{RELEASE.said[release.state]}: {release.name}.")
        return redirect("releases:show", release.name)
    title, visible, for_good = MOVES[move]
    shown = {
        "release": release,
        "period": Period.year_ending(release.ending),
        "title": title,
        "visible": visible,
        "for_good": for_good,
        "cannot": cannot_because(release, move),
    }
    return render(request, "releases/move.html", shown)


def _moves_of(actor: Actor, release: Release) -> list[dict[str, str]]:
    """The moves that somebody may make: the page that asks for it, or why it cannot be made yet."""
    return [
        {"name": move.name, "title": MOVES[move.name][0], "cannot": cannot_because(release, move.name)}
        for move in RELEASE.moves[release.state]
        if move.by is not None and actor.may(move.by)
    ]


def _later(actor: Actor, release: Release) -> dict[str, object]:
    """Whether later data are held, and which: for those who see the returns that they came in."""
    every = later_than(release)
    named: list[Later] = []
    if actor.may(Permission.SEE_ALL_RETURNS):
        named = every
    elif actor.force and actor.may(Permission.SEE_OWN_RETURNS):
        named = [one for one in every if one.key.force == actor.force]
    return {"later": bool(every), "later_named": named}
