"""What somebody chose to look at, as it stands in the address of a page: the same address gives the same view.

    ?release=first&force=hertfordshire&group=white&method=control

Parameters stand in this order; one that is left out is the default. A force of 'none' is a choice too: without it,
people of a force see their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from openpeel.errors import UseError
from openpeel.measures import Measure
from openpeel.reference.forces import Force, find_force, forces
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on
from openpeel.web.accounts.permissions import Permission
from openpeel.web.explore.stored import groups_of, measures_of
from openpeel.web.releases.models import Release

NO_FORCE = "none"


@dataclass(frozen=True)
class Method:
    """A way to compare forces: its key in addresses, what it is called and what it asks."""

    key: str
    title: str
    asks: str


METHODS = (
    Method(
        "sd",
        "One standard deviation",
        "The way of the inspectorate’s reports: is the force more than one standard deviation from the unweighted mean "
        "of the forces?",
    ),
    Method(
        "control",
        "Control limits",
        "Is the force further from the value of all forces together than chance explains for a force of its size?",
    ),
    Method(
        "overdispersed",
        "Limits that allow for difference",
        "Is the force further off than can be expected among forces that differ anyway?",
    ),
)


@dataclass(frozen=True)
class View:
    """What is looked at: a release, a force (or none), and of a measure a group and a method of comparing."""

    release: Release
    force: Force | None
    group: str | None = None
    method: Method = METHODS[0]

    @property
    def period(self) -> Period:
        """The year that the figures are about."""
        return Period.year_ending(self.release.ending)

    def query(self, **changed: str) -> str:
        """The view as the query of an address, in the order of addresses, with some of it changed.

        '' takes a choice out.
        """
        said = {
            "release": self.release.name,
            "force": self.force.slug if self.force else NO_FORCE,
            "group": self.group or "",
            "method": self.method.key if self.method is not METHODS[0] else "",
            **changed,
        }
        return urlencode({name: value for name, value in said.items() if value})


def visible_releases(actor: Actor) -> list[Release]:
    """The releases with figures that somebody may look at: the latest end of a year first, then the last frozen."""
    seen = Release.objects.seen_by(actor).filter(figures_at__isnull=False)
    return list(seen.order_by("-ending", "-frozen_at", "-pk"))


def chosen_view(request: HttpRequest, releases: list[Release], measure: Measure | None = None) -> View:
    """The view that an address asks for. Raises Http404, saying what was expected, where there is none such.

    `releases` are those that may be seen, of which there is at least one.
    """
    actor = actor_on(request)
    release = _release(request, releases)
    force = _force(request, actor)
    if force is not None and not may_choose(actor, release, force):
        raise Http404("another force's figures that are not published")
    method = _method(request)
    if measure is None:
        return View(release, force, None, method)
    return View(release, force, _group(request, release, measure), method)


def may_choose(actor: Actor, release: Release, force: Force) -> bool:
    """Whether a force may be looked at by itself: before a release is published, a force looks at itself alone."""
    return (
        release.is_published
        or actor.may(Permission.SEE_ALL_FIGURES)
        or actor.may(Permission.SEE_SHARED_FIGURES, force.code)
    )


def choosable_forces(actor: Actor, release: Release) -> tuple[Force, ...]:
    """The forces that somebody can choose in a release, by name."""
    return tuple(sorted((f for f in forces() if may_choose(actor, release, f)), key=lambda f: f.name))


def known_force(text: str) -> Force:
    """One of the 43 forces by its slug. Raises Http404."""
    try:
        force = find_force(text)
    except UseError as problem:
        raise Http404(problem.advice or "no such force") from None
    if force.kind != "territorial" or force.slug != text:
        raise Http404(f"expected the short name of a force in the address, such as '{force.slug}'")
    return force


def _release(request: HttpRequest, releases: list[Release]) -> Release:
    name = request.GET.get("release", "")
    found = next((r for r in releases if r.name == name), None) if name else releases[0]
    if found is None:
        raise Http404("no release of that name")
    return found


def _force(request: HttpRequest, actor: Actor) -> Force | None:
    slug = request.GET.get("force", "")
    if slug == NO_FORCE:
        return None
    if slug:
        return known_force(slug)
    return find_force(actor.force) if actor.force else None


def _method(request: HttpRequest) -> Method:
    key = request.GET.get("method", "") or METHODS[0].key
    found = next((m for m in METHODS if m.key == key), None)
    if found is None:
        raise Http404(f"expected a method out of {', '.join(m.key for m in METHODS)}")
    return found


def _group(request: HttpRequest, release: Release, measure: Measure) -> str | None:
    held = groups_of(release, measure)
    if not held:
        raise Http404("the release has no figures for this measure")
    key = request.GET.get("group", "") or held[0]
    if key not in held:
        raise Http404("the measure has no such group")
    return key


def only_measures(release: Release, wanted: str) -> Measure:
    """The measure of that id in a release. Raises Http404."""
    found = next((m for m in measures_of(release) if m.id == wanted), None)
    if found is None:
        raise Http404("the release has no figures for a measure of that name")
    return found
