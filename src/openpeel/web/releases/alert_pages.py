"""The pages of alerts: forces with how many, one force by area of policing, and a CSV."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from openpeel.measures import MEASURES, find_measure
from openpeel.publishing.open_data import rows_as_csv
from openpeel.publishing.view import area_title
from openpeel.reference.forces import Force, find_force, forces
from openpeel.reference.periods import Period
from openpeel.standards import load_standard
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.releases.models import Alert, Release
from openpeel.web.releases.reading import record_reading

KINDS = dict(Alert.KINDS)
_PLACE = {measure.id: place for place, measure in enumerate(MEASURES)}


@dataclass(frozen=True)
class Asked:
    """Which alerts are asked for: those of a release, of a kind and an area ('' for all), or only new ones.

    `before` is the release that was frozen before, against which an alert is new.
    """

    release: Release
    before: Release | None
    kind: str
    area: str
    only_new: bool

    def alerts(self, force: Force | None = None) -> list[dict[str, Any]]:
        """The alerts with what belongs to them, by area of policing in the order of the measures."""
        found = Alert.objects.filter(release=self.release)
        if force is not None:
            found = found.filter(force=force.code)
        if self.kind:
            found = found.filter(kind=self.kind)
        known = self._known()
        rows = []
        for alert in found:
            measure = find_measure(alert.measure)
            area = load_standard(measure.standard).area
            about = (alert.force, alert.measure, alert.group, alert.kind)
            new = self.before is not None and about not in known
            if (self.area and area != self.area) or (self.only_new and not new):
                continue
            group = measure.group(alert.group or None)
            rows.append(
                {
                    "alert": alert,
                    "kind": KINDS[alert.kind],
                    "title": f"{measure.title}: {group.title}" if group else measure.title,
                    "area": area_title(area),
                    "new": new,
                    "link": _link(alert, self.release),
                    "place": _PLACE[alert.measure],
                }
            )
        return sorted(rows, key=lambda row: row["place"])

    def _known(self) -> set[tuple[str, str, str, str]]:
        if self.before is None:
            return set()
        return set(Alert.objects.filter(release=self.before).values_list("force", "measure", "group", "kind"))


@needs(Permission.SEE_ALERTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All forces, with how many alerts of each kind there are about them."""
    actor = actor_on(request)
    asked = _asked(request, actor)
    if asked is None:
        return render(request, "releases/alerts.html", {"release": None})
    record_reading(actor, asked.release, "the alerts about all forces")
    rows = asked.alerts()
    kinds = Counter((row["alert"].force, row["alert"].kind) for row in rows)
    new = Counter(row["alert"].force for row in rows if row["new"])
    listed = [
        {
            "force": force,
            "counts": [kinds[force.code, kind] for kind in KINDS],
            "total": sum(kinds[force.code, kind] for kind in KINDS),
            "new": new[force.code],
        }
        for force in forces()
    ]
    shown = {**_shown(request, actor, asked), "forces": listed, "total": len(rows)}
    return render(request, "releases/alerts.html", shown)


@needs(Permission.SEE_ALERTS)
@require_safe
def of_force(request: HttpRequest, force: str) -> HttpResponse:
    """The alerts about one force, by area of policing."""
    actor = actor_on(request)
    known = _force(force)
    asked = _asked(request, actor)
    if asked is None:
        return render(request, "releases/alerts.html", {"release": None})
    record_reading(actor, asked.release, f"the alerts about {known.full_name}", known.code)
    rows = asked.alerts(known)
    areas: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        areas.setdefault(row["area"], []).append(row)
    counts = Counter(row["kind"] for row in rows)
    shown = {
        **_shown(request, actor, asked),
        "force": known,
        "by_area": areas,
        "counts": [(said, counts[said]) for said in KINDS.values() if counts[said]],
        "total": len(rows),
    }
    return render(request, "releases/alerts-of.html", shown)


@needs(Permission.SEE_ALERTS)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The alerts as CSV: of all forces, or of one."""
    actor = actor_on(request)
    named = request.GET.get("force", "")
    known = _force(named) if named else None
    asked = _asked(request, actor)
    if asked is None:
        raise Http404
    record_reading(actor, asked.release, "the alerts", known.code if known else "")
    header = (
        "release",
        "force",
        "force_name",
        "area",
        "measure",
        "group",
        "title",
        "kind",
        "new",
        "figure",
        "said",
    )
    rows = (
        (
            *(asked.release.name, a.force, find_force(a.force).full_name, row["area"], a.measure, a.group),
            *(row["title"], row["kind"], "yes" if row["new"] else "no", a.figure, a.said),
        )
        for row in asked.alerts(known)
        for a in [row["alert"]]
    )
    response = HttpResponse(rows_as_csv(header, rows), content_type="text/csv; charset=utf-8")
    name = f"alerts-{asked.release.name}{f'-{known.slug}' if known else ''}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _force(slug: str) -> Force:
    """The force of that slug; 404 for any other text."""
    found = next((f for f in forces() if f.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, actor: Actor) -> Asked | None:
    """What the address asks for; the newest release with figures where it names none. None where there is none."""
    seen = Release.objects.seen_by(actor).filter(figures_at__isnull=False)
    named = request.GET.get("release", "")
    release = get_object_or_404(seen, name=named) if named else seen.first()
    if release is None:
        return None
    before = seen.filter(frozen_at__lt=release.frozen_at).first()
    kind, area = request.GET.get("kind", ""), request.GET.get("area", "")
    return Asked(release, before, kind if kind in KINDS else "", area, request.GET.get("new") == "yes")


def _shown(request: HttpRequest, actor: Actor, asked: Asked) -> dict[str, Any]:
    """What both pages are given: the release, the filters and what can be chosen."""
    areas = dict.fromkeys(load_standard(m.standard).area for m in MEASURES)
    return {
        "asked": asked,
        "release": asked.release,
        "period": Period.year_ending(asked.release.ending),
        "releases": Release.objects.seen_by(actor).filter(figures_at__isnull=False),
        "kinds": list(KINDS.items()),
        "areas": [(area, area_title(area)) for area in areas],
        "query": request.GET.urlencode(),
    }


def _link(alert: Alert, release: Release) -> str:
    """The page of the figure, where there is one."""
    try:
        page = reverse("explore:measure", args=[alert.measure])
    except NoReverseMatch:
        return ""
    asked = {"release": release.name, "force": find_force(alert.force).slug}
    return f"{page}?{urlencode(asked)}"
