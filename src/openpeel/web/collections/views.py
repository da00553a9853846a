"""Pages that show collections: how complete they are, and what is asked of the own force."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_safe

from openpeel.reference.forces import find_force
from openpeel.standards import Standard, load_standard, standard_ids
from openpeel.standards.instructions import instructions
from openpeel.standards.template import template_files
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.matrix import Shown, as_csv, matrix
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.policies import Plan
from openpeel.web.collections.standing import Stage, Standing, standings
from openpeel.web.collections.states import OPEN

#: The three files of a template, by how their names end, with the type that a browser is told.
_TEMPLATES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "schema.json": "application/json",
}


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The collections; for somebody at a force, what is asked of it."""
    actor = actor_on(request)
    if not actor.may(Permission.SEE_ALL_RETURNS):
        return _own(request, actor)
    found = Collection.objects.annotate(
        returns_asked=Count("asked"),
        forces_asked=Count("asked__force", distinct=True),
        standards_asked=Count("asked__standard", distinct=True),
    )
    shown = {"collections": found, "may_plan": actor.may(Permission.PLAN_COLLECTIONS)}
    return render(request, "collections/index.html", shown)


def _own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is asked of the own force: the open collections first, then those that are closed."""
    asked = Asked.objects.seen_by(actor).order_by("-collection__closes_on", "collection__name")
    found = standings(asked, today=timezone.localdate())
    rounds = [
        {"collection": collection, "lines": [_line(*cell, actor) for cell in sorted(cells, key=_first_to_do)]}
        for collection, cells in groupby(found, key=lambda cell: cell[0].collection)
    ]
    shown = {
        "open": [r for r in rounds if r["collection"].state == OPEN],
        "closed": [r for r in rounds if r["collection"].state != OPEN],
        "force": actor.person.organisation.known_force if actor.person else None,
    }
    return render(request, "collections/own.html", shown)


def _first_to_do(cell: tuple[Asked, Standing]) -> tuple[bool, str]:
    """Puts first what lies with the force, and else sorts by title."""
    asked, state = cell
    return not state.stage.with_the_force, asked.known_standard.title


def _line(cell: Asked, state: Standing, actor: Actor) -> dict[str, object]:
    hands_in = cell.collection.state == OPEN and actor.may(Permission.HAND_IN, cell.force)
    return {
        "asked": cell,
        "state": state,
        "hand_in": _address("returns:hand-in", cell.key) if hands_in else "",
        "latest": _address("returns:show", state.latest) if state.latest else "",
    }


@needs(Permission.SEE_ALL_RETURNS)
@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """How complete a collection is, force by standard."""
    collection = get_object_or_404(Collection.objects.select_related("planned_by", "copied_from"), key=key)
    shown = Shown.read(request.GET)
    found = matrix(collection, shown, today=timezone.localdate())
    plan = Plan.of(collection)
    return render(
        request,
        "collections/show.html",
        {
            "collection": collection,
            "plan": plan,
            "matrix": found,
            "shown": shown,
            "stages": list(Stage),
            "standards": sorted(
                ((w.standard, load_standard(w.standard).title) for w in plan.wanted), key=lambda s: s[1]
            ),
            "return_page": _address("returns:show", UUID(int=0)).replace(str(UUID(int=0)), "{}"),
            "force_names": sorted(
                ((code, find_force(code).name) for code in plan.forces), key=lambda f: f[1]
            ),
            "may_plan": actor_on(request).may(Permission.PLAN_COLLECTIONS),
            "query": request.GET.urlencode(),
            "at": timezone.now(),
        },
    )


@needs(Permission.SEE_ALL_RETURNS)
@require_GET
def completeness_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as a file."""
    collection = get_object_or_404(Collection, key=key)
    text = as_csv(collection, Shown.read(request.GET), today=timezone.localdate())
    return _file(
        text.encode(), f"{slugify(collection.name) or 'collection'}-completeness.csv", _TEMPLATES["csv"]
    )


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
@require_safe
def standard(request: HttpRequest, standard: str) -> HttpResponse:
    """What a record of a standard is, what to write in each column, and the template to fill in."""
    found = _standard(standard)
    shown = {"standard": found, "columns": instructions(found), "kinds": list(_TEMPLATES)}
    return render(request, "collections/standard.html", shown)


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
@require_GET
def template(request: HttpRequest, standard: str, kind: str) -> HttpResponse:
    """One of the three files of a standard's template."""
    found = _standard(standard)
    if kind not in _TEMPLATES:
        raise Http404
    name = f"{found.id}.{kind}"
    return _file(template_files(found)[name], name, _TEMPLATES[kind])


def _standard(id_: str) -> Standard:
    if id_ not in standard_ids():
        raise Http404
    return load_standard(id_)


def _file(content: bytes, name: str, type_: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=type_, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _address(name: str, key: object) -> str:
    """The path of a page about something; blank where this service has no such page."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
