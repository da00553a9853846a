"""What the API finds: published releases only, whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.urls import NoReverseMatch, reverse

from openpeel.errors import UseError
from openpeel.figures.figure import WITHHELD
from openpeel.figures.identity import parse_figure_id
from openpeel.figures.rounding import shown
from openpeel.measures import MEASURES, Measure
from openpeel.publishing.view import area_title
from openpeel.reference.forces import Force, all_forces
from openpeel.reference.periods import Period
from openpeel.web.api.problems import NotThereError, NotUnderstoodError
from openpeel.web.explore.stored import area_of, known_measure
from openpeel.web.releases.models import FigureTable, ForceTable, Release, TrendTable
from openpeel.web.releases.states import PUBLISHED

#: In filters, a measure as a whole; it is how ids of figures say it too.
WHOLE = "all"
_PLACE = {measure.id: place for place, measure in enumerate(MEASURES)}

Json = dict[str, Any]


def releases() -> list[Release]:
    """Published releases with figures, the latest first."""
    found = Release.objects.filter(state=PUBLISHED, figures_at__isnull=False)
    return list(found.order_by("-ending", "-frozen_at", "-pk"))


def release_named(name: str) -> Release:
    """A published release. Raises NotThereError."""
    for release in releases():
        if release.name == name:
            return release
    raise NotThereError(f"There is no published release '{name}'.")


def chosen_release(name: str | None, ending: date | None) -> Release:
    """The release that filters ask for: that of the name, or the latest of those about the year that ends on a day.

    Raises NotUnderstoodError where there is none, NotThereError where nothing is published.
    """
    known = releases()
    if not known:
        raise NotThereError("No release is published yet.")
    found = [r for r in known if name in (None, r.name) and ending in (None, r.ending)]
    if found:
        return found[0]
    if name is not None and not any(r.name == name for r in known):
        raise NotUnderstoodError("release", f"expected one of: {', '.join(r.name for r in known)}")
    endings = ", ".join(sorted({r.ending.isoformat() for r in known}))
    raise NotUnderstoodError(
        "period_end", f"expected the last day of a year that a release is about: {endings}"
    )


def chosen_force(text: str | None) -> Force | None:
    """The force of a filter, by slug or code. Raises NotUnderstoodError."""
    if text is None:
        return None
    found = next((f for f in all_forces() if text in (f.slug, f.code)), None)
    if found is None:
        raise NotUnderstoodError("force", "expected the slug or code of a force, as /forces lists them")
    return found


def chosen_measure(text: str | None) -> Measure | None:
    """The measure of a filter. Raises NotUnderstoodError."""
    if text is None:
        return None
    found = known_measure(text)
    if found is None:
        raise NotUnderstoodError("measure", "expected the id of a measure, as /measures lists them")
    return found


def checked_group(measure: Measure | None, group: str | None) -> str | None:
    """The group of a filter, by key; 'all' for a measure as a whole. Raises NotUnderstoodError."""
    if group is None or measure is None:
        return group
    keys = [g.key for g in measure.groups] or [WHOLE]
    if group not in keys:
        raise NotUnderstoodError("group", f"expected a group of '{measure.id}': {', '.join(keys)}")
    return group


def figures(
    release: Release,
    measure: Measure | None,
    force: Force | None,
    group: str | None,
    offset: int,
    limit: int,
) -> tuple[int, list[Json]]:
    """How many figures there are and those of a page, in the order of measures, groups and forces."""
    if force is not None:
        table = ForceTable.objects.filter(release=release, force=force.code).first()
        found = [
            f
            for f in (table.figures if table else ())
            if (measure is None or f["measure"] == measure.id) and group in (None, f["group"] or WHOLE)
        ]
        return len(found), [_figure(f) for f in found[offset : offset + limit]]
    tables = FigureTable.objects.filter(release=release)
    if measure is not None:
        tables = tables.filter(measure=measure.id)
    if group is not None:
        tables = tables.filter(group="" if group == WHOLE else group)
    order = sorted(
        tables.values_list("pk", "measure", "place"),
        key=lambda row: (_PLACE.get(row[1], len(_PLACE)), row[2]),
    )
    each = len(all_forces())  # a table holds all forces, in their order
    first, last = offset // each, -(-(offset + limit) // each)
    held = FigureTable.objects.in_bulk([pk for pk, _, _ in order[first:last]])
    within = [f for pk, _, _ in order[first:last] for f in held[pk].figures]
    start = offset - first * each
    return len(order) * each, [_figure(f) for f in within[start : start + limit]]


def figure_of_id(figure_id: str) -> Json:
    """A figure of a published release. Raises NotThereError."""
    missing = NotThereError(f"There is no published figure '{figure_id}'.")
    try:
        name = parse_figure_id(figure_id)
    except (UseError, ValueError):
        raise missing from None
    for release in releases():
        if not release.lake_id.startswith(name.release):
            continue
        table = FigureTable.objects.filter(
            release=release, measure=name.measure, group=name.group or ""
        ).first()
        for figure in table.figures if table else ():
            if figure["id"] == figure_id:
                return _figure(figure)
    raise missing


def trends(
    release: Release, measure: Measure | None, force: Force | None, offset: int, limit: int
) -> tuple[int, list[Json]]:
    """How many trends there are and those of a page, in the order of measures and forces."""
    tables = TrendTable.objects.filter(release=release)
    if measure is not None:
        tables = tables.filter(measure=measure.id)
    if force is not None:
        tables = tables.filter(force=force.code)
    codes = {f.code: place for place, f in enumerate(all_forces())}
    order = sorted(
        tables.values_list("pk", "measure", "force"),
        key=lambda row: (_PLACE.get(row[1], len(_PLACE)), codes.get(row[2], len(codes))),
    )
    wanted = [pk for pk, _, _ in order[offset : offset + limit]]
    held = TrendTable.objects.in_bulk(wanted)
    return len(order), [cast(Json, held[pk].trend) for pk in wanted]


def release_json(release: Release) -> Json:
    """A release as the API tells it."""
    period = Period.year_ending(release.ending)
    return {
        "name": release.name,
        "id": release.lake_id,
        "period_start": period.start,
        "period_end": period.end,
        "published_at": release.published_at,
        "invented": release.invented,
        "about": release.about,
        "csv": _csv(release),
    }


def force_json(force: Force) -> Json:
    """A force as the API tells it."""
    return {
        "code": force.code,
        "slug": force.slug,
        "name": force.name,
        "full_name": force.full_name,
        "region": force.region,
        "compared": force.kind == "territorial",
    }


def measure_json(measure: Measure, period: Period) -> Json:
    """A measure as the API tells it, for figures about a period."""
    counted, denominator, formula = measure.explained(measure.groups[0] if measure.groups else None, period)
    limit = measure.limit
    return {
        "id": measure.id,
        "title": measure.title,
        "about": measure.about,
        "area": area_of(measure),
        "area_title": area_title(area_of(measure)),
        "standard": measure.standard,
        "unit": measure.unit,
        "better": measure.better,
        "compared": measure.compared,
        "counted": counted,
        "denominator": denominator,
        "formula": formula,
        "definition": measure.definition,
        "comparable_from": measure.comparable_from,
        "limit": {"rule": limit.rule, "value": limit.value, "source": limit.source} if limit else None,
        "groups": [{"key": g.key, "title": g.title} for g in measure.groups],
        "sources": list(measure.sources_for(period)),
    }


def _figure(record: Json) -> Json:
    value = WITHHELD if record["method"] == WITHHELD else shown(record["value"], record["unit"])
    return {**record, "shown": value}


def _csv(release: Release) -> str | None:
    try:
        return reverse("releases:csv", args=[release.key])
    except NoReverseMatch:
        return None
