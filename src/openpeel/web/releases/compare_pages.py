"""The page on which two releases of a year are compared, and its CSV."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpeel.errors import ReaderError
from openpeel.measures import MEASURES
from openpeel.reference.forces import Force, all_forces, find_force
from openpeel.reference.periods import Period
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.releases.comparing import Move, as_csv, moves
from openpeel.web.releases.models import Release
from openpeel.web.releases.reading import record_reading

#: So many moves are printed on the page; the CSV has all.
SHOWN = 200


@dataclass(frozen=True)
class Compared:
    """What is compared: two releases, whose figures, and in which measure ('' for all)."""

    earlier: Release
    later: Release
    force: Force | None
    only_own: bool
    measure: str

    def moves(self) -> list[Move]:
        """The figures that moved, the largest move first."""
        found = moves(self.earlier, self.later, self.force.code if self.force else "")
        return [m for m in found if self.measure in ("", m.measure)]


@needs(Permission.SEE_PUBLISHED)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Which figures moved between two releases, and why."""
    actor = actor_on(request)
    seen = list(Release.objects.seen_by(actor).filter(figures_at__isnull=False))
    shown: dict[str, object] = {
        "releases": seen,
        "forces": all_forces(),
        "measures": MEASURES,
        "shown": SHOWN,
    }
    try:
        compared = _compared(request, actor)
        if compared is not None:
            _record(actor, compared)
            found = compared.moves()
            shown |= {
                "compared": compared,
                "period": Period.year_ending(compared.later.ending),
                "moves": found[:SHOWN],
                "count": len(found),
                "query": request.GET.urlencode(),
            }
    except ReaderError as error:
        shown["wrong"] = str(error)
    shown |= {
        "chosen": {k: request.GET.get(k, "") for k in ("earlier", "later", "force", "measure")},
        "own": _only_own(actor, *seen),
    }
    return render(request, "releases/compare.html", shown)


@needs(Permission.SEE_PUBLISHED)
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The same as CSV, whole."""
    actor = actor_on(request)
    try:
        compared = _compared(request, actor)
    except ReaderError:
        raise Http404 from None
    if compared is None:
        raise Http404
    _record(actor, compared)
    response = HttpResponse(as_csv(compared.moves()), content_type="text/csv; charset=utf-8")
    name = f"{compared.earlier.name}-to-{compared.later.name}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _compared(request: HttpRequest, actor: Actor) -> Compared | None:
    """What the address asks to be compared; None where it names no releases. 404 for what somebody may not see."""
    names = request.GET.get("earlier", ""), request.GET.get("later", "")
    if not all(names):
        return None
    seen = Release.objects.seen_by(actor).filter(figures_at__isnull=False)
    found = [seen.filter(name=name).first() for name in names]
    earlier, later = found
    if earlier is None or later is None:
        raise Http404
    if earlier.pk == later.pk:
        raise ReaderError("these are one and the same release", advice="Choose two.")
    if earlier.ending != later.ending:
        a, b = (Period.year_ending(r.ending).label for r in (earlier, later))
        raise ReaderError(
            f"expected two releases of the same year, got {a} and {b}",
            advice="A year against the one before is on the page of a measure.",
        )
    own = _only_own(actor, earlier, later)
    asked = request.GET.get("force", "")
    force = find_force(asked) if asked else None
    if own is not None:
        if force is not None and force != own:
            raise Http404
        force = own
    return Compared(earlier, later, force, own is not None, request.GET.get("measure", ""))


def _only_own(actor: Actor, *releases: Release) -> Force | None:
    """The force whose moves alone somebody sees where any of the releases is not published; None for all."""
    if actor.may(Permission.SEE_ALL_FIGURES) or all(r.is_published for r in releases):
        return None
    if not actor.force:
        raise Http404
    return find_force(actor.force)


def _record(actor: Actor, compared: Compared) -> None:
    for release in (compared.earlier, compared.later):
        record_reading(actor, release, "what moved", compared.force.code if compared.force else "")
